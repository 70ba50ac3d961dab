"""Clocks: time and chance for drivers."""

import asyncio
import pickle
import threading
import time

from puresponse.transports import Clock, SystemClock, VirtualClock
from puresponse.transports.clock import WakingClock


def test_a_virtual_clock_stands_still_until_someone_sleeps() -> None:
    clock = VirtualClock(now=100.0)
    assert clock.monotonic() == clock.monotonic() == 100.0
    clock.sleep(2.5)
    assert clock.monotonic() == 102.5


def test_sleeping_in_an_event_loop_moves_a_virtual_clock_too() -> None:
    clock = VirtualClock()
    asyncio.run(_sleep_twice(clock))
    assert (clock.monotonic(), clock.slept) == (4.0, [1.0, 3.0])


async def _sleep_twice(clock: Clock) -> None:
    await clock.sleep_async(1.0)
    await clock.sleep_async(3.0)


def test_a_virtual_clock_lists_its_sleeps() -> None:
    clock = VirtualClock()
    assert clock.slept == []
    clock.sleep(1.0)
    clock.sleep(0.5)
    assert clock.slept == [1.0, 0.5]


def test_two_virtual_clocks_share_nothing() -> None:
    one, other = VirtualClock(), VirtualClock()
    one.sleep(1.0)
    assert (other.monotonic(), other.slept) == (0.0, [])


def test_the_chance_of_a_virtual_clock_is_what_it_was_made_with() -> None:
    assert VirtualClock().random() == 0.0
    clock = VirtualClock(chance=0.75)
    assert [clock.random() for _ in range(3)] == [0.75] * 3


def test_virtual_sleep_takes_no_time() -> None:
    begun = time.monotonic()
    VirtualClock().sleep(1_000_000.0)
    assert time.monotonic() - begun < 1_000


def test_the_systems_clock_never_goes_back() -> None:
    clock = SystemClock()
    times = [clock.monotonic() for _ in range(1_000)]
    assert times == sorted(times)


def test_the_systems_clock_is_the_machines() -> None:
    before = time.monotonic()
    assert before <= SystemClock().monotonic() <= time.monotonic()


def test_the_systems_chance_lies_between_0_and_1_and_varies() -> None:
    drawn = {SystemClock().random() for _ in range(100)}
    assert all(0 <= number <= 1 for number in drawn)
    assert len(drawn) > 90


def test_the_systems_clock_sleeps_at_least_as_long_as_it_should() -> None:
    clock = SystemClock()
    begun = time.monotonic()
    clock.sleep(0.002)
    assert time.monotonic() - begun >= 0.002
    begun = time.monotonic()
    asyncio.run(_sleep(clock, 0.002))
    # An event loop may wake up as much early as its clock is coarse.
    assert time.monotonic() - begun >= 0.002 - time.get_clock_info("monotonic").resolution


async def _sleep(clock: Clock, seconds: float) -> None:
    await clock.sleep_async(seconds)


def test_the_systems_clock_leaves_the_event_loop_free() -> None:
    async def scene() -> list[str]:
        order: list[str] = []

        async def sleeper() -> None:
            await SystemClock().sleep_async(0.01)
            order.append("awake")

        task = asyncio.create_task(sleeper())
        await asyncio.sleep(0)
        order.append("meanwhile")
        await task
        return order

    assert asyncio.run(scene()) == ["meanwhile", "awake"]


def test_both_are_clocks() -> None:
    clocks: list[Clock] = [SystemClock(), VirtualClock()]
    for clock in clocks:
        clock.sleep(0.0)
        assert isinstance(clock.monotonic(), float)
        assert pickle.loads(pickle.dumps(clock)).monotonic() >= 0.0


def test_a_sleeper_that_is_woken_before_it_sleeps_lets_no_time_pass() -> None:
    woken = threading.Event()
    woken.set()
    clock = VirtualClock()
    clock.sleep_unless(woken, 5.0)
    assert (clock.now, clock.slept) == (0.0, [])
    SystemClock().sleep_unless(woken, 3600.0)


def test_a_sleeper_that_is_woken_by_nobody_sleeps_as_ever() -> None:
    clock = VirtualClock()
    clock.sleep_unless(threading.Event(), 5.0)
    assert (clock.now, clock.slept) == (5.0, [5.0])
    assert isinstance(clock, WakingClock)
    assert isinstance(SystemClock(), WakingClock)


def test_a_sleeper_whose_time_has_come_was_not_woken_by_anybody() -> None:
    """So that what goes on to wait for the next event of a stream, by the same `woken`, waits for it."""
    clock, woken = VirtualClock(), threading.Event()
    clock.hold()
    for _ in range(3):
        clock.sleep_unless(woken, 5.0)
    clock.release()
    assert (clock.now, clock.slept, woken.is_set()) == (15.0, [5.0, 5.0, 5.0], False)


def test_a_sleeper_of_a_fork_is_woken_before_its_time() -> None:
    clock, woken = VirtualClock(), threading.Event()
    clock.hold()
    clock.hold()  # one more that does not sleep: the time does not move on by itself
    sleeper = threading.Thread(target=clock.sleep_unless, args=(woken, 5.0))
    sleeper.start()
    woken.set()
    sleeper.join(20)
    assert (sleeper.is_alive(), clock.now) == (False, 0.0)
