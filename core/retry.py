"""Repeating requests that met a passing fault, as a function from operation to operation.

Law: each request is repeated on its own, at most `max_retries` times, and only where that can help and cannot harm: a
`NotSent` always, an `Interrupted` where the request is idempotent, an answer where its status or its own word asks for
it. The defaults are those of the official client (https://github.com/openai/openai-python#retries).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ..codecs.envelope import decode_error_body
from .arguments import refused
from .delays import check_between, check_seconds, delay
from .errors import Error, Interrupted, InvalidArgument, NotSent
from .hints import asks_to_retry, leaves_open, retry_after
from .http import HttpRequest
from .steps import Answer, Operation, Send, Wait, fail
from .streams import Emit, Open, Perform, Read, Stream

P = TypeVar("P", bound=Operation[Any] | Stream[Any])

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""RFC 9110, section 9.2.1."""

_LARGEST_EXPONENT = 60
"""Where doubling has long passed any `max_delay`, and not yet the range of a float."""


class RetryPolicy(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """How often, and after how long, a request is repeated.

    Before retry n (from 0) a driver waits `min(initial_delay * 2**n, max_delay)` seconds, less a random share of up
    to `jitter` of it. A delay that the server asks for is kept exactly, without jitter, where it is more than 0 and at
    most `max_server_delay` seconds; a longer one means that the request is not repeated.

    Attributes:
        max_retries: How often one request is repeated at most, 0 or more.
        initial_delay: Seconds before the first retry, 0 to 1e9.
        max_delay: Seconds before any retry at most, 0 to 1e9.
        jitter: The share of a delay that is left to chance, 0 to 1.
        max_server_delay: The longest delay in seconds that a server may ask for, 0 to 1e9.
    """

    max_retries: int = 2
    initial_delay: float = 0.5
    max_delay: float = 8.0
    jitter: float = 0.25
    max_server_delay: float = 120.0


DEFAULT_POLICY = RetryPolicy()


def retrying(program: P, policy: RetryPolicy = DEFAULT_POLICY) -> P:
    """Repeat, by `policy`, each request of an operation or a stream that meets a passing fault.

    Errors: those of the last attempt. Where an earlier one may have been acted upon, an `ApiError` says so in
    `after_interruption`, and a `NotSent`, which would say the contrary, becomes the `Interrupted` of the earlier one.
    `InvalidArgument` for a policy that makes no sense.
    """
    invalid = check_policy(policy)
    # What takes the place of `program` is of the same union, which no type can say.
    guarded: P = _guard(program, policy) if invalid is None else _failed(invalid)
    return guarded


def _failed(error: InvalidArgument) -> Any:
    return fail(error)


def check_policy(policy: Any) -> InvalidArgument | None:
    """Give the `InvalidArgument` of the first thing about `policy` that makes no sense; None for a good one."""
    if not isinstance(policy, RetryPolicy):
        return refused("policy", policy, "a RetryPolicy")
    if type(policy.max_retries) is not int or policy.max_retries < 0:
        return refused("max_retries", policy.max_retries, "an integer of 0 or more")
    return (
        check_seconds("initial_delay", policy.initial_delay)
        or check_seconds("max_delay", policy.max_delay)
        or check_seconds("max_server_delay", policy.max_server_delay)
        or check_between("jitter", policy.jitter, 0, 1)
    )


class Guarded(Struct, frozen=True, tag=True):
    """Goes on with `resume`, and guards the requests of what that gives."""

    policy: RetryPolicy
    resume: Callable[[Any], Any]

    def __call__(self, value: Any) -> Any:
        return _guard(self.resume(value), self.policy)


class Attempt(Struct, frozen=True, kw_only=True, tag=True, repr_omit_defaults=True):
    """Receives what an attempt at `request` gave: tries again, or goes on with `resume`.

    `opens` tells that the request opens a body, and is a step of a stream. `number` counts the attempts from 0.
    `interruption` is what an earlier attempt met that may have been acted upon.
    """

    policy: RetryPolicy
    request: HttpRequest
    resume: Callable[[Answer], Any]
    opens: bool = False
    number: int = 0
    interruption: Interrupted | None = None

    def __call__(self, answer: Answer) -> Any:
        pause = _pause(self, answer)
        if pause is None:
            return _guard(self.resume(_in_the_light_of(self.interruption, answer)), self.policy)
        following = structs.replace(self, number=self.number + 1, interruption=self._left_open(answer))
        return Perform(delay(*pause), Reopen(following)) if self.opens else Wait(*pause, Resend(following))

    def _left_open(self, answer: Answer) -> Interrupted | None:
        """What this attempt, or an earlier one, leaves open; a request that only reads leaves nothing open."""
        if self.request.method in _SAFE_METHODS:
            return None
        return _interruption(answer) or self.interruption


class Resend(Struct, frozen=True, tag=True):
    """Makes the next attempt at an exchange, once the wait before it is over."""

    attempt: Attempt

    def __call__(self, elapsed: float) -> Send[Any]:
        return Send(self.attempt.request, self.attempt)


class Reopen(Struct, frozen=True, tag=True):
    """Makes the next attempt at opening a body, once the wait before it is over."""

    attempt: Attempt

    def __call__(self, waited: Result[float, Error]) -> Open[Any]:
        return Open(self.attempt.request, self.attempt)


def _guard(program: Operation[Any] | Stream[Any], policy: RetryPolicy) -> Any:
    match program:
        case Send(request, resume):
            return Send(request, Attempt(policy=policy, request=request, resume=resume))
        case Wait(seconds, spread, resume):
            return Wait(seconds, spread, Guarded(policy, resume))
        case Perform(operation, resume):
            return Perform(_guard(operation, policy), Guarded(policy, resume))
        case Emit():
            return _guard_after(program, policy)
        case Open(request, resume):
            return Open(request, Attempt(policy=policy, request=request, resume=resume, opens=True))
        case Read(resume, within):
            return Read(Guarded(policy, resume), within)
        case _:
            return program


def _guard_after(stream: Emit[Any], policy: RetryPolicy) -> Any:
    """Guard what comes after the values that are there already, however many steps of them."""
    emitted: list[tuple[Any, ...]] = []
    rest: Stream[Any] = stream
    while isinstance(rest, Emit):
        emitted.append(rest.values)
        rest = rest.rest
    guarded = _guard(rest, policy)
    for values in reversed(emitted):
        guarded = Emit(values, guarded)
    return guarded


def _pause(attempt: Attempt, answer: Answer) -> tuple[float, float] | None:
    """The least wait before the next attempt and how much chance may add to it, in seconds; None to leave it."""
    policy = attempt.policy
    hint = None
    if isinstance(answer, Failure):
        if not _worth_repeating(answer.failure(), attempt.request):
            return None
    else:
        response = answer.unwrap()
        if response.is_success:
            return None
        said = decode_error_body(response.body)
        if not asks_to_retry(response.status, said.code, said.type, response.headers):
            return None
        hint = retry_after(response.headers)
    if attempt.number >= policy.max_retries or (hint is not None and hint > policy.max_server_delay):
        return None
    if hint is not None and hint > 0:
        return hint, 0.0
    return backoff(policy, attempt.number)


def backoff(policy: RetryPolicy, number: int) -> tuple[float, float]:
    """The least wait before retry `number`, from 0, and how much chance may add to it, in seconds."""
    longest = min(policy.initial_delay * 2.0 ** min(number, _LARGEST_EXPONENT), policy.max_delay)
    return longest * (1 - policy.jitter), longest * policy.jitter


def _worth_repeating(error: Error, request: HttpRequest) -> bool:
    match error:
        case NotSent():
            return error.retryable
        case Interrupted():
            return request.idempotent
        case _:
            return False


def _interruption(answer: Answer) -> Interrupted | None:
    """What `answer` leaves open: None where the server certainly did not act."""
    if isinstance(answer, Failure):
        error = answer.failure()
        return error if isinstance(error, Interrupted) else None
    status = answer.unwrap().status
    return Interrupted("status", f"HTTP {status}") if leaves_open(status) else None


def _in_the_light_of(interruption: Interrupted | None, answer: Answer) -> Answer:
    """Tell in the last answer that an earlier attempt may have been acted upon."""
    if interruption is None:
        return answer
    if not isinstance(answer, Failure):
        return Success(structs.replace(answer.unwrap(), after_interruption=True))
    error = answer.failure()
    if isinstance(error, NotSent):
        return Failure(Interrupted(interruption.kind, f"{interruption.reason}; the last attempt was {error}"))
    return answer
