"""Ids in the lines of a file: plain, or in JSON.

Laws: lines are read as they are asked for. A line that names no id is told with its number, and ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_object

COMMENT = "#"
_DEFAULT_FIELD = "id"


class WrongLine(Struct, frozen=True):
    """A line that names no id: where it is, and what is wrong with it."""

    place: str
    reason: str


def ids_in(lines: Iterable[bytes], name: str, field: str | None = None) -> Iterator[str | WrongLine]:
    """The ids that the lines of the file `name` hold.

    A line is an id, or an object of JSON that has it in `field`: a name, or names with points between them. With a
    `field` every line is JSON. Blank lines, those that begin with `#`, and what follows an id and a `#` are passed
    over. A byte order mark and the ends of lines of Windows are no part of an id.
    """
    for number, line in enumerate(lines, 1):
        place = f"{name}:{number}"
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            yield WrongLine(place, "it is not UTF-8")
            continue
        text = text.removeprefix("\ufeff").strip() if number == 1 else text.strip()
        if not text or text.startswith(COMMENT):
            continue
        yield _in_json(place, text, field or _DEFAULT_FIELD) if field or text.startswith("{") else _plain(place, text)


def _plain(place: str, text: str) -> str | WrongLine:
    words = text.split()
    if len(words) > 1 and not words[1].startswith(COMMENT):
        return WrongLine(place, "it has more than one word, and an id has no spaces")
    return words[0]


def _in_json(place: str, text: str, field: str) -> str | WrongLine:
    try:
        value: Any = json.decode(text)
    except REFUSALS:
        return WrongLine(place, "it is not JSON")
    for name in field.split("."):
        if not is_object(value) or name not in value:
            near = _nearest(name, value) if is_object(value) else ""
            return WrongLine(place, f"it has no field {field!r}{near}")
        value = value[name]
    if not isinstance(value, str) or not value.strip():
        return WrongLine(place, f"its field {field!r} is no id")
    return value.strip()


def _nearest(name: str, members: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(members), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(map(repr, near))}?" if near else ""
