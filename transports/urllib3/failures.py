"""What urllib3, http.client and the socket raise, as the errors of the core.

Law: what happens before the first byte of a request is sent is `NotSent`, with the kind that says why; all that happens
later is `Interrupted`, because the server may have acted. Which of the two holds is not guessed from the exception: the
exchange knows (`exchange.py`), and so does the connection, which calls `not_connected` for all that happens before it
is one.
"""

from __future__ import annotations

from http.client import HTTPException
from ssl import SSLEOFError, SSLZeroReturnError
from ssl import SSLError as TlsError

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)

from ...core.errors import Interrupted, InterruptedKind, NotSent, NotSentKind

CONNECTING = (HTTPError, HTTPException, OSError, ValueError)
"""What making a connection may raise."""

_LONGEST_REASON = 300
"""Characters."""


class ExchangeFailed(Exception):
    """Ends an exchange with an error of the core. It derives from no exception that urllib3 handles."""

    def __init__(self, error: NotSent | Interrupted) -> None:
        super().__init__(str(error))
        self.error = error


class Malformed(Exception):
    """What was received is no answer, or no whole one: of what kind, and why."""

    def __init__(self, kind: InterruptedKind, reason: str) -> None:
        super().__init__(reason)
        self.kind: InterruptedKind = kind
        self.reason = reason


def not_connected(error: Exception, host: str, *, proxied: bool, within: float | None) -> NotSent:
    """The error for what a connection raised while it was being made.

    Args:
        error: What was raised.
        host: Name and port of what was to be connected to: of the proxy, where there is one.
        proxied: Whether what failed is the way to the proxy, or from the proxy to the server.
        within: The time limit, in seconds.
    """
    kind, reason = _not_connected(error, within)
    return NotSent("proxy", f"the proxy {host}: {reason}") if proxied else NotSent(kind, f"{host}: {reason}")


def _not_connected(error: Exception, within: float | None) -> tuple[NotSentKind, str]:
    cause = error.__cause__ or error
    if isinstance(error, LocationParseError):
        return "dns", "that is no host name"
    if isinstance(error, NameResolutionError):
        return "dns", _words(cause)
    if isinstance(error, NewConnectionError):
        return ("refused" if isinstance(cause, ConnectionRefusedError) else "unreachable"), _words(cause)
    if isinstance(error, ConnectTimeoutError | TimeoutError):
        return "connect_timeout", f"no connection within {within} s"
    # The connection was made, so what is left is the handshake.
    return "tls", _words(error)


def interrupted(error: Exception, within: float, *, received: bool = False) -> Interrupted:
    """The error for what was raised once the request was, or may have been, sent.

    Args:
        error: What was raised.
        within: How many seconds a read waits at most.
        received: Whether some of the answer was received before.
    """
    if isinstance(error, Malformed):
        return Interrupted(error.kind, error.reason)
    if isinstance(error, TimeoutError):
        return Interrupted("read_timeout", f"the server was silent for {within:g} s")
    if isinstance(error, SSLEOFError | SSLZeroReturnError):
        return broke_off() if received else closed_unanswered()
    if isinstance(error, TlsError):
        return Interrupted("tls", _words(error))
    if isinstance(error, MemoryError | OverflowError):
        return Interrupted("protocol", "the answer announces a body that no memory can hold")
    return Interrupted("reset", _words(error))


def closed_unanswered() -> Interrupted:
    """The error of a connection that ended before an answer began."""
    return Interrupted("reset", "the server closed the connection without an answer")


def broke_off() -> Interrupted:
    """The error of a TLS connection that ended within an answer, without saying so (RFC 9112, section 9.8)."""
    return Interrupted("truncated", "the connection ended within the answer, without a closing message of TLS")


def _words(error: BaseException) -> str:
    described = error.strerror if isinstance(error, OSError) else None
    return (described or str(error) or type(error).__name__)[:_LONGEST_REASON]
