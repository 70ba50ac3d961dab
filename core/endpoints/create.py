"""Creating a response: from the arguments to the one request that they stand for.

Law: what is left out is not sent, and what is None is sent as null. A creation is not idempotent: without an
idempotency key, `retrying` repeats it only where the server certainly did not act (its docstring has the table), since
the service would else make, and bill, a second response. Whether the service honours a key is unknown.

https://platform.openai.com/docs/api-reference/responses/create
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from msgspec import UNSET, UnsetType
from returns.result import Failure, Result, Success

from ...codecs.lossless.plain import is_mapping
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import Error, InvalidArgument
from ..http import HttpRequest, Pairs
from ..steps import Operation
from .body_bounds import check_body
from .inputs import ItemsArgument, items_of
from .request_options import ExtraBody, ExtraHeaders, ExtraQuery, exchange, json_request
from .responses import ReceiveResponse

if TYPE_CHECKING:
    from ...codecs.types.compaction import ContextManagement
    from ...codecs.types.create import StreamOptions
    from ...codecs.types.moderation import ModerationParam
    from ...codecs.types.prompt import Prompt, PromptCacheOptions
    from ...codecs.types.reasoning import Reasoning
    from ...codecs.types.response import ConversationReference, Response
    from ...codecs.types.text_format import TextConfig
    from ...codecs.types.tools.tool_choice import ToolChoice
    from ...codecs.types.tools.union import Tool
else:
    ContextManagement = public_type("ContextManagement")
    StreamOptions = public_type("StreamOptions")
    ModerationParam = public_type("ModerationParam")
    Prompt = public_type("Prompt")
    PromptCacheOptions = public_type("PromptCacheOptions")
    Reasoning = public_type("Reasoning")
    ConversationReference = public_type("ConversationReference")
    Response = public_type("Response")
    TextConfig = public_type("TextConfig")
    ToolChoice = public_type("ToolChoice")
    Tool = public_type("Tool")

JsonMapping: TypeAlias = Mapping[str, Any]
"""A JSON object as a plain dict, where a struct of `puresponse.codecs` will do as well."""


class CreateArguments(TypedDict, total=False):
    """The arguments of `create_response`, for those who pass them on."""

    model: str | UnsetType | None
    input: ItemsArgument | UnsetType | None
    instructions: str | UnsetType | None
    background: bool | UnsetType | None
    context_management: Sequence[ContextManagement | JsonMapping] | UnsetType | None
    conversation: str | ConversationReference | JsonMapping | UnsetType | None
    include: Sequence[str] | UnsetType | None
    max_output_tokens: int | UnsetType | None
    max_tool_calls: int | UnsetType | None
    metadata: Mapping[str, str] | UnsetType | None
    moderation: ModerationParam | JsonMapping | UnsetType | None
    parallel_tool_calls: bool | UnsetType | None
    previous_response_id: str | UnsetType | None
    prompt: Prompt | JsonMapping | UnsetType | None
    prompt_cache_key: str | UnsetType | None
    prompt_cache_options: PromptCacheOptions | JsonMapping | UnsetType | None
    prompt_cache_retention: str | UnsetType | None
    reasoning: Reasoning | JsonMapping | UnsetType | None
    safety_identifier: str | UnsetType | None
    service_tier: str | UnsetType | None
    store: bool | UnsetType | None
    temperature: float | UnsetType | None
    text: TextConfig | JsonMapping | UnsetType | None
    tool_choice: ToolChoice | JsonMapping | UnsetType | None
    tools: Sequence[Tool | JsonMapping] | UnsetType | None
    top_logprobs: int | UnsetType | None
    top_p: float | UnsetType | None
    truncation: str | UnsetType | None
    user: str | UnsetType | None
    idempotency_key: str | None
    extra_headers: ExtraHeaders | None
    extra_query: ExtraQuery | None
    extra_body: ExtraBody | None
    timeout: float | None


_NAMES = frozenset(CreateArguments.__annotations__)
_EVENT_STREAM: Pairs = (("Accept", "text/event-stream"),)


def create_response(
    *,
    model: str | UnsetType | None = UNSET,
    input: ItemsArgument | UnsetType | None = UNSET,
    instructions: str | UnsetType | None = UNSET,
    background: bool | UnsetType | None = UNSET,
    context_management: Sequence[ContextManagement | JsonMapping] | UnsetType | None = UNSET,
    conversation: str | ConversationReference | JsonMapping | UnsetType | None = UNSET,
    include: Sequence[str] | UnsetType | None = UNSET,
    max_output_tokens: int | UnsetType | None = UNSET,
    max_tool_calls: int | UnsetType | None = UNSET,
    metadata: Mapping[str, str] | UnsetType | None = UNSET,
    moderation: ModerationParam | JsonMapping | UnsetType | None = UNSET,
    parallel_tool_calls: bool | UnsetType | None = UNSET,
    previous_response_id: str | UnsetType | None = UNSET,
    prompt: Prompt | JsonMapping | UnsetType | None = UNSET,
    prompt_cache_key: str | UnsetType | None = UNSET,
    prompt_cache_options: PromptCacheOptions | JsonMapping | UnsetType | None = UNSET,
    prompt_cache_retention: str | UnsetType | None = UNSET,
    reasoning: Reasoning | JsonMapping | UnsetType | None = UNSET,
    safety_identifier: str | UnsetType | None = UNSET,
    service_tier: str | UnsetType | None = UNSET,
    store: bool | UnsetType | None = UNSET,
    temperature: float | UnsetType | None = UNSET,
    text: TextConfig | JsonMapping | UnsetType | None = UNSET,
    tool_choice: ToolChoice | JsonMapping | UnsetType | None = UNSET,
    tools: Sequence[Tool | JsonMapping] | UnsetType | None = UNSET,
    top_logprobs: int | UnsetType | None = UNSET,
    top_p: float | UnsetType | None = UNSET,
    truncation: str | UnsetType | None = UNSET,
    user: str | UnsetType | None = UNSET,
    idempotency_key: str | None = None,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    extra_body: ExtraBody | None = None,
    timeout: float | None = None,
) -> Operation[Response]:
    """Create a response, and give it when it is made; with `background`, as soon as it is queued.

    Wherever a struct of `puresponse.codecs` is taken, so is the same as a plain dict. What is left out (`UNSET`) is
    not sent; None is sent as null.

    Args:
        model: The model, such as `gpt-5`. Without one a `prompt` must name it.
        input: What the response is made from: a text, an item, or a sequence of items and texts.
        instructions: A system message that goes before the input, and is not carried over to the next response.
        background: Make the response in the background, to be waited for or cancelled.
        context_management: When the service compacts the context: entries with a `compact_threshold` of 1000 or more.
        conversation: The conversation, or its id, that the response belongs to.
        include: What to add to the answer, such as `reasoning.encrypted_content`.
        max_output_tokens: The most tokens that may be generated, 16 or more, those of reasoning included.
        max_tool_calls: The most calls to the service's own tools.
        metadata: At most 16 pairs; keys have at most 64 characters, values at most 512.
        moderation: Which model moderates input and output, and how.
        parallel_tool_calls: Whether the model may call several tools at once.
        previous_response_id: The response that this one continues.
        prompt: A prompt template that the service holds, and its variables.
        prompt_cache_key: Groups requests that share a prompt cache.
        prompt_cache_options: How the prompt is cached.
        prompt_cache_retention: `in_memory` or `24h`; deprecated.
        reasoning: How the model is to reason.
        safety_identifier: A stable identifier of the end user, at most 64 characters.
        service_tier: `auto`, `default`, `flex`, `scale`, `priority` and others.
        store: Whether the service keeps the response; it does by default.
        temperature: 0 to 2. More is more random.
        text: The form of the text: `text_format_of` makes one of a type; and its verbosity.
        tool_choice: `none`, `auto`, `required`, or a particular tool.
        tools: What the model may use.
        top_logprobs: How many of the likeliest tokens to tell at each place, 0 to 20.
        top_p: 0 to 1. The share of probability from which tokens are drawn.
        truncation: `auto` or `disabled`; deprecated.
        user: A stable identifier of the end user; deprecated.
        idempotency_key: With one, `retrying` repeats the request also where the server may have acted, as it does what
            is idempotent. Whether the service honours it is unknown: if not, a second response is made and billed.
        extra_headers: Headers that go before the library's and the transport's; no credentials.
        extra_query: Query parameters; no credentials.
        extra_body: Members that go before those of the arguments.
        timeout: Seconds of silence after which this request is given up, in place of the transport's.

    Errors: `InvalidArgument` for what the specification does not allow and for what JSON cannot hold; `ApiError` for
    what the service refuses.
    https://platform.openai.com/docs/api-reference/responses/create

    >>> create_response(model="gpt-5", input="Say this is a test").request.body
    b'{"model":"gpt-5","input":"Say this is a test"}'
    """
    request = creation(
        {
            "model": model,
            "input": input,
            "instructions": instructions,
            "background": background,
            "context_management": context_management,
            "conversation": conversation,
            "include": include,
            "max_output_tokens": max_output_tokens,
            "max_tool_calls": max_tool_calls,
            "metadata": metadata,
            "moderation": moderation,
            "parallel_tool_calls": parallel_tool_calls,
            "previous_response_id": previous_response_id,
            "prompt": prompt,
            "prompt_cache_key": prompt_cache_key,
            "prompt_cache_options": prompt_cache_options,
            "prompt_cache_retention": prompt_cache_retention,
            "reasoning": reasoning,
            "safety_identifier": safety_identifier,
            "service_tier": service_tier,
            "store": store,
            "temperature": temperature,
            "text": text,
            "tool_choice": tool_choice,
            "tools": tools,
            "top_logprobs": top_logprobs,
            "top_p": top_p,
            "truncation": truncation,
            "user": user,
            "idempotency_key": idempotency_key,
            "extra_headers": extra_headers,
            "extra_query": extra_query,
            "extra_body": extra_body,
            "timeout": timeout,
        }
    )
    return exchange(request, ReceiveResponse())


def create_request(
    arguments: CreateArguments,
    *,
    stream: bool = False,
    stream_options: StreamOptions | JsonMapping | UnsetType | None = UNSET,
) -> Result[HttpRequest, Error]:
    """Build the request that `arguments` stand for; with `stream`, the one that is answered with events.

    Errors: `InvalidArgument`, as of `create_response`. Raises `TypeError` for an argument that there is none of, as a
    call with it would.

    >>> create_request({"model": "gpt-5", "input": "Say this is a test"}).unwrap().path
    '/responses'
    """
    given: Any = arguments
    if not is_mapping(given):
        return Failure(invalid_argument("arguments", arguments, "a mapping of the arguments of `create_response`"))
    request = creation(arguments, stream=stream, stream_options=stream_options)
    return Failure(request) if isinstance(request, InvalidArgument) else Success(request)


def creation(
    arguments: CreateArguments,
    *,
    stream: bool = False,
    stream_options: StreamOptions | JsonMapping | UnsetType | None = UNSET,
) -> HttpRequest | InvalidArgument:
    """The request of `create_request`, without a container."""
    body: dict[str, Any] = {name: value for name, value in arguments.items() if value is not UNSET}
    if not body.keys() <= _NAMES:
        unknown = min(body.keys() - _NAMES)
        raise TypeError(f"create_response() got an unexpected keyword argument {unknown!r}")
    idempotency_key: str | None = body.pop("idempotency_key", None)
    extra_headers: ExtraHeaders | None = body.pop("extra_headers", None)
    extra_query: ExtraQuery | None = body.pop("extra_query", None)
    extra_body: ExtraBody | None = body.pop("extra_body", None)
    timeout: float | None = body.pop("timeout", None)
    if stream:
        body["stream"] = True
        if stream_options is not UNSET:
            body["stream_options"] = stream_options
    given = body.get("input")
    if given is not None and not isinstance(given, str):
        items = items_of("input", given)
        if isinstance(items, InvalidArgument):
            return items
        body["input"] = items
    return check_body(body) or json_request(
        "/responses",
        body,
        extra_headers=extra_headers,
        extra_query=extra_query,
        extra_body=extra_body,
        timeout=timeout,
        headers=_EVENT_STREAM if stream else (),
        idempotency_key=idempotency_key,
    )
