"""The table of what the service in memory takes is what the script makes, and knows every name of the wire structs.

`tests/drift` compares it with the official client.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
import write_item_table
import write_request_table as script
from msgspec import Struct
from msgspec.structs import fields

from puresponse.codecs import CompactRequest, CreateResponse, TokenCountRequest, Unknown
from puresponse.transports.memory.validation.request_table import Node, request_table

TABLE = request_table()

NOT_TAKEN = {
    # Of no kind that the service's own words for parts of messages name.
    "input[].content[]: text",
    "input[].content[]: reasoning_text",
    # The structs have one union for all parts; those of outputs are fewer.
    "input[].output[]: input_audio",
    # A container of the tool; in a call it is a reference to one.
    "input[].environment: container_auto",
}
"""What the structs can read and no request may say."""


def test_the_tables_are_what_the_scripts_make_of_the_specification() -> None:
    assert script.TABLE.read_bytes() == script.request_table(script.SPECIFICATION.read_bytes())
    assert write_item_table.TABLE.read_bytes() == write_item_table.item_table(script.SPECIFICATION.read_bytes())


@pytest.mark.parametrize(
    ("body", "struct"), [("create", CreateResponse), ("compact", CompactRequest), ("count", TokenCountRequest)]
)
def test_every_name_of_the_wire_structs_is_known(body: str, struct: type[Struct]) -> None:
    assert {*unknown(struct, TABLE[body], "", set())} - NOT_TAKEN == set()


def unknown(annotation: Any, node: Node, where: str, seen: set[type]) -> Iterator[str]:
    """The names and types that a struct has and a schema has not."""
    members = members_of(node)
    for each in flat(annotation):
        if get_origin(each) is tuple:
            for member in members:
                if member.get("type") == "array":
                    yield from unknown(get_args(each)[0], member["items"], f"{where}[]", seen)
        elif isinstance(each, type) and issubclass(each, Struct) and each is not Unknown:
            yield from unknown_to(each, members, where, seen)


def unknown_to(struct: type[Struct], members: list[Node], where: str, seen: set[type]) -> Iterator[str]:
    tag = struct.__struct_config__.tag
    fitting = [each for each in members if each.get("type") == "object" and (tag is None or tag in tags_of(each))]
    if not fitting:
        yield f"{where}: {tag}"
        return
    if struct in seen or not all("properties" in each for each in fitting):
        return
    seen.add(struct)
    for field in fields(struct):
        known = [each["properties"][field.encode_name] for each in fitting if field.encode_name in each["properties"]]
        if known:
            yield from unknown(field.type, {"anyOf": known}, f"{where}.{field.encode_name}".lstrip("."), seen)
        elif field.encode_name != "(unknown fields)":
            yield f"{where}.{field.encode_name}"


def members_of(node: Node) -> list[Node]:
    if "$ref" in node:
        return members_of(TABLE[node["$ref"]])
    return [each for member in node["anyOf"] for each in members_of(member)] if "anyOf" in node else [node]


def tags_of(node: Node) -> list[str]:
    found: list[str] = node.get("properties", {}).get("type", {}).get("enum", [])
    return found


def flat(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return flat(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [each for member in get_args(annotation) for each in flat(member)]
    return [annotation]
