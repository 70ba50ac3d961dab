"""Reads a payload with one field that no struct names, as most payloads are that strict decoding refuses.

Law: it gives what `fitting.py` gives, or None. The field is cut out of the bytes, the rest is read as strictly as ever,
and what was cut is put where it stood. That takes two strict readings, where fitting takes a reading of plain values
and a conversion, in which a page of a hundred items with one field more costs twice as much.

What is cut out is the first member of that name. It was the one, and the only one, if the rest can be read; else None
is given. Where an object itself was sent twice, what the first held may be kept in the one that counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import force_setattr

from .big_numbers import decode_plain
from .errors import UNREAD
from .mismatch import names_along
from .wire import Kept, kept_of

_member = re.compile(
    rb'"\s*+:\s*+(null|true|false|-?[0-9][0-9.eE+-]*+|"(?:[^"\\]|\\.)*+"|\[\s*+\]|\{\s*+\})\s*+[,}]', re.DOTALL
).match
"""The end of a member's name, its value, and what ends a member."""

_QUOTE, _COMMA = b'",'
_ENDS = b",}"


def read_but_one(decode: Callable[[bytes], Any], data: bytes, said: list[str]) -> Any:
    """Read `data`, of which `decode` said this of a field more (see `told`); None where that is not all there is."""
    name, kept = said[1], None
    try:
        before, found, after = data.partition(f',"{name}":null'.encode())  # as most are
        if not found or after[0] not in _ENDS:
            before, _, after = data.partition(name.encode())
            member = _member(after)
            if member is None or before[-1] != _QUOTE:
                return None
            kept = decode_plain(member[1])
            end = member.end()
            before = before[:-1]
            if after[end - 1] != _COMMA:
                before = before.rstrip().removesuffix(b",")
                end -= 1
            after = after[end:]
        holder = value = decode(before + after)
        if said[3:]:
            step = said[-2][2:]
            if step.isidentifier():  # as most are
                holder = getattr(value, step)
            else:
                for step in names_along(said):
                    holder = holder[int(step)] if holder.__class__ is tuple else getattr(holder, step)
        force_setattr(holder, "unknown_fields", kept_of(Kept, {name: kept}))
    except (*UNREAD, AttributeError, LookupError, ValueError):
        return None
    return value
