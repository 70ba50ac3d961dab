"""Every change of one member of a payload: left out, of another kind, one more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from puresponse.codecs.lossless.plain import is_array, is_object

Path: TypeAlias = tuple[str | int, ...]

OTHERS: tuple[Any, ...] = (None, True, 7, 3.0, 2.5, "odd", [], [7], {}, {"odd": 7})
"""Values of each kind, one of which a field is given that holds another kind."""

NOVEL = "novel_field"


class Change(Struct, frozen=True):
    """A payload with one change, at a path."""

    path: Path
    payload: Any
    drops: bool = False


def changes(payload: Any) -> Iterator[Change]:
    """Every change of a member of every object in a payload."""
    for path, holder in _objects(payload, ()):
        for name, held in holder.items():
            others = {one: value for one, value in holder.items() if one != name}
            yield Change((*path, name), _with(payload, path, others), drops=True)
            more = ([*held, 7], [None, *held], [*held, {}]) if is_array(held) else ()
            for other in (*OTHERS, *more):
                if type(other) is not type(held) or other:
                    yield Change((*path, name), _with(payload, path, {**holder, name: other}))
        for novel in (None, {"odd": [7]}):
            yield Change((*path, NOVEL), _with(payload, path, {**holder, NOVEL: novel}))


def _objects(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if is_object(value):
        yield path, value
        for name, held in value.items():
            yield from _objects(held, (*path, name))
    elif is_array(value):
        for index, held in enumerate(value):
            yield from _objects(held, (*path, index))


def _with(payload: Any, path: Path, held: Any) -> Any:
    """The payload with something else at a path."""
    if not path:
        return held
    step, *rest = path
    changed = payload.copy()
    changed[step] = _with(payload[step], tuple(rest), held)
    return changed


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: `3.0` is 3, and `true` is not 1."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other
