"""What urllib3 and http.client raise while a connection is made, as the errors of the core: each is a `NotSent`."""

from __future__ import annotations

from http.client import HTTPException

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)

from ...core.errors import NotSent, NotSentKind
from ..http1.failures import words_of

CONNECTING = (HTTPError, HTTPException, OSError, ValueError)
"""What making a connection may raise."""


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
        return "dns", words_of(cause)
    if isinstance(error, NewConnectionError):
        return ("refused" if isinstance(cause, ConnectionRefusedError) else "unreachable"), words_of(cause)
    if isinstance(error, ConnectTimeoutError | TimeoutError):
        return "connect_timeout", f"no connection within {within} s"
    # The connection was made, so what is left is the handshake.
    return "tls", words_of(error)
