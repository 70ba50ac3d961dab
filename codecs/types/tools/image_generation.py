"""Image generation: the tool and the call."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire


class ImageMask(Wire, frozen=True, kw_only=True):
    """The part of an image to be edited."""

    image_url: str | UnsetType | None = UNSET
    file_id: str | UnsetType | None = UNSET


class ImageGenerationTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="image_generation"):
    """Lets the model make images. Schema `ImageGenTool`.

    `model`: any name; those known are listed in the specification.

    `model`: `gpt-image-1`, `gpt-image-1-mini`, `gpt-image-1.5`, `gpt-image-2` or `gpt-image-2-2026-04-21`.
    `quality`: `low`, `medium`, `high` or `auto`. `size`: `1024x1024`, `1024x1536`, `1536x1024` or `auto`.
    `output_format`: `png`, `webp` or `jpeg`. `moderation`: `auto` or `low`. `background`: `transparent`, `opaque`
    or `auto`. `input_fidelity`: `high` or `low`. `action`: `generate`, `edit` or `auto`.
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


class ImageGenerationCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="image_generation_call"):
    """The model made an image; `result` is base64. Schema `ImageGenToolCall`.

    `status`: `in_progress`, `completed`, `generating` or `failed`.
    """

    type: ClassVar[Literal["image_generation_call"]] = "image_generation_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    result: str | UnsetType | None = UNSET
