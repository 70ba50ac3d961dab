"""Conversations that the service holds: create, retrieve, update, delete.

https://platform.openai.com/docs/api-reference/conversations
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType
from returns.result import Result

from ...codecs.decoders import decode_conversation, decode_deleted_conversation
from ...codecs.lossless.errors import DecodeError
from ...codecs.on_demand import public_type
from ..arguments import check_id, path_segment
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Done, Operation
from .answers import receive
from .body_bounds import check_body
from .deletions import read_acknowledgement
from .inputs import ItemsArgument, items_of
from .request_options import ExtraBody, ExtraHeaders, ExtraQuery, exchange, json_request, with_extras

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
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    extra_body: ExtraBody | None = None,
    timeout: float | None = None,
) -> Operation[Conversation]:
    """Create a conversation.

    Args:
        items: What it starts with: at most 20 items, structs or plain dicts; a text is a message of the user's.
        metadata: At most 16 pairs; keys have at most 64 characters, values at most 512.
        extra_headers: Extra headers; they override the defaults. No credentials. With an
            `Idempotency-Key`, `retrying` repeats the request also where the server may have acted; whether the service
            honours it is unknown.
        extra_query: Extra query parameters; they override the defaults. No credentials.
        extra_body: Extra members of the body; they override those of the arguments.
        timeout: The read timeout in seconds of this request, in place of the transport's.

    https://platform.openai.com/docs/api-reference/conversations/create

    >>> create_conversation(items="Hello.", metadata={"topic": "demo"}).request.body
    b'{"items":[{"role":"user","content":"Hello."}],"metadata":{"topic":"demo"}}'
    """
    body: dict[str, Any] = {}
    if items is not UNSET:
        given = items if items is None else items_of("items", items, most=MOST_ITEMS)
        if isinstance(given, InvalidArgument):
            return exchange(given, ReceiveConversation())
        body["items"] = given
    if metadata is not UNSET:
        body["metadata"] = metadata
    request = check_body(body) or json_request(
        "/conversations",
        body,
        extra_headers=extra_headers,
        extra_query=extra_query,
        extra_body=extra_body,
        timeout=timeout,
    )
    return exchange(request, ReceiveConversation())


def retrieve_conversation(
    conversation_id: str,
    *,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    timeout: float | None = None,
) -> Operation[Conversation]:
    """Retrieve a conversation: its metadata, not its items.

    Args:
        conversation_id: The id of the conversation.
        extra_headers: Extra headers; they override the defaults. No credentials.
        extra_query: Extra query parameters; they override the defaults. No credentials.
        timeout: The read timeout in seconds of this request, in place of the transport's.

    Errors: `ApiError` 404 for an id that is unknown or deleted.
    https://platform.openai.com/docs/api-reference/conversations/retrieve
    """
    request = check_id("conversation_id", conversation_id) or with_extras(
        HttpRequest("GET", conversation_path(conversation_id), idempotent=True), extra_headers, extra_query, timeout
    )
    return exchange(request, ReceiveConversation())


def update_conversation(
    conversation_id: str,
    *,
    metadata: Mapping[str, str] | None,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    extra_body: ExtraBody | None = None,
    timeout: float | None = None,
) -> Operation[Conversation]:
    """Replace the metadata of a conversation. Doing so twice does no more than doing so once.

    Args:
        conversation_id: The id of the conversation.
        metadata: At most 16 pairs; keys have at most 64 characters, values at most 512.
        extra_headers: Extra headers; they override the defaults. No credentials.
        extra_query: Extra query parameters; they override the defaults. No credentials.
        extra_body: Extra members of the body; they override those of the arguments.
        timeout: The read timeout in seconds of this request, in place of the transport's.

    Errors: `ApiError` 404 for an id that is unknown or deleted.
    https://platform.openai.com/docs/api-reference/conversations/update
    """
    body = {"metadata": metadata}
    request = (
        check_id("conversation_id", conversation_id)
        or check_body(body)
        or json_request(
            conversation_path(conversation_id),
            body,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
            timeout=timeout,
            idempotent=True,
        )
    )
    return exchange(request, ReceiveConversation())


def delete_conversation(
    conversation_id: str,
    *,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    timeout: float | None = None,
) -> Operation[DeletedConversation]:
    """Delete a conversation. Its items are not deleted.

    Args:
        conversation_id: The id of the conversation.
        extra_headers: Extra headers; they override the defaults. No credentials.
        extra_query: Extra query parameters; they override the defaults. No credentials.
        timeout: The read timeout in seconds of this request, in place of the transport's.

    Errors: `ApiError` 404 for an id that is unknown or already deleted (`after_interruption` is whether an earlier
    attempt of this very operation may have deleted it).
    https://platform.openai.com/docs/api-reference/conversations/delete
    """
    request = check_id("conversation_id", conversation_id) or with_extras(
        HttpRequest("DELETE", conversation_path(conversation_id), idempotent=True), extra_headers, extra_query, timeout
    )
    return exchange(request, ReceiveDeletedConversation(conversation_id))


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
