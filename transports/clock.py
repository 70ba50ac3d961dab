"""Time and chance, which the core does without, as one value that a driver is given."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from threading import Lock

    from ..core.steps import Wait


@runtime_checkable
class Clock(Protocol):
    """What a driver needs to carry out a `Wait`. Times are in seconds."""

    def monotonic(self) -> float:
        """A time that never goes back; only differences mean anything."""
        ...

    def random(self) -> float:
        """A number from 0 to 1, for the spread of a wait."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...

    def sleep_async(self, seconds: float) -> Awaitable[None]:
        """Return after `seconds`, leaving the event loop free."""
        ...


@runtime_checkable
class Alarms(Protocol):
    """What lets the branches of a fork wait without a thread or task for each: a clock may have it, and need not.

    The driver tells how many of the branches are awake, so that a time that passes only while all sleep knows when.
    """

    def hold(self) -> None:
        """One more is awake."""
        ...

    def release(self) -> None:
        """One fewer is awake."""
        ...

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Call `wake` after `seconds`, in any thread. One more is awake by then; `wake` releases it."""
        ...

    def forget(self, owner: object) -> None:
        """Call nothing more for `owner`."""
        ...


class WakingEvent(Protocol):
    """What wakes a sleeper: a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether it has been set."""
        ...

    def set(self) -> None:
        """Wake whoever waits for it."""
        ...

    def wait(self, timeout: float | None = None, /) -> bool:
        """Wait until it is set, and return whether it is."""
        ...


@runtime_checkable
class WakingClock(Protocol):
    """A clock whose sleepers can be woken: what sleeps by it can be given up. A clock may be one, and need not."""

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        """Return after `seconds`, or as soon as `woken` is set."""
        ...


class SystemClock:
    """The machine's own time and chance."""

    def __repr__(self) -> str:
        return "SystemClock()"  # as a default in signatures, which would else show an address

    def monotonic(self) -> float:
        """Seconds by `time.monotonic`."""
        return time.monotonic()

    def random(self) -> float:
        """A number by `random.random`."""
        import random  # a heavy import, for those who wait only

        return random.random()

    def sleep(self, seconds: float) -> None:
        """Block this thread."""
        time.sleep(seconds)

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        """Block this thread, until `woken` is set at the latest."""
        woken.wait(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Suspend this task."""
        import asyncio

        await asyncio.sleep(seconds)


Alarm: TypeAlias = tuple[float, int, object, Callable[[], object]]
"""When it is due, its number, whose it is, and what it calls: a heap of them has the earliest first."""

_PATIENCE = 5.0
"""Seconds of real time after which a sleeper takes those that are awake to be waiting for one that sleeps."""

_GLANCE = 0.01
"""Seconds of real time after which a sleeper notices that it was woken before its time."""

_GLANCES = round(_PATIENCE / _GLANCE)


class VirtualClock:
    """A clock in which sleeping takes no time and moves the time on: for tests, and for rehearsing a long wait.

    `now` is the time at first, in seconds since any moment, and `chance` what `random` returns, always the same: from 0
    to less than 1. `slept` lists the sleeps so far, in seconds.

    By itself, each sleep moves the time on. While a driver carries out the branches of a fork at once, their sleeps
    overlap, and so do those of a transport that goes by this clock: the time moves on when all of them sleep, to where
    the first wakes; so it is the same in every run. What waits for anything but this clock holds the time.

    >>> from puresponse import delay, gather, run
    >>> clock = VirtualClock()
    >>> run(gather(delay(5.0), delay(3.0)), print, clock=clock, concurrency=2)
    <Success: (5.0, 3.0)>
    >>> clock.now, clock.slept
    (5.0, [5.0, 3.0])
    """

    def __init__(self, *, now: float = 0.0, chance: float = 0.0) -> None:
        self.now = now
        self.chance = chance
        self.slept: list[float] = []
        self._awake = 0
        self._alarms: list[Alarm] = []
        self._number = 0
        self._moving = False
        self._lock = _new_lock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in {"_awake", "_alarms", "_lock"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _awake=0, _alarms=[], _lock=_new_lock())

    def monotonic(self) -> float:
        """The virtual time, in seconds."""
        return self.now

    def random(self) -> float:
        """The chance that the clock was made with."""
        return self.chance

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far."""
        gate = _new_lock()
        gate.acquire()
        with self._lock:
            self.slept.append(seconds)
            if not self._awake:
                self.now += seconds
                return
            self._set(seconds, gate, gate.release)
        self.release()
        try:
            while not gate.acquire(timeout=_PATIENCE):
                self._move(by_force=True)
        except BaseException:
            self._withdraw(gate)
            raise

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far; not at all, or less far, where `woken` is set."""
        from threading import Event

        gate = Event()  # and not `woken`, which says that somebody else woke the sleeper
        with self._lock:
            if woken.is_set():
                return
            self.slept.append(seconds)
            if not self._awake:
                self.now += seconds
                return
            self._set(seconds, gate, gate.set)
        self.release()
        glances = 0
        try:
            while not gate.wait(_GLANCE) and not woken.is_set():
                glances += 1
                if glances % _GLANCES == 0:
                    self._move(by_force=True)
        finally:
            self._withdraw(gate)

    async def sleep_async(self, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far."""
        if not self._awake:
            self.sleep(seconds)
            return
        import asyncio
        from functools import partial

        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self.slept.append(seconds)
            self._set(seconds, woken, partial(loop.call_soon_threadsafe, woken.set))
        self.release()
        try:
            await woken.wait()
        except BaseException:
            self._withdraw(woken)
            raise

    def hold(self) -> None:
        """One more is awake: the time does not move on before it sleeps or is released."""
        with self._lock:
            self._awake += 1

    def release(self) -> None:
        """One fewer is awake; after the last, the time moves on."""
        with self._lock:
            self._awake -= 1
        self._move()

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Call `wake` when the time has moved on by `seconds`, and hold it until `wake` releases it.

        `owner` is what `forget` is told, by its identity.
        """
        with self._lock:
            self.slept.append(seconds)
            self._set(seconds, owner, wake)

    def forget(self, owner: object) -> None:
        """Call nothing more for `owner`."""
        with self._lock:
            self._drop(owner)

    def _set(self, seconds: float, owner: object, wake: Callable[[], object]) -> None:
        from heapq import heappush

        self._number += 1
        heappush(self._alarms, (self.now + seconds, self._number, owner, wake))

    def _drop(self, owner: object) -> bool:
        """Whether there was anything to be called for `owner`."""
        from heapq import heapify

        others = [alarm for alarm in self._alarms if alarm[2] is not owner]
        dropped = len(others) < len(self._alarms)
        self._alarms = others
        heapify(others)
        return dropped

    def _withdraw(self, sleeper: object) -> None:
        """Let a sleeper be awake that was interrupted: it counts again, unless the time has come to it, and it does."""
        with self._lock:
            self._awake += self._drop(sleeper)

    def _move(self, *, by_force: bool = False) -> None:
        """Move the time on as long as all sleep, and wake one after another."""
        from heapq import heappop

        while True:
            with self._lock:
                if self._moving or not self._alarms or (self._awake > 0 and not by_force):
                    return
                due, _, _, wake = heappop(self._alarms)
                self.now = max(self.now, due)
                self._awake += 1
                self._moving, by_force = True, False
            try:
                wake()
            finally:
                with self._lock:
                    self._moving = False


def _new_lock() -> Lock:
    from threading import Lock  # for those who have a virtual clock only

    return Lock()


def drawn(wait: Wait[Any], clock: Clock) -> float:
    """Draw the length of a wait, in seconds."""
    return wait.seconds + wait.spread * clock.random() if wait.spread else wait.seconds
