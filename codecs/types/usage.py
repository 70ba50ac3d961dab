"""What a response cost: the tokens of its model, and what the service's own tools used.

The specification lacks what tools used: it was seen in recorded answers, and the official client has it.
"""

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


class ImageTokensDetails(Wire, frozen=True, kw_only=True):
    """How many tokens were of images, and how many of text."""

    image_tokens: int | UnsetType | None = UNSET
    text_tokens: int | UnsetType | None = UNSET


class CachedImageTokensDetails(Wire, frozen=True, kw_only=True):
    """How many cached tokens were of images, and how many of text."""

    cached_image_tokens: int | UnsetType | None = UNSET
    cached_text_tokens: int | UnsetType | None = UNSET


class ImageGenerationUsage(Wire, frozen=True, kw_only=True):
    """The tokens that image generation took."""

    cached_tokens: int | UnsetType | None = UNSET
    cached_tokens_details: CachedImageTokensDetails | UnsetType | None = UNSET
    input_tokens: int
    input_tokens_details: ImageTokensDetails | UnsetType | None = UNSET
    output_tokens: int
    output_tokens_details: ImageTokensDetails | UnsetType | None = UNSET
    total_tokens: int


class WebSearchUsage(Wire, frozen=True, kw_only=True):
    """How many web searches were made."""

    num_requests: int


class ToolUsage(Wire, frozen=True, kw_only=True):
    """What the service's own tools used."""

    image_gen: ImageGenerationUsage | UnsetType | None = UNSET
    web_search: WebSearchUsage | UnsetType | None = UNSET
