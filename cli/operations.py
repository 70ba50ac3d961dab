"""The operations that only the command line has, made of the library's."""

from __future__ import annotations

from msgspec import Struct, structs

from ..codecs import DeletedResponse, Kept
from ..core import ApiError, Error, Operation, RetryPolicy, delete_response, fail, retrying, succeed


def deletion(response_id: str, policy: RetryPolicy) -> Operation[DeletedResponse]:
    """Delete a response, also where an attempt that was cut off had done so already."""
    return retrying(delete_response(response_id), policy).lash(Gone(response_id))


class Gone(Struct, frozen=True, tag=True):
    """Takes a 404 after an interrupted attempt for what it is: the response is gone, as was asked.

    The acknowledgement that the interruption swallowed is made up; `after_interruption` in it says so.
    """

    response_id: str

    def __call__(self, error: Error) -> Operation[DeletedResponse]:
        match error:
            case ApiError(status=404, after_interruption=True, no_such_route=False):
                gone = DeletedResponse(id=self.response_id, deleted=True)
                return succeed(structs.replace(gone, unknown_fields=Kept({"after_interruption": True})))
            case _:
                return fail(error)
