"""Remote MCP servers: the tool, the calls, the approvals."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire


class MCPToolFilter(Wire, frozen=True, kw_only=True):
    """Picks tools of an MCP server, by name or by whether they only read. Schema `MCPToolFilter`."""

    read_only: bool | UnsetType | None = UNSET
    tool_names: tuple[str, ...] | UnsetType | None = UNSET


class MCPApprovalPolicy(Wire, frozen=True, kw_only=True):
    """Which tools need an approval always, and which never."""

    always: MCPToolFilter | UnsetType | None = UNSET
    never: MCPToolFilter | UnsetType | None = UNSET


class MCPTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp"):
    """Lets the model use the tools of a remote MCP server. Schema `MCPTool`.

    `connector_id`: `connector_dropbox`, `connector_gmail`, `connector_googlecalendar`, `connector_googledrive`,
    `connector_microsoftteams`, `connector_outlookcalendar`, `connector_outlookemail` or `connector_sharepoint`.
    `allowed_callers`: `direct` or `programmatic`. `require_approval`: `always` or `never`.
    """

    type: ClassVar[Literal["mcp"]] = "mcp"
    allowed_tools: MCPToolFilter | tuple[str, ...] | UnsetType | None = UNSET
    headers: dict[str, str] | UnsetType | None = UNSET
    require_approval: str | MCPApprovalPolicy | UnsetType | None = UNSET
    server_description: str | UnsetType | None = UNSET
    server_label: str
    server_url: str | UnsetType | None = UNSET
    connector_id: str | UnsetType | None = UNSET
    tunnel_id: str | UnsetType | None = UNSET
    authorization: str | UnsetType | None = UNSET
    allowed_callers: tuple[str, ...] | UnsetType | None = UNSET
    defer_loading: bool | UnsetType | None = UNSET


class MCPListedTool(Wire, frozen=True, kw_only=True):
    """A tool that an MCP server offers. Schema `MCPListToolsTool`."""

    annotations: dict[str, Any] | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    input_schema: dict[str, Any]
    name: str


class MCPListTools(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_list_tools"):
    """The tools that an MCP server offers. Schema `MCPListTools`."""

    type: ClassVar[Literal["mcp_list_tools"]] = "mcp_list_tools"
    id: str | UnsetType | None = UNSET
    server_label: str
    tools: tuple[MCPListedTool, ...]
    error: str | UnsetType | None = UNSET


class MCPProtocolError(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_protocol_error"):
    """The MCP server broke the protocol, or said so. Schema `MCPProtocolError`."""

    type: ClassVar[Literal["mcp_protocol_error"]] = "mcp_protocol_error"
    code: int
    message: str


class MCPToolExecutionError(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_tool_execution_error"):
    """The tool itself failed. Schema `MCPToolExecutionError`."""

    type: ClassVar[Literal["mcp_tool_execution_error"]] = "mcp_tool_execution_error"
    content: Any


class MCPHTTPError(Wire, frozen=True, kw_only=True, tag_field="type", tag="http_error"):
    """The MCP server answered with an HTTP error. Schema `HTTPError`."""

    type: ClassVar[Literal["http_error"]] = "http_error"
    code: int
    message: str


class MCPCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_call"):
    """The model called a tool of an MCP server. Schema `MCPToolCall`.

    `status`: `in_progress`, `completed`, `incomplete`, `calling` or `failed`.
    """

    type: ClassVar[Literal["mcp_call"]] = "mcp_call"
    id: str | UnsetType | None = UNSET
    approval_request_id: str | UnsetType | None = UNSET
    arguments: str
    error: MCPCallError | UnsetType | None = UNSET
    name: str
    output: str | UnsetType | None = UNSET
    server_label: str
    status: str | UnsetType | None = UNSET


class MCPApprovalRequest(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_approval_request"):
    """The model asks whether it may call a tool of an MCP server. Schema `MCPApprovalRequest`."""

    type: ClassVar[Literal["mcp_approval_request"]] = "mcp_approval_request"
    id: str | UnsetType | None = UNSET
    arguments: str
    name: str
    server_label: str


class MCPApprovalResponse(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_approval_response"):
    """The answer to an `MCPApprovalRequest`. Schemas `MCPApprovalResponse` and `MCPApprovalResponseResource`."""

    type: ClassVar[Literal["mcp_approval_response"]] = "mcp_approval_response"
    id: str | UnsetType | None = UNSET
    approval_request_id: str
    approve: bool
    reason: str | UnsetType | None = UNSET


MCPCallError: TypeAlias = MCPProtocolError | MCPToolExecutionError | MCPHTTPError | Unknown
"""Why an MCP call failed. Schema `MCPToolCallError`."""
