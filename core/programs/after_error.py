"""What is received soon after an error that the service sends in mid-stream.

Law: what is received in the same chunk, or within `SECONDS_AFTER_ERROR`, is still emitted, up to the end of the
response, and then the error: the service has been seen to send the failed response after it. The error has that
response.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs
from returns.result import Failure, Result

from ...codecs.event_decoder import StreamDecoder, StreamError
from ...codecs.on_demand import public_type
from ..delays import elapsed
from ..errors import ApiError, Error
from ..streams import Chunk, Emit, Perform, Read, Stream
from .event_facts import is_end
from .event_position import Following, failed, follow

if TYPE_CHECKING:
    from ...codecs.types.events.union import StreamEvent
else:
    StreamEvent = public_type("StreamEvent")

SECONDS_AFTER_ERROR = 0.05
"""Seconds for which more is read after an error in mid-stream."""


def read_after_error(
    following: Following,
    error: ApiError,
    decoder: StreamDecoder,
    events: tuple[StreamEvent, ...],
    until: float | None,
) -> Stream[StreamEvent]:
    """Emit what was received soon after `error`, up to the end of the response, which the error then has."""
    while isinstance(decoder.error, StreamError):
        decoder, more = decoder.past_error()
        events += more
    following, fresh, stop = follow(following, events, asks=False)
    last = fresh[-1] if fresh else None
    rest: Stream[StreamEvent]
    if last is not None and is_end(last):
        from .event_folding import fold_event  # which knows all events, for few streams

        rest = failed(following, structs.replace(error, response=fold_event(None, last)))
    elif stop is not None or decoder.error is not None or decoder.done:
        rest = failed(following, error)
    else:
        rest = Perform(elapsed(), AwaitAfterError(following, error, decoder, until))
    return Emit(fresh, rest) if fresh else rest


class AwaitAfterError(Struct, frozen=True, tag=True):
    """Reads on for what is sent soon after an `error`: `until` that many seconds of the run, if that is known yet."""

    following: Following
    error: ApiError
    decoder: StreamDecoder
    until: float | None = None

    def __call__(self, elapsed: Result[float, Error]) -> Stream[StreamEvent]:
        if isinstance(elapsed, Failure):
            return failed(self.following, self.error)
        now = elapsed.unwrap()
        until = now + SECONDS_AFTER_ERROR if self.until is None else self.until
        if now >= until:
            return failed(self.following, self.error)
        return Read(ReadAfterError(self.following, self.error, self.decoder, until), within=until - now)


class ReadAfterError(Struct, frozen=True, tag=True):
    """Receives what is sent soon after an `error`."""

    following: Following
    error: ApiError
    decoder: StreamDecoder
    until: float

    def __call__(self, chunk: Chunk) -> Stream[StreamEvent]:
        data = b"" if isinstance(chunk, Failure) else chunk.unwrap()
        if not data:
            return failed(self.following, self.error)
        return read_after_error(self.following, self.error, *self.decoder.feed(data), self.until)
