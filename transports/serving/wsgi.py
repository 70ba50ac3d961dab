"""Any transport as a WSGI application (PEP 3333): what asks it over HTTP is answered by the transport.

With a `MemoryTransport` this puts the service in memory behind any WSGI server, event streams included. Where the
transport has no answer, or a body breaks off, a `ConnectionResetError` tells the server to close the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from errno import ECONNRESET
from typing import Any, TypeAlias, Unpack
from urllib.parse import quote

from msgspec.structs import replace
from returns.result import Failure

from ...core.errors import Error
from ...core.http import HttpResponse
from ..asynchrony import is_async
from ..bodies import open_body, read_to_end
from ..contract import AnyTransport, Body, Transport
from ..memory.validation.refusals import RefusedRequest
from ..network.query import decode_query
from ..network.timeouts import check_limits
from .answers import refusal_response
from .front import Front, FrontOptions
from .heads import headers_sent, is_stream, status_line
from .limits import MAX_BODY, BodyCount, announced_length, check_headers
from .received import Received

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]

_CHUNK = 65536


class WsgiApplication:
    """The application: `transport` behind a path, `/v1` by default, for a base URL that ends in it.

    - `transport`: one that blocks, as the threads of a WSGI server do; `AsgiApplication` takes any.
    - `max_body`: the most bytes that the body of a request may have, 1 or more; more is a 413.
    - `options`: those of `Front`.

    Raises `ValueError` for options that make no sense, and `TypeError` for an asynchronous transport.
    """

    def __init__(self, transport: AnyTransport, *, max_body: int = MAX_BODY, **options: Unpack[FrontOptions]) -> None:
        check_limits(times={}, optional={}, counts={"max_body": max_body})
        self._front = Front(_blocking(transport), **options)
        self._max_body = max_body

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request: `environ` and `start_response` are those of WSGI (PEP 3333).

        Raises `ConnectionResetError` where there is no answer, or a body breaks off: the server then closes the
        connection.
        """
        try:
            received = _received(environ, self._max_body)
        except RefusedRequest as refusal:
            refused = self._front.dressed(_received_head(environ), refusal_response(refusal))
            return _whole(refused, refused.body, start_response)
        shown = received.method != "HEAD"
        admitted = self._front.admit(received)
        if isinstance(admitted, HttpResponse):
            return _whole(self._front.dressed(received, admitted), admitted.body, start_response, shown=shown)
        opened = open_body(_blocking(admitted.transport), admitted.request)
        if isinstance(opened, Failure):
            raise _reset(opened.failure())
        body = opened.unwrap()
        answer = self._front.dressed(received, body.answer)
        if not 200 <= answer.status < 300:
            return _whole(answer, answer.body, start_response, shown=shown)
        if not is_stream(answer):
            return _gathered(answer, body, start_response, shown=shown)
        start_response(status_line(answer.status), [*headers_sent(answer)])
        if shown:
            return _Chunks(body)
        body.close()
        return []

    def __repr__(self) -> str:
        return f"WsgiApplication({self._front!r})"


def _received(environ: Environ, max_body: int) -> Received:
    request = _received_head(environ)
    check_headers(request.headers)
    return replace(request, body=_body_of(environ, max_body))


def _received_head(environ: Environ) -> Received:
    """The request without its body."""
    return Received(
        method=str(environ["REQUEST_METHOD"]),
        path=_path_of(environ),
        query=decode_query(str(environ.get("QUERY_STRING", ""))),
        headers=tuple(_request_headers(environ)),
        scheme=str(environ.get("wsgi.url_scheme", "http")),
    )


class _Chunks:
    """The chunks of an open body, as a WSGI server takes them; closed with the connection."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield from _chunks(self._body)

    def close(self) -> None:
        """Give up what was not sent: the server calls this, also where the client has gone."""
        self._body.close()


def _chunks(body: Body) -> Generator[bytes]:
    while True:
        chunk = body.read()
        if isinstance(chunk, Failure):
            raise _reset(chunk.failure())
        data = chunk.unwrap()
        if not data:
            return
        yield data


def _gathered(answer: HttpResponse, body: Body, start_response: StartResponse, *, shown: bool) -> Iterable[bytes]:
    """Answer whole, with the length, or break off where the body does."""
    content, error = read_to_end(body.read)
    if error is None:
        return _whole(answer, content, start_response, shown=shown)
    # One byte more is announced than there is.
    start_response(status_line(answer.status), [*headers_sent(answer, len(content) + 1)])
    return _breaking_off(content, error)


def _breaking_off(content: bytes, error: Error) -> Generator[bytes]:
    if content:
        yield content
    raise _reset(error)


def _whole(
    answer: HttpResponse, content: bytes, start_response: StartResponse, *, shown: bool = True
) -> Iterable[bytes]:
    """Answer with this body and its length; where it is not to be `shown`, with its length alone."""
    start_response(status_line(answer.status), [*headers_sent(answer, len(content))])
    return [content] if content and shown else []


def _reset(error: Error) -> ConnectionResetError:
    # WSGI servers take this for the client's doing, and close the connection without a word.
    return ConnectionResetError(ECONNRESET, str(error))


def _path_of(environ: Environ) -> str:
    """The path as it was sent, where the server has it: in `PATH_INFO`, an encoded slash is a slash."""
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if isinstance(raw, str) and raw.startswith("/"):
        return raw.partition("?")[0]
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
    return quote(path.encode("latin-1"), safe="/~-._!$&'()*+,;=:@")


def _body_of(environ: Environ, max_body: int) -> bytes | None:
    """The body; None where the request says nothing of one."""
    source = environ["wsgi.input"]
    length = announced_length(environ.get("CONTENT_LENGTH"), max_body)
    if length is not None:
        return bytes(source.read(length))
    if "chunked" in str(environ.get("HTTP_TRANSFER_ENCODING", "")).lower():
        count = BodyCount(max_body)
        while chunk := source.read(_CHUNK):
            count.take(chunk)
        return count.whole()
    return None


def _request_headers(environ: Environ) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower(), str(value)
        elif name == "CONTENT_TYPE" and value:
            yield "content-type", str(value)


def _blocking(transport: AnyTransport) -> Transport:
    """The transport, which must be one that blocks: raises `TypeError` for any other."""
    if is_async(transport):
        raise TypeError(f"a WSGI application needs a transport that blocks, and {transport!r} is asynchronous")
    found: Any = transport
    kept: Transport = found
    return kept
