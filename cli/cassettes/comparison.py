"""Two cassettes compared as traffic: which exchanges were added, removed and changed, and what of them, path by path.

Laws: what a recording has that the other has not is told; equal recordings are not. The n-th time that a request was
asked is compared with the n-th; a request that is in one alone with the next one to the same method and path.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct, json
from msgspec.structs import replace

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import JsonObject, is_array, is_object
from ...core.credentials import hide_in_request
from ...core.errors import Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse, Pairs
from ...transports.cassette.canned_answers import StreamedResponse
from ...transports.cassette.event_texts import delta_text, deltas_in, events_in
from ...transports.cassette.format import Recording
from ...transports.cassette.matching import Matching
from ...transports.cassette.normalising import Normaliser, Normalising

ABSENT = "absent"
"""What is on the side that has nothing."""


class Difference(Struct, frozen=True):
    """What differs: its `path`, and both values, of which one may be `absent`."""

    path: str
    old: Any
    new: Any


class Change(Struct, frozen=True):
    """What became of an exchange; `old` and `new` are its places in the files, counted from 1."""

    change: Literal["added", "removed", "changed"]
    method: str
    path: str
    old: int | None
    new: int | None
    differences: tuple[Difference, ...] = ()


def changes(old: Sequence[Recording], new: Sequence[Recording], *, normalise: bool = False) -> list[Change]:
    """What changed from `old` to `new`; without ids, times and rate limits that differ from run to run, if asked."""
    if normalise:
        old, new = _normalised(old), _normalised(new)
    pairs = _paired(old, new)
    left = sorted(set(range(len(old))) - set(pairs))
    others = sorted(set(range(len(new))) - set(pairs.values()))
    for index in left:
        near = [place for place in others if _address(new[place]) == _address(old[index])]
        if near:
            pairs[index] = near[0]
            others.remove(near[0])
    found: list[Change] = []
    for index, recording in enumerate(old):
        method, path = _address(recording)
        if index not in pairs:
            found.append(Change("removed", method, path, index + 1, None))
            continue
        place = pairs[index]
        told = tuple(_differences(recording, new[place]))
        if told:
            found.append(Change("changed", method, path, index + 1, place + 1, told))
    for place in others:
        method, path = _address(new[place])
        found.append(Change("added", method, path, None, place + 1))
    return found


def _normalised(recordings: Sequence[Recording]) -> list[Recording]:
    normaliser = Normaliser(Normalising())
    return [_without_measures(normaliser.normalised(recording)) for recording in recordings]


def _without_measures(recording: Recording) -> Recording:
    answer = recording.answer
    if isinstance(answer, HttpResponse | StreamedResponse):
        kept = tuple(pair for pair in answer.headers if not pair[0].startswith(_MEASURES))
        answer = replace(answer, headers=kept)
    return Recording(recording.request, answer)


_MEASURES = ("x-ratelimit-", "openai-processing-ms", "x-request-id")
"""Headers that differ from run to run."""


def _paired(old: Sequence[Recording], new: Sequence[Recording]) -> dict[int, int]:
    """The places of the same requests."""
    match = Matching()
    known: dict[Hashable, list[int]] = {}
    for place, recording in enumerate(new):
        known.setdefault(match.key(recording.request), []).append(place)
    for places in known.values():
        places.reverse()
    pairs: dict[int, int] = {}
    for index, recording in enumerate(old):
        same = known.get(match.key(recording.request))
        if same:
            pairs[index] = same.pop()
    return pairs


def _address(recording: Recording) -> tuple[str, str]:
    return recording.request.method, recording.request.path


def _differences(old: Recording, new: Recording) -> Iterator[Difference]:
    if old == new:
        return
    yield from _values("request", _asked(old.request), _asked(new.request))
    ours, theirs = _answered(old.answer), _answered(new.answer)
    told = list(_values("", ours, theirs))
    yield from told
    if not told and old.answer != new.answer:
        yield Difference("response.body", "bytes", "other bytes: how they are spaced, or where chunks begin")
    if old.after != new.after:
        yield Difference("after", old.after, new.after)


def _asked(request: HttpRequest) -> JsonObject:
    request = hide_in_request(request)
    return {
        "query": _grouped(request.query),
        "headers": _grouped(request.headers),
        "body": ABSENT if request.body is None else _body(request.body),
    }


def _answered(answer: HttpResponse | StreamedResponse | NotSent | Interrupted) -> JsonObject:
    if isinstance(answer, NotSent):
        return {"failure": str(answer)}
    if isinstance(answer, Interrupted):
        partial = {} if answer.partial is None else _answered(answer.partial)
        return {**partial, "failure": str(answer)}
    if isinstance(answer, HttpResponse):
        return {"response": _response(answer)}
    whole = HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.chunks))
    failure = {} if answer.error is None else {"failure": str(answer.error)}
    return {"response": _response(whole), **failure}


def _response(response: HttpResponse) -> JsonObject:
    return {
        "status": response.status,
        "headers": _grouped(response.headers),
        "body": _body(response.body) if response.body else ABSENT,
    }


def _body(body: bytes) -> Any:
    """A body as JSON; a stream as its events, of which those with parts of one text are one."""
    try:
        return json.decode(body)
    except REFUSALS:
        pass
    text = body.decode("utf-8", "replace")
    events = events_in(text)
    if not events:
        return text
    joined = {id(parts[0]): delta_text(parts) for parts in deltas_in(events)}
    others = {id(event) for parts in deltas_in(events) for event in parts[1:]}
    found: list[Any] = []
    for event in events:
        if id(event) not in others:
            value = event.value
            found.append({**value, "delta": joined[id(event)]} if id(event) in joined else value)
    numbered = [{**one, "sequence_number": 0} if is_object(one) and "sequence_number" in one else one for one in found]
    return {"events": numbered}


def _values(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if is_object(old) and is_object(new):
        for name in dict.fromkeys((*old, *new)):
            where = f"{path}.{name}" if path else name
            yield from _values(where, old.get(name, ABSENT), new.get(name, ABSENT))
    elif is_array(old) and is_array(new):
        for index in range(max(len(old), len(new))):
            ours = old[index] if index < len(old) else ABSENT
            yield from _values(f"{path}[{index}]", ours, new[index] if index < len(new) else ABSENT)
    elif type(old) is not type(new) or old != new:
        yield Difference(path, old, new)


def _grouped(pairs: Pairs) -> JsonObject:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
