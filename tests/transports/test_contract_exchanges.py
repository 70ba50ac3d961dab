"""The contract suite of exchanges passes what keeps the laws, and catches what breaks one: each is broken here."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Semaphore
from typing import Any, TypeAlias

import pytest
from returns.result import Failure, Result

from puresponse.core import Answer, Error, HttpRequest, HttpResponse, NotSent
from puresponse.transports import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    Body,
    CaptureTransport,
    CassetteRecorder,
    Exchange,
    StubTransport,
    Urllib3Transport,
)
from puresponse.transports.exchanges import PERHAPS_SENT, CallExchange
from puresponse.transports.testing.contract import (
    AbandonableNetworkTransportContract,
    AbandonableStreamingNetworkTransportContract,
    AbandonableStreamingTransportContract,
    AbandonableTransportContract,
    Service,
    TransportContract,
)

pytestmark = pytest.mark.unmeasured
"""What the laws cover of the transports, other tests do with fewer calls."""


def laws_of(contract: type[TransportContract]) -> set[str]:
    return {name for name in dir(contract) if name.startswith("test_")}


OF_ALL = laws_of(TransportContract)
"""The laws of all transports, which `test_contract_suite` has."""


def breaks(contract: TransportContract, law: str) -> bool:
    """Whether the transport of `contract` breaks this law, and the law says how."""
    try:
        getattr(contract, law)()
    except AssertionError as error:
        return bool(str(error))
    return False


# --- what keeps them -----------------------------------------------------------------------------


class TestStub(AbandonableTransportContract):
    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(StubTransport(service))


class TestStubThatOpens(AbandonableStreamingTransportContract):
    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return nullcontext(StubTransport(service))


class TestCapture(AbandonableTransportContract):
    """A layer gives up what it passes on."""

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(CaptureTransport(StubTransport(service)))


class TestCaptureThatOpens(AbandonableStreamingTransportContract):
    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return nullcontext(CaptureTransport(StubTransport(service)))


class TestRecorder(AbandonableTransportContract):
    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return recording(StubTransport(service))


class TestRecorderOfWhatOpensNothing(AbandonableStreamingTransportContract):
    """Of a plain function, it makes exchanges of its own."""

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return recording(StubTransport(service).__call__)


@contextmanager
def recording(transport: Any) -> Generator[CassetteRecorder]:
    with TemporaryDirectory() as directory, CassetteRecorder(transport, Path(directory) / "laws.json") as recorder:
        yield recorder


# --- what breaks them ----------------------------------------------------------------------------

Making: TypeAlias = Callable[[Callable[[], Result[Any, Error]]], Exchange[Any]]


class Beginner:
    """A transport whose exchanges a given function makes of the call, and of the opening."""

    def __init__(self, stub: StubTransport, make: Making) -> None:
        self._stub = stub
        self._make = make

    def __call__(self, request: HttpRequest) -> Answer:
        return self._stub(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return self._stub.open(request)

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        return self._make(partial(self._stub, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        return self._make(partial(self._stub.open, request))


class Defective(AbandonableStreamingTransportContract):
    patience = 0.6

    def __init__(self, make: Making) -> None:
        self._make = make

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return nullcontext(Beginner(StubTransport(service), self._make))


class DefectiveCalls(AbandonableTransportContract):
    patience = 0.6

    def __init__(self, make: Making) -> None:
        self._make = make

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(Beginner(StubTransport(service), self._make))


def eager(perform: Callable[[], Result[Any, Error]]) -> Exchange[Any]:
    result = perform()
    return CallExchange(lambda: result)


class Repeating:
    """Performs whenever it is asked."""

    def __init__(self, perform: Callable[[], Result[Any, Error]]) -> None:
        self.perform = perform

    def result(self) -> Result[Any, Error]:
        return self.perform()

    def give_up(self) -> None:
        pass


class Deaf(CallExchange[Any]):
    """Gives nothing up."""

    def give_up(self) -> None:
        pass


class Unguarded(CallExchange[Any]):
    """Does not mind that others perform it."""

    def result(self) -> Result[Any, Error]:
        if self._result is None:
            self._performed()
        assert self._result is not None
        return self._result


class Hurried(CallExchange[Any]):
    """Gives up only what has not begun."""

    def give_up(self) -> None:
        if not self._has_begun:
            super().give_up()


class Discreet(CallExchange[Any]):
    """Tells those who wait, and are not the one that performs, something else."""

    def result(self) -> Result[Any, Error]:
        waits = self._has_begun
        result = super().result()
        return Failure(NotSent("given_up", "?")) if waits and result == Failure(PERHAPS_SENT) else result


class Forgetful(CallExchange[Any]):
    """Has no result any more once it is given up."""

    def give_up(self) -> None:
        super().give_up()
        self._result = Failure(PERHAPS_SENT if self._has_begun else NotSent("given_up", "?"))


def grudging() -> Making:
    """Keeps the place of what is given up."""
    places = Semaphore(100)

    def make(perform: Callable[[], Result[Any, Error]]) -> Exchange[Any]:
        def within_a_place() -> Result[Any, Error]:
            if not places.acquire(blocking=False):
                return Failure(NotSent("connect_timeout", "all connections were in use"))
            result = perform()
            if not exchange.is_given_up:
                places.release()
            return result

        exchange = Known(within_a_place)
        return exchange

    return make


class Known(CallExchange[Any]):
    """Knows whether it was given up."""

    is_given_up = False

    def give_up(self) -> None:
        self.is_given_up = True
        super().give_up()


DEFECTS: list[tuple[Making, str]] = [
    (eager, "test_beginning_an_exchange_sends_nothing"),
    (Repeating, "test_an_exchange_is_performed_once_however_often_its_result_is_asked"),
    (Unguarded, "test_all_threads_that_ask_get_the_same_result"),
    (Deaf, "test_what_is_given_up_before_it_is_sent_never_is"),
    (Hurried, "test_what_is_given_up_while_the_server_has_the_request_is_interrupted"),
    (Discreet, "test_whoever_waits_for_what_is_given_up_has_the_same_result"),
    (Forgetful, "test_what_is_given_up_when_it_is_over_keeps_its_result"),
    (grudging(), "test_what_was_given_up_leaves_room_for_others"),
    (CallExchange, "test_a_body_whose_exchange_is_given_up_is_closed"),  # with no function to close it by
]


@pytest.mark.parametrize(("make", "law"), DEFECTS)
def test_an_exchange_that_breaks_a_law_is_caught_by_that_law(make: Making, law: str) -> None:
    assert breaks(Defective(make), law)
    if hasattr(DefectiveCalls, law):
        assert breaks(DefectiveCalls(make), law)


def test_every_law_of_exchanges_has_been_broken() -> None:
    assert {law for _, law in DEFECTS} == laws_of(AbandonableStreamingTransportContract) - OF_ALL


class DeafInTheNetwork(AbandonableStreamingNetworkTransportContract):
    """Calls that are given up, and go on all the same, in the thread that made them."""

    patience = 1.0
    moment = 0.1

    @contextmanager
    def make_abandonable_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_connections: int = 100,
        proxy: str = "",
        ca_file: str | None = None,
    ) -> Generator[AbandonableStreamingTransport]:
        with Urllib3Transport(
            base_url=base_url,
            timeout=timeout,
            connect_timeout=timeout,
            max_connections=max_connections,
            proxy=proxy,
            ca_file=ca_file,
        ) as transport:
            yield Plain(transport)


class Plain:
    """A transport without its own exchanges."""

    def __init__(self, transport: Urllib3Transport) -> None:
        self._transport = transport
        self.open = transport.open

    def __call__(self, request: HttpRequest) -> Answer:
        return self._transport(request)

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        return CallExchange(partial(self._transport, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        return CallExchange(partial(self._transport.open, request))


OF_THE_NETWORK = laws_of(AbandonableNetworkTransportContract) - laws_of(AbandonableTransportContract)


@pytest.mark.parametrize("law", sorted(OF_THE_NETWORK))
def test_a_transport_that_goes_on_is_caught_in_every_phase(law: str) -> None:
    assert breaks(DeafInTheNetwork(), law)


def test_a_contract_without_a_transport_says_what_is_missing() -> None:
    makers: list[Callable[[Any], object]] = [
        AbandonableTransportContract().make_abandonable_transport,
        AbandonableStreamingTransportContract().make_abandonable_streaming_transport,
        AbandonableNetworkTransportContract().make_abandonable_transport_to,
        AbandonableStreamingNetworkTransportContract().make_abandonable_streaming_transport_to,
    ]
    for maker in makers:
        with pytest.raises(NotImplementedError, match=r"a subclass of .* says how to make a transport"):
            maker("")
