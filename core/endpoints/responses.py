"""The operations on stored responses, named and defaulted as in the API reference.

https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from msgspec import Struct
from returns.result import Result

from ...codecs.decoders import decode_deleted_response, decode_response
from ...codecs.lossless.errors import DecodeError
from ...codecs.on_demand import public_type
from ..arguments import check_id, check_include, response_path
from ..combinators.additions import RequestOptions
from ..http import HttpRequest
from ..steps import Answer, Done, Operation, Send
from .answers import receive
from .deletions import read_acknowledgement
from .keywords import show_options
from .request_options import ExtraBody, exchange, include_query, json_request

if TYPE_CHECKING:
    from ...codecs.types.response import DeletedResponse, Response
else:
    DeletedResponse = public_type("DeletedResponse")
    Response = public_type("Response")


def retrieve_response(
    response_id: str,
    *,
    include: Sequence[str] | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[Response]:
    """Retrieve a stored response.

    Args:
        response_id: The id of the response.
        include: What to add to the answer, such as `reasoning.encrypted_content`.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown, deleted or was never
    stored.
    https://platform.openai.com/docs/api-reference/responses/get

    >>> retrieve_response("resp_1", include=["reasoning.encrypted_content"]).request.query
    (('include[]', 'reasoning.encrypted_content'),)
    """
    request = (
        check_id("response_id", response_id)
        or check_include("include", include)
        or HttpRequest("GET", response_path(response_id), include_query(include), idempotent=True)
    )
    if isinstance(request, HttpRequest) and not options:
        return Send(request, ReceiveResponse())
    return exchange(request, ReceiveResponse(), options, retrieve_response)


def delete_response(response_id: str, **options: Unpack[RequestOptions]) -> Operation[DeletedResponse]:
    """Delete a stored response, permanently.

    Args:
        response_id: The id of the response.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown or already deleted
    (`after_interruption` is whether an earlier attempt of this very operation may have deleted it, and `no_such_route`
    whether the 404 is about the response at all); 400 for one that is still running, on some servers. `DecodeError`,
    with `may_have_acted`, for a 2xx whose body is neither empty nor says `deleted: true`.
    https://platform.openai.com/docs/api-reference/responses/delete

    >>> delete_response("resp_1")
    Send(request=HttpRequest(method='DELETE', path='/responses/resp_1', idempotent=True), \
resume=ReceiveDeleted(response_id='resp_1'))
    """
    request = check_id("response_id", response_id) or HttpRequest("DELETE", response_path(response_id), idempotent=True)
    if isinstance(request, HttpRequest) and not options:
        return Send(request, ReceiveDeleted(response_id))
    return exchange(request, ReceiveDeleted(response_id), options, delete_response)


def cancel_response(
    response_id: str,
    *,
    extra_body: ExtraBody | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[Response]:
    """Cancel a response that was created with `background`, and return it as it then is.

    Cancelling twice does no more than cancelling once.

    Args:
        response_id: The id of the response.
        extra_body: Members of a JSON body, which is empty without.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an unknown id; 400 (409 on some servers) for a
    response that was made without `background` or that has already ended; other servers answer the latter with the
    final response.
    https://platform.openai.com/docs/api-reference/responses/cancel

    >>> cancel_response("resp_1").request
    HttpRequest(method='POST', path='/responses/resp_1/cancel', body=b'', idempotent=True)
    """
    request = check_id("response_id", response_id) or HttpRequest(
        "POST", response_path(response_id) + "/cancel", body=b"", idempotent=True
    )
    if extra_body is not None and isinstance(request, HttpRequest):
        request = json_request(request.path, {}, extra_body=extra_body, idempotent=True)
    if isinstance(request, HttpRequest) and not options:
        return Send(request, ReceiveResponse())
    return exchange(request, ReceiveResponse(), options, cancel_response)


class ReceiveResponse(Struct, frozen=True, tag=True):
    """Receives a response."""

    def __call__(self, answer: Answer) -> Operation[Response]:
        return Done(receive(answer, decode_response))


class ReceiveDeleted(Struct, frozen=True, tag=True):
    """Receives the acknowledgement of a deletion: an empty 2xx body, or one that says `deleted: true`."""

    response_id: str

    def __call__(self, answer: Answer) -> Operation[DeletedResponse]:
        return Done(receive(answer, self.decode))

    def decode(self, data: bytes) -> Result[DeletedResponse, DecodeError]:
        """Read the body of the acknowledgement."""
        return read_acknowledgement(data, self.response_id, decode_deleted_response)


show_options(retrieve_response, delete_response, cancel_response)
