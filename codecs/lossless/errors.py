"""The one way in which decoding fails, as a value; it speaks of one answer, that of the last exchange."""

from __future__ import annotations

from msgspec import Struct

from .shown import shown


class DecodeError(Struct, frozen=True, kw_only=True, tag_field="error", tag=True, repr_omit_defaults=True):
    """An answer that could not be understood: not the JSON that the API describes, or no JSON at all.

    `path` is the JSON path of what was unexpected (`$` is the whole), `reason` says what was expected there. Where
    the bytes were the body of an HTTP response, `status` and `request_id` tell which; `body` is all of it.
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
