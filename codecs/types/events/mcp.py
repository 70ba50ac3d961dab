"""Events about remote MCP servers."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire


class MCPListToolsInProgressEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_list_tools.in_progress"
):
    """An MCP server is being asked for its tools. Schema `ResponseMCPListToolsInProgressEvent`."""

    type: ClassVar[Literal["response.mcp_list_tools.in_progress"]] = "response.mcp_list_tools.in_progress"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class MCPListToolsCompletedEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_list_tools.completed"
):
    """An MCP server has listed its tools. Schema `ResponseMCPListToolsCompletedEvent`."""

    type: ClassVar[Literal["response.mcp_list_tools.completed"]] = "response.mcp_list_tools.completed"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class MCPListToolsFailedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_list_tools.failed"):
    """An MCP server could not list its tools. Schema `ResponseMCPListToolsFailedEvent`."""

    type: ClassVar[Literal["response.mcp_list_tools.failed"]] = "response.mcp_list_tools.failed"
    item_id: str
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class MCPCallInProgressEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call.in_progress"):
    """An MCP call was begun. Schema `ResponseMCPCallInProgressEvent`."""

    type: ClassVar[Literal["response.mcp_call.in_progress"]] = "response.mcp_call.in_progress"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class MCPCallArgumentsDeltaEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call_arguments.delta"
):
    """More of an MCP call's arguments. Schema `ResponseMCPCallArgumentsDeltaEvent`."""

    type: ClassVar[Literal["response.mcp_call_arguments.delta"]] = "response.mcp_call_arguments.delta"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    delta: str
    obfuscation: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class MCPCallArgumentsDoneEvent(
    Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call_arguments.done"
):
    """An MCP call's arguments are complete. Schema `ResponseMCPCallArgumentsDoneEvent`."""

    type: ClassVar[Literal["response.mcp_call_arguments.done"]] = "response.mcp_call_arguments.done"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    arguments: str
    stream_id: str | UnsetType | None = UNSET


class MCPCallCompletedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call.completed"):
    """An MCP call is complete. Schema `ResponseMCPCallCompletedEvent`."""

    type: ClassVar[Literal["response.mcp_call.completed"]] = "response.mcp_call.completed"
    sequence_number: int | UnsetType | None = UNSET
    output_index: int
    item_id: str
    stream_id: str | UnsetType | None = UNSET


class MCPCallFailedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call.failed"):
    """An MCP call failed. Schema `ResponseMCPCallFailedEvent`."""

    type: ClassVar[Literal["response.mcp_call.failed"]] = "response.mcp_call.failed"
    item_id: str
    output_index: int
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET
