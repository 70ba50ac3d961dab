"""The service as a pure function: `respond(state, request, now)` is the next state and the answer.

Laws: whatever is asked, it answers and never raises; it reads no clock and draws no chance, so that the same arguments
have the same answer. What is asked is a `core.HttpRequest`; the answer is bytes for the real codecs to decode.
https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import json
from msgspec.structs import replace

from ....core.http import HttpRequest, HttpResponse, Pairs
from ..scripts.script import Script, echo
from ..validation.other_words import no_route
from ..validation.refusals import RefusedRequest, unreadable_body
from . import conversations, models, responses
from .context import compact, count_tokens
from .create import create
from .endpoint import Answered, Asked, Endpoint, EndpointAnswer, IdSource, Quirk, Transition, numbered_id
from .listing import list_responses
from .state import State


def respond(
    state: State,
    request: HttpRequest,
    now: float,
    new_id: IdSource = numbered_id,
    *,
    script: Script = echo,
    quirks: tuple[Quirk, ...] = (),
) -> tuple[State, HttpResponse]:
    """Answer `request` as the service in `state` does at the time `now`, in seconds since 1970.

    `new_id` makes the ids that the answer needs, `script` says what a model would, and `quirks` how the service
    misbehaves; to keep the function pure, the first two must be functions of their arguments. The events of a stream
    are answered whole, as they are due if nothing intervenes; `begin` returns them with their times.

    >>> from puresponse import delete_response, sample_state
    >>> state, answer = respond(sample_state(), delete_response("resp_chat").request, now=1_750_000_000.0)
    >>> answer.status, respond(state, delete_response("resp_chat").request, now=1_750_000_001.0)[1].status
    (200, 404)
    """
    state, answered = begin(state, request, now, new_id, script=script, quirks=quirks)
    if answered.events is None:
        return state, answered.head
    return state, replace(answered.head, body=b"".join([chunk.data for chunk in answered.events]))


def begin(
    state: State,
    request: HttpRequest,
    now: float,
    new_id: IdSource = numbered_id,
    *,
    script: Script = echo,
    quirks: tuple[Quirk, ...] = (),
) -> tuple[State, Answered]:
    """Answer as `respond` does, and say when the answer is due: whole, or event by event."""
    try:
        next_state, body_or_answer = _route(Asked(state, request, now, new_id, script, quirks))
        answer = body_or_answer if isinstance(body_or_answer, EndpointAnswer) else EndpointAnswer(body_or_answer)
        content = b"" if answer.body is None else json.encode(state.dialect.shown(answer.body))
        if answer.events is not None:
            next(iter(answer.events), None)  # which has all that was given
    except (RefusedRequest, RecursionError) as error:
        # A RecursionError is JSON nested so deeply that it could just be read, but not be written.
        refusal = error if isinstance(error, RefusedRequest) else unreadable_body()
        return refuse(state, refusal, now, new_id)
    served = state.served + 1
    about = _STREAM if answer.events is not None else _JSON if content else ()
    headers = (*about, *_own(state, (*_ABOUT, *answer.headers), new_id, served))
    head = HttpResponse(status=200, headers=headers, body=content)
    at = now if answer.at is None else answer.at
    return replace(next_state, served=served), Answered(head, at, answer.events, answer.follows)


def refuse(state: State, refusal: RefusedRequest, now: float, new_id: IdSource = numbered_id) -> tuple[State, Answered]:
    """Answer any request with `refusal`."""
    served = state.served + 1
    headers = (*_JSON, *_own(state, _ABOUT, new_id, served), *refusal.headers)
    content = json.encode(refusal.envelope(state.dialect.envelope))
    head = HttpResponse(status=refusal.status, headers=headers, body=content)
    return replace(state, served=served), Answered(head, now)


_ABOUT: Pairs = (("openai-processing-ms", "1"), ("openai-version", "2020-10-01"))
_JSON: Pairs = (("content-type", "application/json"),)
_STREAM: Pairs = (("content-type", "text/event-stream; charset=utf-8"),)


def _own(state: State, headers: Pairs, new_id: IdSource, served: int) -> Pairs:
    """The headers that OpenAI adds, and the id of the request; none where the dialect has none."""
    return (*headers, ("x-request-id", new_id("req", served))) if state.dialect.own_headers else ()


def _route(asked: Asked) -> Transition:
    request = asked.request
    match request.path.split("/"):
        case ["", "responses", segment] if segment:
            # A response's id begins with `resp`, so that these names are free.
            if segment in _OF_RESPONSES and asked.state.dialect.has_route(f"POST /responses/{segment}"):
                return _allowed(asked, f"/responses/{segment}", _OF_RESPONSES[segment])(asked, "")
            return _allowed(asked, "/responses/{id}", _OF_RESPONSE)(asked, _decoded(segment))
        case ["", "responses", segment, part] if segment and part in _OF_PARTS:
            return _allowed(asked, f"/responses/{{id}}/{part}", _OF_PARTS[part])(asked, _decoded(segment))
        case ["", collection] if collection in _OF_COLLECTIONS:
            return _allowed(asked, f"/{collection}", _OF_COLLECTIONS[collection])(asked, "")
        case ["", "conversations", segment] if segment:
            return _allowed(asked, "/conversations/{id}", _OF_CONVERSATION)(asked, _decoded(segment))
        case ["", "conversations", segment, "items"] if segment:
            return _allowed(asked, "/conversations/{id}/items", _OF_ITEMS)(asked, _decoded(segment))
        case ["", "conversations", segment, "items", item] if segment and item:
            ids = (_decoded(segment), _decoded(item))
            return _allowed(asked, "/conversations/{id}/items/{item}", _OF_ITEM)(asked, ids)
        case ["", "models", segment] if segment:
            return _allowed(asked, "/models/{id}", _OF_MODEL)(asked, _decoded(segment))
        case _:
            raise no_route(asked.state.dialect.words, request.method, request.path, "")


def _allowed(asked: Asked, path: str, endpoints: Mapping[str, Any]) -> Endpoint:
    """The endpoint that a method has at `path`, or a refusal that names the methods that there are."""
    method, dialect = asked.request.method, asked.state.dialect
    endpoint: Endpoint | None = endpoints.get(method)
    if endpoint is None or not dialect.has_route(f"{method} {path}"):
        allowed = ", ".join(name for name in endpoints if dialect.has_route(f"{name} {path}"))
        raise no_route(dialect.words, method, asked.request.path, allowed)
    return endpoint


def _decoded(segment: str) -> str:
    """Undo the percent-encoding of a path's segment (RFC 3986, section 2.1)."""
    if "%" not in segment:
        return segment
    from urllib.parse import unquote

    return unquote(segment)


_OF_COLLECTIONS: dict[str, dict[str, Endpoint]] = {
    "responses": {"POST": create, "GET": list_responses},
    "conversations": {"POST": conversations.create_conversation},
    "models": {"GET": models.list_models},
}
_OF_RESPONSES: dict[str, dict[str, Endpoint]] = {
    "input_tokens": {"POST": count_tokens},
    "compact": {"POST": compact},
}
_OF_RESPONSE: dict[str, Endpoint] = {"GET": responses.retrieve, "DELETE": responses.delete}
_OF_PARTS: dict[str, dict[str, Endpoint]] = {
    "cancel": {"POST": responses.cancel},
    "input_items": {"GET": responses.list_input_items},
}
_OF_CONVERSATION: dict[str, Endpoint] = {
    "GET": conversations.retrieve_conversation,
    "POST": conversations.update_conversation,
    "DELETE": conversations.delete_conversation,
}
_OF_ITEMS: dict[str, Endpoint] = {"GET": conversations.list_items, "POST": conversations.create_items}
_OF_ITEM: dict[str, Endpoint] = {"GET": conversations.retrieve_item, "DELETE": conversations.delete_item}
_OF_MODEL: dict[str, Endpoint] = {"GET": models.retrieve_model, "DELETE": models.delete_model}
