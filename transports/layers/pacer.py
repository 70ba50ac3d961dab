"""A pace that transports share: who may send now, who waits, and in what order.

Law: requests are sent in the order in which they were asked for, each once. What was given up while it waited, or
waited longer than its `total`, is a `NotSent`; nothing else is answered here. Threads and event loops may share it.

`pace_state` says how fast; here are the lock, the queue and the clock. Only the first of the queue waits for a time;
the others wait to be the first. An exchange takes a place until its answer is there, or, of a body that was opened,
until that is at its end or closed.
"""

from __future__ import annotations

from collections import deque
from math import inf
from threading import Lock
from typing import Any

from msgspec import structs
from returns.result import Failure

from ...core.arguments import invalid_argument
from ...core.delays import LEAST_DELAY
from ...core.errors import Error, InvalidArgument, NotSent
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ..clock import Clock, SystemClock
from .layer import Attempt, Begun, Layer
from .naps import Nap, task_nap, thread_nap
from .pace_state import PaceState, answered, over, sent, wait

_SYSTEM_CLOCK = SystemClock()

_FASTEST = 1e6
_MOST_AT_ONCE = 1_000_000
_LONGEST_WAIT = 1e6


class Pacer(Layer):
    """A pace for one transport or for several that a service counts together, as those with one key.

    - `rate`: how many requests a second are sent at most, more than 0 up to 1e6; None for as many as the service takes.
    - `concurrency`: how many exchanges are under way at most, 1 to 1e6; None for any number. A body that was opened is
      under way until it is read to its end or closed.
    - `heed`: True slows down by what the service says: 429s, the delays that it asks for (`retry-after-ms`,
      `Retry-After`), and what it says that remains (`x-ratelimit-*`). False sends at the `rate`, whatever it says.
    - `longest`: for how many seconds, more than 0 up to 1e6, nothing is sent at most, whatever the service asks for.
    - `clock`: what the time is measured by, and waited for.

    `pacing` has more on it. Raises `ValueError` for what makes no sense.

    >>> from puresponse.transports import MemoryTransport, VirtualClock
    >>> clock = VirtualClock()
    >>> pacer = Pacer(rate=4, clock=clock)
    >>> one, other = pacer(MemoryTransport()), pacer(MemoryTransport())
    >>> for transport in (one, other, one):
    ...     _ = transport(HttpRequest("DELETE", "/responses/resp_chat"))
    >>> clock.now
    0.5
    """

    def __init__(
        self,
        *,
        rate: float | None = None,
        concurrency: int | None = None,
        heed: bool = True,
        longest: float = 120.0,
        clock: Clock = _SYSTEM_CLOCK,
    ) -> None:
        invalid = _nonsense(rate, concurrency, heed, longest)
        if invalid is not None:
            raise ValueError(str(invalid))
        limit = inf if rate is None else float(rate)
        self._state = PaceState(rate=limit, concurrency=concurrency, heed=heed, longest=float(longest))
        self.clock = clock
        self.now = clock.monotonic
        self._queue: deque[PacedTurn] = deque()
        self._lock = Lock()

    @property
    def state(self) -> PaceState:
        """What is known of the service now. Later exchanges do not change it: it is a value."""
        return self._state

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn now."""
        return len(self._queue)

    def attempt(self, request: HttpRequest) -> Begun:
        """An attempt at `request` where one may be sent now; a turn to be waited for otherwise."""
        with self._lock:
            now = self.now()
            if not self._queue and not wait(self._state, now):
                self._state = sent(self._state, now)
                return _Paced(request, self, self._state.epoch)
            turn = PacedTurn(request, self, now)
            self._queue.append(turn)
            return turn

    def __repr__(self) -> str:
        state = self._state
        rate = None if state.rate == inf else state.rate
        return f"Pacer(rate={rate}, concurrency={state.concurrency}, heed={state.heed}, longest={state.longest:g})"

    def epoch_or_wait(self, turn: PacedTurn) -> tuple[int | None, float]:
        """The epoch in which the request of `turn` is sent now; or None, and for how long it waits."""
        with self._lock:
            if self._queue[0] is not turn:
                return None, inf
            now = self.now()
            seconds = wait(self._state, now)
            if seconds:
                return None, seconds
            self._state = sent(self._state, now)
            self._queue.popleft()
            self._rouse()
            return self._state.epoch, 0.0

    def withdraw(self, turn: PacedTurn) -> None:
        """Let `turn` wait no longer."""
        with self._lock:
            if turn in self._queue:
                self._queue.remove(turn)
                self._rouse()

    def hear(self, epoch: int, answer: HttpResponse | None, *, is_over: bool) -> None:
        """Learn from what was received, and let the next be sent where that may be sooner now.

        Args:
            epoch: In which the request was sent: an answer slows the pace once for all that were sent before it did.
            answer: The answer, or its head; None where there was none.
            is_over: Whether the attempt is over, so that its place is free.
        """
        with self._lock:
            now = self.now()
            before = wait(self._state, now) if self._queue else 0.0
            self._state = answered(self._state, now, epoch, answer)
            if is_over:
                self._state = over(self._state)
            if before and wait(self._state, now) < before:
                self._rouse()

    def end(self) -> None:
        """Set a place free."""
        with self._lock:
            self._state = over(self._state)
            self._rouse()

    def _rouse(self) -> None:
        """Let the first of the queue ask again."""
        if self._queue and (nap := self._queue[0].nap) is not None:
            nap.end()


class _Paced(Attempt):
    """An attempt that was sent in an epoch."""

    __slots__ = ("_epoch", "_pacer")

    def __init__(self, request: HttpRequest, pacer: Pacer, epoch: int) -> None:
        self.request = request
        self._pacer = pacer
        self._epoch = epoch

    def answered(self, result: Answer) -> None:
        """Learn from the answer, and set the place free."""
        self._pacer.hear(self._epoch, None if is_failure(result) else result.unwrap(), is_over=True)

    def opened(self, head: HttpResponse) -> None:
        """Learn from the head."""
        self._pacer.hear(self._epoch, head, is_over=False)

    def ended(self, error: Error | None) -> None:
        """Set the place free."""
        self._pacer.end()

    def raised(self, error: BaseException) -> None:
        """Set the place free."""
        self._pacer.hear(self._epoch, None, is_over=True)


class PacedTurn:
    """A request that waits: in a thread, in a task, or for somebody who asks again when `nap` is ended."""

    def __init__(self, request: HttpRequest, pacer: Pacer, began: float) -> None:
        self.nap: Nap | None = None
        self.pacer = pacer
        self._request = request
        self._began = began
        total: Any = request.total
        # What is no time is for the transport to refuse.
        self._total = float(total) if isinstance(total, int | float) and total > 0 else inf
        self._is_given_up = False
        self.seconds = inf

    def take(self) -> Attempt | Answer:
        """Wait in this thread for the turn."""
        self.nap = nap = thread_nap(self.pacer.clock)
        try:
            while (outcome := self.ask()) is None:
                nap.wait(self.seconds)
        except BaseException:
            self.pacer.withdraw(self)
            raise
        return outcome

    async def take_async(self) -> Attempt | Answer:
        """Wait in this task for the turn."""
        self.nap = nap = task_nap(self.pacer.clock)
        try:
            while (outcome := self.ask()) is None:
                await nap.wait(self.seconds)
        except BaseException:
            self.pacer.withdraw(self)
            raise
        return outcome

    def give_up(self) -> None:
        """Wait no longer, and send nothing."""
        self._is_given_up = True
        nap = self.nap
        if nap is not None:
            nap.end()

    def ask(self) -> Attempt | Answer | None:
        """The attempt, or the answer in its place; None where `seconds` are to be waited for first."""
        waited = self.pacer.now() - self._began
        left = self._total - waited
        if self._is_given_up:
            self.pacer.withdraw(self)
            return Failure(NotSent("given_up", "it was given up while it waited for its turn"))
        if left <= 0:
            self.pacer.withdraw(self)
            return Failure(NotSent("connect_timeout", f"its turn was not there within {self._total:g} s"))
        epoch, seconds = self.pacer.epoch_or_wait(self)
        if epoch is None:
            self.seconds = min(seconds, left)
            return None
        request = self._request
        if left < inf:
            request = structs.replace(request, total=max(left, LEAST_DELAY))
        return _Paced(request, self.pacer, epoch)


def _nonsense(rate: Any, concurrency: Any, heed: Any, longest: Any) -> InvalidArgument | None:
    if rate is not None and not _is_between(rate, _FASTEST):
        return invalid_argument("rate", rate, f"None, or a number greater than 0, up to {_FASTEST:g}")
    if concurrency is not None and (type(concurrency) is not int or not 1 <= concurrency <= _MOST_AT_ONCE):
        return invalid_argument("concurrency", concurrency, f"None, or an integer from 1 to {_MOST_AT_ONCE:g}")
    if not isinstance(heed, bool):
        return invalid_argument("heed", heed, "True or False")
    if not _is_between(longest, _LONGEST_WAIT):
        return invalid_argument("longest", longest, f"a number greater than 0, up to {_LONGEST_WAIT:g}")
    return None


def _is_between(value: Any, most: float) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 < value <= most
