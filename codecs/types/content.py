"""The parts that messages and outputs are made of."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire
from .annotations import Annotation
from .logprobs import LogProb


class PromptCacheBreakpoint(Wire, frozen=True, kw_only=True):
    """Marks the end of what a prompt cache may hold.

    Schemas `PromptCacheBreakpointConfig` and `PromptCacheBreakpointParam`.

    `mode`: `explicit`. `ttl`: `30m` or `12h`; the specification lacks it.
    """

    mode: str
    ttl: str | UnsetType | None = UNSET


class InputText(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_text"):
    """Text given to the model. Schemas `InputTextContent` and `InputTextContentParam`."""

    type: ClassVar[Literal["input_text"]] = "input_text"
    text: str
    prompt_cache_breakpoint: PromptCacheBreakpoint | UnsetType | None = UNSET


class InputImage(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_image"):
    """An image given to the model, by URL, data URL or file id.

    Schemas `InputImageContent` and `InputImageContentParamAutoParam`.

    `detail`: `low`, `high`, `auto` or `original`.
    """

    type: ClassVar[Literal["input_image"]] = "input_image"
    detail: str | UnsetType | None = UNSET
    file_id: str | UnsetType | None = UNSET
    image_url: str | UnsetType | None = UNSET
    prompt_cache_breakpoint: PromptCacheBreakpoint | UnsetType | None = UNSET


class InputFile(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_file"):
    """A file given to the model, by file id, URL or base64 data.

    Schemas `InputFileContent` and `InputFileContentParam`.

    `detail`: `auto`, `low` or `high`.
    """

    type: ClassVar[Literal["input_file"]] = "input_file"
    file_id: str | UnsetType | None = UNSET
    filename: str | UnsetType | None = UNSET
    file_data: str | UnsetType | None = UNSET
    prompt_cache_breakpoint: PromptCacheBreakpoint | UnsetType | None = UNSET
    file_url: str | UnsetType | None = UNSET
    detail: str | UnsetType | None = UNSET


class AudioData(Wire, frozen=True, kw_only=True):
    """Audio, in base64.

    `format`: `mp3` or `wav`.
    """

    data: str
    format: str


class InputAudio(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_audio"):
    """Audio given to the model. Not in the specification: the official client has it."""

    type: ClassVar[Literal["input_audio"]] = "input_audio"
    input_audio: AudioData


class OutputText(Wire, frozen=True, kw_only=True, tag_field="type", tag="output_text"):
    """Text that the model wrote. Schema `OutputTextContent`."""

    type: ClassVar[Literal["output_text"]] = "output_text"
    annotations: tuple[Annotation, ...] | UnsetType | None = UNSET
    logprobs: tuple[LogProb, ...] | UnsetType | None = UNSET
    text: str


class Refusal(Wire, frozen=True, kw_only=True, tag_field="type", tag="refusal"):
    """The model's refusal, in its own words. Schema `RefusalContent`."""

    type: ClassVar[Literal["refusal"]] = "refusal"
    refusal: str


class Text(Wire, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """Text of no particular origin. Schema `TextContent`."""

    type: ClassVar[Literal["text"]] = "text"
    text: str


class SummaryText(Wire, frozen=True, kw_only=True, tag_field="type", tag="summary_text"):
    """One part of a summary of the model's reasoning. Schema `SummaryTextContent`."""

    type: ClassVar[Literal["summary_text"]] = "summary_text"
    text: str


class ReasoningText(Wire, frozen=True, kw_only=True, tag_field="type", tag="reasoning_text"):
    """Text of the model's reasoning. Schema `ReasoningTextContent`."""

    type: ClassVar[Literal["reasoning_text"]] = "reasoning_text"
    text: str


class ComputerScreenshot(Wire, frozen=True, kw_only=True, tag_field="type", tag="computer_screenshot"):
    """A screenshot of a computer, by URL or file id. Schemas `ComputerScreenshotContent` and `ComputerScreenshotImage`.

    `detail`: `low`, `high`, `auto` or `original`.
    """

    type: ClassVar[Literal["computer_screenshot"]] = "computer_screenshot"
    image_url: str | UnsetType | None = UNSET
    file_id: str | UnsetType | None = UNSET
    detail: str | UnsetType | None = UNSET
    prompt_cache_breakpoint: PromptCacheBreakpoint | UnsetType | None = UNSET


InputContent: TypeAlias = InputText | InputImage | InputFile | InputAudio | Unknown
"""What can be given to the model. Schema `InputContent`."""


ContentPart: TypeAlias = (
    InputText
    | InputImage
    | InputFile
    | InputAudio
    | OutputText
    | Refusal
    | Text
    | SummaryText
    | ReasoningText
    | ComputerScreenshot
    | Unknown
)
"""What a message can consist of."""
