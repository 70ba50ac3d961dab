"""Nothing that a client does or leaves undone stops another: what is too much is refused, and what is no HTTP too."""

from __future__ import annotations

import socket
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from msgspec import json
from returns.result import Result, Success

from puresponse.core import HttpRequest, HttpResponse
from puresponse.core.errors import Error
from puresponse.transports import MemoryTransport, Reply, Urllib3Transport, serve
from puresponse.transports.contract import AsyncBody
from puresponse.transports.serving import uvicorn_server

HEAD = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"
GET = HEAD + b"\r\n"
MODELS = HttpRequest("GET", "/models")
STREAM = b'{"model":"m","input":"Hi","stream":true}'
POST = b"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(STREAM), STREAM)


class Raw:
    """A server, and sockets to it."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url = url
        self._stack = stack
        self._port = int(url.split(":")[2].split("/", maxsplit=1)[0])

    def connected(self, sent: bytes = b"") -> socket.socket:
        """A connection on which this was sent."""
        connection = self._stack.enter_context(socket.create_connection(("127.0.0.1", self._port), 10))
        connection.sendall(sent)
        return connection

    def answer(self, sent: bytes) -> tuple[bytes, bytes]:
        """The status line and all of what follows, of a connection that is closed by the server."""
        line, _, rest = read_all(self.connected(sent)).partition(b"\r\n")
        return line, rest

    def others_are_answered(self) -> bool:
        with Urllib3Transport(api_key="sk-any", base_url=self.url, timeout=10) as transport:
            return transport(MODELS).unwrap().status == 200


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


@contextmanager
def server(service: Any = None, **options: Any) -> Generator[Raw]:
    with serve(service or MemoryTransport(), **options) as url, ExitStack() as stack:
        yield Raw(url, stack)


def test_silent_connections_and_half_requests_make_way_for_others() -> None:
    with server(max_connections=4) as raw:
        silent = [raw.connected(sent) for sent in (b"", b"GET /v1/mo", HEAD, HEAD + b"Content-Length: 5\r\n\r\n12") * 5]
        assert raw.others_are_answered()
        assert raw.others_are_answered()
        assert silent[0].recv(1) == b""  # the first to go


def test_where_all_connections_are_in_use_one_more_is_told_so() -> None:
    service = MemoryTransport(script=Reply.text("Hm.").lasting(answering=60))
    with server(service, max_connections=2) as raw:
        streams = [raw.connected(POST) for _ in range(2)]
        assert all(stream.recv(12) == b"HTTP/1.1 200" for stream in streams)
        line, rest = raw.answer(GET)
        assert (line, rest.endswith(b"Service Unavailable")) == (b"HTTP/1.1 503 Service Unavailable", True)
        streams[0].close()
        assert raw.others_are_answered()


def test_a_request_has_some_time_and_its_answer_as_much_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn_server, "REQUEST_WITHIN", 0.2)
    service = MemoryTransport(script=Reply.text("Hm.").lasting(answering=0.8))
    with server(service) as raw:
        began = time.monotonic()
        answered = raw.connected(POST)
        halves = [raw.connected(half) for half in (b"", HEAD, HEAD + b"Content-Length: 5\r\n\r\n12")]
        assert [half.recv(1) for half in halves] == [b""] * 3
        assert 0.15 < time.monotonic() - began < 5
        assert b"response.completed" in read_all(answered)  # and closed, where no other request follows in time


class Endless:
    """A stream without end, of chunks that are there at once; it counts those that were read."""

    def __init__(self) -> None:
        self.answer = HttpResponse(status=200, headers=(("content-type", "text/event-stream"),))
        self.read_so_far = 0

    async def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(HttpResponse(status=200))

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        return Success(self) if request.path == "/endless" else Success(Ended())

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        self.read_so_far += 1
        return Success(b"x" * 10_000)

    async def close(self, within: float = 0.0) -> None:
        return None


class Ended:
    answer = HttpResponse(status=200)

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        return Success(b"")

    async def close(self, within: float = 0.0) -> None:
        return None


def test_no_more_is_made_for_clients_that_do_not_read_and_others_are_answered() -> None:
    endless = Endless()
    with server(endless) as raw:
        for _ in range(20):
            raw.connected(b"GET /v1/endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert raw.others_are_answered()
        before, stopped = -1, time.monotonic() + 20
        while endless.read_so_far > before and time.monotonic() < stopped:  # until buffers of the system are full
            before = endless.read_so_far
            assert raw.others_are_answered()
            time.sleep(0.05)
        assert endless.read_so_far == before
        assert before * 10_000 < 20 * 16 * 1024**2


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the beginning of TLS
        b"no HTTP at all\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\n\r\n",  # no Host
        HEAD + b"Host: another\r\n\r\n",
        HEAD + b"broken header\r\n\r\n",
        HEAD + b"Content-Length: many\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n",
        HEAD + b"X: " + b"x" * 70_000,  # and more to come
        HEAD + b"X: \x00\r\n\r\n",
    ],
)
def test_what_is_no_http_is_a_400_and_told_nobody_else(
    sent: bytes, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with server() as raw:
        line, _ = raw.answer(sent)
        assert raw.others_are_answered()
    assert line in (b"HTTP/1.1 400 Bad Request", b"HTTP/1.1 501 Not Implemented")
    assert (capfd.readouterr().err, caplog.text) == ("", "")


def refusal(received: bytes) -> tuple[int, str]:
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.decode(body)["error"]["message"]


def chunk(size: int) -> bytes:
    return b"%x\r\n%b\r\n" % (size, b"x" * size)


CLOSING = b"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        CLOSING + b"Content-Length: 1001\r\n\r\n",  # before any of it is there
        CLOSING + b"Content-Length: 9999999999\r\n\r\n",
        CLOSING + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001,
        CLOSING + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(600) + chunk(401) + b"0\r\n\r\n",
        CLOSING + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(1001),  # and no end
    ],
)
def test_a_body_of_too_many_bytes_is_a_413(sent: bytes) -> None:
    with server(max_body=1000) as raw:
        status, message = refusal(read_all(raw.connected(sent)))
        assert (status, message) == (413, "The body of this request is too large. It may have 1000 bytes at most.")
        assert raw.others_are_answered()


def test_a_body_of_as_many_bytes_as_there_may_be_is_read() -> None:
    body = b'{"model":"m","input":"%b"}' % (b"x" * 976)
    assert len(body) == 1000
    with server(max_body=1000) as raw:
        line, _ = raw.answer(CLOSING + b"Content-Length: 1000\r\n\r\n" + body)
    assert line == b"HTTP/1.1 200 OK"


def test_the_rest_of_a_body_that_was_refused_is_read_and_thrown_away() -> None:
    with server(max_body=1000) as raw:
        connection = raw.connected(CLOSING.replace(b"close", b"keep-alive") + b"Content-Length: 300000\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 413"
        connection.sendall(b"x" * 300_000 + GET)
        received = b""
        while b'"object":"list"' not in received:
            received += connection.recv(65536)
        assert b"HTTP/1.1 200 OK" in received


def test_what_is_no_http_after_an_answer_ends_the_connection(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with server(max_body=1000) as raw:
        connection = raw.connected(CLOSING.replace(b"close", b"keep-alive") + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(chunk(1001))
        assert connection.recv(12) == b"HTTP/1.1 413"
        connection.sendall(b"no size\r\n")
        read_all(connection)
        assert raw.others_are_answered()
    assert (capfd.readouterr().err, caplog.text) == ("", "")


def test_too_many_headers_are_a_431() -> None:
    begun = CLOSING.replace(b"POST", b"GET")
    few, many = (b"".join(b"X-%d: 1\r\n" % number for number in range(count)) for count in (254, 255))
    with server() as raw:
        assert raw.answer(begun + few + b"\r\n")[0] == b"HTTP/1.1 405 Method Not Allowed"
        for headers in (many, b"X: " + b"x" * 65_536 + b"\r\n"):
            status, message = refusal(read_all(raw.connected(begun + headers + b"\r\n")))
            assert (status, message.startswith("Th")) == (431, True)


def test_an_upgrade_is_not_taken_up(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    upgrade = b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with server() as raw:
        assert raw.connected(HEAD + upgrade).recv(12) == b"HTTP/1.1 200"
    assert (capfd.readouterr().err, caplog.text) == ("", "")
