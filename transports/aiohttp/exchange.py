"""One exchange on one connection, in an event loop: the request in one write, the head of its answer, and its body.

Law: what is read, and what is refused, is what `urllib3/exchange.py` has: here is only the waiting. Until the first
byte of a request is written it is `NotSent`. A task that is cancelled closes its connection at once, and what was not
sent by then never is.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from ...core.errors import Interrupted
from ..http1.failures import ExchangeFailed, Malformed, interrupted
from ..http1.incoming import Bounds, Incoming, receive_head
from ..http1.request_bytes import HiddenBytes
from ..http1.response_head import Head
from ..network.timeouts import Limits
from .wire import Starved, Wire

if TYPE_CHECKING:
    from .sessions import Session

BREAKS = (Malformed, OSError)
"""What an exchange may raise once its request was, or may have been, sent."""

_LOOK = 0.001
"""Seconds for taking what is there already, of which the loop has to be told first."""


class Line:
    """A connection while an exchange has it."""

    __slots__ = ("_ends", "_is_held", "_looked", "_session", "_wire", "has_received", "limits")

    def __init__(self, session: Session, wire: Wire, limits: Limits) -> None:
        self._session = session
        self._wire = wire
        self._ends = limits.ends
        self._is_held = True
        self._looked = False
        self.has_received = False
        self.limits = limits

    async def send(self, data: HiddenBytes) -> None:
        """Send a request. Raises `Malformed` where the server takes too long to take it."""
        wire = self._wire
        wire.write(data)
        if not wire.is_sending:
            return
        within = self.limits.left(None)
        until = monotonic() + within
        # An answer may be there before all was sent: that the request is too large, perhaps.
        while wire.is_sending and not wire.has_news:
            if not await wire.wait(max(0.0, until - monotonic())):
                raise Malformed("read_timeout", f"the server did not take the request within {within:g} s")

    async def head(self, method: str, longest: int) -> tuple[Head, bytes]:
        """Receive the head of the answer, and what follows it, as `receive_head` does."""
        received = b""
        while True:
            await self.more()
            try:
                received += self.receive()
                return receive_head(_Received(received, self._wire), method, longest)
            except Starved:
                continue

    def receive(self) -> bytes:
        """What was received, no bytes at the end. Raises `Starved`, `TimeoutError`, and what breaks the connection."""
        if self._ends is not None and self._wire.has_news and monotonic() >= self._ends:
            if self._looked:
                raise TimeoutError
            self._looked = True
        data = self._wire.take()
        if data:
            self.has_received = True
        return data

    async def more(self) -> None:
        """Wait until `receive` has something. Raises `TimeoutError` where that takes too long."""
        within = self.limits.read_timeout
        if self._ends is not None:
            left = self._ends - monotonic()
            if left <= 0 and self._looked:
                raise TimeoutError
            within = min(within, max(left, _LOOK))
        until = monotonic() + within
        while not self._wire.has_news:
            if not await self._wire.wait(max(0.0, until - monotonic())):
                raise TimeoutError

    def end_at(self, ends: float | None) -> None:
        """From now on wait no longer than until `ends`, by `time.monotonic`, and until the end of the exchange.

        A read that is later than that takes what is there, once, and then raises `TimeoutError`.
        """
        last = self.limits.ends
        self._ends = ends if last is None or (ends is not None and ends < last) else last
        self._looked = False

    def shut(self) -> None:
        """End whatever any task waits for here, and let nothing more be sent or received."""
        if self._is_held:
            self._wire.end()

    def release(self, *, keep: bool) -> None:
        """End the exchange: keep the connection for another one, or close it. Twice is once."""
        if self._is_held:
            self._is_held = False
            self._session.put(self._wire, keep=keep and self._wire.is_clean())


class _Received:
    """All of an answer that was received by now, to be read as often as it takes for its head to be whole."""

    def __init__(self, received: bytes, wire: Wire) -> None:
        self._received = received
        self._wire = wire

    def receive(self) -> bytes:
        """All of it at first, and then what follows it."""
        received, self._received = self._received, b""
        return received or self._wire.take()


async def perform(
    session: Session,
    data: HiddenBytes,
    method: str,
    limits: Limits,
    bounds: Bounds,
    *,
    longest_idle: float | None = None,
) -> Incoming[Line]:
    """Send a request, and receive the head of its answer. Raises `ExchangeFailed`.

    A connection that was idle for longer than `longest_idle`, in seconds, is closed, and another one taken.
    """
    line = Line(session, await session.take(limits, longest_idle), limits)
    try:
        await line.send(data)
        head, rest = await line.head(method, bounds.head)
        return Incoming(line, head, rest, bounds)
    except BaseException as error:
        line.release(keep=False)
        if isinstance(error, BREAKS):
            raise ExchangeFailed(failure(error, line)) from error
        raise


def failure(error: Exception, line: Line, within: float | None = None) -> Interrupted:
    """The error for what was raised once a request was, or may have been, sent, by a read of so many seconds."""
    limits = line.limits
    return limits.explain(interrupted(error, limits.read_timeout, received=line.has_received), within)


async def read(incoming: Incoming[Line]) -> bytes:
    """What is received next of a body, no bytes at the end. Raises what `BREAKS` says."""
    while True:
        try:
            return incoming.read()
        except Starved:
            await incoming.line.more()
