"""Waiting for a response to end, by polling it again and again.

Law: a wait ends. It polls at once (what was received a moment ago, after a first wait), then less and less often, and
for the last time at its deadline: it is over `deadline + last_poll` seconds after it began, whatever the server says.

What a request meets by the way is not judged here: `retrying(wait_for_response(…))` repeats what is worth repeating,
within the same time, and without it the first fault ends the wait. The two exceptions are 404, which the service is
known to answer for a while for a response that is there, and a poll that took all the time that was left: then the wait
has expired.

A `Watch` is how far a wait is, and `poll_again` takes it one poll further (`polling.py`). `wait_for_response`
repeats that to the end, and `watch_response` emits what each poll finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from msgspec import Struct
from returns.result import Failure, Result

from ...codecs.types.response import Response
from ..arguments import check_id, check_include, invalid_argument
from ..combinators.additions import RequestOptions
from ..combinators.configuring import with_options
from ..delays import LEAST_DELAY, check_seconds
from ..endpoints.keywords import show_options
from ..endpoints.responses import retrieve_response
from ..errors import Error, InvalidArgument
from ..steps import Operation, Send, Wait, fail, succeed
from ..streams import END, Emit, Perform, Stream, break_off
from .cancellation import has_ended
from .polling import CancelFirst, Ended, Progress, Start, TakeForEnd, Watch, poll_again
from .wait_policy import WaitPolicy, check_wait_policy


def wait_for_response(
    response: str | Response,
    policy: WaitPolicy,
    *,
    include: Sequence[str] | None = None,
    settle: float = 0.0,
    **options: Unpack[RequestOptions],
) -> Operation[Response]:
    """Wait until a response is completed, failed, incomplete or cancelled, and return it.

    Args:
        response: The response, or its id. One that has ended is returned as it is, and nothing is sent; one that runs
            is polled after a first wait; an id is polled at once.
        policy: How long to wait, and how often to poll.
        include: What to add to the response, as for `retrieve_response`.
        settle: Seconds for which a response must have been `cancelled` before that counts, 0 to 1e9: it can still
            become completed. The deadline overrides it: a response that is cancelled by then is returned as cancelled.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors, which have the `response_id`: `WaitExpired`, with the response as it was seen last, when the deadline is
    reached and the policy is to give up; `ApiError` 404 that has lasted longer than the policy's `grace`; any other
    error of `retrieve_response`, at once; those of `cancel_response`, where the policy is to cancel. `InvalidArgument`,
    before anything is sent.
    https://platform.openai.com/docs/guides/background

    >>> from puresponse.core import WaitPolicy
    >>> wait_for_response("resp_1", WaitPolicy(deadline=600)).resume(0.0).request.path
    '/responses/resp_1'
    """
    wait = _begin(response, policy, include, settle).bind(UntilEnded())
    return with_options(wait, options, wait_for_response)


def watch_response(
    response: str | Response,
    policy: WaitPolicy,
    *,
    include: Sequence[str] | None = None,
    settle: float = 0.0,
    **options: Unpack[RequestOptions],
) -> Stream[Response]:
    """Emit a response as each poll finds it, until it has ended: `wait_for_response` with its progress.

    The arguments are those of `wait_for_response`.

    A poll that finds the response as it was before emits it again, and one that is answered with 404 emits nothing. The
    last value is what `wait_for_response` returns, also where that is the `response` that was passed, which is not
    emitted otherwise; where that would fail, the stream ends with the same failure.

    Errors: those of `wait_for_response`.
    https://platform.openai.com/docs/guides/background

    >>> from puresponse.core import WaitPolicy
    >>> watch_response("resp_1", WaitPolicy(deadline=600)).operation.resume(0.0).request.path
    '/responses/resp_1'
    """
    watch: Stream[Response] = Perform(_begin(response, policy, include, settle), EmitFound())
    return with_options(watch, options, watch_response)


def cancel_and_poll(response: str | Response, policy: WaitPolicy, settle: float) -> Operation[Response]:
    """Wait as `wait_for_response` does, but cancel the response first. The deadline counts from before that."""
    return _begin(response, policy, None, settle, cancels=True).bind(UntilEnded())


def _begin(
    response: str | Response,
    policy: WaitPolicy,
    include: Sequence[str] | None,
    settle: float,
    *,
    cancels: bool = False,
) -> Operation[Progress]:
    """Poll or cancel for the first time, unless the status of the response that is there is enough."""
    given = response if isinstance(response, Response) else None
    response_id = response.id if isinstance(response, Response) else response
    invalid = (
        _check_response(response_id)
        or check_wait_policy(policy)
        or check_include("include", include)
        or check_seconds("settle", settle)
    )
    if invalid is not None:
        return fail(invalid)
    poll = retrieve_response(response_id, include=include)
    if not isinstance(poll, Send):
        return poll.map(TakeForEnd())
    cancelled = given is not None and given.status == "cancelled"
    if given is not None and has_ended(given) and not (cancelled and settle >= LEAST_DELAY):
        return succeed(Ended(given))
    watch = Watch(
        response_id=response_id,
        request=poll.request,
        policy=policy,
        settle=settle,
        delay=policy.initial_delay,
        last=given,
    )
    return Wait(0.0, 0.0, CancelFirst(watch) if cancels and not cancelled else Start(watch))


def _check_response(response_id: Any) -> InvalidArgument | None:
    if check_id("response", response_id) is None:
        return None
    return invalid_argument("response", response_id, "a Response, or its id: a non-empty string without slashes")


class UntilEnded(Struct, frozen=True, tag=True):
    """Polls again and again, and returns the response that has ended."""

    def __call__(self, progress: Progress) -> Operation[Response]:
        if isinstance(progress, Ended):
            return succeed(progress.response)
        return poll_again(progress).bind(self)


class EmitFound(Struct, frozen=True, tag=True):
    """Polls again and again, and emits what each poll finds."""

    def __call__(self, result: Result[Progress, Error]) -> Stream[Response]:
        if isinstance(result, Failure):
            return break_off(result.failure())
        progress = result.unwrap()
        if isinstance(progress, Ended):
            return Emit((progress.response,), END)
        rest: Stream[Response] = Perform(poll_again(progress), self)
        return rest if progress.found is None else Emit((progress.found,), rest)


show_options(wait_for_response, watch_response)
