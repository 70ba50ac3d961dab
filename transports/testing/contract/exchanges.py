"""The laws of exchanges that can be given up, for a transport of any kind; `exchanges_network` has more for some.

The laws of `transports` run here through `begin`: their calls begin an exchange, and ask for its result. So a transport
is put through them once more, and for one that opens bodies a third time, by `begin_open`.

A service that is asked in the midst of an exchange gives that up itself, and answers all the same: so nothing here has
to guess how far an exchange is.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from threading import Barrier, Event, Thread
from typing import Any

from returns.result import Result

from ....core.errors import Error, Interrupted, NotSent
from ....core.http import HttpRequest, HttpResponse
from ....core.results import is_failure
from ....core.steps import Answer
from ...bodies import read_to_end
from ...contract import AbandonableStreamingTransport, AbandonableTransport, Body, Exchange, Transport
from ..loopback import Service
from .streaming import body_of, read_whole
from .transports import Recorder, TransportContract, expect, response_of

_GIVEN_UP = HttpRequest("DELETE", "/responses/given_up")
_NEXT = HttpRequest("DELETE", "/responses/next")
_ANSWER = HttpResponse(status=200, body=b'{"id":"resp_1"}')
_LARGE = HttpResponse(status=200, body=b"0123456789abcdef" * 2**17)
_THREADS = 8
_A_WHILE = 0.03
"""Seconds in which threads that go on do so."""
_MANY = 120
"""More exchanges than a transport is likely to have places for."""


class AbandonableTransportContract(TransportContract):
    """The laws of `AbandonableTransport`. A subclass says how to make the transport, and pytest runs the laws.

    The parameters of its methods are those of `TransportContract`; `transport` is one that was made.
    """

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        """Make a transport whose requests reach `service`, and which returns what that answers."""
        raise NotImplementedError("a subclass of AbandonableTransportContract says how to make a transport")

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        """Make a transport that begins exchanges, for the laws of all transports."""
        return _by_beginning(self.make_abandonable_transport(service))

    def begin(self, transport: Any, request: HttpRequest) -> Exchange[Any]:
        """The exchange that the laws are asked of."""
        exchange: Exchange[Any] = transport.begin(request)
        return exchange

    def test_beginning_an_exchange_sends_nothing(self) -> None:
        """Asking for its result does."""
        service = Recorder(_ANSWER)
        with self.make_abandonable_transport(service) as transport:
            exchange = self.begin(transport, _NEXT)
            expect(
                service.requests == [], "an exchange was begun, and its request was sent before its result was asked"
            )
            succeeded(exchange.result(), "an exchange")
            expect(len(service.requests) == 1, f"one exchange sent {len(service.requests)} requests")

    def test_an_exchange_is_performed_once_however_often_its_result_is_asked(self) -> None:
        """Whoever asks again gets the same."""
        service = Recorder(_ANSWER)
        with self.make_abandonable_transport(service) as transport:
            exchange = self.begin(transport, _NEXT)
            first = exchange.result()
            succeeded(first, "an exchange")
            for _ in range(3):
                again = exchange.result()
                expect(again == first, f"the result of an exchange is {first}, and asked again {again}")
            expect(len(service.requests) == 1, f"one exchange sent {len(service.requests)} requests")

    def test_all_threads_that_ask_get_the_same_result(self) -> None:
        """Those that ask while another performs it wait for that."""
        requests: list[HttpRequest] = []
        together = Barrier(_THREADS)

        def service(request: HttpRequest) -> HttpResponse:
            requests.append(request)
            Event().wait(_A_WHILE)  # in which all the others ask
            return _ANSWER

        def ask(_: int) -> Result[Any, Error]:
            together.wait(self.patience)
            return exchange.result()

        with self.make_abandonable_transport(service) as transport, ThreadPoolExecutor(_THREADS) as threads:
            exchange = self.begin(transport, _NEXT)
            results = list(threads.map(ask, range(_THREADS)))
            for result in results:
                succeeded(result, "an exchange")
                expect(result == results[0], f"of one exchange, two threads have the results {results[0]} and {result}")
            expect(len(requests) == 1, f"one exchange sent {len(requests)} requests")

    def test_what_is_given_up_before_it_is_sent_never_is(self) -> None:
        """By this thread or another, once or twice: the result is a `NotSent`, however often it is asked."""
        service = Recorder(_ANSWER)
        with self.make_abandonable_transport(service) as transport:
            for times in (1, 2):
                for give_up in (_give_up, _give_up_elsewhere):
                    exchange = self.begin(transport, _GIVEN_UP)
                    for _ in range(times):
                        give_up(exchange)
                    for _ in range(2):
                        expect_unsent(exchange.result(), "what was given up before it was sent")
            expect(service.requests == [], "a request was sent that had been given up")
            succeeded(self.begin(transport, _NEXT).result(), "the exchange after one that was given up")

    def test_what_is_given_up_while_the_server_has_the_request_is_interrupted(self) -> None:
        """By any thread, once or twice: whatever the server answers then."""
        for times in (1, 2):
            for give_up in (_give_up, _give_up_elsewhere):
                begun: list[Exchange[Any]] = []
                asked: list[str] = []

                def service(
                    request: HttpRequest,
                    asked: list[str] = asked,
                    begun: list[Exchange[Any]] = begun,
                    times: int = times,
                    give_up: Any = give_up,
                ) -> HttpResponse:
                    asked.append(request.path)
                    if request.path == _GIVEN_UP.path:
                        for _ in range(times):
                            give_up(begun[0])
                    return _ANSWER

                with self.make_abandonable_transport(service) as transport:
                    begun.append(self.begin(transport, _GIVEN_UP))
                    for _ in range(2):
                        expect_interrupted(begun[0].result(), "what was given up while the server had the request")
                    succeeded(self.begin(transport, _NEXT).result(), "the exchange after one that was given up")
                expect(asked == [_GIVEN_UP.path, _NEXT.path], f"two exchanges sent requests for {asked}")

    def test_whoever_waits_for_what_is_given_up_has_the_same_result(self) -> None:
        """Not only the thread that performs it."""
        begun: list[Exchange[Any]] = []
        results: list[Result[Any, Error]] = []

        def ask() -> None:
            results.append(begun[0].result())

        def service(request: HttpRequest) -> HttpResponse:
            others.start()
            begun[0].give_up()
            return _ANSWER

        others = Thread(target=ask, daemon=True)
        with self.make_abandonable_transport(service) as transport:
            begun.append(self.begin(transport, _GIVEN_UP))
            expect_interrupted(begun[0].result(), "what was given up while the server had the request")
            others.join(self.patience)
            expect(not others.is_alive(), "who waits for an exchange that was given up is not told")
        expect_interrupted(results[0], "what another thread gave up while the server had the request")

    def test_what_is_given_up_when_it_is_over_keeps_its_result(self) -> None:
        """Once or twice: what was received was received."""
        service = Recorder(HttpResponse(status=404, body=b'{"error":{}}'))
        with self.make_abandonable_transport(service) as transport:
            exchange = self.begin(transport, _NEXT)
            first = exchange.result()
            for _ in range(2):
                exchange.give_up()
                again = exchange.result()
                expect(again == first, f"an exchange that was over returned {first}, and when it was given up {again}")

    def test_what_was_given_up_leaves_room_for_others(self) -> None:
        """However many there were, before they were sent and while the server had them."""
        begun: list[Exchange[Any]] = []

        def service(request: HttpRequest) -> HttpResponse:
            if request.path == _GIVEN_UP.path:
                begun[-1].give_up()
            return _ANSWER

        with self.make_abandonable_transport(service) as transport:
            for _ in range(_MANY):
                self.begin(transport, _GIVEN_UP).give_up()
                begun.append(self.begin(transport, _GIVEN_UP))
                expect_interrupted(begun[-1].result(), "what was given up while the server had the request")
            succeeded(self.begin(transport, _NEXT).result(), f"the exchange after {_MANY} that were given up")


class AbandonableStreamingTransportContract(AbandonableTransportContract):
    """The laws of `AbandonableStreamingTransport`, for its `begin_open`: of an exchange whose result is a body.

    The parameters of its methods are those of `TransportContract`; `transport` is one that was made.
    """

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        """Make a transport whose requests reach `service`, and which returns what that answers."""
        raise NotImplementedError("a subclass of AbandonableStreamingTransportContract says how to make a transport")

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableStreamingTransport]:
        """Make the same transport, for the laws of all exchanges."""
        return self.make_abandonable_streaming_transport(service)

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        """Make a transport that begins to open and reads, for the laws of all transports."""
        return _by_beginning_to_open(self.make_abandonable_streaming_transport(service))

    def begin(self, transport: Any, request: HttpRequest) -> Exchange[Any]:
        """The exchange that the laws are asked of."""
        exchange: Exchange[Any] = transport.begin_open(request)
        return exchange

    def test_a_body_whose_exchange_is_given_up_is_closed(self) -> None:
        """Not read, and read in part: of what was not, no byte is returned."""
        for chunks in (0, 1):
            with self.make_abandonable_streaming_transport(Recorder(_LARGE)) as transport:
                exchange = transport.begin_open(_GIVEN_UP)
                body = body_of(exchange.result(), "a body")
                read = b"".join(body.read().value_or(b"") for _ in range(chunks))
                exchange.give_up()
                exchange.give_up()
                rest, _ = read_to_end(body.read)
                is_closed = not rest or len(read) == len(_LARGE.body)
                expect(is_closed, f"the exchange of a body was given up, and {len(rest)} bytes of it could be read")
                answer = response_of(read_whole(body_of(transport.open(_NEXT), "the next body")), "the next body")
                expect(answer.body == _LARGE.body, "the body after one that was given up is another")


def succeeded(result: Result[Any, Error], what: str) -> None:
    """Fail the law where `what` has no success. A body is closed."""
    expect(not is_failure(result), f"{what} must be a Success, not {result}")
    close: Any = getattr(result.unwrap(), "close", None)
    if close is not None:
        close()


def expect_unsent(result: Result[Any, Error], what: str) -> None:
    """Fail the law where the result of `what` says anything but that it was given up, and not sent."""
    error = result.failure() if is_failure(result) else result
    fits = isinstance(error, NotSent) and error.kind == "given_up"
    expect(fits, f"{what} must be NotSent('given_up'), not {error!r}")


def expect_interrupted(result: Result[Any, Error], what: str) -> None:
    """Fail the law where the result of `what` says anything but that it was given up, and may have been sent."""
    error = result.failure() if is_failure(result) else result
    fits = isinstance(error, Interrupted) and error.kind == "given_up"
    expect(fits, f"{what} must be Interrupted('given_up'), not {error!r}")


def _give_up(exchange: Exchange[Any]) -> None:
    exchange.give_up()


def _give_up_elsewhere(exchange: Exchange[Any]) -> None:
    thread = Thread(target=exchange.give_up)
    thread.start()
    thread.join()


@contextmanager
def _by_beginning(made: AbstractContextManager[AbandonableTransport]) -> Generator[Transport]:
    """A transport that calls by beginning an exchange, and asking for its result."""

    def exchange(request: HttpRequest) -> Answer:
        return transport.begin(request).result()

    with made as transport:
        yield exchange


@contextmanager
def _by_beginning_to_open(made: AbstractContextManager[AbandonableStreamingTransport]) -> Generator[Transport]:
    """A transport that calls by beginning to open a body, reading it to its end, and closing it."""

    def exchange(request: HttpRequest) -> Answer:
        opened: Result[Body, Error] = transport.begin_open(request).result()
        if is_failure(opened):
            return opened
        body = opened.unwrap()
        try:
            return read_whole(body)
        finally:
            body.close()

    with made as transport:
        yield exchange
