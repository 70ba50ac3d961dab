"""The response object, and the acknowledgement of its deletion."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType, field
from returns.result import Result

from ..lossless.errors import DecodeError
from ..lossless.wire import Wire
from .compaction import ImageOptions
from .items import InputItem, OutputItem
from .moderation import Misalignment, Moderation
from .prompt import Prompt, PromptCacheDiagnostics, PromptCacheOptions
from .reasoning import Reasoning
from .text_format import TextConfig
from .tools.functions import FunctionCall
from .tools.tool_choice import ToolChoice
from .tools.union import Tool
from .usage import ToolUsage, Usage


class AccessPrograms(Wire, frozen=True, kw_only=True):
    """The access programs that a response is to use, or used. Null in a response that used none explicitly.

    Not in the specification: the official client has it.

    `cyber`: `standard`, `daybreak_blue` or `daybreak_red`.
    """

    cyber: str | UnsetType | None = UNSET


class Billing(Wire, frozen=True, kw_only=True):
    """Who pays for a response. Not in the specification: seen in recorded answers."""

    payer: str | UnsetType | None = UNSET


class ResponseError(Wire, frozen=True, kw_only=True):
    """Why a response failed. The specification lacks `param`, `type` and `misalignment`.

    `code`: `server_error`, `rate_limit_exceeded`, `invalid_prompt`, `data_residency_mismatch`, `bio_policy`,
    `misalignment_policy_violation`, `vector_store_timeout`, `invalid_image`, `invalid_image_format`,
    `invalid_base64_image`, `invalid_image_url`, `image_too_large`, `image_too_small`, `image_parse_error`,
    `image_content_policy_violation`, `invalid_image_mode`, `image_file_too_large`, `unsupported_image_media_type`,
    `empty_image_file`, `failed_to_download_image` or `image_file_not_found`.
    """

    code: str
    message: str
    param: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET
    misalignment: Misalignment | UnsetType | None = UNSET


class IncompleteDetails(Wire, frozen=True, kw_only=True):
    """Why a response is incomplete.

    `reason`: `max_output_tokens`, `max_messages`, `content_filter` or `steered`.
    """

    reason: str | UnsetType | None = UNSET


class InputTransformation(Wire, frozen=True, kw_only=True):
    """What became of an item of the input before the model read it.

    Not in the specification: the official client has it.

    `action`: `removed`. `reason`: `organization_mismatch`, `end_user_mismatch`, `model_mismatch`, `prefix_mismatch` or
    `turn_boundary`. `type`: `reasoning`.
    """

    type: str
    id: str
    action: str | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ConversationReference(Wire, frozen=True, kw_only=True):
    """The conversation that a response belongs to. Schemas `ResponseConversation` and `ConversationParam-2`."""

    id: str


class Response(Wire, frozen=True, kw_only=True):
    """A model response. Schema `Response`.

    `billing`, `frequency_penalty`, `presence_penalty`, `store` and `tool_usage` are not in the specification: they were
    seen in recorded answers. Nor are `access_programs`, `image`, `input_transformations` and
    `prompt_cache_diagnostics`, which the official client has; the first of them is in every answer. A field
    `output_text`, which the service does not send, is in `sent_output_text`, and written under its own name:
    `response.output_text` is the text of the output.

    `prompt_cache_retention`: `in_memory` or `24h`. `tool_choice`: `none`, `auto` or `required`. `service_tier`:
    `auto`, `default`, `flex`, `scale`, `priority`, `fast` or `ultrafast`. `truncation`: `auto` or `disabled`.
    `object`: `response`. `status`: `completed`, `failed`, `in_progress`, `cancelled`, `queued` or `incomplete`.
    """

    id: str
    object: str | UnsetType | None = UNSET
    created_at: int | float
    status: str | UnsetType | None = UNSET
    access_programs: AccessPrograms | UnsetType | None = UNSET
    background: bool | UnsetType | None = UNSET
    billing: Billing | UnsetType | None = UNSET
    completed_at: int | float | UnsetType | None = UNSET
    error: ResponseError | UnsetType | None = UNSET
    frequency_penalty: int | float | UnsetType | None = UNSET
    incomplete_details: IncompleteDetails | UnsetType | None = UNSET
    instructions: str | tuple[InputItem, ...] | UnsetType | None = UNSET
    max_output_tokens: int | UnsetType | None = UNSET
    max_tool_calls: int | UnsetType | None = UNSET
    model: str
    moderation: Moderation | UnsetType | None = UNSET
    output: tuple[OutputItem, ...]
    parallel_tool_calls: bool | UnsetType | None = UNSET
    presence_penalty: int | float | UnsetType | None = UNSET
    previous_response_id: str | UnsetType | None = UNSET
    prompt: Prompt | UnsetType | None = UNSET
    prompt_cache_key: str | UnsetType | None = UNSET
    prompt_cache_retention: str | UnsetType | None = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET
    safety_identifier: str | UnsetType | None = UNSET
    service_tier: str | UnsetType | None = UNSET
    store: bool | UnsetType | None = UNSET
    temperature: int | float | UnsetType | None = UNSET
    text: TextConfig | UnsetType | None = UNSET
    tool_choice: ToolChoice | UnsetType | None = UNSET
    tool_usage: ToolUsage | UnsetType | None = UNSET
    tools: tuple[Tool, ...] | UnsetType | None = UNSET
    top_logprobs: int | UnsetType | None = UNSET
    top_p: int | float | UnsetType | None = UNSET
    truncation: str | UnsetType | None = UNSET
    usage: Usage | UnsetType | None = UNSET
    user: str | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET
    sent_output_text: str | UnsetType | None = field(default=UNSET, name="output_text")
    prompt_cache_options: PromptCacheOptions | UnsetType | None = UNSET
    conversation: ConversationReference | UnsetType | None = UNSET
    image: ImageOptions | UnsetType | None = UNSET
    input_transformations: tuple[InputTransformation, ...] | UnsetType | None = UNSET
    prompt_cache_diagnostics: PromptCacheDiagnostics | UnsetType | None = UNSET

    def _repr_html_(self) -> str:
        """The response as people read it, for a notebook: what `to_html` shows, without a script."""
        from ..rendering.rendered import for_notebooks

        return for_notebooks(self)

    @property
    def output_text(self) -> str:
        """All text that the model wrote, in order; empty where there is none."""
        from .accessors import output_text

        return output_text(self)

    @property
    def function_calls(self) -> tuple[tuple[FunctionCall, Result[dict[str, Any], DecodeError]], ...]:
        """The function calls, each with its arguments: models do not always write proper JSON."""
        from .accessors import function_calls

        return function_calls(self)

    @property
    def reasoning_summaries(self) -> tuple[str, ...]:
        """The parts of the summaries of the model's reasoning, in order."""
        from .accessors import reasoning_summaries

        return reasoning_summaries(self)


class DeletedResponse(Wire, frozen=True, kw_only=True):
    """The acknowledgement that a response was deleted.

    `object` is `response.deleted` from the service, `response` in its guide, and absent where the answer was empty.
    """

    id: str
    object: str | UnsetType | None = UNSET
    deleted: bool
