"""The journal of a scope: what was asked of the service and what it answered, in order, no more than so much of it.

Law: no entry has a credential. What is answered is in it from the time at which it is due: a stream event by event.
"""

from __future__ import annotations

from base64 import b64encode
from collections import deque
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import count
from threading import Lock
from typing import Any

from msgspec import Raw, Struct, json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import JsonObject, is_array, is_object
from ...codecs.lossless.server_sent_events import EventStream
from ...core.credentials import REDACTED, hide_in_request, hide_pairs, names_a_credential
from ...core.http import HttpRequest, Pairs
from ..memory.apply_faults import BrokenOff, NoAnswer, SimulatedAnswer
from ..memory.service import TimedChunk

_ORDER = count()
"""In which order requests arrived, over all scopes."""


class Entry(Struct, frozen=True):
    """A request, its `number` in its scope, counted from 1, and the answer to it. Times are in seconds since 1970."""

    number: int
    order: int
    scope: str
    at: float
    request: HttpRequest
    answer: SimulatedAnswer

    @property
    def status(self) -> int | None:
        """The status of the answer; None where there is none."""
        return None if isinstance(self.answer, NoAnswer) else self.answer.head.status

    @property
    def size(self) -> int:
        """How much it holds, in bytes, nearly."""
        answered = 0
        if not isinstance(self.answer, NoAnswer):
            answered = len(self.answer.head.body)
            if isinstance(self.answer, BrokenOff):
                answered += sum(len(chunk.data) for chunk in self.answer.chunks)
            elif self.answer.events is not None:
                answered += self.answer.events.held()
        return 500 + len(self.request.body or b"") + answered

    def shown(self, now: float) -> JsonObject:
        """The entry as JSON, as it is at the time `now`."""
        request = self.request
        query: dict[str, list[str]] = {}
        for name, value in request.query:
            query.setdefault(name, []).append(value)
        return {
            "number": self.number,
            "scope": self.scope,
            "at": self.at,
            "request": {
                "method": request.method,
                "path": request.path,
                "query": query,
                "headers": _headers(request.headers),
                **_body(request.body),
            },
            "response": _answer(self.answer, now),
        }


class Wanted(Struct, frozen=True):
    """Which entries are wanted: those that all of this holds for.

    `path` is a pattern, in which `*` matches any text; `since` a number, after which they are.
    """

    method: str | None = None
    path: str = "*"
    status: int | None = None
    since: int = 0

    def __call__(self, entry: Entry) -> bool:
        return (
            self.method in (None, entry.request.method)
            and fnmatchcase(entry.request.path, self.path)
            and self.status in (None, entry.status)
            and entry.number > self.since
        )


class Journal:
    """The last `entries` of a scope, and no more of them than have so many `bytes` together."""

    def __init__(self, scope: str, *, entries: int = 1000, bytes: int = 16 << 20) -> None:
        self._scope = scope
        self._most = entries
        self._bytes = bytes
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Forget all, and count from 1 again."""
        with self._lock:
            self._entries: deque[Entry] = deque()
            self._size = 0
            self._number = 0

    def add(self, at: float, request: HttpRequest, answer: SimulatedAnswer) -> None:
        """Write down what was asked at a time, and the answer to it."""
        with self._lock:
            self._number += 1
            entry = Entry(self._number, next(_ORDER), self._scope, at, hide_in_request(request), answer)
            self._entries.append(entry)
            self._size += entry.size
            while len(self._entries) > self._most or (self._size > self._bytes and len(self._entries) > 1):
                self._size -= self._entries.popleft().size

    def entries(self, wanted: Wanted) -> list[Entry]:
        """The entries that are wanted, the oldest first."""
        with self._lock:
            held = tuple(self._entries)
        return [entry for entry in held if wanted(entry)]

    @property
    def dropped(self) -> int:
        """How many entries there is no room for any more: the oldest."""
        with self._lock:
            return self._number - len(self._entries)


def _answer(answer: SimulatedAnswer, now: float) -> JsonObject | None:
    """The answer as JSON; None where it is not due."""
    if now < answer.at:
        return None
    if isinstance(answer, NoAnswer):
        return {"at": answer.at, "status": None, "broken": "reset"}
    head = answer.head
    shown: JsonObject = {"at": answer.at, "status": head.status, "headers": _headers(head.headers)}
    chunks = _chunks(answer)
    if chunks is None:
        return {**shown, **_body(head.body)}
    sent = [chunk for chunk in chunks if chunk.at <= now]
    if (head.header("content-type") or "").startswith("text/event-stream"):
        shown["events"] = list(_events(sent))
        shown["ended"] = len(sent) == len(chunks)
    else:
        shown |= _body(b"".join(chunk.data for chunk in sent))
    return {**shown, "broken": answer.kind} if isinstance(answer, BrokenOff) and len(sent) == len(chunks) else shown


def _chunks(answer: SimulatedAnswer) -> tuple[TimedChunk, ...] | None:
    """What is answered chunk by chunk; None for what is answered whole."""
    if isinstance(answer, NoAnswer):
        return None
    if isinstance(answer, BrokenOff):
        return answer.chunks
    return None if answer.events is None else tuple(answer.events)


def _events(chunks: list[TimedChunk]) -> Iterator[JsonObject]:
    stream = EventStream()
    for chunk in chunks:
        stream, events = stream.feed(chunk.data)
        for event in events:
            yield {"at": chunk.at, "event": event.event, "data": _json_or_text(event.data)}


def _headers(pairs: Pairs) -> dict[str, str]:
    """Headers as an object: those of the same name are one (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in hide_pairs(pairs):
        found = headers.get(name.lower())
        headers[name.lower()] = value if found is None else f"{found}, {value}"
    return headers


def _body(body: bytes | None) -> JsonObject:
    """A body as a member: JSON as it is, text as a string, anything else in base 64."""
    if not body:
        return {"body": None}
    try:
        return {"body": _json_or_text(body)}
    except UnicodeDecodeError:
        return {"body": None, "body_base64": b64encode(body).decode()}


def _json_or_text(data: bytes) -> Any:
    try:
        value = json.decode(data)
        hidden = _hidden(value)
    except REFUSALS:
        return data.decode()
    # As it was written, where there is nothing to hide: numbers keep their digits.
    return Raw(data) if hidden is value else hidden


def _hidden(value: Any) -> Any:
    """JSON without the texts that are credentials by the names of their members; itself where it has none."""
    if is_object(value):
        hidden = {name: _hidden_member(name, member) for name, member in value.items()}
        return hidden if any(hidden[name] is not member for name, member in value.items()) else value
    if is_array(value):
        rest = [_hidden(element) for element in value]
        return rest if any(one is not other for one, other in zip(rest, value, strict=True)) else value
    return value


def _hidden_member(name: str, member: Any) -> Any:
    return REDACTED if isinstance(member, str) and names_a_credential(name) else _hidden(member)
