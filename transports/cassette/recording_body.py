"""Bodies that are recorded while they are read, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from returns.result import Failure

from ...core.errors import Interrupted
from ...core.http import HttpResponse
from ...core.streams import Chunk
from ..contract import AsyncBody, Body
from .canned_answers import StreamedResponse

LEFT_UNREAD = Interrupted("truncated", "the body was not read any further when it was recorded")
"""How a recording ends whose body was closed before its end."""


class Notes:
    """What was received of a body so far; `elapsed` is how many seconds after the last chunk something was."""

    def __init__(self, answer: HttpResponse, elapsed: Callable[[], float] | None, ended: Callable[[], None]) -> None:
        self._answer = answer
        self._elapsed = elapsed
        self._ended = ended
        self._chunks: list[bytes] = []
        self._delays: list[float] = []
        self._error: Interrupted | None = LEFT_UNREAD
        self.is_over = False

    @property
    def recorded(self) -> StreamedResponse:
        """What was received so far."""
        return StreamedResponse(
            status=self._answer.status,
            headers=self._answer.headers,
            chunks=tuple(self._chunks),
            error=self._error,
            delays=tuple(self._delays) if any(self._delays) else (),
        )

    def read(self, chunk: Chunk) -> None:
        """Note what a read returned."""
        if self.is_over:
            return
        if self._elapsed is not None:
            self._delays.append(self._elapsed())
        if isinstance(chunk, Failure):
            error = chunk.failure()
            self.end(error if isinstance(error, Interrupted) else LEFT_UNREAD)
        elif chunk.unwrap():
            self._chunks.append(chunk.unwrap())
        else:
            self.end(None)

    def read_on(self, chunks: list[bytes]) -> None:
        """Note what was read up to the end while the body was closed."""
        self._chunks += chunks
        self.end(None)

    def end(self, error: Interrupted | None) -> None:
        """Nothing more is noted."""
        if not self.is_over:
            self.is_over = True
            self._error = error
            self._ended()


class RecordingBody:
    """Reads a body, and keeps what was received of it."""

    def __init__(self, body: Body, notes: Notes) -> None:
        self.answer = body.answer
        self._body = body
        self._notes = notes

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, as the body returns it."""
        chunk = self._body.read(within)
        self._notes.read(chunk)
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read; what was read on to the end of the body, in `within` seconds, is recorded too."""
        if within > 0 and not self._notes.is_over:
            self._read_on(within)
        self._notes.end(LEFT_UNREAD)
        self._body.close()

    def _read_on(self, within: float) -> None:
        ends = monotonic() + within
        chunks: list[bytes] = []
        while (left := ends - monotonic()) > 0 and not self._notes.is_over:
            chunk = self._body.read(left)
            if isinstance(chunk, Failure):
                return
            if not chunk.unwrap():
                self._notes.read_on(chunks)
                return
            chunks.append(chunk.unwrap())


class AsyncRecordingBody:
    """The same, for an event loop."""

    def __init__(self, body: AsyncBody, notes: Notes) -> None:
        self.answer = body.answer
        self._body = body
        self._notes = notes

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, as the body returns it."""
        chunk = await self._body.read(within)
        self._notes.read(chunk)
        return chunk

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read; what was read on to the end of the body, in `within` seconds, is recorded too."""
        if within > 0 and not self._notes.is_over:
            await self._read_on(within)
        self._notes.end(LEFT_UNREAD)
        await self._body.close()

    async def _read_on(self, within: float) -> None:
        ends = monotonic() + within
        chunks: list[bytes] = []
        while (left := ends - monotonic()) > 0 and not self._notes.is_over:
            chunk = await self._body.read(left)
            if isinstance(chunk, Failure):
                return
            if not chunk.unwrap():
                self._notes.read_on(chunks)
                return
            chunks.append(chunk.unwrap())
