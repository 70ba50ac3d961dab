"""What the transport for event loops has of its own: loaded late, one request a call, connections, loops, processes."""

from __future__ import annotations

import asyncio
import copy
import gc
import logging
import pickle
import socket
import subprocess
import sys
import traceback
import warnings
import weakref
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec
from threading import Barrier, Event, Lock, current_thread
from typing import Any

import pytest
from loops import InALoop
from returns.result import Failure

from puresponse.core import HttpRequest, HttpResponse, NotSent, is_failure, value_or_raise
from puresponse.transports import (
    AiohttpTransport,
    AsyncStreamingTransport,
    StreamingTransport,
    Urllib3Transport,
)
from puresponse.transports.aiohttp.sessions import after_fork_in_child
from puresponse.transports.testing.contract.transports import Recorder, repeat_request
from puresponse.transports.testing.loopback import Service, listening, read_request, response_bytes, serving

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1")
CLOSED = Failure(NotSent("invalid_request", "the transport is closed"))
OK = response_bytes(HttpResponse(status=200, body=b"{}"))
PATIENCE = 10.0


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


class Counting:
    """Attends to connections as a server does, and counts them, and those that are open."""

    def __init__(self, service: Service = repeat_request) -> None:
        self._service = service
        self._lock = Lock()
        self.connections = 0
        self.open = 0

    def __call__(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self.open += 1
        with connection.makefile("rb") as file, suppress(OSError):
            while (request := read_request(file, "")) is not None:
                connection.sendall(response_bytes(self._service(request)))
        with self._lock:
            self.open -= 1


@contextmanager
def counting(service: Service = repeat_request) -> Generator[tuple[Counting, str]]:
    server = Counting(service)
    with listening(server) as port:
        yield server, f"http://127.0.0.1:{port}"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.001)


LOADING = """
import sys
from puresponse.transports import AiohttpTransport, Urllib3Transport, in_threads
assert "aiohttp" not in sys.modules and "asyncio" in sys.modules
AiohttpTransport(api_key="")
assert "aiohttp" in sys.modules
"""


def test_aiohttp_is_loaded_where_a_transport_is_made() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_aiohttp_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str) -> ModuleSpec | None:
        assert name == "aiohttp"
        return None

    monkeypatch.setattr("puresponse.transports.aiohttp.transport.find_spec", find_spec)
    with pytest.raises(ImportError, match=r"^AiohttpTransport needs aiohttp: pip install 'puresponse\[aiohttp\]'$"):
        AiohttpTransport(api_key=KEY)


def test_it_is_an_asynchronous_transport_that_opens() -> None:
    transport = AiohttpTransport(api_key=KEY)
    assert isinstance(transport, AsyncStreamingTransport)
    assert not isinstance(transport, StreamingTransport)


def test_it_takes_the_arguments_that_the_blocking_one_takes() -> None:
    from inspect import signature

    ours, theirs = (
        {name: (taken.kind, taken.default) for name, taken in signature(made).parameters.items()}
        for made in (AiohttpTransport, Urllib3Transport)
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"timeout": 0}, "timeout"),
        ({"connect_timeout": -1}, "connect_timeout"),
        ({"total": float("nan")}, "total"),
        ({"max_connections": 0}, "max_connections"),
        ({"max_head": 1.5}, "max_head"),
        ({"max_body": True}, "max_body"),
        ({"proxy": "ftp://127.0.0.1"}, "proxy"),
        ({"base_url": "https://user:hush@gateway.example/v1"}, "base_url"),
        ({"api_key": "sk hush"}, "api_key"),
        ({"ca_file": "/none.pem"}, "ca_file"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_and_not_shown(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=f"invalid argument '{named}'") as raised:
        AiohttpTransport(**given)
    assert "hush" not in str(raised.value)


def bytes_sent(request: HttpRequest, make: Callable[..., Any]) -> bytes:
    received = bytearray()

    def handle(connection: socket.socket) -> None:
        while not received.endswith(b"\r\n\r\n" + (request.body or b"")):
            received.extend(connection.recv(65536))
        connection.sendall(OK)

    with listening(handle) as port:
        settings: dict[str, Any] = {
            "api_key": KEY,
            "organization": "org-1",
            "default_headers": {"X-Team": "blue", "X-Auth-Token": "hush"},
            "default_query": {"sig": "0123456789", "tenant": "t"},
        }
        with make(base_url=f"http://127.0.0.1:{port}/v1", **settings) as transport:
            value_or_raise(transport(request))
        return bytes(received).replace(str(port).encode(), b"PORT")


@pytest.mark.parametrize(
    "request_",
    [
        GET,
        HttpRequest("get", "/responses/a%2Fb%20c%25%C3%A9/x~!$&'()*+,;=:@", (("a[]", "1 +é"), ("a[]", ""))),
        HttpRequest(
            "POST", "/responses", (("tenant", "mine"),), (("x-team", "red"), ("X-1", "1"), ("X-1", "2")), b"{}"
        ),
        HttpRequest("POST", "/responses/resp_1/cancel"),
        HttpRequest("DELETE", "/responses/resp_1", (), (("Cookie-Free", "yes"),), b""),
    ],
)
def test_what_is_sent_is_byte_for_byte_what_the_blocking_transport_sends(request_: HttpRequest) -> None:
    sent = bytes_sent(request_, InALoop)
    assert sent == bytes_sent(request_, Urllib3Transport)
    assert sent.startswith(request_.method.encode() + b" /v1" + request_.path.encode())
    assert b"Authorization: Bearer " + KEY.encode() in sent


def test_a_cookie_that_is_set_is_not_sent_and_not_shown() -> None:
    service = Recorder(HttpResponse(status=200, headers=(("Set-Cookie", "session=hush; Path=/"),)))
    with serving(service) as base_url, InALoop(base_url=base_url) as transport:
        shown = [repr(transport(GET)) for _ in range(2)]
    assert "hush" not in "".join(shown)
    assert "[redacted]" in shown[0]
    assert all(name.lower() != "cookie" for request in service.requests for name, _ in request.headers)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "POST"])
def test_a_request_on_a_kept_connection_that_the_server_resets_is_sent_once(method: str) -> None:
    seen: list[HttpRequest] = []

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            for data in (OK, b""):
                request = read_request(file, "")
                assert request is not None
                seen.append(request)
                connection.sendall(data)

    with listening(handle) as port, InALoop(base_url=f"http://127.0.0.1:{port}") as transport:
        value_or_raise(transport(GET))
        error = transport(HttpRequest(method, "/again", (), (), b"", idempotent=True)).failure()
    assert [request.path for request in seen] == [GET.path, "/again"]
    assert str(error) == "interrupted (reset): the server closed the connection without an answer"


def test_connections_are_kept_shared_by_tasks_and_limited() -> None:
    together = Barrier(4, timeout=PATIENCE)

    def service(request: HttpRequest) -> HttpResponse:
        together.wait()
        return repeat_request(request)

    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url, max_connections=4) as transport:
            for _ in range(3):
                requests = [HttpRequest("GET", f"/{number}") for number in range(8)]
                answers = await asyncio.gather(*map(transport, requests))
                assert [answer.unwrap().body.decode() for answer in answers] == [
                    f"/{number} None" for number in range(8)
                ]

    with counting(service) as (server, base_url):
        asyncio.run(scene(base_url))
    assert server.connections == 4


def test_a_call_that_gets_no_connection_in_time_is_not_sent() -> None:
    arrived, release = Event(), Event()

    def service(request: HttpRequest) -> HttpResponse:
        arrived.set()
        release.wait(PATIENCE)
        return repeat_request(request)

    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url, max_connections=1) as transport:
            first = asyncio.create_task(transport(GET))
            await until(arrived.is_set)
            late = await transport(HttpRequest("GET", "/late", timeout=0.1))
            assert late == Failure(NotSent("connect_timeout", "all connections were in use for 0.1 s"))
            release.set()
            assert value_or_raise(await first).status == 200
            assert value_or_raise(await transport(GET)).status == 200

    recorder = Counting(service)
    with listening(recorder) as port:
        asyncio.run(scene(f"http://127.0.0.1:{port}"))
    assert recorder.connections == 1


def test_a_connection_is_probed_each_minute_so_that_no_router_forgets_it() -> None:
    with counting() as (_, base_url), InALoop(base_url=base_url) as transport:
        value_or_raise(transport(GET))
        port = int(base_url.rpartition(":")[2])
        (connection,) = (one for one in gc.get_objects() if isinstance(one, socket.socket) and is_to(one, port))
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60


def is_to(connection: socket.socket, port: int) -> bool:
    """Whether a socket is a client's, connected to that port."""
    with suppress(OSError, IndexError):
        return bool(connection.getpeername()[1] == port)
    return False


def test_a_transport_that_was_closed_sends_nothing_more_and_may_be_closed_again() -> None:
    async def scene(base_url: str) -> None:
        transport = AiohttpTransport(base_url=base_url)
        value_or_raise(await transport(GET))
        await transport.aclose()
        await until(lambda: server.open == 0)
        assert await transport(GET) == CLOSED
        assert await transport.open(GET) == CLOSED
        await transport.aclose()
        async with AiohttpTransport(base_url=base_url) as left:
            assert value_or_raise(await left(GET)).status == 200
        assert await left(GET) == CLOSED
        unused = AiohttpTransport(base_url=base_url)
        await unused.aclose()
        assert await unused(GET) == CLOSED

    with counting() as (server, base_url):
        asyncio.run(scene(base_url))
    assert server.connections == 2


def test_a_call_under_way_ends_as_it_would_when_the_transport_is_closed() -> None:
    arrived, release = Event(), Event()

    def service(request: HttpRequest) -> HttpResponse:
        arrived.set()
        release.wait(PATIENCE)
        return repeat_request(request)

    async def scene(base_url: str) -> None:
        transport = AiohttpTransport(base_url=base_url)
        call = asyncio.create_task(transport(GET))
        await until(arrived.is_set)
        await transport.aclose()
        release.set()
        assert value_or_raise(await call).status == 200
        await until(lambda: server.open == 0)

    with counting(service) as (server, base_url):
        asyncio.run(scene(base_url))


def test_each_loop_has_connections_of_its_own_which_end_with_it() -> None:
    with counting() as (server, base_url), warnings.catch_warnings():
        warnings.simplefilter("error")
        transport = AiohttpTransport(base_url=base_url)
        loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

        async def scene() -> None:
            loops.append(weakref.ref(asyncio.get_running_loop()))
            opened = value_or_raise(await transport.open(GET))
            for _ in range(2):
                assert value_or_raise(await transport(GET)).status == 200
            assert opened.answer.status == 200  # and left open

        for _ in range(3):
            asyncio.run(scene())
        assert server.connections == 6
        asyncio.run(until(lambda: server.open == 0))
        gc.collect()
        asyncio.run(transport.aclose())
    assert [loop() for loop in loops[:2]] == [None, None]


def test_loops_in_several_threads_use_one_transport_and_whoever_closes_it_closes_it_for_all() -> None:
    together = Barrier(4, timeout=PATIENCE)

    def in_a_thread(number: int) -> str:
        async def scene() -> str:
            answer = value_or_raise(await transport(HttpRequest("GET", f"/{number}")))
            await asyncio.to_thread(together.wait)
            if number == 0:
                await transport.aclose()
                closed.set()
            await until(closed.is_set)
            await asyncio.sleep(0)
            assert await transport(GET) == CLOSED
            return answer.body.decode()

        return asyncio.run(scene())

    closed = Event()
    with counting() as (server, base_url), ThreadPoolExecutor(4) as threads:
        transport = AiohttpTransport(base_url=base_url)
        assert list(threads.map(in_a_thread, range(4))) == [f"/{number} None" for number in range(4)]
    assert server.connections == 4


def test_connections_of_a_transport_that_nobody_has_any_more_are_closed() -> None:
    async def scene(base_url: str) -> None:
        value_or_raise(await AiohttpTransport(base_url=base_url)(GET))
        gc.collect()
        await until(lambda: server.open == 0)

    with counting() as (server, base_url):
        asyncio.run(scene(base_url))


def test_a_copy_is_the_transport_and_a_pickle_has_its_settings_but_no_credential() -> None:
    settings: dict[str, Any] = {
        "base_url": "http://127.0.0.1/v1",
        "timeout": 7.0,
        "proxy": "http://user:hush-proxy@127.0.0.1:3128",
        "default_headers": {"X-Auth": "hush-header", "X-Team": "blue"},
        "default_query": {"api-key": "hush-query", "tenant": "t"},
    }
    transport = AiohttpTransport(api_key=KEY, **settings)
    assert copy.copy(transport) is transport
    assert copy.deepcopy([transport])[0] is transport
    pickled = pickle.dumps(transport)
    assert b"hush" not in pickled
    assert KEY.encode() not in pickled
    twin = pickle.loads(pickled)
    assert isinstance(twin, AiohttpTransport)
    assert (twin.base_url, pickle.dumps(twin)) == (transport.base_url, pickled)


def test_the_key_is_in_no_repr_no_attribute_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def parrot(request: HttpRequest) -> HttpResponse:
        said = "; ".join(f"{name}={value}" for name, value in request.headers)
        return HttpResponse(status=401, headers=(("X-Said", said),), body=said.encode())

    with serving(parrot) as base_url, InALoop(base_url=base_url, api_key=KEY) as transport:
        response = value_or_raise(transport(GET))
        attributes: dict[str, object] = vars(transport.transport)
        shown = [repr(transport.transport), repr(attributes), repr(response), caplog.text]
        shown += [repr(vars(value)) for value in attributes.values() if hasattr(value, "__dict__")]
    assert repr(transport.transport) == f"AiohttpTransport(base_url='{base_url}', api_key=[redacted])"
    assert b"Authorization=Bearer [redacted]" in response.body
    assert KEY not in "".join(shown)


def test_the_key_is_in_no_report_of_a_crash_that_prints_local_variables() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(64)
        arrived.set()
        leave.wait(PATIENCE)

    async def scene(base_url: str, proxy: str) -> str:
        async with AiohttpTransport(base_url=base_url, api_key=KEY, proxy=proxy) as transport:
            task = asyncio.create_task(transport(HttpRequest("POST", "/x", (), (("X-1", "1"),), b"x" * 2**24)))
            await until(arrived.is_set)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
        leave.set()
        report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
        del report.stack[0]  # this one
        return "".join(report.format())

    for scheme, proxied in (("http", False), ("https", True)):
        arrived, leave = Event(), Event()
        with listening(handle) as port:
            base_url = f"{scheme}://api.invalid" if proxied else f"http://127.0.0.1:{port}"
            report = asyncio.run(scene(base_url, f"http://user:hush-0123456789@127.0.0.1:{port}" if proxied else ""))
        assert "data = [redacted]" in report
        assert KEY not in report
        assert "hush" not in report


FORKING = """
import asyncio, os, sys
from puresponse.core.http import HttpRequest
from puresponse.transports import AiohttpTransport

transport, closed = AiohttpTransport(base_url=sys.argv[1]), AiohttpTransport(base_url=sys.argv[1])
asyncio.run(closed.aclose())
loop = asyncio.new_event_loop()

async def ask(who):
    for number in range(20):
        asked = HttpRequest("POST", f"/{who}/{number}", (), (), b"x" * number)
        answer = (await transport(asked)).unwrap().body.decode()
        assert answer == f"{asked.path} {asked.body!r}", f"{asked.path} got {answer}"
    assert type(await closed(HttpRequest("GET", "/"))).__name__ == "Failure"

loop.run_until_complete(ask("before"))
child = os.fork()
if child == 0:
    asyncio.run(ask("child"))
    os._exit(0)
loop.run_until_complete(ask("parent"))
loop.run_until_complete(transport.aclose())
loop.run_until_complete(asyncio.sleep(0))
loop.close()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_does_not_read_the_answers_of_its_parent() -> None:
    with counting() as (server, base_url):
        command = [sys.executable, "-W", "error", "-c", FORKING, base_url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.connections == 2


def test_after_a_fork_the_connections_of_the_parent_are_left_alone() -> None:
    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url) as transport:
            value_or_raise(await transport(GET))
            after_fork_in_child()
            value_or_raise(await transport(GET))
            assert server.open == 2

    with counting() as (server, base_url):
        asyncio.run(scene(base_url))
    assert server.connections == 2


def test_a_name_is_resolved_in_a_thread_that_nobody_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, leave = Event(), Event()
    daemons: set[bool] = set()

    def getaddrinfo(*arguments: object) -> list[Any]:
        daemons.add(current_thread().daemon)
        asked.set()
        leave.wait(PATIENCE)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def scene() -> None:
        async with AiohttpTransport(base_url="http://slow.invalid", connect_timeout=0.1) as transport:
            late = await transport(GET)
            assert is_failure(late)
            assert str(late.failure()) == "not sent (connect_timeout): slow.invalid:80: no connection within 0.1 s"
            assert asked.is_set()
            task = asyncio.create_task(transport(GET))
            for _ in range(10):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

    asyncio.run(asyncio.wait_for(scene(), PATIENCE / 2))
    leave.set()
    assert daemons == {True}
