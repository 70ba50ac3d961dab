"""When a request is the one that was recorded: what counts, as a value.

Law: by itself the method, the path, the query and the body count, as `request_matching` compares them; headers and own
functions count where they are named. What was redacted matches whatever is asked in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Literal, TypeAlias

from msgspec import Struct, json
from msgspec.structs import replace

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_array, is_object
from ...core.credentials import REDACTED, names_a_credential
from ...core.http import HttpRequest, find_header
from .normalising import Normalising
from .request_matching import differences, request_key

Matcher: TypeAlias = Callable[[HttpRequest], Hashable]
"""What same requests have in common, by a function of one's own: a frozen struct with `__call__` shows in a miss."""

Counts: TypeAlias = Literal["method", "path", "query", "body"]

_PARTS: tuple[Counts, ...] = ("method", "path", "query", "body")


class Matching(Struct, frozen=True, kw_only=True):
    """What makes a request the same as one that was recorded.

    - `on`: which of `method`, `path`, `query` and `body` count.
    - `headers`: names of headers that count too; a recorder keeps these.
    - `own`: functions of a request; what they return counts too.
    - `repeat_last`: whether the last recording of a request is replayed again and again, instead of being missed.
    - `normalise`: ids and times that differ from run to run do not count, but for those that an answer has.

    Raises `ValueError` for a header that is a credential, and for what cannot count.

    >>> Matching(on=("method", "path")).key(HttpRequest("GET", "/responses/resp_1", (("stream", "true"),)))
    ('GET', '/responses/resp_1')
    """

    on: tuple[Counts, ...] = _PARTS
    headers: tuple[str, ...] = ()
    own: tuple[Matcher, ...] = ()
    repeat_last: bool = False
    normalise: Normalising | None = None

    def __post_init__(self) -> None:
        if not set(self.on) <= set(_PARTS):
            raise ValueError(f"match: on is {self.on!r}; allowed are {', '.join(_PARTS)}")
        for name in self.headers:
            if names_a_credential(name):
                raise ValueError(f"match: {name.lower()} holds secrets, which no cassette keeps: it cannot count")

    def key(self, request: HttpRequest) -> Hashable:
        """What `request` has in common with those that are the same, as one hashable value."""
        parts = dict(zip(_PARTS, request_key(request), strict=True))
        counted = tuple(parts[part] for part in _PARTS if part in self.on)
        headers = tuple(find_header(request.headers, name) for name in self.headers)
        return (*counted, *headers, *(matcher(request) for matcher in self.own))

    def differences(self, asked: HttpRequest, known: HttpRequest) -> tuple[str, ...]:
        """Say how the request that is `asked` differs from one that is `known`, in what counts; else nothing."""
        return (*differences(self._counted(asked, known), known), *self._further(asked, known))

    def _counted(self, asked: HttpRequest, known: HttpRequest) -> HttpRequest:
        """The request, equal to `known` in what does not count."""
        same = {part: getattr(known, part) for part in _PARTS if part not in self.on}
        return replace(asked, **same)

    def _further(self, asked: HttpRequest, known: HttpRequest) -> Iterator[str]:
        for name in self.headers:
            ours, theirs = find_header(asked.headers, name), find_header(known.headers, name)
            if ours != theirs:
                yield f"header {name}: asked {_shown(ours)}, recorded {_shown(theirs)}"
        for matcher in self.own:
            mine, recorded = matcher(asked), matcher(known)
            if mine != recorded:
                yield f"{_name(matcher)}: asked {mine!r}, recorded {recorded!r}"


def _shown(value: str | None) -> str:
    return "none" if value is None else repr(value)


def _name(matcher: Matcher) -> str:
    return getattr(matcher, "__name__", None) or repr(matcher)


# What was redacted

Place: TypeAlias = tuple[str | int, ...]


def redacted_places(request: HttpRequest) -> tuple[Place, ...]:
    """Where a recorded request has `[redacted]`, in its path, its query and its body."""
    if REDACTED not in request.path and not _has(request.query) and REDACTED.encode() not in (request.body or b""):
        return ()
    return tuple(place for place, text in _texts(request) if REDACTED in text)


def blanked(request: HttpRequest, places: tuple[Place, ...]) -> HttpRequest | None:
    """The request with `[redacted]` at these places, whatever is there; None where there is nothing."""
    path = request.path.split("/")
    query = list(request.query)
    body: Any = None
    bodies = [place for place in places if place[0] == "body"]
    try:
        if bodies and bodies != [("body",)]:
            body = json.decode(request.body or b"")
        for place in places:
            if place[0] == "path":
                path[_index(place[1], path)] = REDACTED
            elif place[0] == "query":
                index = [number for number, pair in enumerate(query) if pair[0] == place[1]][int(place[2])]
                query[index] = (query[index][0], REDACTED)
            elif len(place) > 1:
                _blank(body, place[1:])
    except (*REFUSALS, LookupError, TypeError):
        return None
    written = request.body
    if bodies == [("body",)]:
        written = REDACTED.encode()
    elif bodies:
        written = json.encode(body)
    return replace(request, path="/".join(path), query=tuple(query), body=written)


def fits(asked: HttpRequest, recorded: HttpRequest) -> bool:
    """Whether what was asked is what was recorded, wherever that has `[redacted]` among other text."""
    found = dict(_texts(asked))
    for place, text in _texts(recorded):
        if REDACTED in text and text != REDACTED:
            pattern = ".*".join(map(re.escape, text.split(REDACTED)))
            if re.fullmatch(pattern, found.get(place, ""), re.DOTALL) is None:
                return False
    return True


def _has(query: tuple[tuple[str, str], ...]) -> bool:
    return any(REDACTED in value for _, value in query)


def _texts(request: HttpRequest) -> Iterator[tuple[Place, str]]:
    for index, segment in enumerate(request.path.split("/")):
        yield ("path", index), segment
    counts: dict[str, int] = {}
    for name, value in request.query:
        counts[name] = counts.get(name, -1) + 1
        yield ("query", name, counts[name]), value
    if request.body:
        try:
            yield from _strings(("body",), json.decode(request.body))
        except REFUSALS:
            yield ("body",), request.body.decode("utf-8", "surrogateescape")


def _strings(place: Place, value: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif is_array(value):
        for index, item in enumerate(value):
            yield from _strings((*place, index), item)
    elif is_object(value):
        for name, member in value.items():
            yield from _strings((*place, name), member)


def _blank(value: Any, place: Place) -> None:
    for step in place[:-1]:
        value = value[step]
    last: Any = place[-1]
    value[last]  # raises where there is nothing
    value[last] = REDACTED


def _index(index: str | int, among: list[str]) -> int:
    if not isinstance(index, int) or index >= len(among):
        raise LookupError
    return index
