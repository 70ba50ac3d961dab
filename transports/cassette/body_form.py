"""Bytes as JSON that people can read and review, and back.

Law: what is read is what was written, byte for byte. Reading takes no more memory than a fixed multiple of what is read
(`_LARGEST`), whatever the file says.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from msgspec import UNSET, Raw, json

from ...codecs.lossless.errors import REFUSALS
from .file_structs import Bytes

_SPACINGS = (-1, 0, 2, 4)
"""How JSON is usually spaced: by msgspec's `indent`, compactly, on one line with spaces, or indented."""

_SPARE = (b"[" * 500, b"]" * 500)

_LARGEST = 64
"""How many times larger JSON may become by its spacing; a mebibyte is always allowed."""


def to_bytes_form(body: bytes) -> Bytes:
    """The form of `body` that is the most readable of those that keep every byte."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return Bytes(base64=b64encode(body).decode())
    spacing = _spacing(body)
    if spacing is not None:
        return Bytes(json=Raw(body), indent=UNSET if spacing == -1 else spacing)
    lines = text.splitlines(keepends=True)
    return Bytes(text=lines if len(lines) > 1 else text)


def from_bytes_form(form: Bytes, *others: object) -> bytes:
    """The bytes that were written so. Raises `ValueError`; `others` are further forms, which there must not be."""
    given = [value for value in (form.json, form.text, form.base64, *others) if value is not UNSET]
    if len(given) != 1 or (form.indent is not UNSET and form.json is UNSET):
        raise ValueError("bytes are one of json (with indent or without), text, base64, and of a body also chunks")
    if isinstance(form.json, Raw):
        return _spaced(bytes(form.json), form.indent if isinstance(form.indent, int) else -1)
    if isinstance(form.text, str | list):
        return "".join(form.text).encode()
    try:
        return b64decode(str(form.base64), validate=True)
    except ValueError as error:
        raise ValueError(f"base64: {error}") from None


def spaced_as(before: str, written: bytes) -> str:
    """JSON that was written anew, spaced as the text that it takes the place of."""
    spacing = _spacing(before.encode("utf-8", "surrogateescape"))
    return json.format(written, indent=-1 if spacing is None else spacing).decode()


def _spaced(body: bytes, indent: int) -> bytes:
    if indent not in _SPACINGS:
        raise ValueError(f"indent is {indent}; it is 0, 2 or 4, or left out")
    if indent > 0 and not _is_in_bounds(body):
        raise ValueError(f"json would become more than {_LARGEST} times larger by its indent")
    try:
        return json.format(body, indent=indent)
    except REFUSALS as error:
        raise ValueError(f"json: {error}") from None


def _spacing(body: bytes) -> int | None:
    """How JSON is spaced; None for what is no JSON, is spaced in any other way, or could not be read everywhere."""
    try:
        # With room to spare: what is nested nearly too deeply could be kept here, and not be read elsewhere.
        json.decode(_SPARE[0] + body + _SPARE[1])
        if _is_in_bounds(json.format(body, indent=-1)):
            for indent in _SPACINGS:
                # The cassette has the JSON as it was received, character by character, only spaced otherwise.
                if json.format(json.format(body, indent=2), indent=indent) == body:
                    return indent
    except REFUSALS:
        pass
    return None


def _is_in_bounds(body: bytes) -> bool:
    """Whether JSON stays in proportion to itself however it is spaced."""
    if len(body) < _SMALL:
        return True
    spaces = depth = 0
    for byte in _STRINGS.sub(b"", body).translate(None, delete=_UNSTRUCTURED):
        if byte in b"[{":
            depth += 1
        elif byte in b"]}":
            depth -= 1
        spaces += depth * _SPACINGS[-1] + 2
    return spaces <= _LARGEST * len(body) + 2**20


_SMALL = 512
"""Bytes that cannot become a mebibyte, however they are nested."""

_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_UNSTRUCTURED = bytes(set(range(256)) - set(b"[]{},:"))
