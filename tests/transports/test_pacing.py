"""Pacing a transport: none of a hundred deletions fails where a service takes eight a second; and waits that end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from abandonable import Abandonable, AbandonableStreaming, around
from limited_service import Bucket, Hints, LimitedService, Sliding, Window
from returns.result import Failure, Success

from puresponse.core import (
    Answer,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    NotSent,
    delete_response,
    is_failure,
    retrying,
)
from puresponse.transports import (
    Clock,
    FaultPlan,
    MemoryTransport,
    Pacer,
    RateLimited,
    Rule,
    StreamedResponse,
    StubTransport,
    SystemClock,
    Urllib3Transport,
    VirtualClock,
    in_threads,
    pacing,
    run,
    run_async,
    run_many,
    run_many_async,
)
from puresponse.transports.layers.pace_state import wait
from puresponse.transports.testing.loopback import serving

GET = HttpRequest("GET", "/responses/resp_1")
OK = HttpResponse(status=200)
LIMITS: list[Callable[[float], Bucket | Window | Sliding]] = [Bucket, Window, Sliding]
DELETIONS = [retrying(delete_response(f"resp_{number}")) for number in range(100)]


def plain(request: HttpRequest) -> Answer:
    return Success(OK)


class Latent:
    """Answers as a service does, after some time by a clock."""

    def __init__(self, service: LimitedService, clock: Clock, latency: float) -> None:
        self.service = service
        self.clock = clock
        self.latency = latency

    def __call__(self, request: HttpRequest) -> Answer:
        if self.latency:
            self.clock.sleep(self.latency)
        return Success(self.service(request))


class AsyncLatent:
    """The same, for an event loop."""

    def __init__(self, service: LimitedService, clock: Clock, latency: float) -> None:
        self.service = service
        self.clock = clock
        self.latency = latency

    async def __call__(self, request: HttpRequest) -> Answer:
        await self.clock.sleep_async(self.latency)
        return Success(self.service(request))


# The figure


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("hints", ["none", "seconds", "milliseconds", "all"])
@pytest.mark.parametrize("latency", [0.0, 0.05, 0.2])
def test_of_a_hundred_deletions_none_fails_and_they_take_hardly_longer_than_they_must(
    limit: Callable[[float], Bucket], hints: Hints, latency: float
) -> None:
    clock = VirtualClock(chance=0.5)
    service = LimitedService(limit(8), hints, clock.monotonic)
    with pacing(Latent(service, clock, latency), clock=clock) as transport:
        results = [result for _, result in run_many(DELETIONS, transport, 16, clock=clock)]
    assert [result for result in results if is_failure(result)] == []
    assert clock.now <= 1.3 * 100 / 8
    assert service.refused <= 20


def test_without_a_pace_some_fail() -> None:
    clock = VirtualClock(chance=0.5)
    service = LimitedService(Window(8), "seconds", clock.monotonic)
    outcomes = run_many(DELETIONS, Latent(service, clock, 0.2), 16, clock=clock)
    assert sum(is_failure(result) for _, result in outcomes) == 16


def test_in_tasks_none_fails_either() -> None:
    clock = VirtualClock(chance=0.5)
    service = LimitedService(Window(8), "milliseconds", clock.monotonic)

    async def use() -> list[Any]:
        async with pacing(AsyncLatent(service, clock, 0.02), clock=clock) as transport:
            return [result async for _, result in run_many_async(DELETIONS, transport, 16, clock=clock)]

    assert [result for result in asyncio.run(use()) if is_failure(result)] == []
    assert clock.now <= 1.3 * 100 / 8


@pytest.mark.parametrize(("limit", "hints"), [(Bucket(80, saved=8), "all"), (Sliding(80), "milliseconds")])
def test_over_a_socket_none_fails_either(limit: Bucket | Sliding, hints: Hints) -> None:
    service = LimitedService(limit, hints, time.monotonic)
    with (
        serving(service) as base_url,
        pacing(Urllib3Transport(api_key="k", base_url=base_url, proxy="")) as transport,
    ):
        began = time.monotonic()
        results = [result for _, result in run_many(DELETIONS, transport, 16)]
        took = time.monotonic() - began
    assert [result for result in results if is_failure(result)] == []
    assert took <= 1.3 * 100 / 80


def test_a_429_of_the_service_in_memory_holds_back_all() -> None:
    clock = VirtualClock()
    plan = FaultPlan((Rule(RateLimited(retry_after=3.0), numbers=(2,)),))
    with pacing(MemoryTransport(faults=plan, clock=clock), clock=clock) as transport:
        assert [transport(GET).unwrap().status for _ in range(2)] == [404, 429]
        assert clock.now == 0.0
        assert transport(GET).unwrap().status == 404
        assert clock.now == 3.0


def test_one_pacer_slows_down_all_that_share_it() -> None:
    clock = VirtualClock()
    pacer = Pacer(clock=clock)
    busy = StubTransport.answering(HttpResponse(status=429, headers=(("retry-after", "7"),)))
    refused, other = pacer(busy), pacer(plain)
    refused(GET)
    other(GET)
    assert clock.now == 7.0
    assert repr(pacer) == "Pacer(rate=None, concurrency=None, heed=True, longest=120)"
    assert repr(Pacer(rate=2, concurrency=3, heed=False)) == "Pacer(rate=2.0, concurrency=3, heed=False, longest=120)"


def test_it_repeats_nothing_and_changes_no_request() -> None:
    stub = StubTransport.answering(HttpResponse(status=429, headers=(("retry-after", "1"),)), OK)
    transport = pacing(stub, clock=VirtualClock())
    assert transport(GET).unwrap().status == 429
    assert transport(GET) == Success(OK)
    assert stub.requests == (GET, GET)


def test_a_fixed_rate_is_kept_whatever_the_service_says() -> None:
    clock = VirtualClock()
    stub = StubTransport(lambda request: HttpResponse(status=429, headers=(("retry-after", "60"),)))
    with pacing(stub, rate=4, heed=False, clock=clock) as transport:
        for _ in range(9):
            transport(GET)
    assert clock.now == pytest.approx(2.0)


# Places


class Counting:
    """Counts how many are under way at once, each for a second of a clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.now = self.most = 0

    def call(self, request: HttpRequest) -> Answer:
        self._begin()
        self.clock.sleep(1.0)
        self.now -= 1
        return Success(OK)

    async def call_async(self, request: HttpRequest) -> Answer:
        self._begin()
        await self.clock.sleep_async(1.0)
        self.now -= 1
        return Success(OK)

    def _begin(self) -> None:
        self.now += 1
        self.most = max(self.most, self.now)


def test_no_more_are_under_way_than_concurrency_allows() -> None:
    clock = VirtualClock()
    counting = Counting(clock)
    operations = [delete_response(f"resp_{number}") for number in range(30)]
    list(run_many(operations, pacing(counting.call, concurrency=3, clock=clock), 16, clock=clock))
    assert (counting.most, clock.now) == (3, 10.0)


def test_no_more_tasks_are_under_way_than_concurrency_allows() -> None:
    clock = VirtualClock()
    counting = Counting(clock)
    operations = [delete_response(f"resp_{number}") for number in range(30)]

    async def use() -> None:
        transport = pacing(counting.call_async, concurrency=3, clock=clock)
        assert len([one async for one in run_many_async(operations, transport, 16, clock=clock)]) == 30

    asyncio.run(use())
    assert (counting.most, clock.now) == (3, 10.0)


def test_an_open_body_takes_a_place_until_it_is_read_or_closed() -> None:
    pacer = Pacer(concurrency=1)
    transport = pacer(StubTransport(lambda request: StreamedResponse(status=200, chunks=(b"a",))))
    for end in ("read", "close"):
        body = transport.open(GET).unwrap()
        assert pacer.state.under_way == 1
        if end == "read":
            assert body.read() == Success(b"a")
            assert body.read() == Success(b"")
        else:
            body.close()
        assert pacer.state.under_way == 0


def test_what_raises_leaves_its_place() -> None:
    pacer = Pacer(concurrency=1)

    def raising(request: HttpRequest) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pacer(raising)(GET)
    assert pacer.state.under_way == pacer.state.out == 0
    assert pacer(StubTransport.answering(NotSent("dns", "no")))(GET) == Failure(NotSent("dns", "no"))
    assert pacer.state.under_way == pacer.state.out == 0


def test_they_go_in_the_order_in_which_they_were_asked_for() -> None:
    clock = VirtualClock()
    paths: list[str] = []

    async def noting(request: HttpRequest) -> Answer:
        paths.append(request.path)
        return Success(OK)

    async def use() -> None:
        transport = pacing(noting, rate=10, clock=clock)
        await asyncio.gather(*(transport(HttpRequest("GET", f"/{number}")) for number in range(20)))

    asyncio.run(use())
    assert paths == [f"/{number}" for number in range(20)]


# Waits that end


class Sleeping:
    """A clock that can only sleep: by the machine's time, as far as it does."""

    def monotonic(self) -> float:
        return time.monotonic()

    def random(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def held(clock: Clock, seconds: float) -> Pacer:
    """A pacer that was told to wait."""
    pacer = Pacer(clock=clock)
    pacer(StubTransport.answering(HttpResponse(status=429, headers=(("retry-after", str(seconds)),))))(GET)
    return pacer


@pytest.mark.parametrize("kind", [Abandonable, AbandonableStreaming])
def test_a_wait_that_is_given_up_ends_and_sends_nothing(kind: type[Abandonable]) -> None:
    beneath = kind()
    pacer = held(SystemClock(), 60)
    exchange = around(pacer, beneath).begin(GET)
    results: list[Any] = []
    thread = Thread(target=lambda: results.append(exchange.result()))
    thread.start()
    began = time.monotonic()
    while not pacer.waiting and time.monotonic() < began + 10:
        time.sleep(0.001)
    exchange.give_up()
    thread.join(10)
    assert results == [Failure(NotSent("given_up", "it was given up while it waited for its turn"))]
    assert beneath.exchange.times == 0
    assert time.monotonic() - began < 5
    assert pacer.waiting == pacer.state.under_way == 0


def test_what_is_given_up_before_it_waits_sends_nothing() -> None:
    clock = VirtualClock()
    beneath = Abandonable()
    exchange = held(clock, 60)(beneath).begin(GET)
    exchange.give_up()
    assert exchange.result().failure() == NotSent("given_up", "it was given up while it waited for its turn")
    assert (beneath.exchange.times, clock.now) == (0, 0.0)


def test_a_task_that_is_cancelled_while_it_waits_leaves_its_turn_to_the_next() -> None:
    pacer = held(SystemClock(), 60)
    sent: list[str] = []

    async def noting(request: HttpRequest) -> Answer:
        sent.append(request.path)
        return Success(OK)

    async def use() -> None:
        transport = pacer(noting)
        first, second = (asyncio.create_task(transport(HttpRequest("GET", path))) for path in ("/1", "/2"))
        await asyncio.sleep(0)
        assert pacer.waiting == 2
        first.cancel()
        second.cancel()
        done = await asyncio.gather(first, second, return_exceptions=True)
        assert [type(one) for one in done] == [asyncio.CancelledError] * 2

    asyncio.run(use())
    assert (sent, pacer.waiting, pacer.state.under_way) == ([], 0, 0)


def test_the_total_of_a_request_includes_its_wait() -> None:
    clock = VirtualClock()
    pacer = held(clock, 10)
    late = pacer(plain)(HttpRequest("GET", "/x", total=4.0))
    assert late == Failure(NotSent("connect_timeout", "its turn was not there within 4 s"))
    assert clock.now == 4.0
    stub = StubTransport.answering(OK)
    assert pacer(stub)(HttpRequest("GET", "/x", total=8.0)) == Success(OK)
    assert [request.total for request in stub.requests] == [pytest.approx(2.0)]


@pytest.mark.parametrize("clock", [SystemClock(), Sleeping(), VirtualClock()])
def test_any_clock_will_do(clock: Clock) -> None:
    pacer = held(clock, 0.02)
    began = clock.monotonic()
    assert run(delete_response("resp_1"), pacer(answering_deleted), clock=clock).unwrap().deleted
    assert clock.monotonic() - began >= 0.0199
    pacer = held(clock, 0.02)
    began = clock.monotonic()
    transport = pacer(in_threads(answering_deleted))
    assert asyncio.run(run_async(delete_response("resp_1"), transport, clock=clock)).unwrap().deleted
    assert clock.monotonic() - began >= 0.0199
    assert wait(pacer.state, clock.monotonic()) < 1.0


def answering_deleted(request: HttpRequest) -> Answer:
    return Success(HttpResponse(status=200, body=b'{"id":"resp_1","object":"response","deleted":true}'))


def test_threads_and_loops_share_a_pacer() -> None:
    pacer = Pacer(concurrency=1)
    entered, leave = Event(), Event()

    def waiting(request: HttpRequest) -> Answer:
        entered.set()
        assert leave.wait(10)
        return Success(OK)

    thread = Thread(target=partial(pacer(waiting), GET))
    thread.start()
    assert entered.wait(10)

    async def quick(request: HttpRequest) -> Answer:
        return Success(OK)

    async def use() -> Answer:
        task = asyncio.create_task(pacer(quick)(GET))
        await asyncio.sleep(0.01)
        assert not task.done()
        leave.set()
        return await asyncio.wait_for(task, 10)

    assert asyncio.run(use()) == Success(OK)
    thread.join(10)


# Settings


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        ({"rate": 0}, "None, or a number greater than 0, up to 1e+06"),
        ({"rate": True}, "None, or a number greater than 0, up to 1e+06"),
        ({"rate": float("nan")}, "None, or a number greater than 0, up to 1e+06"),
        ({"concurrency": 0}, "None, or an integer from 1 to 1e+06"),
        ({"concurrency": 1.5}, "None, or an integer from 1 to 1e+06"),
        ({"heed": 1}, "True or False"),
        ({"longest": 0}, "a number greater than 0, up to 1e+06"),
        ({"longest": None}, "a number greater than 0, up to 1e+06"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(wrong: dict[str, Any], allowed: str) -> None:
    with pytest.raises(ValueError, match="invalid argument") as raised:
        pacing(plain, **wrong)
    [(name, value)] = wrong.items()
    assert str(raised.value) == str(InvalidArgument(name, f"given {value!r}; allowed is {allowed}"))
