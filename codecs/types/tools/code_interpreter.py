"""The code interpreter: the tool, the call and its outputs."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from .containers import NetworkPolicy


class CodeInterpreterContainer(Wire, frozen=True, kw_only=True, tag_field="type", tag="auto"):
    """A container that the service makes or finds for the code interpreter. Schema `AutoCodeInterpreterToolParam`.

    `memory_limit`: `1g`, `4g`, `16g` or `64g`.
    """

    type: ClassVar[Literal["auto"]] = "auto"
    file_ids: tuple[str, ...] | UnsetType | None = UNSET
    memory_limit: str | UnsetType | None = UNSET
    network_policy: NetworkPolicy | UnsetType | None = UNSET


class CodeInterpreterTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="code_interpreter"):
    """Lets the model run Python. Schema `CodeInterpreterTool`.

    `allowed_callers`: `direct` or `programmatic`.
    """

    type: ClassVar[Literal["code_interpreter"]] = "code_interpreter"
    container: str | CodeInterpreterContainer | Unknown
    allowed_callers: tuple[str, ...] | UnsetType | None = UNSET


class CodeInterpreterLogs(Wire, frozen=True, kw_only=True, tag_field="type", tag="logs"):
    """What the code printed. Schema `CodeInterpreterOutputLogs`."""

    type: ClassVar[Literal["logs"]] = "logs"
    logs: str


class CodeInterpreterImage(Wire, frozen=True, kw_only=True, tag_field="type", tag="image"):
    """An image that the code made. Schema `CodeInterpreterOutputImage`."""

    type: ClassVar[Literal["image"]] = "image"
    url: str


class CodeInterpreterCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="code_interpreter_call"):
    """The model ran code. Schema `CodeInterpreterToolCall`.

    `status`: `in_progress`, `completed`, `incomplete`, `interpreting` or `failed`. Servers that run code elsewhere send
    no `container_id`.
    """

    type: ClassVar[Literal["code_interpreter_call"]] = "code_interpreter_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    code: str | UnsetType | None = UNSET
    container_id: str | UnsetType | None = UNSET
    outputs: tuple[CodeInterpreterOutput, ...] | UnsetType | None = UNSET


CodeInterpreterOutput: TypeAlias = CodeInterpreterLogs | CodeInterpreterImage | Unknown
"""What code gave."""
