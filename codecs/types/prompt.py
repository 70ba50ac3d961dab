"""Prompt templates, and prompt caching: how it is to be done, and what it did.

The specification lacks what it did: the official client has it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire
from .content import InputContent


class Prompt(Wire, frozen=True, kw_only=True):
    """A prompt template that the service holds, and its variables."""

    id: str
    variables: dict[str, str | InputContent] | UnsetType | None = UNSET
    version: str | UnsetType | None = UNSET


class PromptCacheOptions(Wire, frozen=True, kw_only=True):
    """How the prompt is cached. Schemas `PromptCacheOptions` and `PromptCacheOptionsParam`.

    `comparison_response_id` asks for `prompt_cache_diagnostics` beside that response, and `prewarm` for no more than
    the cache to be filled; the specification has neither.

    `ttl`: `30m` or `12h`. `mode`: `implicit` or `explicit`.
    """

    ttl: str | UnsetType | None = UNSET
    mode: str | UnsetType | None = UNSET
    comparison_response_id: str | UnsetType | None = UNSET
    prewarm: bool | UnsetType | None = UNSET


class PromptCacheMiss(Wire, frozen=True, kw_only=True, tag_field="type", tag="cache_miss"):
    """The cache was not used from some token on, for this reason.

    `reason`: `model_changed`, `prompt_cache_key_changed`, `tools_changed`, `text_format_changed`,
    `reasoning_effort_changed`, `verbosity_changed`, `context_compacted`, `input_changed` or `service_tier_changed`.
    """

    type: ClassVar[Literal["cache_miss"]] = "cache_miss"
    cache_missed_tokens: int
    comparison_reusable_tokens: int | UnsetType | None = UNSET
    reason: str


class PromptCacheHit(Wire, frozen=True, kw_only=True, tag_field="type", tag="cache_hit"):
    """The cache was used."""

    type: ClassVar[Literal["cache_hit"]] = "cache_hit"


class PromptCacheNoComparison(Wire, frozen=True, kw_only=True, tag_field="type", tag="comparison_response_not_found"):
    """There is no response of the id that was given as `comparison_response_id`."""

    type: ClassVar[Literal["comparison_response_not_found"]] = "comparison_response_not_found"


class PromptCacheUnavailable(Wire, frozen=True, kw_only=True, tag_field="type", tag="unavailable"):
    """Nothing is known of the cache."""

    type: ClassVar[Literal["unavailable"]] = "unavailable"


PromptCacheDiagnostics: TypeAlias = (
    PromptCacheMiss | PromptCacheHit | PromptCacheNoComparison | PromptCacheUnavailable | Unknown
)
"""What a prompt cache did for a response."""
