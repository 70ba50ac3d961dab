"""The operations on stored responses, named and defaulted as in the API reference.

https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from returns.result import Result, Success

from ..codecs.errors import DecodeError
from ..codecs.items import InputItem
from ..codecs.response import (
    DeletedResponse,
    Response,
    decode_deleted_response,
    decode_input_items,
    decode_response,
)
from .arguments import check_cursor, check_id, check_include, check_limit, check_order, path_segment
from .errors import InvalidArgument
from .http import HttpRequest, Pairs
from .pages import Page, receive_page
from .receive import receive
from .steps import Answer, Done, Operation, Send, fail


def retrieve_response(response_id: str, *, include: Sequence[str] | None = None) -> Operation[Response]:
    """Retrieve a stored response.

    Args:
        response_id: The id of the response.
        include: What to add to the answer, such as `reasoning.encrypted_content`.

    Errors: `ApiError` 404 for an id that is unknown, deleted or was never stored.
    https://platform.openai.com/docs/api-reference/responses/get
    """
    invalid = check_id("response_id", response_id) or check_include("include", include)
    if invalid is not None:
        return fail(invalid)
    query = _include_pairs(include)
    return Send(HttpRequest("GET", _path(response_id), query, idempotent=True), ReceiveResponse())


def delete_response(response_id: str) -> Operation[DeletedResponse]:
    """Delete a stored response, for good.

    Errors: `ApiError` 404 for an id that is unknown or already deleted (`after_interruption` tells whether an earlier
    attempt of this very operation may have deleted it); 400 for one that is still running, on some servers.
    https://platform.openai.com/docs/api-reference/responses/delete

    >>> delete_response("resp_1")
    Send(request=HttpRequest(method='DELETE', path='/responses/resp_1', idempotent=True), \
resume=ReceiveDeleted(response_id='resp_1'))
    """
    invalid = check_id("response_id", response_id)
    if invalid is not None:
        return fail(invalid)
    return Send(HttpRequest("DELETE", _path(response_id), idempotent=True), ReceiveDeleted(response_id))


def cancel_response(response_id: str) -> Operation[Response]:
    """Cancel a response that was created with `background`, and give it as it then is.

    Cancelling twice does no more than cancelling once.

    Errors: `ApiError` 404 for an unknown id; 400 (409 on some servers) for a response that was made without
    `background` or that has already ended; other servers answer the latter with the final response.
    https://platform.openai.com/docs/api-reference/responses/cancel
    """
    invalid = check_id("response_id", response_id)
    if invalid is not None:
        return fail(invalid)
    path = _path(response_id) + "/cancel"
    return Send(HttpRequest("POST", path, body=b"", idempotent=True), ReceiveResponse())


def list_input_items(
    response_id: str,
    *,
    after: str | None = None,
    include: Sequence[str] | None = None,
    limit: int = 20,
    order: Literal["asc", "desc"] = "desc",
) -> Operation[Page[InputItem]]:
    """List the items that a response was made from, one page at a time.

    Args:
        response_id: The id of the response.
        after: The id of the item after which the page starts; None for the first page.
        include: What to add to the items, such as `message.input_image.image_url`.
        limit: How many items a page has at most, 1 to 100.
        order: `asc` gives the oldest first, `desc` the newest.

    The page's `next_page` is the operation that gives the page after it; `all_input_items` follows it to the end.

    Errors: `ApiError` 404 for an unknown id, 400 for a cursor that the server refuses.
    https://platform.openai.com/docs/api-reference/responses/input-items
    """
    request = input_items_request(response_id, after=after, include=include, limit=limit, order=order)
    if isinstance(request, InvalidArgument):
        return fail(request)
    return Send(request, ReceiveInputItems(request))


def input_items_request(
    response_id: str, *, after: str | None, include: Sequence[str] | None, limit: int, order: Literal["asc", "desc"]
) -> HttpRequest | InvalidArgument:
    """Build the request of `list_input_items`; a default is not sent."""
    invalid = (
        check_id("response_id", response_id)
        or check_cursor("after", after)
        or check_include("include", include)
        or check_limit("limit", limit)
        or check_order("order", order)
    )
    if invalid is not None:
        return invalid
    query = _include_pairs(include)
    if limit != 20:
        query += (("limit", str(limit)),)
    if order != "desc":
        query += (("order", order),)
    if after is not None:
        query += (("after", after),)
    return HttpRequest("GET", _path(response_id) + "/input_items", query, idempotent=True)


class ReceiveResponse(Struct, frozen=True, tag=True):
    """Receives a response."""

    def __call__(self, answer: Answer) -> Operation[Response]:
        return Done(receive(answer, decode_response))


class ReceiveDeleted(Struct, frozen=True, tag=True):
    """Receives the acknowledgement of a deletion; an empty 2xx body is one too, of the id that was asked for."""

    response_id: str

    def __call__(self, answer: Answer) -> Operation[DeletedResponse]:
        return Done(receive(answer, self.decode))

    def decode(self, data: bytes) -> Result[DeletedResponse, DecodeError]:
        """Read the body of the acknowledgement."""
        if not data.strip():
            return Success(DeletedResponse(id=self.response_id, deleted=True))
        return decode_deleted_response(data)


class ReceiveInputItems(Struct, frozen=True, tag=True):
    """Receives the page of input items that `request` asked for."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[InputItem]]:
        return receive_page(answer, decode_input_items, self.request, ReceiveInputItems)


def _path(response_id: str) -> str:
    return "/responses/" + path_segment(response_id)


def _include_pairs(include: Sequence[str] | None) -> Pairs:
    return tuple(("include[]", value) for value in include) if include else ()
