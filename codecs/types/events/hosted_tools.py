"""Events about the service's own tools: file search, web search, code interpreter, image generation."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire


class FileSearchCallInProgressEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.file_search_call.in_progress"
):
    """A file search was begun. Schema `ResponseFileSearchCallInProgressEvent`."""

    type: ClassVar[Literal["response.file_search_call.in_progress"]] = "response.file_search_call.in_progress"
    output_index: int
    item_id: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class FileSearchCallSearchingEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.file_search_call.searching"
):
    """A file search is looking. Schema `ResponseFileSearchCallSearchingEvent`."""

    type: ClassVar[Literal["response.file_search_call.searching"]] = "response.file_search_call.searching"
    output_index: int
    item_id: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class FileSearchCallCompletedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.file_search_call.completed"
):
    """A file search is complete. Schema `ResponseFileSearchCallCompletedEvent`."""

    type: ClassVar[Literal["response.file_search_call.completed"]] = "response.file_search_call.completed"
    output_index: int
    item_id: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class WebSearchCallInProgressEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.web_search_call.in_progress"
):
    """A web search was begun. Schema `ResponseWebSearchCallInProgressEvent`."""

    type: ClassVar[Literal["response.web_search_call.in_progress"]] = "response.web_search_call.in_progress"
    item_id: str
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class WebSearchCallSearchingEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.web_search_call.searching"
):
    """A web search is looking. Schema `ResponseWebSearchCallSearchingEvent`."""

    type: ClassVar[Literal["response.web_search_call.searching"]] = "response.web_search_call.searching"
    item_id: str
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class WebSearchCallCompletedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.web_search_call.completed"
):
    """A web search is complete. Schema `ResponseWebSearchCallCompletedEvent`."""

    type: ClassVar[Literal["response.web_search_call.completed"]] = "response.web_search_call.completed"
    item_id: str
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class CodeInterpreterCallInProgressEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.code_interpreter_call.in_progress"
):
    """A code interpreter call was begun. Schema `ResponseCodeInterpreterCallInProgressEvent`."""

    type: ClassVar[Literal["response.code_interpreter_call.in_progress"]] = "response.code_interpreter_call.in_progress"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class CodeInterpreterCallCodeDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.code_interpreter_call_code.delta"
):
    """More code for the code interpreter. Schema `ResponseCodeInterpreterCallCodeDeltaEvent`."""

    type: ClassVar[Literal["response.code_interpreter_call_code.delta"]] = "response.code_interpreter_call_code.delta"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    delta: str
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class CodeInterpreterCallCodeDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.code_interpreter_call_code.done"
):
    """The code for the code interpreter is complete. Schema `ResponseCodeInterpreterCallCodeDoneEvent`."""

    type: ClassVar[Literal["response.code_interpreter_call_code.done"]] = "response.code_interpreter_call_code.done"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    code: str
    stream_id: str | UnsetType | None = UNSET


class CodeInterpreterCallInterpretingEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.code_interpreter_call.interpreting"
):
    """The code interpreter is running the code. Schema `ResponseCodeInterpreterCallInterpretingEvent`."""

    type: ClassVar[Literal["response.code_interpreter_call.interpreting"]] = (
        "response.code_interpreter_call.interpreting"
    )
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class CodeInterpreterCallCompletedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.code_interpreter_call.completed"
):
    """A code interpreter call is complete. Schema `ResponseCodeInterpreterCallCompletedEvent`."""

    type: ClassVar[Literal["response.code_interpreter_call.completed"]] = "response.code_interpreter_call.completed"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class ImageGenerationCallInProgressEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.image_generation_call.in_progress"
):
    """An image was begun. Schema `ResponseImageGenCallInProgressEvent`."""

    type: ClassVar[Literal["response.image_generation_call.in_progress"]] = "response.image_generation_call.in_progress"
    output_index: int
    item_id: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ImageGenerationCallGeneratingEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.image_generation_call.generating"
):
    """An image is being made. Schema `ResponseImageGenCallGeneratingEvent`."""

    type: ClassVar[Literal["response.image_generation_call.generating"]] = "response.image_generation_call.generating"
    output_index: int
    item_id: str
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ImageGenerationCallPartialImageEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.image_generation_call.partial_image"
):
    """An image so far, in base64. Schema `ResponseImageGenCallPartialImageEvent`."""

    type: ClassVar[Literal["response.image_generation_call.partial_image"]] = (
        "response.image_generation_call.partial_image"
    )
    output_index: int
    item_id: str
    sequence_number: int | UnsetType | None = UNSET
    partial_image_index: int
    partial_image_b64: str
    size: str | UnsetType | None = UNSET
    quality: str | UnsetType | None = UNSET
    background: str | UnsetType | None = UNSET
    output_format: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ImageGenerationCallCompletedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.image_generation_call.completed"
):
    """An image is complete. Schema `ResponseImageGenCallCompletedEvent`."""

    type: ClassVar[Literal["response.image_generation_call.completed"]] = "response.image_generation_call.completed"
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    stream_id: str | UnsetType | None = UNSET
