"""The pace of what is handed out, in virtual time: by a rate, and by what workers were answered."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from typing import Any

import pytest
from machine_workers import SERVICES, Inline, Service, answered, failed

from puresponse.core import Answer, HttpRequest, RetryPolicy, audit_response, delete_response, retrying
from puresponse.transports import MemoryTransport, Pacer, VirtualClock, pacing, run_many_on

HERE = "machine_workers:here"


class Timed(Service):
    """A service that notes when it was asked."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self.clock = clock
        self.times: list[float] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.times.append(self.clock.now)
        return super().__call__(request)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def service(clock: VirtualClock) -> Generator[Timed, None, None]:
    service = Timed(clock)
    SERVICES.append(service)
    yield service
    SERVICES.pop()


def deletions(number: int) -> list[Any]:
    return [delete_response(f"resp_{one}") for one in range(number)]


def refused(seconds: int) -> Answer:
    """A 429 that asks for a pause."""
    return answered(429, ("retry-after", f"{seconds}"))


@pytest.mark.parametrize("chunk", [1, 4])
def test_a_rate_is_kept_where_operations_are_handed_out(service: Timed, clock: VirtualClock, chunk: int) -> None:
    pacer = Pacer(rate=8, clock=clock)
    assert len(list(run_many_on(Inline(), deletions(17), HERE, pacer=pacer, clock=clock, chunk=chunk))) == 17
    assert clock.now == 2.0
    assert service.times == [number / 8 for number in range(17)]


def test_each_request_of_a_program_is_in_the_pace(service: Timed, clock: VirtualClock) -> None:
    audits = [audit_response("resp_chat") for _ in range(5)]
    list(run_many_on(Inline(), audits, HERE, pacer=Pacer(rate=10, clock=clock), clock=clock))
    assert service.times == pytest.approx([number / 10 for number in range(10)])


def test_in_threads_too(service: Timed, clock: VirtualClock) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(run_many_on(threads, deletions(9), HERE, 4, pacer=Pacer(rate=4, clock=clock), clock=clock))
    assert sorted(service.times) == [number / 4 for number in range(9)]


def test_a_429_slows_down_what_is_handed_out(service: Timed, clock: VirtualClock) -> None:
    service.answer = lambda request: refused(3) if len(service.asked) == 3 else answered(204)
    outcomes = list(run_many_on(Inline(), deletions(12), HERE, clock=clock))
    assert [failed(result).status for _, result in outcomes if not hasattr(result, "unwrap")] == []
    assert service.times[:3] == [0.0] * 3
    assert min(service.times[3:]) >= 3.0


def test_what_the_service_says_that_remains_slows_down_too(service: Timed, clock: VirtualClock) -> None:
    headers = (("x-ratelimit-limit-requests", "60"), ("x-ratelimit-reset-requests", "60s"))
    service.answer = lambda request: answered(
        204, *headers, ("x-ratelimit-remaining-requests", str(max(0, 3 - len(service.asked))))
    )
    list(run_many_on(Inline(), deletions(6), HERE, clock=clock))
    assert service.times[:4] == [0.0] * 4 or service.times[:3] == [0.0] * 3
    assert clock.now >= 2.0


def test_one_that_does_not_heed_hands_out_all_the_same(service: Timed, clock: VirtualClock) -> None:
    service.answer = lambda request: refused(3)
    list(run_many_on(Inline(), deletions(5), HERE, pacer=Pacer(heed=False, clock=clock), clock=clock))
    assert service.times == [0.0] * 5


def test_a_program_that_repeats_after_a_429_repeats_in_the_pace(service: Timed, clock: VirtualClock) -> None:
    service.answer = lambda request: refused(2) if len(service.asked) <= 2 else answered(204)
    policy = RetryPolicy(jitter=0)
    outcomes = list(run_many_on(Inline(), [retrying(one, policy) for one in deletions(6)], HERE, clock=clock))
    assert all(result.unwrap().deleted for _, result in outcomes)
    assert min(service.times[2:]) >= 2.0


def test_a_pacer_is_shared_with_other_transports(service: Timed, clock: VirtualClock) -> None:
    pacer = Pacer(rate=2, clock=clock)
    pacer(MemoryTransport())(HttpRequest("GET", "/models"))
    list(run_many_on(Inline(), deletions(2), HERE, pacer=pacer, clock=clock))
    assert service.times == [0.5, 1.0]
    assert (pacer.waiting, pacer.state.under_way) == (0, 0)


def test_whoever_leaves_while_it_waits_leaves_the_queue(service: Timed, clock: VirtualClock) -> None:
    pacer = Pacer(concurrency=1, clock=clock)
    with ThreadPoolExecutor(1) as threads:
        outcomes = run_many_on(threads, (delete_response(f"resp_{n}") for n in count()), HERE, 3, pacer=pacer)
        assert len(list(islice(outcomes, 2))) == 2
        outcomes.close()
    assert (pacer.waiting, pacer.state.under_way) == (0, 0)


def test_a_turn_that_is_waited_for_is_left_too(service: Timed) -> None:
    pacer = Pacer(rate=0.001)
    outcomes = run_many_on(Inline(), deletions(2), HERE, pacer=pacer)
    next(outcomes)
    assert pacer.waiting == 1
    outcomes.close()
    assert pacer.waiting == 0


def test_the_law_of_the_pacer_is_that_of_the_layer(clock: VirtualClock) -> None:
    from puresponse.transports import run_many

    by_layer = VirtualClock()
    list(run_many(deletions(17), pacing(MemoryTransport(), rate=8, clock=by_layer), 1, clock=by_layer))
    SERVICES.append(Timed(clock))
    list(run_many_on(Inline(), deletions(17), HERE, pacer=Pacer(rate=8, clock=clock), clock=clock))
    SERVICES.pop()
    assert clock.now == by_layer.now
