"""The response object, the acknowledgement of its deletion, and the list of its input items."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import UNSET, Struct, UnsetType
from returns.result import Result

from .errors import DecodeError
from .items import InputItem, OutputItem
from .lossless import Codec
from .wire import Wire

T = TypeVar("T")


class Response(Wire, frozen=True, kw_only=True):
    """A model response. Schema `Response`."""

    id: str
    object: str
    created_at: int | float
    status: str | UnsetType = UNSET
    model: str
    output: tuple[OutputItem, ...]
    background: bool | None | UnsetType = UNSET


class DeletedResponse(Wire, frozen=True, kw_only=True):
    """The acknowledgement that a response was deleted.

    `object` is `response.deleted` from the service, `response` in its guide, and absent where the answer was empty.
    """

    id: str
    object: str | UnsetType = UNSET
    deleted: bool


class ItemList(Wire, Generic[T], frozen=True, kw_only=True):
    """One page of a list, as the server sends it. Schema `ResponseItemList`.

    Some servers leave out `first_id`, `last_id` and `has_more`, or send null.
    """

    object: str | UnsetType = UNSET
    data: tuple[T, ...]
    first_id: str | None | UnsetType = UNSET
    last_id: str | None | UnsetType = UNSET
    has_more: bool | None | UnsetType = UNSET


decode_response = Codec[Response](Response).decode
decode_deleted_response = Codec[DeletedResponse](DeletedResponse).decode
decode_input_items = Codec[ItemList[InputItem]](ItemList[InputItem]).decode
