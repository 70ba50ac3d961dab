"""Programs that the model writes to call tools."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire


class ProgrammaticToolCallingTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="programmatic_tool_calling"):
    """Lets the model call tools from programs that it writes. Schema `ProgrammaticToolCallingParam`."""

    type: ClassVar[Literal["programmatic_tool_calling"]] = "programmatic_tool_calling"


class Program(Wire, frozen=True, kw_only=True, tag_field="type", tag="program"):
    """A program that the model wrote to call tools. Schemas `Program` and `ProgramItemParam`."""

    type: ClassVar[Literal["program"]] = "program"
    id: str | UnsetType | None = UNSET
    call_id: str
    code: str
    fingerprint: str


class ProgramOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="program_output"):
    """What a `Program` gave. Schemas `ProgramOutput` and `ProgramOutputItemParam`.

    `status`: `completed` or `incomplete`.
    """

    type: ClassVar[Literal["program_output"]] = "program_output"
    id: str | UnsetType | None = UNSET
    call_id: str
    result: str
    status: str | UnsetType | None = UNSET
