"""Reads again what strict decoding refused: keeps what is new, and says exactly what is wrong.

Here is all that a payload can hold that is not as the structs say. It is imported when the first such payload comes.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import ValidationError, convert

from .big_numbers import BigNumber, decode_plain
from .codec import REFUSALS, bytes_of
from .errors import DecodeError
from .unknown_fields import form_of, keep, keep_one

_BOM = b"\xef\xbb\xbf"
"""RFC 8259, section 8.1: nobody may send it, and anybody may ignore it."""


def read_again(shape: Any, data: bytes, refusal: Exception) -> Any:
    """Read as `shape` the `data` that strict decoding refused for `refusal`: a value, or a `DecodeError`."""
    given = bytes_of(data)
    if given is None:
        return DecodeError(reason=f"expected bytes, got {type(data).__name__}")
    try:
        return _read(shape, given, refusal)
    except REFUSALS as unreadable:
        return _unreadable(unreadable, given)


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
        return DecodeError(path=_path(mismatch, value, shape), reason=_reason(mismatch), body=data)


def _unreadable(refusal: Exception, data: bytes) -> DecodeError:
    if not data.strip():
        reason = "expected JSON, got nothing"
    elif isinstance(refusal, RecursionError):
        reason = "nested too deeply"
    elif isinstance(refusal, UnicodeDecodeError):
        reason = _not_utf8(refusal, data)
    else:
        reason = str(refusal)
    return DecodeError(reason=reason, body=data)


def _not_utf8(refusal: UnicodeDecodeError, data: bytes) -> str:
    """Msgspec counts from the start of a string somewhere in the data: count from the start of the data."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        refusal = error
    return f"not UTF-8: {refusal.reason} (byte {refusal.start})"


_LOCATED = re.compile(r"(.*) - at `\$(.*)`", re.DOTALL)
"""How msgspec says where a mismatch is, if it is not at the top."""

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")
"""A field, an element, or a member of an object that has no struct, which msgspec does not name."""


def _reason(mismatch: ValidationError) -> str:
    located = _LOCATED.fullmatch(str(mismatch))
    reason = located[1] if located else str(mismatch)
    return reason.replace(f"`{BigNumber.__name__}`", "a number out of range")


def _steps(refusal: Exception) -> list[str | int | None]:
    located = _LOCATED.fullmatch(str(refusal))
    found: list[tuple[str, str, str]] = _STEP.findall(located[2]) if located else []
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
