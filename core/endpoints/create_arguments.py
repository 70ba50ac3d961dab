"""The arguments of `create_response`, once; `compact_response` and `count_input_tokens` take some of them.

Law: a parameter, and its type, is here and nowhere else: the functions take them by `Unpack`, and
`keywords` shows them. What a value may be within its type is data in `body_bounds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from msgspec import UnsetType

from ...codecs.on_demand import public_type
from ..combinators.additions import RequestOptions
from .inputs import ItemsArgument
from .request_options import ExtraBody

if TYPE_CHECKING:
    from ...codecs.types.compaction import ContextManagement, ImageOptions
    from ...codecs.types.create import BackgroundOptions
    from ...codecs.types.moderation import ModerationParam
    from ...codecs.types.prompt import Prompt, PromptCacheOptions
    from ...codecs.types.reasoning import Reasoning
    from ...codecs.types.response import AccessPrograms, ConversationReference
    from ...codecs.types.text_format import TextConfig
    from ...codecs.types.tools.tool_choice import ToolChoice
    from ...codecs.types.tools.union import Tool
else:
    ContextManagement = public_type("ContextManagement")
    ModerationParam = public_type("ModerationParam")
    AccessPrograms = public_type("AccessPrograms")
    BackgroundOptions = public_type("BackgroundOptions")
    ImageOptions = public_type("ImageOptions")
    Prompt = public_type("Prompt")
    PromptCacheOptions = public_type("PromptCacheOptions")
    Reasoning = public_type("Reasoning")
    ConversationReference = public_type("ConversationReference")
    TextConfig = public_type("TextConfig")
    ToolChoice = public_type("ToolChoice")
    Tool = public_type("Tool")

JsonMapping: TypeAlias = Mapping[str, Any]
"""A JSON object as a plain dict, where a struct of `puresponse.codecs` will do as well."""


class InputArguments(RequestOptions, TypedDict, total=False):
    """What every request takes that is made from an input, but for the model."""

    input: ItemsArgument | UnsetType | None
    instructions: str | UnsetType | None
    previous_response_id: str | UnsetType | None
    extra_body: ExtraBody | None


class CompactArguments(InputArguments, RequestOptions, TypedDict, total=False):
    """The arguments of `compact_response`, but for the model, which is required."""

    image: ImageOptions | JsonMapping | UnsetType | None
    prompt_cache_key: str | UnsetType | None
    prompt_cache_options: PromptCacheOptions | JsonMapping | UnsetType | None
    prompt_cache_retention: str | UnsetType | None
    service_tier: str | UnsetType | None


class ContextArguments(InputArguments, RequestOptions, TypedDict, total=False):
    """What `create_response` and `count_input_tokens` take: all that the model reads beside the input."""

    model: str | UnsetType | None
    conversation: str | ConversationReference | JsonMapping | UnsetType | None
    parallel_tool_calls: bool | UnsetType | None
    reasoning: Reasoning | JsonMapping | UnsetType | None
    text: TextConfig | JsonMapping | UnsetType | None
    tool_choice: ToolChoice | JsonMapping | UnsetType | None
    tools: Sequence[Tool | JsonMapping] | UnsetType | None
    truncation: str | UnsetType | None


class CountArguments(ContextArguments, InputArguments, RequestOptions, TypedDict, total=False):
    """The arguments of `count_input_tokens`."""

    personality: str | UnsetType | None


class CreateArguments(CompactArguments, ContextArguments, InputArguments, RequestOptions, TypedDict, total=False):
    """The arguments of `create_response`, for those who pass them on."""

    access_programs: AccessPrograms | JsonMapping | UnsetType | None
    background: bool | UnsetType | None
    background_options: BackgroundOptions | JsonMapping | UnsetType | None
    context_management: Sequence[ContextManagement | JsonMapping] | UnsetType | None
    include: Sequence[str] | UnsetType | None
    max_output_tokens: int | UnsetType | None
    max_tool_calls: int | UnsetType | None
    metadata: Mapping[str, str] | UnsetType | None
    moderation: ModerationParam | JsonMapping | UnsetType | None
    prompt: Prompt | JsonMapping | UnsetType | None
    safety_identifier: str | UnsetType | None
    store: bool | UnsetType | None
    temperature: float | UnsetType | None
    top_logprobs: int | UnsetType | None
    top_p: float | UnsetType | None
    user: str | UnsetType | None
    idempotency_key: str | None
