"""The input of a response: the history that it goes on from, and the new items, each with an id of its own."""

from __future__ import annotations

from typing import Any

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from .endpoint import Asked, IdMaker
from .items import ID_PREFIXES, taken_in
from .parameters import INPUT, OBJECT, OPTIONAL_STRING, STRING, check
from .refusals import (
    conversation_locked,
    conversation_not_found,
    duplicate_item,
    exclusive_parameters,
    malformed_conversation_id,
    missing_parameter,
    reference_not_found,
    unknown_previous,
)
from .state import State, StoredConversation

RUNNING = ("queued", "in_progress")


def gather(asked: Asked, given: JsonObject, ids: IdMaker) -> list[JsonObject]:
    """All input items that the parameters `given` mean: of the previous response or the conversation, and new ones."""
    items = _history(asked, given.get("previous_response_id"), given.get("conversation"), ids)
    items.extend(new_items(asked, given.get("input"), {item["id"] for item in items}, ids))
    return items


def conversation_of(asked: Asked, given: Any) -> StoredConversation | None:
    """The conversation that a parameter names, by its id or in an object with it."""
    if given is None:
        return None
    conversation_id = given
    if is_object(given):
        conversation_id = given.get("id")
        if conversation_id is None:
            raise missing_parameter("conversation.id")
        check(conversation_id, "conversation.id", STRING)
    return find_conversation(asked.state, conversation_id)


def find_conversation(state: State, conversation_id: str) -> StoredConversation:
    """The conversation of that id, or a refusal."""
    if not conversation_id.startswith("conv"):
        raise malformed_conversation_id(conversation_id)
    conversation = state.conversations.get(conversation_id)
    if conversation is None:
        raise conversation_not_found(conversation_id)
    return conversation


def check_unlocked(asked: Asked, conversation: StoredConversation) -> None:
    """Refuse where a response is still being made in the conversation."""
    last = None if conversation.turn is None else asked.state.responses.get(conversation.turn)
    if last is not None and last.at(asked.now).get("status") in RUNNING:
        raise conversation_locked()


def new_items(
    asked: Asked, given: str | list[Any] | None, taken: set[str], ids: IdMaker, name: str = "input"
) -> list[JsonObject]:
    """The items that are `given` as the parameter `name`, as the service keeps them. Their ids join those `taken`."""
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    items: list[JsonObject] = []
    for index, item in enumerate(given or ()):
        _check_item(item, f"{name}[{index}]")
        item_id = item.get("id")
        is_reference = item.get("type") == "item_reference"
        meant = _referred(asked, item_id, f"{name}[{index}].id") if is_reference else item
        if item_id is None:
            item_id = ids.make(id_prefix(meant), taken)
        elif item_id in taken:
            raise duplicate_item(item_id)
        taken.add(item_id)
        items.append(taken_in(meant, item_id))
    return items


def id_prefix(item: JsonObject) -> str:
    """What the id of an item begins with."""
    return ID_PREFIXES.get(item.get("type", "message"), "item")


def _history(asked: Asked, previous_id: str | None, conversation: Any, ids: IdMaker) -> list[JsonObject]:
    """What the response goes on from: a chain's input items list all of it, and a conversation's."""
    if previous_id is not None and conversation is not None:
        raise exclusive_parameters("previous_response_id", "conversation")
    found = conversation_of(asked, conversation)
    if found is not None:
        return list(found.items(asked.now))
    if previous_id is None:
        return []
    previous = asked.state.responses.get(previous_id)
    if previous is None or not previous.seen(asked.now):
        raise unknown_previous(previous_id)
    items = list(previous.input_items)
    taken = set(previous.positions)
    for item in previous.at(asked.now).get("output") or ():
        # A response that was put into the state by hand may have output without ids of its own.
        item_id = item.get("id")
        if not isinstance(item_id, str) or item_id in taken:
            item_id = ids.make(id_prefix(item), taken)
        taken.add(item_id)
        items.append(item | {"id": item_id})
    return items


def _referred(asked: Asked, item_id: str | None, where: str) -> JsonObject:
    """The item that a reference means. Everything that is stored is searched: references are rare."""
    if item_id is None:
        raise missing_parameter(where)
    state, now = asked.state, asked.now
    for response_id in state.responses:
        response = state.responses[response_id]
        position = response.positions.get(item_id)
        if position is not None:
            return response.input_items[position]
        for item in response.at(now).get("output") or ():
            if item.get("id") == item_id:
                return dict(item)
    for conversation_id in state.conversations:
        for item in state.conversations[conversation_id].items(now):
            if item["id"] == item_id:
                return item
    raise reference_not_found(item_id, where)


def _check_item(item: Any, where: str) -> None:
    """Check what every item needs, and every message. Types that are not known are taken: the API grows."""
    check(item, where, OBJECT)
    check(item.get("type"), f"{where}.type", OPTIONAL_STRING)
    check(item.get("id"), f"{where}.id", OPTIONAL_STRING)
    if item.get("type", "message") != "message":
        return
    for name in ("role", "content"):
        if item.get(name) is None:
            raise missing_parameter(f"{where}.{name}")
    check(item["role"], f"{where}.role", STRING)
    check(item["content"], f"{where}.content", INPUT)
    if is_array(item["content"]):
        for index, part in enumerate(item["content"]):
            check(part, f"{where}.content[{index}]", OBJECT)
