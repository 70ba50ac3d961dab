"""Lists of things that the service holds, one page at a time."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import UNSET, UnsetType

from .wire import Wire

T = TypeVar("T")


class ItemList(Wire, Generic[T], frozen=True, kw_only=True):
    """One page of a list, as the server sends it.

    Schemas `ResponseItemList`, `ConversationItemList` and `ListModelsResponse`, of which the last names no more than
    `object` and `data`. Some servers leave out `first_id`, `last_id` and `has_more`, or send null.

    `object`: `list`.
    """

    object: str | UnsetType | None = UNSET
    data: tuple[T, ...]
    first_id: str | UnsetType | None = UNSET
    has_more: bool | UnsetType | None = UNSET
    last_id: str | UnsetType | None = UNSET
