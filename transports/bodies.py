"""Bodies in chunks, for drivers: of a transport that opens them, or of any other, in one chunk; and read to the end.

Law: a 2xx that broke off while it was received whole is opened all the same: what was received of it is its one chunk,
and reading on is the `Interrupted`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import structs
from returns.result import Failure, Result, Success

from ..core.errors import Error, Interrupted
from ..core.http import HttpRequest, HttpResponse
from ..core.results import is_failure
from ..core.steps import Answer
from ..core.streams import NOT_OPEN, Chunk
from .contract import AsyncBody, AsyncStreamingTransport, AsyncTransport, Body, StreamingTransport, Transport
from .mistakes import awaitable_of, result_of


class WholeBody:
    """A body that is there already: no `within` makes a difference to it.

    `error` is what broke it off, None for a body that ended.
    """

    def __init__(self, response: HttpResponse, error: Interrupted | None = None) -> None:
        is_open = 200 <= response.status < 300
        self.answer = structs.replace(response, body=b"") if is_open else response
        self._rest = response.body if is_open else b""
        self._end: Chunk = Success(b"") if error is None else Failure(error)
        self._given_up = False

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        """All of it, then nothing or what broke it off; nothing that was given up."""
        if self._given_up:
            return NOT_OPEN
        if not self._rest:
            return self._end
        chunk, self._rest = self._rest, b""
        return Success(chunk)

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._given_up = bool(self._rest)


class AsyncWholeBody:
    """A body that is there already, for an event loop."""

    def __init__(self, response: HttpResponse, error: Interrupted | None = None) -> None:
        self._body = WholeBody(response, error)
        self.answer = self._body.answer

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        """All of it, then nothing or what broke it off."""
        return self._body.read()

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._body.close()


def open_body(transport: Transport, request: HttpRequest) -> Result[Body, Error]:
    """Open the body of `request`, in one chunk where `transport` cannot do better."""
    if isinstance(transport, StreamingTransport):
        return result_of("iterate", transport, transport.open(request))
    answer = result_of("iterate", transport, transport(request))
    if not is_failure(answer):
        return Success(WholeBody(answer.unwrap()))
    cut = cut_body(answer.failure())
    return answer if cut is None else Success(WholeBody(*cut))


async def open_body_async(transport: AsyncTransport, request: HttpRequest) -> Result[AsyncBody, Error]:
    """Open the body of `request`, in one chunk where `transport` cannot do better."""
    if isinstance(transport, AsyncStreamingTransport):
        return result_of("iterate_async", transport, await transport.open(request))
    answer = result_of("iterate_async", transport, await awaitable_of("iterate_async", transport, transport(request)))
    if not is_failure(answer):
        return Success(AsyncWholeBody(answer.unwrap()))
    cut = cut_body(answer.failure())
    return answer if cut is None else Success(AsyncWholeBody(*cut))


def cut_body(error: Error) -> tuple[HttpResponse, Interrupted] | None:
    """What was received of a 2xx that broke off, and what broke it off; None for any other error."""
    if not isinstance(error, Interrupted) or error.partial is None or not error.partial.is_success:
        return None
    return error.partial, structs.replace(error, partial=None)


def read_to_end(read: Callable[[], Chunk]) -> tuple[bytes, Error | None]:
    """All bytes that are left of the body that `read` reads; where it breaks off, those before, and the error."""
    chunks: list[bytes] = []
    while True:
        chunk = read()
        if is_failure(chunk):
            return b"".join(chunks), chunk.failure()
        if not (data := chunk.unwrap()):
            return b"".join(chunks), None
        chunks.append(data)


async def read_to_end_async(read: Callable[[], Awaitable[Chunk]]) -> tuple[bytes, Error | None]:
    """All bytes that are left of the body that `read` reads, as `read_to_end` returns them."""
    chunks: list[bytes] = []
    while True:
        chunk = await read()
        if is_failure(chunk):
            return b"".join(chunks), chunk.failure()
        if not (data := chunk.unwrap()):
            return b"".join(chunks), None
        chunks.append(data)


def as_exchanged(head: HttpResponse, rest: bytes, error: Error | None) -> Answer:
    """The result of the exchange whose answer is `head`, the `rest` of its body, and the error that broke it off."""
    response = structs.replace(head, body=head.body + rest)
    if error is None:
        return Success(response)
    return Failure(structs.replace(error, partial=response) if isinstance(error, Interrupted) else error)
