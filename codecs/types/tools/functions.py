"""Functions of the caller's: the tool, the call and its output."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from ...lossless.wire import Wire
from ..callers import Caller
from ..content import InputContent


class FunctionTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="function"):
    """A function of the caller's that the model may call. Schemas `FunctionTool` and `FunctionToolParam`.

    `async_` is `async` in JSON: its output may come later than with the next response. The specification lacks it.

    `allowed_callers`: `direct` or `programmatic`.
    """

    type: ClassVar[Literal["function"]] = "function"
    description: str | UnsetType | None = UNSET
    name: str
    parameters: dict[str, Any] | UnsetType | None = UNSET
    strict: bool | UnsetType | None = UNSET
    output_schema: dict[str, Any] | UnsetType | None = UNSET
    defer_loading: bool | UnsetType | None = UNSET
    allowed_callers: tuple[str, ...] | UnsetType | None = UNSET
    async_: bool | UnsetType | None = field(default=UNSET, name="async")


class FunctionCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="function_call"):
    """The model calls a function; `arguments` is JSON text. Schemas `FunctionToolCall` and `FunctionToolCallResource`.

    `async_` is `async` in JSON, as of the tool.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["function_call"]] = "function_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    arguments: str
    call_id: str
    name: str
    caller: Caller | UnsetType | None = UNSET
    namespace: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET
    async_: bool | UnsetType | None = field(default=UNSET, name="async")


class FunctionCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="function_call_output"):
    """What a function call gave, for the model to read.

    Schemas `FunctionToolCallOutput`, `FunctionToolCallOutputResource` and `FunctionCallOutputItemParam`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["function_call_output"]] = "function_call_output"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    call_id: str | UnsetType | None = UNSET
    output: str | tuple[InputContent, ...]
    name: str | UnsetType | None = UNSET
    namespace: str | UnsetType | None = UNSET
    caller: Caller | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET
