"""When two requests are the same, and how to say in words what differs.

Two requests are the same if method, path, query and body are. The order of query parameters of different names does not
count, nor do spelling, white space and the order of keys in a JSON body. Headers do not count, nor do `idempotent`,
`timeout` and `total`, nor whether the body of the answer is opened or not: they say how to send, not what is asked.

What is shown of requests has no credential that they were given by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from operator import itemgetter
from typing import Any, TypeAlias

from msgspec import json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_array, is_object
from ...core.credentials import hide_in_request
from ...core.errors import NoRecording
from ...core.http import HttpRequest, Pairs

Key: TypeAlias = tuple[str, str, Pairs, tuple[str, bytes] | None]

MOST = 12
"""How many differences are listed; of more, only how many they are."""

WIDTH = 60
"""How many characters of a long text are shown."""


def request_key(request: HttpRequest) -> Key:
    """What same requests have in common, as one hashable value."""
    return request.method, request.path, _sorted(request.query), _body_key(request.body)


def differences(asked: HttpRequest, known: HttpRequest, *, known_as: str = "recorded") -> tuple[str, ...]:
    """Say how `asked` differs from `known`, in words; nothing where they are the same.

    `known_as` says what `known` is: a request that was `recorded`, or one that is `expected`.
    """
    found = list(_differences(hide_in_request(asked), hide_in_request(known), known_as))
    more = len(found) - MOST
    return (*found[:MOST], f"and {more} more differences") if more > 0 else tuple(found)


def no_recording(asked: HttpRequest, known: Iterable[HttpRequest]) -> NoRecording:
    """Make the error for a request that is none of `known`: it names the nearest of them, and what differs."""
    asked = hide_in_request(asked)
    by_address: dict[int, list[HttpRequest]] = {}
    for request in map(hide_in_request, known):
        by_address.setdefault(_address_distance(asked, request), []).append(request)
    if not by_address:
        return NoRecording(request=asked)
    candidates = by_address[min(by_address)]
    counts = [len(list(_differences(asked, request, ""))) for request in candidates]
    nearest = candidates[counts.index(min(counts))]
    return NoRecording(request=asked, nearest=nearest, differences=differences(asked, nearest))


def _address_distance(asked: HttpRequest, known: HttpRequest) -> int:
    """How far apart method and path are: a path segment weighs less than the method, a missing one more."""
    distance = 0 if asked.method == known.method else 3
    for ours, theirs in zip_longest(asked.path.split("/"), known.path.split("/")):
        if ours != theirs:
            distance += 4 if ours is None or theirs is None else 2
    return distance


def _differences(asked: HttpRequest, known: HttpRequest, known_as: str) -> Iterator[str]:
    if asked.method != known.method:
        yield f"method: asked {asked.method}, {known_as} {known.method}"
    if asked.path != known.path:
        yield f"path: asked {asked.path}, {known_as} {known.path}"
    yield from _query_differences(asked.query, known.query, known_as)
    if _body_key(asked.body) != _body_key(known.body):
        yield from _body_differences(asked.body, known.body, known_as)


def _query_differences(asked: Pairs, known: Pairs, known_as: str) -> Iterator[str]:
    ours, theirs = _by_name(asked), _by_name(known)
    for name in dict.fromkeys((*ours, *theirs)):
        if ours.get(name) != theirs.get(name):
            yield f"query {name}: asked {_listed(ours.get(name))}, {known_as} {_listed(theirs.get(name))}"


def _by_name(pairs: Pairs) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _listed(values: list[str] | None) -> str:
    return "none" if values is None else ", ".join(map(repr, values))


def _sorted(query: Pairs) -> Pairs:
    return tuple(sorted(query, key=itemgetter(0))) if len(query) > 1 else query


def _body_key(body: bytes | None) -> tuple[str, bytes] | None:
    """The body in one spelling where it is JSON, as it is where not."""
    if not body:
        return None if body is None else ("bytes", b"")
    try:
        return "json", json.encode(json.decode(body), order="sorted")
    except REFUSALS:
        return "bytes", body


def _body_differences(asked: bytes | None, known: bytes | None, known_as: str) -> Iterator[str]:
    if asked and known:
        try:
            yield from _value_differences("$", json.decode(asked), json.decode(known), known_as)
            return
        except REFUSALS:
            pass
    yield f"body: asked {_body_named(asked)}, {known_as} {_body_named(known)}"


def _body_named(body: bytes | None) -> str:
    if not body:
        return "none" if body is None else "an empty one"
    return _from(repr(body), 0) if len(body) <= WIDTH else f"{len(body)} bytes, {_from(repr(body), 0)}"


def _value_differences(path: str, asked: Any, known: Any, known_as: str) -> Iterator[str]:
    if is_object(asked) and is_object(known):
        for name in dict.fromkeys((*asked, *known)):
            where = f"{path}.{name}"
            if name not in known:
                yield f"body {where}: asked {_from(_written(asked[name]), 0)}, {known_as} none"
            elif name not in asked:
                yield f"body {where}: asked none, {known_as} {_from(_written(known[name]), 0)}"
            else:
                yield from _value_differences(where, asked[name], known[name], known_as)
    elif is_array(asked) and is_array(known):
        for index, (ours, theirs) in enumerate(zip(asked, known, strict=False)):
            yield from _value_differences(f"{path}[{index}]", ours, theirs, known_as)
        if len(asked) != len(known):
            yield f"body {path}: asked {len(asked)} items, {known_as} {len(known)}"
    elif _written(asked) != _written(known):
        ours, theirs = _shortened(_written(asked), _written(known))
        yield f"body {path}: asked {ours}, {known_as} {theirs}"


def _written(value: Any) -> str:
    return json.encode(value).decode()


def _shortened(ours: str, theirs: str) -> tuple[str, str]:
    """Both texts, shortened to where they begin to differ."""
    if max(len(ours), len(theirs)) <= WIDTH:
        return ours, theirs
    shared = min(len(ours), len(theirs))
    alike = next((place for place in range(shared) if ours[place] != theirs[place]), shared)
    start = max(0, alike - WIDTH // 3)
    return _from(ours, start), _from(theirs, start)


def _from(text: str, start: int) -> str:
    end = start + WIDTH
    return ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
