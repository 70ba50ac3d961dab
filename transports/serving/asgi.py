"""Any transport as an ASGI application: what asks it over HTTP is answered by the transport.

With a `MemoryTransport` this puts the service in memory behind any ASGI server, event streams included, and no thread
waits for any of them. Where the transport has no answer, or a body breaks off, the server is asked to close the
connection (`CLOSE`), or else a `ConnectionResetError` tells it to.
https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from errno import ECONNRESET
from functools import partial
from typing import Any, TypeAlias, Unpack
from urllib.parse import quote

from msgspec.structs import replace
from returns.result import Failure

from ...core.errors import Error
from ...core.http import HttpResponse
from ...core.results import is_failure
from ..bodies import open_body_async, read_to_end_async
from ..contract import AnyTransport, AsyncBody
from ..memory.validation.refusals import RefusedRequest
from ..network.query import decode_query
from ..network.timeouts import check_limits
from .answers import refusal_response
from .asynchronous import Asynchronous
from .front import Admitted, Front, FrontOptions
from .heads import headers_sent, is_stream
from .limits import MAX_BODY, BodyCount, announced_length, check_headers
from .received import Received

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

CLOSE = "puresponse.close"
"""The extension of a server that can close a connection: its `close` is a function of no arguments."""

_IN_ABSOLUTE_FORM = re.compile(rb"https?://[^/?]*", re.IGNORECASE)

_TURN = 0.001
"""Seconds after which a stream lets others have their turn, where it is read as fast as it is made."""


class AsgiApplication:
    """The application: `transport` behind a path, `/v1` by default, for a base URL that ends in it.

    - `transport`: blocking or asynchronous. One that blocks is asked in threads; a `MemoryTransport` is not, as it has
      an asynchronous face.
    - `max_body`: the most bytes that the body of a request may have, 1 or more; more is a 413.
    - `options`: those of `Front`.

    Raises `ValueError` for options that make no sense.
    """

    def __init__(self, transport: AnyTransport, *, max_body: int = MAX_BODY, **options: Unpack[FrontOptions]) -> None:
        check_limits(times={}, optional={}, counts={"max_body": max_body})
        self._front = Front(transport, **options)
        self._max_body = max_body
        self._asynchronous = Asynchronous()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: `scope`, `receive` and `send` are those of ASGI.

        https://asgi.readthedocs.io/en/latest/specs/www.html
        """
        match scope["type"]:
            case "http":
                await self._answer(scope, receive, send)
            case "lifespan":
                await _live(receive, send)
            case _:
                # A WebSocket: there are none here. Before it is accepted, this is a 403.
                await send({"type": "websocket.close"})

    @property
    def path(self) -> str:
        """What precedes the paths of requests."""
        return self._front.path

    def __repr__(self) -> str:
        return f"AsgiApplication({self._front!r})"

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            received = await _received(scope, receive, self._max_body)
        except RefusedRequest as refusal:
            answer = self._front.dressed(received_head(scope), refusal_response(refusal))
            return await _send_whole(answer, answer.body, send)
        if received is None:
            return None
        admitted = await self._admitted(received)
        if isinstance(admitted, HttpResponse):
            answer = self._front.dressed(received, admitted)
            return await _send_whole(answer, admitted.body, send, shown=received.method != "HEAD")
        # The exchange goes on for no longer than there is a client.
        answering = asyncio.ensure_future(self._pass_on(received, admitted, send))
        leaving = asyncio.ensure_future(_client_leaves(receive))
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            error = answering.result() if answering.done() else None
            if error is not None:
                await _break_off(scope, error, leaving)
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _admitted(self, received: Received) -> Admitted | HttpResponse:
        """What `Front.admit` says, which the event loop waits for only where it says so at once."""
        if self._front.takes_time(received):
            return await self._asynchronous.called(partial(self._front.admit, received))
        return self._front.admit(received)

    async def _pass_on(self, received: Received, admitted: Admitted, send: Send) -> Error | None:
        """Send what the transport answers; return what broke that off."""
        shown = received.method != "HEAD"
        opened = await open_body_async(self._asynchronous.of(admitted.transport), admitted.request)
        if isinstance(opened, Failure):
            error: Error = opened.failure()
            return error
        body = opened.unwrap()
        answer = self._front.dressed(received, body.answer)
        if not answer.is_success:
            await _send_whole(answer, answer.body, send, shown=shown)
            return None
        try:
            if is_stream(answer):
                await _send_head(answer, send)
                rest, broken = b"", await _send_chunks(body, send) if shown else None
            else:
                rest, broken = await read_to_end_async(body.read)
                # Where it broke off, one byte more is announced than there is.
                await _send_head(answer, send, length=len(rest) + (broken is not None))
        finally:
            await body.close()
        await send({"type": "http.response.body", "body": rest if shown else b"", "more_body": broken is not None})
        return broken


async def _received(scope: Scope, receive: Receive, max_body: int) -> Received | None:
    """The request, once its body is there; None where the client has left before."""
    request = received_head(scope)
    check_headers(request.headers)
    announced = announced_length(request.header("content-length"), max_body)
    count = BodyCount(max_body)
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        count.take(message.get("body", b""))
        more = message.get("more_body", False)
    body = count.whole()
    said = bool(body) or announced is not None or request.header("transfer-encoding") is not None
    return replace(request, body=body) if said else request


def received_head(scope: Scope) -> Received:
    """The request without its body."""
    return Received(
        method=scope["method"],
        path=_path_of(scope),
        query=decode_query(scope["query_string"].decode("latin-1")),
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        scheme=scope.get("scheme", "http"),
    )


def _path_of(scope: Scope) -> str:
    """The path as it was sent, where the server has it: in `path`, an encoded slash is a slash."""
    raw = scope.get("raw_path")
    if isinstance(raw, bytes) and _IN_ABSOLUTE_FORM.match(raw):  # as a proxy is asked (RFC 9112, section 3.2.2)
        raw = _IN_ABSOLUTE_FORM.sub(b"", raw) or b"/"
    if isinstance(raw, bytes) and raw.startswith(b"/"):
        return raw.decode("latin-1").partition("?")[0]
    return quote(scope["path"], safe="/~-._!$&'()*+,;=:@")


async def _client_leaves(receive: Receive) -> None:
    """Return when the client has left, or has been answered."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_whole(answer: HttpResponse, content: bytes, send: Send, *, shown: bool = True) -> None:
    """Answer with this body and its length; where it is not to be `shown`, with its length alone."""
    await _send_head(answer, send, length=len(content))
    await send({"type": "http.response.body", "body": content if shown else b""})


async def _send_chunks(body: AsyncBody, send: Send) -> Error | None:
    """Send each chunk as soon as it is there and the client has taken those before; return what broke them off."""
    now = asyncio.get_running_loop().time
    turn_ends = now() + _TURN
    while True:
        chunk = await body.read()
        if is_failure(chunk):
            error: Error = chunk.failure()
            return error
        data = chunk.unwrap()
        if not data:
            return None
        await send({"type": "http.response.body", "body": data, "more_body": True})
        if now() > turn_ends:
            await asyncio.sleep(0)
            turn_ends = now() + _TURN


async def _send_head(answer: HttpResponse, send: Send, *, length: int | None = None) -> None:
    pairs = headers_sent(answer, length)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def _break_off(scope: Scope, error: Error, leaving: asyncio.Future[None]) -> None:
    """Have the connection closed, with the answer incomplete or none."""
    extensions: dict[str, Any] = scope.get("extensions") or {}
    close = extensions.get(CLOSE)
    if close is None:
        # A server closes the connection then, or answers with a 500; a client in the same process has it raised.
        raise ConnectionResetError(ECONNRESET, str(error))
    close["close"]()
    await leaving


async def _live(receive: Receive, send: Send) -> None:
    """Say that there is nothing to begin or to end: https://asgi.readthedocs.io/en/latest/specs/lifespan.html ."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
