"""Time and chance, which the core does without, as one value that a driver is given."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Protocol, runtime_checkable


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

    async def sleep_async(self, seconds: float) -> None:
        """Suspend this task."""
        import asyncio

        await asyncio.sleep(seconds)


class VirtualClock:
    """A clock in which sleeping takes no time and moves the time on: for tests, and for rehearsing a long wait.

    `chance` is what `random` returns, always the same. `slept` lists the sleeps so far, in seconds.
    """

    def __init__(self, *, now: float = 0.0, chance: float = 0.0) -> None:
        self.now = now
        self.chance = chance
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """The virtual time, in seconds."""
        return self.now

    def random(self) -> float:
        """The chance that the clock was made with."""
        return self.chance

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`."""
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Move the time on by `seconds`."""
        self.sleep(seconds)
