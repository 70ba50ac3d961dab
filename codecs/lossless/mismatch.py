"""Where msgspec says that a value does not match its type.

It says so in the message, and nowhere else. This is the only module that reads the message; a test fails when msgspec
words it otherwise. A sender may have named a field so that this is such a text of its own: any text is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    """The steps of what follows `$` in the message, up to its last mark."""
    if "[" not in path:
        return [*path[1:-1].split(".")] if path != "`" else []
    names = path[:-1].replace("[...]", "[?]").replace("[", ".").replace("]", "").split(".")
    return [_index(name) if name.isdecimal() else None if name == "?" else name for name in names if name]


def _index(digits: str) -> int | str:
    """The index that is written so. More digits than any has, which the interpreter may not even read, are a name."""
    return int(digits) if len(digits) < _LONGEST_INDEX else digits


UNKNOWN_FIELD = "Object contains unknown field "
"""What `told` begins with for a field that a struct does not have, whose name is next."""


def told(error: Exception) -> list[str]:
    """What msgspec says, cut at the marks that it puts round names, types and the path: the quickest way to read it."""
    return str(error).split("`")


def names_along(said: list[str]) -> list[str]:
    """The steps to a mismatch of which this was `told`, as text: `""` and more for one that has no name."""
    path = said[-2:][0]
    if path[:1] != "$":
        return []
    if "[" in path:
        path = path.replace("[", ".").replace("]", "")
    return path[2:].split(".")


def told_of_element(said: list[str]) -> tuple[int, list[str]]:
    """The index of the element of an array that is amiss as `told`, and what is said of it alone.

    Nothing is said where all of it is amiss, and not what is within it. Raises `ValueError` where there is no index.
    """
    index, _, path = said[-2].removeprefix("$[").partition("]")
    return int(index), [*said[:-2], f"${path}", said[-1]] if path else []


_TRAILING = "JSON is malformed: trailing characters (byte "


def trailing_at(error: Exception) -> int:
    """Where what was read goes on after a whole value. Raises `ValueError` where it does not."""
    return int(str(error).removeprefix(_TRAILING).removesuffix(")")) - 1


EXPECTED = "Expected "
"""What `told` begins with for what is of another type; what it is, is fourth."""

NAMES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    type(None): "null",
}
"""What msgspec calls the types of what it has read."""


def is_so(said: list[str], value: Any) -> bool:
    """Whether `value` is amiss as `told`, as far as one sees: it is of a type that does not fit, for example."""
    reason = said[0]
    if reason == EXPECTED:
        return said[3] == NAMES.get(value.__class__)
    return reason == "Object missing required field " and value.__class__ is dict and said[1] not in value


def worded(steps: Sequence[str | int], said: Sequence[str]) -> str:
    """Where, and why: the JSON path, and the reason out of what was `told`."""
    reason = "`".join(said)
    return f"{path_of(steps)}: {readable(reason.rpartition(_AT)[0] or reason)}"


def readable(reason: str) -> str:
    """The reason in words that say nothing of how this library reads numbers."""
    return reason.replace("`BigNumber`", "a number out of range")


def path_of(steps: Sequence[str | int]) -> str:
    """The JSON path that these steps lead along."""
    return "$" + "".join(map(_written, steps))


def _written(step: str | int) -> str:
    if isinstance(step, int) or step.isdecimal():
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{step!r}]"
