"""What a socket and TLS raise once a request may have been sent, and what is no answer, as the errors of the core.

Law: what happens before the first byte of a request is sent is `NotSent`; all that happens later is `Interrupted`,
because the server may have acted. Which of the two holds is not guessed from the exception: the exchange knows.
"""

from __future__ import annotations

from ssl import SSLEOFError, SSLZeroReturnError
from ssl import SSLError as TlsError

from ...core.errors import Interrupted, InterruptedKind, NotSent

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
        return Interrupted("tls", words_of(error))
    if isinstance(error, MemoryError | OverflowError):
        return Interrupted("protocol", "the answer announces a body that no memory can hold")
    return Interrupted("reset", words_of(error))


def closed_unanswered() -> Interrupted:
    """The error of a connection that ended before an answer began."""
    return Interrupted("reset", "the server closed the connection without an answer")


def broke_off() -> Interrupted:
    """The error of a TLS connection that ended within an answer, without saying so (RFC 9112, section 9.8)."""
    return Interrupted("truncated", "the connection ended within the answer, without a closing message of TLS")


def words_of(error: BaseException) -> str:
    """What an exception says, in no more than so many characters; what it is, where it says nothing."""
    described = error.strerror if isinstance(error, OSError) else None
    return (described or str(error) or type(error).__name__)[:_LONGEST_REASON]
