"""Creating a response: from the arguments to the one request that they make.

Law: what is left out is not sent, and what is None is sent as null. A creation is not idempotent: without an
idempotency key, `retrying` repeats it only where the server certainly did not act (its docstring has the table), since
the service would else make, and bill, a second response. Whether the service honours a key is unknown.

https://platform.openai.com/docs/api-reference/responses/create
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from msgspec import UNSET, UnsetType
from returns.result import Failure, Result, Success

from ...codecs.lossless.plain import is_mapping
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import Error, InvalidArgument
from ..http import HttpRequest, Pairs
from ..steps import Operation
from .body_bounds import check_body
from .create_arguments import CreateArguments, JsonMapping
from .inputs import items_of
from .keywords import given_of, in_order, names_of, options_of, show_keywords
from .request_options import exchange, json_request, with_extras
from .responses import ReceiveResponse

if TYPE_CHECKING:
    from ...codecs.types.create import StreamOptions
    from ...codecs.types.response import Response
else:
    StreamOptions = public_type("StreamOptions")
    Response = public_type("Response")

_NAMES = names_of(CreateArguments)
_KNOWN = frozenset(_NAMES)
_EVENT_STREAM: Pairs = (("Accept", "text/event-stream"),)


def create_response(**arguments: Unpack[CreateArguments]) -> Operation[Response]:
    """Create a response, and return it when it is made; with `background`, as soon as it is queued.

    Wherever a struct of `puresponse.codecs` is taken, so is the same as a plain dict. What is left out (`UNSET`) is
    not sent; None is sent as null.

    Args:
        model: The model, such as `gpt-5`. Without one a `prompt` must name it.
        input: What the response is made from: a text, an item, or a sequence of items and texts.
        instructions: A system message, put before the input and not carried over to the next response.
        access_programs: The access programs to use; without, the service chooses among those of the project.
        background: Make the response in the background, to be waited for or cancelled.
        background_options: With a `completion_window` of `2h` or `8h` the background takes as many hours, and costs
            less: it goes with `background=True` and the `default` service tier, and with no stream.
        context_management: When the service compacts the context: entries with a `compact_threshold` of 1000 or more.
        conversation: The conversation, or its id, that the response belongs to.
        image: Whether images take less of the context.
        include: What to add to the answer, such as `reasoning.encrypted_content`.
        max_output_tokens: The most tokens that may be generated, 16 or more, those of reasoning included.
        max_tool_calls: The most calls to the service's own tools.
        metadata: At most 16 pairs; keys have at most 64 characters, values at most 512.
        moderation: Which model moderates input and output, and how.
        parallel_tool_calls: Whether the model may call several tools at once.
        previous_response_id: The response that this one continues.
        prompt: A prompt template that the service holds, and its variables.
        prompt_cache_key: Groups requests that share a prompt cache.
        prompt_cache_options: How the prompt is cached. A `comparison_response_id` asks for the response's
            `prompt_cache_diagnostics`.
        prompt_cache_retention: `in_memory` or `24h`; deprecated.
        reasoning: How the model is to reason.
        safety_identifier: A stable identifier of the end user, at most 64 characters.
        service_tier: `auto`, `default`, `flex`, `scale`, `priority` and others.
        store: Whether the service keeps the response; it does by default.
        temperature: 0 to 2. More is more random.
        text: The form of the text: `text_format_of` makes one of a type; and its verbosity.
        tool_choice: `none`, `auto`, `required`, or a particular tool.
        tools: What the model may use.
        top_logprobs: How many of the likeliest tokens to list at each place, 0 to 20.
        top_p: 0 to 1. The share of probability from which tokens are drawn.
        truncation: `auto` or `disabled`; deprecated.
        user: A stable identifier of the end user; deprecated.
        idempotency_key: With one, `retrying` repeats the request also where the server may have acted, as it does what
            is idempotent. Whether the service honours it is unknown: if not, a second response is made and billed.
        extra_body: Extra members of the body; they override those of the arguments.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`): `InvalidArgument` for what the specification does not allow and for what JSON
    cannot hold; `ApiError` for what the service refuses.
    https://platform.openai.com/docs/api-reference/responses/create

    >>> create_response(model="gpt-5", input="Say this is a test").request.body
    b'{"model":"gpt-5","input":"Say this is a test"}'
    """
    given = given_of("create_response", arguments, _KNOWN)
    return exchange(_request(in_order(given, _NAMES)), ReceiveResponse())


show_keywords(create_response, CreateArguments)


def create_request(
    arguments: CreateArguments,
    *,
    stream: bool = False,
    stream_options: StreamOptions | JsonMapping | UnsetType | None = UNSET,
) -> Result[HttpRequest, Error]:
    """Build the request that `arguments` make; with `stream`, the one that is answered with events.

    Args:
        arguments: Those of `create_response`, as a dict.
        stream: Whether the response is to be streamed.
        stream_options: What the events are to hold, as for `stream_response`.

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
    caller: str = "create_response",
    stream: bool = False,
    stream_options: StreamOptions | JsonMapping | UnsetType | None = UNSET,
) -> HttpRequest | InvalidArgument:
    """The request of `create_request`, without a container; `caller` is the function that was given the arguments."""
    return _request(given_of(caller, arguments, _KNOWN), stream=stream, stream_options=stream_options)


def _request(
    body: dict[str, Any], *, stream: bool = False, stream_options: Any = UNSET
) -> HttpRequest | InvalidArgument:
    """The request that the arguments in `body` make."""
    options, extra_body, key = options_of(body), body.pop("extra_body", None), body.pop("idempotency_key", None)
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
    request = check_body(body) or json_request(
        "/responses", body, headers=_EVENT_STREAM if stream else (), extra_body=extra_body, idempotency_key=key
    )
    return with_extras(request, options, create_response) if options else request
