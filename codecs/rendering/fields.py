"""The members of an object, taken one after another; and whatever is left, as JSON.

Law: nothing is lost by forgetting. What a reader of an object does not take is left, and who asks for the rest has it.
Absent and null are one: nothing is said of either. Nothing here raises, whatever the object holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, json

from ..lossless.big_numbers import BigNumber
from ..lossless.codec import encode
from ..lossless.errors import REFUSALS, UNWRITTEN
from ..lossless.plain import is_mapping, is_sequence
from ..lossless.shortened_repr import brief
from ..lossless.wire import UNKNOWN_FIELDS, Displaced, Kept, Unknown

_LINE = 76
"""Characters of JSON that is written on one line."""

_DEEPEST = 24
"""JSON that is nested deeper is written without indentation, which would be most of it."""


class Fields:
    """The members of a struct or a mapping, by their names in JSON. They are taken, and then there no more."""

    __slots__ = ("_left",)

    def __init__(self, value: Any) -> None:
        self._left = members_of(value)

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def only(self, name: str) -> bool:
        """Whether there is no other member."""
        return self._left.keys() == {name}

    def peek(self, name: str) -> Any:
        """Whatever the member is, which is left; None where there is none."""
        return self._left.get(name)

    def take(self, name: str) -> Any:
        """Whatever the member is; None where there is none."""
        return self._left.pop(name, None)

    def text(self, name: str) -> str:
        """The member, where it is a string; else nothing, and it is left."""
        value = self._left.get(name)
        return self._left.pop(name) if isinstance(value, str) else ""

    def word(self, name: str) -> str:
        """The member as text, where it is a string, a number or a truth value; else nothing, and it is left."""
        said = word_of(self._left.get(name))
        if said:
            del self._left[name]
        return said

    def list(self, name: str) -> Sequence[Any]:
        """The member, where it is a list; else nothing, and it is left."""
        value = self._left.get(name)
        if not is_sequence(value):
            return ()
        del self._left[name]
        return value

    def index(self, *names: str) -> int | None:
        """The first of the members that is a whole number; they are taken where they are one."""
        found = [self._left.pop(name) for name in names if type(self._left.get(name)) is int]
        return found[0] if found else None

    def fields(self, name: str) -> Fields | None:
        """The members of the member, where it is an object; else None, and it is left."""
        value = self._left.get(name)
        if not is_object_like(value):
            return None
        del self._left[name]
        return Fields(value)

    def words(self, names: str) -> tuple[tuple[str, str], ...]:
        """Of the members named, those that `word` finds, each after its name."""
        return tuple((name, said) for name in names.split() if (said := self.word(name)))

    def rest(self) -> dict[str, Any]:
        """What was not taken."""
        left, self._left = self._left, {}
        return left


def is_object_like(value: Any) -> bool:
    """True for what is an object in JSON."""
    return isinstance(value, Struct) or is_mapping(value)


def members_of(value: Any) -> dict[str, Any]:
    """The members of an object by their names in JSON, without those that are null; nothing for what is no object."""
    if isinstance(value, Unknown):
        value = value.raw
    if is_mapping(value):
        return {str(name): member for name, member in value.items() if member is not None}
    if not isinstance(value, Struct):
        return {}
    kept: Any = getattr(value, "unknown_fields", UNSET)
    members: dict[str, Any] = kept.to_dict() if isinstance(kept, Kept) else {}
    in_part = kept.entries if isinstance(kept, Displaced) else frozenset[str]()
    for name, attribute in zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True):
        member = getattr(value, attribute)
        if name != UNKNOWN_FIELDS and member is not UNSET:
            members[name] = {**member, **members.get(name, {})} if name in in_part else member
    config = value.__struct_config__
    if config.tag is not None and config.tag_field is not None:
        members[config.tag_field] = config.tag
    return {name: member for name, member in members.items() if member is not None}


def word_of(value: Any) -> str:
    """A string, a number or a truth value as text; nothing for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, BigNumber):
        return value.text
    return brief(value) if isinstance(value, int | float) else ""


def json_text(value: Any) -> str:
    """The JSON of a value, indented where it is long. What JSON cannot hold is shown shortened."""
    try:
        written = encode(value)
    except UNWRITTEN:
        try:
            written = encode(_encodable(value))
        except UNWRITTEN:
            return brief(value)
    return indented(written.decode()) or written.decode()


def indented(written: str) -> str:
    """JSON as people read it, digit by digit as it was written; nothing where it is no JSON."""
    try:
        line = json.format(written, indent=0)
        return json.format(line, indent=2) if len(line) > _LINE and _is_flat(line) else line
    except (*REFUSALS, UnicodeEncodeError):
        return ""


def structured(text: str) -> str:
    """The same for a text that may hold an object or a list; nothing where it does not."""
    return indented(text) if text.lstrip(" \t\r\n")[:1] in ("{", "[") else ""


def _is_flat(written: str) -> bool:
    """Whether it is nested so little that indentation adds no more than a few times its length."""
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", re.sub(r'"(?:[^"\\]++|\\.)*+"', "", written)):
        depth += 1 if bracket in "[{" else -1
        if depth > _DEEPEST:
            return False
    return True


def _encodable(value: Any) -> Any:
    """A copy without halves of surrogate pairs, for which UTF-8 has no form."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if is_object_like(value):
        return {_encodable(name): _encodable(member) for name, member in members_of(value).items()}
    return [_encodable(member) for member in value] if is_sequence(value) else value
