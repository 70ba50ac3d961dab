"""Each field of each schema dropped, each field of another type, one field more in each object: all of it decodes.

Law: it comes out as it went in, and is typed as without the change everywhere but in the innermost place that there is
for what is amiss: the optional field, the entry of a map, or the object of a union, that it is in. The fields for which
there is none are `NEEDED`, each with the reason why nothing can stand for it; they are a `DecodeError` with their path.
"""

from __future__ import annotations

import json as json_of_the_library
from collections.abc import Iterator
from random import Random
from typing import Any, TypeAlias

import pytest
from msgspec import Struct, json
from returns.result import Failure
from specification import SCHEMAS, Maker, examples

from puresponse.codecs import SCHEMAS as TYPES
from puresponse.codecs import Kept, Wire, decode, encode
from puresponse.codecs.lossless.codec import open_shape
from puresponse.codecs.lossless.forms import Form, form_of
from puresponse.codecs.lossless.plain import is_array, is_object, is_sequence

Path: TypeAlias = tuple[str | int, ...]

NEEDED: dict[tuple[str, str], str] = {}

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


def place_of(form: Form | None, payload: Any, path: Path) -> tuple[Path | None, str]:
    """The innermost place for what is amiss at `path` in a payload, and the path as the table has it.

    The place is None where there is none.
    """
    place: Path | None = None
    names = ""
    held = False
    for depth, step in enumerate(path):
        if isinstance(step, int):
            names += "[]"
            form, held = (form.elements if form is not None else None), False
        else:
            fields = None if form is None else form.fields_of(payload)
            place = path[:depth] if form is not None and form.open else place
            is_map = form is not None and fields is None and form.members is not None
            names += ".*" if is_map else f".{step}"
            if fields is None:
                place = path[: depth + 1] if is_map and held else place
                form, held = (form.members if form is not None else None), False
            else:
                place = path[: depth + 1] if step in fields.optional or step not in fields.names else place
                form, held = fields.forms().get(step), True
        payload = payload.get(step) if isinstance(step, str) else payload[step]
    return place, names.removeprefix(".")


def difference(before: Any, after: Any, path: Path) -> Path:
    """As much of `path` as leads to all that differs between two typed values."""
    if not path:
        return ()
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        alike = is_sequence(before) and is_sequence(after) and len(before) == len(after)
        if not alike or (*before[:step], *before[step + 1 :]) != (*after[:step], *after[step + 1 :]):
            return ()
        return (step, *difference(before[step], after[step], rest))
    if is_object(before) and is_object(after):
        if _without(before, step) != _without(after, step):
            return ()
        return (step, *difference(before.get(step), after.get(step), rest))
    if type(before) is not type(after) or not isinstance(before, Wire):
        return ()
    one, other = _members(before), _members(after)
    if _without(one, step) != _without(other, step):
        return ()
    if _without(_kept(before), step) != _without(_kept(after), step):
        return ()
    return (step, *difference(one.get(step), other.get(step), rest))


def _without(members: dict[str, Any], name: str) -> dict[str, Any]:
    return {one: value for one, value in members.items() if one != name}


def _members(value: Wire) -> dict[str, Any]:
    names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
    return {name: getattr(value, attribute) for attribute, name in names if attribute != "unknown_fields"}


def _kept(value: Wire) -> dict[str, Any]:
    return value.unknown_fields.to_dict() if isinstance(value.unknown_fields, Kept) else {}


def refused_by(schema: str, payload: Any, chosen: list[Change]) -> set[tuple[str, str]]:
    """Check what becomes of the changes; return where those were that were refused."""
    refused: set[tuple[str, str]] = set()
    before = decode(schema, json.encode(payload)).unwrap()
    form = form_of(open_shape(TYPES[schema]))
    for change in chosen:
        result = decode(schema, json.encode(change.payload))
        place, name = place_of(form, payload, change.path)
        if isinstance(result, Failure):
            error = result.failure()
            *above, last = change.path
            missing = (written(tuple(above)), f"Object missing required field `{last}`")
            assert (error.path, error.reason) == missing or error.path.startswith(written(change.path)), (change, error)
            assert place is None, (schema, change, error)
            refused.add((schema, name))
        else:
            after = result.unwrap()
            assert comes_out(after, change.payload), (schema, change)
            assert decode(schema, encode(after)) == result, (schema, change)
            kept_at = difference(before, after, change.path)
            assert place is None or kept_at[: len(place)] == place, (schema, change, place, kept_at)
            assert place is not None or kept_at == change.path or before == after, (schema, change, kept_at)
    return refused


def comes_out(value: Any, payload: Any) -> bool:
    """Whether a value is written as the payload, with no name twice."""
    return same(json_of_the_library.loads(encode(value), object_pairs_hook=_once), payload)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), pairs
    return members


def written(path: Path) -> str:
    """A path as errors have it."""
    steps = (f"[{step}]" if isinstance(step, int) else _member(step) for step in path)
    return "$" + "".join(steps)


def _member(name: str) -> str:
    return f".{name}" if name.isidentifier() else f"[{name!r}]"


def payloads(schema: str, seeds: range) -> list[Any]:
    """Payloads after a schema, small and large ones, and its own example."""
    made = [Maker(seed).make(SCHEMAS[schema], (5, 2, 3, 7)[seed % 4]) for seed in seeds]
    own = [example for name, example in examples() if name == schema]
    return [payload for payload in (*made, *own) if is_object(payload)]


def sampled(payload: Any, seed: str, most: int) -> list[Change]:
    """Changes of a payload: all that drop a field at the top or near it, and of the others some."""
    every = list(changes(payload))
    dropped = [one for one in every if len(one.path) <= 3 and one.drops]
    return [*dropped, *Random(seed).sample(every, min(most, len(every)))]


def sweep(seeds: range, most: int) -> set[tuple[str, str]]:
    """Check changes of payloads of all schemas; return where those were that were refused."""
    refused: set[tuple[str, str]] = set()
    for schema in SCHEMAS:
        for index, payload in enumerate(payloads(schema, seeds)):
            refused |= refused_by(schema, payload, sampled(payload, f"{schema} {index}", most))
    return refused


def main(seeds: int, most: int) -> Any:
    import collections

    refused = collections.Counter()
    for schema in SCHEMAS:
        for index, payload in enumerate(payloads(schema, range(seeds))):
            for change in sampled(payload, f"{schema} {index}", most):
                try:
                    refused.update(refused_by(schema, payload, [change]))
                except Exception as error:
                    print(
                        schema,
                        type(error).__name__,
                        str(error)[-600:],
                        change.path if not isinstance(error, AssertionError) else "",
                    )
    return refused


if __name__ == "__main__":
    import sys, time

    t = time.process_time()
    for key, count in sorted(main(int(sys.argv[1]), int(sys.argv[2])).items()):
        print(key, count)
    print(time.process_time() - t)
