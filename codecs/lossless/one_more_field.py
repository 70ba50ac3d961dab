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
from .mismatch import unknown_field_of
from .wire import Kept, Wire

_VALUE = re.compile(
    rb'"\s*+:\s*+(null|true|false|-?[0-9][0-9.eE+-]*+|"(?:[^"\\]|\\.)*+"|\[\s*+\]|\{\s*+\})\s*+(,?)', re.DOTALL
)


def read_but_one(decode: Callable[[bytes], Any], data: bytes, refusal: Exception) -> Any:
    """Read `data`, which `decode` refused for `refusal`; None where one field more is not all that there is to it."""
    name, steps = unknown_field_of(refusal)
    if not name:
        return None
    key = name.encode()
    start = data.find(key)  # which is quicker than to look for it with its quotes, of which there are many
    member = _VALUE.match(data, start + len(key)) if start > 0 else None
    if member is None or not data.startswith(b'"', start - 1):
        return None
    before = data[: start - 1]
    if not member[2]:
        before = before.rstrip().removesuffix(b",")
    try:
        holder = value = decode(before + data[member.end() :])
        for step in steps:
            holder = holder[step] if step.__class__ is int else getattr(holder, step)
        kept = None if member[1] == b"null" else decode_plain(member[1])
    except (*UNREAD, AttributeError, LookupError):
        return None
    if not isinstance(holder, Wire) or holder.unknown_fields:
        return None
    force_setattr(holder, "unknown_fields", Kept({name: kept}))
    return value
