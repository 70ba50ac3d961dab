"""Reads again what strict decoding refused: keeps what is new, and says exactly what is wrong.

Here is all that a payload can hold that is not as the structs say. It is imported for the first such payload.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import ValidationError, convert

from .big_numbers import BigNumber, decode_plain
from .errors import REFUSALS, DecodeError, bytes_of, explained
from .mismatch import mismatch_of
from .unknown_fields import form_of, keep, keep_one

_BOM = b"\xef\xbb\xbf"
"""RFC 8259, section 8.1: nobody may send it, and anybody may ignore it."""


def read_again(shape: Any, data: bytes, refusal: Exception) -> Any:
    """Read as `shape` the `data` that strict decoding refused for `refusal`: a value, or a `DecodeError`."""
    given = bytes_of(data)
    if given is not None:
        try:
            return _read(shape, given, refusal)
        except REFUSALS as unreadable:
            refusal = unreadable
    path, reason = explained(refusal, data)
    return DecodeError(path=path, reason=reason, body=given or b"")


def _read(shape: Any, data: bytes, refusal: Exception) -> Any:
    value = decode_plain(data.removeprefix(_BOM))
    form = form_of(shape)
    value = keep_one(form, value, _steps(refusal))
    try:
        return convert(value, shape)
    except ValidationError:
        value = keep(form, value)
    try:
        return convert(value, shape)
    except ValidationError as mismatch:
        reason = mismatch_of(mismatch)[1].replace(f"`{BigNumber.__name__}`", "a number out of range")
        return DecodeError(path=_path(mismatch, value, shape), reason=reason, body=data)


_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")
"""A field, an element, or a member of an object that has no struct, which msgspec does not name."""


def _steps(refusal: Exception) -> list[str | int | None]:
    path = mismatch_of(refusal)[0] if isinstance(refusal, ValidationError) else "$"
    found: list[tuple[str, str, str]] = _STEP.findall(path)
    return [None if gap else name or int(index) for name, index, gap in found]


def _path(mismatch: ValidationError, value: Any, shape: Any) -> str:
    """The JSON path of a mismatch in `value`, with the names that msgspec leaves out."""
    path, node = "$", value
    for step in _steps(mismatch):
        known = _culprit(node, value, shape, str(mismatch)) if step is None else step
        node = node[known]
        if isinstance(known, int):
            path += f"[{known}]"
        else:
            path += f".{known}" if known.isidentifier() else f"[{known!r}]"
    return path


def _culprit(node: dict[str, Any], value: Any, shape: Any, message: str) -> str:
    """The first member of `node`, somewhere in `value`, for which msgspec says `message`."""
    members = list(node.items())
    low, high = 1, len(members)
    while low < high:
        middle = (low + high) // 2
        node.clear()
        node.update(members[:middle])
        try:
            convert(value, shape)
            low = middle + 1
        except ValidationError as mismatch:
            if str(mismatch) == message:
                high = middle
            else:
                low = middle + 1
    node.clear()
    node.update(members)
    return members[low - 1][0]
