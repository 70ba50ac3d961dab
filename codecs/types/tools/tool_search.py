"""Tools that are loaded only when the model has searched for them."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from .custom_tools import CustomTool
from .functions import FunctionTool


class ToolSearchTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="tool_search"):
    """Lets the model find tools whose loading is deferred. Schema `ToolSearchToolParam`.

    `execution`: `server` or `client`.
    """

    type: ClassVar[Literal["tool_search"]] = "tool_search"
    execution: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    parameters: dict[str, Any] | UnsetType | None = UNSET


class NamespaceTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="namespace"):
    """Tools under a common name, to be found together. Schema `NamespaceToolParam`."""

    type: ClassVar[Literal["namespace"]] = "namespace"
    name: str
    description: str
    tools: tuple[FunctionTool | CustomTool | Unknown, ...]
