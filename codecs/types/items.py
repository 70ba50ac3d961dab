"""The items that responses are made from and consist of, as one union each."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire
from .compaction import Compaction, CompactionTrigger
from .messages import Message
from .reasoning import Reasoning, ReasoningItem
from .text_format import TextConfig
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


class ConfigurationUpdate(Wire, frozen=True, kw_only=True, tag_field="type", tag="configuration_update"):
    """From here on the model reasons and writes like this, until the next one. Of `reasoning`, it is the `effort`.

    Not in the specification: the official client has it.
    """

    type: ClassVar[Literal["configuration_update"]] = "configuration_update"
    id: str | UnsetType | None = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET
    text: TextConfig | UnsetType | None = UNSET


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
