"""A JSON Schema in the form that strict mode takes.

Law: what fits the strict form is decoded. Each object names all its members, requires them all, and has no others.
What strict mode does not take is left out where decoding looks after it all the same (the length of a string, a
default). Where nothing would be left that says what is wanted (a dict of any keys, a tuple of different types), there
is no strict form, and the reason says which member is in the way.

It is the form that the official client sends of a pydantic model, less what the service refuses.

https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from ...codecs.lossless.described import place
from ...codecs.lossless.plain import is_array, is_object

REF = "#/$defs/"

_KEPT = frozenset(
    {
        *("type", "title", "description", "enum", "const", "properties", "items", "anyOf", "$ref", "format"),
        *("pattern", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minItems", "maxItems"),
    }
)
"""What strict mode takes."""

_DROPPED = frozenset(
    {
        *("required", "additionalProperties", "default", "examples", "deprecated", "discriminator"),
        *("minLength", "maxLength", "minProperties", "maxProperties", "uniqueItems"),
        *("contentEncoding", "contentMediaType", "contentSchema"),
        *("$comment", "readOnly", "writeOnly"),
    }
)
"""What it does not take and can do without: it is made anew, or decoding checks it, or it only describes."""

_FORMATS: dict[Any, str] = {
    **{name: name for name in ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")},
    **{f"uuid{version}": "uuid" for version in range(1, 9)},
}
"""The formats of strings that it takes, and those that are of a kind with one of them."""

_LOOKAROUND = re.compile(r"(?<!\\)(?:\\\\)*\(\?<?[=!]")
"""What a pattern must not have: the service refuses it, or fails."""

_TYPES: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}


class NotStrict(Exception):
    """A member of a schema has no strict form. The message is two sentences: what it is, and what to do."""

    def __init__(self, path: str, what: str, instead: str) -> None:
        super().__init__(f"{place(path)} {what}. {instead}, or pass `strict=False`.")


def strict_schema(root: Mapping[str, Any], components: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the strict form of a schema, and of those of `components` that it refers to. Raises `NotStrict`."""
    making = _Making(components)
    return making.schema(root, "$"), making.made


class _Making:
    """Makes one strict schema, and each that it refers to once."""

    __slots__ = ("_components", "_inside", "made")

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components
        self._inside: list[str] = []
        self.made: dict[str, Any] = {}

    def schema(self, given: Any, path: str) -> dict[str, Any]:
        if not is_object(given):
            raise NotStrict(path, f"has {given!r} for a schema, which says of no value what it is", "Give it a type")
        schema = _plain(given)
        _check(schema, path)
        words = {word: value for word, value in schema.items() if word in _KEPT}
        if "$ref" in words:
            return self._reference(words, path)
        types = words["type"] if is_array(words.get("type")) else [words.get("type")]
        if "object" in types:
            members: dict[str, Any] = words["properties"]
            words["properties"] = {name: self.schema(member, f"{path}.{name}") for name, member in members.items()}
            words["required"] = list(members)
            words["additionalProperties"] = False
        if "array" in types:
            words["items"] = self.schema(words["items"], f"{path}[]")
        if "anyOf" in words:
            words["anyOf"] = [self.schema(option, path) for option in words["anyOf"]]
        return words

    def _reference(self, words: dict[str, Any], path: str) -> dict[str, Any]:
        """A reference has nothing beside it: what it leads to takes its place, as in the official client.

        Where that would go round in a circle, it remains, as a choice of one, beside which anything may be.
        """
        name = words.pop("$ref").removeprefix(REF)
        if name not in self._components:
            raise NotStrict(path, f"refers to {name!r}, which its schema does not define", "Define it in `$defs`")
        if words and name not in self._inside:
            self._inside.append(name)
            made = self.schema({**self._components[name], **words}, path)
            self._inside.pop()
            return made
        if name not in self.made:
            self.made[name] = {}  # what it leads to may refer to it
            self.made[name] = self.schema(self._components[name], path)
        reference = {"$ref": REF + name}
        return {**words, "anyOf": [reference]} if words else reference


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema in fewer words: those that strict mode takes, where there are such."""
    plain = dict(schema)
    whole = plain.get("allOf")
    if is_array(whole) and len(whole) == 1 and is_object(whole[0]):
        plain |= plain.pop("allOf")[0]
    if "oneOf" in plain and plain.keys().isdisjoint({"anyOf", "type"}):
        plain["anyOf"] = plain.pop("oneOf")
    if "format" in plain:
        plain["format"] = _FORMATS.get(plain["format"])
        if plain["format"] is None:
            del plain["format"]
    if "pattern" in plain and _LOOKAROUND.search(plain["pattern"]):
        del plain["pattern"]
    if "description" in plain:
        plain["description"] = cleandoc(plain["description"])
    values = plain.get("enum", [plain["const"]] if "const" in plain else None)
    if "type" not in plain and is_array(values):
        types = list(dict.fromkeys(_TYPES.get(type(value), "object") for value in values))
        plain["type"] = types[0] if len(types) == 1 else types
    return plain


def _check(schema: dict[str, Any], path: str) -> None:
    """Raise `NotStrict` for what cannot be left out, and has no other form."""
    types = schema["type"] if is_array(schema.get("type")) else [schema.get("type")]
    if "object" in types and ("enum" in schema or "const" in schema):
        what = "is an enumeration of values that are not all strings, numbers, booleans or null"
        raise NotStrict(path, what, "Declare an enumeration of such values")
    if "object" in types and "properties" not in schema:
        what = "is an object of any keys (a dict), and in strict mode an object names its members"
        raise NotStrict(path, what, "Declare a type with a field for each, or a list of a type with a key and a value")
    if "prefixItems" in schema:
        what = "is an array with a type for each place (a tuple), and in strict mode all elements have one type"
        raise NotStrict(path, what, "Declare a type with a field for each place")
    if "array" in types and "items" not in schema:
        raise NotStrict(path, "is an array of anything", "Say what it holds, as `list[str]` does")
    unknown = schema.keys() - _KEPT - _DROPPED
    if unknown:
        what = f"has the JSON Schema keyword `{min(unknown)}`, which strict mode does not take"
        raise NotStrict(path, what, "Declare a type without it")
    if schema.keys().isdisjoint({"type", "anyOf", "$ref"}):
        raise NotStrict(path, "may be anything, and in strict mode everything has a type", "Give it one")
