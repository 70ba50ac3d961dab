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
from ..errors import ApiError, Error, Interrupted, about_response
from ..steps import Done, Operation


class ErasureReceipt(Struct, frozen=True):
    """That a response was deleted.

    `deleted` is the acknowledgement, and `absence` the 404 by which it is not there any more.
    """

    deleted: DeletedResponse
    absence: ApiError


def erase_response(response_id: str, **options: Unpack[RequestOptions]) -> Operation[ErasureReceipt]:
    """Delete a response, then ask for it: only the service's own 404 for it makes the receipt.

    Args:
        response_id: The id of the response.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `delete_response`, such as 404 where nothing was there to be deleted. Those that follow the
    acknowledgement have the `response_id`, and `may_have_acted`: those of `retrieve_response` that say so themselves,
    an `Interrupted` in place of any other, and a `DecodeError` for a response that is still there, as the
    acknowledgement was not true, or not yet. A 404 or 405 of a route that is missing proves nothing, and is an error as
    it is (`no_such_route`).
    https://platform.openai.com/docs/api-reference/responses/delete

    >>> erase_response("resp_1").request.method
    'DELETE'
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
        if not isinstance(error, ApiError) or not error.no_such_route:
            if isinstance(error, ApiError) and error.status == 404:
                return Done(Success(ErasureReceipt(self.deleted, error)))
            if not error.may_have_acted:
                error = Interrupted("status", f"the deletion was acknowledged; then {error}")
        return Done(Failure(about_response(error, self.response_id)))


show_options(erase_response)
