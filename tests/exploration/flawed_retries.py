"""Seeded bugs in copies of `retrying`: what is repeated, and what is remembered of earlier attempts.

Each attempt says in a header why those before it failed. So what a retry repeats is told from a request that was in
flight when the process died, and is sent again from the checkpoint: that is the affair of a ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flawed import Flawed, Outcome, holding, is_not_found
from msgspec import Struct, structs
from returns.result import Failure, Success

from puresponse import (
    Answer,
    HttpRequest,
    Interrupted,
    NotSent,
    Operation,
    Send,
    State,
    Wait,
    create_response,
    delete_response,
)

MOST = 2
REASONS = "X-Retry-Reasons"
OPEN = "open"


class Retry(Struct, frozen=True):
    """Receives the answer to an attempt at `request`: makes another one, or goes on with `resume`.

    `reasons` are why the attempts before it failed.
    """

    request: HttpRequest
    resume: Callable[[Answer], Operation[Any]]
    reasons: tuple[str, ...] = ()
    interruption: Interrupted | None = None

    def send(self) -> Operation[Any]:
        told = ((REASONS, ", ".join(self.reasons)),) if self.reasons else ()
        return Send(structs.replace(self.request, headers=(*self.request.headers, *told)), self)

    def __call__(self, answer: Answer) -> Operation[Any]:
        number = len(self.reasons)
        if number == MOST or not self.repeats(answer):
            return self.resume(self.marked(answer))
        reasons = (*self.reasons, reason(answer))
        again = structs.replace(self, reasons=reasons, interruption=self.remembered(answer))
        least = 0.5 * 2.0**number
        return Wait(least, least / 4, Resend(again))

    def repeats(self, answer: Answer) -> bool:
        """What was not sent or was refused for now; what may have been acted upon, if it is idempotent."""
        if left_open(answer) is not None:
            return self.request.idempotent
        if isinstance(answer, Failure):
            return isinstance(answer.failure(), NotSent)
        return answer.unwrap().status in (409, 429)

    def remembered(self, answer: Answer) -> Interrupted | None:
        """What this attempt, or an earlier one, leaves open."""
        return left_open(answer) or self.interruption

    def marked(self, answer: Answer) -> Answer:
        """The last answer, which says that an earlier attempt may have been acted upon."""
        if self.interruption is None:
            return answer
        if isinstance(answer, Failure):
            return Failure(self.interruption) if isinstance(answer.failure(), NotSent) else answer
        return Success(structs.replace(answer.unwrap(), after_interruption=True))


class Resend(Struct, frozen=True):
    """Makes the next attempt, once the wait before it is over."""

    attempt: Retry

    def __call__(self, elapsed: float) -> Operation[Any]:
        return self.attempt.send()


def left_open(answer: Answer) -> Interrupted | None:
    """What the answer leaves open: None where the server certainly did not act."""
    if isinstance(answer, Failure):
        error = answer.failure()
        return error if isinstance(error, Interrupted) else None
    status = answer.unwrap().status
    return Interrupted("status", f"HTTP {status}") if status == 408 or status >= 500 else None


def reason(answer: Answer) -> str:
    """Why an attempt failed, in a word, and `open` where that leaves open whether the server acted."""
    if isinstance(answer, Failure):
        return "not sent" if isinstance(answer.failure(), NotSent) else OPEN
    return f"HTTP {answer.unwrap().status}" if left_open(answer) is None else OPEN


class RetryAllThatFailed(Retry, frozen=True):
    """The same, in the belief that a server that says it failed has done nothing. The official client does so too."""

    def repeats(self, answer: Answer) -> bool:
        failed = not isinstance(answer, Failure) and answer.unwrap().status >= 500
        return failed or super().repeats(answer)


class RetryWithShortMemory(Retry, frozen=True):
    """The same, but what an attempt leaves open is forgotten after one more that leaves nothing open."""

    def remembered(self, answer: Answer) -> Interrupted | None:
        return left_open(answer)


def repeated(retry: type[Retry], operation: Operation[Any]) -> Operation[Any]:
    """The one request of an operation, under a retry."""
    assert isinstance(operation, Send)
    return retry(operation.request, operation.resume).send()


def was_left_open(requests: tuple[HttpRequest, ...]) -> bool:
    """Whether a retry has followed an attempt that may have been acted upon."""
    return any(OPEN in told for request in requests for name, told in request.headers if name == REASONS)


def made_twice(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    if len(state.responses) < 2 or not was_left_open(requests):
        return None
    return f"the retry made {len(state.responses)} responses of one call: {', '.join(state.responses)}"


def called_unknown(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    if not is_not_found(result) or result.failure().may_have_acted or "resp_1" in state.responses:
        return None
    was_open = was_left_open(requests)
    return "the error says that resp_1 never was there, and an attempt has deleted it" if was_open else None


CREATION = create_response(model="gpt-4o-mini", input="Write the invoice.")

REPEATED_CREATE = Flawed(
    name="a retry that repeats a create",
    program=repeated(RetryAllThatFailed, CREATION),
    correct=repeated(Retry, CREATION),
    service=State(),
    claim="A retry never makes a second response of one call.",
    broken=made_twice,
)

FORGOTTEN_INTERRUPTION = Flawed(
    name="a retry that forgets an interruption",
    program=repeated(RetryWithShortMemory, delete_response("resp_1")),
    correct=repeated(Retry, delete_response("resp_1")),
    service=holding(["resp_1"]),
    claim="A 404 after an attempt that may have deleted the response says so: what is gone is gone, or left open.",
    broken=called_unknown,
)

FRAMES = (Retry, Resend, RetryAllThatFailed, RetryWithShortMemory)
