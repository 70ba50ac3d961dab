"""The body of an error answer, as the specification has it."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .moderation import Misalignment


class ErrorObject(Wire, frozen=True, kw_only=True):
    """What went wrong, in the service's words. Schema `Error`, which lacks `headers` and `misalignment`.

    `headers` are those of the answer, where there was none: in an event of a WebSocket.
    """

    message: str | UnsetType | None = UNSET
    param: str | UnsetType | None = UNSET
    code: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET
    headers: dict[str, str] | UnsetType | None = UNSET
    misalignment: Misalignment | UnsetType | None = UNSET


class ErrorResponse(Wire, frozen=True, kw_only=True):
    """The body of an error answer. Schema `ErrorResponse`."""

    error: ErrorObject
