"""Outcomes in the order in which the operations were given: how far ahead others go, and what a slow one does."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing, closing
from itertools import count, islice
from typing import Any

import pytest
from batches import Way, at_once, every_way, in_turn
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from puresponse.core import Answer, HttpRequest, HttpResponse, NotSent, Operation, delay, delete_response, succeed
from puresponse.core.steps import Done
from puresponse.transports import (
    MemoryTransport,
    Progress,
    TooManyFailures,
    Unfinished,
    VirtualClock,
    in_threads,
    run_many,
    run_many_async,
)


@every_way
@settings(max_examples=20)
@given(seconds=st.lists(st.integers(0, 5), max_size=20))
def test_outcomes_are_in_the_order_given(carried_out: Way, seconds: list[int]) -> None:
    pairs = [(number, delay(float(wait))) for number, wait in enumerate(seconds)]
    outcomes, _ = carried_out(pairs, MemoryTransport(), order="given", clock=VirtualClock())
    assert [key for key, _ in outcomes] == list(range(len(seconds)))


@every_way
def test_finished_is_the_order_by_default(carried_out: Way) -> None:
    pairs = [(number, delay(float(9 - number))) for number in range(4)]
    outcomes, _ = carried_out(pairs, MemoryTransport(), clock=VirtualClock())
    expected = [0, 1, 2, 3] if carried_out is in_turn else [3, 2, 1, 0]
    assert [key for key, _ in outcomes] == expected


class SlowFirst:
    """Answers the first request when it is let go on, and all others at once."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.asked = 0

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked += 1
        if request.path.endswith("resp_0"):
            assert self.goes_on.wait(10.0)
        return Success(HttpResponse(status=204))


def test_a_slow_first_one_lets_sixteen_times_the_concurrency_begin_and_no_more() -> None:
    slow, told = SlowFirst(), list[Progress]()
    taken: list[int] = []

    def pairs() -> Iterator[tuple[int, Operation[Any]]]:
        for number in count():
            taken.append(number)
            yield number, delete_response(f"resp_{number}")

    def note(progress: Progress) -> None:
        told.append(progress)
        if progress.done == 16 * 2 - 1:
            assert (len(taken), progress.in_flight) == (32, 1)  # all but the first have ended, none was yielded
            slow.goes_on.set()

    with closing(run_many(pairs(), slow, 2, order="given", progress=note)) as outcomes:
        assert [key for key, _ in islice(outcomes, 100)] == list(range(100))
    assert all(one.in_flight <= 1 for one in told[:31])


def test_in_an_event_loop_just_as_many_begin() -> None:
    taken: list[int] = []

    def pairs() -> Iterator[tuple[int, Operation[Any]]]:
        for number in count():
            taken.append(number)
            yield number, delete_response(f"resp_{number}")

    async def one() -> None:
        goes_on = asyncio.Event()

        async def transport(request: HttpRequest) -> Answer:
            if request.path.endswith("resp_0"):
                await goes_on.wait()
            return Success(HttpResponse(status=204))

        async with aclosing(run_many_async(pairs(), transport, 2, order="given")) as outcomes:
            first = asyncio.ensure_future(anext(outcomes))
            for _ in range(1_000):
                await asyncio.sleep(0)
            assert len(taken) == 16 * 2
            goes_on.set()
            assert (await first)[0] == 0

    asyncio.run(one())


@pytest.mark.parametrize("concurrency", [1, 4])
def test_no_more_are_under_way_than_were_asked_for(concurrency: int) -> None:
    under_way, most, lock = 0, 0, threading.Lock()

    def transport(request: HttpRequest) -> Answer:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1
        return Success(HttpResponse(status=204))

    operations = (delete_response(f"resp_{number}") for number in range(500))
    assert len(list(run_many(operations, transport, concurrency, order="given"))) == 500
    assert most <= concurrency


def test_failures_behind_a_slow_first_one_count_when_they_happen() -> None:
    slow = SlowFirst()
    failing: Operation[Any] = Done(Failure(NotSent("dns", "no such host")))
    operations = [delete_response("resp_0"), *[failing] * 100]

    def note(progress: Progress) -> None:
        if progress.failed == 2:
            slow.goes_on.set()

    outcomes, stopped = at_once(enumerate(operations), slow, order="given", max_failures=2, progress=note)
    assert isinstance(stopped, TooManyFailures)
    assert [key for key, _ in outcomes][:3] == [0, 1, 2]
    assert len(outcomes) <= 5


def test_what_has_ended_before_its_turn_is_told_with_its_result_where_the_caller_stops() -> None:
    slow, told = SlowFirst(), list[Unfinished[int, Any]]()

    def note(progress: Progress) -> None:
        if progress.done == 3:
            raise ZeroDivisionError

    pairs = [(0, delete_response("resp_0")), *((number, succeed(number)) for number in range(1, 4))]
    outcomes = run_many(pairs, slow, 2, order="given", unfinished=told.append, progress=note)
    with pytest.raises(ZeroDivisionError):
        next(outcomes)
    slow.goes_on.set()
    assert [(one.key, one.result) for one in told] == [(0, None), (1, Success(1)), (2, Success(2)), (3, Success(3))]


@pytest.mark.parametrize("order", ["", "Given", None, 1])
def test_an_order_that_makes_no_sense_is_refused_at_once(order: Any) -> None:
    with pytest.raises(ValueError, match=r'order.*"finished" or "given"'):
        run_many([succeed(1)], MemoryTransport(), order=order)
    with pytest.raises(ValueError, match=r'order.*"finished" or "given"'):
        run_many_async([succeed(1)], in_threads(MemoryTransport()), order=order)
