"""Why the service stopped a model that seemed to act against its user. Not in the specification: the official client has it."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class MisalignmentSteer(Wire, frozen=True, kw_only=True):
    """How to go on."""

    message: str | UnsetType | None = UNSET


class Misalignment(Wire, frozen=True, kw_only=True):
    """What the model was about to do. `review_target` is opaque: it names the review, to go on with it explicitly.

    `error_type`: `potentially_unintended_data_transfer`, `potentially_unintended_data_access`,
    `potentially_unintended_destructive_activity` or `other`.
    """

    detailed_explanation: str | UnsetType | None = UNSET
    error_type: str | UnsetType | None = UNSET
    review_target: str | UnsetType | None = UNSET
    steer: MisalignmentSteer | UnsetType | None = UNSET
