"""The events of a response as they are sent: a value, and each chunk of it made when it is asked for.

Law: the same value makes the same chunks, however often; to have it costs nothing, and no more is made of it than is
read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import inf

from msgspec import Struct, json
from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject
from .dialect import OPENAI, Dialect
from .events import event_bytes, events
from .state import Streaming


class TimedChunk(Struct, frozen=True):
    """A chunk of a body, and the time at which it is due, in seconds since 1970."""

    at: float
    data: bytes


class EventChunks(Struct, frozen=True):
    """The events of the response that was `body` at first, as they are sent.

    - `include`: what is hidden otherwise.
    - `obfuscated`: whether deltas are padded.
    - `after`: the number of the last event that is left out; None where all are sent.
    - `since`: no event is due before that time, in seconds since 1970.
    - `slowed`: the seconds by which each event is later than the one before it, besides.
    - `dialect`: whose events they are.
    """

    body: JsonObject
    streaming: Streaming
    include: Collection[str] = ()
    obfuscated: bool = False
    after: int | None = None
    since: float = -inf
    slowed: float = 0.0
    dialect: Dialect = OPENAI

    def __iter__(self) -> Iterator[TimedChunk]:
        return (chunk for chunk in self.by_steps() if chunk is not None)

    def by_steps(self) -> Iterator[TimedChunk | None]:
        """The chunks, and None now and then where the next one takes long to make, for others to have a turn."""
        count = 0
        for step in events(self.body, self.streaming, self.include, self.dialect):
            if step is None:
                yield None
                continue
            at, event = step
            if self.after is not None and event["sequence_number"] <= self.after:
                yield None
                continue
            count += 1
            data = event_bytes(event, self.dialect, obfuscated=self.obfuscated)
            yield TimedChunk(max(at, self.since) + count * self.slowed, data)

    def held(self) -> int:
        """How many bytes it takes to keep this, nearly: no chunk is among them."""
        return len(json.encode(self.body)) + len(json.encode(self.streaming.fields))

    def later(self, since: float) -> EventChunks:
        """The same, none of them before a time."""
        return replace(self, since=max(self.since, since))

    def slower(self, seconds: float) -> EventChunks:
        """The same, each by so many seconds later than the one before it, besides."""
        return replace(self, slowed=self.slowed + seconds)
