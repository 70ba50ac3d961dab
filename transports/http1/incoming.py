"""The answer to a request as it is received: its head, and its body without its framing and its content coding.

Law: a connection is kept where the answer ended as it said and nothing follows it; in every other case it is closed.
"""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from .coding import Decoded, is_understood
from .failures import Malformed
from .framing import Framing, framing_of
from .odd_heads import read_odd_head
from .response_head import Head, end_of_head, read_head

_MOST_INTERIM = 16
"""Interim answers (RFC 9110, section 15.2) before an answer."""


class Bounds(Struct, frozen=True):
    """How much of an answer a transport takes: bytes of its head, and of its body, as it is sent and as it is read."""

    head: int = 256 * 1024
    body: int = 1024**3


class Source(Protocol):
    """Where an answer is received from: a `Line`, or what an event loop has in its place."""

    def receive(self) -> bytes:
        """The next bytes, none at the end."""
        ...


class HeldSource(Source, Protocol):
    """A source that is held until the end of a body."""

    def release(self, *, keep: bool) -> None:
        """End the exchange: keep the connection for another one, or close it. Twice is once."""
        ...


L = TypeVar("L", bound=HeldSource)


class Incoming(Generic[L]):
    """The body of an answer as it is received, without its framing and its content coding."""

    __slots__ = ("_bounds", "_decoded", "_first", "_framing", "_inflated", "_keeps", "_sent", "head", "line")

    def __init__(self, line: L, head: Head, received: bytes, bounds: Bounds) -> None:
        self.line = line
        self.head = head
        self._first = received
        self._framing: Framing = framing_of(head.length, chunked=head.chunked, most=bounds.body)
        self._keeps = not head.closes
        self._bounds = bounds
        self._sent = 0
        self._inflated = 0
        self._decoded = Decoded(head.coding, self._receive) if head.coding and is_understood(head.coding) else None
        if self._framing.ended:
            self._end(surplus=received)

    @property
    def is_decoded(self) -> bool:
        """Whether a content coding is removed."""
        return self._decoded is not None

    @property
    def ends_connection(self) -> bool:
        """Whether its connection serves no other request."""
        return not self._keeps

    def read(self) -> bytes:
        """What is received next, no bytes at the end. Raises `Malformed`, `TimeoutError`, and what receiving raises."""
        if self._decoded is None:
            return self._receive()
        data = self._decoded.read()
        self._inflated += len(data)
        if self._inflated > self._bounds.body:
            raise Malformed("limit", f"the body is longer than {self._bounds.body} bytes when it is decoded")
        return data

    def _receive(self) -> bytes:
        framing = self._framing
        if self.head.length is not None and self.head.length > self._bounds.body:
            raise self._too_long()
        while not framing.ended:
            if framing.error is not None:
                raise framing.error
            data = self._first
            if data:
                self._first = b""
            else:
                data = self.line.receive()
                if not data:
                    framing.finish()
                    break
            self._sent += len(data)
            if self._sent > self._bounds.body:
                raise self._too_long()
            piece = framing.take(data)
            if framing.ended:
                self._end(surplus=framing.surplus)
            if piece:
                return piece
        self._end(surplus=framing.surplus)
        return b""

    def _too_long(self) -> Malformed:
        return Malformed("limit", f"the body is longer than {self._bounds.body} bytes")

    def _end(self, *, surplus: bytes) -> None:
        """Take the end of the body. Where more follows it, the connection is not kept: whose answer is that?"""
        self.line.release(keep=self._keeps and not surplus)


def receive_head(line: Source, method: str, longest: int) -> tuple[Head, bytes]:
    """Receive the head of the answer, and what follows it."""
    data = line.receive()
    if not data:
        raise Malformed("reset", "the server closed the connection without an answer")
    skipped = 0
    for _ in range(_MOST_INTERIM + 1):
        searched = 0
        while (end := end_of_head(data, searched)) == 0:
            if skipped + len(data) > longest:
                break
            searched = len(data)
            more = line.receive()
            if not more:
                raise Malformed("truncated", "the answer broke off within its head")
            data += more
        if skipped + (end or len(data)) > longest and end is not None:
            raise Malformed("limit", f"the head is longer than {longest} bytes")
        head = None if end is None else read_head(data[:end], bodiless=method == "HEAD")
        if head is None:
            return read_odd_head(data, line.receive, method, longest=longest, skipped=skipped)
        data = data[end:]
        if head.status >= 200:
            return head, data
        if head.status == 101:
            raise Malformed("protocol", "an interim status, 101, in place of an answer")
        skipped += end or 0
    raise Malformed("limit", f"more than {_MOST_INTERIM} interim answers")
