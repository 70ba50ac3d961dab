"""How decoding fails: what msgspec raises, and the one error that it becomes, as a value.

Law: nothing else lists what msgspec raises, or words it. An error speaks of one answer, that of the last exchange.
"""

from __future__ import annotations

from typing import Any

from msgspec import MsgspecError, Struct, ValidationError

from .shown import shown

REFUSALS = (MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that it does not read: the last two are no `MsgspecError` (msgspec 0.22)."""

UNREAD = (*REFUSALS, TypeError, UnicodeEncodeError)
"""The same, and what it raises for what is no bytes at all, and for a string with half a surrogate pair."""

UNWRITTEN = (MsgspecError, TypeError, ValueError, OverflowError, RecursionError)
"""What it raises for what JSON cannot hold; half a surrogate pair is a `UnicodeEncodeError`, and so a `ValueError`."""

NESTED = "nested too deeply"
"""What a `RecursionError` means, wherever JSON is read or written."""


class DecodeError(Struct, frozen=True, kw_only=True, tag_field="error", tag=True, repr_omit_defaults=True):
    """An answer that could not be understood: not the JSON that the API describes, or no JSON at all.

    `path` is the JSON path of what was unexpected (`$` is the whole), `reason` says what was expected there. Where
    the bytes were the body of an HTTP response, `status` and `request_id` say which; `body` is all of it.
    `response_id` is that of the response that a stream or a wait was about; None where it is not known.
    """

    __repr__ = shown

    path: str = "$"
    reason: str
    status: int | None = None
    request_id: str | None = None
    body: bytes = b""
    response_id: str | None = None

    @property
    def may_have_acted(self) -> bool:
        """True where an HTTP response was received: the server may have done what that last request asked for."""
        return self.status is not None

    @property
    def retryable(self) -> bool:
        """False: the same bytes would be understood no better."""
        return False

    def __str__(self) -> str:
        answered = "" if self.status is None else f" (HTTP {self.status}, request {self.request_id or 'without id'})"
        about = "" if self.response_id is None else f" (response {self.response_id})"
        return f"not understood at {self.path}: {self.reason}{answered}{about}"


def explained(refusal: Exception, data: Any) -> tuple[str, str]:
    """The path and the reason of the `DecodeError` that a refusal becomes, which is one of `UNREAD`, to read `data`."""
    given = bytes_of(data)
    if given is None:
        return "$", f"expected bytes, got {type(data).__name__}"
    if isinstance(refusal, ValidationError):
        from .mismatch import mismatch_of

        return mismatch_of(refusal)
    if not given.strip():
        return "$", "expected JSON, got nothing"
    if isinstance(refusal, RecursionError):
        return "$", NESTED
    return "$", _not_utf8(given) if isinstance(refusal, UnicodeError) else str(refusal)


def bytes_of(data: Any) -> bytes | None:
    """What was passed to be read, as bytes: text is, too; None for what is neither."""
    if isinstance(data, str):
        return data.encode("utf-8", "surrogatepass")
    return bytes(data) if isinstance(data, _BYTES) else None


_BYTES: Any = (bytes, bytearray, memoryview)


def _not_utf8(data: bytes) -> str:
    """Where it is not: msgspec counts from the start of a string somewhere in the data."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8: {error.reason} (byte {error.start})"
    return "not UTF-8"
