"""Every layer is a transport: around a stub it passes the suites, and around the service in memory nothing changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from typing import Any

import pytest
from returns.result import Success

from puresponse.core import (
    HttpRequest,
    HttpResponse,
    all_input_items,
    cancel_response,
    collect,
    create_response,
    delete_response,
    stream_response,
)
from puresponse.transports import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    Layer,
    MemoryTransport,
    Pacer,
    StreamingTransport,
    StubTransport,
    Transport,
    Urllib3Transport,
    VirtualClock,
    in_threads,
    logging_exchanges,
    observing,
    pacing,
    run,
    run_async,
)
from puresponse.transports.testing.contract import (
    AbandonableStreamingTransportContract,
    AbandonableTransportContract,
    AsyncStreamingTransportContract,
    AsyncTransportContract,
    NetworkTransportContract,
    Service,
    StreamingNetworkTransportContract,
    StreamingTransportContract,
    TransportContract,
)

QUIET = logging.getLogger("test_layers_contract")
QUIET.setLevel(logging.CRITICAL)


def ignore(*_told: object) -> None:
    pass


class TestObserving(TransportContract):
    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(observing(StubTransport(service), before=ignore, after=ignore, ended=ignore))


class TestObservingOpening(StreamingTransportContract):
    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(observing(StubTransport(service), before=ignore, after=ignore, ended=ignore))


class TestObservingAsync(AsyncTransportContract):
    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(observing(in_threads(StubTransport(service)), before=ignore, after=ignore))


class TestObservingAsyncOpening(AsyncStreamingTransportContract):
    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return nullcontext(observing(opening_in_threads(service), before=ignore, after=ignore, ended=ignore))


class TestLogging(TransportContract):
    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(logging_exchanges(StubTransport(service), bodies=True, logger=QUIET))


class TestLoggingOpening(StreamingTransportContract):
    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(logging_exchanges(StubTransport(service), bodies=True, logger=QUIET))


class TestLoggingAsync(AsyncTransportContract):
    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(logging_exchanges(in_threads(StubTransport(service)), bodies=True, logger=QUIET))


class TestLoggingAsyncOpening(AsyncStreamingTransportContract):
    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return nullcontext(logging_exchanges(opening_in_threads(service), bodies=True, logger=QUIET))


class TestPacing(TransportContract):
    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(pacing(StubTransport(service), rate=100_000, concurrency=8, longest=0.001))


class TestPacingOpening(StreamingTransportContract):
    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(pacing(StubTransport(service), rate=100_000, longest=0.001))


class TestPacingAsync(AsyncTransportContract):
    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(pacing(in_threads(StubTransport(service)), rate=100_000, concurrency=8, longest=0.001))


class TestPacingAsyncOpening(AsyncStreamingTransportContract):
    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return nullcontext(pacing(opening_in_threads(service), rate=100_000, longest=0.001))


def opening_in_threads(service: Service) -> AsyncStreamingTransport:
    opening = in_threads(StubTransport(service))
    assert isinstance(opening, AsyncStreamingTransport)
    return opening


# Around anything: what kind it is, no type-checker can say.
observing_any: Any = observing
logging_any: Any = logging_exchanges
pacing_any: Any = pacing


def all_around(transport: Any) -> Any:
    return logging_any(pacing_any(observing_any(transport, after=ignore), concurrency=100, longest=0.001), logger=QUIET)


@pytest.mark.deep
class TestAllAroundUrllib3(NetworkTransportContract):
    def make_transport_to(self, base_url: str, **settings: Any) -> AbstractContextManager[Transport]:
        around: AbstractContextManager[Transport] = all_around(
            Urllib3Transport(api_key=self.credential, base_url=base_url, proxy="", **settings)
        )
        return around


@pytest.mark.deep
class TestAllAroundUrllib3Opening(StreamingNetworkTransportContract):
    def make_streaming_transport_to(self, base_url: str, **settings: Any) -> AbstractContextManager[StreamingTransport]:
        around: AbstractContextManager[StreamingTransport] = all_around(
            Urllib3Transport(api_key=self.credential, base_url=base_url, proxy="", **settings)
        )
        return around


LAYERS: list[Callable[[Any], Any]] = [
    Layer(),
    lambda transport: observing_any(transport, before=ignore, after=ignore, ended=ignore, clock=VirtualClock()),
    lambda transport: logging_any(transport, bodies=True, logger=QUIET, clock=VirtualClock()),
    lambda transport: pacing_any(transport, rate=5, concurrency=3, clock=VirtualClock()),
    Pacer(clock=VirtualClock()),
    all_around,
]

PROGRAMS: list[Any] = [
    delete_response("resp_chat"),
    delete_response("resp_none"),
    cancel_response("resp_in_progress"),
    create_response(model="gpt-5", input="Hi"),
    collect(all_input_items("resp_chat")),
    collect(stream_response(model="gpt-5", input="Hi")),
]


def in_memory() -> MemoryTransport:
    return MemoryTransport(now=lambda: 1_700_000_000.0)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_around_the_service_in_memory_a_layer_changes_no_result(layer: Callable[[Any], Any], program: Any) -> None:
    plain = in_memory()
    expected = run(program, plain)
    beneath = in_memory()
    with layer(beneath) as transport:
        assert isinstance(transport, StreamingTransport)
        assert run(program, transport) == expected
    assert beneath.requests == plain.requests
    beneath = in_memory()
    around = layer(in_threads(beneath))
    assert isinstance(around, AsyncStreamingTransport)
    assert asyncio.run(run_async(program, around)) == expected
    assert beneath.requests == plain.requests


def test_a_layer_around_a_function_is_no_transport_that_opens() -> None:
    answer = HttpResponse(status=200, body=b"{}")

    def answering(request: HttpRequest) -> Any:
        return Success(answer)

    transport = Layer()(answering)
    assert not isinstance(transport, StreamingTransport)
    assert transport(HttpRequest("GET", "/x")) == Success(answer)


class TestObservingExchanges(AbandonableTransportContract):
    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(observing(StubTransport(service), before=ignore, after=ignore, ended=ignore))


class TestObservingOpenings(AbandonableStreamingTransportContract):
    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return nullcontext(observing(StubTransport(service), before=ignore, after=ignore, ended=ignore))


class TestLoggingExchanges(AbandonableTransportContract):
    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(logging_exchanges(StubTransport(service), logger=QUIET))


class TestPacingExchanges(AbandonableTransportContract):
    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(pacing(StubTransport(service), rate=100_000, concurrency=8, longest=0.001))


class TestPacingOpenings(AbandonableStreamingTransportContract):
    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return nullcontext(pacing(StubTransport(service), rate=100_000, longest=0.001))
