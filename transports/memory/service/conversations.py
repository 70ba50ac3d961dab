"""`/conversations` and their items. Conversations and answers are as recorded."""

from __future__ import annotations

from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject
from ..validation.refusals import item_not_found
from .endpoint import Asked, IdMaker, Transition
from .inputs import find_conversation, new_items
from .items import included, item_shown, listed, page
from .parameters import read_parameters
from .state import Entry, StoredConversation, in_order


def create_conversation(asked: Asked, _: str) -> Transition:
    """Begin a conversation, with up to twenty items."""
    given = read_parameters(asked, "conversation")
    ids = IdMaker(asked.new_id, asked.state.issued)
    body: JsonObject = {
        "id": ids.make("conv", asked.state.conversations),
        "object": "conversation",
        "created_at": int(asked.now),
        "metadata": given.get("metadata") or {},
    }
    items = new_items(asked, given.get("items"), set(), ids, "items")
    conversation = StoredConversation(body, tuple(map(Entry, items)))
    return replace(asked.state.having_conversation(conversation), issued=ids.issued), body


def retrieve_conversation(asked: Asked, conversation_id: str) -> Transition:
    """Show a conversation."""
    return asked.state, find_conversation(asked.state, conversation_id).body


def update_conversation(asked: Asked, conversation_id: str) -> Transition:
    """Give a conversation other metadata."""
    conversation = find_conversation(asked.state, conversation_id)
    given = read_parameters(asked, "update", ("metadata",))
    body: JsonObject = {**conversation.body, "metadata": given.get("metadata") or {}}
    return asked.state.having_conversation(replace(conversation, body=body)), body


def delete_conversation(asked: Asked, conversation_id: str) -> Transition:
    """Delete a conversation. The specification: its items are not deleted, and responses go on listing them."""
    find_conversation(asked.state, conversation_id)
    state = replace(asked.state, conversations=asked.state.conversations.without(conversation_id))
    return state, {"id": conversation_id, "object": "conversation.deleted", "deleted": True}


def create_items(asked: Asked, conversation_id: str) -> Transition:
    """Add up to twenty items, and list them."""
    state = asked.state
    conversation = find_conversation(state, conversation_id)
    given = read_parameters(asked, "items", ("items",))
    ids = IdMaker(asked.new_id, state.issued)
    items = new_items(asked, given.get("items"), {entry.item["id"] for entry in conversation.entries}, ids, "items")
    grown = replace(conversation, entries=in_order(conversation.entries, (Entry(item, asked.now) for item in items)))
    answer = listed(items, included(asked.request.query), state.dialect)
    return replace(state.having_conversation(grown), issued=ids.issued), answer


def list_items(asked: Asked, conversation_id: str) -> Transition:
    """One page of a conversation's items."""
    items = find_conversation(asked.state, conversation_id).items(asked.now)
    positions = {item["id"]: position for position, item in enumerate(items)}
    return asked.state, page(items, positions, asked.request.query, asked.state.dialect)


def retrieve_item(asked: Asked, ids: tuple[str, str]) -> Transition:
    """Show an item of a conversation."""
    conversation_id, item_id = ids
    for item in find_conversation(asked.state, conversation_id).items(asked.now):
        if item["id"] == item_id:
            return asked.state, item_shown(item, included(asked.request.query))
    raise item_not_found(item_id)


def delete_item(asked: Asked, ids: tuple[str, str]) -> Transition:
    """Take an item out of a conversation, and show that."""
    conversation_id, item_id = ids
    conversation = find_conversation(asked.state, conversation_id)
    if all(item["id"] != item_id for item in conversation.items(asked.now)):
        raise item_not_found(item_id)
    kept = tuple(entry for entry in conversation.entries if entry.item["id"] != item_id)
    return asked.state.having_conversation(replace(conversation, entries=kept)), conversation.body
