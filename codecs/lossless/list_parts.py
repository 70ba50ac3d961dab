"""Cuts a long list into shorter ones, so that what is amiss in one of them is read again, and the others are not.

Law: if each part is JSON, so is the list, and it holds what they hold, one after the other.

For what is cut begins with the list's own `{` and the `[` of its `data`, and ends with the last `]` there is. Between,
it is cut after a `}` where the next object begins as the first one did. That may be within an object, or a string; then
what is before it is no array of whole elements, and no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BEGIN = rb'\s*+\{\s*+(?:"object"\s*+:\s*+"list"\s*+,\s*+)?"data"\s*+:\s*+\[(\s*+\{\s*+"[^"\\]*+"\s*+:)'
"""Up to the name of the first member of the first object: how it is written tells objects of the list from others."""


def parts_of(data: bytes, size: int) -> Iterator[bytes]:
    """The list without its elements, and arrays of the elements, each of about `size` bytes; none where it is short."""
    begin = re.match(_BEGIN, data) if data.__class__ is bytes and len(data) > 2 * size else None
    if begin is None:
        return
    between = b"}," + begin[1]
    start, end = begin.start(1), data.rfind(b"]")
    view = memoryview(data)
    yield data[:start] + data[end:]
    for near in range(start + size, end - size, size):
        cut = data.find(between, near, end) + 1
        if cut > start:
            yield b"".join((b"[", view[start:cut], b"]"))
            start = cut + 1
    yield b"".join((b"[", view[start:end], b"]"))
