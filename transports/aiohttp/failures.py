"""What aiohttp raises where no connection could be made, as the errors of the core.

Law: the same as of urllib3 (`urllib3/failures.py`): whatever happens before a connection is made is `NotSent`, with the
kind that says why.
"""

from __future__ import annotations

import os
import ssl
from socket import gaierror

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponseError,
    ClientSSLError,
    InvalidURL,
    ServerDisconnectedError,
)

from ...core.errors import NotSent, NotSentKind
from .connector import Attempt, Destination

CONNECTING = (ClientError, OSError, ValueError)
"""What making a connection may raise."""

_LONGEST_REASON = 300
"""Characters."""

_OF_A_HANDSHAKE = (ssl.SSLError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
"""What ends a handshake, and is no failure to connect: that is refused, or there is no way."""


def not_connected(error: Exception, destination: Destination, attempt: Attempt, within: float) -> NotSent:
    """The error for what was raised in an `attempt` to make a connection, within so many seconds."""
    origin, proxy = destination.origin, destination.proxy
    kind, reason = _not_connected(error, within)
    if proxy is None or (attempt.is_past_proxy and not attempt.has_surplus):
        return NotSent(kind, f"{origin.host}:{origin.port}: {reason}")
    if attempt.has_surplus:
        reason = "it sent more than a head, where it was to make a tunnel"
    return NotSent("proxy", f"the proxy {proxy.url.partition('//')[2]}: {reason}")


def _not_connected(error: Exception, within: float) -> tuple[NotSentKind, str]:
    if isinstance(error, ClientConnectorDNSError):
        return "dns", _words(error.os_error)
    if isinstance(error, InvalidURL | UnicodeError):
        return "dns", "that is no host name"
    if isinstance(error, ClientHttpProxyError):
        return "proxy", f"it makes no tunnel: {error.status} {error.message}"[:_LONGEST_REASON]
    if isinstance(error, ClientResponseError):
        return "proxy", f"its answer is not HTTP: {error.message}"[:_LONGEST_REASON]
    if isinstance(error, ServerDisconnectedError):
        return "proxy", "it closed the connection without an answer"
    cause: Exception = error
    if isinstance(error, ClientConnectorCertificateError):
        cause = error.certificate_error
    elif isinstance(error, ClientConnectorError):
        cause = error.os_error
    if isinstance(error, TimeoutError) or isinstance(cause, TimeoutError):
        return "connect_timeout", f"no connection within {within:g} s"
    if isinstance(cause, _OF_A_HANDSHAKE) or isinstance(error, ClientSSLError):
        return "tls", _words(cause) if str(cause) else "the connection was closed within the handshake (EOF)"
    return ("refused" if isinstance(cause, ConnectionRefusedError) else "unreachable"), _words(cause)


def _words(error: BaseException) -> str:
    """What an error says. asyncio names the address in place of what is wrong with it."""
    described = error.strerror if isinstance(error, OSError) else None
    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ssl.SSLError | gaierror):
        described = os.strerror(error.errno)
    return (described or str(error) or type(error).__name__)[:_LONGEST_REASON]
