"""Writes what was sent for a field that it does not fit: unless the field has been set since.

Law: of a field that is set, the value is written, and what was kept under its name is not; of a map, the entries that
fit and those that do not are written as one. No name is written twice in an object.

It works on what msgspec wrote, where a mark stands for a `Displaced` (see `codec.py`), and leaves marks as those of a
`Kept`: the fields that are set are the members that stand after it in the same object.
"""

from __future__ import annotations

import re

from msgspec import Raw, Struct, json

from .building import decoder_of

_MARK = b"\0"
_BEGIN = b"\0D"
_TOKEN = re.compile(rb'("(?:[^"\\]|\\.)*+")(:?)|[{}\[\]]|\0[^\0]*+\0', re.DOTALL)
"""A string, and whether it is the name of a member; where something begins or ends; what stands between marks."""


class _Displaced(Struct):
    entries: list[str]
    untagged: bool
    members: dict[str, Raw]


def settled(written: bytes) -> bytes:
    """Replace each mark of a `Displaced` by that of the members that are to be written."""
    edits: list[tuple[int, int, bytes]] = []
    mark = written.find(_BEGIN)
    while mark >= 0:
        end = written.index(_MARK, mark + 1)
        edits += _settled(written, mark, end)
        mark = written.find(_BEGIN, end + 1)
    chunks: list[bytes] = []
    start = 0
    for begin, end, text in sorted(edits):
        chunks += (written[start:begin], text)
        start = end
    return b"".join((*chunks, written[start:]))


def _settled(written: bytes, mark: int, end: int) -> list[tuple[int, int, bytes]]:
    """What takes the place of a mark, and what is to be put into the maps after it."""
    kept = decoder_of(_Displaced)(written[mark + len(_BEGIN) : end])
    later = _members(written, end + 1)
    members: list[bytes] = []
    edits: list[tuple[int, int, bytes]] = []
    for name, value in kept.members.items():
        at = later.get(json.encode(name))
        if at is None:
            members.append(json.encode(name) + b":" + value)
        elif name in kept.entries and written.startswith(b"{", at):
            edits.append((at + 1, at + 1, _others(bytes(value), _members(written, at + 1))))
    kind = b"U" if kept.untagged else b"K"
    return [*edits, (mark, end, _MARK + kind + b",".join(members))]


def _members(written: bytes, start: int) -> dict[bytes, int]:
    """The names of the members from there up to the end of their object, and where their values begin."""
    found: dict[bytes, int] = {}
    depth = 0
    for token in _TOKEN.finditer(written, start):
        name, colon = token.groups()
        if name is not None:
            if not depth and colon:
                found[name] = token.end()
        elif token[0] in {b"{", b"["}:
            depth += 1
        elif token[0] in {b"}", b"]"}:
            if not depth:
                break
            depth -= 1
    return found


def _others(entries: bytes, own: dict[bytes, int]) -> bytes:
    """The entries of a map that it does not have itself, to be written before its own."""
    members = [(json.encode(name), bytes(value)) for name, value in decoder_of(dict[str, Raw])(entries).items()]
    others = [name + b":" + value for name, value in members if name not in own]
    return b",".join(others) + (b"," if others and own else b"")
