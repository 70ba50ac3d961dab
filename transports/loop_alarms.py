"""Waits of many branches in an event loop, by clocks that know nothing of branches.

Law: by the machine's time, the loop calls for all; by a clock of somebody's own, which can only sleep, there is a task
for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from .clock import Alarms, Clock, SystemClock


def alarms_of(clock: Clock, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> Alarms:
    """What waits by `clock`, in the loop that runs: the clock itself where it can. `spawn` begins a task."""
    if isinstance(clock, Alarms):
        return clock
    kind = type(clock)
    goes_by_system = issubclass(kind, SystemClock) and (kind.monotonic, kind.sleep_async) == _BY_SYSTEM
    return LoopTimers() if goes_by_system else SleepingTasks(clock, spawn)


_BY_SYSTEM = (SystemClock.monotonic, SystemClock.sleep_async)


class LoopTimers:
    """Waits by the machine's time, as the loop that runs has it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._number = 0
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def hold(self) -> None:
        """The machine's time passes by itself."""

    def release(self) -> None:
        """The machine's time passes by itself."""

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Have the loop call `wake` after `seconds`."""
        self._number += 1
        self._timers[self._number] = self._loop.call_later(seconds, self._ring, self._number, wake)

    def forget(self, owner: object) -> None:
        """Call nothing more."""
        while self._timers:
            self._timers.popitem()[1].cancel()

    def _ring(self, number: int, wake: Callable[[], object]) -> None:
        del self._timers[number]
        wake()


class SleepingTasks:
    """Waits by a clock that can only sleep, in a task for each wait. Who spawned them cancels them."""

    def __init__(self, clock: Clock, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._clock = clock
        self._spawn = spawn

    def hold(self) -> None:
        """What sleeps moves such a time on, or it passes by itself."""

    def release(self) -> None:
        """What sleeps moves such a time on, or it passes by itself."""

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Sleep for `seconds` in a task, then call `wake`."""
        self._spawn(self._sleep(seconds, wake))

    def forget(self, owner: object) -> None:
        """Nothing is to be done here: tasks are cancelled by who spawned them."""

    async def _sleep(self, seconds: float, wake: Callable[[], object]) -> None:
        await self._clock.sleep_async(seconds)
        wake()
