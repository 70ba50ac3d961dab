"""What a server is told of the head of an answer: the same for every kind of application."""

from __future__ import annotations

from http import HTTPStatus

from ...core.http import HttpResponse, Pairs

_FRAMING = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})
_WITHOUT_LENGTH = frozenset({204, 304})


def is_stream(answer: HttpResponse) -> bool:
    """Whether an answer is passed on chunk by chunk: an event stream is."""
    return (answer.header("content-type") or "").startswith("text/event-stream")


def status_line(status: int) -> str:
    """A status with its phrase."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def headers_sent(answer: HttpResponse, length: int | None = None) -> Pairs:
    """The headers of an answer, but those that are the server's to say; with the `length` of its body, if one is known.

    No length is said where none may be (RFC 9110, section 8.6).
    """
    said = tuple(pair for pair in answer.headers if pair[0].lower() not in _FRAMING)
    if length is None or answer.status in _WITHOUT_LENGTH:
        return said
    return (*said, ("content-length", str(length)))
