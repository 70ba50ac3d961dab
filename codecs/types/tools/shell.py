"""The shell: the tool, the call and its output."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from ..callers import Caller
from .containers import ShellEnvironment


class ShellTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="shell"):
    """Lets the model run shell commands. Schema `FunctionShellToolParam`.

    `allowed_callers`: `direct` or `programmatic`.
    """

    type: ClassVar[Literal["shell"]] = "shell"
    environment: ShellEnvironment | UnsetType | None = UNSET
    allowed_callers: tuple[str, ...] | UnsetType | None = UNSET


class ShellAction(Wire, frozen=True, kw_only=True):
    """Shell commands to run, with limits in milliseconds and characters.

    Schemas `FunctionShellAction` and `FunctionShellActionParam`.
    """

    commands: tuple[str, ...]
    timeout_ms: int | UnsetType | None = UNSET
    max_output_length: int | UnsetType | None = UNSET


class ShellCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="shell_call"):
    """The model wants shell commands run. Schemas `FunctionShellCall` and `FunctionShellCallItemParam`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["shell_call"]] = "shell_call"
    id: str | UnsetType | None = UNSET
    call_id: str
    caller: Caller | UnsetType | None = UNSET
    action: ShellAction
    status: str | UnsetType | None = UNSET
    environment: ShellEnvironment | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


class ShellExit(Wire, frozen=True, kw_only=True, tag_field="type", tag="exit"):
    """The command ended. Schemas `FunctionShellCallOutputExitOutcome` and `FunctionShellCallOutputExitOutcomeParam`."""

    type: ClassVar[Literal["exit"]] = "exit"
    exit_code: int


class ShellTimeout(Wire, frozen=True, kw_only=True, tag_field="type", tag="timeout"):
    """The command ran out of time.

    Schemas `FunctionShellCallOutputTimeoutOutcome` and `FunctionShellCallOutputTimeoutOutcomeParam`.
    """

    type: ClassVar[Literal["timeout"]] = "timeout"


class ShellOutput(Wire, frozen=True, kw_only=True):
    """What one command printed, and how it ended.

    Schemas `FunctionShellCallOutputContent` and `FunctionShellCallOutputContentParam`.
    """

    stdout: str
    stderr: str
    outcome: ShellOutcome
    created_by: str | UnsetType | None = UNSET


class ShellCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="shell_call_output"):
    """What the commands of a `ShellCall` gave.

    Schemas `FunctionShellCallOutput` and `FunctionShellCallOutputItemParam`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["shell_call_output"]] = "shell_call_output"
    id: str | UnsetType | None = UNSET
    call_id: str
    caller: Caller | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    output: tuple[ShellOutput, ...]
    max_output_length: int | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


ShellOutcome: TypeAlias = ShellExit | ShellTimeout | Unknown
"""How a shell command ended."""
