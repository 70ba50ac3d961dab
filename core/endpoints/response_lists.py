"""The responses that a server holds, and the items that one of them was made from, one page at a time.

OpenAI lists items alone. Azure AI Foundry, Fireworks and OGX list responses too, each by parameters of its own.
https://platform.openai.com/docs/api-reference/responses/input-items
https://learn.microsoft.com/azure/foundry/reference/rest/list-responses
https://docs.fireworks.ai/api-reference/list-responses
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from msgspec import Struct, structs

from ...codecs.decoders import decode_input_items, decode_responses
from ...codecs.on_demand import public_type
from ..arguments import check_id, invalid_argument, response_path
from ..combinators.additions import RequestOptions
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Operation
from .keywords import show_options
from .pages import Page, receive_page
from .request_options import exchange_page, list_request

if TYPE_CHECKING:
    from ...codecs.types.items import InputItem
    from ...codecs.types.response import Response
else:
    InputItem = public_type("InputItem")
    Response = public_type("Response")


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

    Errors: those of any request (`Send`), such as `ApiError` 404 for an unknown id, 400 for a cursor that the server
    refuses.
    https://platform.openai.com/docs/api-reference/responses/input-items

    >>> list_input_items("resp_1", limit=5).request.query
    (('limit', '5'),)
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


class ReceiveAllItems(Struct, frozen=True, tag=True):
    """The same, and there is a next page wherever the server does not say that there is none."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[InputItem]]:
        return receive_page(answer, decode_input_items, self.request, ReceiveAllItems, thorough=True)


def list_responses(
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 20,
    order: Literal["asc", "desc"] = "desc",
    model: str | None = None,
    conversation_id: str | None = None,
    agent_name: str | None = None,
    agent_id: str | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[Page[Response]]:
    """List the responses that the server holds, one page at a time. OpenAI has no such list.

    All servers that have one know `after` and `limit`. What a server does not know it ignores, or refuses.

    Args:
        after: The id of the response after which the page starts; None for the first page.
        before: The id of the response in front of which the page ends. Azure AI Foundry, Fireworks.
        limit: How many responses a page has at most, 1 to 100. It is always sent: servers differ in their default.
        order: `asc` lists the oldest first, `desc` the newest. Azure AI Foundry, OGX.
        model: Those of this model. OGX.
        conversation_id: Those of this conversation. Azure AI Foundry.
        agent_name: Those of this agent. Azure AI Foundry.
        agent_id: Those of this version of an agent, as `name:version`. Azure AI Foundry.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    The page's `next_page` is the operation that returns the page after it (of a page with `before`, the page in front
    of it); `all_responses` follows it to the end.

    Errors: those of any request (`Send`), such as `ApiError` 404 or 405 where the server has no such list
    (`no_such_route` says so), 400 or 404 for a cursor that it refuses.
    https://learn.microsoft.com/azure/foundry/reference/rest/list-responses

    >>> list_responses(limit=5, model="llama-4").request
    HttpRequest(method='GET', path='/responses', query=(('limit', '5'), ('model', 'llama-4')), idempotent=True)
    """
    request = request_of_responses(
        after,
        limit,
        order,
        before=before,
        model=model,
        conversation_id=conversation_id,
        agent_name=agent_name,
        agent_id=agent_id,
    )
    return exchange_page(request, ReceiveResponses, options, list_responses)


def request_of_responses(
    after: str | None, limit: int, order: Literal["asc", "desc"], **others: Any
) -> HttpRequest | InvalidArgument:
    """The request for one page of the responses; `others` are texts, or None."""
    request = list_request("/responses", after, None, limit, order)
    if not isinstance(request, HttpRequest):
        return request
    query = request.query if limit != 20 else (("limit", "20"), *request.query)
    for name, value in others.items():
        if value is not None and not (isinstance(value, str) and value):
            return invalid_argument(name, value, "a non-empty string, or None")
        query += () if value is None else ((name, value),)
    return structs.replace(request, query=query)


class ReceiveResponses(Struct, frozen=True, tag=True):
    """Receives the page of responses that `request` asked for."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[Response]]:
        return receive_page(answer, decode_responses, self.request, ReceiveResponses)


show_options(list_input_items, list_responses)
