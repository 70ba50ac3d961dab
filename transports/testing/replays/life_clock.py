"""The clock of code that is carried out life by life: no time passes but where something waits, and that is told.

Law: the waits of the service, for answers that take time, are its own, and steps of no program.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

from ...clock import VirtualClock, WakingEvent

_IS_TOLD = ContextVar("_IS_TOLD", default=False)


class Waiter(Protocol):
    """Who is told of waits."""

    def waits(self, seconds: float) -> object:
        """Something waits for so many seconds."""
        ...

    def chance(self) -> float:
        """How much of the spread of a wait is waited for, from 0 to 1."""
        ...


class LifeClock(VirtualClock):
    """A clock that begins each life at the same time. Where there are `other_waits`, chance is chosen."""

    def __init__(self, *, now: float, other_waits: bool = False) -> None:
        super().__init__(now=now)
        self.first = now
        self.other_waits = other_waits
        self.waiter: Waiter | None = None
        self.of_the_service = ServiceClock(self)

    def begin_life(self, waiter: Waiter | None) -> None:
        """Be as at first, and tell this life of its waits."""
        VirtualClock.__init__(self, now=self.first)
        self.waiter = waiter

    def random(self) -> float:
        """The least of each spread, or what is chosen."""
        return 0.0 if self.waiter is None or not self.other_waits else self.waiter.chance()

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far."""
        if self.waiter is not None and not _IS_TOLD.get():
            self.waiter.waits(seconds)
        super().sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far."""
        if self.waiter is not None and not _IS_TOLD.get():
            self.waiter.waits(seconds)
        token = _IS_TOLD.set(True)
        try:
            await super().sleep_async(seconds)
        finally:
            _IS_TOLD.reset(token)


class ServiceClock:
    """The same clock, for the service."""

    def __init__(self, clock: LifeClock) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        """The virtual time, in seconds."""
        return self._clock.now

    def random(self) -> float:
        """The service does nothing by chance."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far."""
        token = _IS_TOLD.set(True)
        try:
            self._clock.sleep(seconds)
        finally:
            _IS_TOLD.reset(token)

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        """The same, unless `woken` is set."""
        self._clock.sleep_unless(woken, seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Move the time on by `seconds`, or let it move on so far."""
        token = _IS_TOLD.set(True)
        try:
            await self._clock.sleep_async(seconds)
        finally:
            _IS_TOLD.reset(token)
