"""Deletion with proof: what the server acknowledged, and its own word afterwards that nothing is there."""

from __future__ import annotations

from typing import Unpack

from msgspec import Struct
from returns.result import Failure, Result, Success

from ...codecs.lossless.errors import DecodeError
from ...codecs.types.response import DeletedResponse, Response
from ..combinators.additions import RequestOptions
from ..combinators.configuring import with_options
from ..endpoints.keywords import show_options
from ..endpoints.responses import delete_response, retrieve_response
from ..errors import ApiError, Error
from ..steps import Done, Operation


class ErasureReceipt(Struct, frozen=True):
    """That a response was deleted: the acknowledgement, and the 404 by which it is not there any more."""

    deleted: DeletedResponse
    absence: ApiError


def erase_response(response_id: str, **options: Unpack[RequestOptions]) -> Operation[ErasureReceipt]:
    """Delete a response, then ask for it: only the service's own 404 for it makes the receipt.

    Args:
        response_id: The id of the response.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `delete_response`, such as 404 where nothing was there to be deleted, and of `retrieve_response`. A
    404 or 405 of a route that is missing proves nothing, and is an error (`no_such_route`). So is a response that is
    still there: a `DecodeError`, with `may_have_acted`, for the acknowledgement was not true, or not yet.
    https://platform.openai.com/docs/api-reference/responses/delete
    """
    return with_options(delete_response(response_id).bind(AskAgain(response_id)), options, erase_response)


class AskAgain(Struct, frozen=True, tag=True):
    """Goes on to ask for a response whose deletion was acknowledged."""

    response_id: str

    def __call__(self, deleted: DeletedResponse) -> Operation[ErasureReceipt]:
        return retrieve_response(self.response_id).then(ProveAbsence(self.response_id, deleted))


class ProveAbsence(Struct, frozen=True, tag=True):
    """Receives what is there of a response that was deleted: nothing, as its 404 says."""

    response_id: str
    deleted: DeletedResponse

    def __call__(self, found: Result[Response, Error]) -> Operation[ErasureReceipt]:
        if not isinstance(found, Failure):
            reason = "the server acknowledged the deletion, and still has the response"
            return Done(Failure(DecodeError(path="$", reason=reason, status=200, response_id=self.response_id)))
        error = found.failure()
        if isinstance(error, ApiError) and error.status == 404 and not error.no_such_route:
            return Done(Success(ErasureReceipt(self.deleted, error)))
        return Done(found)


show_options(erase_response)
