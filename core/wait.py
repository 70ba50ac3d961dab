"""Waiting for a response to end, by looking at it again and again.

Law: a wait ends. It looks at once, then less and less often, and for the last time at its deadline: no later than
`deadline` seconds and one request after it began, whatever the server says. No two looks are nearer to each other than
`LEAST_DELAY`.

What a request meets by the way is not judged here: `retrying(wait_for_response(…))` repeats what is worth repeating,
and without it the first fault ends the wait. The one exception is 404, which the service is known to give for a while
for a response that is there.

A `Watch` is where a wait stands. `_look_again` is the operation that takes it one look further; `wait_for_response`
repeats that to the end, and `watch_response` tells of each look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct, structs
from returns.result import Failure, Result

from ..codecs.response import Response
from .arguments import check_id, check_include, refused
from .delays import LONGEST, check_between, check_seconds, elapsed
from .ended import cancel_or_find_ended, has_ended
from .errors import ApiError, Error, InvalidArgument, WaitExpired
from .responses import retrieve_response
from .steps import Done, Operation, Wait, fail, succeed
from .streams import END, Emit, Perform, Stream

LEAST_DELAY = 0.01
"""Seconds. What is nearer than that is now: a clock may wake a driver a hair early."""


class WaitPolicy(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """How long to wait for a response, how often to look, and what to do when time is up.

    Look n (from 0) is followed by a wait of `min(initial_delay * factor**n, max_delay)` seconds, less a random share of
    up to `jitter` of it. A wait that would reach past the deadline ends at the deadline, for a last look.

    Attributes:
        deadline: Seconds from the start of the wait, 0 to 1e9; 0 looks once. Only the caller knows: no default.
        initial_delay: Seconds after the first look, 0.01 to 1e9.
        factor: By how much each delay is longer than the one before, 1 to 1e9.
        max_delay: Seconds between two looks at most, 0.01 to 1e9.
        jitter: The share of a delay that is left to chance, 0 to 1.
        grace: Seconds for which a 404 is not the end, 0 to 1e9, counted from the first of an unbroken row of them.
            The service was seen to answer 404 for up to 33 seconds for responses that were there: the default is just
            longer. An id that does not exist is told after that time only; 0 believes the first 404.
        at_deadline: `give_up` ends in `WaitExpired`; `cancel` cancels the response and gives what that gave.
    """

    deadline: float
    initial_delay: float = 0.5
    factor: float = 1.5
    max_delay: float = 10.0
    jitter: float = 0.25
    grace: float = 40.0
    at_deadline: Literal["give_up", "cancel"] = "give_up"


def wait_for_response(
    response_id: str, policy: WaitPolicy, *, include: Sequence[str] | None = None, settle: float = 0.0
) -> Operation[Response]:
    """Wait until a response is completed, failed, incomplete or cancelled, and give it.

    Args:
        response_id: The id of the response.
        policy: How long to wait, and how often to look.
        include: What to add to the response, as for `retrieve_response`.
        settle: Seconds for which `cancelled` must have stood before it counts, 0 to 1e9: a cancelled response can still
            become completed. The deadline goes before it: a response that is cancelled by then is given as cancelled.

    Errors: `WaitExpired`, with the response as it was seen last, when the deadline has come and the policy is to give
    up; `ApiError` 404 that has lasted longer than the policy's `grace`; any other error of `retrieve_response`, at
    once; those of `cancel_response`, where the policy is to cancel; `InvalidArgument`, before anything is sent.
    https://platform.openai.com/docs/guides/background
    """
    return _begin(response_id, policy, include, settle).bind(UntilEnded())


def watch_response(
    response_id: str, policy: WaitPolicy, *, include: Sequence[str] | None = None, settle: float = 0.0
) -> Stream[Response]:
    """Give a response as each look finds it, until it has ended: `wait_for_response` with its progress.

    A look that finds the response as it was before gives it again, and one that meets a 404 gives nothing. The last
    value is what `wait_for_response` gives; where that would fail, the stream ends with the same failure.
    """
    return Perform(_begin(response_id, policy, include, settle), EmitFound())


def check_wait_policy(policy: Any) -> InvalidArgument | None:
    """Give the `InvalidArgument` of the first thing about `policy` that makes no sense; None for a good one."""
    if not isinstance(policy, WaitPolicy):
        return refused("policy", policy, "a WaitPolicy")
    if policy.at_deadline not in ("give_up", "cancel"):
        return refused("at_deadline", policy.at_deadline, "'give_up' or 'cancel'")
    return (
        check_seconds("deadline", policy.deadline)
        or check_seconds("initial_delay", policy.initial_delay, least=LEAST_DELAY)
        or check_between("factor", policy.factor, 1, LONGEST)
        or check_seconds("max_delay", policy.max_delay, least=LEAST_DELAY)
        or check_between("jitter", policy.jitter, 0, 1)
        or check_seconds("grace", policy.grace)
    )


class Watch(Struct, frozen=True, kw_only=True, tag=True):
    """Where a wait stands, after `polls` looks.

    All times are seconds since the run began. `delay` is how long the next wait is, `at` when the last look was over
    and `last` what was seen last; a row of 404s began at `missing_since`, and the response has been cancelled since
    `cancelled_since`.
    """

    response_id: str
    look: Operation[Response]
    policy: WaitPolicy
    settle: float
    delay: float
    started: float = 0.0
    at: float = 0.0
    polls: int = 0
    last: Response | None = None
    missing_since: float | None = None
    cancelled_since: float | None = None

    @property
    def found(self) -> Response | None:
        """What the last look found; None where that was a 404."""
        return self.last if self.missing_since is None else None

    @property
    def deadline(self) -> float:
        """When the wait ends at the latest."""
        return self.started + self.policy.deadline

    @property
    def settled(self) -> float:
        """When a response that stays cancelled counts as ended; the deadline, where it is not cancelled."""
        if self.cancelled_since is None:
            return self.deadline
        return min(self.deadline, self.cancelled_since + self.settle)

    def __repr__(self) -> str:
        """What stands here, without the body of the response that was seen last."""
        last = "nothing" if self.last is None else repr(self.last.status)
        since = "".join(
            f", {name}={value!r}"
            for name, value in (("missing_since", self.missing_since), ("cancelled_since", self.cancelled_since))
            if value is not None
        )
        return (
            f"Watch({self.response_id!r}, {self.policy!r}, settle={self.settle!r}, delay={self.delay!r}, "
            f"started={self.started!r}, at={self.at!r}, polls={self.polls}, last={last}{since})"
        )


class Ended(Struct, frozen=True, tag=True):
    """A wait that is over, and what it gives."""

    response: Response


Progress: TypeAlias = Watch | Ended
"""What a look leads to, where it does not fail the wait."""


def _begin(response_id: str, policy: WaitPolicy, include: Sequence[str] | None, settle: float) -> Operation[Progress]:
    """Look for the first time, at once."""
    invalid = (
        check_id("response_id", response_id)
        or check_wait_policy(policy)
        or check_include("include", include)
        or check_seconds("settle", settle)
    )
    if invalid is not None:
        return fail(invalid)
    look = retrieve_response(response_id, include=include)
    delay = min(policy.initial_delay, policy.max_delay)
    return elapsed().bind(Start(Watch(response_id=response_id, look=look, policy=policy, settle=settle, delay=delay)))


def _look_again(watch: Watch) -> Operation[Progress]:
    """Look once more, after the delay that is due; or do what the policy says where the deadline has come."""
    policy = watch.policy
    ahead = watch.deadline - watch.at
    if ahead < LEAST_DELAY:
        if policy.at_deadline == "cancel":
            return cancel_or_find_ended(watch.response_id, watch.look).map(End())
        return fail(WaitExpired(elapsed=watch.at - watch.started, polls=watch.polls, last=watch.last))
    settling = watch.settled - watch.at
    if settling >= LEAST_DELAY:
        ahead = settling
    following = Look(structs.replace(watch, delay=min(watch.delay * policy.factor, policy.max_delay)))
    if ahead <= watch.delay:
        return Wait(ahead, 0.0, following)
    least = max(watch.delay * (1 - policy.jitter), LEAST_DELAY)
    return Wait(least, watch.delay - least, following)


class Start(Struct, frozen=True, tag=True):
    """Looks for the first time, at the time from which the deadline counts."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Progress]:
        return self.watch.look.then(Note(structs.replace(self.watch, started=elapsed)))


class Look(Struct, frozen=True, tag=True):
    """Looks, once the wait before it is over."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Progress]:
        return self.watch.look.then(Note(self.watch))


class Note(Struct, frozen=True, tag=True):
    """Receives what a look found, and asks what time it is by then: a request takes time too."""

    watch: Watch

    def __call__(self, found: Result[Response, Error]) -> Operation[Progress]:
        return elapsed().bind(Judge(self.watch, found))


class Judge(Struct, frozen=True, tag=True):
    """Says where the wait stands, from what was found and the time."""

    watch: Watch
    found: Result[Response, Error]

    def __call__(self, elapsed: float) -> Operation[Progress]:
        watch = structs.replace(self.watch, at=elapsed, polls=self.watch.polls + 1)
        if not isinstance(self.found, Failure):
            return succeed(_seen(watch, self.found.unwrap()))
        error = self.found.failure()
        since = elapsed if watch.missing_since is None else watch.missing_since
        missing = isinstance(error, ApiError) and error.status == 404 and not error.no_such_route
        if not missing or elapsed - since >= watch.policy.grace:
            return fail(error)
        return succeed(structs.replace(watch, missing_since=since))


def _seen(watch: Watch, response: Response) -> Progress:
    since = None
    if response.status == "cancelled":
        since = watch.at if watch.cancelled_since is None else watch.cancelled_since
    watch = structs.replace(watch, last=response, missing_since=None, cancelled_since=since)
    pending = not has_ended(response) or (since is not None and watch.settled - watch.at >= LEAST_DELAY)
    return watch if pending else Ended(response)


class End(Struct, frozen=True, tag=True):
    """Takes what a cancellation gave for the end, whatever it is."""

    def __call__(self, response: Response) -> Progress:
        return Ended(response)


class UntilEnded(Struct, frozen=True, tag=True):
    """Looks again and again, and gives the response that has ended."""

    def __call__(self, progress: Progress) -> Operation[Response]:
        if isinstance(progress, Ended):
            return succeed(progress.response)
        return _look_again(progress).bind(self)


class EmitFound(Struct, frozen=True, tag=True):
    """Looks again and again, and gives what each look finds."""

    def __call__(self, result: Result[Progress, Error]) -> Stream[Response]:
        if isinstance(result, Failure):
            return Done(result)
        progress = result.unwrap()
        if isinstance(progress, Ended):
            return Emit((progress.response,), END)
        rest: Stream[Response] = Perform(_look_again(progress), self)
        return rest if progress.found is None else Emit((progress.found,), rest)
