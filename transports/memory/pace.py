"""Waiting by a clock for what is due at a known time, and no longer than the exchange may take."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from ...core.errors import Interrupted
from ..network.timeouts import took_longer, was_silent


class Pace:
    """The time of one exchange, which begins now and may take `total` seconds; None sets no limit.

    `now` returns the time in seconds, and `sleep` lets it pass, until the event that it is given is set. Where `sleep`
    is None no time passes: everything is there at once. Nothing is waited for any more once `given_up` is set.
    """

    __slots__ = ("_ends", "_now", "_sleep", "_total", "given_up")

    def __init__(
        self,
        now: Callable[[], float],
        sleep: Callable[[Event, float], None] | None,
        total: float | None,
        given_up: Event | None = None,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._total = total
        self.given_up = given_up
        self._ends = None if total is None else now() + total

    def until(self, at: float, within: float | None = None) -> Interrupted | None:
        """Wait until the time `at`, but no longer than `within` seconds, and than the exchange may take.

        Returns the error of what would be later than that.
        """
        if self._sleep is None:
            return None
        now = self._now()
        late: Interrupted | None = None
        if within is not None and now + within < at:
            at, late = now + within, was_silent(within)
        if self._total is not None and self._ends is not None and self._ends < at:
            at, late = self._ends, took_longer(self._total)
        if at > now:
            if self.given_up is None:
                self.given_up = Event()
            self._sleep(self.given_up, at - now)
        return late
