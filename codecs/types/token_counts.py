"""Counting the tokens of an input: what is asked, and what comes."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .items import InputItem
from .reasoning import Reasoning
from .response import ConversationReference
from .text_format import TextConfig
from .tools.tool_choice import ToolChoice
from .tools.union import Tool


class TokenCountRequest(Wire, frozen=True, kw_only=True):
    """The input whose tokens are to be counted. Schema `TokenCountsBody`.

    `truncation`: `auto` or `disabled`. `personality`: `friendly` or `pragmatic`. `tool_choice`: `none`, `auto` or
    `required`.
    """

    model: str | UnsetType | None = UNSET
    input: str | tuple[InputItem, ...] | UnsetType | None = UNSET
    previous_response_id: str | UnsetType | None = UNSET
    tools: tuple[Tool, ...] | UnsetType | None = UNSET
    text: TextConfig | UnsetType | None = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET
    truncation: str | UnsetType | None = UNSET
    instructions: str | UnsetType | None = UNSET
    personality: str | UnsetType | None = UNSET
    conversation: str | ConversationReference | UnsetType | None = UNSET
    tool_choice: ToolChoice | UnsetType | None = UNSET
    parallel_tool_calls: bool | UnsetType | None = UNSET


class TokenCount(Wire, frozen=True, kw_only=True):
    """How many tokens an input takes. Schema `TokenCountsResource`.

    `object`: `response.input_tokens`.
    """

    object: str | UnsetType | None = UNSET
    input_tokens: int
