"""Where msgspec says that a value does not match its type.

It says so in the message, and nowhere else. This is the only module that reads the message; a test fails when msgspec
words it otherwise.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import ValidationError

_LOCATED = r"(?s)(.*) - at (`key` in )?`(\$.*)`"
"""What msgspec says of a mismatch that is not at the top. Before it there may be any text: that of a caller's type."""


_AT = " - at `$"

_LONGEST_INDEX = 19
"""Digits: no list has as many elements."""


def mismatch_of(error: ValidationError) -> tuple[str, str]:
    """The JSON path of a mismatch, and the reason: what was expected there.

    msgspec does not name the member of an object that has no struct: the path has `[...]` in its place.
    """
    located = re.fullmatch(_LOCATED, str(error))
    if located is None:
        return "$", str(error)
    return located[3], f"{located[1]}, as a key" if located[2] else located[1]


def steps_of(error: Exception) -> tuple[list[Any], str]:
    """The steps to a mismatch, and the reason: names of fields, indices of elements, None for what has no name."""
    message = str(error)
    reason, _, path = message.rpartition(_AT)
    return (_steps(path), reason) if reason else ([], message)


def _steps(path: str) -> list[Any]:
    """The steps of what follows `$` in the message, up to its last mark.

    A sender may have named a field so that this is a text of its own: any text is read.
    """
    if "[" not in path:
        return [*path[1:-1].split(".")] if path != "`" else []
    names = path[:-1].replace("[...]", "[?]").replace("[", ".").replace("]", "").split(".")
    return [_index(name) if name.isdecimal() else None if name == "?" else name for name in names if name]


def _index(digits: str) -> int | str:
    """The index that is written so. More digits than any has, which the interpreter may not even read, are a name."""
    return int(digits) if len(digits) < _LONGEST_INDEX else digits


def element_of(error: Exception) -> int | None:
    """The index of the element of a list, in its `data`, in which the mismatch is; None where it is elsewhere."""
    steps = steps_of(error)[0]
    return steps[1] if len(steps) > 1 and steps[0] == "data" and isinstance(steps[1], int) else None


_UNKNOWN_FIELD = "Object contains unknown field `"


def unknown_field_of(error: Exception) -> tuple[str, list[Any]]:
    """The name of a field that a struct does not have, and the steps to its object; no name for any other error."""
    message = str(error)
    if not message.startswith(_UNKNOWN_FIELD):
        return "", []
    name, _, at = message[len(_UNKNOWN_FIELD) :].partition("`")
    return name, _steps(at[len(_AT) :]) if at else []


_NAMES = {dict: "object", list: "array", str: "str", int: "int", float: "float", bool: "bool", type(None): "null"}


def is_so(reason: str, value: Any) -> bool:
    """Whether `value` is amiss for that reason, as far as one sees: it is of a type that does not fit, for example.

    True of an object that is said to have an unknown field, which is seen when it is looked for.
    """
    if reason.startswith("Expected"):
        return reason.endswith(f"got `{_NAMES.get(value.__class__)}`")
    if reason.startswith("Object missing required field"):
        return value.__class__ is dict and reason[31:-1] not in value
    return value.__class__ is (str if reason.startswith("Invalid value") else dict)
