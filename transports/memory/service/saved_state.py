"""A state as a file has it: JSON, read back whole or refused with the place.

Law: `load_state(dump_state(state)) == state`. What is none, by its members or by what they say of each other, is
refused: a service that went on from it would answer nonsense, and write nonsense over it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import json

from ....codecs.lossless.building import decoder_of
from ....codecs.lossless.errors import REFUSALS, explained
from ....codecs.lossless.plain import JsonObject, is_object
from .persistent_map import Shelf
from .state import State, StoredConversation, StoredResponse

T = TypeVar("T")


def dump_state(state: State) -> bytes:
    """The state as JSON, indented, so that two of them can be compared line by line."""
    return json.format(json.encode(state), indent=1)


def load_state(data: bytes) -> State:
    """Read a state out of its JSON. Raises `ValueError`, which says the place and what is wrong there."""
    try:
        plain: Any = json.decode(data)
        state: State = decoder_of(State)(data)
    except REFUSALS as error:
        place, reason = explained(error, data)
        raise ValueError(f"{place}: {reason}") from None
    _check_members(plain)
    _check_ids(state.responses, "responses", _body_of)
    _check_ids(state.conversations, "conversations", _content_of)
    for name in state.responses:
        _check_items(name, state.responses[name])
    for number, model in enumerate(state.models):
        if not isinstance(model.get("id"), str):
            raise ValueError(f"$.models[{number}].id: a model needs an id that is a string, got {model.get('id')!r}")
    return state


def _body_of(response: StoredResponse) -> JsonObject:
    return response.body


def _content_of(conversation: StoredConversation) -> JsonObject:
    return conversation.body


def _check_members(plain: object) -> None:
    """Refuse what is JSON of something else: all members of a state can be left out."""
    if not is_object(plain) or "responses" not in plain:
        raise ValueError("$: it has no responses, and so is no state")
    unknown = plain.keys() - set(State.__struct_fields__)
    if unknown:
        name = min(unknown)
        raise ValueError(f"$.{name}: a state has no such member; it has {', '.join(State.__struct_fields__)}")


def _check_ids(shelf: Shelf[T], name: str, body_of: Callable[[T], JsonObject]) -> None:
    for ending, group in shelf.groups.items():
        for key, value in group.items():
            place = f"$.{name}.groups[{ending!r}][{key!r}]"
            if key[-2:] != ending or not key:
                raise ValueError(f"{place}: it is in the group of the last two characters of its id, {key[-2:]!r}")
            found = body_of(value).get("id")
            if found != key:
                raise ValueError(f"{place}.body.id: it is kept as {key!r}, and has the id {found!r}")


def _check_items(name: str, response: StoredResponse) -> None:
    if response.positions != {item.get("id"): number for number, item in enumerate(response.input_items)}:
        place = f"$.responses.groups[{name[-2:]!r}][{name!r}].positions"
        raise ValueError(f"{place}: they are to be the indexes of the input items by id")
