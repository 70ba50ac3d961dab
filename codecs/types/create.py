"""What a response is to be made from."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .compaction import ContextManagement, ImageOptions
from .items import InputItem
from .moderation import ModerationParam
from .prompt import Prompt, PromptCacheOptions
from .reasoning import Reasoning
from .response import AccessPrograms, ConversationReference
from .text_format import TextConfig
from .tools.tool_choice import ToolChoice
from .tools.union import Tool


class StreamOptions(Wire, frozen=True, kw_only=True):
    """How a response is streamed."""

    include_obfuscation: bool | UnsetType | None = UNSET


class BackgroundOptions(Wire, frozen=True, kw_only=True):
    """When a background response is to be done. Later is cheaper: `2h` and `8h` may take as many hours.

    Not in the specification: the official client has it.

    They go with `background=True` and the `default` service tier, and with no stream. `continuation_id` is a name of
    the caller's for requests that belong together, which the service then prefers; it adds nothing to the input.

    `completion_window`: `soonest`, `2h` or `8h`.
    """

    completion_window: str | UnsetType | None = UNSET
    continuation_id: str | UnsetType | None = UNSET


class CreateResponse(Wire, frozen=True, kw_only=True):
    """What a response is to be made from: the body of `create_response`. Schema `CreateResponse`.

    The specification lacks `access_programs`, `background_options` and `image`.

    `prompt_cache_retention`: `in_memory` or `24h`. `tool_choice`: `none`, `auto` or `required`. `service_tier`:
    `auto`, `default`, `flex`, `scale`, `priority`, `fast` or `ultrafast`. `truncation`: `auto` or `disabled`.
    `include`: `file_search_call.results`, `web_search_call.results`, `web_search_call.action.sources`,
    `message.input_image.image_url`, `computer_call_output.output.image_url`, `code_interpreter_call.outputs`,
    `reasoning.encrypted_content` or `message.output_text.logprobs`.
    """

    metadata: dict[str, str] | UnsetType | None = UNSET
    top_logprobs: int | UnsetType | None = UNSET
    temperature: int | float | UnsetType | None = UNSET
    top_p: int | float | UnsetType | None = UNSET
    user: str | UnsetType | None = UNSET
    safety_identifier: str | UnsetType | None = UNSET
    prompt_cache_key: str | UnsetType | None = UNSET
    prompt_cache_retention: str | UnsetType | None = UNSET
    prompt_cache_options: PromptCacheOptions | UnsetType | None = UNSET
    previous_response_id: str | UnsetType | None = UNSET
    model: str | UnsetType | None = UNSET
    access_programs: AccessPrograms | UnsetType | None = UNSET
    background: bool | UnsetType | None = UNSET
    background_options: BackgroundOptions | UnsetType | None = UNSET
    image: ImageOptions | UnsetType | None = UNSET
    max_tool_calls: int | UnsetType | None = UNSET
    text: TextConfig | UnsetType | None = UNSET
    tools: tuple[Tool, ...] | UnsetType | None = UNSET
    tool_choice: ToolChoice | UnsetType | None = UNSET
    prompt: Prompt | UnsetType | None = UNSET
    service_tier: str | UnsetType | None = UNSET
    truncation: str | UnsetType | None = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET
    input: str | tuple[InputItem, ...] | UnsetType | None = UNSET
    include: tuple[str, ...] | UnsetType | None = UNSET
    parallel_tool_calls: bool | UnsetType | None = UNSET
    store: bool | UnsetType | None = UNSET
    instructions: str | UnsetType | None = UNSET
    moderation: ModerationParam | UnsetType | None = UNSET
    stream: bool | UnsetType | None = UNSET
    stream_options: StreamOptions | UnsetType | None = UNSET
    conversation: str | ConversationReference | UnsetType | None = UNSET
    context_management: tuple[ContextManagement, ...] | UnsetType | None = UNSET
    max_output_tokens: int | UnsetType | None = UNSET
