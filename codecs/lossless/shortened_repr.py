"""Short forms of values for people: what is absent is left out, and what is long is cut.

Law: this is for reading only, and of bounded length whatever the value is: 25,000 characters on one line. Nothing
is ever decoded from it; `encode` writes everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from itertools import islice
from typing import Any, TypeAlias

from msgspec import UNSET, Struct
from returns.result import Failure, Result

from .plain import is_mapping, is_result, is_sequence
from .shown import shown

_UNBROKEN = 80
"""A longer string without a space is base64, a data URL or the like: nobody reads it, so it is cut."""

_SHOWN = 40
"""As many characters are left of it."""

_LONGEST_TEXT = 2_000
"""Characters of a text; of a longer one, half as many are left."""

_LONGEST_BYTES = 1_000
"""Bytes; of more than these, a fifth is left."""

_LONGEST_NUMBER = 1_000
"""Bits of an integer. The interpreter itself writes none of more than 4,300 digits."""

_WIDEST = 100
"""As many members are shown of a mapping, a list or a tuple."""

_DEEPEST = 20
"""What is nested deeper is not shown."""

_LONGEST = 20_000
"""Characters. When the members that are shown have taken these, no more are."""

_Tree: TypeAlias = "str | tuple[str, list[tuple[str, _Tree]], str]"
"""A leaf, or what opens it, its members, each with what stands before it, and what closes it."""


def brief(value: Any) -> str:
    """The `repr` of `value`, in one line: absent fields left out, base64 and the like cut, and so what is wide or long.

    >>> brief({"numbers": list(range(1_000_000))})[-33:]
    ' 96, 97, 98, 99, … 999,900 more]}'
    """
    return _line(_Trees().tree(value, _DEEPEST))


def pretty(value: Any, *, width: int = 100) -> str:
    """The same of `value`, on as many lines as keep each within `width` characters, where that can be.

    >>> print(pretty({"model": "gpt-5", "input": "Say this is a test"}, width=40))
    {
        'model': 'gpt-5',
        'input': 'Say this is a test',
    }
    """
    return "\n".join(_lines("", _Trees().tree(value, _DEEPEST), "", 0, width))


def rich_members(value: Struct) -> list[tuple[str, Any]]:
    """What rich shows of a struct: its fields, without what is absent, and each cut to a bearable length."""
    members = [(name, getattr(value, name)) for name in value.__struct_fields__]
    return [(name, _cut(member)) for name, member in members if member is not UNSET]


class _Shown:
    """Something that is shown as this text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _cut(value: Any) -> Any:
    """A value as it is, where that is no more than a few structs; else as its short form."""
    if not is_sequence(value) or not value or not all(isinstance(member, Struct) for member in value[:_WIDEST]):
        return value if isinstance(value, Struct) else _Shown(brief(value))
    return value if len(value) <= _WIDEST else (*value[:_WIDEST], _Shown(_more(len(value) - _WIDEST)))


class _Trees:
    """Makes trees, as long as there is room for more."""

    def __init__(self) -> None:
        self._room = _LONGEST

    def tree(self, value: Any, depth: int) -> _Tree:
        """What is to be shown of a value."""
        if isinstance(value, Struct):
            return self._struct(value, depth)
        if is_mapping(value):
            opens, closes = ("{", "}") if isinstance(value, dict) else (f"{type(value).__name__}({{", "})")
            named = ((f"{_leaf(key)}: ", member) for key, member in value.items())
            return self._branch(opens, named, value, closes, depth)
        if is_sequence(value):
            opens, closes = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
            return self._branch(opens, (("", member) for member in value), value, closes, depth)
        if is_result(value):
            return self._result(value, depth)
        return self._taken(_leaf(value))

    def _struct(self, value: Struct, depth: int) -> _Tree:
        kind: Any = type(value)
        if kind.__repr__ not in _PLAIN:
            return self._taken(_limited(repr(value)))
        fields = [(name, getattr(value, name)) for name in _shown_fields(value)]
        opens = f"{kind.__name__}("
        if fields and not depth:
            return self._taken(f"{opens}…)")
        self._room -= len(opens) + sum(len(name) + len("=, ") for name, _ in fields)
        return opens, [(f"{name}=", self._member(member, depth)) for name, member in fields], ")"

    def _result(self, value: Result[Any, Any], depth: int) -> _Tree:
        """As `returns` shows it: with what `str` makes of the inside."""
        inner: Any = value.failure() if isinstance(value, Failure) else value.unwrap()
        kind: Any = inner.__class__
        plain = kind.__str__ is object.__str__ and not isinstance(inner, BaseException)
        opens = f"<{type(value).__name__}: "
        return opens, [("", self._member(inner, depth) if plain else self._taken(_limited(_said(inner))))], ">"

    def _branch(self, opens: str, members: Iterable[tuple[str, Any]], whole: Sized, closes: str, depth: int) -> _Tree:
        count = len(whole)
        if count and not depth:
            return self._taken(f"{opens}…{closes}")
        branches: list[tuple[str, _Tree]] = []
        self._room -= len(opens) + len(closes)
        for before, member in islice(members, _WIDEST):
            if self._room <= 0:
                break
            self._room -= len(before) + len(", ")
            branches.append((before, self._member(member, depth)))
        if len(branches) < count:
            branches.append(("", self._taken(_more(count - len(branches)))))
        return opens, branches, closes

    def _member(self, member: Any, depth: int) -> _Tree:
        return self.tree(member, depth - 1) if self._room > 0 else "…"

    def _taken(self, text: str) -> str:
        self._room -= len(text)
        return text


_PLAIN = (Struct.__repr__, shown)


def _shown_fields(value: Struct) -> list[str]:
    """The fields of a struct that are shown: not those that are absent, nor defaults where it leaves them out."""
    names = value.__struct_fields__
    if not value.__struct_config__.repr_omit_defaults:
        return [name for name in names if getattr(value, name) is not UNSET]
    defaults = dict(zip(reversed(names), reversed(value.__struct_defaults__), strict=False))
    return [name for name in names if not _is_like(getattr(value, name), defaults.get(name, UNSET))]


def _is_like(value: Any, default: Any) -> bool:
    return value is UNSET or value is default or (type(value) is type(default) and value == default)


def _leaf(value: Any) -> str:
    """The `repr` of what has no members, cut if it is long."""
    if isinstance(value, str):
        return repr(shortened(value))
    if isinstance(value, bytes) and len(value) > _LONGEST_BYTES:
        return f"{value[: _LONGEST_BYTES // 5]!r}… ({len(value):,} bytes)"
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return f"<an integer of {value.bit_length():,} bits>"
    return _limited(repr(value))


def _said(value: object) -> str:
    return str(value).encode("utf-8", "backslashreplace").decode()


def shortened(text: str) -> str:
    """A text, cut if it is long, and sooner if it is unbroken."""
    if len(text) > _UNBROKEN and not any(map(str.isspace, text[:_UNBROKEN])):
        return f"{text[:_SHOWN]}… ({len(text):,} characters)"
    return _limited(text)


def _limited(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT // 2]}… ({len(text):,} characters)"


def _more(count: int) -> str:
    return f"… {count:,} more"


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
