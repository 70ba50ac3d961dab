"""One exchange on one connection: a request in one send, and the head of its answer.

Law: what is said of a request is known, not guessed: until the first byte of it is sent, it is `NotSent`. Whatever is
waited for can be ended by another thread, and ends by itself when its time is over.
"""

from __future__ import annotations

from ssl import SSLEOFError, SSLError, SSLZeroReturnError
from time import monotonic
from typing import Any

from ...core.errors import Interrupted
from ..exchanges import PERHAPS_SENT, UNSENT
from ..http1.failures import ExchangeFailed, Malformed, interrupted
from ..http1.incoming import Bounds, Incoming, receive_head
from ..http1.request_bytes import HiddenBytes
from ..network.timeouts import Limits
from .abandonment import Abandonment, GivenUp
from .connecting import shut
from .connections import Connection, Pool

_MOST = 65536
"""Bytes that are received at once: what the system is likely to hold of a fast stream."""

_LOOK = 0.001
"""Seconds for taking what is there already. No seconds would mean to a socket that nothing there is the end."""


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


def failure(error: Exception, line: Line, within: float | None = None) -> Interrupted:
    """The error for what was raised once a request was, or may have been, sent, by a read of so many seconds."""
    if line.abandonment.given_up:
        return PERHAPS_SENT
    limits = line.limits
    return limits.explain(interrupted(error, limits.read_timeout, received=line.has_received), within)
