"""One fetch, and the body that it returns: everything that is awaited of JavaScript is awaited here.

Law: whatever ends an exchange early (a timeout, a task that is cancelled, a body that is closed) aborts the fetch, and
with it the connection. Nothing of Python is left in JavaScript: what is sent is copied, what is received is held by
this exchange alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

from returns.result import Failure, Result, Success

from ...core.credentials import hide_pairs
from ...core.errors import Error, Interrupted
from ...core.http import HttpResponse, Pairs
from ...core.results import is_failure
from ...core.streams import NOT_OPEN, Chunk
from ..network.timeouts import Limits, was_silent
from .failures import broken_off, not_answered
from .javascript import JavaScript

if TYPE_CHECKING:
    import asyncio

Fetch: TypeAlias = Callable[..., Awaitable[Any]]
"""A function of JavaScript that takes a URL and a `RequestInit` and promises a `Response`."""

_DECODED = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
"""The content codings that `fetch` removes."""

_END: Chunk = Success(b"")
_HIDDEN_REDIRECT = Interrupted("protocol", "the server redirects; JavaScript shows neither the status nor where to")


class FetchExchange:
    """A fetch that begins now, within its `limits`."""

    def __init__(self, script: JavaScript, limits: Limits) -> None:
        self._script = script
        self._limits = limits
        self._controller = script.names.AbortController.new()
        self._reader: Any = None

    async def begin(self, fetch: Fetch, url: str, init: dict[str, Any]) -> Result[Any, Error]:
        """Send, and receive the head of the answer, which is a `Response` of JavaScript."""
        options = self._script.to_js(
            {**init, "signal": self._controller.signal}, dict_converter=self._script.names.Object.fromEntries
        )
        hasty = self._script.hasty
        received = await self._awaited(
            lambda: fetch(url, options) if hasty is None else hasty(fetch, url, options), not_answered
        )
        if is_failure(received):
            return received
        answer = received.unwrap()
        response = answer if hasty is None else answer.response
        if response.status == 0:
            return Failure(_HIDDEN_REDIRECT)
        if response.body:  # a null of JavaScript is not None, but false
            self._reader = response.body.getReader() if hasty is None else answer.reader
        return Success(response)

    async def chunk(self, within: float | None = None) -> Chunk:
        """The next bytes of the body, waited for at most `within` seconds; none at its end."""
        ends = None if within is None else monotonic() + within
        while self._reader is not None:
            received = await self._awaited(self._reader.read, broken_off, within, ends)
            if is_failure(received):
                return received
            read = received.unwrap()
            if read.done:
                self._reader = None
            elif read.value.length:
                return Success(read.value.to_bytes())
        return _END

    async def read_on(self, within: float) -> None:
        """Read on for the end of the body, and for nothing else, for `within` seconds altogether."""
        ends = monotonic() + within
        while (left := ends - monotonic()) > 0:
            chunk = await self.chunk(left)
            if is_failure(chunk) or not chunk.unwrap():
                return

    def abort(self) -> None:
        """Abandon what was not received, and close the connection."""
        self._controller.abort()

    async def _awaited(
        self,
        begin: Callable[[], Awaitable[Any]],
        failed: Callable[[Exception], Error],
        within: float | None = None,
        ends: float | None = None,
    ) -> Result[Any, Error]:
        """The value of a promise, or the error that says why it has none.

        It is waited for `within` seconds at most, which are over at `ends`, by `time.monotonic`.
        """
        import asyncio  # which loads sockets and threads, where Python has them

        try:
            promise = asyncio.ensure_future(begin())
            try:
                # It is left as it is, however this ends: Pyodide fails where a future is cancelled before its promise.
                done, _ = await asyncio.wait((promise,), timeout=self._limits.left(ends))
            except asyncio.CancelledError:
                self._leave(promise)
                raise
            if done:
                return Success(promise.result())
            self._leave(promise)
            return Failure(self._limits.explain(was_silent(self._limits.read_timeout), within))
        except self._script.error as rejected:
            self.abort()
            return Failure(failed(rejected))

    def _leave(self, promise: asyncio.Future[Any]) -> None:
        promise.add_done_callback(_ignore)
        self.abort()


def _ignore(promise: asyncio.Future[Any]) -> None:
    """Take the error of a promise that nobody waits for any more: it is only that it was aborted."""
    if not promise.cancelled():
        promise.exception()


class FetchBody:
    """The body of an exchange whose answer was received. To read is for one task at a time, but any may close."""

    def __init__(
        self, answer: HttpResponse, exchange: FetchExchange, redacted: Callable[[Error], Failure[Error]]
    ) -> None:
        self.answer = answer
        self._exchange = exchange
        self._redacted = redacted
        self._over: Chunk | None = None
        self._closed = False

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or an `Interrupted`; the latter two again and again."""
        if self._over is not None:
            return self._over
        # Where the task is cancelled here, the body has not ended.
        self._over = NOT_OPEN
        chunk = await self._exchange.chunk(within)
        if self._closed:
            return NOT_OPEN
        if is_failure(chunk):
            chunk = self._redacted(chunk.failure())
        # An error and the end stay what they are.
        self._over = None if chunk.value_or(b"") else chunk
        return chunk

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read, and the connection with it; a `read` that waits ends.

        Where the end is received while it is read on for it, for `within` seconds altogether, JavaScript keeps the
        connection.
        """
        unread = self._over is None
        if unread or self._over is NOT_OPEN:
            self._closed = True
            self._over = NOT_OPEN
            try:
                if unread and within > 0:
                    await self._exchange.read_on(within)
            finally:
                self._exchange.abort()


def fetched_head(script: JavaScript, response: Any) -> HttpResponse:
    """The status and the headers of an answer, as far as JavaScript shows them: their names in lower case."""
    headers: Pairs = tuple((name, value) for name, value in script.names.Array.from_(response.headers).to_py())
    coding = next((value for name, value in headers if name == "content-encoding"), "")
    if not _DECODED.isdisjoint(coding.lower().replace(" ", "").split(",")):
        # These describe the body as it was before it was decoded.
        headers = tuple(pair for pair in headers if pair[0] not in {"content-encoding", "content-length"})
    return HttpResponse(status=response.status, headers=hide_pairs(headers))
