"""How far a wait for a response is, and how one poll takes it further.

Law: a wait ends by its deadline, and by what its last poll, or the cancellation at the deadline, may take: together
`last_poll` seconds at most, under `retrying` too, where the transport carries out `HttpRequest.total`. No two polls are
nearer to each other than `LEAST_DELAY`. Every error has the id of the response.

Times are seconds since the run began. The core has no clock: a step that has to know the time asks for it by a `Wait`.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ...codecs.decoders import decode_response
from ...codecs.types.response import Response
from ..delays import LEAST_DELAY, LONGEST, limited
from ..endpoints.answers import receive
from ..endpoints.responses import ReceiveResponse
from ..errors import ApiError, Error, Interrupted, NotSent, WaitExpired, about_response
from ..http import HttpRequest
from ..retry_hints import poll_after
from ..steps import Answer, Operation, Send, Wait, fail, succeed
from .cancellation import cancel_in_time, has_ended
from .wait_policy import WaitPolicy, least_poll, longest_delay


class Watch(Struct, frozen=True, kw_only=True, tag=True):
    """How far a wait is, after `polls` polls, of which `not_found` were answered with 404.

    `request` is what a poll asks. `delay` is how long the next wait would be, `hint` how long the server would have it.
    The last poll was over `at`, and has to be `until`; of one that is under way, `at` is when it was sent. `last` is
    what was seen last. A row of 404s began at `missing_since`, and the response has been cancelled since
    `cancelled_since`.
    """

    response_id: str
    request: HttpRequest
    policy: WaitPolicy
    settle: float
    delay: float
    hint: float | None = None
    started: float = 0.0
    at: float = 0.0
    until: float = 0.0
    polls: int = 0
    not_found: int = 0
    last: Response | None = None
    missing_since: float | None = None
    cancelled_since: float | None = None

    @property
    def found(self) -> Response | None:
        """What the last poll found; None where that was a 404."""
        return self.last if self.missing_since is None else None

    @property
    def deadline(self) -> float:
        """When the wait ends at the latest, but for what its last poll may take."""
        return self.started + self.policy.deadline

    @property
    def settled(self) -> float:
        """When a response that stays cancelled counts as ended; the deadline, where it is not cancelled."""
        if self.cancelled_since is None:
            return self.deadline
        return min(self.deadline, self.cancelled_since + self.settle)

    def __repr__(self) -> str:
        """All of it, but for the body of the response that was seen last."""
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
    """A wait that is over, and the response that it returns."""

    response: Response


Progress: TypeAlias = Watch | Ended
"""What a poll leads to, where it does not fail the wait."""


def poll_again(watch: Watch) -> Operation[Progress]:
    """Poll once more, after the delay that is due; or do what the policy says where the deadline is reached."""
    policy = watch.policy
    ahead = watch.deadline - watch.at
    if ahead < LEAST_DELAY:
        return _at_deadline(watch) if watch.polls else _poll(watch, watch.at)
    settling = watch.settled - watch.at
    if settling >= LEAST_DELAY:
        ahead = settling
    delay = min(watch.delay, longest_delay(policy, watch.at - watch.started))
    following = Poll(structs.replace(watch, delay=delay * policy.factor))
    if watch.hint is not None:
        return Wait(min(max(watch.hint, LEAST_DELAY), ahead), 0.0, following)
    if ahead <= delay:
        return Wait(ahead, 0.0, following)
    least = max(delay * (1 - policy.jitter), LEAST_DELAY)
    return Wait(least, delay - least, following)


def _poll(watch: Watch, now: float) -> Operation[Progress]:
    total = max(watch.deadline - now, least_poll(watch.policy))
    return limited(Send(watch.request, ReceivePoll(structs.replace(watch, at=now, until=now + total))), total)


def _at_deadline(watch: Watch) -> Operation[Progress]:
    policy = watch.policy
    if watch.cancelled_since is not None and watch.last is not None:
        return succeed(Ended(watch.last))  # the last poll did not tell whether it stays so
    if policy.at_deadline == "cancel":
        until = max(watch.deadline + policy.last_poll, watch.at + least_poll(policy))
        return cancel_in_time(watch.response_id, _retrieval(watch), watch.at, until).map(TakeForEnd())
    return fail(
        WaitExpired(
            elapsed=watch.at - watch.started,
            polls=watch.polls,
            last=watch.last,
            response_id=watch.response_id,
            not_found=watch.not_found,
        )
    )


def _retrieval(watch: Watch) -> Operation[Response]:
    return Send(watch.request, ReceiveResponse())


class Start(Struct, frozen=True, tag=True):
    """Polls for the first time, at the time from which the deadline counts; or waits, where the response is there."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Progress]:
        watch = structs.replace(self.watch, started=elapsed, at=elapsed)
        if watch.last is None:
            return _poll(watch, elapsed)
        progress = _seen(watch, watch.last, elapsed)
        return poll_again(progress) if isinstance(progress, Watch) else succeed(progress)


class CancelFirst(Struct, frozen=True, tag=True):
    """Cancels the response, at the time from which the deadline counts. The response to that counts as a poll."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Progress]:
        watch = structs.replace(self.watch, started=elapsed, at=elapsed)
        until = elapsed + max(watch.policy.deadline, least_poll(watch.policy))
        return cancel_in_time(watch.response_id, _retrieval(watch), elapsed, until).bind(ReceiveCancellation(watch))


class ReceiveCancellation(Struct, frozen=True, tag=True):
    """Receives the response to a cancellation, and asks what time it is by then."""

    watch: Watch

    def __call__(self, response: Response) -> Operation[Progress]:
        return Wait(0.0, 0.0, Judge(self.watch, Success(response)))


class Poll(Struct, frozen=True, tag=True):
    """Polls, once the wait before it is over."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Progress]:
        return _poll(self.watch, elapsed)


class ReceivePoll(Struct, frozen=True, tag=True):
    """Receives the answer to a poll, and asks what time it is by then: a request takes time too."""

    watch: Watch

    def __call__(self, answer: Answer) -> Operation[Progress]:
        hint = None if isinstance(answer, Failure) else poll_after(answer.unwrap().headers)
        if hint is not None:
            hint = min(hint, LONGEST)
        return Wait(0.0, 0.0, Judge(self.watch, receive(answer, decode_response), hint))


class Judge(Struct, frozen=True, tag=True):
    """Judges how far the wait is, from what was found, what the server asks for, and the time.

    What was found may be as old as the request for it: an answer that takes long says nothing of the time it took.
    """

    watch: Watch
    found: Result[Response, Error]
    hint: float | None = None

    def __call__(self, elapsed: float) -> Operation[Progress]:
        watch = structs.replace(self.watch, at=elapsed, polls=self.watch.polls + 1, hint=None)
        if not isinstance(self.found, Failure):
            return succeed(_seen(structs.replace(watch, hint=self.hint), self.found.unwrap(), self.watch.at))
        error = self.found.failure()
        if isinstance(error, ApiError) and error.status == 404 and not error.no_such_route:
            since = elapsed if watch.missing_since is None else watch.missing_since
            if max(self.watch.at - since, 0.0) < watch.policy.grace:
                return succeed(structs.replace(watch, missing_since=since, not_found=watch.not_found + 1))
        elif isinstance(error, Interrupted | NotSent) and elapsed > watch.until - LEAST_DELAY:
            return _at_deadline(watch)  # it was given all the time that there was, and used it up
        return fail(about_response(error, watch.response_id))


def _seen(watch: Watch, response: Response, asked: float) -> Progress:
    since = None
    pending = not has_ended(response)
    if response.status == "cancelled":
        since = watch.at if watch.cancelled_since is None else watch.cancelled_since
        pending = min(watch.settle - max(asked - since, 0.0), watch.deadline - watch.at) >= LEAST_DELAY
    watch = structs.replace(watch, last=response, missing_since=None, cancelled_since=since)
    return watch if pending else Ended(response)


class TakeForEnd(Struct, frozen=True, tag=True):
    """Takes the response to a cancellation for the end, whatever it is."""

    def __call__(self, response: Response) -> Progress:
        return Ended(response)
