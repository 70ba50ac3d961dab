"""What urllib3, http.client and the socket raise, as the errors of the core.

Law: what happens before a connection is made is `NotSent`, with the kind that says why; all that happens later is
`Interrupted`, because the server may have acted. Which of the two holds is not guessed from the exception: the
connection knows (`connections.py`) and calls `not_connected`; whatever else is raised is `interrupted`.
"""

from __future__ import annotations

from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from ssl import SSLError as TlsError

from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from ...core.errors import Interrupted, NotSent, NotSentKind

BREAKS = (HTTPError, HTTPException, OSError, ValueError, MemoryError, OverflowError)
"""What an exchange may raise once a connection is made."""

_LONGEST_REASON = 300
"""Characters. A garbled status line may be 64 KB long."""


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


def interrupted(error: Exception, within: float) -> Interrupted:
    """The error for what was raised once the request was, or may have been, sent. `within` is the limit in seconds."""
    while isinstance(error, ProxyError | ProtocolError | SSLError) and isinstance(error.args[-1], Exception):
        error = error.args[-1]
    if isinstance(error, ReadTimeoutError):
        return Interrupted("read_timeout", f"the server was silent for {within} s")
    if isinstance(error, TimeoutError):
        return Interrupted("read_timeout", f"the server did not take the request within {within} s")
    if isinstance(error, RemoteDisconnected):
        return Interrupted("reset", "the server closed the connection without an answer")
    if isinstance(error, BadStatusLine):
        return Interrupted("protocol", f"the answer is not HTTP: {str(error)[:_LONGEST_REASON]!r}")
    if isinstance(error, IncompleteRead):
        return Interrupted("truncated", f"the answer broke off: {error!r}")
    if isinstance(error, DecodeError):
        return Interrupted("truncated", str(error.args[0]))
    if isinstance(error, TlsError | SSLError):
        return Interrupted("tls", _words(error))
    if isinstance(error, OSError):
        return Interrupted("reset", _words(error))
    if isinstance(error, MemoryError | OverflowError):
        return Interrupted("protocol", "the answer announces a body that no memory can hold")
    return Interrupted("protocol", _words(error))


def _words(error: BaseException) -> str:
    described = error.strerror if isinstance(error, OSError) else None
    return (described or str(error) or type(error).__name__)[:_LONGEST_REASON]
