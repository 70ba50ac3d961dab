"""Creating a response, and following it: tasks that know how far they are when they are interrupted.

Law: a response that failed is a failure, in whichever way that is heard of; and how to go on with one is always told.
"""

from __future__ import annotations

from typing import Any

from ...codecs import Response
from ...codecs.lossless.sent import sent_flag
from ...core import ApiError, Operation, RetryPolicy, Stream, WaitPolicy, is_failure, retrying, wait_for_response
from ...core.programs.cancellation import has_ended
from ...core.programs.event_facts import background_of, is_end, response_id_of, sequence_number
from ...transports import Clock, Transport, iterate, run
from ..tasks import Events, Failed, Notice, Values


class Create:
    """Creates a response; with a policy `wait`, waits for its end. `tells` says whether people are told of it."""

    def __init__(
        self, creation: Operation[Response], *, wait: WaitPolicy | None, retries: RetryPolicy, tells: bool
    ) -> None:
        self._creation = creation
        self._wait = wait
        self._retries = retries
        self._tells = tells
        self._created: Response | None = None

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        result = run(self._creation, transport, clock=clock)
        if is_failure(result):
            yield Failed(None, result.failure())
            return
        self._created = response = result.unwrap()
        if self._wait is not None:
            waiting = retrying(wait_for_response(response, self._wait), self._retries)
            waited = run(waiting, transport, clock=clock)
            if is_failure(waited):
                yield Failed(response.id, waited.failure())
                return
            response = waited.unwrap()
        yield Values((response,))
        yield from _told(response, self._tells)

    def onward(self) -> str | None:
        """How to go on after an interruption; None where nothing is known of a response."""
        return None if self._created is None else f"{self._created.id} goes on: puresponse wait {self._created.id}"


class Follow:
    """Emits the events of a stream. `tells` says whether people are told of the response."""

    def __init__(
        self, stream: Stream[Any], response_id: str | None = None, after: int | None = None, *, tells: bool
    ) -> None:
        self._stream = stream
        self._response_id = response_id
        self._after = after
        self._tells = tells
        self._background = response_id is not None

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        for event in iterate(self._stream, transport, clock=clock, results=True):
            if is_failure(event):
                yield Failed(self._response_id, event.failure())
                return
            self._note(event)
            yield Values((event,))
            response = getattr(event, "response", None)
            if is_end(event) and isinstance(response, Response):
                yield from _told(response, self._tells)

    def onward(self) -> str | None:
        """How to go on after an interruption; None where nothing is known of a response."""
        if self._response_id is None:
            return None
        if not self._background:
            return f"{self._response_id} was made without --background: its events cannot be gone on with"
        after = "" if self._after is None else f" --after {self._after}"
        return f"go on with: puresponse stream --from {self._response_id}{after}"

    def _note(self, event: Any) -> None:
        self._response_id = response_id_of(event) or self._response_id
        self._background = self._background or background_of(event)
        number = sequence_number(event)
        self._after = self._after if number is None else number


def _told(response: Response, tells: bool) -> Events:
    """What there is to know of a response beside its text: that it failed, and else, for people, how to go on."""
    if response.status == "failed":
        code, message = (getattr(response.error, name, None) for name in ("code", "message"))
        # As of an error that the service sends in a stream: the status is that of the answer it is in.
        yield Failed(
            response.id,
            ApiError(status=200, code=code, message=message, response_id=response.id, response=response),
        )
    elif tells:
        yield Notice(told_of(response))


def told_of(response: Response) -> str:
    """How a response is, and how to go on with it."""
    if not has_ended(response):
        return f"{response.id} is {response.status}: puresponse wait {response.id}"
    reason = getattr(response.incomplete_details, "reason", None)
    if reason:
        return f"{response.id} is {response.status}: {reason}"
    kept = sent_flag(response, "store") is not False
    return f"{response.id} is {response.status}" + (f"; go on with --previous {response.id}" if kept else "")
