"""The time that a read, a closing and a whole exchange are given, over sockets, plain and under TLS."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import trustme
from returns.result import Failure, Success

from puresponse.core import (
    Chunk,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    WaitExpired,
    delete_response,
    is_failure,
    retrying,
    stream_response,
    value_or_raise,
    within,
)
from puresponse.core.combinators.stateful import error_in
from puresponse.core.streams import NOT_OPEN
from puresponse.transports import Body, Urllib3Transport, iterate, run
from puresponse.transports.testing.contract.transports import Recorder, repeat_request
from puresponse.transports.testing.loopback import answering, listening, read_request, serving

GET = HttpRequest("GET", "/responses/resp_1")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
EVENT = b"9\r\ndata: 1\n\n\r\n"
LAST = b"0\r\n\r\n"
DELETED = b'HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{"id": "resp", "deleted": true}'
SOON = 5.0
"""Seconds within which something has happened that takes far fewer, on however busy a machine."""


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


class Authority:
    """An authority of its own, and the TLS settings of a server that it knows."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.file = str(folder / "ca.pem")
        authority.cert_pem.write_to_path(self.file)
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        self.server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.server.load_cert_chain(folder / "server.pem")


@pytest.fixture(params=["plain", "tls"])
def tls(request: pytest.FixtureRequest, tmp_path: Path) -> Authority | None:
    return Authority(tmp_path) if request.param == "tls" else None


class Connections:
    """A server that attends to each of the requests of a connection by `answer`, and counts both."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self._answer = answer
        self.opened = 0
        self.asked = 0
        self.gone = Event()

    def __call__(self, connection: socket.socket) -> None:
        self.opened += 1
        try:
            with connection.makefile("rb") as file:
                while read_request(file, "") is not None:
                    self.asked += 1
                    self._answer(connection)
        finally:
            self.gone.set()


@contextmanager
def served(
    answer: Callable[[socket.socket], None], tls: Authority | None = None, *, timeout: float = 60.0, places: int = 1
) -> Generator[tuple[Urllib3Transport, Connections]]:
    """A transport to a server, and the server's record of connections."""
    server = Connections(answer)
    with listening(server, tls=None if tls is None else tls.server) as port:
        url = f"http{'' if tls is None else 's'}://127.0.0.1:{port}"
        arguments: dict[str, Any] = {} if tls is None else {"ca_file": tls.file}
        with Urllib3Transport(base_url=url, timeout=timeout, max_connections=places, **arguments) as transport:
            yield transport, server


def sends(*parts: bytes) -> Callable[[socket.socket], None]:
    """Each part in a segment of its own."""

    def answer(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def endlessly(part: bytes, *, before: bytes, pause: float) -> Callable[[socket.socket], None]:
    """Sends `before`, and then the part again and again, every so many seconds, until the client has gone.

    Or for so long that a test that waits for the end has failed.
    """

    def answer(connection: socket.socket) -> None:
        connection.sendall(before)
        ends = time.monotonic() + 2 * SOON
        while time.monotonic() < ends:
            Event().wait(pause)
            connection.sendall(part)
        raise ConnectionAbortedError

    return answer


def opened(transport: Urllib3Transport, request: HttpRequest = GET) -> Body:
    return value_or_raise(transport.open(request))


def broken(chunk: Chunk) -> Interrupted:
    assert is_failure(chunk), chunk
    error = chunk.failure()
    assert isinstance(error, Interrupted)
    return error


@contextmanager
def soon() -> Generator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SOON


# --- reading --------------------------------------------------------------------------------------


def test_a_read_that_waits_in_vain_is_over_when_its_time_is(tls: Authority | None) -> None:
    with served(sends(CHUNKED + EVENT), tls) as (transport, server):
        body = opened(transport)
        assert body.read(SOON) == Success(b"data: 1\n\n")
        with soon():
            silence = body.read(0.05)
        assert broken(silence) == Interrupted("read_timeout", "the server was silent for 0.05 s")
        assert body.read() == silence, "what is left of the body is given up"
        assert server.gone.wait(SOON), "and the connection with it"
        body.close()
        opened(transport).close()  # its place is free


def test_a_read_waits_no_longer_than_the_transport_does_whatever_it_is_given() -> None:
    with served(sends(CHUNKED), timeout=0.1) as (transport, _):
        with soon():
            silence = opened(transport).read(2 * SOON)
        assert broken(silence) == Interrupted("read_timeout", "the server was silent for 0.1 s")


def test_what_came_with_the_head_is_read_in_no_time(tls: Authority | None) -> None:
    with served(sends(CHUNKED + EVENT + EVENT), tls) as (transport, _):
        body = opened(transport)
        assert body.read(0.0) == Success(b"data: 1\n\ndata: 1\n\n")
        assert broken(body.read(0.0)).kind == "read_timeout"


def test_what_the_layers_beneath_hold_is_read_in_no_time(tls: Authority | None) -> None:
    """One record of TLS is more than one buffer of http.client: the socket is silent, and there is more to read."""
    with served(sends(SIZED + b"x" * 12_000), tls) as (transport, _):
        body = opened(transport)
        read = b""
        while len(read) < 12_000:
            read += value_or_raise(body.read(0.0 if read else SOON))
        assert read == b"x" * 12_000
        assert broken(body.read(0.0)).kind == "read_timeout"


@pytest.mark.parametrize("framing", ["chunked", "compressed"])
def test_the_time_of_a_read_is_for_all_of_it_however_little_comes_at_a_time(framing: str) -> None:
    """Bytes that are none of the body yet: of the size of a chunk, and of a compressed block without a byte."""
    if framing == "chunked":
        answer = endlessly(b"0", before=CHUNKED, pause=0.0002)
    else:
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10]
        answer = endlessly(b"\x00\x00\x00\xff\xff", before=head, pause=0.0002)
    with served(answer) as (transport, _):
        body = opened(transport)
        with soon():
            assert broken(body.read(0.1)) == Interrupted("read_timeout", "the server was silent for 0.1 s")


def test_a_read_in_time_gives_the_end_of_a_body_and_the_connection_back(tls: Authority | None) -> None:
    with served(sends(CHUNKED, EVENT, LAST), tls) as (transport, server):
        for _ in range(5):
            body = opened(transport)
            chunks: list[bytes] = []
            while chunk := value_or_raise(body.read(SOON)):
                chunks.append(chunk)
            assert chunks == [b"data: 1\n\n"]
            assert body.read(0.0) == Success(b"")
        assert (server.asked, server.opened) == (5, 1)


def test_a_read_in_time_is_ended_by_a_closing(tls: Authority | None) -> None:
    with served(sends(CHUNKED + EVENT), tls) as (transport, _), ThreadPoolExecutor(1) as threads:
        body = opened(transport)
        assert body.read() == Success(b"data: 1\n\n")
        reading = threads.submit(body.read, 10.0)
        body.close()
        assert is_failure(reading.result(timeout=SOON))


# --- closing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        (CHUNKED + EVENT, LAST),
        (CHUNKED + EVENT, EVENT, EVENT, LAST),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\ndata: 1\n\n", b"end"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(gzip.compress(b"all")),
            gzip.compress(b"all"),
        ),
    ],
    ids=["the last chunk", "more chunks", "sized", "compressed"],
)
def test_closing_reads_on_for_an_end_that_is_on_its_way(parts: tuple[bytes, ...], tls: Authority | None) -> None:
    with served(sends(*parts), tls) as (transport, server):
        for reads in (1, 0, 1):
            body = opened(transport)
            for _ in range(reads):
                assert value_or_raise(body.read())
            body.close(SOON)
            assert reads or body.read() == NOT_OPEN, "what was read there is thrown away"
        assert (server.asked, server.opened) == (3, 1)


def test_closing_without_time_gives_the_connection_up(tls: Authority | None) -> None:
    held = Event()

    def answer(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + EVENT)
        held.wait(SOON)
        connection.sendall(LAST)

    with served(answer, tls) as (transport, server):
        body = opened(transport)
        assert value_or_raise(body.read())
        body.close()
        held.set()
        assert body.read() == NOT_OPEN
        opened(transport).close()
    assert (server.asked, server.opened) == (2, 2)


@pytest.mark.parametrize("pause", [0.0, 0.001, 0.02])
def test_closing_drops_an_endless_commenter(pause: float, tls: Authority | None) -> None:
    """After its time altogether, however often it comments."""
    comments = 0

    def answer(connection: socket.socket) -> None:
        nonlocal comments
        connection.sendall(CHUNKED + EVENT)
        while True:
            Event().wait(pause)
            connection.sendall(b"3\r\n:\n\n\r\n")
            comments += 1

    with served(answer, tls) as (transport, server):
        body = opened(transport)
        assert value_or_raise(body.read())
        with soon():
            body.close(0.05)
        assert server.gone.wait(SOON)
        assert body.read() == NOT_OPEN
    assert comments * pause < SOON


def test_closing_does_not_read_on_where_the_end_would_be_that_of_the_connection() -> None:
    with served(sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab")) as (transport, server):
        body = opened(transport)
        assert body.read() == Success(b"ab")
        with soon():
            body.close(10.0)
        assert server.gone.wait(SOON)


def test_closing_that_reads_on_is_ended_by_another_closing(tls: Authority | None) -> None:
    with served(sends(CHUNKED + EVENT), tls) as (transport, _), ThreadPoolExecutor(1) as threads:
        body = opened(transport)
        assert value_or_raise(body.read())
        closing = threads.submit(body.close, 10.0)
        body.close()
        closing.result(timeout=SOON)
        assert body.read() == NOT_OPEN


def test_closing_with_time_ends_a_read_of_another_thread_at_once(tls: Authority | None) -> None:
    with served(sends(CHUNKED + EVENT), tls) as (transport, _), ThreadPoolExecutor(1) as threads:
        body = opened(transport)
        assert value_or_raise(body.read())
        reading = threads.submit(body.read)
        wait_until_it_is_read(body)
        with soon():
            body.close(10.0)
        assert is_failure(reading.result(timeout=SOON))


def wait_until_it_is_read(body: Any) -> None:
    """Return once another thread waits for a chunk: from then on nothing else can take the lock of the body."""
    deadline = time.monotonic() + SOON
    while not body._busy.locked():
        assert time.monotonic() < deadline


def test_bodies_that_are_closed_in_many_threads_keep_their_connections_apart() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + EVENT)
        connection.sendall(LAST)

    def streams(thread: int) -> None:
        for _ in range(25):
            body = opened(transport)
            assert body.read(SOON) == Success(b"data: 1\n\n")
            body.close(SOON)

    with served(answer, places=16) as (transport, server), ThreadPoolExecutor(16) as threads:
        for _ in threads.map(streams, range(16), timeout=60):
            pass
        assert server.asked == 16 * 25
        assert server.opened <= 16


# --- the whole exchange ---------------------------------------------------------------------------


def test_an_exchange_takes_no_longer_than_its_total(tls: Authority | None) -> None:
    """However lively the server is; what was received by then is kept."""
    request = HttpRequest("GET", "/responses/resp_1", total=0.2)
    with served(endlessly(b"1\r\nx\r\n", before=CHUNKED + EVENT, pause=0.005), tls) as (transport, server):
        with soon():
            result = transport(request)
        assert is_failure(result)
        error = result.failure()
        assert isinstance(error, Interrupted)
        assert (error.kind, error.reason) == ("read_timeout", "the exchange took longer than 0.2 s")
        assert error.partial is not None
        assert error.partial.body.startswith(b"data: 1\n\nx")
        assert server.gone.wait(SOON)


def test_the_total_of_a_body_that_is_opened_counts_from_the_call(tls: Authority | None) -> None:
    request = HttpRequest("GET", "/responses/resp_1", total=0.2)
    with served(endlessly(b"1\r\nx\r\n", before=CHUNKED + EVENT, pause=0.005), tls) as (transport, _):
        body = opened(transport, request)
        with soon():
            while not is_failure(chunk := body.read(SOON)) and chunk.unwrap():
                pass
        assert broken(chunk) == Interrupted("read_timeout", "the exchange took longer than 0.2 s")


def test_a_silent_server_is_waited_for_no_longer_than_the_total() -> None:
    with answering(b"", hold=True) as base_url, Urllib3Transport(base_url=base_url, timeout=60.0) as transport:
        with soon():
            result = transport(HttpRequest("GET", "/x", total=0.1))
        assert result == Failure(Interrupted("read_timeout", "the exchange took longer than 0.1 s"))


def test_a_connection_that_takes_longer_than_the_total_is_not_sent(tmp_path: Path) -> None:
    def handle(connection: socket.socket) -> None:
        while connection.recv(65536):  # and no answer to the handshake
            pass

    with (
        listening(handle) as port,
        Urllib3Transport(base_url=f"https://127.0.0.1:{port}", connect_timeout=2 * SOON) as transport,
        soon(),
    ):
        result = transport(HttpRequest("GET", "/x", total=0.1))
    assert result == Failure(NotSent("connect_timeout", f"127.0.0.1:{port}: no connection within 0.1 s"))


def test_the_time_that_a_read_has_is_told_where_it_is_what_ran_out() -> None:
    with served(sends(CHUNKED)) as (transport, _):
        body = opened(transport, HttpRequest("GET", "/x", total=10.0))
        assert broken(body.read(0.05)) == Interrupted("read_timeout", "the server was silent for 0.05 s")


def test_an_answer_in_time_is_given_whatever_the_total() -> None:
    service = Recorder(HttpResponse(status=200, body=b"in time"))
    with serving(service) as base_url, Urllib3Transport(base_url=base_url) as transport:
        request = HttpRequest("GET", "/x", total=SOON)
        assert value_or_raise(transport(request)).body == b"in time"
        body = opened(transport, request)
        assert [body.read(), body.read()] == [Success(b"in time"), Success(b"")]


@pytest.mark.parametrize("seconds", [0, -1.0, True, "5", float("nan"), float("inf"), 1e9])
def test_a_total_that_is_no_number_of_seconds_is_not_sent(seconds: Any) -> None:
    request = HttpRequest("GET", "/x", total=seconds)
    with serving(repeat_request) as base_url, Urllib3Transport(base_url=base_url) as transport:
        for result in (transport(request), transport.open(request)):
            assert is_failure(result)
            error = result.failure()
            assert isinstance(error, NotSent)
            assert (error.kind, "total" in error.reason) == ("invalid_request", True)


# --- a whole program ------------------------------------------------------------------------------


def expired(result: object) -> WaitExpired:
    error = error_in(result)
    assert isinstance(error, WaitExpired), error
    return error


def test_a_program_takes_no_longer_than_its_limit_however_lively_the_server_is(tls: Authority | None) -> None:
    answers = iter([sends(DELETED), sends(DELETED)])
    drips = endlessly(b"1\r\nx\r\n", before=CHUNKED, pause=0.005)

    def answer(connection: socket.socket) -> None:
        next(answers, drips)(connection)

    with served(answer, tls) as (transport, server):
        program = delete_response("a").bind(lambda _: delete_response("b")).bind(lambda _: delete_response("c"))
        with soon():
            error = expired(run(within(retrying(program), 0.3), transport))
        assert server.gone.wait(SOON)
    assert (error.polls, error.limit, error.may_have_acted, server.asked) == (2, 0.3, True, 3)
    assert 0.29 <= error.elapsed < SOON
    assert error.last.body.startswith(b"x")


def test_a_stream_takes_no_longer_than_its_limit_and_leaves_what_it_had_emitted(tls: Authority | None) -> None:
    created = b'data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"queued"}}\n\n'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    first = f"{len(created):x}\r\n".encode() + created + b"\r\n"
    with served(endlessly(b"2\r\n:\n\r\n", before=head + first, pause=0.005), tls) as (transport, server):
        with soon():
            created_event, last = iterate(within(stream_response(model="m", input="x"), 0.3), transport)
        assert server.gone.wait(SOON), "its body is closed"
    assert not isinstance(created_event, Failure)
    assert created_event.type == "response.created"
    assert (expired(last).limit, expired(last).polls, server.asked) == (0.3, 1, 1)


def test_a_program_that_is_over_in_time_leaves_its_connection_to_the_next() -> None:
    with served(sends(DELETED)) as (transport, server):
        for _ in range(3):
            assert run(within(delete_response("a"), SOON), transport).unwrap().deleted
        assert (server.opened, server.asked) == (1, 3)
