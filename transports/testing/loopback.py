"""Servers on the loopback interface, for tests: a service over HTTP/1.1, or bytes that are no proper answer.

Each is a context manager that yields where it listens; when it is left, its connections are closed and its threads
have ended. Nothing here sleeps.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from http.client import parse_headers, responses
from threading import Event, Thread
from typing import BinaryIO, TypeAlias

from ...core.http import HttpRequest, HttpResponse
from ..network.query import decode_query

Service: TypeAlias = Callable[[HttpRequest], HttpResponse]
"""What answers requests: a function. It may be called by several threads at once."""

_FRAMING = frozenset({"connection", "content-length", "transfer-encoding"})


@contextmanager
def listening(handle: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> Generator[int]:
    """Listen on a port, which this yields, and let `handle` attend to each connection, in a thread of its own.

    The connection is closed when `handle` returns. An `OSError` in it, and a handshake that fails, end that connection
    and nothing else. With `tls`, a context of a server, connections are secure.

    >>> with listening(lambda connection: connection.sendall(b"hello")) as port:
    ...     with socket.create_connection(("127.0.0.1", port)) as client:
    ...         client.recv(5)
    b'hello'
    """
    leaving = Event()
    connections: list[socket.socket] = []
    threads: list[Thread] = []

    def attend(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            handle(connection)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if leaving.is_set():
                connection.close()
                return
            with suppress(OSError):  # of a client that is gone again
                if tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                connections.append(connection)
                threads.append(Thread(target=attend, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            leaving.set()
            socket.create_connection(listener.getsockname()).close()  # wakes `accept`
            accepting.join()
            for connection in connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


@contextmanager
def serving(service: Service, *, path: str = "/v1", tls: ssl.SSLContext | None = None) -> Generator[str]:
    """Serve `service` over HTTP/1.1 with connections that are kept, and yield its base URL, which ends in `path`.

    The requests that it gets are relative to that URL, as they were before a transport sent them; their headers are
    all that arrived. With `tls`, a context of a server, the URL begins with `https`.

    >>> from puresponse import Urllib3Transport
    >>> with serving(lambda request: HttpResponse(status=200, body=request.path.encode())) as url:
    ...     with Urllib3Transport(base_url=url, api_key="") as transport:
    ...         transport(HttpRequest("GET", "/models")).unwrap().body
    b'/models'
    """

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (request := read_request(file, path)) is not None:
                connection.sendall(response_bytes(service(request)))

    with listening(handle, tls=tls) as port:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{port}{path}"


@contextmanager
def answering(
    data: bytes, *, hold: bool = False, patience: float | None = None, seen: list[HttpRequest] | None = None
) -> Generator[str]:
    """Read one request from each connection, send `data` whatever it is, and close; yield the base URL.

    Args:
        data: What to send.
        hold: Whether to send nothing more instead of closing, until the client closes.
        patience: Seconds after which to close all the same; None waits for the client.
        seen: Where to put the requests that arrive.

    >>> from puresponse import Urllib3Transport
    >>> with answering(b"this is no HTTP") as url, Urllib3Transport(base_url=url, api_key="") as transport:
    ...     transport(HttpRequest("GET", "/models")).failure().kind
    'protocol'
    """

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            request = read_request(file, "")
            if seen is not None and request is not None:
                seen.append(request)
            connection.sendall(data)
            if hold:
                connection.settimeout(patience)
                file.read()

    with listening(handle) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def refusing() -> Generator[str]:
    """Yield a base URL whose port is taken, so that nobody else gets it, but where nobody listens.

    >>> from puresponse import Urllib3Transport
    >>> with refusing() as url, Urllib3Transport(base_url=url, api_key="") as transport:
    ...     transport(HttpRequest("GET", "/models")).failure().kind
    'refused'
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def read_request(file: BinaryIO, prefix: str) -> HttpRequest | None:
    """Read a request, its path without `prefix`; None where the connection ended instead."""
    line = file.readline(65537).decode("latin-1")
    if not line:
        return None
    method, target, _ = line.split(" ")
    headers = parse_headers(file)
    length = headers.get("Content-Length")
    body = None if length is None else file.read(int(length))
    path, _, query = target.partition("?")
    return HttpRequest(method, path.removeprefix(prefix), decode_query(query), tuple(headers.items()), body)


def response_bytes(response: HttpResponse) -> bytes:
    """Write a response as the bytes of HTTP/1.1, framed by the length of its body."""
    headers = [(name, value) for name, value in response.headers if name.lower() not in _FRAMING]
    if response.status not in {204, 304}:
        headers.append(("Content-Length", str(len(response.body))))
    head = [f"HTTP/1.1 {response.status} {responses.get(response.status, 'Unknown')}"]
    head += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + response.body
