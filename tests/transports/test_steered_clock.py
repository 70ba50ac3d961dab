"""A clock that is steered from outside wakes those who wait by it, in threads and in event loops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event, Thread

import pytest

from puresponse.core import HttpRequest
from puresponse.transports import MemoryTransport, SteeredClock
from puresponse.transports.clock import Clock, WakingClock
from puresponse.transports.memory.scripts.replies import Reply

NOW = 1_750_000_000.3
STREAMED = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two three","stream":true}')
SOON = 10.0
"""Seconds of real time within which whatever is to happen does."""


class Real:
    """A machine's time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def near(at: float) -> object:
    """Times since 1970 are so large that the tolerance of pytest would be half an hour."""
    return pytest.approx(at, rel=0, abs=0.01)


def in_a_thread(function: Callable[[], object]) -> Thread:
    thread = Thread(target=function, daemon=True)
    thread.start()
    return thread


def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread does."""
    tick = Event()
    for _ in range(1000):
        if condition():
            return
        tick.wait(SOON / 1000)
    raise AssertionError("it did not happen")


def test_it_is_a_clock_whose_sleepers_can_be_woken() -> None:
    clock: Clock = SteeredClock()
    assert isinstance(clock, WakingClock)
    assert clock.random() == 0.0


def test_it_runs_as_the_machine_does_until_it_is_frozen() -> None:
    real = Real()
    clock = SteeredClock(real=real)
    began = clock.monotonic()
    real.now += 5
    assert clock.monotonic() == near(began + 5)
    clock.freeze()
    real.now += 5
    assert clock.monotonic() == near(began + 5)
    assert clock.is_frozen


def test_it_runs_on_from_where_it_was_frozen() -> None:
    real = Real()
    clock = SteeredClock(now=NOW, real=real)
    clock.run()
    assert not clock.is_frozen
    real.now += 5
    assert clock.monotonic() == near(NOW + 5)


@pytest.mark.parametrize("runs", [True, False])
def test_it_is_moved_and_set_and_stays_as_it_was(runs: bool) -> None:
    real = Real()
    clock = SteeredClock(now=NOW, real=real)
    if runs:
        clock.run()
    clock.move(60)
    assert clock.monotonic() == near(NOW + 60)
    clock.set(NOW - 60)
    real.now += 5
    assert clock.monotonic() == near(NOW - 60 + 5 * runs)
    assert clock.is_frozen is not runs


@pytest.mark.parametrize("at", [-1.0, 1e12, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused_and_changes_nothing(at: float) -> None:
    clock = SteeredClock(now=NOW)

    def move_on(at: float) -> None:
        clock.move(at - NOW)

    for move in (clock.freeze, clock.set, move_on):
        with pytest.raises(ValueError, match=r"^a time is from 0 to 253402300799 seconds since 1970, and not "):
            move(at)
    assert clock.monotonic() == NOW


def test_a_thread_that_sleeps_wakes_when_the_clock_has_been_moved_so_far() -> None:
    clock = SteeredClock(now=NOW)
    thread = in_a_thread(lambda: clock.sleep(60))
    until(lambda: clock.waiting)
    assert [*clock.waiting] == [near(NOW + 60)]
    clock.move(59.5)
    thread.join(0.02)
    assert thread.is_alive()
    clock.move(0.5)
    thread.join(SOON)
    assert not thread.is_alive()
    assert clock.waiting == ()


def freeze_later(clock: SteeredClock) -> None:
    clock.freeze(NOW + 60)


def set_later(clock: SteeredClock) -> None:
    clock.set(NOW + 60)


@pytest.mark.parametrize("go_on", [SteeredClock.run, freeze_later, set_later])
def test_a_thread_that_sleeps_wakes_however_the_time_gets_there(go_on: Callable[[SteeredClock], None]) -> None:
    clock = SteeredClock(now=NOW + 59.99)
    thread = in_a_thread(lambda: clock.sleep(0.01))
    until(lambda: clock.waiting)
    go_on(clock)
    thread.join(SOON)
    assert not thread.is_alive()


def test_a_time_that_is_reached_in_many_moves_is_reached_however_they_are_rounded() -> None:
    clock = SteeredClock(now=NOW)
    thread = in_a_thread(lambda: clock.sleep(1))
    until(lambda: clock.waiting)
    for _ in range(10):
        clock.move(0.1)
    assert clock.monotonic() < NOW + 1
    thread.join(SOON)
    assert not thread.is_alive()


def test_a_thread_that_sleeps_while_it_runs_wakes_by_itself() -> None:
    SteeredClock().sleep(0.001)


def test_a_sleeper_that_is_given_up_wakes_though_no_time_passes() -> None:
    clock, woken = SteeredClock(now=NOW), Event()
    thread = in_a_thread(lambda: clock.sleep_unless(woken, 60))
    until(lambda: clock.waiting)
    woken.set()
    thread.join(SOON)
    assert not thread.is_alive()


def test_at_its_end_nobody_waits_any_more() -> None:
    clock = SteeredClock(now=NOW)
    thread = in_a_thread(lambda: clock.sleep(60))
    until(lambda: clock.waiting)
    clock.end()
    thread.join(SOON)
    assert not thread.is_alive()
    clock.sleep(60)


async def turned(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0)


def test_a_task_that_sleeps_wakes_when_another_thread_moves_the_clock() -> None:
    clock = SteeredClock(now=NOW)

    async def program() -> None:
        task = asyncio.create_task(clock.sleep_async(60))
        await turned(lambda: clock.waiting)
        in_a_thread(lambda: clock.move(59)).join()
        await asyncio.sleep(0.01)
        assert not task.done()
        in_a_thread(lambda: clock.move(1)).join()
        async with asyncio.timeout(SOON):
            await task

    asyncio.run(program())
    assert clock.waiting == ()


def test_a_task_that_sleeps_while_it_runs_wakes_by_itself_and_can_be_cancelled() -> None:
    clock = SteeredClock()

    async def program() -> None:
        await clock.sleep_async(0.001)
        task = asyncio.create_task(clock.sleep_async(60))
        await turned(lambda: clock.waiting)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(program())
    assert clock.waiting == ()


def test_a_thousand_tasks_wait_for_one_move() -> None:
    clock = SteeredClock(now=NOW)

    async def program() -> None:
        tasks = [asyncio.create_task(clock.sleep_async(60)) for _ in range(1000)]
        await turned(lambda: len(clock.waiting) == 1000)
        clock.move(60)
        async with asyncio.timeout(SOON):
            await asyncio.gather(*tasks)

    asyncio.run(program())


def test_a_stream_gets_the_events_that_are_due_by_the_time_to_which_it_is_moved() -> None:
    clock = SteeredClock(now=NOW)
    service = MemoryTransport.empty(script=Reply.text("one two three").lasting(answering=60), clock=clock)
    read: list[bytes] = []
    body = service.open(STREAMED).unwrap()

    def reading() -> None:
        while chunk := body.read().unwrap():
            read.append(chunk)

    thread = in_a_thread(reading)
    until(lambda: clock.waiting)
    before = len(read)
    assert b"response.completed" not in b"".join(read)
    clock.move(30)
    until(lambda: clock.waiting and clock.waiting[0] > clock.monotonic())
    assert before < len(read)
    assert b"response.completed" not in b"".join(read)
    clock.move(30)
    thread.join(SOON)
    assert b"response.completed" in b"".join(read)
