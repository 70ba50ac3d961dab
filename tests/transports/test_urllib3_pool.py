"""The connections of a transport: kept, shared, limited, closed, and never shared with another process."""

from __future__ import annotations

import copy
import gc
import pickle
import socket
import subprocess
import sys
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Barrier, Event, Lock
from typing import Any

import pytest
from returns.result import Failure

from puresponse.core.errors import NotSent
from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import value_or_raise
from puresponse.transports.http1.addresses import origin_of
from puresponse.transports.testing.contract.transports import repeat_request
from puresponse.transports.testing.loopback import Service, listening, read_request, response_bytes, serving
from puresponse.transports.urllib3.connections import Pool, open_pool
from puresponse.transports.urllib3.fork_safety import OwnPool, after_fork_in_child
from puresponse.transports.urllib3.transport import Urllib3Transport

GET = HttpRequest("GET", "/responses/resp_1")
CLOSED = Failure(NotSent("invalid_request", "the transport is closed"))


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


class Counting:
    """Attends to connections as a server does, and counts them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = Lock()
        self.connections = 0

    def __call__(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                connection.sendall(response_bytes(self._service(request)))


def test_a_connection_is_kept_and_used_again() -> None:
    server = Counting(repeat_request)
    with listening(server) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport:
        for _ in range(20):
            value_or_raise(transport(GET))
    assert server.connections == 1


def test_a_connection_is_probed_each_minute_so_that_no_router_forgets_it() -> None:
    with (
        listening(Counting(repeat_request)) as port,
        Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport,
    ):
        value_or_raise(transport(GET))
        (connection,) = (one for one in gc.get_objects() if isinstance(one, socket.socket) and is_to(one, port))
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        for name, expected in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 60), ("TCP_KEEPCNT", 5)):
            if hasattr(socket, name):
                assert connection.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) == expected, name


def is_to(connection: socket.socket, port: int) -> bool:
    """Whether a socket is a client's, connected to that port."""
    with suppress(OSError, IndexError):
        return bool(connection.getpeername()[1] == port)
    return False


def test_a_connection_is_kept_after_an_answer_of_any_status() -> None:
    statuses = iter([404, 500, 204, 304, 429, 200])
    server = Counting(lambda request: HttpResponse(status=next(statuses)))
    with listening(server) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport:
        for _ in range(6):
            value_or_raise(transport(GET))
    assert server.connections == 1


def test_threads_use_connections_of_their_own_and_all_are_kept() -> None:
    together = Barrier(8, timeout=10)

    def service(request: HttpRequest) -> HttpResponse:
        together.wait()
        return repeat_request(request)

    server = Counting(service)
    with (
        listening(server) as port,
        Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as transport,
        ThreadPoolExecutor(8) as threads,
    ):
        for _ in range(3):
            paths = [f"/{number}" for number in range(8)]
            results = threads.map(transport, [HttpRequest("GET", path) for path in paths])
            assert [value_or_raise(result).body.decode() for result in results] == [f"{path} None" for path in paths]
    assert server.connections == 8


def test_more_calls_than_connections_wait_for_one() -> None:
    together = Barrier(2, timeout=10)

    def service(request: HttpRequest) -> HttpResponse:
        together.wait()  # passed only by two calls at once: more, and the last would be alone
        return repeat_request(request)

    server = Counting(service)
    with (
        listening(server) as port,
        Urllib3Transport(base_url=f"http://127.0.0.1:{port}", max_connections=2) as transport,
        ThreadPoolExecutor(6) as threads,
    ):
        for result in threads.map(transport, [GET] * 6):
            value_or_raise(result)
    assert server.connections == 2


def test_a_call_that_gets_no_connection_in_time_is_not_sent() -> None:
    arrived, release = Event(), Event()

    def service(request: HttpRequest) -> HttpResponse:
        arrived.set()
        release.wait(10)
        return repeat_request(request)

    with (
        serving(service) as base_url,
        Urllib3Transport(base_url=base_url, max_connections=1, timeout=0.2) as transport,
        ThreadPoolExecutor(3) as threads,
    ):
        threads.submit(transport, GET)
        assert arrived.wait(10)
        # When the first gives up its connection, one of these two gets it, and the other has waited in vain.
        waiting = [threads.submit(transport, GET) for _ in range(2)]
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        release.set()
    assert done.pop().result() == Failure(NotSent("connect_timeout", "all connections were in use for 0.2 s"))


def test_a_transport_that_was_closed_sends_nothing_more() -> None:
    server = Counting(repeat_request)
    with listening(server) as port:
        transport = Urllib3Transport(base_url=f"http://127.0.0.1:{port}")
        value_or_raise(transport(GET))
        transport.close()
        assert transport(GET) == CLOSED
        transport.close()
        with Urllib3Transport(base_url=f"http://127.0.0.1:{port}") as left:
            value_or_raise(left(GET))
        assert left(GET) == CLOSED
    assert server.connections == 2


def test_a_call_under_way_ends_as_it_would_when_the_transport_is_closed() -> None:
    arrived, release = Event(), Event()

    def service(request: HttpRequest) -> HttpResponse:
        arrived.set()
        release.wait(10)
        return repeat_request(request)

    with serving(service) as base_url, ThreadPoolExecutor(1) as thread:
        transport = Urllib3Transport(base_url=base_url)
        call = thread.submit(transport, GET)
        assert arrived.wait(10)
        transport.close()
        release.set()
        assert value_or_raise(call.result()).status == 200


def test_a_copy_of_a_transport_is_the_transport() -> None:
    transport = Urllib3Transport(api_key="sk-proj-0123456789abcdef")
    assert copy.copy(transport) is transport
    assert copy.deepcopy([transport])[0] is transport


def test_an_unpickled_transport_has_the_settings_and_connections_of_its_own() -> None:
    server = Counting(repeat_request)
    with listening(server) as port:
        base_url = f"http://127.0.0.1:{port}"
        settings: dict[str, Any] = {
            "base_url": base_url,
            "timeout": 7.0,
            "azure_api_version": "v1",
            "default_query": {"a": "1"},
        }
        with Urllib3Transport(**settings) as transport:
            value_or_raise(transport(GET))
            with pickle.loads(pickle.dumps(transport)) as twin:
                assert value_or_raise(twin(GET)).status == 200
                assert (twin.base_url, pickle.dumps(twin)) == (base_url, pickle.dumps(transport))
    assert server.connections == 2


FORKING = """
import os, sys
from puresponse.core.http import HttpRequest
from puresponse.transports.urllib3.transport import Urllib3Transport

transport, closed = Urllib3Transport(base_url=sys.argv[1]), Urllib3Transport(base_url=sys.argv[1])
closed.close()

def ask(who):
    for number in range(50):
        asked = HttpRequest("POST", f"/{who}/{number}", (), (), b"x" * number)
        answer = transport(asked).unwrap().body.decode()
        assert answer == f"{asked.path} {asked.body!r}", f"{asked.path} got {answer}"

ask("before")
child = os.fork()
ask("child" if child == 0 else "parent")
assert type(closed(HttpRequest("GET", "/"))).__name__ == "Failure"
if child == 0:
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_does_not_read_the_answers_of_its_parent() -> None:
    server = Counting(repeat_request)
    with listening(server) as port:
        command = [sys.executable, "-W", "error", "-c", FORKING, f"http://127.0.0.1:{port}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.connections == 2


def test_after_a_fork_every_pool_is_a_new_one_and_the_old_one_is_left_alone() -> None:
    def open_one() -> Pool:
        return open_pool(origin_of("http://127.0.0.1"), connect_timeout=5.0, max_connections=1, tls=None, proxy=None)

    kept, closed = OwnPool(open_one), OwnPool(open_one)
    closed.current.close()
    before, left = kept.current, closed.current
    after_fork_in_child()
    assert kept.current is not before
    assert not before.is_closed
    assert closed.current is left
    before.close()
    kept.current.close()
