"""Bodies in pieces, for drivers: of a transport that opens them, or of any other, in one piece."""

from __future__ import annotations

from msgspec import structs
from returns.result import Failure, Result, Success

from ..core.errors import Error
from ..core.http import HttpRequest, HttpResponse
from ..core.streams import NOT_OPEN
from .contract import AsyncBody, AsyncStreamingTransport, AsyncTransport, Body, StreamingTransport, Transport


class WholeBody:
    """A body that is there already: no `within` makes a difference to it."""

    def __init__(self, response: HttpResponse) -> None:
        is_open = 200 <= response.status < 300
        self.answer = structs.replace(response, body=b"") if is_open else response
        self._rest = response.body if is_open else b""
        self._given_up = False

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        """All of it, then nothing; nothing that was given up."""
        if self._given_up:
            return NOT_OPEN
        piece, self._rest = self._rest, b""
        return Success(piece)

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._given_up = bool(self._rest)


class AsyncWholeBody:
    """A body that is there already, for an event loop."""

    def __init__(self, response: HttpResponse) -> None:
        self._body = WholeBody(response)
        self.answer = self._body.answer

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        """All of it, then nothing."""
        return self._body.read()

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._body.close()


def open_body(transport: Transport, request: HttpRequest) -> Result[Body, Error]:
    """Open the body of `request`, in one piece where `transport` cannot do better."""
    if isinstance(transport, StreamingTransport):
        return transport.open(request)
    answer = transport(request)
    return answer if isinstance(answer, Failure) else Success(WholeBody(answer.unwrap()))


async def open_body_async(transport: AsyncTransport, request: HttpRequest) -> Result[AsyncBody, Error]:
    """Open the body of `request`, in one piece where `transport` cannot do better."""
    if isinstance(transport, AsyncStreamingTransport):
        return await transport.open(request)
    answer = await transport(request)
    return answer if isinstance(answer, Failure) else Success(AsyncWholeBody(answer.unwrap()))
