"""The items that a stored response was made from, one page at a time.

https://platform.openai.com/docs/api-reference/responses/input-items
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Unpack

from msgspec import Struct

from ...codecs.decoders import decode_input_items
from ...codecs.on_demand import public_type
from ..arguments import check_id, response_path
from ..combinators.additions import RequestOptions
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Operation
from .keywords import show_options
from .pages import Page, receive_page
from .request_options import exchange_page, list_request

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
    **options: Unpack[RequestOptions],
) -> Operation[Page[InputItem]]:
    """List the items that a response was made from, one page at a time.

    Args:
        response_id: The id of the response.
        after: The id of the item after which the page starts; None for the first page.
        include: What to add to the items, such as `message.input_image.image_url`.
        limit: How many items a page has at most, 1 to 100.
        order: `asc` lists the oldest first, `desc` the newest.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    The page's `next_page` is the operation that returns the page after it; `all_input_items` follows it to the end.

    Errors: `ApiError` 404 for an unknown id, 400 for a cursor that the server refuses.
    https://platform.openai.com/docs/api-reference/responses/input-items
    """
    request = request_of_input_items(response_id, after, include, limit, order)
    return exchange_page(request, ReceiveInputItems, options, list_input_items)


def request_of_input_items(
    response_id: str, after: str | None, include: Sequence[str] | None, limit: int, order: Literal["asc", "desc"]
) -> HttpRequest | InvalidArgument:
    """The request for one page of the input items of a response."""
    return check_id("response_id", response_id) or list_request(
        response_path(response_id) + "/input_items", after, include, limit, order
    )


class ReceiveInputItems(Struct, frozen=True, tag=True):
    """Receives the page of input items that `request` asked for."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[InputItem]]:
        return receive_page(answer, decode_input_items, self.request, ReceiveInputItems)


show_options(list_input_items)
