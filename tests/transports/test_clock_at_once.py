"""Virtual time while branches are carried out at once: sleeps overlap, in the same way in every run."""

import asyncio
import pickle
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Result, Success

from puresponse.core import (
    Answer,
    Error,
    HttpRequest,
    HttpResponse,
    Operation,
    Send,
    WaitPolicy,
    create_response,
    delay,
    gather,
    retrieve_response,
    sequence,
    succeed,
    wait_for_response,
)
from puresponse.transports import (
    Delay,
    FaultPlan,
    MemoryTransport,
    Rule,
    VirtualClock,
    in_threads,
    run,
    run_async,
    run_many,
    run_many_async,
)

T = TypeVar("T")
PATIENCE = 20.0


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


def lasting(seconds: float) -> Operation[float]:
    """A request that takes so many seconds."""
    return Send(HttpRequest("GET", f"/{seconds}"), lambda answer: succeed(float(answer.unwrap().body)))


class Slow:
    """A transport whose requests take the seconds that their path says, by a clock."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock

    def __call__(self, request: HttpRequest) -> Answer:
        self.clock.sleep(float(request.path[1:]))
        return Success(HttpResponse(status=200, body=request.path[1:].encode()))

    async def later(self, request: HttpRequest) -> Answer:
        """The same, for an event loop."""
        await self.clock.sleep_async(float(request.path[1:]))
        return Success(HttpResponse(status=200, body=request.path[1:].encode()))


Way = Callable[[Operation[Any], VirtualClock, int], Result[Any, Error]]
WAYS: dict[str, Way] = {
    "threads": lambda operation, clock, most: run(operation, Slow(clock), clock=clock, concurrency=most),
    "tasks": lambda operation, clock, most: within(
        run_async(operation, Slow(clock).later, clock=clock, concurrency=most)
    ),
    "threads of tasks": lambda operation, clock, most: within(
        run_async(operation, in_threads(Slow(clock)), clock=clock, concurrency=most)
    ),
}
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@each_way
def test_of_two_waits_at_once_the_longer_is_how_long_it_takes(way: Way) -> None:
    clock = VirtualClock(now=100.0)
    assert way(gather(delay(5.0), delay(3.0)), clock, 2) == Success((5.0, 3.0))
    assert (clock.now, clock.slept) == (105.0, [5.0, 3.0])


@each_way
def test_one_after_another_each_takes_its_time(way: Way) -> None:
    clock = VirtualClock()
    assert way(gather(delay(5.0), delay(3.0)), clock, 1) == Success((5.0, 8.0))
    assert (clock.now, clock.slept) == (8.0, [5.0, 3.0])


@each_way
def test_those_who_sleep_wake_in_the_order_of_time_and_then_of_their_begin(way: Way) -> None:
    for _ in range(20):
        woken: list[str] = []

        names = {"e": 5.0, "c": 3.0, "d": 4.0, "c2": 3.0, "a": 1.0}
        way(gather(*[delay(one).map(partial(note, woken, name)) for name, one in names.items()]), VirtualClock(), 3)
        assert woken == ["a", "c", "c2", "d", "e"]


@each_way
def test_requests_that_sleep_by_the_clock_overlap_as_far_as_there_is_room(way: Way) -> None:
    requests = gather(lasting(5.0), lasting(3.0), lasting(4.0))
    for most, expected in [(1, 12.0), (2, 7.0), (3, 5.0), (8, 5.0)]:
        for _ in range(10):
            clock = VirtualClock()
            assert way(requests, clock, most) == Success((5.0, 3.0, 4.0))
            assert clock.now == expected
            assert sorted(clock.slept) == [3.0, 4.0, 5.0]


def note(woken: list[str], name: str, seconds: float) -> None:
    woken.append(name)


# A program of waits and requests, and how long it takes where there is room for all.
Timed = tuple[Operation[Any], float]
lengths = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.5])
timed_waits: st.SearchStrategy[Timed] = lengths.map(lambda seconds: (delay(seconds), seconds))
timed_leaves: st.SearchStrategy[Timed] = st.one_of(timed_waits, lengths.map(lambda one: (lasting(one), one)))


def joined(children: st.SearchStrategy[Timed]) -> st.SearchStrategy[Timed]:
    rows = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        rows.map(lambda row: (gather(*[one for one, _ in row]), max(seconds for _, seconds in row))),
        rows.map(lambda row: (sequence([one for one, _ in row]), sum(seconds for _, seconds in row))),
    )


@each_way
@settings(deadline=None, max_examples=60)
@given(timed=st.recursive(timed_leaves, joined, max_leaves=16))
def test_it_takes_as_long_as_what_is_in_a_row_where_there_is_room_for_all(way: Way, timed: Timed) -> None:
    operation, seconds = timed
    clock = VirtualClock()
    way(operation, clock, 100)
    assert clock.now == seconds


@each_way
@settings(deadline=None, max_examples=40)
@given(timed=st.recursive(timed_waits, joined, max_leaves=16))
def test_for_waits_there_is_always_room(way: Way, timed: Timed) -> None:
    operation, seconds = timed
    clock = VirtualClock()
    way(operation, clock, 2)
    assert clock.now == seconds


# --- with the service in memory ----------------------------------------------------------------------


def test_answers_of_the_service_in_memory_that_take_their_time_overlap() -> None:
    clock = VirtualClock()
    memory = MemoryTransport(clock=clock, faults=FaultPlan((Rule(Delay(5.0), path="/responses/resp_completed"),)))
    three = gather(*[retrieve_response("resp_completed") for _ in range(3)])
    assert len(run(three, memory, clock=clock, concurrency=3).unwrap()) == 3
    assert clock.now == 5.0
    assert len(within(run_async(three, in_threads(memory), clock=clock)).unwrap()) == 3
    assert clock.now == 10.0


def test_responses_that_are_waited_for_at_once_take_as_long_as_one() -> None:
    def lasted(concurrency: int) -> float:
        clock = VirtualClock()
        memory = MemoryTransport.empty(clock=clock)
        policy = WaitPolicy(deadline=600, jitter=0)
        one = create_response(model="gpt-5-mini", input="Hello", background=True).bind(
            lambda response: wait_for_response(response, policy)
        )
        ended = run(gather(one, one, one), memory, clock=clock, concurrency=concurrency).unwrap()
        assert [response.status for response in ended] == ["completed"] * 3
        return clock.now

    assert lasted(3) == lasted(8)
    assert lasted(1) == 3 * lasted(3)


# --- many operations ---------------------------------------------------------------------------------


def test_the_waits_of_many_operations_overlap_too() -> None:
    clock = VirtualClock()
    waits = [delay(float(seconds)) for seconds in (1, 2, 3, 4)]
    outcomes = [operation for operation, _ in run_many(waits, Slow(clock), 4, clock=clock)]
    assert outcomes == waits
    assert clock.now == 4.0

    async def scene() -> list[Any]:
        return [operation async for operation, _ in run_many_async(waits, Slow(clock).later, 4, clock=clock)]

    assert within(scene()) == waits
    assert clock.now == 8.0


def test_the_time_waits_for_who_takes_an_outcome_and_may_begin_more() -> None:
    waits = [delay(1.0), delay(5.0), delay(4.0)]
    for _ in range(30):
        clock = VirtualClock()
        assert len(list(run_many(waits, Slow(clock), 2, clock=clock))) == 3
        assert clock.now == 5.0  # the third begins when the first has ended

    async def scene(clock: VirtualClock) -> list[Any]:
        return [operation async for operation, _ in run_many_async(waits, Slow(clock).later, 2, clock=clock)]

    clock = VirtualClock()
    assert len(within(scene(clock))) == 3
    assert clock.now == 5.0


# --- alone -------------------------------------------------------------------------------------------


def test_in_threads_of_ones_own_every_sleep_moves_the_time_on() -> None:
    clock = VirtualClock()
    threads = [threading.Thread(target=clock.sleep, args=(2.0,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (clock.now, clock.slept) == (6.0, [2.0, 2.0, 2.0])


def test_who_holds_it_by_hand_says_when_the_time_moves_on() -> None:
    clock, woken, given_up = VirtualClock(), list[float](), object()

    def ring() -> None:
        woken.append(clock.now)
        clock.release()

    clock.hold()
    for seconds in (5.0, 3.0, 4.0):
        clock.call_later(clock, seconds, ring)
    clock.call_later(given_up, 1.0, ring)
    clock.forget(given_up)
    assert (woken, clock.now) == ([], 0.0)
    clock.release()
    assert (woken, clock.now) == ([3.0, 4.0, 5.0], 5.0)
    clock.sleep(1.0)
    assert clock.now == 6.0


def test_a_request_that_waits_for_one_that_sleeps_does_not_hold_the_time_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("puresponse.transports.clock._PATIENCE", 0.01)
    clock, lock = VirtualClock(), threading.Lock()
    slow = Slow(clock)

    def one_at_a_time(request: HttpRequest) -> Answer:
        with lock:
            return slow(request)

    result = run(gather(lasting(5.0), lasting(3.0)), one_at_a_time, clock=clock, concurrency=2)
    assert result == Success((5.0, 3.0))
    assert clock.now == 8.0


def test_a_sleeper_that_is_cancelled_holds_nothing() -> None:
    clock, given_up = VirtualClock(), asyncio.Event()

    async def impatient(request: HttpRequest) -> Answer:
        if request.path == "/5.0":
            with suppress(TimeoutError):
                async with asyncio.timeout(0):
                    await clock.sleep_async(100.0)
            given_up.set()
        await given_up.wait()
        return await Slow(clock).later(request)

    assert within(run_async(gather(lasting(5.0), lasting(3.0)), impatient, clock=clock)) == Success((5.0, 3.0))
    assert clock.now == 5.0


def test_it_pickles_without_those_that_sleep() -> None:
    clock = VirtualClock(now=5.0, chance=0.5)
    clock.hold()
    clock.call_later(clock, 3.0, lambda: None)
    copy = pickle.loads(pickle.dumps(clock))
    assert (copy.now, copy.chance, copy.slept) == (5.0, 0.5, [3.0])
    copy.sleep(1.0)
    assert copy.now == 6.0


def test_a_million_seconds_of_many_take_no_time() -> None:
    begun = time.monotonic()
    clock = VirtualClock()
    assert (
        len(run(gather(*[delay(1e6) for _ in range(1_000)]), Slow(clock), clock=clock, concurrency=4).unwrap()) == 1_000
    )
    assert clock.now == 1e6
    assert time.monotonic() - begun < PATIENCE
