"""Any transport as a WSGI application (PEP 3333): what asks it over HTTP is answered by the transport.

With a `MemoryTransport` this puts the service in memory behind any WSGI server, event streams included. Where the
transport has no answer, or a body breaks off, a `ConnectionResetError` tells the server to close the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from errno import ECONNRESET
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import quote

from msgspec import json
from returns.result import Failure

from ...core.credentials import names_a_credential
from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse, Pairs
from ..bodies import open_body, read_to_end
from ..contract import Body, Transport
from ..memory.validation.refusals import RefusedRequest, no_key, unknown_url, wrong_key
from ..network.query import decode_query
from ..network.secret import Secret

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]

_FRAMING = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})
_WITHOUT_LENGTH = frozenset({204, 304})
_CHUNK = 65536


class WsgiApplication:
    """The application: `transport` behind `path`, for a base URL that ends in it.

    With an `api_key`, requests that do not carry it are refused with the 401 of the API; without one, any is taken.
    """

    def __init__(self, transport: Transport, *, path: str = "/v1", api_key: str | None = None) -> None:
        self._transport = transport
        self._path = path.rstrip("/")
        self._key = None if api_key is None else Secret(api_key)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = self._request(environ)
        if isinstance(request, RefusedRequest):
            return _refused(request, start_response)
        opened = open_body(self._transport, request)
        if isinstance(opened, Failure):
            raise _reset(opened.failure())
        body = opened.unwrap()
        answer = body.answer
        if not 200 <= answer.status < 300:
            return _whole(answer, answer.body, start_response)
        if _is_stream(answer):
            start_response(_status(answer.status), _headers(answer.headers))
            return _Chunks(body)
        return _gathered(body, start_response)

    def __repr__(self) -> str:
        return f"WsgiApplication({self._transport!r}, path={self._path!r})"

    def _request(self, environ: Environ) -> HttpRequest | RefusedRequest:
        method = str(environ["REQUEST_METHOD"])
        path = _path_of(environ)
        body = _body_of(environ)
        if path != self._path and not path.startswith(f"{self._path}/"):
            return unknown_url(method, path, prefix="")
        if self._key is not None:
            given = str(environ.get("HTTP_AUTHORIZATION", ""))
            scheme, _, credential = given.partition(" ")
            if scheme.lower() != "bearer" or not credential.strip():
                return no_key()
            if credential.strip() != self._key.reveal():
                return wrong_key()
        return HttpRequest(
            method=method,
            path=path[len(self._path) :],
            query=_without_credentials(decode_query(str(environ.get("QUERY_STRING", "")))),
            headers=_without_credentials(tuple(_request_headers(environ))),
            body=body,
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


def _gathered(body: Body, start_response: StartResponse) -> Iterable[bytes]:
    """Answer whole, with the length, or break off where the body does."""
    answer = body.answer
    content, error = read_to_end(body.read)
    if error is None:
        return _whole(answer, content, start_response)
    # One byte more is announced than there is.
    length = ("content-length", str(len(content) + 1))
    start_response(_status(answer.status), [*_headers(answer.headers), length])
    return _breaking_off(content, error)


def _breaking_off(content: bytes, error: Error) -> Generator[bytes]:
    if content:
        yield content
    raise _reset(error)


def _whole(answer: HttpResponse, content: bytes, start_response: StartResponse) -> Iterable[bytes]:
    length = [] if answer.status in _WITHOUT_LENGTH else [("content-length", str(len(content)))]
    start_response(_status(answer.status), [*_headers(answer.headers), *length])
    return [content] if content else []


def _refused(refusal: RefusedRequest, start_response: StartResponse) -> Iterable[bytes]:
    headers = (("content-type", "application/json"), *refusal.headers)
    answer = HttpResponse(status=refusal.status, headers=headers)
    return _whole(answer, json.encode(refusal.envelope()), start_response)


def _reset(error: Error) -> ConnectionResetError:
    # WSGI servers take this for the client's doing, and close the connection without a word.
    return ConnectionResetError(ECONNRESET, str(error))


def _is_stream(answer: HttpResponse) -> bool:
    return (answer.header("content-type") or "").startswith("text/event-stream")


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _headers(headers: Pairs) -> list[tuple[str, str]]:
    """The headers but those that are the server's to say."""
    return [(name, value) for name, value in headers if name.lower() not in _FRAMING]


def _path_of(environ: Environ) -> str:
    """The path as it was sent, where the server has it: in `PATH_INFO`, an encoded slash is a slash."""
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if isinstance(raw, str) and raw.startswith("/"):
        return raw.partition("?")[0]
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
    return quote(path.encode("latin-1"), safe="/~-._!$&'()*+,;=:@")


def _body_of(environ: Environ) -> bytes | None:
    """The body; None where the request says nothing of one."""
    source = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return bytes(source.read(int(length)))
    if "chunked" in str(environ.get("HTTP_TRANSFER_ENCODING", "")).lower():
        chunks: list[bytes] = []
        while chunk := source.read(_CHUNK):
            chunks.append(chunk)
        return b"".join(chunks)
    return None


def _request_headers(environ: Environ) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower(), str(value)
        elif name == "CONTENT_TYPE" and value:
            yield "content-type", str(value)


def _without_credentials(pairs: Pairs) -> Pairs:
    """What of the headers or of the query is no credential: a request holds none."""
    return tuple(pair for pair in pairs if not names_a_credential(pair[0]))
