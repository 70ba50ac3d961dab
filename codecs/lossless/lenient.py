"""Reads again what strict decoding refused: keeps what is new, and says exactly what is wrong.

Here is all that a payload can hold that is not as the structs say. It is imported when the first such payload comes.
"""

from __future__ import annotations

from typing import Any

from msgspec import Raw, ValidationError, convert

from .big_numbers import BigNumber, decode_plain
from .errors import REFUSALS, DecodeError, bytes_of, explained
from .fitting import Misfit, fit
from .forms import form_of
from .mismatch import mismatch_of, steps_of

_BOM = b"\xef\xbb\xbf"
"""RFC 8259, section 8.1: nobody may send it, and anybody may ignore it."""


class Lenient:
    """Reads a type that strict decoding could not read."""

    __slots__ = ("form", "shape")

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        self.form = form_of(shape)

    def read(self, data: bytes, refusal: Exception) -> Any:
        """Read the `data` that the strict decoder refused for `refusal`: a value, or a `DecodeError`."""
        given: Any = data if data.__class__ is bytes else bytes_of(data)
        if given is None:
            return _error(refusal, data)
        try:
            value = decode_plain(given)
        except REFUSALS as unreadable:
            return self.read(given[len(_BOM) :], refusal) if given.startswith(_BOM) else _error(unreadable, given)
        try:
            return fit(self.form, value, refusal) if self.form.keeps else _converted(self.shape, value, given)
        except Misfit as misfit:
            return DecodeError(path=misfit.path, reason=misfit.reason, body=given)
        except REFUSALS as unreadable:
            return _error(unreadable, given)

    def element(self, refusal: Exception) -> int | None:
        """The index of the element of a list, in its `data`, in which something was refused; None for anything else."""
        path = steps_of(refusal)[0][:2]
        return path[1] if path[:1] == ["data"] and len(path) > 1 and isinstance(path[1], int) else None

    def read_element(self, data: Raw) -> Any:
        """Read one element of a list: a value, or a `DecodeError`."""
        fields = self.form.untagged
        elements = None if fields is None else fields.forms()["data"].elements
        value = decode_plain(bytes(data))
        try:
            return value if elements is None else fit(elements, value)
        except Misfit as misfit:
            return DecodeError(path=misfit.path, reason=misfit.reason)


def _error(refusal: Exception, data: Any) -> DecodeError:
    path, reason = explained(refusal, data)
    return DecodeError(path=path, reason=reason, body=bytes_of(data) or b"")


def _converted(shape: Any, value: Any, data: bytes) -> Any:
    """The same for a type that has no struct of the API in it: nothing is kept there."""
    try:
        return convert(value, shape)
    except ValidationError as mismatch:
        reason = mismatch_of(mismatch)[1].replace(f"`{BigNumber.__name__}`", "a number out of range")
        return DecodeError(path=_path(mismatch, value, shape), reason=reason, body=data)


def _path(mismatch: ValidationError, value: Any, shape: Any) -> str:
    """The JSON path of a mismatch in `value`, with the names that msgspec leaves out."""
    path, node = "$", value
    for step in steps_of(mismatch)[0]:
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
