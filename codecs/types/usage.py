"""What a response cost, in tokens."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class CacheWriteTokensDetails(Wire, frozen=True, kw_only=True):
    """How long what was written to the prompt cache is kept. Not in the specification: the official client has it."""

    ttl_12h_tokens: int | UnsetType | None = UNSET
    ttl_30m_tokens: int | UnsetType | None = UNSET


class InputTokensDetails(Wire, frozen=True, kw_only=True):
    """What the input tokens were."""

    cache_write_tokens: int | UnsetType | None = UNSET
    cache_write_tokens_details: CacheWriteTokensDetails | UnsetType | None = UNSET
    cached_tokens: int | UnsetType | None = UNSET


class OutputTokensDetails(Wire, frozen=True, kw_only=True):
    """What the output tokens were."""

    reasoning_tokens: int | UnsetType | None = UNSET


class Usage(Wire, frozen=True, kw_only=True):
    """The tokens that a response took. Schema `ResponseUsage`."""

    input_tokens: int
    input_tokens_details: InputTokensDetails | UnsetType | None = UNSET
    output_tokens: int
    output_tokens_details: OutputTokensDetails | UnsetType | None = UNSET
    total_tokens: int
