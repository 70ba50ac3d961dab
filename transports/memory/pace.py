"""The time of one exchange: what is due at a known time is waited for by a clock, no longer than the exchange may take.

Law: how long to wait, and what is late, is a function of the times; who waits for it, a thread or a task, is another's.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from returns.result import Failure

from ...core.errors import Error, Interrupted, NotSent
from ...core.http import HttpRequest
from ..clock import WakingEvent
from ..network.timeouts import check_time, took_longer, was_silent


def total_refused(request: HttpRequest) -> Failure[Error] | None:
    """The failure of a request whose `total` is no time; None for any other."""
    if request.total is None:
        return None
    try:
        check_time("total", request.total)
    except ValueError as error:
        return Failure(NotSent("invalid_request", str(error)))
    return None


class Pace:
    """The time of one exchange, which begins now and may take `total` seconds; None sets no limit.

    `now` returns the time in seconds. Where no time `passes`, everything is there at once.
    """

    __slots__ = ("_ends", "_now", "_passes", "_total")

    def __init__(self, now: Callable[[], float], total: float | None, *, passes: bool) -> None:
        self._now = now
        self._total = total
        self._passes = passes
        self._ends = None if total is None else now() + total

    def left(self, at: float, within: float | None = None) -> tuple[float, Interrupted | None]:
        """How many seconds to wait for what is due `at` a time, and the error of what would be later than it may be.

        It may be no later than `within` seconds from now, and than the exchange may take.
        """
        if not self._passes:
            return 0.0, None
        now = self._now()
        late: Interrupted | None = None
        if within is not None and now + within < at:
            at, late = now + within, was_silent(within)
        if self._total is not None and self._ends is not None and self._ends < at:
            at, late = self._ends, took_longer(self._total)
        return max(0.0, at - now), late


class GivenUp:
    """An event that is made when somebody waits for it, which nobody does for most answers: making one takes time."""

    __slots__ = ("_event", "_is_set")

    def __init__(self) -> None:
        self._is_set = False
        self._event: Event | None = None

    def is_set(self) -> bool:
        """Whether it has been set."""
        return self._is_set

    def set(self) -> None:
        """Wake whoever waits for it."""
        self._is_set = True
        if self._event is not None:
            self._event.set()

    def wait(self, timeout: float | None = None, /) -> bool:
        """Wait until it is set, and return whether it is."""
        # One thread waits. It is set before the event is looked for, and looked at after that is there.
        if self._event is None:
            self._event = Event()
        return self._is_set or self._event.wait(timeout)


class BlockingPace(Pace):
    """The same for a thread, which `sleep` puts to sleep until the event that it is given is set.

    Where `sleep` is None no time passes. Nothing is waited for any more once `given_up` is set.
    """

    __slots__ = ("_sleep", "given_up")

    def __init__(
        self,
        now: Callable[[], float],
        sleep: Callable[[WakingEvent, float], None] | None,
        total: float | None,
        given_up: WakingEvent | None = None,
    ) -> None:
        super().__init__(now, total, passes=sleep is not None)
        self._sleep = sleep
        self.given_up = given_up

    def until(self, at: float, within: float | None = None) -> Interrupted | None:
        """Wait as `left` has it, and return its error."""
        seconds, late = self.left(at, within)
        if seconds > 0 and self._sleep is not None:
            if self.given_up is None:
                self.given_up = GivenUp()
            self._sleep(self.given_up, seconds)
        return late
