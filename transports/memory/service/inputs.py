"""The input of a response: the history that it goes on from, and the new items, each with an id of its own."""

from __future__ import annotations

from typing import Any

from ....codecs.lossless.plain import JsonObject, is_object
from ..scripts.id_prefixes import foreign_prefix, id_prefix
from ..validation.other_words import no_previous
from ..validation.refusals import (
    conversation_locked,
    conversation_not_found,
    duplicate_item,
    exclusive_parameters,
    malformed_conversation_id,
    previous_failed,
    previous_running,
    reference_not_found,
)
from ..validation.refused_values import missing_parameter, wrong_prefix
from ..validation.turn_rules import check_answered, check_reasoning
from .endpoint import Asked, IdMaker
from .items import taken_in
from .state import State, StoredConversation

RUNNING = ("queued", "in_progress")


def gather(asked: Asked, given: JsonObject, ids: IdMaker) -> list[JsonObject]:
    """All input items that the parameters `given` mean: of the previous response or the conversation, and new ones."""
    items = _history(asked, given.get("previous_response_id"), given.get("conversation"), ids)
    new = new_items(asked, given.get("input"), {item["id"] for item in items}, ids)
    if asked.state.dialect.accept == "anything":
        # What the state holds forbids a turn after its calls; what is given may be anything.
        named = {call_id for item in new if isinstance(call_id := item.get("call_id"), str)}
        unnamed = [item for item in items if not (isinstance(call_id := item.get("call_id"), str) and call_id in named)]
        check_answered(unnamed, outputs_need_calls=False)
        return items + new
    if asked.state.dialect.checks_turns:
        check_reasoning(new)
        check_answered([*items, *new])
    return items + new


def conversation_of(asked: Asked, given: Any) -> StoredConversation | None:
    """The conversation that a parameter names, by its id or in an object with it."""
    if given is None:
        return None
    conversation_id = given
    if is_object(given):
        conversation_id = given.get("id")
        if not isinstance(conversation_id, str):
            # Known only where anything is accepted: the table takes no other.
            raise missing_parameter("conversation.id")
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
    checks = asked.state.dialect.accept != "anything" and asked.state.dialect.checks_turns
    items: list[JsonObject] = []
    for index, item in enumerate(given or ()):
        if item.get("type") == "compaction_trigger":
            # It asks for something, and no list of items has a place for it.
            continue
        item_id = item.get("id")
        is_reference = _is_reference(item)
        meant = _referred(asked, item_id, f"{name}[{index}].id") if is_reference else item
        if item_id is None:
            item_id = ids.make(id_prefix(meant), taken)
        elif item_id in taken:
            raise duplicate_item(item_id)
        elif checks and (prefix := foreign_prefix({**meant, "id": item_id})) is not None:
            raise wrong_prefix(f"{name}[{index}].id", item_id, prefix)
        taken.add(item_id)
        items.append(taken_in(meant, item_id))
    return items


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
    # What is kept for polling alone is no part of a chain.
    dialect = asked.state.dialect
    if previous is None or not previous.seen(asked.now) or previous.body.get("store") is False:
        raise no_previous(dialect.words, previous_id, dialect.unknown_previous)
    body = previous.at(asked.now)
    status = body.get("status")
    if status == "failed" and dialect.checks_turns:
        raise previous_failed(previous_id)
    if status in RUNNING and dialect.checks_turns:
        raise previous_running(previous_id, str(status))
    items = list(previous.input_items)
    taken = set(previous.positions)
    for item in body.get("output") or ():
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


def _is_reference(item: JsonObject) -> bool:
    """True for a reference to an item, which needs no type: one without is known by having an id and no content."""
    kind = item.get("type")
    return kind == "item_reference" or (kind is None and "id" in item and "content" not in item)
