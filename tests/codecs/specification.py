"""The specification of the API, and payloads made after its schemas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from msgspec import json

from puresponse.codecs.lossless.plain import is_object

Schema: TypeAlias = dict[str, Any]

_SPECIFICATION: dict[str, Any] = json.decode(Path(__file__).with_name("openapi-responses.json").read_bytes())

PATHS: dict[str, Any] = _SPECIFICATION["paths"]
"""What may be asked, by path."""

SCHEMAS: dict[str, Schema] = _SPECIFICATION["components"]["schemas"]
"""Every schema of the specification, by name."""

WORDS = (
    "",
    "a",
    "Ωmega",
    "tab\tand\nnewline",
    'quote " and \\',
    "nul \0",
    '{"type":"(unknown)","raw":',
    "😀",
    "type",
    "x" * 90,
)


def named(schema: Schema) -> Schema:
    """What a schema stands for, if it is a reference."""
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    return schema


def alternatives(schema: Schema) -> list[Schema]:
    """The schemas of which a value fits one: a schema that is no union is its only alternative."""
    schema = named(schema)
    options: list[Schema] = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return [inner for option in options for inner in alternatives(option)] if options else [schema]


def properties(schema: Schema) -> dict[str, list[Schema]]:
    """The properties of objects of a schema, with all that the schemas it is made of say of each."""
    schema = named(schema)
    found: dict[str, list[Schema]] = {}
    for part in schema.get("allOf", ()):
        for name, schemas in properties(part).items():
            found.setdefault(name, []).extend(schemas)
    for name, inner in schema.get("properties", {}).items():
        found.setdefault(name, []).append(inner)
    return found


def required(schema: Schema) -> set[str]:
    """The names of the properties that an object of a schema has."""
    schema = named(schema)
    return set(schema.get("required", ())).union(*(required(part) for part in schema.get("allOf", ())))


def values(schema: Schema) -> list[Any]:
    """The values that a schema enumerates, if it does, as far as it is not a union."""
    return [value for value in named(schema).get("enum", ()) if value is not None]


def enumerated(schemas: list[Schema]) -> list[str]:
    """The words that schemas enumerate, as single values or as elements of arrays."""
    found: list[str] = []
    for schema in schemas:
        for option in alternatives(schema):
            found += [value for value in values(option) if isinstance(value, str)]
            if "items" in option:
                found += enumerated([option["items"]])
    return found


def examples() -> Iterator[tuple[str, Any]]:
    """The examples of whole objects that the specification gives, with the names of their schemas."""
    for name, schema in SCHEMAS.items():
        if isinstance(schema.get("example"), dict):
            yield name, schema["example"]


class Maker:
    """Makes payloads that fit the schemas: large or small after `room`, and always the same for a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def make(self, schema: Schema, room: int, root: Schema | None = None) -> Any:
        """A payload that fits `schema`. `root` is the schema that a recursive reference means."""
        options = alternatives(schema)
        if room <= 0:
            options = [option for option in options if option.get("type") not in {"object", "array"}] or options[:1]
        option = self._random.choice(options)
        if "$recursiveRef" in option:
            assert root is not None
            return self.make(root, room, root)
        if "$recursiveAnchor" in option:
            root = option
        if properties(option):
            return self._object(option, room, root)
        return self._random.choice(option["enum"]) if "enum" in option else self._plain(option, room, root)

    def _object(self, schema: Schema, room: int, root: Schema | None) -> dict[str, Any]:
        needed = required(schema)
        made: dict[str, Any] = {}
        for name, schemas in properties(schema).items():
            if name in needed or (room > 0 and self._random.random() < 0.5):
                made[name] = self.make(schemas[-1], room - 1, root)
        return made

    def _plain(self, schema: Schema, room: int, root: Schema | None) -> Any:
        match schema.get("type"):
            case "string":
                return self.text()
            case "integer":
                return self._random.choice((0, 1, -1, 2**31, 2**64, self._random.randrange(10**6)))
            case "number":
                return self._random.choice((0, 1.0, -0.5, 1e300, 1 / 3, 2**53 + 1))
            case "boolean":
                return self._random.random() < 0.5
            case "null":
                return None
            case "array":
                least: int = schema.get("minItems", 0)
                count = max(min(least, 2), self._random.randrange(3) if room > 0 else 0)
                return [self.make(schema["items"], room - 1, root) for _ in range(count)]
            case "object":
                inner = schema.get("additionalProperties")
                count = self._random.randrange(3) if room > 0 else 0
                of: Schema = inner if is_object(inner) else {}
                return {self.text(): self.make(of, room - 1, root) for _ in range(count)}
            case None:
                return self.anything(room)
            case other:
                raise AssertionError(f"a schema of type {other!r} is new here")

    def text(self) -> str:
        """Some text."""
        return self._random.choice(WORDS)

    def anything(self, room: int = 2) -> Any:
        """Some JSON."""
        kind = self._random.randrange(7 if room > 0 else 5)
        if kind == 5:
            return [self.anything(room - 1) for _ in range(self._random.randrange(3))]
        if kind == 6:
            return {self.text(): self.anything(room - 1) for _ in range(self._random.randrange(3))}
        return (None, True, self._random.randrange(100), 0.25, self.text())[kind]

    def chance(self, likely: float) -> bool:
        """True as often as is `likely`, from 0 to 1."""
        return self._random.random() < likely
