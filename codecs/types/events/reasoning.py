"""Events about the model's reasoning."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from ..content import SummaryText


class ReasoningTextDeltaEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.reasoning_text.delta"):
    """More reasoning. Schema `ResponseReasoningTextDeltaEvent`."""

    type: ClassVar[Literal["response.reasoning_text.delta"]] = "response.reasoning_text.delta"
    item_id: str
    output_index: int
    content_index: int
    delta: str
    sequence_number: int | UnsetType | None = UNSET
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ReasoningTextDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.reasoning_text.done"):
    """The reasoning text is complete. Schema `ResponseReasoningTextDoneEvent`."""

    type: ClassVar[Literal["response.reasoning_text.done"]] = "response.reasoning_text.done"
    item_id: str
    output_index: int
    content_index: int
    text: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ReasoningSummaryPartAddedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.reasoning_summary_part.added"
):
    """A part of the summary of the reasoning was begun. Schema `ResponseReasoningSummaryPartAddedEvent`."""

    type: ClassVar[Literal["response.reasoning_summary_part.added"]] = "response.reasoning_summary_part.added"
    item_id: str
    output_index: int
    summary_index: int
    sequence_number: int | UnsetType | None = UNSET
    part: SummaryText | Unknown
    stream_id: str | UnsetType | None = UNSET


class ReasoningSummaryPartDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.reasoning_summary_part.done"
):
    """A part of the summary of the reasoning is complete. Schema `ResponseReasoningSummaryPartDoneEvent`.

    `status`: `incomplete`.
    """

    type: ClassVar[Literal["response.reasoning_summary_part.done"]] = "response.reasoning_summary_part.done"
    item_id: str
    output_index: int
    summary_index: int
    status: str | UnsetType | None = UNSET
    sequence_number: int | UnsetType | None = UNSET
    part: SummaryText | Unknown
    stream_id: str | UnsetType | None = UNSET


class ReasoningSummaryTextDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.reasoning_summary_text.delta"
):
    """More of the summary of the reasoning. Schema `ResponseReasoningSummaryTextDeltaEvent`."""

    type: ClassVar[Literal["response.reasoning_summary_text.delta"]] = "response.reasoning_summary_text.delta"
    item_id: str
    output_index: int
    summary_index: int
    delta: str
    sequence_number: int | UnsetType | None = UNSET
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ReasoningSummaryTextDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.reasoning_summary_text.done"
):
    """The text of a summary part is complete. Schema `ResponseReasoningSummaryTextDoneEvent`."""

    type: ClassVar[Literal["response.reasoning_summary_text.done"]] = "response.reasoning_summary_text.done"
    item_id: str
    output_index: int
    summary_index: int
    text: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET
