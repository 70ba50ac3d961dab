"""What is made of an input without a response: a shorter one, and how many tokens it takes.

https://platform.openai.com/docs/api-reference/responses/compact
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from msgspec import Struct

from ...codecs.decoders import decode_compacted_response, decode_token_count
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..steps import Answer, Done, Operation
from .answers import receive
from .body_bounds import check_body, check_identifier
from .create_arguments import CompactArguments, CountArguments
from .inputs import items_of
from .keywords import given_of, in_order, names_of, options_of, show_keywords
from .request_options import exchange, json_request, with_extras

if TYPE_CHECKING:
    from ...codecs.types.input_context import CompactedResponse, TokenCount
else:
    CompactedResponse = public_type("CompactedResponse")
    TokenCount = public_type("TokenCount")

_OF_COMPACT = ("model", *names_of(CompactArguments))
_OF_COUNT = names_of(CountArguments)

_LONGEST_INPUT = 10_485_760
"""Characters."""


def compact_response(*, model: str | None, **arguments: Unpack[CompactArguments]) -> Operation[CompactedResponse]:
    """Make a conversation shorter; pass the whole of what is returned as the input of the next response.

    Args:
        model: The model that will go on with it.
        input: The conversation, as for `create_response`; a text has at most 10,485,760 characters.
        instructions: A system message, put before the input.
        image: Whether images take less of the context.
        previous_response_id: The response whose conversation is meant.
        prompt_cache_key: Groups requests that share a prompt cache; at most 64 characters.
        prompt_cache_options: How the prompt is cached.
        prompt_cache_retention: `in_memory` or `24h`; deprecated.
        service_tier: `auto`, `default`, `fast`, `flex` or `priority`.
        extra_body: Extra members of the body; they override those of the arguments.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `create_response`.
    https://platform.openai.com/docs/api-reference/responses/compact

    >>> compact_response(model="gpt-5", previous_response_id="resp_1").request.body
    b'{"model":"gpt-5","previous_response_id":"resp_1"}'
    """
    given = given_of("compact_response", {"model": model, **arguments}, _OF_COMPACT)
    body = in_order(given, _OF_COMPACT)
    key = body.get("prompt_cache_key")
    invalid = check_identifier("prompt_cache_key", key) if isinstance(key, str) else None
    return exchange(invalid or _request("/responses/compact", body), ReceiveCompacted())


def count_input_tokens(**arguments: Unpack[CountArguments]) -> Operation[TokenCount]:
    """Count the tokens that an input would take. Nothing is made or kept, so it may be repeated.

    Args:
        model: The model that would read it.
        input: The input, as for `create_response`; a text has at most 10,485,760 characters.
        instructions: A system message, put before the input.
        conversation: The conversation, or its id, that the input belongs to.
        parallel_tool_calls: Whether the model may call several tools at once.
        personality: `friendly`, `pragmatic` or another style of the model's.
        previous_response_id: The response that the input continues.
        reasoning: How the model is to reason.
        text: The form of the text, and its verbosity.
        tool_choice: `none`, `auto`, `required`, or a particular tool.
        tools: What the model may use.
        truncation: `auto` or `disabled`; deprecated.
        extra_body: Extra members of the body; they override those of the arguments.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `create_response`.
    https://platform.openai.com/docs/api-reference/responses/input-tokens

    >>> count_input_tokens(model="gpt-5", input="Tell me a joke.").request.path
    '/responses/input_tokens'
    """
    body = in_order(given_of("count_input_tokens", arguments, _OF_COUNT), _OF_COUNT)
    return exchange(_request("/responses/input_tokens", body, idempotent=True), ReceiveTokenCount())


show_keywords(compact_response, CompactArguments)
show_keywords(count_input_tokens, CountArguments)


class ReceiveCompacted(Struct, frozen=True, tag=True):
    """Receives a compacted conversation."""

    def __call__(self, answer: Answer) -> Operation[CompactedResponse]:
        return Done(receive(answer, decode_compacted_response))


class ReceiveTokenCount(Struct, frozen=True, tag=True):
    """Receives a number of tokens."""

    def __call__(self, answer: Answer) -> Operation[TokenCount]:
        return Done(receive(answer, decode_token_count))


def _request(path: str, body: dict[str, Any], *, idempotent: bool = False) -> HttpRequest | InvalidArgument:
    """The request that the arguments in `body` make.

    The specification bounds the length of a text here, and not in `create_response`.
    """
    options, extra_body = options_of(body), body.pop("extra_body", None)
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
    request = check_body(body) or json_request(path, body, idempotent=idempotent, extra_body=extra_body)
    return with_extras(request, options, compact_response) if options else request
