"""Waits that anyone may end, by clocks of all kinds: in time, before they begin, and while they last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from math import inf
from threading import Thread

import pytest

from puresponse.transports import Clock, SystemClock, VirtualClock
from puresponse.transports.clock import WakingEvent
from puresponse.transports.layers.naps import task_nap, thread_nap


class Sleeping:
    """A clock that can only sleep."""

    def monotonic(self) -> float:
        return time.monotonic()

    def random(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Waking(Sleeping):
    """One whose sleepers can be woken."""

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        woken.wait(seconds)


CLOCKS = [SystemClock, Sleeping, Waking, VirtualClock]


@pytest.mark.parametrize("kind", CLOCKS)
def test_it_lasts_as_long_as_it_is_to(kind: type[Clock]) -> None:
    clock = kind()
    nap, began = thread_nap(clock), clock.monotonic()
    nap.wait(0.01)
    assert clock.monotonic() - began >= 0.0099
    began = clock.monotonic()

    async def use() -> None:
        await task_nap(clock).wait(0.01)

    asyncio.run(use())
    assert clock.monotonic() - began >= 0.0099


@pytest.mark.parametrize("kind", CLOCKS)
def test_one_that_is_ended_before_it_begins_is_over_at_once_and_the_next_lasts(kind: type[Clock]) -> None:
    clock = kind()
    nap = thread_nap(clock)
    nap.end()
    nap.end()
    nap.wait(inf)
    began = clock.monotonic()
    nap.wait(0.01)
    assert clock.monotonic() - began >= 0.0099

    async def use() -> None:
        nap = task_nap(clock)
        nap.end()
        await asyncio.wait_for(nap.wait(inf), 10)
        began = clock.monotonic()
        await nap.wait(0.01)
        assert clock.monotonic() - began >= 0.0099

    asyncio.run(use())


@pytest.mark.parametrize("kind", CLOCKS)
def test_another_thread_ends_it(kind: type[Clock]) -> None:
    nap = thread_nap(kind())
    thread = Thread(target=nap.wait, args=(inf,))
    thread.start()
    nap.end()
    thread.join(10)
    assert not thread.is_alive()

    async def use() -> None:
        nap = task_nap(kind())
        task = asyncio.create_task(nap.wait(inf))
        await asyncio.sleep(0)
        await asyncio.to_thread(nap.end)
        await asyncio.wait_for(task, 10)

    asyncio.run(use())


@pytest.mark.parametrize("kind", [SystemClock, Waking])
def test_a_thread_that_sleeps_is_woken(kind: type[Clock]) -> None:
    nap = thread_nap(kind())
    thread = Thread(target=nap.wait, args=(60.0,))
    thread.start()
    nap.end()
    thread.join(10)
    assert not thread.is_alive()


def test_who_waits_counts_as_asleep_and_as_awake_again() -> None:
    clock = VirtualClock()
    clock.hold()
    clock.hold()
    nap = thread_nap(clock)
    thread = Thread(target=nap.wait, args=(inf,))
    thread.start()
    clock.sleep(3.0)  # passes as soon as the other waits
    assert clock.now == 3.0
    nap.end()
    thread.join(10)
    clock.release()
    clock.call_later(nap, 1.0, clock.release)
    clock.release()
    assert clock.now == 4.0


class Late(VirtualClock):
    """A clock that calls as late as one does whose alarm is forgotten while it rings."""

    def __init__(self) -> None:
        super().__init__()
        self.awake = 1
        self.rings: list[Callable[[], object]] = []

    def counted(self) -> int:
        return self.awake

    def hold(self) -> None:
        self.awake += 1

    def release(self) -> None:
        self.awake -= 1

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        self.rings.append(wake)


def test_an_alarm_that_rings_late_counts_nobody_twice() -> None:
    clock = Late()
    nap = thread_nap(clock)
    thread = Thread(target=nap.wait, args=(1.0,))
    thread.start()
    while clock.counted():
        time.sleep(0.001)
    nap.end()
    thread.join(10)
    clock.hold()  # as a clock does that rings
    clock.rings[0]()
    assert clock.counted() == 1
