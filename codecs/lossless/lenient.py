"""Reads again what strict decoding refused: keeps what is new, and says exactly what is wrong.

Here is all that a payload can hold that is not as the structs say. It is imported for the first such payload.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import ValidationError, convert

from .big_numbers import decode_plain
from .errors import REFUSALS, DecodeError, bytes_of, explained
from .fitting import Misfit, fit
from .forms import form_of
from .mismatch import UNKNOWN_FIELD, mismatch_of, readable, steps_of, told
from .one_misfit import fit_one
from .one_more_field import read_but_one

_BOM = b"\xef\xbb\xbf"
"""RFC 8259, section 8.1: nobody may send it, and anybody may ignore it."""


class Lenient:
    """Reads a type that strict decoding could not read."""

    __slots__ = ("_decode", "form", "shape")

    read_but_one = staticmethod(read_but_one)
    fit_one = staticmethod(fit_one)

    def __init__(self, shape: Any, decode: Callable[[bytes], Any]) -> None:
        self.shape = shape
        self._decode = decode
        self.form = form_of(shape)

    def read(self, data: bytes, refusal: Exception) -> Any:
        """Read the `data` that the strict decoder refused for `refusal`: a value, or a `DecodeError`."""
        if data.__class__ is not bytes:
            given = bytes_of(data)
            return _error(refusal, data) if given is None else self.read(given, refusal)
        said = told(refusal)
        form = self.form
        if form.keeps:
            value = read_but_one(self._decode, data, said) if said[0] == UNKNOWN_FIELD else None
            if value is None:
                value = fit_one(form, data, said)
            if value is not None:
                return value
        given = data.removeprefix(_BOM)
        try:
            value = decode_plain(given)
            return fit(form, value) if form.keeps else _converted(self.shape, value, data)
        except Misfit as misfit:
            path, reason = misfit.explained()
            return DecodeError(path=path, reason=reason, body=data)
        except REFUSALS as unreadable:
            return _error(unreadable, data)


def _error(refusal: Exception, data: Any) -> DecodeError:
    path, reason = explained(refusal, data)
    return DecodeError(path=path, reason=reason, body=bytes_of(data) or b"")


def _converted(shape: Any, value: Any, data: bytes) -> Any:
    """The same for a type that has no struct of the API in it: nothing is kept there."""
    try:
        return convert(value, shape)
    except ValidationError as mismatch:
        reason = readable(mismatch_of(mismatch)[1])
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
