"""Conversations that the service holds."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .items import InputItem


class CreateConversation(Wire, frozen=True, kw_only=True):
    """What a conversation is to start with. Schema `CreateConversationBody`."""

    metadata: dict[str, str] | UnsetType | None = UNSET
    items: tuple[InputItem, ...] | UnsetType | None = UNSET


class UpdateConversation(Wire, frozen=True, kw_only=True):
    """A conversation's new metadata. Schema `UpdateConversationBody`."""

    metadata: dict[str, str] | UnsetType | None = UNSET


class CreateItems(Wire, frozen=True, kw_only=True):
    """Items that a conversation is to have added: the body of `POST /conversations/{conversation_id}/items`."""

    items: tuple[InputItem, ...]


class Conversation(Wire, frozen=True, kw_only=True):
    """A conversation that the service holds. Schema `ConversationResource`.

    `object`: `conversation`.
    """

    id: str
    object: str | UnsetType | None = UNSET
    created_at: int
    metadata: Any


class DeletedConversation(Wire, frozen=True, kw_only=True):
    """The acknowledgement that a conversation was deleted. Schema `DeletedConversationResource`.

    `object`: `conversation.deleted`.
    """

    id: str
    object: str | UnsetType | None = UNSET
    deleted: bool
