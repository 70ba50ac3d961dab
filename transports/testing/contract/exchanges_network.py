"""The laws of exchanges that are given up over the network, in each of the phases that one goes through.

Each is given up twice through a transport with one connection: where the second gets as far as the first, the place of
the first was free. Servers and resolvers say how far it got; where nobody can (a connection that is waited for), the
thread is given up once it takes no more time of the processor.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Event, Thread, current_thread, main_thread
from typing import Any, ClassVar

from returns.result import Result

from ....core.errors import Error, Interrupted
from ....core.http import HttpRequest, HttpResponse
from ....core.results import is_failure
from ...contract import AbandonableStreamingTransport, AbandonableTransport
from ..loopback import Service, listening, read_request, response_bytes, serving
from .exchanges import (
    AbandonableStreamingTransportContract,
    AbandonableTransportContract,
    expect_interrupted,
    expect_unsent,
    succeeded,
)
from .streaming import body_of, chunk_of
from .streaming_network import FRAMINGS
from .transports import expect

_GIVEN_UP = HttpRequest("POST", "/given_up", (), (), b"{}")
_NEXT = HttpRequest("POST", "/next", (), (), b"{}")
_LARGE = HttpRequest("POST", "/given_up", (), (), bytes(2**25))
"""More than the systems on both sides take for a server that does not read."""
_ANSWER = HttpResponse(status=200, body=b"{}")
_NAME = "a-name-that-resolves-slowly.test"


class AbandonableNetworkTransportContract(AbandonableTransportContract):
    """The laws of `AbandonableTransport`, for one that uses the network, in whatever phase an exchange is given up.

    `max_connections` is how many connections there may be at once, and `proxy` the URL of a proxy, empty for none. The
    other parameters of its methods are those of `NetworkTransportContract`.
    """

    moment: ClassVar[float] = 2.0
    """Seconds in which the result of what was given up has to be there."""

    def make_abandonable_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_connections: int = 100,
        proxy: str = "",
        ca_file: str | None = None,
    ) -> AbstractContextManager[AbandonableTransport]:
        """Make a transport to that base URL.

        Args:
            base_url: Of plain HTTP or HTTPS, on 127.0.0.1 or of a name in `.test`.
            timeout: Connect timeout and read timeout in seconds.
            max_connections: How many connections are open at once, at most; further calls wait.
            proxy: URL of an HTTP proxy; an empty one goes without.
            ca_file: PEM file of the only authority to trust.
        """
        raise NotImplementedError("a subclass of AbandonableNetworkTransportContract says how to make a transport")

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        """Make a transport to `service`, put behind a server on loopback."""
        return _served(service, self.make_abandonable_transport_to)

    def test_given_up_while_a_name_is_resolved(self) -> None:
        """Resolving cannot be broken off: whoever does it is left behind, in a thread that holds up no exit."""
        with _resolving_slowly() as (asked, threads), serving(_answering) as base_url:
            slow = base_url.replace("127.0.0.1", _NAME)
            with self.make_abandonable_transport_to(slow, max_connections=1) as transport:
                for _ in range(2):
                    asked.clear()
                    result = self._given_up(transport, _GIVEN_UP, asked, "while its name is resolved")
                    expect_unsent(result, "what is given up while a name is resolved")
        for thread in threads:
            expect(thread.daemon, "the thread that resolves a name holds up the exit of the interpreter")

    def test_given_up_while_it_waits_for_a_connection(self) -> None:
        """All of which are in use."""
        has_request = Event()
        paths: list[str] = []

        def handle(connection: socket.socket) -> None:
            with connection.makefile("rb") as file:
                while (request := read_request(file, "")) is not None:
                    paths.append(request.path)
                    if request.path != "/holds":
                        connection.sendall(response_bytes(_ANSWER))
                    has_request.set()

        with listening(handle) as port, self._to(f"http://127.0.0.1:{port}") as transport:
            holding = self.begin(transport, HttpRequest("GET", "/holds"))
            thread = Thread(target=holding.result, daemon=True)
            thread.start()
            expect(has_request.wait(self.patience), "the first request did not arrive")
            for _ in range(2):
                result = self._given_up(transport, _GIVEN_UP, None, "while it waits for a connection")
                expect_unsent(result, "what is given up while it waits for a connection")
            holding.give_up()
            self._ended(thread, "while the server is silent")
            succeeded(self.begin(transport, _NEXT).result(), "the exchange after those that were given up")
        expect(paths == ["/holds", "/next"], f"the server was asked for {paths}")

    def test_given_up_while_it_connects(self) -> None:
        """To a server that accepts no more, whose system does not answer."""
        paths: list[str] = []
        with _full() as (port, accept), self._to(f"http://127.0.0.1:{port}") as transport:
            for _ in range(2):
                result = self._given_up(transport, _GIVEN_UP, None, "while it connects")
                expect_unsent(result, "what is given up while it connects")
            with accept(paths):
                succeeded(self.begin(transport, _NEXT).result(), "the exchange after those that were given up")
        expect(paths == ["/next"], f"the server was asked for {paths}")

    def test_given_up_while_a_proxy_is_asked_for_a_tunnel(self) -> None:
        """Which it does not make."""
        server = _Silent(head=b"\r\n\r\n")
        with (
            _attended_by(server) as port,
            self._to("https://service.test", proxy=f"http://127.0.0.1:{port}") as transport,
        ):
            for _ in range(2):
                result = self._given_up(transport, _GIVEN_UP, server.asked, "while a proxy makes no tunnel")
                expect_unsent(result, "what is given up while a proxy makes no tunnel")
                self._is_gone(server, "while a proxy makes no tunnel")
        expect(server.rest == b"", f"after it was given up, {server.rest!r} was sent to a proxy")

    def test_given_up_in_the_handshake(self) -> None:
        """Which the server does not answer."""
        server = _Silent(head=b"")
        with _attended_by(server) as port, self._to(f"https://127.0.0.1:{port}") as transport:
            for _ in range(2):
                result = self._given_up(transport, _GIVEN_UP, server.asked, "in the handshake")
                expect_unsent(result, "what is given up in the handshake")
                self._is_gone(server, "in the handshake")

    def test_given_up_while_it_sends(self) -> None:
        """To a server that does not read all: it has seen a part of the request."""
        server = _Silent(head=b"\r\n\r\n", reads_on=False)
        with _attended_by(server) as port, self._to(f"http://127.0.0.1:{port}") as transport:
            for _ in range(2):
                result = self._given_up(transport, _LARGE, server.asked, "while it sends")
                server.goes_on.set()
                expect_interrupted(result, "what is given up while it sends")
                self._is_gone(server, "while it sends")
        expect(len(server.rest) < len(_LARGE.body or b""), "all was sent of what was given up while it was sent")

    def test_given_up_while_it_waits_for_the_answer(self) -> None:
        """The server has all, and has said nothing, or some of the head."""
        for said in (b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"):
            server = _Silent(head=b"\r\n\r\n{}", says=said)
            with _attended_by(server) as port, self._to(f"http://127.0.0.1:{port}") as transport:
                for _ in range(2):
                    result = self._given_up(transport, _GIVEN_UP, server.asked, "while it waits for the answer")
                    expect_interrupted(result, "what is given up while it waits for the answer")
                    self._is_gone(server, "while it waits for the answer")
            expect(server.rest == b"", f"after it was given up, {server.rest!r} was sent")

    def test_given_up_while_the_body_is_read(self) -> None:
        """However it is framed. What is kept of it was received."""
        for framing, (head, first, _) in FRAMINGS.items():
            what = f"what is given up in a body that is {framing}"
            server = _Silent(head=b"\r\n\r\n{}", says=head + first)
            with _attended_by(server) as port, self._to(f"http://127.0.0.1:{port}") as transport:
                for _ in range(2):
                    result = self._given_up_in_the_body(transport, server.asked, framing)
                    if result is not None:
                        expect_interrupted(result, what)
                        _is_part(result, what)
                    self._is_gone(server, "while the body is read")

    def _to(self, base_url: str, *, proxy: str = "") -> AbstractContextManager[AbandonableTransport]:
        return self.make_abandonable_transport_to(base_url, timeout=3 * self.patience, max_connections=1, proxy=proxy)

    def _given_up_in_the_body(self, transport: Any, asked: Event, framing: str) -> Result[Any, Error] | None:
        """Give up an exchange while its body is read; its result, where it has one by then."""
        return self._given_up(transport, _GIVEN_UP, asked, f"in a body that is {framing}")

    def _given_up(self, transport: Any, request: HttpRequest, reached: Event | None, when: str) -> Result[Any, Error]:
        """Give up an exchange that has `reached` so far, and waits; its result."""
        results: list[Result[Any, Error]] = []
        exchange = self.begin(transport, request)
        thread = Thread(target=lambda: results.append(exchange.result()), daemon=True)
        thread.start()
        if reached is not None:
            expect(reached.wait(self.patience), f"an exchange that was to be given up {when} did not get so far")
            reached.clear()
        _let_it_wait(thread)
        exchange.give_up()
        self._ended(thread, when)
        return results[0]

    def _ended(self, thread: Thread, when: str) -> None:
        thread.join(self.moment)
        expect(not thread.is_alive(), f"what was given up {when} has no result after {self.moment} s")

    def _is_gone(self, server: _Silent, when: str) -> None:
        expect(server.gone.wait(self.patience), f"what was given up {when} keeps its connection")
        server.gone.clear()
        server.goes_on.clear()


class AbandonableStreamingNetworkTransportContract(
    AbandonableNetworkTransportContract, AbandonableStreamingTransportContract
):
    """The laws of `AbandonableStreamingTransport`, for the `begin_open` of one that uses the network.

    The parameters of its methods are those of `AbandonableNetworkTransportContract`.
    """

    def make_abandonable_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_connections: int = 100,
        proxy: str = "",
        ca_file: str | None = None,
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        """Make a transport, as `AbandonableNetworkTransportContract.make_abandonable_transport_to` has it."""
        raise NotImplementedError(
            "a subclass of AbandonableStreamingNetworkTransportContract says how to make a transport"
        )

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        """Make a transport to `service`, put behind a server on loopback."""
        return _served(service, self.make_abandonable_streaming_transport_to)

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableStreamingTransport]:
        """Make the same transport, for the laws of all exchanges."""
        return self.make_abandonable_streaming_transport(service)

    def make_abandonable_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_connections: int = 100,
        proxy: str = "",
        ca_file: str | None = None,
    ) -> AbstractContextManager[AbandonableTransport]:
        """Make the same transport, for the laws of all exchanges over the network."""
        return self.make_abandonable_streaming_transport_to(
            base_url, timeout=timeout, max_connections=max_connections, proxy=proxy, ca_file=ca_file
        )

    def _given_up_in_the_body(self, transport: Any, asked: Event, framing: str) -> None:
        exchange = self.begin(transport, _GIVEN_UP)
        body = body_of(exchange.result(), f"a body that is {framing}")
        first = chunk_of(body.read(), f"a chunk of a body that is {framing}")
        expect(b"data: 1\n\n".startswith(first), f"the first chunk of a body that is {framing} is {first!r}")
        rest: list[bytes] = []
        thread = Thread(target=lambda: rest.append(body.read().value_or(b"")), daemon=True)
        thread.start()
        _let_it_wait(thread)
        exchange.give_up()
        self._ended(thread, f"in a body that is {framing}")
        asked.clear()


class _Silent:
    """A server that reads as far as `head`, `says` something, and then waits until the client is gone."""

    def __init__(self, *, head: bytes, says: bytes = b"", reads_on: bool = True) -> None:
        self.head = head
        self.says = says
        self.reads_on = reads_on
        self.asked, self.goes_on, self.gone = Event(), Event(), Event()
        self.rest = b""

    def __call__(self, connection: socket.socket) -> None:
        received = b""
        while not received or self.head not in received:
            if not (data := connection.recv(65536)):
                return
            received += data
        connection.sendall(self.says)
        self.asked.set()
        if not self.reads_on:
            self.goes_on.wait()
        rest: list[bytes] = []
        with suppress(ConnectionError):
            while data := connection.recv(65536):
                rest.append(data)
        self.rest = b"".join(rest)
        self.gone.set()


@contextmanager
def _attended_by(server: _Silent) -> Generator[int]:
    """Listen on a port, which this yields; when it is left, the server waits for nothing any more."""
    with listening(server) as port:
        try:
            yield port
        finally:
            server.goes_on.set()


def _answering(request: HttpRequest) -> HttpResponse:
    return _ANSWER


def _is_part(result: Result[Any, Error], what: str) -> None:
    """Fail the law where an interruption keeps what was not received."""
    error = result.failure() if is_failure(result) else None
    partial = error.partial if isinstance(error, Interrupted) else None
    fits = partial is None or (partial.status == 200 and b"data: 1\n\n".startswith(partial.body))
    expect(fits, f"{what} keeps {partial} of its answer")


def _let_it_wait(thread: Thread) -> None:
    """Return when a thread takes no time of the processor for a while: it waits for something."""
    idle = 0
    before = -1.0
    for _ in range(400):
        Event().wait(0.002)
        now = _time_of(thread)
        idle = idle + 1 if now == before else 0
        before = now
        if idle == 8:
            return


def _time_of(thread: Thread) -> float:
    """Seconds of the processor that a thread has taken; 0 where the system does not say."""
    if not hasattr(time, "pthread_getcpuclockid") or thread.ident is None or not thread.is_alive():
        return 0.0
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    except OSError:  # it has ended
        return 0.0


@contextmanager
def _resolving_slowly() -> Generator[tuple[Event, list[Thread]]]:
    """Let the name `_NAME` resolve to 127.0.0.1 once this is left, and no sooner; whether it was asked for, and where.

    The function of the standard library is replaced for that: all that resolves names in Python ends there.
    """
    asked, leaving = Event(), Event()
    threads: list[Thread] = []
    resolve: Any = socket.getaddrinfo

    def slowly(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        is_address = kwargs.get("flags", args[3] if len(args) > 3 else 0) & socket.AI_NUMERICHOST
        if is_address or host not in {_NAME, _NAME.encode()}:
            return resolve(host, port, *args, **kwargs)
        if current_thread() is not main_thread():
            threads.append(current_thread())
        asked.set()
        leaving.wait()
        return resolve("127.0.0.1", port, *args, **kwargs)

    replaced: Any = socket
    replaced.getaddrinfo = slowly
    try:
        yield asked, threads
    finally:
        replaced.getaddrinfo = resolve
        leaving.set()


@contextmanager
def _full() -> Generator[tuple[int, Callable[[list[str]], AbstractContextManager[None]]]]:
    """Yield a port whose system takes no more connections, and what lets it take some and answer them."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting: list[socket.socket] = []
        address = listener.getsockname()
        try:
            while len(waiting) < 64:
                one = socket.socket()
                waiting.append(one)
                one.settimeout(0.1)
                try:
                    one.connect(address)
                except TimeoutError:
                    break

            @contextmanager
            def accept(paths: list[str]) -> Generator[None]:
                leaving = Event()

                def serve() -> None:
                    while not leaving.is_set():
                        connection, _ = listener.accept()
                        with suppress(OSError), connection, connection.makefile("rb") as file:
                            if (request := read_request(file, "")) is not None:
                                paths.append(request.path)
                                connection.sendall(response_bytes(_ANSWER))

                for one in waiting:
                    one.close()
                server = Thread(target=serve)
                server.start()
                try:
                    yield
                finally:
                    leaving.set()
                    socket.create_connection(address).close()  # wakes `accept`
                    server.join()

            yield address[1], accept
        finally:
            for one in waiting:
                one.close()


@contextmanager
def _served(service: Service, make_transport_to: Callable[[str], AbstractContextManager[Any]]) -> Generator[Any]:
    with serving(service) as base_url, make_transport_to(base_url) as transport:
        yield transport
