"""What an event of a stream tells that the stream is followed by: its number, the end, and which response it is about.

Law: that is read from an event that does not fit its type as from any other, from what was sent (see
`codecs/lossless/sent.py`). So a stream ends with `response.completed`, whatever is amiss in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...codecs.lossless.plain import is_sequence
from ...codecs.lossless.sent import sent, sent_flag, sent_id, sent_number
from ...codecs.on_demand import public_type
from ...codecs.types.events.response import (
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseInProgressEvent,
    ResponseQueuedEvent,
)

if TYPE_CHECKING:
    from ...codecs.types.events.union import StreamEvent
else:
    StreamEvent = public_type("StreamEvent")

TELLING = frozenset[type](
    {
        ResponseCreatedEvent,
        ResponseQueuedEvent,
        ResponseInProgressEvent,
        ResponseCompletedEvent,
        ResponseFailedEvent,
        ResponseIncompleteEvent,
    }
)
"""The events that hold the whole response."""

_BEGINNINGS = frozenset({"response.created", "response.queued", "response.in_progress"})
_ENDS = frozenset({"response.completed", "response.failed", "response.incomplete", "response.cancelled"})


def sequence_number(event: StreamEvent) -> int | None:
    """The number of `event` in its stream, known or not; None where the server does not number them.

    >>> from puresponse.codecs import TextDeltaEvent
    >>> delta = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "Hi", "logprobs": ()}
    >>> sequence_number(TextDeltaEvent(sequence_number=4, **delta))
    4
    """
    return sent_number(event, "sequence_number")


def is_end(event: StreamEvent) -> bool:
    """True for the last event of a response: completed, failed, incomplete, or the library's own `cancelled`."""
    return event.type in _ENDS


def tells_response(event: StreamEvent) -> bool:
    """True for an event that is to hold the whole response, as its type says."""
    return event.type in _ENDS or event.type in _BEGINNINGS


def response_id_of(event: StreamEvent) -> str | None:
    """The id of the response that an event holds; None where it tells none."""
    return sent_id(_response(event), "id")


def background_of(event: StreamEvent) -> bool:
    """True where the response that an event holds is said to run in the background."""
    return sent_flag(_response(event), "background") is True


def tells_output(event: StreamEvent) -> bool:
    """True where the response that an event holds has output."""
    output = sent(_response(event), "output")
    return is_sequence(output) and bool(output)


def _response(event: StreamEvent) -> Any:
    return sent(event, "response")
