"""What answers a request for events: events, the response itself in JSON, or something else.

Law: the content type of an answer is believed only where it is `text/event-stream`. Any other answer is sniffed, by its
first byte that is no white space: `{` begins JSON, the name of a field or a colon an event stream, whatever the header.
Servers have been seen to answer a request to replay events with the response, and proxies answer with pages of theirs.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import json
from returns.result import Failure

from ...codecs.decoders import decode_response
from ...codecs.lossless.codec import to_plain
from ...codecs.lossless.errors import REFUSALS, DecodeError
from ...codecs.lossless.plain import is_object
from ...codecs.lossless.server_sent_events import BOM
from ...codecs.lossless.wire import Kept, Unknown
from ...codecs.types.events.response import ResponseCompletedEvent, ResponseFailedEvent, ResponseIncompleteEvent
from ...codecs.types.response import Response
from ..endpoints.answers import api_error, placed
from ..errors import ApiError
from ..http import HttpResponse
from .cancellation import has_ended

AnswerKind: TypeAlias = Literal["events", "json", "other"]
"""What an answer is."""

_EVENT_STREAM = "text/event-stream"
_WHITE_SPACE = b" \t\r\n"
_FIELDS = (b"data", b"event", b"id", b"retry")
_AFTER_A_FIELD = b":\r\n"
_HEAD = max(map(len, _FIELDS)) + 1
_LONGEST_TYPE = 80


def says_events(answer: HttpResponse) -> bool:
    """True where the header says that the body is an event stream (RFC 9110, section 8.3)."""
    media_type, _, _ = (answer.header("content-type") or "").partition(";")
    return media_type.strip().lower() == _EVENT_STREAM


def without_margin(body: bytes) -> bytes:
    """The body without the byte order mark and the white space that it begins with."""
    return body.removeprefix(BOM).lstrip(_WHITE_SPACE)


def head_of(beginning: bytes) -> bytes:
    """What `kind_of` has to know of the beginning of a body: some bytes at most."""
    return without_margin(beginning)[:_HEAD]


def kind_of(head: bytes) -> AnswerKind | None:
    """What a body is that begins so; None as long as more of it has to be known.

    >>> kind_of(b"{"), kind_of(b"<html>"), kind_of(b"event:"), kind_of(b"eve")
    ('json', 'other', 'events', None)
    """
    if not head or BOM.startswith(head):
        return None
    if head.startswith(b"{"):
        return "json"
    if head.startswith(b":"):
        return "events"
    for field in _FIELDS:
        if head == field[: len(head)]:
            return None
        if head.startswith(field) and head[len(field)] in _AFTER_A_FIELD:
            return "events"
    return "other"


def response_in(answer: HttpResponse) -> Response | ApiError | DecodeError:
    """The response that an answer in JSON holds; or the error that it holds, or the error that it is neither."""
    decoded = decode_response(without_margin(answer.body))
    if not isinstance(decoded, Failure):
        return decoded.unwrap()
    return api_error(answer) if _is_error(answer.body) else placed(decoded.failure(), answer)


def no_events(answer: HttpResponse) -> DecodeError:
    """The error that an answer is that holds neither events nor JSON."""
    found = (answer.header("content-type") or "no content type")[:_LONGEST_TYPE]
    return placed(DecodeError(reason=f"expected an event stream, or a response in JSON; got {found}"), answer)


def end_event(response: Response) -> Any:
    """The event for the end of a response; None as long as it runs."""
    if not has_ended(response):
        return None
    match response.status:
        case "completed":
            return ResponseCompletedEvent(response=response)
        case "failed":
            return ResponseFailedEvent(response=response)
        case "incomplete":
            return ResponseIncompleteEvent(response=response)
        case status:
            # The service has no event for this end. The name that it would have is the one that `fold_event` knows.
            return Unknown(raw=Kept({"type": f"response.{status}", "response": to_plain(response)}))


def _is_error(body: bytes) -> bool:
    try:
        decoded: Any = json.decode(without_margin(body))
    except REFUSALS:
        return False
    return is_object(decoded) and (
        decoded.get("error") is not None or "error" in (decoded.get("type"), decoded.get("object"))
    )
