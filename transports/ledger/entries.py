"""One operation of a ledger while it is carried out: what is written of it, and when.

Law: before a request that does more than read is sent, the step at which the program is has been written and committed.
So has what follows it, before the program goes on, where that request must not be sent again: it was answered by a 2xx,
or it is not idempotent. What reads only is not written. A first request that may be repeated is written of as the
operation is taken, so that many share a commit; one that may not is written of in the moment before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, json
from returns.result import Failure, Result

from ...codecs.lossless.errors import DecodeError
from ...core.combinators.many import sequentially
from ...core.errors import ApiError, Error, NotSent
from ...core.frame_trees import Under
from ...core.http import SAFE_METHODS, HttpRequest
from ...core.programs.erasure import ErasureReceipt
from ...core.retry_hints import leaves_open
from ...core.rules import Rule
from ...core.steps import Answer, Done, Fork, Operation, Send, Wait
from ..clock import Clock
from .fates import FateName
from .journal import Journal
from .stencils import Checkpoints


class InFlight(Struct, omit_defaults=True):
    """What is known of an operation in flight. `request` is what is about to be sent; without one, nothing is.

    Of the requests before it that must not be repeated, `left_open` is one that the server may have acted on, and
    `acted` one that it has acted on.
    """

    request: str | None = None
    idempotent: bool | None = None
    attempt: int = 1
    elapsed: float = 0.0
    resumed: bool = False
    elsewhere: bool = False
    unsaved: str | None = None
    acknowledged: Acknowledged | Mapping[str, Any] | None = None
    left_open: str | None = None
    acted: str | None = None


class Acknowledged(Struct, omit_defaults=True):
    """The answer to the last request that does more than read."""

    request: str
    status: int
    request_id: str | None = None
    id: str | None = None


class Absence(Struct):
    """The 404 by which what was deleted is not there any more."""

    status: int
    code: str | None
    message: str | None
    request_id: str | None


class Ended(Struct, omit_defaults=True):
    """What is known of an operation that has ended. `final`: nothing follows a request that must not be repeated."""

    id: str | None = None
    request: str | None = None
    error: str | None = None
    kind: str | None = None
    status: int | None = None
    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    after_interruption: bool = False
    no_such_route: bool = False
    may_have_acted: bool = False
    absence: Absence | None = None
    acknowledged: Acknowledged | Mapping[str, Any] | None = None
    left_open: str | None = None
    final: bool = False


encode_known: Callable[[Any], bytes] = json.Encoder().encode
"""What is known, as JSON."""


class Entry:
    """An operation of a ledger that is under way.

    `program` is the step of which the file has the checkpoint, None where it has none yet. `lasted` are the seconds
    that it had lasted before.
    """

    __slots__ = (
        "_acted",
        "_ahead",
        "_attempts",
        "_began",
        "_checkpoints",
        "_clock",
        "_forks",
        "_journal",
        "_left_open",
        "acknowledged",
        "answer",
        "key",
        "lasted",
        "left_open",
        "owes",
        "program",
        "request",
        "resumed",
    )

    def __init__(
        self,
        key: str,
        journal: Journal,
        clock: Clock,
        checkpoints: Checkpoints,
        program: Operation[Any] | None,
        *,
        lasted: float = 0.0,
        resumed: bool = False,
    ) -> None:
        self.key = key
        self._journal = journal
        self._clock = clock
        self._checkpoints = checkpoints
        self._began = clock.monotonic()
        self._attempts = 0
        self._ahead: tuple[Operation[Any], int] | None = None
        self.lasted = lasted
        self.resumed = resumed
        self.program = program
        self.request: HttpRequest | None = None
        self.answer: Answer | None = None
        self.acknowledged: Acknowledged | Mapping[str, Any] | None = None
        self.left_open: str | None = None
        self._left_open: HttpRequest | None = None
        self._acted: str | None = None
        self._forks = False
        self.owes = False

    def elapsed(self) -> float:
        """Seconds since the operation first began."""
        return self._clock.monotonic() - self._began + self.lasted

    def goes_on(self, known: Mapping[str, Any]) -> None:
        """It goes on from where another process was: what is known of that."""
        self.acknowledged = known.get("acknowledged")
        self.left_open = known.get("left_open")
        self._acted = known.get("acted")
        self._forks = True  # or not: nobody knows any more whose error it will be

    def forked(self) -> None:
        """There are several branches: an error is of any of them, not of the last request."""
        self._forks = True

    def admitted(self, program: Operation[Any]) -> None:
        """Write of the first request as the operation is taken, if it may be repeated: many such share a commit."""
        if isinstance(program, Send) and program.request.idempotent and program.request.method not in SAFE_METHODS:
            self._ahead = program, self._sending(program, program.request)

    def sending(self, step: Send[Any], request: HttpRequest) -> int:
        """Write that a request is about to be sent, and the step at which the program is: the event to be committed."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] is step:
            return ahead[1]
        if request.method in SAFE_METHODS:  # for what was answered before it
            return self._save(step)
        return self._sending(step, request)

    def _sending(self, step: Send[Any], request: HttpRequest) -> int:
        self._attempts += 1
        self.owes = False
        self.answer = None
        known = InFlight(request=_shown(request), idempotent=request.idempotent, attempt=self._attempts)
        return self._write(step, known)

    def answered(self, request: HttpRequest, answer: Answer) -> None:
        """Take the answer: what follows is written, if the request must not be sent again."""
        self.answer = answer
        if not request.idempotent and request.method not in SAFE_METHODS:
            self._note_what_is_open(request, answer)
        if isinstance(answer, Failure):
            self.owes = not request.idempotent and isinstance(answer.failure(), NotSent)
            return
        response = answer.unwrap()
        if response.is_success:
            request_id = response.header("x-request-id")
            self.acknowledged = Acknowledged(request=_shown(request), status=response.status, request_id=request_id)
            self.owes = True
        else:
            self.owes = not request.idempotent

    def _note_what_is_open(self, request: HttpRequest, answer: Answer) -> None:
        """Remember a request that must not be repeated, and that the server may have acted on, until it is done."""
        if isinstance(answer, Failure):
            is_open = answer.failure().may_have_acted
        else:
            response = answer.unwrap()
            is_open = leaves_open(response.status, response.headers)
            if response.is_success:
                self._acted = _shown(request)
                self.left_open = None if request == self._left_open else self.left_open
        if is_open:
            self.left_open, self._left_open = _shown(request), request

    def _unread(self, result: Result[Any, Error], *, is_repeatable: bool) -> str | None:
        """The request that must not be repeated, and whose answer may be the one that could not be read."""
        if not isinstance(result, Failure) or not isinstance(result.failure(), DecodeError):
            return None
        return self._acted if self._forks or not is_repeatable else None

    def save(self, step: Operation[Any]) -> None:
        """Write the step at which the program is, nothing being sent, and commit it."""
        self._journal.commit(self._save(step))

    def _save(self, step: Operation[Any]) -> int:
        self.owes = False
        return self._write(step, InFlight())

    def _write(self, step: Operation[Any], known: InFlight) -> int:
        known.resumed, known.acknowledged = self.resumed, self.acknowledged
        known.left_open, known.acted = self.left_open, self._acted
        program = None
        if step is not self.program:
            elapsed = self.elapsed() if self.program is not None or self.lasted else 0.0
            program, known.unsaved = self._checkpoints.of(step, elapsed)
            known.elapsed = round(elapsed, 3)
            self.program = step
        return self._journal.add(self.key, "in flight", encode_known(known), program)

    def left(self) -> None:
        """Write what is known of an operation that was given up: that its last request was not sent, if that is so."""
        answer = self.answer
        if self._ahead is not None or (isinstance(answer, Failure) and isinstance(answer.failure(), NotSent)):
            known = InFlight(resumed=self.resumed, acknowledged=self.acknowledged)
            known.left_open, known.acted = self.left_open, self._acted
            self._journal.add(self.key, "in flight", encode_known(known))

    def ended(self, result: Result[Any, Error]) -> FateName:
        """Write the outcome; whoever yields it commits that."""
        request = self.request
        is_repeatable = request is not None and (request.idempotent or request.method in SAFE_METHODS)
        left_open = self.left_open or self._unread(result, is_repeatable=is_repeatable)
        fate, known = outcome(result, request, is_repeatable=is_repeatable, left_open=left_open)
        known.acknowledged = self.acknowledged
        known.final = fate == "failed" and self.owes and not is_repeatable and self.acknowledged is not None
        self._journal.add(self.key, fate, encode_known(known))
        return fate


def outcome(
    result: Result[Any, Error], request: HttpRequest | None, *, is_repeatable: bool, left_open: str | None = None
) -> tuple[FateName, Ended]:
    """The fate of an operation that has ended, and what is known of it; `request` is the last that it sent.

    `left_open` is a request of it, the last or another, that must not be repeated, and that the server may have acted
    on. Where no request is known, the error tells.
    """
    shown = None if request is None else _shown(request)
    if not isinstance(result, Failure):
        value: Any = result.unwrap()
        absence = None
        if isinstance(value, ErasureReceipt):
            value, error = value.deleted, value.absence
            absence = Absence(error.status, error.code, error.message, error.request_id)
        identity = getattr(value, "id", None)
        return "done", Ended(id=identity if isinstance(identity, str) else None, request=shown, absence=absence)
    error = result.failure()
    known = Ended(
        request=shown,
        error=str(error),
        kind=type(error).__name__,
        request_id=getattr(error, "request_id", None),
        may_have_acted=error.may_have_acted,
        status=getattr(error, "status", None),
        left_open=left_open,
    )
    if isinstance(error, ApiError):
        known.code, known.message = error.code, error.message
        known.after_interruption, known.no_such_route = error.after_interruption, error.no_such_route
        if error.status == 404 and is_repeatable and not error.no_such_route and left_open is None:
            return "absent", known
    is_open = error.may_have_acted and not is_repeatable if request is None else left_open is not None
    return ("unknown" if is_open else "failed"), known


def _shown(request: HttpRequest) -> str:
    return f"{request.method} {request.path}"


class Sending(HttpRequest, frozen=True, kw_only=True):
    """A request of an operation of a ledger: all that it says, itself, and the step that sends it."""

    request: HttpRequest
    entry: Entry
    step: Send[Any]

    def __repr__(self) -> str:
        return repr(self.request)


class Recorded(Rule, frozen=True, tag=True):
    """The rule of an operation of a ledger: marks the requests that are written of before they are sent."""

    entry: Entry

    def send(self, step: Send[Any]) -> Any:
        """Mark a request that does more than read, and one before which something is to be written."""
        entry, request = self.entry, step.request
        entry.request = request
        if request.method not in SAFE_METHODS or entry.owes:
            request = Sending(
                request.method,
                request.path,
                request.query,
                request.headers,
                request.body,
                request.idempotent,
                request.timeout,
                request.total,
                request=request,
                entry=entry,
                step=step,
            )
        return Send(request, Under(self, step.resume))

    def wait(self, step: Wait[Any]) -> Any:
        """Write what is to be written; the wait is told the time since the operation first began."""
        if self.entry.owes:
            self.entry.save(step)
        return Wait(step.seconds, step.spread, Under(Later(self.entry), step.resume, True))

    def fork(self, step: Fork[Any]) -> Any:
        """Its operations are carried out one after another, so that each step of them can be written."""
        self.entry.forked()
        return self(sequentially(step))


class Later(Recorded, frozen=True, tag=True):
    """The same behind a wait, which is told the time of this run."""

    def passed_on(self, value: Any) -> Any:
        """The time since the operation first began."""
        return value + self.entry.lasted

    def after(self, value: Any) -> Rule:
        """What holds from there on."""
        return Recorded(self.entry)


def recorded(operation: Operation[Any], entry: Entry) -> Operation[Any]:
    """The operation, which is written of while it is carried out."""
    program: Operation[Any] = operation if isinstance(operation, Done) else Recorded(entry)(operation)
    return program
