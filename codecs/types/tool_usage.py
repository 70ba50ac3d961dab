"""What the service's own tools used for a response, beside the tokens of its model.

Not in the specification: seen in recorded answers, and the official client has it.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


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
