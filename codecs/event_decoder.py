"""The bytes of a streamed response to its events.

Law: a `StreamDecoder` is a value, like the `EventStream` in it. All that the service sends comes out as an event, known
or not, until something goes wrong: then `error` says what, and only `past_error` returns more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .decoders import stream_event_codec
from .lossless.errors import DecodeError
from .lossless.server_sent_events import EventStream, ServerSentEvent
from .lossless.shown import shown
from .lossless.wire import Unknown
from .on_demand import public_type
from .types.error_body import ErrorBody, decode_error_body

if TYPE_CHECKING:
    from .types.events.union import StreamEvent
else:
    StreamEvent = public_type("StreamEvent")

_DONE = b"[DONE]"
"""What other services, and this one elsewhere, send as their last event: it ends the body, not the response."""


class StreamError(Struct, frozen=True, kw_only=True):
    """The service says, in the midst of a stream, that something went wrong.

    `body` is what could be understood of it, and `data` all that it says.
    """

    __repr__ = shown

    body: ErrorBody
    data: bytes


class StreamDecoder(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """What has been read of a streamed response so far.

    `stream` is the event stream that it reads. `error` is what went wrong: the service said so, or what it sent could
    not be understood. `done` is true when it said that no more will follow; it need not say so. `unread` is what was
    received in the same chunk after a `StreamError`: `past_error` reads on there.
    """

    __repr__ = shown

    stream: EventStream = EventStream()
    error: StreamError | DecodeError | None = None
    done: bool = False
    unread: tuple[ServerSentEvent, ...] = ()

    def feed(self, chunk: bytes) -> tuple[StreamDecoder, tuple[StreamEvent, ...]]:
        """Read on: `chunk` is any bytes, cut anywhere. Returns the next decoder, and the events that are complete."""
        if self.error is not None or self.done:
            return self, ()
        return self._decoded(*self.stream.feed(chunk))

    def past_error(self) -> tuple[StreamDecoder, tuple[StreamEvent, ...]]:
        """Read on after a `StreamError`, as if it were not there: the service was seen to send more after it."""
        if not isinstance(self.error, StreamError):
            return self, ()
        return StreamDecoder(stream=self.stream)._decoded(self.stream, self.unread)

    def _decoded(
        self, stream: EventStream, sent: tuple[ServerSentEvent, ...]
    ) -> tuple[StreamDecoder, tuple[StreamEvent, ...]]:
        read = stream_event_codec().read
        events: list[StreamEvent] = []
        for index, one in enumerate(sent, 1):
            if one.data == _DONE:
                return StreamDecoder(stream=stream, done=True), tuple(events)
            if not one.data:
                continue
            event = read(one.data)
            if isinstance(event, DecodeError):
                return StreamDecoder(stream=stream, error=event), tuple(events)
            if one.event == "error" or event.type == "error" or isinstance(event, Unknown):
                error = _error(one, event)
                if error is not None:
                    return StreamDecoder(stream=stream, error=error, unread=sent[index:]), tuple(events)
            events.append(event)
        if stream is self.stream and stream.error is None:
            return self, tuple(events)
        return StreamDecoder(stream=stream, error=stream.error), tuple(events)


def _error(sent: ServerSentEvent, event: StreamEvent) -> StreamError | None:
    """What the service says went wrong, if that is what it says.

    The specification has an event of type `error`; servers also name an event so, or send an error's envelope.
    """
    if event.type != "error" and sent.event != "error" and not _is_envelope(event):
        return None
    return StreamError(body=decode_error_body(sent.data), data=sent.data)


def _is_envelope(event: StreamEvent) -> bool:
    """True for the envelope of an error. An event of the API is none, known or not, though it may have that field."""
    if not isinstance(event, Unknown) or event.raw.get("error") is None:
        return False
    return not (event.type or "").startswith("response.")
