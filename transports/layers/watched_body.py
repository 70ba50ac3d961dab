"""Bodies whose chunks and whose end a layer is told of."""

from __future__ import annotations

from threading import Lock

from ...core.errors import Error
from ...core.results import is_failure
from ...core.streams import Chunk
from ..contract import AsyncBody, Body
from .layer import Attempt


class _Watch:
    """Tells an attempt what becomes of its body: of the end once, though another thread may close meanwhile."""

    __slots__ = ("_attempt", "_is_over")

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._is_over = Lock()

    def read(self, chunk: Chunk) -> None:
        if is_failure(chunk):
            self._end(chunk.failure())
        elif data := chunk.unwrap():
            self._attempt.received(data)
        else:
            self._end(None)

    def closed(self) -> None:
        if self._is_over.acquire(blocking=False):
            self._attempt.closed()

    def _end(self, error: Error | None) -> None:
        if self._is_over.acquire(blocking=False):
            self._attempt.ended(error)


class WatchedBody:
    """A body whose chunks and whose end `attempt` is told of."""

    def __init__(self, body: Body, attempt: Attempt) -> None:
        self.answer = body.answer
        self._body = body
        self._watch = _Watch(attempt)

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, as the body returns it."""
        chunk = self._body.read(within)
        try:
            self._watch.read(chunk)
        except BaseException:
            self._body.close()
            raise
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read, as the body does."""
        try:
            self._body.close(within)
        finally:
            self._watch.closed()


class AsyncWatchedBody:
    """The same, of a body that is read in an event loop."""

    def __init__(self, body: AsyncBody, attempt: Attempt) -> None:
        self.answer = body.answer
        self._body = body
        self._watch = _Watch(attempt)

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, as the body returns it."""
        chunk = await self._body.read(within)
        try:
            self._watch.read(chunk)
        except BaseException:
            await self._body.close()
            raise
        return chunk

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read, as the body does."""
        try:
            await self._body.close(within)
        finally:
            self._watch.closed()
