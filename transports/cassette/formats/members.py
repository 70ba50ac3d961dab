"""JSON objects that are read member by member; whatever was not read is listed.

Law: after `end` each member was read, or is a `NotCarried`, unless it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....codecs.lossless.plain import is_array, is_object
from ....core.http import Pairs
from .carried import NotCarried

NO_PLACE = "a cassette has no place for it"

_EMPTY: tuple[Any, ...] = (None, "", [], {}, -1)


class Members:
    """The object at `place`; `notes` is the list of what is not carried over. Raises `ValueError` for no object."""

    def __init__(self, value: Any, place: str, notes: list[NotCarried]) -> None:
        if not is_object(value):
            raise ValueError(f"{place or 'the file'}: expected an object, got {kind_of(value)}")
        self.place = place
        self.notes = notes
        self._rest = dict(value)

    def at(self, name: str) -> str:
        """The place of a member."""
        return f"{self.place}.{name}" if self.place else name

    def __contains__(self, name: str) -> bool:
        return name in self._rest

    def take(self, name: str, default: Any = None) -> Any:
        """Any member, which counts as read."""
        return self._rest.pop(name, default)

    def text(self, name: str, default: str | None = None) -> str:
        """A string. Raises `ValueError` where it is none, and where it lacks without a `default`."""
        value = self._rest.pop(name, default)
        if not isinstance(value, str):
            raise ValueError(f"{self.at(name)}: expected a string, got {kind_of(value)}")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A number that is finite. Raises `ValueError` as `text` does."""
        value = self._rest.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
            raise ValueError(f"{self.at(name)}: expected a number, got {kind_of(value)}")
        return value

    def status(self, name: str) -> int:
        """The status of a response."""
        value = self._rest.pop(name, None)
        if isinstance(value, bool) or not isinstance(value, int) or not 100 <= value <= 999:
            raise ValueError(f"{self.at(name)}: expected a status, got {kind_of(value)}")
        return value

    def object(self, name: str, *, lacking: bool = False) -> Members:
        """An object; an empty one where it may be `lacking`, and is."""
        value = self._rest.pop(name, None)
        return Members({} if lacking and value is None else value, self.at(name), self.notes)

    def array(self, name: str, *, lacking: bool = False) -> list[Any]:
        """An array; an empty one where it may be `lacking`, and is."""
        value = self._rest.pop(name, None)
        if lacking and value is None:
            return []
        if not is_array(value):
            raise ValueError(f"{self.at(name)}: expected an array, got {kind_of(value)}")
        return value

    def objects(self, name: str, *, lacking: bool = False) -> list[Members]:
        """An array of objects."""
        place = self.at(name)
        return [
            Members(value, f"{place}[{index}]", self.notes)
            for index, value in enumerate(self.array(name, lacking=lacking))
        ]

    def headers(self, name: str) -> Pairs:
        """An object from names of headers to a value, or to a list of values."""
        value = self._rest.pop(name, None)
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            raise ValueError(f"{self.at(name)}: expected an object, got {kind_of(value)}")
        found: list[tuple[str, str]] = []
        for header, values in Members(value, self.at(name), self.notes).rest().items():
            for one in values if is_array(values) else [values]:
                found.append((header, header_text(one, f"{self.at(name)}.{header}")))
        return tuple(found)

    def rest(self) -> dict[str, Any]:
        """What was not read yet, which counts as read now."""
        rest, self._rest = self._rest, {}
        return rest

    def note(self, name: str, reason: str) -> None:
        """Say that a member, or a part of one, is not carried over."""
        self.notes.append(NotCarried(self.at(name) if name else self.place, reason))

    def end(self, reason: str = NO_PLACE) -> None:
        """Say of each member that was not read, and is not empty, that it is not carried over."""
        for name, value in self.rest().items():
            if not any(value == empty and type(value) is type(empty) for empty in _EMPTY):
                self.note(name, reason)


def header_text(value: Any, place: str) -> str:
    """The value of a header, as text."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ValueError(f"{place}: is not UTF-8") from None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{place}: expected a string, got {kind_of(value)}")
    return str(value)


def kind_of(value: Any) -> str:
    """What a value is, in a word of JSON."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str | bytes):
        return "a string"
    return "an array" if is_array(value) else "an object"
