"""Compaction of long contexts, and compression of the images in them."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class ContextManagement(Wire, frozen=True, kw_only=True):
    """When the service shortens the context, in tokens. Schema `ContextManagementParam`."""

    type: str
    compact_threshold: int | UnsetType | None = UNSET


class ImageOptions(Wire, frozen=True, kw_only=True):
    """Whether images take less of the context; in a response, whether they did.

    Not in the specification: the official client has it.

    `context_compression`: `auto`, `enabled` or `disabled`.
    """

    context_compression: str | UnsetType | None = UNSET


class Compaction(Wire, frozen=True, kw_only=True, tag_field="type", tag="compaction"):
    """A conversation so far, compacted and encrypted. Schemas `CompactionBody` and `CompactionSummaryItemParam`."""

    type: ClassVar[Literal["compaction"]] = "compaction"
    id: str | UnsetType | None = UNSET
    encrypted_content: str
    created_by: str | UnsetType | None = UNSET


class CompactionTrigger(Wire, frozen=True, kw_only=True, tag_field="type", tag="compaction_trigger"):
    """Asks for the context before it to be compacted. Schema `CompactionTriggerItemParam`."""

    type: ClassVar[Literal["compaction_trigger"]] = "compaction_trigger"
    id: str | UnsetType | None = UNSET
