"""The body of an error answer, as the specification has it."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class MisalignmentSteer(Wire, frozen=True, kw_only=True):
    """How to go on."""

    message: str | UnsetType | None = UNSET


class Misalignment(Wire, frozen=True, kw_only=True):
    """Why the service stopped a model that seemed to act against its user. Not in the specification.

    `review_target` is opaque: it names the review, for those who go on with it explicitly.

    `error_type`: `potentially_unintended_data_transfer`, `potentially_unintended_data_access`,
    `potentially_unintended_destructive_activity` or `other`.
    """

    detailed_explanation: str | UnsetType | None = UNSET
    error_type: str | UnsetType | None = UNSET
    review_target: str | UnsetType | None = UNSET
    steer: MisalignmentSteer | UnsetType | None = UNSET


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
