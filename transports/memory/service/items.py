"""Items: how the service takes them in, what it shows of them, and the pages that it lists them in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from ....core.http import Pairs
from ..scripts.completion import filled
from ..validation.refusals import unknown_cursor
from ..validation.refused_values import above_maximum, below_minimum, wrong_type, wrong_value
from .dialect import Dialect

DEFAULT_LIMIT = 20
MAXIMUM_LIMIT = 100


def taken_in(item: JsonObject, item_id: str) -> JsonObject:
    """`item` as the service keeps it: whole, with an id, its content as a list of parts. Recorded of messages."""
    if "type" not in item:
        item = {"type": "message", **item}
    return {"id": item_id} | filled(item) | {"id": item_id}


class _Hidden(Struct, frozen=True):
    """A member that is shown only to who asks for it by the name `include`.

    It is in `parent` of the item (the item itself if empty; all parts of that type if the item is a message), and
    `instead` is shown in its place; nothing if that is `...`.
    """

    include: str
    parent: str
    member: str
    instead: Any = ...


# Recorded: the null in place of an image's URL and the empty list in place of log-probabilities. The rest is unknown:
# null where the specification allows null, else left out.
_HIDDEN: dict[str, tuple[_Hidden, ...]] = {
    "message": (
        _Hidden("message.input_image.image_url", "input_image", "image_url", None),
        _Hidden("message.output_text.logprobs", "output_text", "logprobs", []),
    ),
    "reasoning": (_Hidden("reasoning.encrypted_content", "", "encrypted_content"),),
    "file_search_call": (_Hidden("file_search_call.results", "", "results", None),),
    "web_search_call": (
        _Hidden("web_search_call.results", "", "results"),
        _Hidden("web_search_call.action.sources", "action", "sources"),
    ),
    "computer_call_output": (_Hidden("computer_call_output.output.image_url", "output", "image_url"),),
    "code_interpreter_call": (_Hidden("code_interpreter_call.outputs", "", "outputs", None),),
}


def item_shown(item: JsonObject, include: Collection[str]) -> JsonObject:
    """`item` without what is only shown to who asks for it, except what `include` names.

    Names that are not known show nothing and are not refused: the API grows, and what the real service says to them is
    unknown.
    """
    for hidden in _HIDDEN.get(str(item.get("type")), ()):
        if hidden.include in include:
            continue
        if not hidden.parent:
            item = _hide(item, hidden)
        elif item.get("type") == "message":
            content = item.get("content")
            if is_array(content) and any(_has(part, hidden) for part in content):
                item = {**item, "content": [_hide(part, hidden) if _has(part, hidden) else part for part in content]}
        elif is_object(item.get(hidden.parent)):
            item = {**item, hidden.parent: _hide(item[hidden.parent], hidden)}
    return item


def _has(part: Any, hidden: _Hidden) -> bool:
    """True for a part of a message that would be shown otherwise."""
    if not is_object(part) or part.get("type") != hidden.parent:
        return False
    return bool(part.get(hidden.member, hidden.instead) != hidden.instead)


def _hide(value: JsonObject, hidden: _Hidden) -> JsonObject:
    if hidden.member not in value:
        return value
    if hidden.instead is ...:
        return {name: member for name, member in value.items() if name != hidden.member}
    return {**value, hidden.member: hidden.instead}


def body_shown(body: JsonObject, include: Collection[str]) -> JsonObject:
    """The body of a response as it is shown: its output without what is only shown to who asks for it."""
    return {**body, "output": [item_shown(item, include) for item in body["output"]]} if body.get("output") else body


def included(query: Pairs) -> frozenset[str]:
    """What a query asks to include, in either of the two ways to write a list."""
    return frozenset(value for name, value in query if name in ("include[]", "include"))


def page(items: Sequence[JsonObject], positions: Mapping[str, int], query: Pairs, dialect: Dialect) -> JsonObject:
    """One page of `items`, as the query asks for it. `positions` has the index of each id among them.

    Of a parameter that occurs twice the last counts, and parameters that this list does not have are ignored; both are
    unknown of the real service.
    """
    asked = dict(query)
    limit = limit_in(asked.get("limit", str(DEFAULT_LIMIT)))
    order = asked.get("order", "desc")
    if order not in ("asc", "desc"):
        raise wrong_value("order", order, ("asc", "desc"))
    after = asked.get("after")
    position = None if after is None else positions.get(after)
    if after is not None and position is None and dialect.unknown_after != 200:
        raise unknown_cursor(after, dialect.unknown_after)
    chosen, has_more = _slice(items, position, limit, ascending=order == "asc")
    return listed(chosen, included(query), dialect, has_more=has_more)


def listed(
    items: Iterable[JsonObject], include: Collection[str], dialect: Dialect, *, has_more: bool = False
) -> JsonObject:
    """The envelope of a list with these items in it."""
    data = [item_shown(item, include) for item in items]
    ends = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    if not dialect.item_ids:
        data = [{**item, "id": None} for item in data]
    if not dialect.page_ends:
        return {"object": "list", "data": data}
    return {"object": "list", "data": data, "first_id": ends[0], "has_more": has_more, "last_id": ends[1]}


def _slice(
    items: Sequence[JsonObject], position: int | None, limit: int, *, ascending: bool
) -> tuple[Sequence[JsonObject], bool]:
    if ascending:
        start = 0 if position is None else position + 1
        return items[start : start + limit], start + limit < len(items)
    end = len(items) if position is None else position
    return items[max(0, end - limit) : end][::-1], end - limit > 0


def limit_in(text: str) -> int:
    """The size of a page that a query asks for, or a refusal."""
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise wrong_type("limit", "an integer", "a string")
    digits = text.lstrip("-0")
    if text.startswith("-") or not digits:
        raise below_minimum("limit", 1, text)
    if len(digits) > len(str(MAXIMUM_LIMIT)) or int(digits) > MAXIMUM_LIMIT:
        raise above_maximum("limit", MAXIMUM_LIMIT, text)
    return int(digits)
