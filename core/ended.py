"""When a response has come to its end, and what that means for whoever would cancel it.

Law: cancelling what has ended already is no failure, however the server puts it. Some answer with the final response,
others refuse with 400 or 409; both give the final response here. A refusal for any other reason stays one.
"""

from __future__ import annotations

from msgspec import Struct

from ..codecs.response import Response
from .errors import ApiError, Error
from .responses import cancel_response
from .steps import Operation, fail, succeed

ENDED = frozenset({"completed", "failed", "incomplete", "cancelled"})
"""The statuses after which nothing more is done for a response."""

_TOO_LATE = (400, 409)


def has_ended(response: Response) -> bool:
    """Tell whether `response` is completed, failed, incomplete or cancelled.

    Any other status counts as pending, also one that this version of the library does not know.
    """
    return response.status in ENDED


def cancel_or_find_ended(response_id: str, look: Operation[Response]) -> Operation[Response]:
    """Cancel the response; where that is refused, give what `look` finds, if that has ended.

    Errors: those of `cancel_response`, and of `look`.
    """
    return cancel_response(response_id).lash(LookIfTooLate(look))


class LookIfTooLate(Struct, frozen=True, tag=True):
    """Looks, where a cancellation was refused as it is for a response that has ended."""

    look: Operation[Response]

    def __call__(self, error: Error) -> Operation[Response]:
        if isinstance(error, ApiError) and error.status in _TOO_LATE:
            return self.look.bind(EndedOr(error))
        return fail(error)


class EndedOr(Struct, frozen=True, tag=True):
    """Gives a response that has ended; for any other it was right to refuse."""

    refusal: ApiError

    def __call__(self, response: Response) -> Operation[Response]:
        return succeed(response) if has_ended(response) else fail(self.refusal)
