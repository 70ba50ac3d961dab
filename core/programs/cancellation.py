"""When a response has ended, and what that means for whoever would cancel it.

Law: cancelling what has ended already is no failure, however the server answers. Some answer with the final response,
others refuse with 400 or 409; both return the final response here. A refusal for any other reason stays one.
"""

from __future__ import annotations

from msgspec import Struct

from ...codecs.types.response import Response
from ..delays import LEAST_DELAY, elapsed, limited
from ..endpoints.responses import cancel_response
from ..errors import ApiError, Error, about_response
from ..steps import Operation, fail, succeed

ENDED = frozenset({"completed", "failed", "incomplete", "cancelled"})
"""The statuses after which nothing more is done for a response."""

_TOO_LATE = (400, 409)


def has_ended(response: Response) -> bool:
    """Tell whether `response` is completed, failed, incomplete or cancelled.

    Any other status counts as pending: also one that this version of the library does not know, and one that is absent
    or no text. A wait for such a response ends by its deadline, and `WaitExpired.last` has what was sent.

    >>> from puresponse.codecs import Response
    >>> has_ended(Response(id="resp_1", created_at=1, status="queued", model="gpt-5", output=()))
    False
    """
    return response.status in ENDED


def cancel_or_find_ended(response_id: str, poll: Operation[Response]) -> Operation[Response]:
    """Cancel the response; where that is refused, return what `poll` finds, if that has ended.

    Errors: those of `cancel_response`, and of `poll`; they have the `response_id`.
    """
    return cancel_response(response_id).lash(PollIfTooLate(poll)).alt(AboutResponse(response_id))


def cancel_in_time(response_id: str, poll: Operation[Response], now: float, until: float) -> Operation[Response]:
    """Do what `cancel_or_find_ended` does, from `now` `until` then and no longer.

    Both are seconds since the run began. Where no time is left for the poll, the refusal is the error.
    """
    cancellation = limited(cancel_response(response_id), until - now)
    return cancellation.lash(PollIfTooLate(poll, until)).alt(AboutResponse(response_id))


class PollIfTooLate(Struct, frozen=True, tag=True):
    """Polls, where a cancellation was refused as it is for a response that has ended.

    `until` is by when the poll must be over, in seconds since the run began; None sets no limit.
    """

    poll: Operation[Response]
    until: float | None = None

    def __call__(self, error: Error) -> Operation[Response]:
        if not isinstance(error, ApiError) or error.status not in _TOO_LATE:
            return fail(error)
        if self.until is None:
            return self.poll.bind(EndedOr(error))
        return elapsed().bind(PollInTime(self.poll, error, self.until))


class PollInTime(Struct, frozen=True, tag=True):
    """Polls what could not be cancelled, if time is left for that."""

    poll: Operation[Response]
    refusal: ApiError
    until: float

    def __call__(self, elapsed: float) -> Operation[Response]:
        left = self.until - elapsed
        if left < LEAST_DELAY:
            return fail(self.refusal)
        return limited(self.poll, left).bind(EndedOr(self.refusal))


class EndedOr(Struct, frozen=True, tag=True):
    """Returns a response that has ended; for any other it was right to refuse."""

    refusal: ApiError

    def __call__(self, response: Response) -> Operation[Response]:
        return succeed(response) if has_ended(response) else fail(self.refusal)


class AboutResponse(Struct, frozen=True, tag=True):
    """Says in an error which response it is about."""

    response_id: str

    def __call__(self, error: Error) -> Error:
        return about_response(error, self.response_id)
