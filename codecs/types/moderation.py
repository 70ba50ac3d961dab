"""Moderation of input and output, and of what a model is about to do."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire


class ModerationResult(Wire, frozen=True, kw_only=True, tag_field="type", tag="moderation_result"):
    """What the moderation found. Schema `ModerationResultBody`.

    `category_applied_input_types`: `text` or `image`.
    """

    type: ClassVar[Literal["moderation_result"]] = "moderation_result"
    model: str
    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, int | float]
    category_applied_input_types: dict[str, tuple[str, ...]]


class ModerationError(Wire, frozen=True, kw_only=True, tag_field="type", tag="error"):
    """The moderation failed. Schema `ModerationErrorBody`."""

    type: ClassVar[Literal["error"]] = "error"
    code: str
    message: str


class Moderation(Wire, frozen=True, kw_only=True):
    """What the moderation found in input and output. Schema `Moderation`."""

    input: ModerationOutcome
    output: ModerationOutcome


class ModerationConfig(Wire, frozen=True, kw_only=True):
    """What the moderation does with what it finds. Schema `ModerationConfigParam`.

    `mode`: `score` or `block`.
    """

    mode: str


class ModerationPolicy(Wire, frozen=True, kw_only=True):
    """How input and output are moderated. Schema `ModerationPolicyParam`."""

    input: ModerationConfig | UnsetType | None = UNSET
    output: ModerationConfig | UnsetType | None = UNSET


class ModerationParam(Wire, frozen=True, kw_only=True):
    """Which model moderates, and how. Schema `ModerationParam`."""

    model: str
    policy: ModerationPolicy | UnsetType | None = UNSET


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


ModerationOutcome: TypeAlias = ModerationResult | ModerationError | Unknown
"""What the moderation says of one text."""
