"""The JSON in a stream of events, and the texts in it that are sent in deltas: where they are, and changed.

Law: a text that was sent in deltas is read, and changed, as one; each event keeps what is left of its part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_object
from .edits import Edit, edited

_DATA = re.compile(r"^data: ?(.*?)\r?$", re.MULTILINE)

_WHOSE = ("type", "item_id", "output_index", "content_index", "summary_index", "command_index", "annotation_index")
"""Members that say to which text a delta belongs."""


class EventData:
    """The JSON of one event: where it is in the text of the stream, and its value."""

    __slots__ = ("end", "start", "value")

    def __init__(self, start: int, end: int, value: Any) -> None:
        self.start = start
        self.end = end
        self.value = value


def events_in(text: str) -> list[EventData]:
    """The events of a text that have JSON; none where it is no stream of events."""
    found: list[EventData] = []
    if "data:" not in text:
        return found
    for match in _DATA.finditer(text):
        try:
            value = json.decode(match[1])
        except REFUSALS:
            continue
        if isinstance(value, dict | list):
            found.append(EventData(match.start(1), match.end(1), value))
    return found


def deltas_in(events: Sequence[EventData]) -> list[list[EventData]]:
    """The events that belong together, in lists: of each the `delta` is a part of one text."""
    texts: dict[tuple[object, ...], list[EventData]] = {}
    for event in events:
        value = event.value
        if is_object(value) and isinstance(value.get("delta"), str):
            whose = _whose(value)
            texts.setdefault(whose, []).append(event)
    return list(texts.values())


def _whose(value: dict[str, Any]) -> tuple[object, ...]:
    found = tuple(map(value.get, _WHOSE))
    try:
        hash(found)
    except TypeError:  # whatever a server may send
        return tuple(map(repr, found))
    return found


def delta_text(events: Sequence[EventData]) -> str:
    """The text whose parts these events have."""
    return "".join(event.value["delta"] for event in events)


def change_events(
    text: str, change: Callable[[Any], Any], find: Callable[[str], list[Edit]], *, decoded: Sequence[EventData]
) -> list[Edit]:
    """The edits by which the JSON of each event is as `change` makes it, and each text in deltas as `find` edits it."""
    values = {id(event): event.value for event in decoded}
    for events in deltas_in(decoded):
        edits = find(delta_text(events))
        if edits:
            parts = edited([event.value["delta"] for event in events], edits)
            for event, part in zip(events, parts, strict=True):
                values[id(event)] = {**event.value, "delta": part}
    found: list[Edit] = []
    for event in decoded:
        changed = change(values[id(event)])
        if changed is not event.value:
            found.append((event.start, event.end, json.encode(changed).decode()))
    return found
