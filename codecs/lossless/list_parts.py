"""Cuts a long list into short ones, so that what is amiss in one of them is read again, and the others are not.

Law: if each part can be read, so can the list, and it holds what they hold, one after the other.

For what is cut begins with the list's own `{` and the `[` of its `data`, and ends with the last `]` there is. Between,
it is cut after a `}` where the next object begins as the first one did. That may be within an object, or a string; then
what is before it is no array of whole objects, and cannot be read.
"""

from __future__ import annotations

import re

_begin = re.compile(
    rb'\s*+\{\s*+(?:"object"\s*+:\s*+"list"\s*+,\s*+)?"data"\s*+:\s*+\[(\s*+\{\s*+"[^"\\]*+"\s*+:)'
).match
"""Up to the name of the first member of the first object: how it is written tells objects of the list from others."""


def parts_of(data: bytes, size: int) -> list[bytes]:
    """The list without its elements, and lists of the elements, each of about `size` bytes; none where it is short."""
    count = len(data) // size
    size = len(data) // count if count else size
    begin = _begin(data) if count > 1 else None
    if begin is None:
        return []
    between = b"}," + begin[1]
    start, end = begin.start(1), data.rfind(b"]")
    parts = [data[:start] + data[end:]]
    for part in range(1, count):
        cut = data.find(between, part * size, end) + 1
        if cut > start:
            parts.append(b'{"data":[%b]}' % data[start:cut])
            start = cut + 1
    parts.append(b'{"data":[%b]}' % data[start:end])
    return parts
