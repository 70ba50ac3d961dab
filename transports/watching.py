"""Runs that report to an observer: the program under a rule, and the transport in one that knows the rule.

Law: the drivers carry out a run that is observed by the same loops as any other, in the same order, with the same
result; they know nothing of it. The rule reports the steps, which a driver reaches one by one; it marks each request
with the run and the branch that send it, and the transport around the driver's own reports the attempt, and hands the
request on as it was.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from itertools import count
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

from msgspec import Struct
from returns.result import Result, Success

from ..core.errors import Error
from ..core.frame_trees import Under
from ..core.http import HttpRequest
from ..core.results import OperationFailed, is_failure
from ..core.rules import Rule
from ..core.steps import Done, Fork, Operation, Send, Wait
from ..core.streams import Close, Emit, End, GoOn, Open, Perform, Stream, is_step
from .clock import Clock
from .run_events import (
    AttemptBegan,
    Branch,
    ForkBegan,
    Observer,
    RunBegan,
    RunEnded,
    RunEvent,
    RunRaised,
    ValuesEmitted,
    WaitBegan,
)
from .watched_transports import Attempt, Marked

T = TypeVar("T")

_MOST_REMEMBERED = 10_000
"""Requests of which a run remembers how often they were sent."""

_NUMBERS = count()


class WatchedRun:
    """One run, and what it reports about itself. `lasted` are the seconds that it had lasted before."""

    def __init__(self, observe: Observer, clock: Clock, lasted: float = 0.0) -> None:
        self._observe = observe
        self.number = next(_NUMBERS)
        self._clock = clock
        self._lasted = lasted
        self._started: float | None = None
        self._result: Result[Any, Error] | None = None
        self._is_over = False
        self._lock = Lock()
        self._attempts = count()
        self._sent: dict[int, tuple[int, int]] = {}
        self._emitted = 0

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self._clock.monotonic() - (self._started or 0.0)

    def report(self, event: RunEvent) -> None:
        """Report to the observer, but for what is done by a thread that was left behind when the run ended."""
        if not self._is_over:
            self._observe(event)

    def __enter__(self) -> WatchedRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self.raised(error)

    def begin(self, program: Operation[Any] | Stream[Any]) -> None:
        """Report that the run has begun."""
        self._started = self._clock.monotonic() - self._lasted
        self.report(RunBegan(run=self.number, elapsed=self._lasted, program=program))

    def operation(self, operation: Operation[T]) -> Operation[T]:
        """The operation, which reports what it does, from when it is begun on."""
        return Wait(0.0, 0.0, Under(WatchedOperation(self), Begin(self, operation)))

    def stream(self, stream: Stream[T]) -> Stream[T]:
        """The stream, which reports what it does, from when it is begun on."""
        return Perform(_NOTHING, Under(WatchedStream(self), Begin(self, stream)))

    def attempt(self, request: HttpRequest, branch: Branch, *, opens: bool) -> Attempt:
        """Report that a request is about to be sent."""
        key = _key(request)
        with self._lock:
            number = next(self._attempts)
            sent_before, resends = self._sent.pop(key, (0, 0))
            self._sent[key] = sent_before + 1, resends + 1
            if len(self._sent) > _MOST_REMEMBERED:
                del self._sent[next(iter(self._sent))]
        began = AttemptBegan(
            run=self.number,
            elapsed=self.elapsed(),
            number=number,
            branch=branch,
            request=request,
            opens=opens,
            sent_before=sent_before,
            resends=resends,
        )
        self.report(began)
        return Attempt(self, began)

    def settle(self, request: HttpRequest) -> None:
        """Count the repeats of a request anew, for it was answered by a 2xx."""
        key = _key(request)
        with self._lock:
            if key in self._sent:
                self._sent[key] = self._sent[key][0], 0

    def emit(self, values: int) -> None:
        """Report that values are handed over."""
        self._emitted += values
        self.report(ValuesEmitted(run=self.number, elapsed=self.elapsed(), count=values, total=self._emitted))

    def end(self, result: Result[Any, Error]) -> None:
        """Report that the run has ended."""
        self._over(RunEnded(run=self.number, elapsed=self.elapsed(), result=result))

    def raised(self, error: BaseException) -> None:
        """Report that the run has ended with an exception, if it has begun and is not over."""
        if self._started is not None:
            self._over(RunRaised(run=self.number, elapsed=self.elapsed(), exception=error))

    def found(self, result: Result[Any, Error]) -> None:
        """Keep how the stream ends, until its body is closed."""
        self._result = result

    def left(self, error: BaseException | None) -> None:
        """Report how the stream ended: as it found, unless something else was raised."""
        if self._result is not None and (error is None or _is_of(error, self._result)):
            self.end(self._result)
        elif error is not None:
            self.raised(error)

    def _over(self, event: RunEvent) -> None:
        with self._lock:
            was_over, self._is_over = self._is_over, True
        if not was_over:
            self._observe(event)

    def values(self, values: Generator[T, None, None]) -> Generator[T, None, None]:
        """What a stream of this run yields, and then how it ended."""
        try:
            yield from values
        except BaseException as error:
            self.left(error)
            raise
        self.left(None)

    async def values_async(self, values: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
        """The same in an event loop."""
        try:
            async for value in values:
                yield value
        except BaseException as error:
            await values.aclose()
            self.left(error)
            raise
        self.left(None)


class Begin(Struct, frozen=True, tag=True):
    """Begins a run when it is its turn."""

    run: WatchedRun
    program: Any

    def __call__(self, before: Any) -> Any:
        self.run.begin(self.program)
        return self.program


class Branching(Struct, frozen=True, tag=True):
    """Begins a branch of a fork when it is its turn."""

    operation: Operation[Any]

    def __call__(self, before: float) -> Operation[Any]:
        return self.operation


class Watched(Rule, frozen=True, tag=True):
    """Reports the steps of a run, or of a branch of it."""

    run: WatchedRun
    branch: Branch = ()

    def __call__(self, program: Any) -> Any:
        """The program under this rule; what is none, the driver says."""
        return super().__call__(program) if is_step(program) else program

    def send(self, step: Send[Any]) -> Any:
        """Mark the request."""
        return Send(self._marked(step.request), Under(self, step.resume))

    def wait(self, step: Wait[Any]) -> Any:
        """Report the wait, unless it is one of no time."""
        run = self.run
        if step.seconds or step.spread:
            waiting = WaitBegan(
                run=run.number, elapsed=run.elapsed(), branch=self.branch, seconds=step.seconds, spread=step.spread
            )
            run.report(waiting)
        return Wait(step.seconds, step.spread, Under(self, step.resume))

    def fork(self, step: Fork[Any]) -> Any:
        """Report the fork, and of each branch from when it is begun on."""
        run, branch = self.run, self.branch
        run.report(ForkBegan(run=run.number, elapsed=run.elapsed(), branch=branch, branches=len(step.operations)))
        branches = [
            Wait(0.0, 0.0, Under(Watched(run, (*branch, place)), Branching(operation)))
            for place, operation in enumerate(step.operations)
        ]
        return Fork(tuple(branches), Under(self, step.resume))

    def emit(self, step: Emit[Any]) -> Any:
        """Report the values."""
        self.run.emit(len(step.values))
        return Emit(step.values, self.rest(step.rest))

    def rest(self, stream: Stream[Any]) -> Any:
        """What follows is looked at when the driver is there; but for an end, which the driver looks for."""
        return self(stream) if isinstance(stream, End) else Perform(_NOTHING, Under(self, GoOn(stream)))

    def perform(self, step: Perform[Any]) -> Any:
        """The operation is a part of the run, and its end is not the run's."""
        return Perform(Watched(self.run, self.branch)(step.operation), Under(self, step.resume))

    def open(self, step: Open[Any]) -> Any:
        """Mark the request."""
        return Open(self._marked(step.request), Under(self, step.resume))

    def close(self, step: Close[Any]) -> Any:
        """What follows is looked at when the driver is there."""
        return Close(self.rest(step.rest), step.within)

    def _marked(self, request: HttpRequest) -> Marked:
        return Marked(request.method, request.path, request=request, by=self.run, branch=self.branch)


class WatchedOperation(Watched, frozen=True, tag=True):
    """Reports the steps of an operation, and of its end."""

    def done(self, step: Done[Any]) -> Any:
        """Report the end."""
        self.run.end(step.result)
        return step


class WatchedStream(Watched, frozen=True, tag=True):
    """Reports the steps of a stream, and finds how it ends."""

    def end(self, step: End[Any]) -> Any:
        """Find how it ends; that is reported once the caller has all values, and the body is closed."""
        self.run.found(step.result)
        return step


_NOTHING: Done[None] = Done(Success(None))


def _is_of(error: BaseException, result: Result[Any, Error]) -> bool:
    """Whether an exception is what a driver raises for the end of a stream."""
    return isinstance(error, OperationFailed) and is_failure(result) and error.error is result.failure()


def _key(request: HttpRequest) -> int:
    """What requests have in common that arrive as the same; a number, so that no body is kept for it."""
    return hash((request.method, request.path, tuple(request.query), tuple(request.headers), request.body))
