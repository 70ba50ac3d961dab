"""Conversations that the service holds: create, retrieve, update, delete.

https://platform.openai.com/docs/api-reference/conversations
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from msgspec import UNSET, Struct, UnsetType
from returns.result import Result

from ...codecs.decoders import decode_conversation, decode_deleted_conversation
from ...codecs.lossless.errors import DecodeError
from ...codecs.on_demand import public_type
from ..arguments import check_id, path_segment
from ..combinators.additions import RequestOptions
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Done, Operation
from .answers import receive
from .body_bounds import check_body
from .deletions import read_acknowledgement
from .inputs import ItemsArgument, items_of
from .keywords import show_options
from .request_options import ExtraBody, exchange, json_request

if TYPE_CHECKING:
    from ...codecs.types.conversations import Conversation, DeletedConversation
else:
    Conversation = public_type("Conversation")
    DeletedConversation = public_type("DeletedConversation")

MOST_ITEMS = 20
"""As many items can be added to a conversation at a time."""


def create_conversation(
    *,
    items: ItemsArgument | UnsetType | None = UNSET,
    metadata: Mapping[str, str] | UnsetType | None = UNSET,
    extra_body: ExtraBody | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[Conversation]:
    """Create a conversation.

    Args:
        items: What it starts with: at most 20 items, structs or plain dicts; a text is a message of the user's.
        metadata: At most 16 pairs; keys have at most 64 characters, values at most 512.
        extra_body: Extra members of the body; they override those of the arguments.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request: see `Send`.
    https://platform.openai.com/docs/api-reference/conversations/create

    >>> create_conversation(items="Hello.", metadata={"topic": "demo"}).request.body
    b'{"items":[{"role":"user","content":"Hello."}],"metadata":{"topic":"demo"}}'
    """
    body: dict[str, Any] = {}
    if items is not UNSET:
        given = items if items is None else items_of("items", items, most=MOST_ITEMS)
        if isinstance(given, InvalidArgument):
            return exchange(given, ReceiveConversation(), options, create_conversation)
        body["items"] = given
    if metadata is not UNSET:
        body["metadata"] = metadata
    request = check_body(body) or json_request("/conversations", body, extra_body=extra_body)
    return exchange(request, ReceiveConversation(), options, create_conversation)


def retrieve_conversation(conversation_id: str, **options: Unpack[RequestOptions]) -> Operation[Conversation]:
    """Retrieve a conversation: its metadata, not its items.

    Args:
        conversation_id: The id of the conversation.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown or deleted.
    https://platform.openai.com/docs/api-reference/conversations/retrieve

    >>> retrieve_conversation("conv_1").request.path
    '/conversations/conv_1'
    """
    request = check_id("conversation_id", conversation_id) or HttpRequest(
        "GET", conversation_path(conversation_id), idempotent=True
    )
    return exchange(request, ReceiveConversation(), options, retrieve_conversation)


def update_conversation(
    conversation_id: str,
    *,
    metadata: Mapping[str, str] | None,
    extra_body: ExtraBody | None = None,
    **options: Unpack[RequestOptions],
) -> Operation[Conversation]:
    """Replace the metadata of a conversation. Doing so twice does no more than doing so once.

    Args:
        conversation_id: The id of the conversation.
        metadata: At most 16 pairs; keys have at most 64 characters, values at most 512.
        extra_body: Extra members of the body; they override those of the arguments.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown or deleted.
    https://platform.openai.com/docs/api-reference/conversations/update

    >>> update_conversation("conv_1", metadata={"topic": "demo"}).request.body
    b'{"metadata":{"topic":"demo"}}'
    """
    body = {"metadata": metadata}
    request = (
        check_id("conversation_id", conversation_id)
        or check_body(body)
        or json_request(conversation_path(conversation_id), body, extra_body=extra_body, idempotent=True)
    )
    return exchange(request, ReceiveConversation(), options, update_conversation)


def delete_conversation(conversation_id: str, **options: Unpack[RequestOptions]) -> Operation[DeletedConversation]:
    """Delete a conversation. Its items are not deleted.

    Args:
        conversation_id: The id of the conversation.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for an id that is unknown or already deleted
    (`after_interruption` is whether an earlier attempt of this very operation may have deleted it).
    https://platform.openai.com/docs/api-reference/conversations/delete

    >>> delete_conversation("conv_1").request.method
    'DELETE'
    """
    request = check_id("conversation_id", conversation_id) or HttpRequest(
        "DELETE", conversation_path(conversation_id), idempotent=True
    )
    return exchange(request, ReceiveDeletedConversation(conversation_id), options, delete_conversation)


class ReceiveConversation(Struct, frozen=True, tag=True):
    """Receives a conversation."""

    def __call__(self, answer: Answer) -> Operation[Conversation]:
        return Done(receive(answer, decode_conversation))


class ReceiveDeletedConversation(Struct, frozen=True, tag=True):
    """Receives the acknowledgement of a deletion: an empty 2xx body, or one that says `deleted: true`."""

    conversation_id: str

    def __call__(self, answer: Answer) -> Operation[DeletedConversation]:
        return Done(receive(answer, self.decode))

    def decode(self, data: bytes) -> Result[DeletedConversation, DecodeError]:
        """Read the body of the acknowledgement."""
        return read_acknowledgement(data, self.conversation_id, decode_deleted_conversation)


def conversation_path(conversation_id: str) -> str:
    """The path of a conversation."""
    return "/conversations/" + path_segment(conversation_id)


show_options(create_conversation, retrieve_conversation, update_conversation, delete_conversation)
