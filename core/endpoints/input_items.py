"""The items that a stored response was made from, one page at a time.

https://platform.openai.com/docs/api-reference/responses/input-items
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ...codecs.decoders import decode_input_items
from ...codecs.on_demand import public_type
from ..arguments import check_id, response_path
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Operation, Send, fail
from .pages import Page, receive_page
from .request_options import ExtraHeaders, ExtraQuery, list_query, with_extras

if TYPE_CHECKING:
    from ...codecs.types.items import InputItem
else:
    InputItem = public_type("InputItem")


def list_input_items(
    response_id: str,
    *,
    after: str | None = None,
    include: Sequence[str] | None = None,
    limit: int = 20,
    order: Literal["asc", "desc"] = "desc",
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    timeout: float | None = None,
) -> Operation[Page[InputItem]]:
    """List the items that a response was made from, one page at a time.

    Args:
        response_id: The id of the response.
        after: The id of the item after which the page starts; None for the first page.
        include: What to add to the items, such as `message.input_image.image_url`.
        limit: How many items a page has at most, 1 to 100.
        order: `asc` lists the oldest first, `desc` the newest.
        extra_headers: Extra headers; they override the defaults. No credentials.
        extra_query: Extra query parameters, of the pages that follow too; they override the defaults. No credentials.
        timeout: The read timeout in seconds of this request, in place of the transport's.

    The page's `next_page` is the operation that returns the page after it; `all_input_items` follows it to the end.

    Errors: `ApiError` 404 for an unknown id, 400 for a cursor that the server refuses.
    https://platform.openai.com/docs/api-reference/responses/input-items
    """
    invalid = check_id("response_id", response_id)
    if invalid is not None:
        return fail(invalid)
    query = list_query(after=after, include=include, limit=limit, order=order)
    if isinstance(query, InvalidArgument):
        return fail(query)
    path = response_path(response_id) + "/input_items"
    request = with_extras(
        HttpRequest("GET", path, query, idempotent=True),
        extra_headers,
        extra_query,
        timeout,
    )
    if isinstance(request, InvalidArgument):
        return fail(request)
    return Send(request, ReceiveInputItems(request))


class ReceiveInputItems(Struct, frozen=True, tag=True):
    """Receives the page of input items that `request` asked for."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[InputItem]]:
        return receive_page(answer, decode_input_items, self.request, ReceiveInputItems)
