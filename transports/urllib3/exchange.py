"""One exchange on one connection: a request in one send, the head of its answer, and its body as it is received.

Law: what is said of a request is known, not guessed: until the first byte of it is sent, it is `NotSent`. A connection
is kept where the answer ended as it said and nothing follows it; in every other case it is closed. Whatever is waited
for can be ended by another thread, and ends by itself when its time is over.
"""

from __future__ import annotations

from ssl import SSLEOFError, SSLError, SSLZeroReturnError
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from ...core.errors import Interrupted
from ..exchanges import PERHAPS_SENT, UNSENT
from ..network.timeouts import Limits
from .abandonment import Abandonment, GivenUp
from .coding import Decoded, is_understood
from .connecting import shut
from .connections import Connection, Pool
from .failures import ExchangeFailed, Malformed, interrupted
from .framing import Framing, framing_of
from .odd_heads import read_odd_head
from .request_bytes import HiddenBytes
from .response_head import Head, end_of_head, read_head

_MOST = 65536
"""Bytes that are received at once: what the system is likely to hold of a fast stream."""

_LOOK = 0.001
"""Seconds for taking what is there already. No seconds would mean to a socket that nothing there is the end."""

_MOST_INTERIM = 16
"""Interim answers (RFC 9110, section 15.2) before an answer."""


class Bounds(Struct, frozen=True):
    """How much of an answer a transport takes: bytes of its head, and of its body, as it is sent and as it is read."""

    head: int = 256 * 1024
    body: int = 1024**3


class Line:
    """A connection while an exchange has it.

    To read is for one thread at a time, but any may call `shut`: whoever waits then has an error.
    """

    __slots__ = (
        "_connection",
        "_ends",
        "_is_held",
        "_looked",
        "_pool",
        "_socket",
        "_unsent",
        "abandonment",
        "has_received",
        "limits",
    )

    def __init__(self, pool: Pool, connection: Connection, limits: Limits, abandonment: Abandonment) -> None:
        self._pool = pool
        self._connection = connection
        self._socket: Any = connection.sock
        self.abandonment = abandonment
        self._ends = limits.ends
        self._is_held = True
        self._looked = False
        self._unsent: OSError | None = None
        self.has_received = False
        self.limits = limits

    def send(self, data: HiddenBytes) -> None:
        """Send a request. Raises `GivenUp` where nothing of it was sent, and what sending raises."""
        self.abandonment.enter(self.shut)
        self._wait_until(self._ends)
        try:
            self._socket.sendall(data)
        except TimeoutError:
            within = self.limits.read_timeout
            raise Malformed("read_timeout", f"the server did not take the request within {within:g} s") from None
        except (BrokenPipeError, ConnectionResetError, SSLError) as error:
            self._unsent = error  # an answer may be there all the same: that the request is too large, perhaps

    def receive(self) -> bytes:
        """The next bytes, none at the end. Raises `TimeoutError`, and what receiving raises."""
        self._wait_until(self._ends)
        try:
            data: bytes = self._socket.recv(_MOST)
        except OSError as error:
            tells = isinstance(error, SSLError) and not isinstance(error, SSLEOFError | SSLZeroReturnError)
            raise (error if tells else self._unsent or error) from None
        if data:
            self.has_received = True
        elif self.abandonment.given_up:
            raise ConnectionAbortedError  # the end that `shut` makes is no end of a body
        elif self._unsent is not None:
            raise self._unsent
        return data

    def end_at(self, ends: float | None) -> None:
        """From now on wait no longer than until `ends`, by `time.monotonic`, and until the end of the exchange.

        A read that is later than that takes what is there, once, and then raises `TimeoutError`.
        """
        last = self.limits.ends
        self._ends = ends if last is None or (ends is not None and ends < last) else last
        self._looked = False

    def _wait_until(self, ends: float | None) -> None:
        within = self.limits.read_timeout
        if ends is not None:
            left = ends - monotonic()
            if left <= 0:
                if self._looked:
                    raise TimeoutError
                self._looked = True
            within = min(within, max(left, _LOOK))
        if within != self._connection.reads_within:
            self._socket.settimeout(within)
            self._connection.reads_within = within

    def shut(self) -> None:
        """End whatever any thread waits for here, and let nothing more be sent or received."""
        shut(self._socket)

    def release(self, *, keep: bool) -> None:
        """End the exchange: keep the connection for another one, or close it. Twice is once."""
        if not self._is_held:
            return
        self._is_held = False
        if self.abandonment.leave() and keep and self._unsent is None:
            self._pool.put(self._connection)
        else:
            self._pool.drop(self._connection)


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


def perform(
    pool: Pool,
    data: HiddenBytes,
    method: str,
    *,
    limits: Limits,
    bounds: Bounds,
    abandonment: Abandonment,
    longest_idle: float | None = None,
) -> Incoming[Line]:
    """Send a request, and receive the head of its answer. Raises `ExchangeFailed`.

    A connection that was idle for longer than `longest_idle`, in seconds, is connected anew.
    """
    within = limits.left(None)
    connection = pool.take(within, min(limits.connecting, within), abandonment, longest_idle)
    line = Line(pool, connection, limits, abandonment)
    try:
        line.send(data)
        head, rest = receive_head(line, method, bounds.head)
        return Incoming(line, head, rest, bounds)
    except GivenUp:
        line.release(keep=False)
        raise ExchangeFailed(UNSENT) from None
    except (Malformed, OSError) as error:
        line.release(keep=False)
        raise ExchangeFailed(failure(error, line)) from error
    except BaseException:
        line.release(keep=False)
        raise


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


def failure(error: Exception, line: Line, within: float | None = None) -> Interrupted:
    """The error for what was raised once a request was, or may have been, sent, by a read of so many seconds."""
    if line.abandonment.given_up:
        return PERHAPS_SENT
    limits = line.limits
    return limits.explain(interrupted(error, limits.read_timeout, received=line.has_received), within)
