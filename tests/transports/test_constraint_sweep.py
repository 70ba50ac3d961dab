"""Every constraint of the table is broken once, in a body that is right but for that: the refusal names the place.

The bodies are made of the table: of each schema, what it requires and no more. A broken body that is valid by another
member of a union is no mistake; `jsonschema` says so, not the reader that is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

import pytest
from msgspec import json
from request_examples import example

from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.core import HttpRequest
from puresponse.transports.memory.service import State, StoredConversation, respond
from puresponse.transports.memory.validation.constraints import JSON_TYPES, Reader
from puresponse.transports.memory.validation.refused_values import refusal_of
from puresponse.transports.memory.validation.request_table import Node, request_table

Validator: Any = import_module("jsonschema").Draft202012Validator

TABLE = request_table()
READER = Reader(TABLE)
PATHS = {
    "create": "/responses",
    "compact": "/responses/compact",
    "count": "/responses/input_tokens",
    "conversation": "/conversations",
    "update": "/conversations/conv_1",
    "items": "/conversations/conv_1/items",
}
STATE = State().having_conversation(StoredConversation({"id": "conv_1"}))
ONE_OF_EACH: dict[str, Any] = {"null": None, "boolean": True, "number": 1.5, "string": "s", "object": {}, "array": []}
SENT = 100_000
"""Characters of the longest string that is sent; what is longer goes to the reader alone, and fills no JSON."""

Wrap: TypeAlias = Callable[[Any], Any]


class Broken(NamedTuple):
    """A body with one mistake: where it is, and the code of the refusal."""

    where: str
    code: str
    body: Any


def broken(node: Node, where: str, wrap: Wrap, seen: set[str]) -> Iterator[Broken]:
    """Every mistake that can be made in a schema, at the place `where` of the body that `wrap` makes of a value."""
    nullable, members = meant(node)
    kinds = {member.get("type", "any") for member in members}
    if "any" in kinds:
        return
    if "number" in kinds or "integer" in kinds:
        kinds.add("number")
    for kind, value in ONE_OF_EACH.items():
        if kind not in kinds and not (kind == "null" and nullable):
            yield Broken(where, "invalid_type", wrap(value))
    if kinds >= {"integer"}:
        yield Broken(where, "invalid_type", wrap(1.5)) if "number" not in {m["type"] for m in members} else NOTHING
    if "byType" in union_of(node):
        yield Broken(f"{where}.type", "invalid_value", wrap({"type": "nonsense"}))
        yield Broken(f"{where}.type", "invalid_type", wrap({"type": 5}))
        if "untyped" not in union_of(node):
            yield Broken(f"{where}.type", "missing_required_parameter", wrap({}))
    for member in members:
        yield from broken_member(member, where, wrap, seen, alone=len(members) == 1)


NOTHING = Broken("", "", None)


def broken_member(node: Node, where: str, wrap: Wrap, seen: set[str], *, alone: bool) -> Iterator[Broken]:
    kind: str = node["type"]
    match kind:
        case "string":
            yield from broken_strings(node, where, wrap)
        case "array":
            for bound, size, code in (("minItems", -1, "empty_array"), ("maxItems", 1, "array_above_max_length")):
                if bound in node:
                    yield Broken(where, code, wrap([example(node["items"])] * (node[bound] + size)))
            count = max(1, node.get("minItems", 1))
            rest = [example(node["items"])] * (count - 1)
            yield from broken(node["items"], f"{where}[0]", lambda value: wrap([value, *rest]), seen)
        case "object":
            yield from broken_objects(node, where, wrap, seen, alone=alone)
        case _:
            word = "integer" if node["type"] == "integer" else "decimal"
            if "minimum" in node:
                yield Broken(where, f"{word}_below_min_value", wrap(node["minimum"] - 1))
            if "maximum" in node:
                yield Broken(where, f"{word}_above_max_value", wrap(node["maximum"] + 1))


def broken_strings(node: Node, where: str, wrap: Wrap) -> Iterator[Broken]:
    if "enum" in node:
        yield Broken(where, "invalid_value", wrap("nonsense"))
    if "minLength" in node:
        yield Broken(where, "empty_string", wrap(""))
    if "maxLength" in node:
        yield Broken(where, "string_above_max_length", wrap("x" * (node["maxLength"] + 1)))
    if "pattern" in node:
        yield Broken(where, "invalid_value", wrap("?"))


def broken_objects(node: Node, where: str, wrap: Wrap, seen: set[str], *, alone: bool) -> Iterator[Broken]:
    right = example(node)
    if not alone and "type" in node.get("properties", {}):
        right["type"] = node["properties"]["type"]["enum"][0]
    inside = f"{where}." if where else ""
    identity = json.encode(node).decode()
    if identity in seen:
        return
    seen.add(identity)
    others = node.get("additionalProperties", False)
    if others is False:
        yield Broken(f"{inside}nonsense", "unknown_parameter", wrap({**right, "nonsense": 1}))
    for name in node.get("required", ()):
        # What has no type is of another member of its union, and then of that one something is missing.
        if name != "type" or alone:
            less = {key: value for key, value in right.items() if key != name}
            yield Broken(f"{inside}{name}", "missing_required_parameter", wrap(less))
    for name, schema in node.get("properties", {}).items():
        if name != "type" or alone:
            yield from broken(schema, f"{inside}{name}", wrapping(wrap, right, name), seen)
    if is_object(others):
        yield from broken(others, f"{inside}k", lambda value: wrap({"k": value}), seen)
    if "maxProperties" in node:
        many = {f"k{number}": "s" for number in range(node["maxProperties"] + 1)}
        yield Broken(where, "object_above_max_properties", wrap(many))
        yield Broken(where, "string_above_max_length", wrap({"k" * (node["propertyNames"]["maxLength"] + 1): "s"}))


def wrapping(wrap: Wrap, right: dict[str, Any], name: str) -> Wrap:
    return lambda value: wrap({**right, name: value})


def meant(node: Node) -> tuple[bool, list[Node]]:
    """Whether a schema takes null, and the members of which it is a union: itself, if it is none."""
    nullable = node.get("nullable", False)
    if "$ref" in node:
        inner, members = meant(TABLE[node["$ref"]])
        return nullable or inner, members
    if "anyOf" not in node:
        return nullable, [node]
    found = [meant(member) for member in node["anyOf"]]
    return nullable or any(inner for inner, _ in found), [member for _, members in found for member in members]


def union_of(node: Node) -> Node:
    return TABLE[node["$ref"]] if "$ref" in node else node


def mistakes(body: str) -> list[Broken]:
    node = TABLE[body]
    # What the endpoint itself asks for is given.
    given = {"create": {"model": "m", "input": "x"}, "compact": {"model": "m", "input": "x"}}.get(body, {})
    right = {**example(node), **given}
    seen: set[str] = set()
    made: list[Broken] = []
    for name, schema in node["properties"].items():
        made += broken(schema, name, wrapping(lambda value: value, right, name), seen)
    made.append(Broken("nonsense", "unknown_parameter", {**right, "nonsense": 1}))
    for name in node.get("required", ()):
        made.append(Broken(name, "missing_required_parameter", {k: v for k, v in right.items() if k != name}))
    return [each for each in made if each is not NOTHING]


def refused(body: str, mistake: Broken) -> dict[str, Any] | None:
    """The error that the service answers; None if it takes the body."""
    if longest(mistake.body) > SENT:
        violation = READER.first_violation(body, mistake.body)
        return None if violation is None else refusal_of(violation, READER).envelope()["error"]
    request = HttpRequest("POST", PATHS[body], body=json.encode(mistake.body))
    _, response = respond(STATE, request, 1_750_000_000.0)
    found: dict[str, Any] | None = json.decode(response.body).get("error") if response.body[:1] == b"{" else None
    return found


def longest(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    inner: list[Any] = [*value.values()] if is_object(value) else value if is_array(value) else []
    return max(map(longest, inner), default=0)


def is_valid(body: str, value: Any) -> bool:
    """Whether a value follows the table, as `jsonschema` reads it."""
    definitions = {name: as_json_schema(node) for name, node in TABLE.items()}
    schema = {"$ref": f"#/$defs/{body}", "$defs": definitions}
    return bool(Validator(schema).is_valid(value))


def as_json_schema(node: Any) -> Any:
    """A schema of the table in the words of JSON Schema alone."""
    if is_array(node):
        return [as_json_schema(each) for each in node]
    if not is_object(node):
        return node
    made: dict[str, Any] = {
        key: as_json_schema(value) for key, value in node.items() if key not in ("byType", "untyped", "nullable")
    }
    if "$ref" in made:
        made["$ref"] = f"#/$defs/{made['$ref']}"
    if made.get("type") == "object" and is_object(made.get("properties", {})):
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


@pytest.mark.parametrize(
    ("body", "least"),
    [("create", 1900), ("compact", 1500), ("count", 1900), ("conversation", 1500), ("update", 5), ("items", 1500)],
)
def test_every_constraint_that_is_broken_is_refused_with_the_place(body: str, least: int) -> None:
    made = mistakes(body)
    wrong: list[str] = []
    for mistake in made:
        error = refused(body, mistake)
        if error is None:
            if not is_valid(body, mistake.body):
                wrong.append(f"{mistake.where}: {mistake.code} is taken")
        elif (error["param"], error["code"]) != (mistake.where, mistake.code):
            wrong.append(f"{mistake.where}: {mistake.code}, got {error['param']}: {error['code']}")
        elif error["type"] != "invalid_request_error" or len(error["message"]) < len(mistake.where):
            wrong.append(f"{mistake.where}: {error}")
    print(body, len(made))
    assert wrong == []
    assert len(made) >= least


def test_the_reader_knows_every_json_type() -> None:
    assert {type(value) for value in ONE_OF_EACH.values()} - {type(None)} <= {
        each for types in JSON_TYPES.values() for each in types
    }
