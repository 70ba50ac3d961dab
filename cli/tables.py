"""What a table shows of a value, and how wide its columns are.

Law: rows are functions of the JSON that was received, whatever it holds. Columns keep their places from the first row
to the last, so that rows can be shown as they are received; but an id that is longer than expected is not cut.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeGuard

from msgspec import Struct, json

from ..codecs import to_plain

_GAP = 2
"""Spaces between columns."""
_LEAST = 8
"""The narrowest that a column of text is worth showing."""
_LATEST = 253402300799
"""The last second of the year 9999, after which there is no date."""


class Column(Struct, frozen=True):
    """A column. A `width` of None takes what is left of the line; one that is `needed` is shown on any terminal."""

    title: str
    width: int | None = None
    needed: bool = False


class View(Struct, frozen=True):
    """The columns for one kind of value, and the function that returns the cells of a row. The first is the id."""

    columns: tuple[Column, ...]
    cells: Callable[[Any], tuple[str, ...]]


def response_cells(response: Any) -> tuple[str, ...]:
    """Show a `Response`."""
    plain = _object(to_plain(response))
    return (
        _text(plain.get("id")),
        _text(plain.get("status")),
        _yes_or_no(plain.get("background")),
        date_of(plain.get("created_at")),
        _text(plain.get("model")),
    )


def item_cells(item: Any) -> tuple[str, ...]:
    """Show an input item."""
    plain = _object(to_plain(item))
    return _text(plain.get("id")), _text(plain.get("type")), _text(plain.get("role")), preview(plain)


def model_cells(model: Any) -> tuple[str, ...]:
    """Show a `Model`."""
    plain = _object(to_plain(model))
    return _text(plain.get("id")), date_of(plain.get("created")), _text(plain.get("owned_by"))


def conversation_cells(conversation: Any) -> tuple[str, ...]:
    """Show a `Conversation`."""
    plain = _object(to_plain(conversation))
    shown = ", ".join(f"{name}={_text(value)}" for name, value in _object(plain.get("metadata")).items())
    return _text(plain.get("id")), date_of(plain.get("created_at")), shown


RESPONSE_VIEW = View(
    (Column("ID"), Column("STATUS", 11, needed=True), Column("BACKGROUND", 10), Column("CREATED", 16), Column("MODEL")),
    response_cells,
)
ITEM_VIEW = View((Column("ID"), Column("TYPE", 20, needed=True), Column("ROLE", 9), Column("CONTENT")), item_cells)
MODEL_VIEW = View((Column("ID"), Column("CREATED", 16), Column("OWNED BY")), model_cells)
CONVERSATION_VIEW = View((Column("ID"), Column("CREATED", 16), Column("METADATA")), conversation_cells)


def preview(item: dict[str, Any]) -> str:
    """What an item says, whole: its texts, the call it makes, or else its JSON."""
    texts = list(_texts(item.get("content")))
    if texts:
        return " ".join(texts)
    if "name" in item:
        return f"{_text(item['name'])}({_text(item.get('arguments'))})"
    if "output" in item:
        return _text(item["output"])
    rest = {name: value for name, value in item.items() if name not in ("id", "type", "role", "status")}
    return json.encode(rest).decode() if rest else ""


def widths(view: View, longest_id: int, line: int | None) -> tuple[int | None, ...]:
    """How wide each column is that is shown; the others, on the right, find no room.

    `longest_id` is the length of the longest id, as far as that is known. `line` is the width of the terminal; None
    where nothing need be cut, and the last column is as wide as its text.
    """
    first = max(longest_id, len(view.columns[0].title))
    shown: list[int | None] = [first]
    used = first
    for column in view.columns[1:]:
        left = math.inf if line is None else line - used - _GAP
        if column.width is None:
            if left >= _LEAST or column.needed:
                shown.append(None if line is None or left < _LEAST else line - used - _GAP)
        elif left >= column.width or column.needed:
            shown.append(column.width)
            used += _GAP + column.width
        else:
            break
    return tuple(shown)


def _texts(content: Any) -> Iterable[str]:
    """The texts of a message's content, whose parts without one show as their type."""
    if isinstance(content, str):
        yield content
    for part in content if _is_list(content) else ():
        fields = _object(part)
        yield _text(fields["text"]) if "text" in fields else f"[{_text(fields.get('type'))}]"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.encode(value).decode()


def _yes_or_no(value: Any) -> str:
    if value is None or value is False:
        return "no"
    return "yes" if value is True else "?"


def date_of(value: Any) -> str:
    """A time in seconds since 1970 as date and time to the minute, in UTC."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LATEST:
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M")
    return _text(value)


def _object(value: Any) -> dict[str, Any]:
    return value if _is_dict(value) else {}


def _is_dict(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
