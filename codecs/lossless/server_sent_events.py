"""Event streams, from bytes to events.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

Law: an `EventStream` is a value. `feed` returns the next one, and the events that the bytes completed. The events of a
stream do not depend on where it was cut into chunks, and reading it takes time in proportion to its length, however
small the chunks.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .errors import DecodeError
from .shown import shown

BOM = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, which may stand before an event stream."""

_DIGITS = 15
"""A reconnection time of more digits than this is not one."""

_PLAIN = rb"(?m)^event: (.*+)\ndata: (.*+)\n\n"
"""An event in the form in which the service sends it, where no line ends in CR: one call finds all those of a chunk.

Possessive and bound to the beginning of a line, so that it takes time in proportion to the chunk, whatever that holds.
"""

Rope: TypeAlias = tuple[bytes, ...]
"""Bytes in chunks, each longer than the next, so that appending copies a byte only when the length has doubled."""


class ServerSentEvent(Struct, frozen=True, kw_only=True, repr_omit_defaults=True, gc=False):
    """One event of a stream: its `data`, and its type in `event`. `id` is that of the last event that had one."""

    __repr__ = shown

    data: bytes
    event: str = "message"
    id: str = ""


class EventStream(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """What has been read of an event stream so far.

    `limit` is the most bytes of one event, at least 1; where one is larger, `error` says so, and nothing more is read.
    `last_event_id` and `retry`, in milliseconds, are for a client that reconnects. An event counts only when the empty
    line after it has been received. `begun`, `after_cr`, `line`, `data`, `event` and `id` are what was read of what is
    not complete yet; begin with `EventStream()`.

    Raises `ValueError` for a `limit` below 1.
    """

    __repr__ = shown

    limit: int = 1 << 26
    error: DecodeError | None = None
    last_event_id: str = ""
    retry: int | None = None
    begun: bool = False
    after_cr: bool = False
    line: Rope = ()
    data: Rope = ()
    event: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit: expected at least 1 byte, got {self.limit}")

    def feed(self, chunk: bytes) -> tuple[EventStream, tuple[ServerSentEvent, ...]]:
        """Read on: `chunk` is any bytes, cut anywhere. Returns the next stream, and the events that are complete."""
        if self.error is not None or not chunk:
            return self, ()
        if not self.begun:
            chunk = b"".join((*self.line, chunk))
            if len(chunk) < len(BOM) and BOM.startswith(chunk):
                return replace(self, line=(chunk,)), ()
            return replace(self, begun=True, line=()).feed(chunk.removeprefix(BOM))
        return self._feed_events(chunk) or self._feed_lines(chunk)

    def _feed_events(self, chunk: bytes) -> tuple[EventStream, tuple[ServerSentEvent, ...]] | None:
        """Read on, by whole events where all of them have the plain form; None where some have another.

        Before them there may be the end of an event that was begun, after them the beginning of one that is not ended.
        """
        if b"\r" in chunk or len(chunk) > self.limit:
            return None
        before, *parts = re.split(_PLAIN, chunk)
        if not parts or any(parts[2:-1:3]):
            return None
        stream, first = self._feed_lines(before) if before else (self, ())
        if stream.line or stream.data or stream.event or stream.after_cr or stream.error is not None:
            return None
        names = {name: name.decode("utf-8", "replace") or "message" for name in {*parts[::3]}}
        id_ = stream.id
        events = [
            ServerSentEvent(data=data, event=names[name], id=id_)
            for name, data in zip(parts[::3], parts[1::3], strict=False)
        ]
        if stream.last_event_id != id_:
            stream = replace(stream, last_event_id=id_)
        if not parts[-1]:
            return stream, (*first, *events)
        stream, last = stream._feed_lines(parts[-1])
        return stream, (*first, *events, *last)

    def _feed_lines(self, chunk: bytes) -> tuple[EventStream, tuple[ServerSentEvent, ...]]:
        ended = chunk.endswith((b"\n", b"\r"))
        after_cr = chunk.endswith(b"\r")
        lines = (chunk[1:] if self.after_cr and chunk.startswith(b"\n") else chunk).splitlines()
        rest = b"" if ended or not lines else lines.pop()
        if not lines:
            line = appended(self.line, rest)
            return replace(self, line=line, after_cr=False)._within_limit(), ()
        lines[0] = b"".join((*self.line, lines[0]))
        return self._read(lines, appended((), rest), after_cr)

    def _read(self, lines: list[bytes], rest: Rope, after_cr: bool) -> tuple[EventStream, tuple[ServerSentEvent, ...]]:
        """Interpret whole lines, of which `rest` and perhaps the other half of a CRLF are what follows."""
        events: list[ServerSentEvent] = []
        last_event_id, retry, event, id_ = self.last_event_id, self.retry, self.event, self.id
        carried, fresh, size = self.data, list[bytes](), length(self.data)
        for line in lines:
            if not line:
                last_event_id = id_
                if size:
                    data = b"".join((*carried, *fresh))[:-1]
                    events.append(ServerSentEvent(data=data, event=event or "message", id=id_))
                    carried, fresh, size = (), [], 0
                event = ""
                continue
            if size + len(line) > self.limit:
                return replace(self, last_event_id=last_event_id, retry=retry)._too_large(), tuple(events)
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"data":
                fresh += (value, b"\n")
                size += len(value) + 1
            elif name == b"event":
                event = value.decode("utf-8", "replace")
            elif name == b"id" and b"\0" not in value:
                id_ = value.decode("utf-8", "replace")
            elif name == b"retry" and value.isdigit() and len(value) <= _DIGITS:
                retry = int(value)
        stream = EventStream(
            limit=self.limit,
            last_event_id=last_event_id,
            retry=retry,
            begun=True,
            after_cr=after_cr,
            line=rest,
            data=appended(carried, b"".join(fresh)),
            event=event,
            id=id_,
        )
        return stream._within_limit(), tuple(events)

    def _within_limit(self) -> EventStream:
        """The same, unless the event that it is in the middle of is too large already."""
        return self if length(self.data) + length(self.line) <= self.limit else self._too_large()

    def _too_large(self) -> EventStream:
        reason = f"expected events of at most {self.limit:,} bytes, got a larger one"
        return EventStream(
            limit=self.limit,
            error=DecodeError(reason=reason),
            last_event_id=self.last_event_id,
            retry=self.retry,
            begun=True,
        )


def length(rope: Rope) -> int:
    """How many bytes they are."""
    return sum(map(len, rope))


def appended(rope: Rope, chunk: bytes) -> Rope:
    """The bytes with more of them at the end."""
    if not chunk:
        return rope
    while rope and len(rope[-1]) <= len(chunk):
        chunk = rope[-1] + chunk
        rope = rope[:-1]
    return (*rope, chunk)
