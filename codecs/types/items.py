"""The items that responses are made from and consist of, as one union each."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ..lossless.wire import Unknown, Wire
from .compaction import Compaction, CompactionTrigger
from .configuration_update import ConfigurationUpdate
from .messages import Message
from .reasoning import ReasoningItem
from .tools.apply_patch import ApplyPatchCall, ApplyPatchCallOutput
from .tools.code_interpreter import CodeInterpreterCall
from .tools.computer import ComputerCall, ComputerCallOutput
from .tools.custom_tools import CustomToolCall, CustomToolCallOutput
from .tools.file_search import FileSearchCall
from .tools.functions import FunctionCall, FunctionCallOutput
from .tools.image_generation import ImageGenerationCall
from .tools.local_shell import LocalShellCall, LocalShellCallOutput
from .tools.mcp import MCPApprovalRequest, MCPApprovalResponse, MCPCall, MCPListTools
from .tools.programs import Program, ProgramOutput
from .tools.shell import ShellCall, ShellCallOutput
from .tools.tool_search_items import AdditionalTools, ToolSearchCall, ToolSearchOutput
from .tools.web_search import WebSearchCall


class ItemReference(Wire, frozen=True, kw_only=True, tag_field="type", tag="item_reference"):
    """Refers to an item that the service holds. Schema `ItemReferenceParam`."""

    type: ClassVar[Literal["item_reference"]] = "item_reference"
    untagged_by: ClassVar[str | None] = "id"

    id: str


Item: TypeAlias = (
    Message
    | FileSearchCall
    | ComputerCall
    | ComputerCallOutput
    | WebSearchCall
    | FunctionCall
    | FunctionCallOutput
    | ToolSearchCall
    | ToolSearchOutput
    | AdditionalTools
    | ReasoningItem
    | Program
    | ProgramOutput
    | Compaction
    | ImageGenerationCall
    | CodeInterpreterCall
    | LocalShellCall
    | LocalShellCallOutput
    | ShellCall
    | ShellCallOutput
    | ApplyPatchCall
    | ApplyPatchCallOutput
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponse
    | MCPCall
    | CustomToolCall
    | CustomToolCallOutput
    | ConfigurationUpdate
    | Unknown
)
"""An item of a conversation, wherever it is. Schemas `ItemResource` and `ItemField`."""


OutputItem: TypeAlias = Item
"""An item that a response consists of. Schema `OutputItem`."""


ConversationItem: TypeAlias = Item
"""An item that a conversation consists of. Schema `ConversationItem`."""


InputItem: TypeAlias = Item | CompactionTrigger | ItemReference
"""An item that a response is made from, as `list_input_items` returns it and as `create_response` takes it.

Schemas `ItemResource` and `InputItem`."""
