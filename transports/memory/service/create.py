"""`POST /responses`: takes the input in, asks the script for a reply in the model's place, and stores both.

By default the reply echoes the last text of the input. With `background` it is queued at once, in progress after one
second, and completed after two more; the script may say otherwise.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject, is_object
from ..scripts.completion import MADE, WrongItem
from ..scripts.id_prefixes import id_prefix
from ..scripts.model_input import ModelInput
from ..scripts.replies import Life, Reply
from ..scripts.script import NoReply, replied_by
from ..scripts.tools import tools_shown
from ..scripts.usage import tokens_read, usage_of
from ..validation.other_words import no_model
from ..validation.refusals import (
    REQUESTS_A_MINUTE,
    TOKENS_A_MINUTE,
    no_reply,
    rate_headers,
    wrong_reply,
)
from ..validation.refused_values import missing_parameter
from .endpoint import Asked, EndpointAnswer, IdMaker, LateConsistency, Transition
from .event_chunks import EventChunks
from .inputs import check_unlocked, conversation_of, gather
from .items import body_shown
from .keeping import as_kept, check_kept, check_window, kept_until, life_in_window
from .parameters import SHOWN, read_parameters
from .state import Change, Entry, State, StoredConversation, StoredResponse, Streaming, in_order, kept


class _Times(Struct, frozen=True):
    """When a response begins to run and when it ends, in seconds since 1970; None for never."""

    started: float | None
    ended: float | None


def create(asked: Asked, _: str) -> Transition:
    """Make a response of what the request's body says, and store it unless that says otherwise."""
    given = _read(asked)
    state, now = asked.state, asked.now
    ids = IdMaker(asked.new_id, state.issued)
    response_id = ids.make("resp", state.responses)
    items = gather(asked, given, ids)
    conversation = conversation_of(asked, given.get("conversation"))
    if conversation is not None:
        check_unlocked(asked, conversation)
    try:
        reply, uses = replied_by(
            asked.script, ModelInput(state.replied + 1, given, tuple(items), asked.request.headers, state.uses)
        )
    except NoReply as error:
        raise no_reply(str(error)) from None
    except WrongItem as error:
        raise wrong_reply(state.replied + 1, str(error)) from None
    times = _times(_life_of(reply, given, state.life), now, background=bool(given.get("background")))
    body = {**_body(given, response_id, now, conversation), **_diagnosed(given, state)}
    output = _with_ids(reply, {item["id"] for item in items}, ids)
    read_tokens = tokens_read(items, given)
    if body["background"] and not body["store"] and not state.dialect.unstored_ends:
        times = replace(times, ended=None)
    fields = _completion(reply, body, output, read_tokens, times.ended)
    response = _timeline(given, body, items, fields, times, now=now)
    state = replace(state, issued=ids.issued, replied=state.replied + 1, uses=uses)
    if body["store"] or body["background"]:
        state = state.having(_quirky(asked, response, times))
    if conversation is not None:
        state = state.having_conversation(_continued(conversation, response, output, times, reply))
    headers = rate_headers(REQUESTS_A_MINUTE - 1, max(0, TOKENS_A_MINUTE - read_tokens))
    include = given.get("include") or ()
    if response.streaming is not None:
        chunks = EventChunks(
            response.body, response.streaming, include, response.streaming.obfuscated, dialect=state.dialect
        )
        return state, EndpointAnswer(
            None, headers=headers, events=chunks, follows=response_id if body["background"] else None
        )
    if body["background"]:
        return state, EndpointAnswer(body, headers=headers)
    return state, EndpointAnswer(body_shown({**response.body, **fields}, include), at=times.ended, headers=headers)


def _read(asked: Asked) -> JsonObject:
    given = read_parameters(asked, "create", ("model",))
    goes_on = given.get("previous_response_id") is not None or given.get("conversation") is not None
    if given.get("input") is None and not goes_on and asked.state.dialect.accept != "anything":
        raise missing_parameter("input")
    check_model(asked, given.get("model"))
    dialect = asked.state.dialect
    if dialect.accept != "anything":
        check_window(given)
    check_kept(given, dialect)
    if given.get("background") and not dialect.background_streams:
        given = {**given, "stream": False}
    return as_kept(given, dialect)


def _life_of(reply: Reply, given: JsonObject, usual: Life) -> Life:
    """The life that the reply says; else one of hours, where that is asked for."""
    return reply.life if reply.life != Life() else life_in_window(given) or usual


def check_model(asked: Asked, model: str | None) -> None:
    """Refuse a model that is not listed, where the dialect does."""
    state = asked.state
    status = state.dialect.unknown_model
    if status != 200 and not any(known["id"] == model for known in state.models):
        raise no_model(state.dialect.words, str(model), status)


def _body(given: JsonObject, response_id: str, now: float, conversation: StoredConversation | None) -> JsonObject:
    """The response as it is at first."""
    body: JsonObject = {
        "id": response_id,
        "object": "response",
        "created_at": int(now),
        "status": "queued" if given.get("background") else "in_progress",
        "completed_at": None,
        "error": None,
        "incomplete_details": None,
        "model": given.get("model"),
        "output": [],
        "usage": None,
    }
    for name, default in SHOWN.items():
        body[name] = _shown_parameter(default, given.get(name))
    if body["tools"]:
        body["tools"] = tools_shown(body["tools"])
    if body["access_programs"] is not None:
        body["access_programs"] = {"cyber": "standard", **body["access_programs"]}
    body |= images_treated(given)
    if conversation is not None:
        body["conversation"] = {"id": conversation.body["id"]}
    schema = body["text"].get("format")
    if is_object(schema) and schema.get("type") == "json_schema":
        # Recorded: what the format leaves out is shown with its default.
        body["text"] = {
            **body["text"],
            "format": {"type": "json_schema", "description": None, "strict": True, **schema},
        }
    return body


def images_treated(given: JsonObject) -> JsonObject:
    """What is said of images: what was asked for. What `auto` comes to is unknown, and so nothing is said of it."""
    image = given.get("image")
    asked = image.get("context_compression") if is_object(image) else None
    return {"image": {"context_compression": asked}} if asked in ("enabled", "disabled") else {}


def _diagnosed(given: JsonObject, state: State) -> JsonObject:
    """What is said of the prompt cache, if that is asked for. None is simulated: it is `unavailable`."""
    options = given.get("prompt_cache_options")
    compared = options.get("comparison_response_id") if is_object(options) else None
    if not isinstance(compared, str):
        return {}
    found = state.responses.get(compared) is not None
    return {"prompt_cache_diagnostics": {"type": "unavailable" if found else "comparison_response_not_found"}}


def _shown_parameter(default: Any, value: Any) -> Any:
    """What the response says of a parameter that was given as `value`: an object over its defaults, as recorded."""
    if is_object(default) and is_object(value):
        return {**default, **value}
    return default if value is None else value


def _times(life: Life, now: float, *, background: bool) -> _Times:
    if not background:
        return _Times(now, now + life.answering)
    started = None if life.queued is None else now + life.queued
    return _Times(started, None if started is None or life.running is None else started + life.running)


def _with_ids(reply: Reply, taken: set[str], ids: IdMaker) -> list[JsonObject]:
    """The output of a reply, each item with an id that no other has, and what else is made of its kind."""
    output: list[JsonObject] = []
    for item in reply.output:
        item_id = item.get("id")
        if not isinstance(item_id, str) or item_id in taken:
            item_id = ids.make(id_prefix(item), taken)
        taken.add(item_id)
        made = {"id": item_id} | item | {"id": item_id}
        for name, prefix in MADE.get(str(item.get("type")), {}).items():
            if name not in item:
                made[name] = ids.make(prefix, taken)
        output.append(made)
    return output


def _completion(
    reply: Reply, body: JsonObject, output: list[JsonObject], read_tokens: int, ended: float | None
) -> JsonObject:
    """The fields of a response that has ended as the reply says."""
    fields: JsonObject = {
        "status": reply.status,
        "completed_at": int(ended) if ended is not None and reply.status == "completed" else None,
        "output": output,
        "service_tier": "default" if body["service_tier"] == "auto" else body["service_tier"],
    }
    if reply.status == "failed":
        return {**fields, "error": reply.error}
    if reply.status == "incomplete":
        fields["incomplete_details"] = reply.incomplete_details
    fields["usage"] = usage_of(read_tokens, output, reply.usage)
    return fields


def _timeline(
    given: JsonObject, body: JsonObject, items: list[JsonObject], fields: JsonObject, times: _Times, *, now: float
) -> StoredResponse:
    """The response as it is stored, with all that time will bring."""
    streaming = None
    if given.get("stream"):
        options: JsonObject = given.get("stream_options") or {}
        # Recorded: deltas are padded, but those of background responses are not.
        asked_for = options.get("include_obfuscation")
        padded = not body["background"] if asked_for is None else bool(asked_for)
        streaming = Streaming(now, times.started, times.ended, fields, obfuscated=padded)
    elif times.ended is not None and times.ended <= now:
        return kept({**body, **fields}, items)
    changes: list[Change] = []
    if times.started is not None and body["background"]:
        changes.append(Change(times.started, {"status": "in_progress"}))
    if times.ended is not None:
        changes.append(Change(times.ended, fields))
    return kept(body, items, tuple(changes), streaming)


def _quirky(asked: Asked, response: StoredResponse, times: _Times) -> StoredResponse:
    """The response with what keeps it from being seen."""
    is_stored = response.body["store"] is not False
    until = kept_until(asked.state.dialect, is_stored=is_stored, now=asked.now, ended=times.ended)
    response = replace(response, kept_until=until)
    for quirk in asked.quirks:
        since = asked.now if isinstance(quirk, LateConsistency) and quirk.since == "created" else times.ended
        if isinstance(quirk, LateConsistency) and since is not None:
            response = replace(response, hidden=(since, since + quirk.seconds))
    return response


def _continued(
    conversation: StoredConversation, response: StoredResponse, output: list[JsonObject], times: _Times, reply: Reply
) -> StoredConversation:
    """The conversation with what the response brings, once it has ended and unless it failed."""
    response_id = response.body["id"]
    entries = conversation.entries
    if times.ended is not None and reply.status != "failed":
        known = {entry.item["id"] for entry in entries}
        new = [item for item in response.input_items if item["id"] not in known] + output
        entries = in_order(entries, (Entry(item, times.ended, response_id) for item in new))
    return replace(conversation, entries=entries, turn=response_id)


def settled(state: State, response: StoredResponse, now: float) -> State:
    """The state in which nothing that `response` would bring to a conversation later than `now` is left."""
    named = response.body.get("conversation")
    conversation = state.conversations.get(named["id"]) if is_object(named) else None
    if conversation is None:
        return state
    response_id = response.body["id"]
    kept = tuple(entry for entry in conversation.entries if entry.of != response_id or (entry.at or now) <= now)
    return state.having_conversation(replace(conversation, entries=kept))
