"""A fetch that blocks: the exchange runs in the event loop, and Python waits until it has ended.

JavaScript Promise Integration (JSPI) allows that: other tasks go on meanwhile, only the caller waits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from returns.result import Failure, Result, Success

from ...core.errors import Error, NotSent
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ...core.streams import NOT_OPEN, Chunk
from ..contract import AsyncBody, AsyncStreamingTransport, Body
from .javascript import JavaScript, T

_CANNOT = "JavaScript does not let Python wait for a promise here: it takes JSPI, and a call that JavaScript made async"


class BlockingFetchTransport:
    """An asynchronous transport that is waited for. `FetchTransport.blocking` makes one."""

    def __init__(self, transport: AsyncStreamingTransport, script: JavaScript) -> None:
        if not script.can_run_sync():
            raise RuntimeError(_CANNOT)
        self._transport = transport
        self._script = script

    def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange; where Python cannot wait, it is `NotSent` of the kind `invalid_request`."""
        return self._waited(lambda: self._transport(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read; fails as a call does."""
        opened = self._waited(lambda: self._transport.open(request))
        return opened if isinstance(opened, Failure) else Success(BlockingFetchBody(opened.unwrap(), self._script))

    def __repr__(self) -> str:
        return f"{self._transport!r}.blocking()"

    def _waited(self, begin: Callable[[], Awaitable[Result[T, Error]]]) -> Result[T, Error]:
        if not self._script.can_run_sync():
            return Failure(NotSent("invalid_request", _CANNOT))
        result: Result[T, Error] = self._script.run_sync(begin())
        return result


class BlockingFetchBody:
    """A body whose chunks are waited for."""

    def __init__(self, body: AsyncBody, script: JavaScript) -> None:
        self.answer: HttpResponse = body.answer
        self._body = body
        self._script = script
        self._closing: Awaitable[None] | None = None

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or an `Interrupted`."""
        if not self._script.can_run_sync():
            return NOT_OPEN
        chunk: Chunk = self._script.run_sync(self._body.read(within))
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read, also while another task waits for it."""
        if self._script.can_run_sync():
            self._script.run_sync(self._body.close(within))
            return
        import asyncio

        self._closing = asyncio.ensure_future(self._body.close())  # as soon as the caller is through
