"""Values as numbers: equal values have the same one, however they came to be.

Law: structs, results, rows, mappings and trees of frames are the same where their parts are; what is no data (a lambda,
an object that compares by identity) is the same only as itself, and is told of. What was numbered stays alive as long
as the numbers do, so that an object that is met again costs a glance.

Beside it: the highest number that an id within a value has (`resp_000012`), so that the service can issue the lowest
that nobody holds, and states that differ in names alone do not differ at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from operator import attrgetter
from types import BuiltinFunctionType, FunctionType
from typing import Any

from msgspec import Struct
from returns.result import Failure, Success

from ....core.frame_trees import Then, Under, flattened

_NAMED = re.compile(r"_(\d{6,15})(?!\d)")
_NAMED_BYTES = re.compile(rb"_(\d{6,15})(?!\d)")
_NUMBERS = frozenset({int, float, bool})
_NONE = type(None)
_OTHER = "other"


class Sameness:
    """Numbers values. `opaque` has what is no data, as text; `highest[number]` the highest id within a value."""

    def __init__(self) -> None:
        self._by_identity: dict[int, int] = {}
        self._numbers: dict[Any, int] = {}
        self._kept: list[Any] = []
        self._parts_of: dict[type[Any], Any] = {}
        self.highest: list[int] = []
        self.opaque: dict[str, None] = {}

    def of(self, value: Any) -> int:
        """The number of a value."""
        number = self._by_identity.get(id(value))
        return self._first_seen(value) if number is None else number

    def _first_seen(self, value: Any) -> int:
        kind = value.__class__
        if kind is str or kind is bytes or kind is _NONE or kind in _NUMBERS:
            return self._numbered((kind, value), (value,) if kind not in _NUMBERS else ())
        parts_of = self._parts_of.get(kind)
        if parts_of is None:
            parts_of = self._parts_of[kind] = _way_to_parts(kind)
        parts = parts_of(value)
        if parts is None:
            number = self._other(kind, value)
        else:
            # Texts stand for themselves; numbers with their types, since 1 == 1.0 == True; all else by its number.
            known = self._by_identity
            key: list[Any] = [kind]
            for part in parts:
                part_kind = part.__class__
                if part_kind is str or part_kind is _NONE or part_kind is bytes:
                    key.append(part)
                elif part_kind in _NUMBERS:
                    key.append((part_kind, part))
                else:
                    inner = known.get(id(part))
                    key.append(self._first_seen(part) if inner is None else inner)
            number = self._numbered(tuple(key), key)
        self._by_identity[id(value)] = number
        self._kept.append(value)
        return number

    def _numbered(self, key: tuple[Any, ...], parts: Iterable[Any]) -> int:
        number = self._numbers.get(key)
        if number is None:
            highest = self.highest
            number = self._new(key, max([_highest_in(highest, part) for part in parts], default=0))
        return number

    def _other(self, kind: type[Any], value: Any) -> int:
        """What compares as its type says: by identity, mostly."""
        try:
            key: Any = (_OTHER, kind, value)
            number = self._numbers.get(key)
        except TypeError:
            key = (_OTHER, kind, None, id(value))
            number = self._numbers.get(key)
        if number is not None:
            return number
        if not _is_importable(value):
            self.opaque[repr(value)[:200]] = None
        return self._new(key, 0)

    def _new(self, key: Any, highest: int) -> int:
        number = len(self.highest)
        self.highest.append(highest)
        self._numbers[key] = number
        return number


def _highest_in(highest: list[int], part: Any) -> int:
    kind = part.__class__
    if kind is int:
        number: int = part
        return highest[number]
    if kind is str:
        found: list[Any] = _NAMED.findall(part)
    elif kind is bytes:
        found = _NAMED_BYTES.findall(part)
    else:
        return 0
    return max(map(int, found), default=0)


def _way_to_parts(kind: type[Any]) -> Any:
    """A function from a value of a type to its parts; one that returns None where it has none."""
    if issubclass(kind, Then | Under):
        return _parts_of_tree
    if issubclass(kind, Struct):
        names = kind.__struct_fields__
        if len(names) > 1:
            return attrgetter(*names)
        return partial(_only_part, names[0]) if names else _no_parts
    if issubclass(kind, Success):
        return _parts_of_success
    if issubclass(kind, Failure):
        return _parts_of_failure
    if kind is list or issubclass(kind, tuple):
        return _itself
    if kind in (set, frozenset):
        return _parts_of_set
    if kind is dict:
        return _parts_of_dict
    return _none


def _parts_of_tree(tree: Any) -> tuple[Any, ...]:
    frames, ends = flattened(tree)
    return (*frames, *ends)


def _only_part(name: str, value: Any) -> tuple[Any, ...]:
    return (getattr(value, name),)


def _no_parts(value: Any) -> tuple[Any, ...]:
    return ()


def _itself(value: Any) -> Any:
    return value


def _none(value: Any) -> None:
    return None


def _parts_of_set(value: Any) -> list[Any]:
    return sorted(value, key=repr)


def _parts_of_success(result: Any) -> tuple[Any, ...]:
    return (result.unwrap(),)


def _parts_of_failure(result: Any) -> tuple[Any, ...]:
    return (result.failure(),)


def _parts_of_dict(given: Mapping[Any, Any]) -> list[Any]:
    return [part for pair in given.items() for part in pair]


def _is_importable(value: Any) -> bool:
    """Whether a value is a type or a function of a module, which a name leads to, or is of a library's own types."""
    if isinstance(value, FunctionType | BuiltinFunctionType | type):
        return "<" not in value.__qualname__
    return not callable(value)
