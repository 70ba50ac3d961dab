"""Creating a response, and following it: tasks that know how far they are when they are interrupted.

Law: a task says what becomes of a response, and how to go on with it, whichever way it ends.
"""

from __future__ import annotations

from typing import Any

from ...codecs import Response
from ...codecs.lossless.sent import sent_flag
from ...core import Operation, RetryPolicy, Stream, WaitPolicy, is_failure, retrying, wait_for_response
from ...core.programs.event_facts import background_of, response_id_of, sequence_number
from ...transports import Clock, Transport, iterate, run
from ..tasks import Events, Failed, Notice, Values

_ENDED = frozenset({"completed", "incomplete", "failed", "cancelled"})


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
        if self._tells:
            yield Notice(told_of(response))

    def onward(self) -> str | None:
        """How to go on after an interruption; None where nothing is known of a response."""
        return None if self._created is None else f"{self._created.id} goes on: puresponse retrieve {self._created.id}"


class Follow:
    """Emits the events of a stream."""

    def __init__(self, stream: Stream[Any], response_id: str | None = None, after: int | None = None) -> None:
        self._stream = stream
        self._response_id = response_id
        self._after = after
        self._background = response_id is not None

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        for event in iterate(self._stream, transport, clock=clock, results=True):
            if is_failure(event):
                yield Failed(self._response_id, event.failure())
                return
            self._note(event)
            yield Values((event,))

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


def told_of(response: Response) -> str:
    """What there is to know of a response beside its text."""
    status = response.status if isinstance(response.status, str) else "of no known status"
    if status not in _ENDED:
        return f"{response.id} is {status}: puresponse retrieve {response.id}"
    reason = _reason(response)
    if reason:
        return f"{response.id} is {status}: {reason}"
    kept = sent_flag(response, "store") is not False
    return f"{response.id} is {status}" + (f"; go on with --previous {response.id}" if kept else "")


def _reason(response: Response) -> str | None:
    error, details = getattr(response.error, "message", None), getattr(response.incomplete_details, "reason", None)
    told = error or details
    return told if isinstance(told, str) else None
