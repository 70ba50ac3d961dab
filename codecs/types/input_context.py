"""Compacting a conversation: what is asked, and what comes."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .items import InputItem, OutputItem
from .prompt import PromptCacheOptions
from .usage import Usage


class CompactRequest(Wire, frozen=True, kw_only=True):
    """What is to be compacted. Schema `CompactResponseMethodPublicBody`.

    `prompt_cache_retention`: `in_memory` or `24h`. `service_tier`: `auto`, `default`, `fast`, `flex` or `priority`.
    """

    model: str | UnsetType | None = UNSET
    input: str | tuple[InputItem, ...] | UnsetType | None = UNSET
    previous_response_id: str | UnsetType | None = UNSET
    instructions: str | UnsetType | None = UNSET
    prompt_cache_key: str | UnsetType | None = UNSET
    prompt_cache_retention: str | UnsetType | None = UNSET
    prompt_cache_options: PromptCacheOptions | UnsetType | None = UNSET
    service_tier: str | UnsetType | None = UNSET


class CompactedResponse(Wire, frozen=True, kw_only=True):
    """A compacted conversation, to be given to the model in place of the whole. Schema `CompactResource`.

    `object`: `response.compaction`.
    """

    id: str
    object: str | UnsetType | None = UNSET
    created_at: int
    output: tuple[OutputItem, ...]
    usage: Usage | UnsetType | None = UNSET
