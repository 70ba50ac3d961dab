"""Every change of one member of a payload: left out, of another kind, one more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import UNSET, Struct

from puresponse.codecs.lossless.plain import is_array, is_object

Path: TypeAlias = tuple[str | int, ...]

OTHERS: tuple[Any, ...] = (None, True, 7, 3.0, 2.5, "odd", [], [7], {}, {"odd": 7})
"""Values of each kind, one of which a field is given that holds another kind."""

NOVEL = "novel_field"


class Change(Struct, frozen=True):
    """What is to be at a path of a payload; nothing where `held` is UNSET."""

    path: Path
    held: Any = UNSET

    @property
    def drops(self) -> bool:
        """Whether a member is left out."""
        return self.held is UNSET

    def of(self, payload: Any) -> Any:
        """The payload with the change."""
        *path, name = self.path
        return _with(payload, tuple(path), str(name), self.held)


def changes(payload: Any) -> Iterator[Change]:
    """Every change of a member of every object in a payload."""
    for path, holder in _objects(payload, ()):
        for name, held in holder.items():
            yield Change((*path, name))
            more: tuple[Any, ...] = ([*held, 7], [None, *held], [*held, {}]) if is_array(held) else ()
            for other in (*OTHERS, *more):
                if type(other) is not type(held) or other:
                    yield Change((*path, name), other)
        for novel in (None, {"odd": [7]}):
            yield Change((*path, NOVEL), novel)


def _objects(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if is_object(value):
        yield path, value
        for name, held in value.items():
            yield from _objects(held, (*path, name))
    elif is_array(value):
        for index, held in enumerate(value):
            yield from _objects(held, (*path, index))


def _with(payload: Any, path: Path, name: str, held: Any) -> Any:
    if path:
        changed = payload.copy()
        changed[path[0]] = _with(payload[path[0]], path[1:], name, held)
        return changed
    others = {one: value for one, value in payload.items() if held is not UNSET or one != name}
    return others if held is UNSET else {**others, name: held}


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: `3.0` is 3, and `true` is not 1."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other
