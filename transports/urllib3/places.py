"""How many connections may be in use at once: whoever wants one more waits for its place, in order."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Lock

from .abandonment import Abandonment


class Places:
    """So many places, taken and freed by any thread. One that is freed goes to who has waited longest."""

    __slots__ = ("_free", "_lock", "_waiting")

    def __init__(self, count: int) -> None:
        self._free = count
        self._lock = Lock()
        self._waiting: deque[_Waiter] = deque()

    def take(self, seconds: float, abandonment: Abandonment) -> bool:
        """Take a place, which is waited for `seconds` at most: whether there was one. Raises `GivenUp`."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            waiter = _Waiter()
            self._waiting.append(waiter)
        goes_on = False
        try:
            abandonment.enter(waiter.wake)
            waiter.woken.acquire(timeout=seconds)
            goes_on = abandonment.leave()
        finally:
            with self._lock:
                has_place = waiter.has_place
                if not has_place:
                    self._waiting.remove(waiter)
            if has_place and not goes_on:
                self.free()
        return has_place and goes_on

    def free(self) -> None:
        """Give a place back."""
        with self._lock:
            if self._waiting:
                waiter = self._waiting.popleft()
                waiter.has_place = True
                waiter.wake()
            else:
                self._free += 1


class _Waiter:
    __slots__ = ("has_place", "woken")

    def __init__(self) -> None:
        self.has_place = False
        self.woken = Lock()
        self.woken.acquire()

    def wake(self) -> None:
        with suppress(RuntimeError):  # another thread has just done so
            self.woken.release()
