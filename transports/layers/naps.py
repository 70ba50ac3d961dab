"""Waits that anyone may end: by the machine's time, by a clock that has alarms, or by one that can only sleep.

Law: `end` returns at once, may be called by any thread and again, and before the wait begins, which then ends at once;
so a wait may end early, and who waits asks again. Where a clock counts those that are awake (`Alarms`), who waits does
not count, and counts again when the wait is ended. By a clock that can only sleep, a thread sleeps to the end; by one
whose sleepers can be woken (`WakingClock`) it is woken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import inf
from threading import Event, Lock
from typing import Protocol

from ..clock import Alarms, Clock, SystemClock, WakingClock

_LONGEST = 1e6
"""Seconds that are waited for at a time; more than 2**63 nanoseconds are refused."""


class Nap(Protocol):
    """A wait that anyone may end."""

    def end(self) -> None:
        """End the wait."""
        ...


class ThreadNap(Nap, Protocol):
    """One of a thread."""

    def wait(self, seconds: float) -> None:
        """Wait for `seconds`, which may be infinite, or until it is ended."""
        ...


class TaskNap(Nap, Protocol):
    """One of a task."""

    async def wait(self, seconds: float) -> None:
        """Wait for `seconds`, which may be infinite, or until it is ended."""
        ...


def thread_nap(clock: Clock) -> ThreadNap:
    """What a thread waits with."""
    if isinstance(clock, Alarms):
        return _CountedThreadNap(clock)
    return _ThreadNap(None if _goes_by_system(clock) else clock)


def task_nap(clock: Clock) -> TaskNap:
    """What a task waits with, in the loop that runs."""
    if isinstance(clock, Alarms):
        return _CountedTaskNap(clock)
    return _TaskNap(None if _goes_by_system(clock) else clock)


def _goes_by_system(clock: Clock) -> bool:
    kind = type(clock)
    return issubclass(kind, SystemClock) and all(getattr(kind, name) is method for name, method in _BY_SYSTEM.items())


_BY_SYSTEM: dict[str, object] = {name: getattr(SystemClock, name) for name in ("monotonic", "sleep", "sleep_async")}


class _Gate:
    """What one thread waits at."""

    def __init__(self) -> None:
        self.event = Event()
        self.open = self.event.set

    def wait(self, seconds: float) -> None:
        self.event.wait(None if seconds == inf else min(seconds, _LONGEST))
        self.event.clear()


class _TaskGate:
    """What one task waits at."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def open(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        timer = None if seconds == inf else self._loop.call_later(min(seconds, _LONGEST), self._event.set)
        try:
            await self._event.wait()
        finally:
            if timer is not None:
                timer.cancel()
        self._event.clear()


class _ThreadNap:
    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock
        self._gate = _Gate()

    def end(self) -> None:
        self._gate.open()

    def wait(self, seconds: float) -> None:
        if self._clock is None or seconds == inf:
            self._gate.wait(seconds)
        elif isinstance(self._clock, WakingClock):
            self._clock.sleep_unless(self._gate.event, seconds)
            self._gate.event.clear()
        else:
            self._clock.sleep(seconds)


class _TaskNap:
    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock
        self._gate = _TaskGate()

    def end(self) -> None:
        self._gate.open()

    async def wait(self, seconds: float) -> None:
        if self._clock is None or seconds == inf:
            await self._gate.wait(seconds)
            return
        waits = {asyncio.ensure_future(self._clock.sleep_async(seconds)), asyncio.ensure_future(self._gate.wait(inf))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.wait(waits)


class _Sleeper:
    """Who sleeps by a clock that counts those that are awake: counted again by whoever wakes it first."""

    def __init__(self, alarms: Alarms, open_gate: Callable[[], None]) -> None:
        self._alarms = alarms
        self._open_gate = open_gate
        self._lock = Lock()
        self._is_asleep = False
        self._is_ended = False

    def fall_asleep(self, seconds: float) -> bool:
        """Count no more among those that are awake, for at most `seconds`; False where the wait was ended already."""
        with self._lock:
            if self._is_ended:
                self._is_ended = False
                return False
            self._is_asleep = True
        if seconds < inf:
            self._alarms.call_later(self, seconds, self._ring)
        self._alarms.release()
        return True

    def end(self) -> None:
        """Wake it, unless it is awake: it is to stay awake then."""
        with self._lock:
            if not self._is_asleep:
                self._is_ended = True
                return
            self._is_asleep = False
        self._alarms.hold()
        self._alarms.forget(self)
        self._open_gate()

    def wake(self) -> None:
        """Let it count again that woke by itself, as by Ctrl-C."""
        with self._lock:
            if not self._is_asleep:
                return
            self._is_asleep = False
        self._alarms.hold()
        self._alarms.forget(self)

    def _ring(self) -> None:
        """Called by the clock, which counts it as awake from then on."""
        with self._lock:
            was_asleep, self._is_asleep = self._is_asleep, False
        if was_asleep:
            self._open_gate()
        else:
            self._alarms.release()


class _CountedThreadNap:
    def __init__(self, alarms: Alarms) -> None:
        self._gate = _Gate()
        self._sleeper = _Sleeper(alarms, self._gate.open)
        self.end = self._sleeper.end

    def wait(self, seconds: float) -> None:
        if self._sleeper.fall_asleep(seconds):
            try:
                self._gate.wait(inf)
            finally:
                self._sleeper.wake()


class _CountedTaskNap:
    def __init__(self, alarms: Alarms) -> None:
        self._gate = _TaskGate()
        self._sleeper = _Sleeper(alarms, self._gate.open)
        self.end = self._sleeper.end

    async def wait(self, seconds: float) -> None:
        if self._sleeper.fall_asleep(seconds):
            try:
                await self._gate.wait(inf)
            finally:
                self._sleeper.wake()
