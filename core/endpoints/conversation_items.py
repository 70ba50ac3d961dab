"""The items of a conversation: create, list, retrieve, delete.

https://platform.openai.com/docs/api-reference/conversations
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Unpack

from msgspec import Struct
from returns.result import Failure, Success

from ...codecs.decoders import decode_conversation_item, decode_conversation_items
from ...codecs.on_demand import public_type
from ..arguments import check_id, check_include, path_segment
from ..combinators.additions import RequestOptions
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Done, Operation
from ..streams import Stream
from .answers import receive
from .conversations import MOST_ITEMS, ReceiveConversation, conversation_path
from .inputs import ItemsArgument, items_of
from .keywords import show_options
from .pages import Page, receive_page
from .paging import all_pages
from .request_options import ExtraBody, exchange, exchange_page, include_query, json_request, list_request

if TYPE_CHECKING:
    from ...codecs.types.conversations import Conversation
    from ...codecs.types.items import ConversationItem
else:
    Conversation = public_type("Conversation")
    ConversationItem = public_type("ConversationItem")


def create_conversation_items(
    conversation_id: str,
    *,
    items: ItemsArgument,
    include: Sequence[str] | None = None,
    extra_body: ExtraBody | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[Page[ConversationItem]]:
    """Add items to a conversation, and return them as they were added, as a sequence.

    Args:
        conversation_id: The id of the conversation.
        items: At most 20 items, structs or plain dicts; a text is a message of the user's.
        include: What to add to the answer, such as `message.input_image.image_url`.
        extra_body: Extra members of the body; they override those of the arguments.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown or deleted.
    https://platform.openai.com/docs/api-reference/conversations/create-items

    >>> create_conversation_items("conv_1", items="Hello.").request.body
    b'{"items":[{"role":"user","content":"Hello."}]}'
    """
    given = (
        check_id("conversation_id", conversation_id)
        or check_include("include", include)
        or items_of("items", items, most=MOST_ITEMS)
    )
    request = (
        given
        if isinstance(given, InvalidArgument)
        else json_request(
            conversation_path(conversation_id) + "/items",
            {"items": given},
            extra_body=extra_body,
            query=include_query(include),
        )
    )
    return exchange(request, ReceiveCreatedItems(), options, create_conversation_items)


def list_conversation_items(
    conversation_id: str,
    *,
    after: str | None = None,
    include: Sequence[str] | None = None,
    limit: int = 20,
    order: Literal["asc", "desc"] = "desc",
    **options: Unpack[RequestOptions],
) -> Operation[Page[ConversationItem]]:
    """List the items of a conversation, one page at a time.

    Args:
        conversation_id: The id of the conversation.
        after: The id of the item after which the page starts; None for the first page.
        include: What to add to the items, such as `message.input_image.image_url`.
        limit: How many items a page has at most, 1 to 100.
        order: `asc` lists the oldest first, `desc` the newest.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    The page's `next_page` is the operation that returns the page after it; `all_conversation_items` follows it to the
    end.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown or deleted, 400 for a cursor
    that the server refuses.
    https://platform.openai.com/docs/api-reference/conversations/list-items

    >>> list_conversation_items("conv_1", order="asc").request.query
    (('order', 'asc'),)
    """
    request = _request_of_items(conversation_id, after, include, limit, order)
    return exchange_page(request, ReceiveConversationItems, options, list_conversation_items)


def all_conversation_items(
    conversation_id: str,
    *,
    after: str | None = None,
    include: Sequence[str] | None = None,
    limit: int = 100,
    order: Literal["asc", "desc"] = "desc",
    **options: Unpack[RequestOptions],
) -> Stream[ConversationItem]:
    """Emit all items of a conversation, page after page.

    The arguments are those of `list_conversation_items`; `limit` is the size of a page, 1 to 100, and at its greatest
    by default: fewest exchanges.

    Errors: those of `list_conversation_items`, and a `DecodeError` where the list does not advance.
    https://platform.openai.com/docs/api-reference/conversations/list-items

    >>> all_conversation_items("conv_1", limit=50).operation.request.query
    (('limit', '50'),)
    """
    request = _request_of_items(conversation_id, after, include, limit, order)
    return all_pages(exchange_page(request, ReceiveConversationItems, options, all_conversation_items))


def retrieve_conversation_item(
    conversation_id: str,
    item_id: str,
    *,
    include: Sequence[str] | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[ConversationItem]:
    """Retrieve one item of a conversation.

    Args:
        conversation_id: The id of the conversation.
        item_id: The id of the item.
        include: What to add to the item, such as `message.input_image.image_url`.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 where there is no such conversation, or no such item
    in it.
    https://platform.openai.com/docs/api-reference/conversations/get-item

    >>> retrieve_conversation_item("conv_1", "msg_1").request.path
    '/conversations/conv_1/items/msg_1'
    """
    request = (
        _check_ids(conversation_id, item_id)
        or check_include("include", include)
        or HttpRequest("GET", _item_path(conversation_id, item_id), include_query(include), idempotent=True)
    )
    return exchange(request, ReceiveConversationItem(), options, retrieve_conversation_item)


def delete_conversation_item(
    conversation_id: str, item_id: str, **options: Unpack[RequestOptions]
) -> Operation[Conversation]:
    """Delete one item of a conversation, and return the conversation.

    Args:
        conversation_id: The id of the conversation.
        item_id: The id of the item.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    The service acknowledges this with the conversation, and nothing else counts: an empty answer has none.

    Errors: those of any request (`Send`), such as `ApiError` 404 where there is no such conversation, or no such item
    in it (`after_interruption` is whether an earlier attempt of this very operation may have deleted it); `DecodeError`
    with `may_have_acted` for a 2xx without the conversation.
    https://platform.openai.com/docs/api-reference/conversations/delete-item

    >>> delete_conversation_item("conv_1", "msg_1").request.method
    'DELETE'
    """
    request = _check_ids(conversation_id, item_id) or HttpRequest(
        "DELETE", _item_path(conversation_id, item_id), idempotent=True
    )
    return exchange(request, ReceiveConversation(), options, delete_conversation_item)


def _request_of_items(
    conversation_id: str, after: str | None, include: Sequence[str] | None, limit: int, order: Literal["asc", "desc"]
) -> HttpRequest | InvalidArgument:
    return check_id("conversation_id", conversation_id) or list_request(
        conversation_path(conversation_id) + "/items", after, include, limit, order
    )


class ReceiveConversationItem(Struct, frozen=True, tag=True):
    """Receives an item of a conversation."""

    def __call__(self, answer: Answer) -> Operation[ConversationItem]:
        return Done(receive(answer, decode_conversation_item))


class ReceiveConversationItems(Struct, frozen=True, tag=True):
    """Receives the page of items that `request` asked for."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[ConversationItem]]:
        return receive_page(answer, decode_conversation_items, self.request, ReceiveConversationItems)


class ReceiveCreatedItems(Struct, frozen=True, tag=True):
    """Receives the items that were added. There is no page after them: to ask for one would be to add them again."""

    def __call__(self, answer: Answer) -> Operation[Page[ConversationItem]]:
        received = receive(answer, decode_conversation_items)
        if isinstance(received, Failure):
            return Done(received)
        return Done(Success(Page(received.unwrap())))


def _check_ids(conversation_id: str, item_id: str) -> InvalidArgument | None:
    return check_id("conversation_id", conversation_id) or check_id("item_id", item_id)


def _item_path(conversation_id: str, item_id: str) -> str:
    return f"{conversation_path(conversation_id)}/items/{path_segment(item_id)}"


show_options(
    create_conversation_items,
    list_conversation_items,
    all_conversation_items,
    retrieve_conversation_item,
    delete_conversation_item,
)
