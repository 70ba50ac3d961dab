"""The body of an error answer, in every form that servers give it.

https://platform.openai.com/docs/guides/error-codes
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, json

from .lossless import REFUSALS
from .plain import is_object


class ErrorBody(Struct, frozen=True, kw_only=True):
    """What an error answer says of itself; each field is None where it says nothing."""

    message: str | None = None
    type: str | None = None
    param: str | None = None
    code: str | None = None


def decode_error_body(data: bytes) -> ErrorBody:
    """Read the body of an error answer. Total: HTML, nothing at all or any other bytes give an `ErrorBody` of Nones.

    Understood are the envelope `{"error": {…}}`, the same without envelope, `{"error": "…"}`, and the
    `{"detail": "…"}` and `{"message": "…"}` of other servers.
    """
    try:
        body: Any = json.decode(data)
    except REFUSALS:
        return ErrorBody()
    inner: Any = body.get("error", body) if is_object(body) else body
    if isinstance(inner, str):
        return ErrorBody(message=inner)
    if not is_object(inner):
        return ErrorBody()
    return ErrorBody(
        message=_text(inner.get("message")) or _text(inner.get("detail")),
        type=_text(inner.get("type")),
        param=_text(inner.get("param")),
        code=_text(inner.get("code")),
    )


def _text(value: Any) -> str | None:
    """Some servers give numeric codes; nested values are left to `ApiError.body`."""
    if isinstance(value, bool | float) or not isinstance(value, str | int):
        return None
    return str(value)
