"""Short forms of values for people: what is absent is left out, and what is long is cut.

Law: this is for reading only. Nothing is ever decoded from it; `encode` writes everything.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import UNSET, Struct

from .plain import is_mapping, is_sequence

_UNBROKEN = 80
"""A longer string without a space is base64, a data URL or the like: nobody reads it, so it is cut."""

_SHOWN = 40
"""As many characters are left of it."""

_DEEPEST = 20
"""What is nested deeper is not shown."""

_Tree: TypeAlias = "str | tuple[str, list[tuple[str, _Tree]], str]"
"""A leaf, or what opens it, its members, each with what stands before it, and what closes it."""


def brief(value: Any) -> str:
    """The `repr` of a value, in one line: absent fields left out, base64 and the like cut."""
    return _line(_tree(value, _DEEPEST))


def pretty(value: Any, *, width: int = 100) -> str:
    """The same, on as many lines as it takes to keep each within `width` characters, where that can be."""
    return "\n".join(_lines("", _tree(value, _DEEPEST), "", 0, width))


def shortened(value: Any) -> Any:
    """A string cut if it is long and unbroken; anything else as it is."""
    if isinstance(value, str) and len(value) > _UNBROKEN and not any(map(str.isspace, value[:_UNBROKEN])):
        return f"{value[:_SHOWN]}… ({len(value):,} characters)"
    return value


def _tree(value: Any, depth: int) -> _Tree:
    name = type(value).__name__
    if isinstance(value, Struct):
        fields = [(field, getattr(value, field)) for field in value.__struct_fields__]
        opens, closes = f"{name}(", ")"
        members = [(f"{field}=", member) for field, member in fields if member is not UNSET]
    elif is_mapping(value):
        opens, closes = ("{", "}") if isinstance(value, dict) else (f"{name}({{", "})")
        members = [(f"{key!r}: ", member) for key, member in value.items()]
    elif is_sequence(value):
        opens, closes = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        members = [("", member) for member in value]
    else:
        return repr(shortened(value))
    if members and not depth:
        return f"{opens}…{closes}"
    return opens, [(before, _tree(member, depth - 1)) for before, member in members], closes


def _line(tree: _Tree) -> str:
    if isinstance(tree, str):
        return tree
    opens, members, closes = tree
    return opens + ", ".join(before + _line(member) for before, member in members) + closes


def _lines(before: str, tree: _Tree, after: str, indent: int, width: int) -> list[str]:
    line = " " * indent + before + _line(tree) + after
    if len(line) <= width or isinstance(tree, str) or not tree[1]:
        return [line]
    opens, members, closes = tree
    inner = [text for name, member in members for text in _lines(name, member, ",", indent + 4, width)]
    return [" " * indent + before + opens, *inner, " " * indent + closes.lstrip(",") + after]
