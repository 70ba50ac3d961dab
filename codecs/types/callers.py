"""Who called a tool: the model itself, or a program that it wrote."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ..lossless.wire import Unknown, Wire


class DirectCaller(Wire, frozen=True, kw_only=True, tag_field="type", tag="direct"):
    """The model itself made the call. Schemas `DirectToolCallCaller` and `DirectToolCallCallerParam`."""

    type: ClassVar[Literal["direct"]] = "direct"


class ProgramCaller(Wire, frozen=True, kw_only=True, tag_field="type", tag="program"):
    """A program that the model wrote made the call.

    Schemas `ProgramToolCallCaller` and `ProgramToolCallCallerParam`.

    """

    type: ClassVar[Literal["program"]] = "program"
    caller_id: str


Caller: TypeAlias = DirectCaller | ProgramCaller | Unknown
"""Who called a tool. Schema `ToolCallCaller`."""
