"""The input of a response by itself: compacting it, and counting its tokens; what is asked, and what is answered."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .compaction import ImageOptions
from .items import InputItem, OutputItem
from .prompt import PromptCacheOptions
from .reasoning import Reasoning
from .response import ConversationReference
from .text_format import TextConfig
from .tools.tool_choice import ToolChoice
from .tools.union import Tool
from .usage import Usage


class CompactRequest(Wire, frozen=True, kw_only=True):
    """What is to be compacted. Schema `CompactResponseMethodPublicBody`, which lacks `image`.

    `prompt_cache_retention`: `in_memory` or `24h`. `service_tier`: `auto`, `default`, `fast`, `flex` or `priority`.
    """

    model: str | UnsetType | None = UNSET
    input: str | tuple[InputItem, ...] | UnsetType | None = UNSET
    previous_response_id: str | UnsetType | None = UNSET
    instructions: str | UnsetType | None = UNSET
    prompt_cache_key: str | UnsetType | None = UNSET
    prompt_cache_retention: str | UnsetType | None = UNSET
    prompt_cache_options: PromptCacheOptions | UnsetType | None = UNSET
    service_tier: str | UnsetType | None = UNSET
    image: ImageOptions | UnsetType | None = UNSET


class CompactedResponse(Wire, frozen=True, kw_only=True):
    """A compacted conversation, to be given to the model in place of the whole.

    Schema `CompactResource`, which lacks `image`.

    `object`: `response.compaction`.
    """

    id: str
    object: str | UnsetType | None = UNSET
    created_at: int
    output: tuple[OutputItem, ...]
    usage: Usage | UnsetType | None = UNSET
    image: ImageOptions | UnsetType | None = UNSET


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
