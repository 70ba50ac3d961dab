"""Events about calls of the caller's own tools: functions, custom tools, the shell."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire
from ..tools.shell import ShellOutput


class ShellOutputDelta(Wire, frozen=True, kw_only=True):
    """More of what a shell command prints. Schema `ShellCallOutputDelta`."""

    stdout: str | UnsetType | None = UNSET
    stderr: str | UnsetType | None = UNSET


class FunctionCallArgumentsDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.function_call_arguments.delta"
):
    """More of a function call's arguments. Schema `ResponseFunctionCallArgumentsDeltaEvent`."""

    type: ClassVar[Literal["response.function_call_arguments.delta"]] = "response.function_call_arguments.delta"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    delta: str
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class FunctionCallArgumentsDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.function_call_arguments.done"
):
    """A function call's arguments are complete. Schema `ResponseFunctionCallArgumentsDoneEvent`."""

    type: ClassVar[Literal["response.function_call_arguments.done"]] = "response.function_call_arguments.done"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    arguments: str
    name: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class CustomToolCallInputDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.custom_tool_call_input.delta"
):
    """More of a custom tool call's input. Schema `ResponseCustomToolCallInputDeltaEvent`."""

    type: ClassVar[Literal["response.custom_tool_call_input.delta"]] = "response.custom_tool_call_input.delta"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    delta: str
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class CustomToolCallInputDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.custom_tool_call_input.done"
):
    """A custom tool call's input is complete. Schema `ResponseCustomToolCallInputDoneEvent`."""

    type: ClassVar[Literal["response.custom_tool_call_input.done"]] = "response.custom_tool_call_input.done"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    input: str
    stream_id: str | UnsetType | None = UNSET


class ShellCallCommandAddedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.shell_call_command.added"
):
    """A shell command was begun. Schema `ResponseShellCallCommandAddedStreamingEvent`."""

    type: ClassVar[Literal["response.shell_call_command.added"]] = "response.shell_call_command.added"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    command_index: int
    command: str
    stream_id: str | UnsetType | None = UNSET


class ShellCallCommandDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.shell_call_command.delta"
):
    """More of a shell command. Schema `ResponseShellCallCommandDeltaStreamingEvent`."""

    type: ClassVar[Literal["response.shell_call_command.delta"]] = "response.shell_call_command.delta"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    command_index: int
    delta: str
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ShellCallCommandDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.shell_call_command.done"
):
    """A shell command is complete. Schema `ResponseShellCallCommandDoneStreamingEvent`."""

    type: ClassVar[Literal["response.shell_call_command.done"]] = "response.shell_call_command.done"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    command_index: int
    command: str
    stream_id: str | UnsetType | None = UNSET


class ShellCallOutputContentDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.shell_call_output_content.delta"
):
    """More of a shell command's output. Schema `ResponseShellCallOutputContentDeltaStreamingEvent`."""

    type: ClassVar[Literal["response.shell_call_output_content.delta"]] = "response.shell_call_output_content.delta"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    command_index: int
    delta: ShellOutputDelta
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ShellCallOutputContentDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.shell_call_output_content.done"
):
    """A shell command's output is complete. Schema `ResponseShellCallOutputContentDoneStreamingEvent`."""

    type: ClassVar[Literal["response.shell_call_output_content.done"]] = "response.shell_call_output_content.done"
    sequence_number: int | UnsetType | None = UNSET
    item_id: str
    output_index: int
    command_index: int
    output: tuple[ShellOutput, ...]
    stream_id: str | UnsetType | None = UNSET
