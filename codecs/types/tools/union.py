"""All tools, as one union."""

from __future__ import annotations

from typing import TypeAlias

from ...lossless.wire import Unknown
from .apply_patch import ApplyPatchTool
from .code_interpreter import CodeInterpreterTool
from .computer import ComputerTool, ComputerUsePreviewTool
from .custom_tools import CustomTool
from .file_search import FileSearchTool
from .functions import FunctionTool
from .image_generation import ImageGenerationTool
from .local_shell import LocalShellTool
from .mcp import MCPTool
from .programs import ProgrammaticToolCallingTool
from .shell import ShellTool
from .tool_search import NamespaceTool, ToolSearchTool
from .web_search import WebSearchPreviewTool, WebSearchPreviewTool20250311, WebSearchTool, WebSearchTool20250826

Tool: TypeAlias = (
    FunctionTool
    | FileSearchTool
    | ComputerTool
    | ComputerUsePreviewTool
    | WebSearchTool
    | WebSearchTool20250826
    | MCPTool
    | CodeInterpreterTool
    | ProgrammaticToolCallingTool
    | ImageGenerationTool
    | LocalShellTool
    | ShellTool
    | CustomTool
    | NamespaceTool
    | ToolSearchTool
    | WebSearchPreviewTool
    | WebSearchPreviewTool20250311
    | ApplyPatchTool
    | Unknown
)
"""What the model may use. Schema `Tool`."""
