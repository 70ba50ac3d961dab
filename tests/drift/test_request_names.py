"""The service in memory takes all that the official client that is installed names. Run by `tests/run drift` alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

import pytest
from openai.types.conversations import conversation_create_params, conversation_update_params, item_create_params
from openai.types.responses import input_token_count_params, response_compact_params, response_create_params
from typing_extensions import is_typeddict

from puresponse.transports.memory.validation.request_table import Node, request_table

pytestmark = pytest.mark.drift

TABLE = request_table()

CLIENT: dict[str, Any] = {
    "create": response_create_params.ResponseCreateParamsStreaming,
    "compact": response_compact_params.ResponseCompactParams,
    "count": input_token_count_params.InputTokenCountParams,
    "conversation": conversation_create_params.ConversationCreateParams,
    "update": conversation_update_params.ConversationUpdateParams,
    "items": item_create_params.ItemCreateParams,
}
"""What the official client takes for each body. It sends `include` of new items in the query."""

IN_THE_QUERY = {"items.include"}


@pytest.mark.parametrize("body", CLIENT)
def test_all_that_the_official_client_names_is_known(body: str) -> None:
    assert sorted({*unknown(CLIENT[body], TABLE[body], body, set())} - IN_THE_QUERY) == []


def unknown(annotation: Any, node: Node, where: str, seen: set[Any]) -> Iterator[str]:
    """What an annotation of the client's allows and a schema does not: the places, and what is not known there."""
    nullable, members = meant(node)
    for each in flat(annotation):
        origin, arguments = get_origin(each), get_args(each)
        fitting = [member for member in members if "type" not in member or json_type(each) in (None, member["type"])]
        if each is NoneType:
            if not nullable:
                yield f"{where}: null"
        elif not fitting:
            yield f"{where}: {json_type(each)}"
        elif origin is Literal:
            for value in arguments:
                if not any(value in member.get("enum", (value,)) for member in fitting):
                    yield f"{where}: {value!r}"
        elif is_typeddict(each):
            yield from unknown_names(each, fitting, where, seen)
        elif origin is not None and json_type(each) == "array":
            for member in fitting:
                yield from unknown(arguments[0], member["items"], f"{where}[]", seen)
        elif each is str and not any("enum" not in member for member in fitting):
            yield f"{where}: any string"


def unknown_names(each: Any, fitting: list[Node], where: str, seen: set[Any]) -> Iterator[str]:
    hints = get_type_hints(each, include_extras=True)
    tags = {tag for tag in tags_of(hints.get("type")) if tag is not None} or {None}
    for tag in tags:
        named = [member for member in fitting if tag is None or tag in enum_of(member)]
        if not named:
            yield f"{where}: type {tag!r}"
            continue
        known: dict[str, list[Node]] = {}
        open_ = False
        for member in named:
            open_ = open_ or "properties" not in member
            for name, schema in member.get("properties", {}).items():
                known.setdefault(name, []).append(schema)
        for name, hint in hints.items():
            if name not in known and not open_:
                yield f"{where}.{name}"
            elif name in known and name != "type" and (each, name) not in seen:
                seen.add((each, name))
                yield from unknown(hint, {"anyOf": known[name]}, f"{where}.{name}", seen)


def meant(node: Node) -> tuple[bool, list[Node]]:
    """Whether a schema takes null, and its members: one that is no union is its own."""
    nullable = node.get("nullable", False)
    if "$ref" in node:
        inner, members = meant(TABLE[node["$ref"]])
        return nullable or inner, members
    if "anyOf" not in node:
        return nullable, [node]
    found = [meant(member) for member in node["anyOf"]]
    return nullable or any(inner for inner, _ in found), [member for _, members in found for member in members]


def flat(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Required, NotRequired, Annotated):
        return flat(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [each for member in get_args(annotation) for each in flat(member)]
    return [annotation]


def tags_of(annotation: Any) -> list[Any]:
    literals = (each for each in flat(annotation) if get_origin(each) is Literal)
    return [value for each in literals for value in get_args(each)]


def enum_of(node: Node) -> list[str]:
    found: list[str] = node.get("properties", {}).get("type", {}).get("enum", [])
    return found


def json_type(annotation: Any) -> str | None:
    """The JSON type of what an annotation allows, None for any."""
    origin = get_origin(annotation) or annotation
    if origin is Literal:
        return json_type(type(get_args(annotation)[0]))
    if origin is str:
        return "string"
    if is_typeddict(origin) or origin is dict:
        return "object"
    if isinstance(origin, type) and issubclass(origin, Sequence | Iterable):
        return "array"
    numbers: dict[Any, str] = {int: "integer", float: "number", bool: "boolean"}
    return numbers.get(origin)
