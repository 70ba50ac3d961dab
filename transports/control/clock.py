"""A clock that is steered from outside: it runs as the machine's does, until it is frozen, moved or set.

Law: whoever waits by it, in a thread or in an event loop, notices at once that it was moved, and is woken when the time
is there for which he waits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Condition

from ..clock import WakingEvent

LATEST = 253_402_300_799.0
"""The last second of the year 9999: no time is later."""

_PATIENCE = 0.05
"""Seconds of real time after which a sleeper in a thread checks whether he was given up."""

_CLOSE = 1e-6
"""Seconds: a time that was reckoned in two ways differs by less."""

_LONGEST = 86_400.0
"""Seconds: the longest timer of an event loop."""


class SteeredClock:
    """The time in seconds since 1970, which runs until it is frozen. `real` is what it runs by, in seconds.

    It begins at the machine's time, and runs; with `now` it begins frozen at that time, in seconds since 1970.

    >>> clock = SteeredClock(now=1_750_000_000.0)
    >>> clock.move(60.0)
    >>> clock.monotonic(), clock.is_frozen
    (1750000060.0, True)
    """

    def __init__(self, *, now: float | None = None, real: Callable[[], float] = time.monotonic) -> None:
        """Run from the machine's time on; with `now`, be frozen at that time."""
        self._real = real
        self._offset = time.time() - real()
        self._frozen = now
        self._is_over = False
        self._condition = Condition()
        self._number = 0
        self._sleepers: dict[int, tuple[float, Callable[[], object] | None]] = {}

    def __repr__(self) -> str:
        return f"SteeredClock({self.monotonic()!r}, {'frozen' if self.is_frozen else 'running'})"

    @property
    def is_frozen(self) -> bool:
        """Whether time passes only when it is moved."""
        return self._frozen is not None

    @property
    def waiting(self) -> tuple[float, ...]:
        """The times for which somebody waits, the next first."""
        with self._condition:
            return tuple(sorted(due for due, _ in self._sleepers.values()))

    def monotonic(self) -> float:
        """The time, in seconds since 1970."""
        return self._real() + self._offset if (frozen := self._frozen) is None else frozen

    def random(self) -> float:
        """No chance: 0."""
        return 0.0

    # What moves it

    def freeze(self, at: float | None = None) -> None:
        """Let no time pass any more, from the time `at` on; by default from now on. Raises `ValueError` as `set`."""
        with self._condition:
            self._frozen = _time(self.monotonic() if at is None else at)
            self._wake()

    def run(self) -> None:
        """Let time pass again, from where it is."""
        with self._condition:
            self._offset = self.monotonic() - self._real()
            self._frozen = None
            self._wake()

    def move(self, seconds: float) -> None:
        """Go on by `seconds`, frozen or not. Raises `ValueError` as `set`."""
        with self._condition:
            self._set(_time(self.monotonic() + seconds))

    def set(self, at: float) -> None:
        """Go to the time `at`, in seconds since 1970, which may be earlier, and stay frozen or go on running.

        Raises `ValueError` for what is no time from 1970 to the end of the year 9999.
        """
        with self._condition:
            self._set(_time(at))

    def end(self) -> None:
        """Let nobody wait any more: all that is awaited is there, now and from now on."""
        with self._condition:
            self._is_over = True
            self._wake()

    def _set(self, at: float) -> None:
        if self._frozen is None:
            self._offset = at - self._real()
        else:
            self._frozen = at
        self._wake()

    def _wake(self) -> None:
        self._condition.notify_all()
        for _, ring in self._sleepers.values():
            if ring is not None:
                # A loop that was closed has nobody left to wake.
                with suppress(RuntimeError):
                    ring()

    # Who waits by it

    def sleep(self, seconds: float) -> None:
        """Return when the time has gone on by `seconds`."""
        self._sleep(None, seconds)

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        """Return when the time has gone on by `seconds`, or shortly after `woken` is set."""
        self._sleep(woken, seconds)

    def _sleep(self, woken: WakingEvent | None, seconds: float) -> None:
        due = self.monotonic() + seconds
        with self._condition, self._listed(due, None):
            while (left := self._left(due)) > 0 and not (woken is not None and woken.is_set()):
                self._condition.wait(min(left, _PATIENCE if woken is not None else _LONGEST))

    async def sleep_async(self, seconds: float) -> None:
        """Return when the time has gone on by `seconds`, leaving the event loop free."""
        import asyncio

        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        due = self.monotonic() + seconds
        with self._listed(due, partial(loop.call_soon_threadsafe, woken.set)):
            while (left := self._left(due)) > 0:
                timer = loop.call_later(min(left, _LONGEST), woken.set)
                try:
                    await woken.wait()
                finally:
                    timer.cancel()
                woken.clear()

    @contextmanager
    def _listed(self, due: float, ring: Callable[[], object] | None) -> Generator[None]:
        """Be on the list of those who wait, and be rung for when the clock is moved."""
        with self._condition:
            self._number += 1
            number = self._number
            self._sleepers[number] = (due, ring)
        try:
            yield
        finally:
            with self._condition:
                del self._sleepers[number]

    def _left(self, due: float) -> float:
        """The real seconds until the time `due`; without end where no time passes."""
        if self._is_over:
            return 0.0
        left = due - self.monotonic()
        if left < _CLOSE:
            return 0.0
        return left if self._frozen is None else math.inf


def _time(at: float) -> float:
    if not 0 <= at <= LATEST:
        raise ValueError(f"a time is from 0 to {LATEST:.0f} seconds since 1970, and not {at!r}")
    return at
