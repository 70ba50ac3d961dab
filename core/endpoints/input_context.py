"""What is made of an input without a response: a shorter one, and how many tokens it takes.

https://platform.openai.com/docs/api-reference/responses/compact
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType

from ...codecs.decoders import decode_compacted_response, decode_token_count
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import InvalidArgument
from ..steps import Answer, Done, Operation
from .answers import receive
from .body_bounds import check_body, check_identifier
from .create import JsonMapping
from .inputs import ItemsArgument, items_of
from .request_options import ExtraBody, ExtraHeaders, ExtraQuery, exchange, json_request

if TYPE_CHECKING:
    from ...codecs.types.input_context import CompactedResponse, TokenCount
    from ...codecs.types.prompt import PromptCacheOptions
    from ...codecs.types.reasoning import Reasoning
    from ...codecs.types.response import ConversationReference
    from ...codecs.types.text_format import TextConfig
    from ...codecs.types.tools.tool_choice import ToolChoice
    from ...codecs.types.tools.union import Tool
else:
    CompactedResponse = public_type("CompactedResponse")
    PromptCacheOptions = public_type("PromptCacheOptions")
    Reasoning = public_type("Reasoning")
    ConversationReference = public_type("ConversationReference")
    TextConfig = public_type("TextConfig")
    TokenCount = public_type("TokenCount")
    ToolChoice = public_type("ToolChoice")
    Tool = public_type("Tool")

_LONGEST_INPUT = 10_485_760
"""Characters."""


def compact_response(
    *,
    model: str | None,
    input: ItemsArgument | UnsetType | None = UNSET,
    instructions: str | UnsetType | None = UNSET,
    previous_response_id: str | UnsetType | None = UNSET,
    prompt_cache_key: str | UnsetType | None = UNSET,
    prompt_cache_options: PromptCacheOptions | JsonMapping | UnsetType | None = UNSET,
    prompt_cache_retention: str | UnsetType | None = UNSET,
    service_tier: str | UnsetType | None = UNSET,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    extra_body: ExtraBody | None = None,
    timeout: float | None = None,
) -> Operation[CompactedResponse]:
    """Make a conversation shorter; give what comes back as the input of the next response, whole.

    Args:
        model: The model that will go on with it.
        input: The conversation, as for `create_response`; a text has at most 10,485,760 characters.
        instructions: A system message that goes before the input.
        previous_response_id: The response whose conversation is meant.
        prompt_cache_key: Groups requests that share a prompt cache; at most 64 characters.
        prompt_cache_options: How the prompt is cached.
        prompt_cache_retention: `in_memory` or `24h`; deprecated.
        service_tier: `auto`, `default`, `fast`, `flex` or `priority`.
        extra_headers: Headers that go before the library's and the transport's; no credentials.
        extra_query: Query parameters; no credentials.
        extra_body: Members that go before those of the arguments.
        timeout: Seconds of silence after which this request is given up, in place of the transport's.

    Errors: as of `create_response`.
    https://platform.openai.com/docs/api-reference/responses/compact

    >>> compact_response(model="gpt-5", previous_response_id="resp_1").request.body
    b'{"model":"gpt-5","previous_response_id":"resp_1"}'
    """
    body = _body(
        {
            "model": model,
            "input": input,
            "instructions": instructions,
            "previous_response_id": previous_response_id,
            "prompt_cache_key": prompt_cache_key,
            "prompt_cache_options": prompt_cache_options,
            "prompt_cache_retention": prompt_cache_retention,
            "service_tier": service_tier,
        }
    )
    if isinstance(prompt_cache_key, str):
        body = check_identifier("prompt_cache_key", prompt_cache_key) or body
    request = (
        body
        if isinstance(body, InvalidArgument)
        else json_request(
            "/responses/compact",
            body,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
            timeout=timeout,
        )
    )
    return exchange(request, ReceiveCompacted())


def count_input_tokens(
    *,
    model: str | UnsetType | None = UNSET,
    input: ItemsArgument | UnsetType | None = UNSET,
    instructions: str | UnsetType | None = UNSET,
    conversation: str | ConversationReference | JsonMapping | UnsetType | None = UNSET,
    parallel_tool_calls: bool | UnsetType | None = UNSET,
    personality: str | UnsetType | None = UNSET,
    previous_response_id: str | UnsetType | None = UNSET,
    reasoning: Reasoning | JsonMapping | UnsetType | None = UNSET,
    text: TextConfig | JsonMapping | UnsetType | None = UNSET,
    tool_choice: ToolChoice | JsonMapping | UnsetType | None = UNSET,
    tools: Sequence[Tool | JsonMapping] | UnsetType | None = UNSET,
    truncation: str | UnsetType | None = UNSET,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    extra_body: ExtraBody | None = None,
    timeout: float | None = None,
) -> Operation[TokenCount]:
    """Count the tokens that an input would take. Nothing is made or kept, so it may be repeated.

    Args:
        model: The model that would read it.
        input: The input, as for `create_response`; a text has at most 10,485,760 characters.
        instructions: A system message that goes before the input.
        conversation: The conversation, or its id, that the input belongs to.
        parallel_tool_calls: Whether the model may call several tools at once.
        personality: `friendly`, `pragmatic` or another style of the model's.
        previous_response_id: The response that the input continues.
        reasoning: How the model is to reason.
        text: The form of the text, and its verbosity.
        tool_choice: `none`, `auto`, `required`, or a particular tool.
        tools: What the model may use.
        truncation: `auto` or `disabled`; deprecated.
        extra_headers: Headers that go before the library's and the transport's; no credentials.
        extra_query: Query parameters; no credentials.
        extra_body: Members that go before those of the arguments.
        timeout: Seconds of silence after which this request is given up, in place of the transport's.

    Errors: as of `create_response`.
    https://platform.openai.com/docs/api-reference/responses/input-tokens

    >>> count_input_tokens(model="gpt-5", input="Tell me a joke.").request.path
    '/responses/input_tokens'
    """
    body = _body(
        {
            "model": model,
            "input": input,
            "instructions": instructions,
            "conversation": conversation,
            "parallel_tool_calls": parallel_tool_calls,
            "personality": personality,
            "previous_response_id": previous_response_id,
            "reasoning": reasoning,
            "text": text,
            "tool_choice": tool_choice,
            "tools": tools,
            "truncation": truncation,
        }
    )
    request = (
        body
        if isinstance(body, InvalidArgument)
        else json_request(
            "/responses/input_tokens",
            body,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
            timeout=timeout,
            idempotent=True,
        )
    )
    return exchange(request, ReceiveTokenCount())


class ReceiveCompacted(Struct, frozen=True, tag=True):
    """Receives a compacted conversation."""

    def __call__(self, answer: Answer) -> Operation[CompactedResponse]:
        return Done(receive(answer, decode_compacted_response))


class ReceiveTokenCount(Struct, frozen=True, tag=True):
    """Receives a number of tokens."""

    def __call__(self, answer: Answer) -> Operation[TokenCount]:
        return Done(receive(answer, decode_token_count))


def _body(arguments: Mapping[str, Any]) -> dict[str, Any] | InvalidArgument:
    """What is sent of `arguments`; the specification bounds the length of a text here, and not in `create_response`."""
    body = {name: value for name, value in arguments.items() if value is not UNSET}
    given = body.get("input")
    if isinstance(given, str):
        if len(given) > _LONGEST_INPUT:
            return invalid_argument(
                "input", f"{len(given)} characters", f"a text of at most {_LONGEST_INPUT} characters"
            )
    elif given is not None:
        items = items_of("input", given)
        if isinstance(items, InvalidArgument):
            return items
        body["input"] = items
    return check_body(body) or body
