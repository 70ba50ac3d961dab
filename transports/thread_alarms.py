"""Waits of many branches in threads, by clocks that know nothing of branches.

Law: by the machine's time, one thread waits for all, and none is left when the waits are over or forgotten. By a clock
of somebody's own, which can only sleep, each sleeps in its thread (`workers`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from heapq import heappop, heappush
from threading import Condition, Thread

from .clock import Alarm, Alarms, Clock, SystemClock


def alarms_of(clock: Clock) -> Alarms:
    """What waits by `clock`: the clock itself where it can."""
    if isinstance(clock, Alarms):
        return clock
    kind = type(clock)
    goes_by_system = issubclass(kind, SystemClock) and (kind.monotonic, kind.sleep) == _BY_SYSTEM
    return TimerThread() if goes_by_system else NoAlarms()


_BY_SYSTEM = (SystemClock.monotonic, SystemClock.sleep)


class TimerThread:
    """Waits by the machine's time, in one thread that is there while anything waits."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._alarms: list[Alarm] = []
        self._number = 0
        self._thread: Thread | None = None

    def hold(self) -> None:
        """The machine's time passes by itself."""

    def release(self) -> None:
        """The machine's time passes by itself."""

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Call `wake` after `seconds`, in the thread."""
        with self._changed:
            self._number += 1
            alarm = (time.monotonic() + seconds, self._number, owner, wake)
            heappush(self._alarms, alarm)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="puresponse-timer")
                self._thread.start()
            elif self._alarms[0] is alarm:
                self._changed.notify()

    def forget(self, owner: object) -> None:
        """Call nothing more, and let the thread end."""
        with self._changed:
            self._alarms.clear()
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._alarms and (seconds := self._alarms[0][0] - time.monotonic()) > 0:
                    self._changed.wait(min(seconds, _LONGEST))
                if not self._alarms:
                    self._thread = None
                    return
                wake = heappop(self._alarms)[-1]
            wake()


_LONGEST = 1e6
"""Seconds that a condition is waited for at a time; more than 2**63 nanoseconds are refused."""


class NoAlarms:
    """What there is of alarms for a clock that can only sleep: who waits sleeps in a thread of its own."""

    def hold(self) -> None:
        """What sleeps moves such a time on, or it passes by itself."""

    def release(self) -> None:
        """What sleeps moves such a time on, or it passes by itself."""

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Nothing can be called."""
        raise NotImplementedError

    def forget(self, owner: object) -> None:
        """Nothing is called."""
