"""Which constraint of the table a value breaks first.

Law: total and pure. Of an object, what is given is read before what is missing, and what is missing before names that
are unknown; of a union, the member that the value's JSON type and its `type` name is meant, and if several are, the
one that it follows farthest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from ....codecs.lossless.plain import JsonObject, is_object
from .request_table import Node

Constraint: TypeAlias = Literal[
    "type",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "maxProperties",
    "propertyNames",
    "required",
    "additionalProperties",
]


class Violation(Struct):
    """A constraint that is broken: where, which, by what value, and the schema that has it.

    `path` has the names and indices that lead there, the last one first.
    """

    path: list[str | int]
    constraint: Constraint
    given: Any
    node: Node

    @property
    def where(self) -> str:
        """The place as the service writes it: `input[0].content[1].type`."""
        written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in reversed(self.path))
        return written.removeprefix(".")


class Reader(Struct, frozen=True):
    """Reads values by the schemas of a table.

    Where `names_pass`, names that no schema has are let through; where `types_pass`, objects whose `type` no member of
    a union has.
    """

    table: Mapping[str, Node]
    names_pass: bool = False
    types_pass: bool = False

    def first_violation(self, name: str, value: Any) -> Violation | None:
        """The first constraint of the schema `name` that `value` breaks, None if it breaks none."""
        return self._read(self.table[name], value)

    def _read(self, node: Node, value: Any) -> Violation | None:
        kind = node.get("type")
        if kind is None:
            return self._read_reference(node, value)
        if type(value) not in JSON_TYPES[kind]:
            return None if value is None and node.get("nullable") else Violation([], "type", value, node)
        # Most of what is read is a string or a number of which nothing else is asked.
        if len(node) == 1:
            return None
        if kind == "object":
            return self._read_object(node, value)
        if kind == "string":
            return _read_string(node, value)
        if kind == "array":
            return self._read_array(node, value)
        return None if kind == "boolean" else _read_number(node, value)

    def _read_reference(self, node: Node, value: Any) -> Violation | None:
        """Read a value by a schema that refers to others, or by one that takes any value."""
        if value is None and node.get("nullable"):
            return None
        name = node.get("$ref")
        if name is not None:
            return self._read(self.table[name], value)
        return self._read_any(node, value) if "anyOf" in node else None

    def _read_object(self, node: Node, value: JsonObject) -> Violation | None:
        properties = node.get("properties", {})
        others = node.get("additionalProperties", False)
        unknown = None
        for name, member in value.items():
            schema: Node | None = properties.get(name)
            if schema is None:
                if others is False and unknown is None:
                    unknown = name
                if not is_object(others):
                    continue
                schema = others
            found = self._read(schema, member)
            if found is not None:
                found.path.append(name)
                return found
        for name in node.get("required", ()):
            if name not in value:
                return Violation([name], "required", None, node)
        if unknown is not None and not self.names_pass:
            return Violation([unknown], "additionalProperties", value[unknown], node)
        return _read_names(node, value) if "maxProperties" in node else None

    def _read_array(self, node: Node, value: list[Any]) -> Violation | None:
        if len(value) < node.get("minItems", 0):
            return Violation([], "minItems", value, node)
        if len(value) > node.get("maxItems", len(value)):
            return Violation([], "maxItems", value, node)
        items = node["items"]
        for index, item in enumerate(value):
            found = self._read(items, item)
            if found is not None:
                found.path.append(index)
                return found
        return None

    def _read_any(self, node: Node, value: Any) -> Violation | None:
        members: list[Node] = node["anyOf"]
        fitting: list[Node]
        if not is_object(value):
            fitting = [each for each in members if type(value) in JSON_TYPES[self.type_of(each)]]
        elif "byType" in node and "type" in value and not (value["type"] is None and "untyped" in node):
            tag: Any = value["type"]
            if not isinstance(tag, str):
                return Violation(["type"], "type", tag, {"type": "string"})
            if tag not in node["byType"]:
                if self.types_pass:
                    return None
                return Violation(["type"], "enum", tag, {"type": "string", "enum": [*node["byType"]]})
            places: list[int] = node["byType"][tag]
            if len(places) == 1:
                return self._read(members[places[0]], value)
            fitting = [members[place] for place in places]
        elif "byType" in node or "untyped" in node:
            fitting = [members[place] for place in node.get("untyped", ())]
            if not fitting:
                return Violation(["type"], "required", None, node)
        else:
            fitting = []
        if not fitting:
            return Violation([], "type", value, node)
        farthest: Violation | None = None
        for member in fitting:
            found = self._read(member, value)
            if found is None:
                return None
            if farthest is None or _depth(found) > _depth(farthest):
                farthest = found
        return farthest

    def type_of(self, node: Node) -> str:
        """The JSON type of a schema that is no union."""
        found: str = self.table[node["$ref"]]["type"] if "$ref" in node else node["type"]
        return found


JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
"""The Python types of decoded JSON, by JSON Schema's names. True is no integer."""


def _depth(violation: Violation) -> tuple[int, bool]:
    """How far a value follows a schema: it is one of a few sooner with a name too many than without one it needs."""
    return len(violation.path), violation.constraint != "required"


def _read_string(node: Node, value: str) -> Violation | None:
    if "enum" in node and value not in node["enum"]:
        return Violation([], "enum", value, node)
    if "minLength" in node and len(value) < node["minLength"]:
        return Violation([], "minLength", value, node)
    if "maxLength" in node and len(value) > node["maxLength"]:
        return Violation([], "maxLength", value, node)
    if "pattern" in node and re.search(node["pattern"], value) is None:
        return Violation([], "pattern", value, node)
    return None


def _read_number(node: Node, value: float) -> Violation | None:
    if "minimum" in node and value < node["minimum"]:
        return Violation([], "minimum", value, node)
    if "maximum" in node and value > node["maximum"]:
        return Violation([], "maximum", value, node)
    return None


def _read_names(node: Node, value: JsonObject) -> Violation | None:
    if len(value) > node["maxProperties"]:
        return Violation([], "maxProperties", value, node)
    longest = node["propertyNames"]["maxLength"]
    for name in value:
        if len(name) > longest:
            return Violation([], "propertyNames", name, node)
    return None
