"""The bodies that `Urllib3Transport` opens: what is read of them, and what becomes of their connections."""

from __future__ import annotations

import gc
import gzip
import socket
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from puresponse.core import Chunk, Error, HttpRequest, HttpResponse, Interrupted, NotSent, is_failure, value_or_raise
from puresponse.core.streams import NOT_OPEN
from puresponse.transports import Body, Urllib3Transport
from puresponse.transports.testing.contract.streaming import read_whole
from puresponse.transports.testing.contract.transports import Recorder, repeat_request
from puresponse.transports.testing.loopback import (
    Service,
    answering,
    listening,
    read_request,
    refusing,
    response_bytes,
    serving,
)

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1", (("stream", "true"),))
END: Chunk = Success(b"")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def made(base_url: str, *, timeout: float = 5.0, **arguments: Any) -> Urllib3Transport:
    return Urllib3Transport(base_url=base_url, timeout=timeout, **arguments)


def opened(transport: Urllib3Transport, request: HttpRequest = GET) -> Body:
    return value_or_raise(transport.open(request))


def error_of(result: Result[object, Error]) -> Error:
    assert is_failure(result), result
    return result.failure()


def chunks_of(body: Body) -> list[bytes]:
    chunks: list[bytes] = []
    while chunk := value_or_raise(body.read()):
        chunks.append(chunk)
    return chunks


class Counting:
    """Attends to connections as a server does, and counts them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.connections = 0

    def __call__(self, connection: socket.socket) -> None:
        self.connections += 1
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                connection.sendall(response_bytes(self._service(request)))


# Connections


def test_a_body_that_was_read_gives_its_connection_back_for_reuse() -> None:
    server = Counting(repeat_request)
    with listening(server) as port, made(f"http://127.0.0.1:{port}", max_connections=1) as transport:
        for _ in range(5):
            body = opened(transport)
            assert chunks_of(body)
            assert value_or_raise(transport(GET)).body == repeat_request(GET).body
            body.close()
    assert server.connections == 1


def test_a_chunked_body_gives_its_connection_back_with_its_last_chunk() -> None:
    connections: list[socket.socket] = []

    def handle(connection: socket.socket) -> None:
        connections.append(connection)
        with connection.makefile("rb") as file:
            while read_request(file, "") is not None:
                connection.sendall(CHUNKED + b"2\r\nab\r\n0\r\n\r\n")

    with listening(handle) as port, made(f"http://127.0.0.1:{port}", max_connections=1) as transport:
        for _ in range(3):
            assert opened(transport).read() == Success(b"ab")
            assert value_or_raise(transport(GET)).body == b"ab"
    assert len(connections) == 1


@pytest.mark.parametrize("status", [301, 404, 429, 500])
def test_any_other_answer_gives_its_connection_back_at_once(status: int) -> None:
    server = Counting(lambda _: HttpResponse(status=status, body=b"no"))
    with listening(server) as port, made(f"http://127.0.0.1:{port}", max_connections=1) as transport:
        bodies = [opened(transport) for _ in range(3)]
        assert [body.answer.body for body in bodies] == [b"no"] * 3
    assert server.connections == 1


@pytest.mark.parametrize("status", [200, 204, 205])
def test_an_empty_body_gives_its_connection_back_at_its_end(status: int) -> None:
    server = Counting(lambda _: HttpResponse(status=status))
    with listening(server) as port, made(f"http://127.0.0.1:{port}", max_connections=1) as transport:
        for _ in range(3):
            assert opened(transport).read() == END
    assert server.connections == 1


def test_an_open_body_has_its_connection_to_itself() -> None:
    with serving(repeat_request) as base_url, made(base_url, max_connections=1, timeout=0.2) as transport:
        body = opened(transport)
        assert error_of(transport(GET)) == NotSent("connect_timeout", "all connections were in use for 0.2 s")
        body.close()
        assert value_or_raise(transport(GET)).status == 200


def test_a_call_waits_for_a_connection_and_has_it_when_it_is_free() -> None:
    with (
        serving(repeat_request) as base_url,
        made(base_url, max_connections=1, timeout=10.0) as transport,
        ThreadPoolExecutor(1) as threads,
    ):
        body = opened(transport)
        calling = threads.submit(transport, GET)
        body.close()
        assert value_or_raise(calling.result(timeout=10)).status == 200


def test_a_body_that_breaks_off_gives_its_place_to_another() -> None:
    with answering(CHUNKED + b"5\r\nab") as base_url, made(base_url, max_connections=1) as transport:
        for _ in range(3):
            body = opened(transport)
            assert isinstance(read_whole(body), Failure)


def test_an_open_body_outlives_its_transport() -> None:
    with serving(repeat_request) as base_url:
        transport = made(base_url)
        body = opened(transport)
        transport.close()
        assert b"".join(chunks_of(body)) == repeat_request(GET).body
        assert error_of(transport.open(GET)) == NotSent("invalid_request", "the transport is closed")


def test_nothing_leaks_a_socket(recwarn: pytest.WarningsRecorder) -> None:
    with serving(repeat_request) as base_url, answering(CHUNKED + b"5\r\nab") as cut, made(base_url) as transport:
        chunks_of(opened(transport))
        opened(transport).close()
        with made(cut) as other:
            read_whole(opened(other))
    gc.collect()
    assert [warning for warning in recwarn if warning.category is ResourceWarning] == []


# Reading


def test_after_it_broke_off_a_body_says_so_again() -> None:
    with answering(CHUNKED + b"5\r\nab") as base_url, made(base_url) as transport:
        body = opened(transport)
        assert body.read() == Success(b"ab")
        broken = body.read()
        assert broken == Failure(Interrupted("truncated", "the body broke off before its last chunk"))
        body.close()
        assert body.read() == broken


def test_a_body_that_was_closed_has_not_come_to_its_end() -> None:
    with serving(repeat_request) as base_url, made(base_url) as transport:
        body = opened(transport)
        body.close()
        assert body.read() == NOT_OPEN
        read = opened(transport)
        chunks_of(read)
        read.close()
        assert read.read() == END


def test_a_body_that_is_closed_while_it_is_read_has_not_come_to_its_end() -> None:
    # Without length, and with a server that closes: that looks like the end.
    head = b"HTTP/1.0 200 OK\r\nX: y\r\n\r\nab"
    with (
        answering(head, hold=True) as base_url,
        made(base_url, timeout=60.0) as transport,
        ThreadPoolExecutor(1) as threads,
    ):
        body = opened(transport)
        assert body.read() == Success(b"ab")
        reading = threads.submit(body.read)
        body.close()
        assert reading.result(timeout=10) == NOT_OPEN
        opened(transport).close()


def test_what_interrupts_the_program_leaves_no_body_that_looks_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = socket.socket.recv

    def interrupt(connection: socket.socket, size: int) -> bytes:
        if current_thread() is main_thread():  # and not one of the server's
            raise KeyboardInterrupt
        return receive(connection, size)

    with answering(CHUNKED + b"2\r\nab\r\n", hold=True) as base_url, made(base_url, max_connections=1) as transport:
        body = opened(transport)
        assert body.read() == Success(b"ab")
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "recv", interrupt)
            with pytest.raises(KeyboardInterrupt):
                body.read()
        assert body.read() == NOT_OPEN
        body.close()
        opened(transport).close()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("framing", ["sized", "chunked", "to the end"])
def test_a_body_that_comes_compressed_is_decoded_chunk_by_chunk(coding: str, framing: str) -> None:
    packer = zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    packed = [packer.compress(b"first ") + packer.flush(zlib.Z_SYNC_FLUSH), packer.compress(b"second") + packer.flush()]
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n"
    parts = packed
    if framing == "chunked":
        head += "Transfer-Encoding: chunked\r\n"
        parts = [b"%x\r\n%s\r\n" % (len(packed[0]), packed[0]), b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed[1]), packed[1])]
    elif framing == "sized":
        head += f"Content-Length: {len(packed[0]) + len(packed[1])}\r\n"
    read_first = Event()

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
            connection.sendall(head.encode() + b"\r\n" + parts[0])
            read_first.wait(5)
            connection.sendall(parts[1])

    with listening(handle) as port, made(f"http://127.0.0.1:{port}") as transport:
        body = opened(transport)
        assert body.answer.headers == ((("Transfer-Encoding", "chunked"),) if framing == "chunked" else ())
        assert body.read() == Success(b"first ")
        read_first.set()
        assert b"".join(chunks_of(body)) == b"second"
        assert body.read() == END


def test_a_small_body_that_unpacks_to_a_large_one_comes_in_chunks_of_some_size() -> None:
    packed = gzip.compress(bytes(2**22))
    response = HttpResponse(status=200, headers=(("Content-Encoding", "gzip"),), body=packed)
    with serving(Recorder(response)) as base_url, made(base_url) as transport:
        chunks = chunks_of(opened(transport))
    assert b"".join(chunks) == bytes(2**22)
    assert max(map(len, chunks)) <= 65536


def test_a_body_whose_compression_is_damaged_is_truncated() -> None:
    response = HttpResponse(status=200, headers=(("Content-Encoding", "gzip"),), body=b"abc")
    with serving(Recorder(response)) as base_url, made(base_url, max_connections=1) as transport:
        for _ in range(2):
            error = error_of(opened(transport).read())
            assert isinstance(error, Interrupted)
            assert error.kind == "truncated"


# Failures of opening


def test_opening_fails_as_a_call_does() -> None:
    with refusing() as base_url, made(base_url) as transport:
        assert transport.open(GET) == transport(GET)
        assert isinstance(transport.open(GET), Failure)
    refusal = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n"
    for data in (
        b"",
        b"garbage\r\n\r\n",
        refusal + b"Content-Length: 9\r\n\r\nno",
        refusal + b"Content-Length: 1000000000000000000\r\n\r\nno",
        refusal + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno",
        refusal + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nno",
    ):
        with answering(data) as base_url, made(base_url, max_connections=1) as transport:
            assert transport.open(GET) == transport(GET)
            assert isinstance(transport.open(GET), Failure)


def test_a_refusal_that_is_opened_does_not_show_the_key() -> None:
    with (
        serving(Recorder(HttpResponse(status=401, headers=(("X-Key", KEY),), body=KEY.encode()))) as base_url,
        made(base_url, api_key=KEY) as transport,
    ):
        answer = opened(transport).answer
    assert KEY not in repr(answer)
    assert answer.body == b"[redacted]"


CHUNKS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 404 No\r\n",
        b"Content-Length: 2\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Connection: close\r\n",
        b"\r\n",
        b"ffffffffffffffff\r\n",
        b"2\r\n{}\r\n0\r\n\r\n",
        b"\x1f\x8b\x08",
    ]
)


@given(st.lists(st.one_of(CHUNKS, st.binary(max_size=12)), max_size=8).map(b"".join))
@settings(max_examples=150, deadline=None)
def test_whatever_bytes_come_opening_and_reading_gives_what_a_call_gives(data: bytes) -> None:
    # Each on a connection of its own: the server closes it after the answer, which may not be noticed in time.
    with answering(data) as base_url, made(base_url) as caller, made(base_url) as opener:
        called = caller(GET)
        body = opener.open(GET)
        read = body if isinstance(body, Failure) else read_whole(body.unwrap())
    if isinstance(called, Failure):
        assert isinstance(error_of(read), Interrupted)
    else:
        assert read == called


# Timeouts of a request


@pytest.mark.parametrize("seconds", [0, -1.0, True, "5", float("nan"), float("inf"), 1e9])
def test_a_timeout_that_is_no_number_of_seconds_is_not_sent(seconds: Any) -> None:
    request = HttpRequest("GET", "/x", timeout=seconds)
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url, made(base_url) as transport:
        for error in (error_of(transport(request)), error_of(transport.open(request))):
            assert isinstance(error, NotSent)
            assert error.kind == "invalid_request"
            assert "timeout" in error.reason
    assert service.requests == []


def test_a_request_may_bear_more_silence_than_the_transport() -> None:
    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
            impatient.wait(10)
            connection.sendall(response_bytes(HttpResponse(status=200, body=b"late")))

    impatient = Event()
    with (
        listening(handle) as port,
        made(f"http://127.0.0.1:{port}", timeout=0.2) as transport,
        ThreadPoolExecutor(1) as threads,
    ):
        patient = threads.submit(transport, HttpRequest("GET", "/x", timeout=30.0))
        # Silence for as long as the transport bears it.
        assert error_of(transport(GET)) == Interrupted("read_timeout", "the server was silent for 0.2 s")
        impatient.set()
        assert value_or_raise(patient.result()).body == b"late"


def test_the_words_of_a_timeout_are_the_requests() -> None:
    with answering(b"", hold=True) as base_url, made(base_url) as transport:
        request = HttpRequest("GET", "/x", timeout=0.1)
        assert error_of(transport(request)) == Interrupted("read_timeout", "the server was silent for 0.1 s")
        assert error_of(transport.open(request)) == Interrupted("read_timeout", "the server was silent for 0.1 s")
    with answering(CHUNKED, hold=True) as base_url, made(base_url) as transport:
        silence = error_of(opened(transport, request).read())
        assert silence == Interrupted("read_timeout", "the server was silent for 0.1 s")


def test_a_request_with_a_timeout_must_be_written_in_that_time() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(100)  # and nobody reads the rest
        held.wait(10)

    held = Event()
    started = time.monotonic()
    with listening(handle) as port, made(f"http://127.0.0.1:{port}", timeout=8.0) as transport:
        error = error_of(transport(HttpRequest("POST", "/x", (), (), b"0" * 2**25, timeout=0.2)))
        held.set()
    assert error == Interrupted("read_timeout", "the server did not take the request within 0.2 s")
    assert time.monotonic() - started < 5


def test_a_request_with_a_timeout_waits_no_longer_for_a_connection() -> None:
    with serving(repeat_request) as base_url, made(base_url, max_connections=1, timeout=600.0) as transport:
        body = opened(transport)
        error = error_of(transport(HttpRequest("GET", "/x", timeout=0.1)))
        body.close()
    assert error == NotSent("connect_timeout", "all connections were in use for 0.1 s")
