"""What the network and the server do to an exchange, each as the error that says whether the server may have acted."""

from __future__ import annotations

import gc
import socket
import struct
import time
from threading import Event

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from returns.result import Failure

from puresponse.core.errors import Error, Interrupted, NotSent
from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import is_failure, value_or_raise
from puresponse.core.steps import Answer
from puresponse.transports.testing.contract.transports import error_of, repeat_request
from puresponse.transports.testing.loopback import answering, listening, read_request, refusing, response_bytes, serving
from puresponse.transports.urllib3.transport import Urllib3Transport

GET = HttpRequest("GET", "/responses/resp_1")
CANCEL = HttpRequest("POST", "/responses/resp_1/cancel", (), (), b"")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
INCOMPLETE = Interrupted("truncated", "the body broke off before its last chunk")
NO_SIZE = Interrupted("protocol", "no size of a chunk: 'zz\\r'")
NEGATIVE = Interrupted("protocol", "a chunk of less than no bytes")
TOO_LONG = Interrupted("limit", "the body is longer than 1073741824 bytes")
CHUNKED_HEADERS = (("Transfer-Encoding", "chunked"),)


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def failed(base_url: str, *, timeout: float = 10.0, request: HttpRequest = GET) -> Error:
    with Urllib3Transport(base_url=base_url, timeout=timeout, connect_timeout=timeout) as transport:
        return error_of(transport(request), base_url)


def broken(data: bytes) -> Error:
    with answering(data) as base_url:
        return failed(base_url)


def test_a_refused_connection_names_the_server_and_what_the_system_says() -> None:
    with refusing() as base_url:
        assert failed(base_url) == NotSent("refused", f"{base_url.removeprefix('http://')}: Connection refused")


def test_an_address_without_a_route_is_unreachable() -> None:
    # TCP cannot be spoken to a broadcast address: the system says so itself, and sends nothing.
    error = failed("http://255.255.255.255")
    assert isinstance(error, NotSent)
    assert error.kind == "unreachable"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", f"{'a' * 70}.invalid"])
def test_a_name_that_is_none_or_nobodys_is_dns(host: str) -> None:
    error = failed(f"http://{host}")
    assert isinstance(error, NotSent)
    assert error.kind == "dns"
    assert error.reason.startswith(f"{host}:80: ")


def test_a_server_too_busy_to_accept_is_a_connect_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy:
        port = busy.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:  # fills the queue, so that the system does not answer the next
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            error = failed(f"http://127.0.0.1:{port}", timeout=0.2)
        finally:
            for one in waiting:
                one.close()
    assert error == NotSent("connect_timeout", f"127.0.0.1:{port}: no connection within 0.2 s")


def test_a_reset_connection_is_a_reset() -> None:
    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(handle) as port:
        assert failed(f"http://127.0.0.1:{port}") == Interrupted("reset", "Connection reset by peer")


def test_a_handshake_that_is_reset_is_tls() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(handle) as port:
        assert failed(f"https://127.0.0.1:{port}") == NotSent("tls", f"127.0.0.1:{port}: Connection reset by peer")


def test_a_request_that_the_server_does_not_take_times_out_after_the_time_for_reading() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(100)  # and nobody reads the rest
        held.wait(10)

    held = Event()
    started = time.monotonic()
    with listening(handle) as port:
        transport = Urllib3Transport(base_url=f"http://127.0.0.1:{port}", timeout=0.2, connect_timeout=8.0)
        with transport:
            error = error_of(transport(HttpRequest("POST", "/x", (), (), b"0" * 2**25)), "a body that nobody takes")
        held.set()
    assert error == Interrupted("read_timeout", "the server did not take the request within 0.2 s")
    assert time.monotonic() - started < 5


def test_an_answer_to_a_request_that_was_refused_unread_is_given() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(response_bytes(HttpResponse(status=413, body=b"too large")))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    with listening(handle) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport:
        response = value_or_raise(transport(HttpRequest("POST", "/x", (), (), b"0" * 2**20)))
    assert (response.status, response.body) == (413, b"too large")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Interrupted("reset", "the server closed the connection without an answer")),
        (b"HTTP/1.1 200 OK\r\nX", Interrupted("truncated", "the answer broke off within its head")),
        *(
            (
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\nabc" % length,
                replace(
                    error, partial=HttpResponse(status=200, headers=(("Content-Length", str(length)),), body=received)
                ),
            )
            for length, error, received in (
                (5, Interrupted("truncated", "the body broke off after 3 of 5 bytes"), b"abc"),
                (10**18, TOO_LONG, b""),
                (10**20, TOO_LONG, b""),
            )
        ),
        *(
            (CHUNKED + data, replace(error, partial=HttpResponse(status=200, headers=CHUNKED_HEADERS, body=body)))
            for data, error, body in (
                (b"5\r\nabc", INCOMPLETE, b"abc"),
                (b"zz\r\nabc", NO_SIZE, b""),
                (b"3\r\nabc\r\nzz\r\n", NO_SIZE, b"abc"),
                (b"-5\r\nabc", NEGATIVE, b""),
                (b"3\r\nabc\r\n-5\r\n", NEGATIVE, b"abc"),
            )
        ),
        (b"garbage\r\n\r\n", Interrupted("protocol", r"the answer is not HTTP: 'garbage\r\n'")),
        (b"HTTP/2.0 200 OK\r\n\r\n", Interrupted("protocol", r"the answer is not HTTP: 'HTTP/2.0 200 OK\r\n'")),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            Interrupted("protocol", "an interim status, 101, in place of an answer"),
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            Interrupted("protocol", "several lengths of one body: 3, 4"),
        ),
        (
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
            Interrupted("limit", "the head is longer than 262144 bytes"),
        ),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 17, Interrupted("limit", "more than 16 interim answers")),
    ],
)
def test_an_answer_that_is_none_is_interrupted(data: bytes, error: Interrupted) -> None:
    assert broken(data) == error


def test_a_garbled_answer_does_not_make_a_long_reason() -> None:
    error = broken(b"x" * 60_000 + b"\r\n\r\n")
    assert isinstance(error, Interrupted)
    assert len(error.reason) < 400


def test_what_a_proxy_says_at_length_does_not_make_a_long_reason() -> None:
    with answering(b"HTTP/1.1 403 " + b"x" * 5000 + b"\r\n\r\n") as proxy:
        transport = Urllib3Transport(base_url="https://api.invalid", proxy=proxy)
        error = error_of(transport(GET), "a tunnel that is refused at length")
    assert isinstance(error, NotSent)
    assert "Tunnel connection failed: 403 xxx" in error.reason
    assert len(error.reason) < 350


CHUNKS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 204\r\n",
        b"HTTP/1.1 ",
        b"Content-Length: 2\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: deflate, gzip\r\n",
        b"Content-Type: multipart/mixed\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Connection: close\r\n",
        b"\r\n",
        b"\n",
        b":",
        b"ffffffffffffffff\r\n",
        b"2\r\n{}\r\n0\r\n\r\n",
        b"\x1f\x8b\x08",
    ]
)


@given(st.lists(st.one_of(CHUNKS, st.binary(max_size=12)), max_size=8).map(b"".join))
@example(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=x\r\nContent-Length: 0\r\n\r\n")
@settings(max_examples=150, deadline=None)
def test_whatever_bytes_come_the_transport_gives_a_result(data: bytes) -> None:
    with answering(data) as base_url, Urllib3Transport(base_url=base_url) as transport:
        result = transport(CANCEL)
    if is_failure(result):
        assert isinstance(result.failure(), Interrupted)
    else:
        assert isinstance(result.unwrap(), HttpResponse)


def test_a_failure_gives_its_connection_back_and_leaks_no_socket(recwarn: pytest.WarningsRecorder) -> None:
    with refusing() as refused, answering(b"garbage\r\n\r\n") as garbled, answering(b"") as closing:
        for base_url in (refused, garbled, closing):
            with Urllib3Transport(base_url=base_url, max_connections=1, timeout=5.0) as transport:
                for _ in range(5):  # the second would wait for a connection that was not given back
                    assert is_failure(transport(GET))
    gc.collect()
    assert [warning for warning in recwarn if warning.category is ResourceWarning] == []


def test_a_transport_works_again_when_the_server_does() -> None:
    answers = [b"", b"garbage\r\n\r\n", response_bytes(HttpResponse(status=200, body=b"{}"))]

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
            connection.sendall(answers.pop(0))

    with listening(handle) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport:
        kinds: list[Answer] = [transport(GET) for _ in range(3)]
    assert [isinstance(result, Failure) for result in kinds] == [True, True, False]


def test_an_answer_of_the_service_is_never_confused_with_the_one_before() -> None:
    # The server sends more than it announced; what is left over must not be the head of the next answer.
    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while read_request(file, "") is not None:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 Stale\r\n\r\n")

    with listening(handle) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport:
        for _ in range(5):
            assert value_or_raise(transport(GET)) == HttpResponse(
                status=200, headers=(("Content-Length", "2"),), body=b"{}"
            )


def test_an_error_holds_nothing_of_the_machinery() -> None:
    with serving(repeat_request) as base_url, Urllib3Transport(base_url=base_url) as transport:
        transport.close()
        assert transport(GET) == Failure(NotSent("invalid_request", "the transport is closed"))
