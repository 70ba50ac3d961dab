"""Which tools the model is to use."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire


class ToolChoiceAllowed(Wire, frozen=True, kw_only=True, tag_field="type", tag="allowed_tools"):
    """The model may choose only among these tools. Schema `ToolChoiceAllowed`.

    `mode`: `auto` or `required`.
    """

    type: ClassVar[Literal["allowed_tools"]] = "allowed_tools"
    mode: str
    tools: tuple[dict[str, Any], ...]


class ToolChoiceFunction(Wire, frozen=True, kw_only=True, tag_field="type", tag="function"):
    """The model must call this function. Schema `ToolChoiceFunction`."""

    type: ClassVar[Literal["function"]] = "function"
    name: str


class ToolChoiceMCP(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp"):
    """The model must use this MCP server. Schema `ToolChoiceMCP`."""

    type: ClassVar[Literal["mcp"]] = "mcp"
    server_label: str
    name: str | UnsetType | None = UNSET


class ToolChoiceCustom(Wire, frozen=True, kw_only=True, tag_field="type", tag="custom"):
    """The model must call this custom tool. Schema `ToolChoiceCustom`."""

    type: ClassVar[Literal["custom"]] = "custom"
    name: str


class ToolChoiceProgrammatic(Wire, frozen=True, kw_only=True, tag_field="type", tag="programmatic_tool_calling"):
    """The model must call tools from a program. Schema `SpecificProgrammaticToolCallingParam`."""

    type: ClassVar[Literal["programmatic_tool_calling"]] = "programmatic_tool_calling"


class ToolChoiceApplyPatch(Wire, frozen=True, kw_only=True, tag_field="type", tag="apply_patch"):
    """The model must edit by patches. Schema `SpecificApplyPatchParam`."""

    type: ClassVar[Literal["apply_patch"]] = "apply_patch"


class ToolChoiceShell(Wire, frozen=True, kw_only=True, tag_field="type", tag="shell"):
    """The model must use the shell. Schema `SpecificFunctionShellParam`."""

    type: ClassVar[Literal["shell"]] = "shell"


class ToolChoiceTypes(Wire, frozen=True, kw_only=True):
    """The model must use one of the service's own tools: see the subclasses, one for each. Schema `ToolChoiceTypes`."""


class ToolChoiceFileSearch(ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="file_search"):
    """The model must use `file_search`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["file_search"]] = "file_search"


class ToolChoiceWebSearchPreview(
    ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="web_search_preview"
):
    """The model must use `web_search_preview`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["web_search_preview"]] = "web_search_preview"


class ToolChoiceWebSearchPreview20250311(
    ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="web_search_preview_2025_03_11"
):
    """The model must use `web_search_preview_2025_03_11`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["web_search_preview_2025_03_11"]] = "web_search_preview_2025_03_11"


class ToolChoiceComputer(ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="computer"):
    """The model must use `computer`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["computer"]] = "computer"


class ToolChoiceComputerUse(ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="computer_use"):
    """The model must use `computer_use`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["computer_use"]] = "computer_use"


class ToolChoiceComputerUsePreview(
    ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="computer_use_preview"
):
    """The model must use `computer_use_preview`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["computer_use_preview"]] = "computer_use_preview"


class ToolChoiceImageGeneration(ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="image_generation"):
    """The model must use `image_generation`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["image_generation"]] = "image_generation"


class ToolChoiceCodeInterpreter(ToolChoiceTypes, frozen=True, kw_only=True, tag_field="type", tag="code_interpreter"):
    """The model must use `code_interpreter`. Schema `ToolChoiceTypes`."""

    type: ClassVar[Literal["code_interpreter"]] = "code_interpreter"


ToolChoice: TypeAlias = (
    str
    | ToolChoiceAllowed
    | ToolChoiceFileSearch
    | ToolChoiceWebSearchPreview
    | ToolChoiceWebSearchPreview20250311
    | ToolChoiceComputer
    | ToolChoiceComputerUse
    | ToolChoiceComputerUsePreview
    | ToolChoiceImageGeneration
    | ToolChoiceCodeInterpreter
    | ToolChoiceFunction
    | ToolChoiceMCP
    | ToolChoiceCustom
    | ToolChoiceProgrammatic
    | ToolChoiceApplyPatch
    | ToolChoiceShell
    | Unknown
)
"""Which tools the model is to use: `none`, `auto`, `required`, or a particular one. Schema `ToolChoiceParam`."""
