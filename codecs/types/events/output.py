"""Events about what a response consists of: items, content parts, text.

The `obfuscation` of an event is padding that hides how long its `delta` is. The specification names it for one event
only, but all that have a `delta` come with it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire
from ..annotations import Annotation
from ..content import ContentPart
from ..items import OutputItem
from ..logprobs import LogProb


class OutputItemAddedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.output_item.added"):
    """An item was begun. Schema `ResponseOutputItemAddedEvent`."""

    type: ClassVar[Literal["response.output_item.added"]] = "response.output_item.added"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item: OutputItem
    stream_id: str | UnsetType | None = UNSET


class OutputItemDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.output_item.done"):
    """An item is complete. Schema `ResponseOutputItemDoneEvent`."""

    type: ClassVar[Literal["response.output_item.done"]] = "response.output_item.done"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item: OutputItem
    stream_id: str | UnsetType | None = UNSET


class CompactionCompactingEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.compaction.compacting"
):
    """More of a compaction was made. Not in the specification: the official client has it."""

    type: ClassVar[Literal["response.compaction.compacting"]] = "response.compaction.compacting"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    stream_id: str | UnsetType | None = UNSET


class ContentPartAddedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.content_part.added"):
    """A part of an item's content was begun. Schema `ResponseContentPartAddedEvent`."""

    type: ClassVar[Literal["response.content_part.added"]] = "response.content_part.added"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    content_index: int
    part: ContentPart
    stream_id: str | UnsetType | None = UNSET


class ContentPartDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.content_part.done"):
    """A part of an item's content is complete. Schema `ResponseContentPartDoneEvent`."""

    type: ClassVar[Literal["response.content_part.done"]] = "response.content_part.done"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    content_index: int
    part: ContentPart
    stream_id: str | UnsetType | None = UNSET


class TextDeltaEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.delta"):
    """More text. Schema `ResponseTextDeltaEvent`."""

    type: ClassVar[Literal["response.output_text.delta"]] = "response.output_text.delta"
    delta: str
    item_id: str
    content_index: int
    logprobs: tuple[LogProb, ...] | UnsetType | None = UNSET
    obfuscation: str | UnsetType | None = UNSET
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class TextDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.done"):
    """The text is complete. Schema `ResponseTextDoneEvent`."""

    type: ClassVar[Literal["response.output_text.done"]] = "response.output_text.done"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    content_index: int
    text: str
    logprobs: tuple[LogProb, ...] | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class OutputTextAnnotationAddedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.annotation.added"
):
    """The text cites something. Schema `ResponseOutputTextAnnotationAddedEvent`."""

    type: ClassVar[Literal["response.output_text.annotation.added"]] = "response.output_text.annotation.added"
    item_id: str
    output_index: int
    content_index: int
    annotation_index: int
    sequence_number: int | UnsetType | None = UNSET
    annotation: Annotation | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class RefusalDeltaEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.refusal.delta"):
    """More of a refusal. Schema `ResponseRefusalDeltaEvent`."""

    type: ClassVar[Literal["response.refusal.delta"]] = "response.refusal.delta"
    item_id: str
    output_index: int
    content_index: int
    delta: str
    sequence_number: int | UnsetType | None = UNSET
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class RefusalDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.refusal.done"):
    """The refusal is complete. Schema `ResponseRefusalDoneEvent`."""

    type: ClassVar[Literal["response.refusal.done"]] = "response.refusal.done"
    item_id: str
    output_index: int
    content_index: int
    refusal: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class AudioDeltaEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.audio.delta"):
    """More audio, in base64. Schema `ResponseAudioDeltaEvent`."""

    type: ClassVar[Literal["response.audio.delta"]] = "response.audio.delta"
    sequence_number: int | UnsetType | None = UNSET
    delta: str
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class AudioDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.audio.done"):
    """The audio is complete. Schema `ResponseAudioDoneEvent`."""

    type: ClassVar[Literal["response.audio.done"]] = "response.audio.done"
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class AudioTranscriptDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.audio.transcript.delta"
):
    """More of the audio's transcript. Schema `ResponseAudioTranscriptDeltaEvent`."""

    type: ClassVar[Literal["response.audio.transcript.delta"]] = "response.audio.transcript.delta"
    delta: str
    sequence_number: int | UnsetType | None = UNSET
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class AudioTranscriptDoneEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.audio.transcript.done"):
    """The audio's transcript is complete. Schema `ResponseAudioTranscriptDoneEvent`."""

    type: ClassVar[Literal["response.audio.transcript.done"]] = "response.audio.transcript.done"
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET
