"""Exchanges in an event loop have the values that they have over urllib3, and end the moment that their task does."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Semaphore, Thread
from typing import Any

import pytest
import trustme
from loops import InALoop
from returns.result import Failure, Result, Success

from puresponse.core import Chunk, Error, HttpRequest, HttpResponse, Interrupted, NotSent, is_failure, value_or_raise
from puresponse.core.http import find_header
from puresponse.transports import AiohttpTransport, AsyncBody, Body, Urllib3Transport
from puresponse.transports.aiohttp.exchange import Line
from puresponse.transports.aiohttp.wire import Wire
from puresponse.transports.network.timeouts import Limits
from puresponse.transports.testing.contract.transports import Recorder, repeat_request
from puresponse.transports.testing.loopback import answering, listening, read_request, refusing, response_bytes, serving

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1")
PATIENCE = 10.0
IMPATIENCE = 0.15
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def coded(body: bytes, coding: bytes = b"gzip") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (coding, len(body), body)


ANSWERS = {
    "nothing": b"",
    "a status and no more": b"HTTP/1.1 200",
    "half a head": b"HTTP/1.1 200 OK\r\nX: y\r\n",
    "a greeting": b"220 mail.example ESMTP\r\n\r\n",
    "HTML": b"<html>a proxy's</html>",
    "an old head": b"HTTP/1.0 200 OK\r\nX: y\r\n\r\nold",
    "a folded header": b"HTTP/1.1 200 OK\r\nX: y\r\n z\r\nContent-Length: 2\r\n\r\n{}",
    "lines that end in LF": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "no header": b"HTTP/1.1 200 OK\r\nnone\r\n\r\n",
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + SIZED + b"twelve bytes",
    "too many interim answers": b"HTTP/1.1 103 Early\r\n\r\n" * 17 + SIZED + b"twelve bytes",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "a whole body": SIZED + b"twelve bytes",
    "a short body": SIZED + b"eleven byte",
    "a long body": SIZED + b"thirteen bytes",
    "no body, and one": b"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "a length of letters": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
    "chunks": CHUNKED + b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX: y\r\n\r\n",
    "chunks without the last": CHUNKED + b"2\r\nhe\r\n",
    "half a chunk": CHUNKED + b"5\r\nhe",
    "garbage after a chunk": CHUNKED + b"2\r\nhe\r\nxyz\r\n",
    "garbage in place of chunks": CHUNKED + b"xyz\r\n",
    "a body that ends with its connection": b"HTTP/1.1 200 OK\r\n\r\nto the end",
    "a 404": b"HTTP/1.1 404 No\r\nContent-Length: 28\r\n\r\nyour key is " + KEY[:16].encode(),
    "a 500 with the key": b"HTTP/1.1 500 No\r\n\r\nBearer " + KEY.encode(),
    "gzip": coded(gzip.compress(b"hello" * 40_000)),
    "gzip, cut off": coded(gzip.compress(b"hello" * 40_000))[:-300],
    "gzip that is none": coded(b'{"id": 1}'),
    "an unknown coding": coded(b"hello", b"x-zip"),
    "a redirect": b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_the_value_that_it_has_over_urllib3(name: str) -> None:
    seen: list[HttpRequest] = []
    with answering(ANSWERS[name], seen=seen) as base_url:
        # A transport each: whether a connection that the server closes is still kept is chance.
        for ask in (called, in_chunks):
            with Urllib3Transport(base_url=base_url, api_key=KEY) as transport:
                expected = ask(transport)
            with InALoop(base_url=base_url, api_key=KEY) as transport:
                assert ask(transport) == expected
    assert len(seen) == 4


def called(transport: Any) -> Any:
    return transport(GET)


def in_chunks(transport: Any) -> Any:
    """The head, the body as far as it was received, and how it ended."""
    opened: Result[Body, Error] = transport.open(GET)
    if is_failure(opened):
        return opened.failure()
    body = opened.unwrap()
    received = b""
    while not isinstance(chunk := body.read(), Failure) and chunk.unwrap():
        received += chunk.unwrap()
    assert body.read() == chunk
    body.close()
    return body.answer, received, chunk


def held(data: bytes, repeated: bytes, pause: float) -> Callable[[socket.socket], None]:
    """A server that answers with `data`, and goes on sending, if only to hold the connection."""

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
        connection.sendall(data)
        while repeated:  # until the client has gone: an OSError
            Event().wait(pause)
            connection.sendall(repeated)
        connection.recv(1)

    return handle


LIMITS: dict[str, tuple[Callable[[socket.socket], None], dict[str, Any], str, str]] = {
    "a head": (held(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 2000, 0.0), {"max_head": 9000}, "limit", "9000 bytes"),
    "a body": (held(CHUNKED, b"5\r\nhello\r\n" * 900, 0.0), {"max_body": 5000}, "limit", "5000 bytes"),
    "a bomb": (
        held(coded(gzip.compress(b"0" * 6_000_000)), b"", 0.0),
        {"max_body": 100_000},
        "limit",
        "100000 bytes when it is decoded",
    ),
    "a drip": (
        held(CHUNKED, b"1\r\n:\r\n", 0.02),
        {"total": IMPATIENCE},
        "read_timeout",
        f"longer than {IMPATIENCE} s",
    ),
    "a flood": (
        held(CHUNKED, b"5\r\nhello\r\n" * 900, 0.0),
        {"total": IMPATIENCE},
        "read_timeout",
        f"longer than {IMPATIENCE} s",
    ),
    "interim answers": (
        held(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
        {"total": PATIENCE},
        "limit",
        "more than 16 interim answers",
    ),
    "silence": (held(SIZED, b"", 0.0), {"timeout": IMPATIENCE}, "read_timeout", f"silent for {IMPATIENCE} s"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_nothing_outlives_its_limit_and_the_error_says_which_it_was(name: str) -> None:
    handle, settings, kind, reason = LIMITS[name]

    def gone(connection: socket.socket) -> None:
        with suppress(OSError):
            handle(connection)

    began = time.monotonic()
    with listening(gone) as port, InALoop(base_url=f"http://127.0.0.1:{port}", **settings) as transport:
        error = transport(GET).failure()
    assert isinstance(error, Interrupted)
    assert (error.kind, reason in error.reason) == (kind, True), error
    assert time.monotonic() - began < PATIENCE / 2


class Flood:
    """A connection on which something is there whenever it is asked."""

    has_news = True

    def take(self) -> bytes:
        return b"more"


def test_a_flood_that_is_faster_than_its_reader_ends_with_the_total() -> None:
    wire: Any = Flood()
    session: Any = None
    line = Line(session, wire, Limits(1.0, 1.0, 1.0, time.monotonic()))
    assert line.receive() == b"more"
    with pytest.raises(TimeoutError):
        line.receive()


def test_the_total_of_a_request_bounds_all_of_it_also_where_nothing_was_sent() -> None:
    request = HttpRequest("GET", "/", total=IMPATIENCE)

    def handle(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    with listening(handle) as port:
        with InALoop(base_url=f"http://127.0.0.1:{port}") as transport:
            error = transport(request).failure()
        assert error == Interrupted("read_timeout", f"the exchange took longer than {IMPATIENCE} s")
        with InALoop(base_url=f"https://127.0.0.1:{port}") as transport:
            error = transport(request).failure()
        assert error == NotSent("connect_timeout", f"127.0.0.1:{port}: no connection within {IMPATIENCE} s")
    for wrong in (
        HttpRequest("GET", "/", timeout=0),
        HttpRequest("GET", "/", total=-1),
        HttpRequest("GET", "no slash"),
    ):
        with InALoop(base_url="http://127.0.0.1:9") as transport:
            error = transport(wrong).failure()
        assert isinstance(error, NotSent)
        assert error.kind == "invalid_request"


def test_a_server_that_takes_no_request_is_given_up_in_time() -> None:
    leave = Event()

    def handle(connection: socket.socket) -> None:
        leave.wait(PATIENCE)

    with (
        listening(handle) as port,
        InALoop(base_url=f"http://127.0.0.1:{port}", timeout=IMPATIENCE) as transport,
    ):
        error = transport(HttpRequest("POST", "/", (), (), b"x" * 2**25)).failure()
        leave.set()
    assert error == Interrupted("read_timeout", f"the server did not take the request within {IMPATIENCE} s")


def test_an_answer_before_all_was_sent_is_the_answer_and_its_connection_is_not_kept() -> None:
    connections: list[bytes] = []
    leave = Event()

    def handle(connection: socket.socket) -> None:
        connections.append(connection.recv(1024))
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
        leave.wait(PATIENCE)  # and reads no more: not all of the request can be sent

    with listening(handle) as port, InALoop(base_url=f"http://127.0.0.1:{port}") as transport:
        for count in (1, 2):
            assert value_or_raise(transport(HttpRequest("POST", "/", (), (), b"x" * 2**25))).status == 413
            assert len(connections) == count
        leave.set()


def test_a_read_with_no_time_takes_what_is_there() -> None:
    sent = Event()

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
            connection.sendall(SIZED)
            connection.sendall(b"data: 1\n\n")
            sent.set()
            file.read()

    with listening(handle) as port, InALoop(base_url=f"http://127.0.0.1:{port}") as transport:
        body = value_or_raise(transport.open(GET))
        assert sent.wait(PATIENCE)
        Event().wait(0.01)  # on its way
        assert body.read(0) == Success(b"data: 1\n\n")
        assert body.read(0) == Failure(Interrupted("read_timeout", "the server was silent for 0 s"))
        body.close()


def test_closing_lingers_for_the_end_and_keeps_the_connection() -> None:
    connections: list[socket.socket] = []
    go_on = Semaphore(0)

    def handle(connection: socket.socket) -> None:
        connections.append(connection)
        with connection.makefile("rb") as file:
            while read_request(file, "") is not None:
                connection.sendall(CHUNKED + b"5\r\nhello\r\n")
                go_on.acquire(timeout=PATIENCE)
                connection.sendall(b"0\r\n\r\n")

    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url) as transport:
            for within in (PATIENCE, PATIENCE, 0.0, PATIENCE):
                body = value_or_raise(await transport.open(GET))
                assert await body.read() == Success(b"hello")
                asyncio.get_running_loop().call_later(0.01, go_on.release)
                await body.close(within)
                assert isinstance(await body.read(), Failure)
                await body.close()

    with listening(handle) as port:
        asyncio.run(scene(f"http://127.0.0.1:{port}"))
    assert len(connections) == 2


class Watched:
    """A server that does so with each connection, and notes what it receives until the connection ends."""

    def __init__(self, first: Callable[[socket.socket], object]) -> None:
        self._first = first
        self.reached, self.gone = Event(), Event()
        self.received = b""

    def __call__(self, connection: socket.socket) -> None:
        try:
            self._first(connection)
            self.reached.set()
            while data := connection.recv(65536):
                self.received += data
        except OSError:
            pass
        self.gone.set()


def waits_for_the_request(connection: socket.socket) -> None:
    connection.recv(65536)


def waits_with_an_answer(data: bytes) -> Callable[[socket.socket], None]:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(data)

    return handle


def takes_little(connection: socket.socket) -> None:
    connection.recv(16)


PHASES: dict[str, tuple[str, dict[str, Any], Callable[[socket.socket], object], bytes | None]] = {
    "in the handshake": ("https://127.0.0.1:{}", {}, takes_little, None),
    "in a proxy's CONNECT": ("https://api.invalid", {"proxy": "http://127.0.0.1:{}"}, waits_for_the_request, None),
    "in the handshake in a tunnel": (
        "https://api.invalid",
        {"proxy": "http://127.0.0.1:{}"},
        waits_with_an_answer(b"HTTP/1.1 200 OK\r\n\r\n"),
        None,
    ),
    "while sending": ("http://127.0.0.1:{}", {}, takes_little, b"x" * 2**25),
    "while waiting": ("http://127.0.0.1:{}", {}, waits_for_the_request, None),
    "in the head": ("http://127.0.0.1:{}", {}, waits_with_an_answer(b"HTTP/1.1 200"), None),
    "in the body": ("http://127.0.0.1:{}", {}, waits_with_an_answer(SIZED + b"half"), None),
}


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("opens", [False, True])
def test_a_cancelled_task_closes_its_connection_at_once_and_frees_its_place(phase: str, opens: bool) -> None:
    base_url, settings, first, body = PHASES[phase]
    server = Watched(first)

    async def scene(port: int) -> None:
        made = {name: value.format(port) for name, value in settings.items()}
        async with AiohttpTransport(base_url=base_url.format(port), max_connections=1, **made) as transport:
            request = HttpRequest("POST", "/", (), (), body)
            task = asyncio.create_task(read_whole(transport, request) if opens else transport(request))
            assert await asyncio.to_thread(server.reached.wait, PATIENCE)
            await asyncio.sleep(0.005)  # for what was sent by then
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(server.gone.wait, PATIENCE)
            second = await transport(HttpRequest("GET", "/", timeout=IMPATIENCE))  # has the only place
            assert "all connections" not in str(second)

    with listening(server) as port:
        asyncio.run(asyncio.wait_for(scene(port), PATIENCE))
    if phase.startswith("in the handshake"):
        assert b"HTTP/1.1" not in server.received


def test_what_was_not_sent_when_the_task_is_cancelled_never_is() -> None:
    reached, go_on, gone = Event(), Event(), Event()
    received = 0

    def handle(connection: socket.socket) -> None:
        nonlocal received
        connection.recv(16)
        reached.set()
        go_on.wait(PATIENCE)
        with suppress(OSError):
            while data := connection.recv(65536):
                received += len(data)
        gone.set()

    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url) as transport:
            task = asyncio.create_task(transport(HttpRequest("POST", "/", (), (), b"x" * 2**26)))
            assert await asyncio.to_thread(reached.wait, PATIENCE)
            task.cancel()
            await asyncio.wait([task])
            go_on.set()
            assert await asyncio.to_thread(gone.wait, PATIENCE)

    with listening(handle) as port:
        asyncio.run(scene(f"http://127.0.0.1:{port}"))
    assert received < 2**25


def test_a_connection_that_the_server_has_closed_is_no_more_sound_before_the_loop_has_seen_it() -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        own, other = socket.socketpair()
        _, wire = await loop.create_connection(lambda: Wire(loop), sock=own)
        assert wire.is_sound()
        other.sendall(b"unasked")
        assert wire.is_clean()
        assert not wire.is_sound()
        wire.end()
        other.close()
        await asyncio.sleep(0)

    asyncio.run(scene())


async def read_whole(transport: AiohttpTransport, request: HttpRequest) -> Chunk:
    body = value_or_raise(await transport.open(request))
    while not isinstance(chunk := await body.read(), Failure) and chunk.unwrap():
        pass
    return chunk


def test_a_task_that_is_cancelled_while_it_waits_for_a_place_sends_nothing() -> None:
    server = Watched(waits_for_the_request)

    async def scene(port: int) -> None:
        async with AiohttpTransport(base_url=f"http://127.0.0.1:{port}", max_connections=1) as transport:
            first = asyncio.create_task(transport(GET))
            assert await asyncio.to_thread(server.reached.wait, PATIENCE)
            second = asyncio.create_task(transport(HttpRequest("DELETE", "/never")))
            await asyncio.sleep(0.005)
            for task in (second, first):
                task.cancel()
                await asyncio.wait([task])
            assert await asyncio.to_thread(server.gone.wait, PATIENCE)

    with listening(server) as port:
        asyncio.run(scene(port))
    assert b"never" not in server.received


@pytest.mark.parametrize("within", [0.0, PATIENCE])
def test_a_body_that_another_task_closes_ends_for_the_one_that_reads(within: float) -> None:
    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url) as transport:
            body: AsyncBody = value_or_raise(await transport.open(GET))
            reading = asyncio.create_task(body.read())
            await asyncio.sleep(0.005)
            began = time.monotonic()
            await asyncio.gather(body.close(within), body.close())
            assert isinstance(await reading, Failure)
            assert await reading == await body.read()
            assert time.monotonic() - began < PATIENCE / 2

    with answering(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", hold=True) as base_url:
        asyncio.run(scene(base_url))


class Proxy:
    """A proxy on loopback, which answers plain requests itself and lets tunnels through. It remembers both."""

    def __init__(self, consent: bytes = b"HTTP/1.1 200 Connected\r\n\r\n") -> None:
        self._consent = consent
        self.plain = Recorder(HttpResponse(status=200, body=b"from the proxy"))
        self.tunnels: list[HttpRequest] = []

    def __call__(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                if request.method != "CONNECT":
                    connection.sendall(response_bytes(self.plain(request)))
                    continue
                self.tunnels.append(request)
                host, _, port = request.path.partition(":")
                with socket.create_connection((host, int(port))) as origin:
                    connection.sendall(self._consent)
                    back = Thread(target=relay, args=(origin, connection))
                    back.start()
                    relay(connection, origin)
                    back.join()
                return


def relay(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Certified:
    """The TLS settings of a server on loopback, and the file of the authority that vouches for it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self.server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        self.server.load_cert_chain(folder / "server.pem")


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return Certified(tmp_path_factory.mktemp("certificates"))


@contextmanager
def running(proxy: Proxy, *, tls: ssl.SSLContext | None = None) -> Generator[str]:
    with listening(proxy, tls=tls) as port:
        yield f"127.0.0.1:{port}"


def test_a_plain_request_goes_to_the_proxy_of_the_environment_with_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = Proxy()
    with running(proxy) as address:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:p%40ss%20word@{address}")
        with InALoop(base_url="http://api.invalid/v1", api_key=KEY) as transport:
            for _ in range(2):
                assert value_or_raise(transport(GET)).body == b"from the proxy"
            assert "p@ss" not in repr(vars(transport.transport))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with serving(repeat_request) as base_url, InALoop(base_url=base_url) as transport:
            assert value_or_raise(transport(GET)).body == repeat_request(GET).body
    request = proxy.plain.requests[1]
    assert request.path == "http://api.invalid/v1/responses/resp_1"
    assert find_header(request.headers, "Host") == "api.invalid"
    assert find_header(request.headers, "Proxy-Authorization") == "Basic dXNlcjpwQHNzIHdvcmQ="
    assert find_header(request.headers, "Authorization") == f"Bearer {KEY}"


@pytest.mark.parametrize("through_tls", [False, True])
def test_a_request_over_tls_goes_through_a_tunnel_that_learns_nothing(through_tls: bool, certified: Certified) -> None:
    proxy, service = Proxy(), Recorder(HttpResponse(status=200, body=b"from the server"))
    scheme, tls = ("https", certified.server) if through_tls else ("http", None)
    with (
        serving(service, tls=certified.server) as base_url,
        running(proxy, tls=tls) as address,
        InALoop(
            base_url=base_url,
            api_key=KEY,
            proxy=f"{scheme}://user:p%40ss%20word@{address}",
            ca_file=certified.ca_file,
        ) as transport,
    ):
        for _ in range(2):
            assert value_or_raise(transport(GET)).body == b"from the server"
    (tunnel,) = proxy.tunnels
    assert tunnel.path == base_url.removeprefix("https://").removesuffix("/v1")
    assert find_header(tunnel.headers, "Proxy-Authorization") == "Basic dXNlcjpwQHNzIHdvcmQ="
    assert find_header(tunnel.headers, "Authorization") is None
    assert find_header(service.requests[0].headers, "Authorization") == f"Bearer {KEY}"
    assert find_header(service.requests[0].headers, "Proxy-Authorization") is None


def test_a_plain_request_can_go_to_a_proxy_over_tls(certified: Certified) -> None:
    proxy = Proxy()
    with (
        running(proxy, tls=certified.server) as address,
        InALoop(base_url="http://api.invalid", proxy=f"https://{address}", ca_file=certified.ca_file) as transport,
    ):
        assert value_or_raise(transport(GET)).body == b"from the proxy"


def test_what_fails_on_the_way_to_a_proxy_or_through_it_is_told_apart(certified: Certified) -> None:
    def error(base_url: str, proxy: str) -> NotSent | Interrupted:
        with InALoop(base_url=base_url, proxy=proxy) as transport:
            found = transport(GET).failure()
        assert isinstance(found, NotSent | Interrupted)
        return found

    with refusing() as nowhere:
        address = nowhere.removeprefix("http://")
        for base_url in ("http://api.invalid", "https://api.invalid"):
            refused = error(base_url, nowhere)
            assert refused == NotSent("proxy", f"the proxy {address}: Connection refused")
    assert error("https://api.invalid", "http://no-such-host.invalid").kind == "proxy"
    for answer, said in (
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407 Proxy Authentication Required"),
        (b"garbage\r\n\r\n", "not HTTP"),
        (b"", "closed the connection"),
    ):
        with answering(answer) as proxy:
            found = error("https://api.invalid", proxy)
        assert isinstance(found, NotSent)
        assert (found.kind, said in found.reason) == ("proxy", True), found
    for base_url in ("http://api.invalid", "https://api.invalid"):
        with running(Proxy(), tls=certified.server) as address:
            found = error(base_url, f"https://{address}")
        assert (type(found), found.kind) == (NotSent, "proxy")
    with serving(repeat_request, tls=certified.server) as base_url, running(Proxy()) as address:
        found = error(base_url, address)
    assert (type(found), found.kind) == (NotSent, "tls")
    # Whoever takes what follows the head for the server's, or throws it away, trusts the proxy with the tunnel.
    more = Proxy(b"HTTP/1.1 200 Connected\r\n\r\nmore")
    with (
        serving(repeat_request, tls=certified.server) as base_url,
        running(more) as address,
        InALoop(base_url=base_url, proxy=address, ca_file=certified.ca_file) as transport,
    ):
        told = transport(GET).failure()
    assert told == NotSent("proxy", f"the proxy {address}: it sent more than a head, where it was to make a tunnel")
    with answering(b"") as proxy:
        found = error("http://api.invalid", proxy)
    assert found == Interrupted("reset", "the server closed the connection without an answer")
