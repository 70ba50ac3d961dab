"""Operations handed out to an executor, and their outcomes: the loop that keeps the pace, the waits and the count.

Law: no more than `concurrency` operations are held, one that waits among them, and they are taken only as there is room
for them; an outcome is yielded as soon as it is there. Waits are waited for here, so that no worker is taken up by one;
what a lost worker held is handed out again, unless it may have sent what must not be sent twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from heapq import heappop, heappush
from math import inf
from typing import Any

from msgspec import Struct
from returns.result import Failure, Result

from ...core.errors import Error, Interrupted, NotSent
from ...core.interchange.checkpoints import Names, load_operation, save_checkpoint
from ...core.results import is_failure
from ...core.steps import Done, Operation, Send, Wait
from ..batch.book import Book
from ..batch.outcomes import OnStop
from ..batch.taken import Taken
from ..clock import Alarms, Clock
from ..layers.layer import Attempt
from ..layers.naps import thread_nap
from ..layers.pacer import Pacer
from .carrying import LOST, advanced, next_request
from .crew import Crew, Sent
from .executors import AnyExecutor, ExecutorMaker
from .pace import Pace
from .parcels import Carried, Held, NextRequest, Parcel, unpacked

MOST_LOSSES = 3
"""Workers that an operation may lose before it is not handed out any more."""


class Begun(Struct, kw_only=True, eq=False):
    """An operation that was `taken`, and where it is.

    `program` is at a `Send`, which is `next`, but while it waits. `is_again` is whether the next request may have been
    sent by a worker that was lost, `has_sent` whether any was, or may have been, and `is_out` whether it is handed out.
    """

    taken: Taken
    started: float
    program: bytes = b""
    next: NextRequest = ("", "", False)
    losses: int = 0
    is_again: bool = False
    has_sent: bool = False
    is_out: bool = False
    attempt: Attempt | None = None


class Means(Struct, frozen=True, kw_only=True):
    """What a batch is handed out by; `equipment` is what travels of the transport and of the `names`."""

    executor: AnyExecutor | ExecutorMaker
    equipment: bytes
    names: Names | None
    pacer: Pacer
    clock: Clock
    chunk: int
    threads: int


class HandingOut:
    """The operations of a batch, from when they are taken until their outcomes are yielded."""

    def __init__(self, book: Book, means: Means) -> None:
        self._book = book
        self._means = means
        self._clock = means.clock
        self._alarms = means.clock if isinstance(means.clock, Alarms) else None
        self._nap = thread_nap(means.clock)
        self._pace = Pace(means.pacer, self._nap)
        self._begun: dict[Taken, Begun] = {}
        self._ready: deque[Begun] = deque()
        self._waiting: list[tuple[float, int, Begun]] = []
        self._filling: list[Begun] = []
        self._ended: list[Taken] = []
        self._takes = True

    def outcomes(self, on_stop: OnStop) -> Generator[tuple[Any, Result[Any, Error]], None, None]:
        """The keys of the operations with their results, as they end."""
        book, is_over = self._book, False
        self._crew: Crew[Begun] = Crew(self._means.executor, self._nap)  # no earlier: what nobody asks for is not made
        if self._alarms is not None:
            self._alarms.hold()
        with book:
            try:
                while self._carry_on():
                    taken = book.ready.popleft()
                    del book.held[taken]
                    yield taken.key, taken.results[0]
                is_over = True
            except (GeneratorExit, KeyboardInterrupt):
                if on_stop == "finish":
                    self._finish()
                raise
            finally:
                self._leave(is_over=is_over)
        book.raise_limit()

    def _carry_on(self) -> bool:
        """Receive, hand out, and wait for something to end; whether anything has."""
        while True:
            self._receive()  # first of all, for what was answered says how fast others may be handed out
            self._hand_out()
            if self._ended:
                ended, self._ended = self._ended, []
                self._book.ended(ended)
            if self._book.ready:
                return True
            if not self._begun:
                return False
            if not self._ended:
                self._wait()

    def _finish(self) -> None:
        """Carry out what has begun, to its end, and begin no more."""
        self._takes = False
        while self._begun:
            self._receive()
            self._hand_out()
            if self._begun:
                self._wait()

    def _leave(self, *, is_over: bool) -> None:
        for begun in self._begun.values():
            if begun.attempt is not None:
                begun.attempt.raised(GeneratorExit())
        self._pace.close()
        if self._alarms is not None:
            for _ in range(len(self._crew.under_way) + 1):
                self._alarms.release()
        for begun in self._crew.close(is_over=is_over):
            begun.is_out = False
        self._book.close(self._may_be_sent)

    def _may_be_sent(self, taken: Taken) -> bool:
        begun = self._begun.get(taken)
        return begun is None or begun.has_sent or begun.is_out

    # --- to the workers ----------------------------------------------------------------------------

    def _hand_out(self) -> None:
        while self._ready or self._take():
            if self._ready:
                attempt = self._pace.attempt()
                if attempt is None:
                    break
                begun = self._ready.popleft()
                begun.attempt = attempt
                self._filling.append(begun)
                if len(self._filling) == self._means.chunk:
                    self._send()
            if self._is_something_there():  # so that an iterable that is slow holds none back
                return
        if self._filling and not self._is_something_there():
            self._send()

    def _is_something_there(self) -> bool:
        """Whether an outcome is there to be yielded, for which others can be begun."""
        return bool(self._ended or self._book.ready or self._crew.is_back)

    def _take(self) -> bool:
        """Take one more operation, if there is one and room for it."""
        taken = self._book.take() if self._takes else None
        if taken is None:
            return False
        begun = self._begun[taken] = Begun(taken=taken, started=self._clock.monotonic())
        self._go_on(begun, taken.operations[0])
        return True

    def _go_on(self, begun: Begun, program: Operation[Any]) -> None:
        """Go on with a program that is here: to the workers, to a wait, or to its end."""
        step = advanced(program, lambda: self._elapsed(begun))
        if isinstance(step, Done):
            self._end(begun, step.result)
            return
        saved = save_checkpoint(step, names=self._means.names)
        if is_failure(saved):
            self._end(begun, saved)
            return
        begun.program = saved.unwrap()
        if isinstance(step, Send):
            begun.next = next_request(step.request)
            self._ready.append(begun)
        else:
            self._let_wait(begun, step.seconds, step.spread)

    def _let_wait(self, begun: Begun, seconds: float, spread: float) -> None:
        due = self._clock.monotonic() + seconds + (spread * self._clock.random() if spread else 0.0)
        heappush(self._waiting, (due, begun.taken.number, begun))

    def _send(self) -> None:
        filling, self._filling = tuple(self._filling), []
        requests = self._pace.requests
        held = tuple(
            [Held(program=begun.program, elapsed=self._elapsed(begun), is_again=begun.is_again) for begun in filling]
        )
        for begun in filling:
            begun.is_out = True
        if self._alarms is not None:
            self._alarms.hold()  # until it is back, the time of a virtual clock waits
        self._crew.send(
            filling,
            lambda mark: Parcel(
                equipment=self._means.equipment,
                held=held,
                requests=requests,
                mark=mark,
                threads=self._means.threads,
            ),
        )

    def _elapsed(self, begun: Begun) -> float:
        return max(0.0, self._clock.monotonic() - begun.started)

    # --- from the workers --------------------------------------------------------------------------

    def _wait(self) -> None:
        """Wait for a parcel, for the next wait that is over, or for the pace."""
        seconds = self._pace.seconds if self._ready else inf
        if self._waiting:
            seconds = min(seconds, self._waiting[0][0] - self._clock.monotonic())
        if seconds > 0 and not self._crew.is_back:
            self._nap.wait(seconds)

    def _receive(self) -> None:
        while self._crew.is_back:
            sent, carried = self._crew.take()
            if self._alarms is not None:
                self._alarms.release()
            if carried is None:
                self._lose(sent)
                continue
            for begun, how in zip(sent.holds, carried, strict=True):
                self._receive_one(begun, how)
        while self._waiting and self._waiting[0][0] <= self._clock.monotonic():
            _, _, begun = heappop(self._waiting)
            self._resume(begun)

    def _receive_one(self, begun: Begun, how: Carried) -> None:
        may_be_sent = bool(how.heard) or how.is_left or how.raised is not None
        begun.is_again, begun.is_out, begun.has_sent = False, False, begun.has_sent or may_be_sent
        if begun.attempt is not None:
            self._pace.hear(begun.attempt, how.heard)
            begun.attempt = None
        if how.raised is not None:
            raise unpacked(how.raised)
        if how.is_left:
            self._end(begun, _unknown(begun))
        elif how.result is not None:
            self._end(begun, how.result)
        elif how.program is not None:
            begun.program = how.program
            if how.wait is not None:
                self._let_wait(begun, *how.wait)
            elif how.next is not None:
                begun.next = how.next
                self._ready.append(begun)

    def _resume(self, begun: Begun) -> None:
        """Go on with a program whose wait is over."""
        loaded = load_operation(begun.program, names=self._means.names)
        if is_failure(loaded):
            self._end(begun, loaded)
            return
        program = loaded.unwrap().program
        self._go_on(begun, program.resume(self._elapsed(begun)) if isinstance(program, Wait) else program)

    def _lose(self, sent: Sent[Begun]) -> None:
        """Hand out again what a lost worker held, where that cannot harm."""
        for begun in sent.holds:
            begun.losses, begun.is_out = begun.losses + 1, False
            begun.has_sent = begun.has_sent or sent.was_begun
            if begun.attempt is not None:
                self._pace.hear(begun.attempt, ())
                begun.attempt = None
            *_, is_once = begun.next
            begun.is_again = begun.is_again or sent.was_begun
            if sent.was_begun and is_once:
                self._end(begun, _unknown(begun))
            elif begun.losses >= MOST_LOSSES:
                self._end(begun, _unknown(begun) if begun.is_again else _never_sent())
            else:
                self._ready.append(begun)

    def _end(self, begun: Begun, result: Result[Any, Error]) -> None:
        taken = begun.taken
        taken.put(0, result)
        del self._begun[taken]
        self._ended.append(taken)


def _unknown(begun: Begun) -> Failure[Interrupted]:
    method, path, _ = begun.next
    return Failure(Interrupted("reset", f"{LOST}, and may have sent {method} {path}"))


def _never_sent() -> Failure[NotSent]:
    return Failure(NotSent("unreachable", f"{LOST} before anything was sent, {MOST_LOSSES} times"))
