"""How much a request may be: what is more is refused before it is kept.

Law: a body is counted as it is received, whatever is announced of it; a limit is checked in one place for every kind of
application.
"""

from __future__ import annotations

from ...core.http import Pairs
from ..memory.validation.refusals import RefusedRequest

MAX_BODY = 64 * 1024**2
"""The most bytes of a body, by default: more than the API takes."""

MAX_HEADERS = 256
"""The most headers of a request."""

MAX_HEADER_BYTES = 64 * 1024
"""The most bytes of all headers of a request."""


def check_headers(headers: Pairs) -> None:
    """Raise `RefusedRequest` for more headers than are read (RFC 6585, section 5)."""
    if len(headers) > MAX_HEADERS:
        raise RefusedRequest(431, f"This request has too many headers. It may have {MAX_HEADERS} at most.")
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        message = f"The headers of this request are too long. They may have {MAX_HEADER_BYTES} bytes at most."
        raise RefusedRequest(431, message)


def announced_length(text: str | None, most: int) -> int | None:
    """How many bytes of a body are announced; None where that is not said.

    Raises `RefusedRequest` for more than `most`, and for what is no length (RFC 9110, section 8.6).
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise RefusedRequest(400, "The header Content-Length is not a number of bytes.")
    digits = text.lstrip("0") or "0"
    # A number of more digits than any limit has is converted to nothing.
    if len(digits) > len(str(most)) or int(digits) > most:
        raise _too_large(most)
    return int(digits)


class BodyCount:
    """The chunks of a body that is being received, of at most so many bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most
        self._chunks: list[bytes] = []

    def take(self, chunk: bytes) -> None:
        """Keep one more chunk. Raises `RefusedRequest` where that is too much (RFC 9110, section 15.5.14)."""
        self._left -= len(chunk)
        if self._left < 0:
            raise _too_large(self._most)
        self._chunks.append(chunk)

    def whole(self) -> bytes:
        """All that was received."""
        return b"".join(self._chunks)


def _too_large(most: int) -> RefusedRequest:
    return RefusedRequest(413, f"The body of this request is too large. It may have {most} bytes at most.")
