"""What was sent under a name, whether it fits there or not: what a program goes on by is read so.

Law: a value of the type that is expected is taken as it is, also where its struct has no place for it: from the `raw`
of an `Unknown`, and from `unknown_fields`. 1, 0, `"true"` and `"false"` are taken for the booleans that they stand for,
and `3.0` for the integer that it is. Anything else says nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from .plain import is_mapping
from .wire import Unknown, Wire

_FLAGS = {"true": True, "false": False}


def sent(value: Any, name: str) -> Any:
    """What `value`, an object of the API or its members, was sent with under `name`; UNSET where that is nothing."""
    if isinstance(value, Unknown):
        return value.raw.get(name, UNSET)
    if is_mapping(value):
        return value.get(name, UNSET)
    held = getattr(value, name, UNSET)
    if held is UNSET and isinstance(value, Wire) and value.unknown_fields:
        return value.unknown_fields.get(name, UNSET)
    return held


def sent_flag(value: Any, name: str) -> bool | None:
    """The same as a boolean; None where it says neither true nor false."""
    held = sent(value, name)
    if isinstance(held, str):
        return _FLAGS.get(held.lower())
    return bool(held) if isinstance(held, int | float) and held in {0, 1} else None


def sent_number(value: Any, name: str) -> int | None:
    """The same as an integer; None where it is none."""
    held = sent(value, name)
    if type(held) is float and held.is_integer():
        return int(held)
    return held if type(held) is int else None


def sent_id(value: Any, name: str) -> str | None:
    """The same as an id; None where it is none, or empty."""
    held = sent(value, name)
    return held if isinstance(held, str) and held else None
