"""Waits of many branches in threads, by clocks that know nothing of branches.

Law: by the machine's time, one thread waits for all; by a clock of somebody's own, which can only sleep, a thread each.
None is left when the waits are over or forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush
from threading import Condition, Lock, Thread, current_thread

from .clock import Alarm, Alarms, Clock, SystemClock

_MOST_ASLEEP = 1_000
"""Threads that may sleep at once; what would be one more sleeps where it is, and takes the room of a request."""


def alarms_of(clock: Clock) -> Alarms:
    """What waits by `clock`: the clock itself where it can."""
    if isinstance(clock, Alarms):
        return clock
    kind = type(clock)
    goes_by_system = issubclass(kind, SystemClock) and (kind.monotonic, kind.sleep) == _BY_SYSTEM
    return TimerThread() if goes_by_system else SleepingThreads(clock)


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


class SleepingThreads:
    """Waits by a clock that can only sleep, in a thread for each wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._threads = set[Thread]()
        self._error: BaseException | None = None

    def hold(self) -> None:
        """What sleeps moves such a time on, or it passes by itself."""

    def release(self) -> None:
        """What sleeps moves such a time on, or it passes by itself."""

    def call_later(self, owner: object, seconds: float, wake: Callable[[], object]) -> None:
        """Sleep for `seconds` in a thread, then call `wake`."""
        if len(self._threads) < _MOST_ASLEEP:
            thread = Thread(target=self._sleep, args=(seconds, wake), name="puresponse-sleep")
            with suppress(RuntimeError):  # the system has no more threads
                thread.start()
                return
        self._clock.sleep(seconds)
        wake()

    def forget(self, owner: object) -> None:
        """Wait for those that sleep, whom nothing can wake before their time; raise what a sleep has raised."""
        for thread in tuple(self._threads):
            thread.join()
        if self._error is not None:
            raise self._error

    def _sleep(self, seconds: float, wake: Callable[[], object]) -> None:
        with self._lock:
            self._threads.add(current_thread())
        try:
            self._clock.sleep(seconds)
        except BaseException as error:
            self._error = error
        wake()
        with self._lock:
            self._threads.discard(current_thread())
