"""Whether an exchange was given up, and what ends the wait that it is in.

Law: whoever waits says before how the wait is ended (`enter`), and after it that it is over (`leave`). `give_up` ends
it, in whichever thread it is called, and never touches what belongs to another exchange by then.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock


class GivenUp(Exception):
    """The exchange was given up before this step."""


class Abandonment:
    """Of one exchange. `is_shared` is whether another thread may give it up."""

    __slots__ = ("_end", "_lock", "given_up", "is_shared")

    def __init__(self, *, is_shared: bool = False) -> None:
        self.given_up = False
        self.is_shared = is_shared
        self._end: Callable[[], object] | None = None
        self._lock = RLock()  # ending a body leaves it, in the same thread

    def enter(self, end: Callable[[], object]) -> None:
        """Begin a wait that calling `end`, which must not wait itself, ends. Raises `GivenUp`."""
        with self._lock:
            if self.given_up:
                raise GivenUp
            self._end = end

    def leave(self) -> bool:
        """End the wait: whether the exchange goes on."""
        with self._lock:
            self._end = None
            return not self.given_up

    def give_up(self) -> None:
        """End whatever wait there is, and let no other begin."""
        with self._lock:
            self.given_up = True
            end, self._end = self._end, None
            if end is not None:
                end()
