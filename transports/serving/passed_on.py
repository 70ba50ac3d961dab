"""A transport behind a server that passes requests on: to another server, or to recordings.

Laws: what is about one connection alone is passed on in neither direction. A request that cannot be sent as it is, and
one of which there is no recording, are answered, with an error of the API's form that says why. What is under way when
a client leaves is still read for a moment, so that what was almost received is received whole.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

from msgspec import json
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_object
from ...core.errors import Error, NoRecording
from ...core.http import HttpRequest, HttpResponse, Pairs
from ...core.http_syntax import check_request
from ...core.results import is_failure
from ...core.steps import Answer
from ...core.streams import Chunk
from ..bodies import AsyncWholeBody, cut_body, open_body_async
from ..contract import AnyTransport, AsyncBody
from ..memory.validation.refusals import RefusedRequest
from .answers import refusal_response
from .asynchronous import Asynchronous

NO_RECORDING = "no_recording"
"""The code of the error that answers a request of which there is no recording; the status is 422."""

Tell = Callable[[HttpRequest, Error], object]
"""What is told of a request that nobody answered."""

_HOPS = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
"""What is about one connection (RFC 9110, section 7.6.1)."""

_NOT_SENT = _HOPS | {"host", "content-length", "accept-encoding", "expect", "origin", "referer", "forwarded", "via"}
"""What of a request is the transport's own to say, or tells who asked this server."""

_NOT_ANSWERED = _HOPS | {"content-length", "date", "server", "alt-svc", "set-cookie", "strict-transport-security"}
"""What of an answer is this server's own to say, or holds for the other server alone."""


class PassedOn:
    """Asks `transport`, and answers as it does, for a server in an event loop.

    - `tell`: what is told of requests that nobody answered; what is returned then is the error.
    - `linger`: how many seconds a stream is still read whose client has left.
    """

    def __init__(self, transport: AnyTransport, *, tell: Tell | None = None, linger: float = 0.0) -> None:
        self._transport = Asynchronous().of(transport)
        self._tell = tell
        self._linger = linger

    async def __call__(self, request: HttpRequest) -> Answer:
        sent = _as_sent(request)
        if isinstance(sent, HttpResponse):
            return Success(sent)
        answer: Answer = await self._transport(sent)
        return self._failed(sent, answer.failure()) if is_failure(answer) else answer.map(_passed)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Open the body of what is asked for as a stream; of anything else, have it whole."""
        if not wants_stream(request):
            answer = await self(request)
            if not is_failure(answer):
                return Success(AsyncWholeBody(answer.unwrap()))
            cut = cut_body(answer.failure())
            return answer if cut is None else Success(AsyncWholeBody(_passed(cut[0]), cut[1]))
        sent = _as_sent(request)
        if isinstance(sent, HttpResponse):
            return Success(AsyncWholeBody(sent))
        opened = await open_body_async(self._transport, sent)
        if is_failure(opened):
            return self._failed(sent, opened.failure()).map(AsyncWholeBody)
        return Success(_LingeringBody(opened.unwrap(), self._linger))

    def _failed(self, request: HttpRequest, error: Error) -> Answer:
        if self._tell is not None:
            self._tell(request, error)
        if isinstance(error, NoRecording):
            message = str(error)
            return Success(_refused(422, f"{message[0].upper()}{message[1:]}.", code=NO_RECORDING))
        return Failure(error)

    def __repr__(self) -> str:
        return f"PassedOn({self._transport!r})"


def wants_stream(request: HttpRequest) -> bool:
    """Whether a request asks for events as they are sent.

    >>> wants_stream(HttpRequest("POST", "/responses", body=b'{"stream": true}'))
    True
    >>> wants_stream(HttpRequest("GET", "/responses/resp_1", query=(("stream", "true"),)))
    True
    """
    if ("stream", "true") in request.query or ("accept", "text/event-stream") in request.headers:
        return True
    if request.body is None or b'"stream"' not in request.body:
        return False
    try:
        body: object = json.decode(request.body)
    except REFUSALS:
        return False
    return is_object(body) and body.get("stream") is True


class _LingeringBody:
    """A body that is read on for `linger` seconds when it is closed before its end."""

    def __init__(self, body: AsyncBody, linger: float) -> None:
        self.answer = _passed(body.answer)
        self._body = body
        self._linger = linger
        self._reading: asyncio.Future[Chunk] | None = None
        self._is_over = False

    async def read(self, within: float | None = None) -> Chunk:
        self._reading = asyncio.ensure_future(self._body.read(within))
        # Whoever waits may leave: what is being received then is received all the same.
        return self._noted(await asyncio.shield(self._reading))

    async def close(self, within: float = 0.0) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(self._linger, within)):
                    await self._read_on()
        finally:
            await self._body.close()

    async def _read_on(self) -> None:
        if self._reading is not None and not self._is_over:
            self._noted(await self._reading)
        while not self._is_over and self._linger:
            self._noted(await self._body.read())

    def _noted(self, chunk: Chunk) -> Chunk:
        self._is_over = is_failure(chunk) or not chunk.unwrap()
        return chunk


def _as_sent(request: HttpRequest) -> HttpRequest | HttpResponse:
    """What is asked of the transport; the refusal of what cannot be sent as it is."""
    sent = replace(request, headers=_without(request.headers, _NOT_SENT))
    try:
        check_request(sent)
    except ValueError as error:
        return _refused(400, f"This cannot be passed on: {error}.", code="invalid_request")
    return sent


def _passed(answer: HttpResponse) -> HttpResponse:
    return replace(answer, headers=_without(answer.headers, _NOT_ANSWERED))


def _without(headers: Pairs, names: frozenset[str]) -> Pairs:
    """The headers but those of these names, and those that `Connection` names."""
    options = ",".join(value for name, value in headers if name.lower() == "connection")
    left_out = names | {option.lower() for option in re.split(r"[\s,]+", options)}
    return tuple(pair for pair in headers if pair[0].lower() not in left_out and not _is_of_proxies(pair[0]))


def _is_of_proxies(name: str) -> bool:
    return name.lower().startswith(("proxy-", "x-forwarded-"))


def _refused(status: int, message: str, *, code: str) -> HttpResponse:
    return refusal_response(RefusedRequest(status, message, code=code, headers=(("x-should-retry", "false"),)))
