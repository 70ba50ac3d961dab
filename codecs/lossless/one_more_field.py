"""Reads a payload with one field that no struct names, as most payloads are that strict decoding refuses.

Law: it gives what `fitting.py` gives, or None. The field is cut out of the bytes, the rest is read as strictly as ever,
and what was cut is put where it stood. That takes two strict readings, where fitting takes a reading of plain values
and a conversion, in which a page of a hundred items with one field more costs twice as much.

Most servers send null in it, and it is not the first of its object: so that is looked for first, at once.

What is cut out is the first member of that name. It was the one, and the only one, if the rest can be read; else None
is given. Where an object itself was sent twice, what the first held may be kept in the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import MsgspecError, json
from msgspec.structs import force_setattr

from .big_numbers import decode_plain
from .errors import UNREAD
from .mismatch import names_along, trailing_at
from .wire import Kept, kept_of

_ENDS = b",}"
"""What a member ends with."""


def read_but_one(decode: Callable[[bytes], Any], data: bytes, said: list[str]) -> Any:
    """Read `data`, of which `decode` said this of a field more (see `told`); None where that is not all there is."""
    name, kept = said[1], None
    try:
        before, found, after = data.partition(f',"{name}":null'.encode())
        if not found or after[0] not in _ENDS:
            before, written, after = _cut(data, name.encode())
            kept = decode_plain(written)
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


def _cut(data: bytes, name: bytes) -> tuple[bytes, bytes, bytes]:
    """What is before the first member of that name, its value, and what is after it. Raises `ValueError` for none."""
    before, _, after = data.partition(name)  # quicker than with its quotes, of which there are many
    quote, _, after = after.partition(b":")
    if not before.endswith(b'"') or quote.rstrip() != b'"':
        raise ValueError
    end = _end_of_value(after)
    before = before[:-1].rstrip()
    if before.endswith(b","):
        return before[:-1], after[:end], after[end:]
    return before, after[:end], after[end:].removeprefix(b",")


def _end_of_value(data: bytes) -> int:
    """Where the value ends that `data` begins with, and a member after it. Raises `ValueError` where that is not so."""
    try:
        json.decode(data)
    except MsgspecError as error:
        end = trailing_at(error)
        if data[end] in _ENDS:
            return end
    raise ValueError
