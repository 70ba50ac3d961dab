"""Image generation: the tool and the call."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire


class ImageMask(Wire, frozen=True, kw_only=True):
    """The part of an image to be edited."""

    image_url: str | UnsetType | None = UNSET
    file_id: str | UnsetType | None = UNSET


class SVGReasoning(Wire, frozen=True, kw_only=True):
    """How the author of an SVG image reasons.

    `effort`: `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`.
    """

    effort: str | UnsetType | None = UNSET


class SVGOptions(Wire, frozen=True, kw_only=True):
    """The model that writes an SVG image, where not the response's own. Not in the specification."""

    model: str | UnsetType | None = UNSET
    reasoning: SVGReasoning | UnsetType | None = UNSET


class ImageGenerationTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="image_generation"):
    """Lets the model make images. Schema `ImageGenTool`.

    The specification lacks `complexity`, `frame_count`, `frame_duration_ms` (of each frame of a GIF) and `svg`.

    `model`: any name, such as `gpt-image-1`, `gpt-image-1-mini`, `gpt-image-1.5`, `gpt-image-2`,
    `gpt-image-2-2026-04-21`, `gpt-image-2.5-sunburst`, `gpt-image-2.5-sunburst-2026-09-08`, `gpt-image-2.5-flare`,
    `gpt-image-2.5-flare-2026-09-08`, `gpt-image-2.6-sunburst`, `gpt-image-2.6-flare` or `chatgpt-image-latest`.
    `quality`: `low`, `medium`, `high`, `xhigh`, `max` or `auto`. `size`: `1024x1024`, `1024x1536`, `1536x1024` or
    `auto`. `output_format`: `png`, `webp`, `jpeg`, `gif` or `svg`. `moderation`: `auto` or `low`. `background`:
    `transparent`, `opaque` or `auto`. `input_fidelity`: `high` or `low`. `action`: `generate`, `edit` or `auto`.
    `complexity`: `low`, `medium` or `high`.
    """

    type: ClassVar[Literal["image_generation"]] = "image_generation"
    model: str | UnsetType | None = UNSET
    quality: str | UnsetType | None = UNSET
    size: str | UnsetType | None = UNSET
    output_format: str | UnsetType | None = UNSET
    output_compression: int | UnsetType | None = UNSET
    moderation: str | UnsetType | None = UNSET
    background: str | UnsetType | None = UNSET
    input_fidelity: str | UnsetType | None = UNSET
    input_image_mask: ImageMask | UnsetType | None = UNSET
    partial_images: int | UnsetType | None = UNSET
    action: str | UnsetType | None = UNSET
    complexity: str | UnsetType | None = UNSET
    frame_count: int | UnsetType | None = UNSET
    frame_duration_ms: int | UnsetType | None = UNSET
    svg: SVGOptions | UnsetType | None = UNSET


class ImageModerationDetails(Wire, frozen=True, kw_only=True):
    """What the moderation blocked, and where.

    `moderation_stage`: `input`, `output` or `unknown`.
    """

    categories: tuple[str, ...] | UnsetType | None = UNSET
    moderation_stage: str | UnsetType | None = UNSET


class ImageGenerationError(Wire, frozen=True, kw_only=True):
    """Why no image was made. Not in the specification: the official client has it."""

    code: str | UnsetType | None = UNSET
    message: str | UnsetType | None = UNSET
    param: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET
    moderation_details: ImageModerationDetails | UnsetType | None = UNSET


class SVGUsage(Wire, frozen=True, kw_only=True):
    """The tokens that writing an SVG image took. Not in the specification: the official client has it."""

    input_tokens: int
    model: str | UnsetType | None = UNSET
    output_tokens: int
    reasoning_tokens: int | UnsetType | None = UNSET
    total_tokens: int


class ImageGenerationCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="image_generation_call"):
    """The model made an image; `result` is base64. Schema `ImageGenToolCall`.

    Of the fields, the specification has `id`, `status` and `result`.

    `status`: `in_progress`, `completed`, `generating` or `failed`. `action`: `generate`, `edit` or `auto`.
    `background`: `transparent`, `opaque` or `auto`. `output_format`: `png`, `webp`, `jpeg`, `gif` or `svg`.
    `quality`: `low`, `medium`, `high`, `xhigh`, `max` or `auto`. `size`: `1024x1024`, `1024x1536`, `1536x1024` or
    another.
    """

    type: ClassVar[Literal["image_generation_call"]] = "image_generation_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    action: str | UnsetType | None = UNSET
    background: str | UnsetType | None = UNSET
    error: ImageGenerationError | UnsetType | None = UNSET
    output_format: str | UnsetType | None = UNSET
    quality: str | UnsetType | None = UNSET
    result: str | UnsetType | None = UNSET
    revised_prompt: str | UnsetType | None = UNSET
    size: str | UnsetType | None = UNSET
    svg_usage: SVGUsage | UnsetType | None = UNSET
