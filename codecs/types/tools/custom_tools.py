"""Custom tools, which take text rather than JSON: the tool, the call and its output."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType, field

from ...lossless.wire import Unknown, Wire
from ..callers import Caller
from ..content import InputContent


class CustomTextFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """The input of a custom tool is free text. Schema `CustomTextFormatParam`."""

    type: ClassVar[Literal["text"]] = "text"


class CustomGrammarFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="grammar"):
    """The input of a custom tool follows a grammar. Schema `CustomGrammarFormatParam`.

    `syntax`: `lark` or `regex`.
    """

    type: ClassVar[Literal["grammar"]] = "grammar"
    syntax: str
    definition: str


class CustomTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="custom"):
    """A tool of the caller's that takes text rather than JSON. Schema `CustomToolParam`.

    `async_` is `async` in JSON: its output may come later than with the next response. The specification lacks it.

    `allowed_callers`: `direct` or `programmatic`.
    """

    type: ClassVar[Literal["custom"]] = "custom"
    name: str
    description: str | UnsetType | None = UNSET
    format: CustomToolFormat | UnsetType | None = UNSET
    defer_loading: bool | UnsetType | None = UNSET
    allowed_callers: tuple[str, ...] | UnsetType | None = UNSET
    async_: bool | UnsetType | None = field(default=UNSET, name="async")


class CustomToolCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="custom_tool_call"):
    """The model calls a custom tool. Schemas `CustomToolCall` and `CustomToolCallResource`.

    `async_` is `async` in JSON, as of the tool.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["custom_tool_call"]] = "custom_tool_call"
    id: str | UnsetType | None = UNSET
    call_id: str
    caller: Caller | UnsetType | None = UNSET
    namespace: str | UnsetType | None = UNSET
    name: str
    input: str
    status: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET
    async_: bool | UnsetType | None = field(default=UNSET, name="async")


class CustomToolCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="custom_tool_call_output"):
    """What a custom tool gave, for the model to read.

    Schemas `CustomToolCallOutput` and `CustomToolCallOutputResource`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["custom_tool_call_output"]] = "custom_tool_call_output"
    id: str | UnsetType | None = UNSET
    call_id: str
    caller: Caller | UnsetType | None = UNSET
    output: str | tuple[InputContent, ...]
    status: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


CustomToolFormat: TypeAlias = CustomTextFormat | CustomGrammarFormat | Unknown
"""What the input of a custom tool may be."""
