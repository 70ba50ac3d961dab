"""Numbers that neither an `int` nor a `float` of Python holds, kept as they were written.

Law: JSON's numbers are read as RFC 8259, section 6, expects: integers exactly, others as the nearest IEEE double, so
that digits beyond a double's are rounded and what is nearer to zero than any double is zero. What no double holds
(`1e400`), and integers of more digits than the interpreter reads (4,300), is kept: a `BigNumber` is written as it was
read. In a field that the structs name, where a `float` or an `int` is meant, such a number is refused like any other
value that does not fit.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from msgspec import ValidationError, json

from .building import plain_decoder_of

_LONG_INTEGERS = rb'(?s)"(?:[^"\\]++|\\.)*+"|(-?[0-9]{4301,}+)(?![.eE])'
"""Strings, which are passed over, and integers that are not read."""

_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"


class BigNumber:
    """A JSON number that is out of range; `text` is how it is written. Raises `ValueError` for what is no number."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        if re.fullmatch(_NUMBER, text) is None:
            raise ValueError("text: expected a number as JSON writes it (RFC 8259, section 6)")
        object.__setattr__(self, "text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a BigNumber is immutable; {name!r} cannot be set")

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, BigNumber) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        from .shortened_repr import shortened

        return f"BigNumber({shortened(self.text)!r})"

    def __reduce__(self) -> tuple[type[BigNumber], tuple[str]]:
        return BigNumber, (self.text,)


def decode_plain(data: bytes) -> Any:
    """Read JSON as plain values, with a `BigNumber` where a number is out of range. Raises as `json.decode` does."""
    try:
        return json.decode(data)
    except ValidationError:  # where no type is asked for, nothing else is refused so
        return plain_decoder_of(_number)(re.sub(_LONG_INTEGERS, _as_float, data))


def _as_float(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] is None else found[1] + b"e0"


def _number(text: str) -> float | BigNumber:
    number = float(text)
    if isfinite(number):
        return number
    return BigNumber(text.removesuffix("e0"))
