"""What a response can be made from, as callers pass it: text, structs, plain dicts, and sequences of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from msgspec import Struct

from ...codecs.lossless.plain import is_mapping
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import InvalidArgument

if TYPE_CHECKING:
    from ...codecs.types.items import InputItem
else:
    InputItem = public_type("InputItem")

ItemArgument: TypeAlias = InputItem | Mapping[str, Any] | str
"""One item: a struct, the same as a plain dict, or a text, which is a message of the user's."""

ItemsArgument: TypeAlias = ItemArgument | Sequence[ItemArgument]
"""One item or many. A `Page` of items is a sequence too, and so is the `output` of a response."""

_ALLOWED = "a string, a struct, a mapping, or a sequence of these"


def items_of(parameter: str, value: Any, *, most: int | None = None) -> list[Any] | InvalidArgument:
    """Make the list of items of `value`; `most` is how many it may hold."""
    if isinstance(value, str) or _is_item(value):
        value = (value,)
    elif not is_many(value):
        return invalid_argument(parameter, value, _ALLOWED)
    items: list[Any] = []
    for index, item in enumerate(value):
        if isinstance(item, str):
            items.append({"role": "user", "content": item})
        elif not _is_item(item):
            return invalid_argument(f"{parameter}[{index}]", item, "a string, a struct or a mapping")
        else:
            items.append(dict(item) if is_mapping(item) else item)
    if most is not None and len(items) > most:
        return InvalidArgument(parameter, f"given {len(items)} items; allowed are at most {most}")
    return items


def _is_item(value: Any) -> bool:
    """A page is a struct as well, but first of all a sequence."""
    return is_mapping(value) or (isinstance(value, Struct) and not isinstance(value, Sequence))


def is_many(value: Any) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a sequence of values, as text and bytes are not."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)
