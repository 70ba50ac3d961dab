"""The items in which tools arrive during a response."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire
from .union import Tool


class ToolSearchCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="tool_search_call"):
    """The model searched for tools. Schemas `ToolSearchCall` and `ToolSearchCallItemParam`.

    `execution`: `server` or `client`. `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["tool_search_call"]] = "tool_search_call"
    id: str | UnsetType | None = UNSET
    call_id: str | UnsetType | None = UNSET
    execution: str | UnsetType | None = UNSET
    arguments: Any
    status: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


class ToolSearchOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="tool_search_output"):
    """The tools that a search found, which the model may now call.

    Schemas `ToolSearchOutput` and `ToolSearchOutputItemParam`.

    `execution`: `server` or `client`. `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["tool_search_output"]] = "tool_search_output"
    id: str | UnsetType | None = UNSET
    call_id: str | UnsetType | None = UNSET
    execution: str | UnsetType | None = UNSET
    tools: tuple[Tool, ...]
    status: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


class AdditionalTools(Wire, frozen=True, kw_only=True, tag_field="type", tag="additional_tools"):
    """Tools that the model may call from here on. Schemas `AdditionalTools` and `AdditionalToolsItemParam`.

    `role`: `unknown`, `user`, `assistant`, `system`, `critic`, `discriminator`, `developer` or `tool`.
    """

    type: ClassVar[Literal["additional_tools"]] = "additional_tools"
    id: str | UnsetType | None = UNSET
    role: str
    tools: tuple[Tool, ...]
