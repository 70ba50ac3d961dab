"""Prompt templates and prompt caching."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
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
