"""Repeating requests that failed transiently, as a function from operation to operation.

Law: each request is repeated on its own, at most `max_retries` times, only where that can help and cannot harm, and
only within its `total` time. What can harm is to repeat a request that is not idempotent where it is open whether the
server acted. The table in the docstring of `retrying` says what is repeated, and what leaves that open: it is the only
law.

It is a rule: in the place of each `Send` there are the attempts, an operation that returns the answer of the last; in
the place of each `Open`, likewise, a stream that ends with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ..codecs.types.error_body import decode_error_body
from .delays import LEAST_DELAY, delay
from .errors import Error, Interrupted, NotSent
from .frame_trees import Then, Under
from .http import SAFE_METHODS, HttpRequest
from .retry_hints import asks_to_retry, leaves_open, retry_after
from .retry_policy import RetryPolicy, check_policy, pause_before
from .rules import P, Rule, failed
from .steps import Answer, Done, Send, Wait
from .streams import End, Open, Perform

DEFAULT_POLICY = RetryPolicy()


def retrying(program: P, policy: RetryPolicy = DEFAULT_POLICY) -> P:
    """Repeat, by `policy`, each request of an operation or a stream that fails transiently.

    Args:
        program: The operation or the stream.
        policy: How often, and after which delays.

    What is repeated, of a request that is idempotent (`HttpRequest.idempotent`), of any other, and of any other where
    the policy says `repeat_unsafe=True`; and whether it is left open that the server acted:

    | answer | idempotent | any other | `repeat_unsafe` | left open |
    |---|---|---|---|---|
    | `NotSent` | repeated | repeated | repeated | no |
    | `NotSent`, `invalid_request` or `given_up` | - | - | - | no |
    | `Interrupted` | repeated | - | repeated | yes |
    | `Interrupted`, `limit` or `given_up` | - | - | - | yes |
    | 409, 429 | repeated | repeated | repeated | no |
    | 408, 5xx | repeated | - | repeated | yes |
    | any other status | - | - | - | no |
    | any of these with `x-should-retry: true` | repeated | repeated | repeated | no |
    | 408, 5xx with `x-should-retry: false` | - | - | - | yes |
    | any other status with `x-should-retry: false` | - | - | - | no |
    | 429 with `insufficient_quota` | - | - | - | no |
    | 408, 5xx with `insufficient_quota` | - | - | - | yes |

    `x-should-retry: true` is taken for the server's word that it did not act. A quota that is used up
    (`insufficient_quota`) is not restored by asking again, whatever else the answer says. A request with an
    `Idempotency-Key` counts as idempotent; whether the service honours one is unknown.

    A request that has a `total` time is repeated within it: pauses count, each attempt has what is left, and what
    is left is not slept away where no attempt could follow.

    Errors: those of the last attempt. Where an earlier one may have been acted upon, an `ApiError` says so in
    `after_interruption`, and a `NotSent`, which would say the contrary, becomes the `Interrupted` of the earlier one.
    A request that only reads leaves nothing to be acted upon. `InvalidArgument` for what is no policy.

    >>> from puresponse.core import delete_response
    >>> retrying(delete_response("resp_1"), RetryPolicy(max_retries=5)).request.path
    '/responses/resp_1'
    """
    invalid = check_policy(policy)
    # What takes the place of `program` is of the same union, which no type can say.
    guarded: P = Retrying(policy)(program) if invalid is None else failed(invalid, program)
    return guarded


class Retrying(Rule, frozen=True, tag=True):
    """The rule of `retrying`."""

    policy: RetryPolicy

    def send(self, step: Send[Any]) -> Any:
        """Make attempts at the request."""
        request = step.request
        attempt = Attempt(policy=self.policy, request=request)
        if request.total is None:  # as nearly always: one step is made, and not two
            return Send(request, Then(attempt, Under(self, step.resume)))
        return attempt.begun(request.total).then(Under(self, step.resume))

    def open(self, step: Open[Any]) -> Any:
        """Make attempts at the request that opens a body."""
        request = step.request
        attempt = Attempt(policy=self.policy, request=request, opens=True)
        if request.total is None:
            return Open(request, Then(attempt, Under(self, step.resume)))
        return attempt.begun(request.total).then(Under(self, step.resume))


class Attempt(Struct, frozen=True, kw_only=True, tag=True, repr_omit_defaults=True):
    """Receives the answer to an attempt at `request`: tries again, or returns it.

    `opens` is whether the request opens a body, and is a step of a stream. `number` counts the attempts from 0.
    `interruption` is what an earlier attempt met that may have been acted upon. `until` is when the request's total
    time is over, in seconds since the run began; None where it has no limit.
    """

    policy: RetryPolicy
    request: HttpRequest
    opens: bool = False
    number: int = 0
    interruption: Interrupted | None = None
    until: float | None = None

    def __call__(self, answer: Answer) -> Any:
        pause = _pause(self, answer)
        if pause is None:
            return self.leave(answer)
        if self.until is None:
            return self.after(*pause, Resend(self.next(answer)))
        return self.after(0.0, 0.0, Afford(self, answer, *pause))

    def begun(self, total: float) -> Any:
        """Make the first attempt of those that may take so many seconds; ask first what time it is."""
        return self.after(0.0, 0.0, Timed(self, total))

    def leave(self, answer: Answer) -> Any:
        """Return `answer`, the last."""
        last: Any = _in_the_light_of(self.interruption, answer)
        return _ended(last) if self.opens else Done(last)

    def next(self, answer: Answer) -> Attempt:
        """The attempt after the one that was given `answer`."""
        return structs.replace(self, number=self.number + 1, interruption=self._left_open(answer))

    def send(self, request: HttpRequest) -> Any:
        """Make the attempt, with the request as it now is."""
        return Open(request, self) if self.opens else Send(request, self)

    def after(self, seconds: float, spread: float, frame: Callable[[float], Any]) -> Any:
        """Wait, then go on with `frame` and the time."""
        if self.opens:
            return Perform(delay(seconds, spread), InStream(frame))
        return Wait(seconds, spread, frame)

    def _left_open(self, answer: Answer) -> Interrupted | None:
        """What this attempt, or an earlier one, leaves open; a request that only reads leaves nothing open."""
        if self.request.method in SAFE_METHODS:
            return None
        return _interruption(answer) or self.interruption


class Timed(Struct, frozen=True, tag=True):
    """Makes the first attempt at a request whose total time is limited, at the time from which that counts."""

    attempt: Attempt
    total: float

    def __call__(self, elapsed: float) -> Any:
        return structs.replace(self.attempt, until=elapsed + self.total).send(self.attempt.request)


class Afford(Struct, frozen=True, tag=True):
    """Waits for the next attempt, where the total time leaves room for that; or returns the last `answer`."""

    attempt: Attempt
    answer: Answer
    seconds: float
    spread: float

    def __call__(self, elapsed: float) -> Any:
        until = self.attempt.until
        room = self.spread if until is None else until - LEAST_DELAY - elapsed - self.seconds
        if room < 0:
            return self.attempt.leave(self.answer)
        return self.attempt.after(self.seconds, min(self.spread, room), Resend(self.attempt.next(self.answer)))


class Resend(Struct, frozen=True, tag=True):
    """Makes the next attempt, once the wait before it is over, and limits it to the time that is left."""

    attempt: Attempt

    def __call__(self, elapsed: float) -> Any:
        request, until = self.attempt.request, self.attempt.until
        if until is not None:
            request = structs.replace(request, total=max(until - elapsed, LEAST_DELAY))
        return self.attempt.send(request)


class InStream(Struct, frozen=True, tag=True):
    """Goes on with `resume` and the time that an operation of a stream returns."""

    resume: Callable[[float], Any]

    def __call__(self, waited: Result[float, Error]) -> Any:
        if isinstance(waited, Failure):  # a limit of time leaves no room for the wait
            return _ended(waited)
        return self.resume(waited.unwrap())


def _ended(result: Any) -> Any:
    end: End[Any] = End(result)
    return end


def _pause(attempt: Attempt, answer: Answer) -> tuple[float, float] | None:
    """The least wait before the next attempt and how much chance may add to it, in seconds; None to leave it."""
    policy = attempt.policy
    hint = None
    if isinstance(answer, Failure):
        error = answer.failure()
        if not isinstance(error, NotSent | Interrupted) or not error.retryable:
            return None
    else:
        response = answer.unwrap()
        if response.is_success:
            return None
        body = decode_error_body(response.body)
        if not asks_to_retry(response.status, body.code, body.type, response.headers):
            return None
        hint = retry_after(response.headers)
    if attempt.number >= policy.max_retries:
        return None
    if not attempt.request.idempotent and not policy.repeat_unsafe and _interruption(answer) is not None:
        return None
    return pause_before(policy, attempt.number, hint)


def _interruption(answer: Answer) -> Interrupted | None:
    """What `answer` leaves open: None where the server certainly did not act."""
    if isinstance(answer, Failure):
        error = answer.failure()
        return error if isinstance(error, Interrupted) else None
    response = answer.unwrap()
    left_open = response.after_interruption or leaves_open(response.status, response.headers)
    return Interrupted("status", f"HTTP {response.status}") if left_open else None


def _in_the_light_of(interruption: Interrupted | None, answer: Answer) -> Answer:
    """Mark the last answer where an earlier attempt may have been acted upon."""
    if interruption is None:
        return answer
    if not isinstance(answer, Failure):
        return Success(structs.replace(answer.unwrap(), after_interruption=True))
    error = answer.failure()
    if isinstance(error, NotSent):
        return Failure(structs.replace(interruption, reason=f"{interruption.reason}; the last attempt was {error}"))
    return answer
