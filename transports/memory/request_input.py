"""What a request asks a model, as a fault's condition sees it: read before the service is asked.

Law: total. What the service will refuse is no mistake here: what cannot be read asks no model.
"""

from __future__ import annotations

from typing import Any

from msgspec import json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import JsonObject, is_array, is_object
from ...core.http import HttpRequest
from .scripts.model_input import ModelInput
from .service import State


def input_of(state: State, request: HttpRequest, now: float) -> ModelInput:
    """What `request` asks a model, with the items that it goes on from; nothing where its body is no JSON object."""
    try:
        given: Any = json.decode(request.body) if request.body else None
    except REFUSALS:
        given = None
    if not is_object(given):
        return ModelInput(state.replied + 1, {}, (), request.headers)
    items = (*_history(state, given, now), *_new(given.get("input")))
    return ModelInput(state.replied + 1, given, items, request.headers)


def _history(state: State, given: JsonObject, now: float) -> tuple[JsonObject, ...]:
    named = given.get("conversation")
    conversation_id = named.get("id") if is_object(named) else named
    if isinstance(conversation_id, str):
        conversation = state.conversations.get(conversation_id)
        return () if conversation is None else conversation.items(now)
    previous_id = given.get("previous_response_id")
    previous = state.responses.get(previous_id) if isinstance(previous_id, str) else None
    return () if previous is None else (*previous.input_items, *(previous.at(now).get("output") or ()))


def _new(given: Any) -> tuple[JsonObject, ...]:
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    return tuple(map(_in_parts, filter(is_object, given))) if is_array(given) else ()


def _in_parts(item: JsonObject) -> JsonObject:
    """The item with its content as a list of parts."""
    content = item.get("content")
    return {**item, "content": [{"type": "input_text", "text": content}]} if isinstance(content, str) else item
