"""An overall limit for a program, in seconds from when it begins.

Law: once its seconds are over, a program sends nothing, waits for nothing and reads nothing more. What is under way by
then is cut off, by the transport: each request has what is left (`HttpRequest.total`), and so has each chunk
(`Read.within`). A program that is over in time is what it is without a limit: it sends the same, but for `total`.

Time passes where something is sent, read, waited for or emitted, and nowhere else. Only a `Wait` tells how much, so the
rule asks, by a wait of no seconds: when the program begins, and before a request, an opening, a chunk or a pause that
follows anything but a wait; and where an exchange broke off, for whether that was the limit. So a program of one
request costs one question, and each further request, chunk or retry one more; where a program asks itself, as polls do
and limits in it, there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from msgspec import structs
from returns.result import Failure, Result

from ...codecs.lossless.plain import is_result, is_sequence
from ..delays import LEAST_DELAY, ReturnElapsed, check_seconds, elapsed
from ..errors import Error, Interrupted, NotSent, WaitExpired
from ..frame_trees import Under
from ..http import LONGEST_TIMEOUT, SAFE_METHODS, HttpRequest, HttpResponse
from ..retry_hints import leaves_open
from ..rules import P, Rule, failed
from ..steps import Done, Fork, Operation, Send, Wait
from ..streams import Close, Emit, End, GoOn, Open, Perform, Read, Stream, break_off, is_step
from .stateful import Onward, StatefulRule, error_in, reported_in, value_in

_HAIR = 1e-6
"""Seconds by which sums of times may be off: what ends at the limit ends in time."""


def within(program: P, seconds: float) -> P:
    """Limit a whole program, operation or stream, to so many seconds, from when it begins.

    Args:
        program: Any program. Of limits in each other the shorter counts.
        seconds: How long it may take, 0 to 1e9. With 0 it sends nothing.

    No request, pause or read begins after that time, nor any pause that would end after it: a program that would have
    to wait longer than is left has expired at once. A request that is under way by then is cut off by the transport,
    which is given what is left (`HttpRequest.total`, or the request's own, if that is shorter). The program goes on
    with what it has: where it is done with an answer that was late, with the part of one that was cut off, or with
    none (by `lash`), that is its result. Values that a stream has emitted stay emitted, and its body is closed.

    The operations of a fork have the same end. Time that whoever asks a stream for its values takes counts. A program
    that is saved and resumed with its `elapsed` keeps its end.

    | | repeats a request | no time for another attempt |
    |---|---|---|
    | `within(retrying(program), 60)` | as long as the limit leaves time | `WaitExpired`, at once |
    | `retrying(within(program, 60))` | as long as the limit leaves time | the last answer or error, at once |
    | `within(wait_for_response(…), 60)` | polls until the shorter of limit and deadline | `WaitExpired` of that one |

    Errors: those of the program; `WaitExpired`, where it could not go on in time or where a request that the limit cut
    off fails it, with `limit`; its `last` is the last answer, or what was received of the one that was cut off, and its
    `polls` is how many were received. `InvalidArgument`, before anything is sent.

    >>> from puresponse.core import delay, succeed
    >>> within(succeed(1), 60)
    Done(result=<Success: 1>)
    >>> within(delay(5), -1)
    Done(result=<Failure: invalid argument 'seconds': given -1; allowed is a number of seconds from 0 to 1e+09>)
    """
    if not is_step(program):
        raise TypeError(f"within takes an operation or a stream, not {type(program).__name__}")
    invalid = check_seconds("seconds", seconds)
    if invalid is not None:
        return failed(invalid, program)
    # What takes the place of `program` is of the same union, which no type can say.
    limited: P = _begun(Beginning(float(seconds)), program)
    return limited


def _begun(beginning: Beginning, program: Any) -> Any:
    """Begin with the time; where a program asks for that itself, there is no need to ask again.

    Of two limits that begin with each other, the shorter is enough.
    """
    if program.is_last:
        return program
    if isinstance(program, Wait) and not program.seconds and not program.spread:
        return Wait(0.0, 0.0, _shortened(beginning, program.resume))
    if isinstance(program, Perform) and _asks(program.operation):
        return Perform(program.operation, _shortened(beginning, program.resume))
    return _asking(beginning, program)


def _shortened(beginning: Beginning, resume: Any) -> Under:
    """Go on with `resume` under the limit; where that is nothing but another, under the shorter of the two."""
    if isinstance(resume, Under) and isinstance(resume.rule, Beginning):
        return resume if resume.rule.seconds <= beginning.seconds else beginning.under(resume.resume, sees=True)
    return beginning.under(resume, sees=True)


def _asking(rule: Rule, step: Any) -> Any:
    """Ask for the time, then go on with `step` under the rule that knows it."""
    if _is_operation(step):
        same: Onward[Any] = Onward(step)
        return Wait(0.0, 0.0, rule.under(same, sees=True))
    stream: GoOn[Any] = GoOn(step)
    return Perform(elapsed(), rule.under(stream, sees=True))


def _is_operation(program: Any) -> TypeGuard[Operation[Any]]:
    return isinstance(program, Done | Send | Wait | Fork)


def _asks(operation: Operation[Any]) -> bool:
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
            return _asking(self, step)
        rule = self._asking_for(step.request)
        if left < LEAST_DELAY:
            return rule.expired(step)
        return Send(_limited(step.request, left), rule.under(step.resume, sees=True))

    def open(self, step: Open[Any]) -> Any:
        """Open the body with what is left, if anything is."""
        left = self.left
        if left is None:
            return _asking(self, step)
        rule = self._asking_for(step.request)
        if left < LEAST_DELAY:
            return rule.expired(step)
        rule = structs.replace(rule, opened=True)
        return Open(_limited(step.request, left), rule.under(step.resume, sees=True))

    def read(self, step: Read[Any]) -> Any:
        """Read for as long as is left, if anything is."""
        left = self.left
        if left is None:
            return _asking(self, step)
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
            return _asking(self, step)
        return Wait(step.seconds, spread, self.under(step.resume, sees=True))

    def perform(self, step: Perform[Any]) -> Any:
        """The operation has the same end."""
        if not _asks(step.operation):
            return super().perform(step)
        left = self.left
        if left is not None and left < -_HAIR:
            return self.expired(step)
        return Perform(step.operation, self.under(step.resume, sees=True))

    def emit(self, step: Emit[Any]) -> Any:
        """Whoever is given the values may take any time over them."""
        if self.cut:
            return _asking(self, step)
        return Emit(step.values, structs.replace(self, is_now=False).rest(step.rest))

    def close(self, step: Close[Any]) -> Any:
        """Give up the body, and wait for its end no longer than is left."""
        left = self.left
        seconds = step.within
        if seconds > 0 and left is None:
            return _asking(self, step)
        if left is not None:
            seconds = min(seconds, max(left, 0.0))
        rule = structs.replace(self, opened=False, is_now=self.is_now and not seconds)
        return Close(rule.rest(step.rest), seconds)

    def ended(self, result: Result[Any, Error], step: Done[Any]) -> Operation[Any]:
        """Tell a failure that the limit made from any other."""
        error = _broken_off(result)
        if error is None or not (self.cut or self.late):
            return Done(result)
        asked: Operation[Any] = _asking(self, step)
        return asked if self.cut else Done(Failure(self._expiry(error.response_id)))

    def end(self, step: End[Any]) -> Any:
        """Tell a failure that the limit made from any other."""
        error = _broken_off(step.result)
        if error is None or not (self.cut or self.late):
            return step
        return _asking(self, step) if self.cut else self._broken(self._expiry(error.response_id))

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
        return StatefulRule.fork(structs.replace(self, is_now=False), step)

    def after(self, value: Any) -> Within:
        """Know the time, or what was received."""
        if is_sequence(value):
            return self._joined(value)
        reported = reported_in(value)
        if reported is not None:
            rule = reported.last
            if not isinstance(rule, Within):
                return structs.replace(self, is_now=False)
            return structs.replace(rule, reports=self.reports, opened=self.opened)
        time = _time_in(value)
        if time is not None:
            left = self.began + self.seconds - time
            late = left < LEAST_DELAY if self.cut else self.late
            return structs.replace(self, now=time, is_now=True, cut=False, late=late)
        return self._received(value)

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
