"""What becomes of each step of a program whose time is limited.

Law: as that of `within` (`time_limit`). Times are seconds since the run began. Where it is not known what time it is,
the rule asks first, and then meets the same step again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from msgspec import structs
from returns.result import Failure, Result

from ...codecs.lossless.plain import is_result, is_sequence
from ..delays import LEAST_DELAY, ReturnElapsed, elapsed
from ..errors import Error, Interrupted, NotSent, WaitExpired
from ..http import LONGEST_TIMEOUT, SAFE_METHODS, HttpRequest, HttpResponse
from ..retry_hints import leaves_open
from ..rules import Rule
from ..steps import Done, Fork, Operation, Send, Wait
from ..streams import Close, Emit, End, GoOn, Open, Perform, Read, Stream, break_off
from .stateful import Onward, StatefulRule, error_in, reported_in, value_in

_HAIR = 1e-6
"""Seconds by which sums of times may be off: what ends at the limit ends in time."""


def asking(rule: Rule, step: Any) -> Any:
    """Ask for the time, then go on with `step` under the rule that knows it."""
    if _is_operation(step):
        same: Onward[Any] = Onward(step)
        return Wait(0.0, 0.0, rule.under(same, sees=True))
    stream: GoOn[Any] = GoOn(step)
    return Perform(elapsed(), rule.under(stream, sees=True))


def _is_operation(program: Any) -> TypeGuard[Operation[Any]]:
    return isinstance(program, Done | Send | Wait | Fork)


def asks_the_time(operation: Operation[Any]) -> bool:
    """Whether an operation does nothing but return the time."""
    return (
        isinstance(operation, Wait)
        and not operation.seconds
        and not operation.spread
        and isinstance(operation.resume, ReturnElapsed)
    )


def _time_in(value: Any) -> float | None:
    """The time that a `Wait`, or a `Perform` of nothing else, is resumed with; None for what is no time."""
    time: Any = value_in(value) if is_result(value) else value
    return float(time) if isinstance(time, float | int) else None


class Beginning(Rule, frozen=True, tag=True):
    """The rule of `within` before it is known when the program begins."""

    seconds: float

    def after(self, value: Any) -> Rule:
        """Begin at the time that the run has reached."""
        now = _time_in(value) or 0.0
        return Within(seconds=self.seconds, began=now, now=now, is_now=True)


class Within(StatefulRule, frozen=True, kw_only=True, tag=True):
    """The rule of `within`, for a program that `began` so many seconds after the run.

    `now` is the time that was told last, and `is_now` whether nothing was done since. `answers` counts the answers so
    far, `last` is the last. `asked` is the method and path of the request under way, where it does not only read;
    `left_open` those of the last, where the server may have acted on that. `cut` is whether the last exchange broke
    off, and `late` whether that was the limit. `opened` is whether a body may be open.
    """

    seconds: float
    began: float
    now: float
    is_now: bool = False
    answers: int = 0
    last: HttpResponse | None = None
    asked: str = ""
    left_open: str = ""
    cut: bool = False
    late: bool = False
    opened: bool = False

    # --- steps ---

    def send(self, step: Send[Any]) -> Any:
        """Send the request with what is left, if anything is."""
        left = self.left
        if left is None:
            return asking(self, step)
        rule = self._asking_for(step.request)
        if left < LEAST_DELAY:
            return rule.expired(step)
        return Send(_limited(step.request, left), rule.under(step.resume, sees=True))

    def open(self, step: Open[Any]) -> Any:
        """Open the body with what is left, if anything is."""
        left = self.left
        if left is None:
            return asking(self, step)
        rule = self._asking_for(step.request)
        if left < LEAST_DELAY:
            return rule.expired(step)
        rule = structs.replace(rule, opened=True)
        return Open(_limited(step.request, left), rule.under(step.resume, sees=True))

    def read(self, step: Read[Any]) -> Any:
        """Read for as long as is left, if anything is."""
        left = self.left
        if left is None:
            return asking(self, step)
        if left < LEAST_DELAY:
            return self.expired(step)
        seconds = left if step.within is None else min(step.within, left)
        return Read(structs.replace(self, is_now=False).under(step.resume, sees=True), seconds)

    def wait(self, step: Wait[Any]) -> Any:
        """Wait, unless it would end too late; chance adds no more than is left."""
        left = self.left
        spread = step.spread
        if left is not None:
            if step.seconds > left + _HAIR:
                return self.expired(step)
            spread = min(spread, max(left - step.seconds, 0.0))
        elif step.seconds or step.spread:
            return asking(self, step)
        return Wait(step.seconds, spread, self.under(step.resume, sees=True))

    def perform(self, step: Perform[Any]) -> Any:
        """The operation has the same end."""
        if not asks_the_time(step.operation):
            return super().perform(step)
        left = self.left
        if left is not None and left < -_HAIR:
            return self.expired(step)
        return Perform(step.operation, self.under(step.resume, sees=True))

    def emit(self, step: Emit[Any]) -> Any:
        """Whoever is given the values may take any time over them."""
        if self.cut:
            return asking(self, step)
        return Emit(step.values, structs.replace(self, is_now=False).rest(step.rest))

    def close(self, step: Close[Any]) -> Any:
        """Give up the body, and wait for its end no longer than is left."""
        left = self.left
        seconds = step.within
        if seconds > 0 and left is None:
            return asking(self, step)
        if left is not None:
            seconds = min(seconds, max(left, 0.0))
        rule = structs.replace(self, opened=False, is_now=self.is_now and not seconds)
        return Close(rule.rest(step.rest), seconds)

    def ended(self, result: Result[Any, Error], step: Done[Any]) -> Operation[Any]:
        """Tell a failure that the limit made from any other."""
        error = _broken_off(result)
        if error is None or not (self.cut or self.late):
            return Done(result)
        asked: Operation[Any] = asking(self, step)
        return asked if self.cut else Done(Failure(self._expiry(error.response_id)))

    def end(self, step: End[Any]) -> Any:
        """Tell a failure that the limit made from any other."""
        error = _broken_off(step.result)
        if error is None or not (self.cut or self.late):
            return step
        return asking(self, step) if self.cut else self._broken(self._expiry(error.response_id))

    def expired(self, step: Operation[Any] | Stream[Any]) -> Any:
        """What takes the place of a step for which no time is left."""
        error = self._expiry(None)
        if isinstance(step, Done | Send | Wait | Fork):
            return self.done(Done(Failure(error)))
        return self._broken(error)

    def _broken(self, error: Error) -> Stream[Any]:
        return Close(break_off(error)) if self.opened else break_off(error)

    def _expiry(self, response_id: str | None) -> WaitExpired:
        return WaitExpired(
            elapsed=self.now - self.began,
            polls=self.answers,
            last=self.last,
            response_id=response_id,
            limit=self.seconds,
            left_open=self.left_open != "",
        )

    # --- what is known ---

    @property
    def left(self) -> float | None:
        """How many seconds are left; None where it is not known what time it is."""
        return self.began + self.seconds - self.now if self.is_now else None

    def inside(self) -> Within:
        """Have the same end; no body of an operation is open."""
        return structs.replace(self, reports=True, opened=False)

    def fork(self, step: Fork[Any]) -> Any:
        """The operations have the same end; when each begins is not known, for they may be one after another."""
        return Rule.fork(structs.replace(self, is_now=False), step)

    def after(self, value: Any) -> Within:
        """Know the time, or what was received."""
        if isinstance(value, float):  # as at every other step
            return self._at(value)
        if is_sequence(value):
            return self._joined(value)
        reported = reported_in(value)
        if reported is not None:
            rule = reported.last
            if not isinstance(rule, Within):
                return structs.replace(self, is_now=False)
            return structs.replace(rule, reports=self.reports, opened=self.opened)
        time = _time_in(value)
        return self._received(value) if time is None else self._at(time)

    def _at(self, time: float) -> Within:
        """Know what time it is."""
        left = self.began + self.seconds - time
        late = left < LEAST_DELAY if self.cut else self.late
        return structs.replace(self, now=time, is_now=True, cut=False, late=late)

    def _received(self, value: Any) -> Within:
        """Know an answer, or what an exchange broke off with."""
        if _broken_off(value) is not None:
            error = error_in(value)
            acted = isinstance(error, Interrupted) and self.asked
            partial = error.partial if isinstance(error, Interrupted) else None
            return structs.replace(
                self, is_now=False, asked="", cut=True, left_open=acted or self.left_open, last=partial or self.last
            )
        answer = value_in(value)
        if not isinstance(answer, HttpResponse):  # a chunk, or a failure that is no matter of time
            return structs.replace(
                self, is_now=False, cut=False, late=False, left_open=_open_elsewhere((value,)) or self.left_open
            )
        left_open = ""
        if not answer.is_success and self.asked:
            opens = answer.after_interruption or leaves_open(answer.status, answer.headers)
            left_open = self.asked if opens else self.left_open
        return structs.replace(
            self,
            is_now=False,
            answers=self.answers + 1,
            last=answer,
            asked="",
            left_open=left_open,
            cut=False,
            late=False,
        )

    def _joined(self, results: Sequence[Any]) -> Within:
        """Know what the operations of a fork received."""
        reports = [reported.last for result in results if (reported := reported_in(result)) is not None]
        rules = [rule for rule in reports if isinstance(rule, Within)]
        lasts = [rule.last for rule in rules if rule.answers > self.answers and rule.last is not None]
        return structs.replace(
            self,
            is_now=False,
            answers=self.answers + sum(rule.answers - self.answers for rule in rules),
            last=lasts[-1] if lasts else self.last,
            left_open=next((rule.left_open for rule in rules if rule.left_open), _open_elsewhere(results)),
            cut=False,
            late=False,
        )

    def _asking_for(self, request: HttpRequest) -> Within:
        """The rule while a request is under way: what an earlier one left open counts, if it is repeated by this."""
        asked = "" if request.method in SAFE_METHODS else f"{request.method} {request.path}"
        return structs.replace(self, asked=asked, left_open=self.left_open if asked == self.left_open else "")


def _open_elsewhere(results: Sequence[Any]) -> str:
    """What a limit outside left open when it ended an operation, of which nothing was reported to this one."""
    errors = [error_in(result) for result in results]
    return "a request" if any(isinstance(error, WaitExpired) and error.left_open for error in errors) else ""


def _limited(request: HttpRequest, left: float) -> HttpRequest:
    """The request, with what is left as its total time."""
    total = min(left, LONGEST_TIMEOUT if request.total is None else request.total)
    return structs.replace(request, total=min(total, LONGEST_TIMEOUT))


def _broken_off(result: Any) -> Interrupted | NotSent | None:
    """What an exchange broke off with, or could not begin for; None for any other result."""
    error = error_in(result)
    return error if isinstance(error, Interrupted | NotSent) else None
