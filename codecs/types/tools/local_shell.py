"""The local shell, which the service has deprecated: the tool, the call and its output."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire


class LocalShellTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="local_shell"):
    """Lets the model run commands on the caller's machine. Schema `LocalShellToolParam`."""

    type: ClassVar[Literal["local_shell"]] = "local_shell"


class LocalShellExec(Wire, frozen=True, kw_only=True):
    """A command for the caller's machine. Schema `LocalShellExecAction`.

    `type`: `exec`.
    """

    type: str
    command: tuple[str, ...]
    timeout_ms: int | UnsetType | None = UNSET
    working_directory: str | UnsetType | None = UNSET
    env: dict[str, str]
    user: str | UnsetType | None = UNSET


class LocalShellCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="local_shell_call"):
    """The model wants a command run on the caller's machine. Schema `LocalShellToolCall`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["local_shell_call"]] = "local_shell_call"
    id: str | UnsetType | None = UNSET
    call_id: str
    action: LocalShellExec
    status: str | UnsetType | None = UNSET


class LocalShellCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="local_shell_call_output"):
    """What the command gave, as JSON text. Schema `LocalShellToolCallOutput`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["local_shell_call_output"]] = "local_shell_call_output"
    id: str | UnsetType | None = UNSET
    output: str
    status: str | UnsetType | None = UNSET
