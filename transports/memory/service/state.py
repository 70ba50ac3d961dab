"""What the simulated service knows, as one immutable value of plain data.

Law: nothing here is ever changed in place. The JSON values inside are shared between states, so treat what you read
out of a state as read-only too. A state encodes as JSON, pickles, and compares by value.

A stored response is a timeline: the body as it was made, and the changes that time brings. How it is shown is a
function of the time of asking, so that no clock has to tick for a background response to complete.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from ..scripts.completion import filled
from ..scripts.replies import Life
from .dialect import Dialect
from .persistent_map import Shelf


class Change(Struct, frozen=True):
    """From the time `at`, in seconds since 1970, the fields of the response's body are `fields`."""

    at: float
    fields: JsonObject


class Streaming(Struct, frozen=True):
    """That a response was made with `stream`: when its events are due, and what they lead to.

    Times are in seconds since 1970. Events are due from `created` over `started` to `ended` (None: it never ends),
    unless it is `cut` off before. `fields` is what the body becomes then; `obfuscated` whether deltas are padded.
    """

    created: float
    started: float | None
    ended: float | None
    fields: JsonObject
    cut: float | None = None
    obfuscated: bool = False


class StoredResponse(Struct, frozen=True):
    """A response that the service keeps. Make one with `stored`.

    `input_items` are in the order in which they were given; `positions` has the index of each id among them. It is
    a 404 in the span of time that is `hidden`, and from `kept_until` on.
    """

    body: JsonObject
    input_items: tuple[JsonObject, ...]
    positions: dict[str, int]
    changes: tuple[Change, ...] = ()
    streaming: Streaming | None = None
    hidden: tuple[float, float] | None = None
    kept_until: float | None = None

    def at(self, now: float) -> JsonObject:
        """The body as it is at the time `now`, in seconds since 1970."""
        body = self.body
        for change in self.changes:
            if change.at <= now:
                body = {**body, **change.fields}
        return body

    def seen(self, now: float) -> bool:
        """Whether the service admits to having it at the time `now`."""
        if self.hidden is not None and self.hidden[0] <= now < self.hidden[1]:
            return False
        return self.kept_until is None or now < self.kept_until


class Entry(Struct, frozen=True):
    """An item of a conversation. One that the response `of` brings is there from the time `at` on."""

    item: JsonObject
    at: float | None = None
    of: str | None = None


class StoredConversation(Struct, frozen=True):
    """A conversation that the service keeps. `turn` is the response that was made in it last."""

    body: JsonObject
    entries: tuple[Entry, ...] = ()
    turn: str | None = None

    def items(self, now: float) -> tuple[JsonObject, ...]:
        """The items that are in it at the time `now`, in order."""
        return tuple(entry.item for entry in self.entries if entry.at is None or entry.at <= now)


def in_order(entries: tuple[Entry, ...], more: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of a conversation with `more` of them, in the order in which they are added."""
    return tuple(sorted((*entries, *more), key=_begins))


def _begins(entry: Entry) -> float:
    return float("-inf") if entry.at is None else entry.at


class State(Struct, frozen=True):
    """All that the service knows: `responses` and `conversations` by id, `models`, and three counts.

    `dialect` says whose answers it gives where servers differ. `life` is how long a response takes whose reply says
    nothing else (`Reply.lasting`). It counts the requests that it has `served`, the ids that it has `issued` and the
    replies that it has `replied`; `uses` counts those of each reply of a `Scripted`, and is empty before the first.
    """

    responses: Shelf[StoredResponse] = Shelf()
    conversations: Shelf[StoredConversation] = Shelf()
    models: tuple[JsonObject, ...] = ()
    dialect: Dialect = Dialect()
    life: Life = Life()
    served: int = 0
    issued: int = 0
    replied: int = 0
    uses: tuple[int, ...] = ()

    def having(self, response: StoredResponse) -> State:
        """This state with `response` in it, in place of any of the same id."""
        return replace(self, responses=self.responses.having(response.body["id"], response))

    def without(self, response_id: str) -> State:
        """This state without the response `response_id`."""
        return replace(self, responses=self.responses.without(response_id))

    def having_conversation(self, conversation: StoredConversation) -> State:
        """This state with `conversation` in it, in place of any of the same id."""
        return replace(self, conversations=self.conversations.having(conversation.body["id"], conversation))


def stored(
    body: JsonObject,
    input_items: Iterable[JsonObject] = (),
    *,
    changes: Iterable[Change] = (),
    streaming: Streaming | None = None,
) -> StoredResponse:
    """Make a stored response of plain JSON: its `body`, its `input_items`, and the `changes` that time brings.

    With `streaming` its events can be asked for. What a response or an item of a known type needs, and is not given,
    is filled in where that can be said; what is given is not checked further. Raises `ValueError` where `body` has no
    id or an output that is no list of objects, or where an input item has no id or one that occurs twice.

    >>> from puresponse import MemoryTransport, State, retrieve_response, run
    >>> service = MemoryTransport(State().having(stored({"id": "resp_1", "status": "incomplete"})))
    >>> run(retrieve_response("resp_1"), service).map(lambda response: response.status)
    <Success: incomplete>
    """
    if not isinstance(body.get("id"), str):
        raise ValueError(f"body: a response needs an id that is a string, got {body.get('id')!r}")
    items = tuple([filled(item) for item in input_items])
    ordered = tuple(sorted([replace(change, fields=_filled(change.fields)) for change in changes], key=_time_of))
    if streaming is not None:
        streaming = replace(streaming, fields=_filled(streaming.fields))
    positions: dict[str, int] = {}
    for position, item in enumerate(items):
        item_id = item.get("id")
        if not isinstance(item_id, str) or item_id in positions:
            why = "occurs twice" if isinstance(item_id, str) else "is not a string"
            raise ValueError(f"input_items: the id {item_id!r} of item {position} {why}; each needs its own")
        positions[item_id] = position
    return StoredResponse(
        body=_filled({**_BODY, **body}), input_items=items, positions=positions, changes=ordered, streaming=streaming
    )


_BODY: JsonObject = {
    "id": "",
    "object": "response",
    "created_at": 0,
    "status": "completed",
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "model": "gpt-4o-mini",
    "output": [],
    "parallel_tool_calls": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "metadata": {},
}
"""What every response has, as the specification requires."""


def _filled(fields: JsonObject) -> JsonObject:
    """The fields of a body with whole items in its output."""
    output = fields.get("output", ())
    if output == ():
        return fields
    if not (is_array(output) and all(map(is_object, output))):
        raise ValueError(f"body: the output of a response is a list of objects, got {output!r}")
    return {**fields, "output": [filled(item) for item in output]}


def kept(
    body: JsonObject, items: list[JsonObject], changes: tuple[Change, ...] = (), streaming: Streaming | None = None
) -> StoredResponse:
    """A stored response of what the service made, and so is whole: the changes are in order, and no id occurs twice."""
    positions = {item["id"]: position for position, item in enumerate(items)}
    return StoredResponse(body, tuple(items), positions, changes, streaming)


def _time_of(change: Change) -> float:
    return change.at
