"""From a type to the JSON Schema that the service is given, so that what the model writes decodes into the type.

Law: what fits the schema decodes. In strict mode the service sees to it that the text fits, and takes only a part of
JSON Schema: each object names all its members, requires them all, and has no others. What it does not take is left out
where decoding looks after it all the same (the length of a string, a default); where nothing would be left that says
what is wanted (a dict of any keys, a tuple of different types), the type cannot be strict.

The root must be an object. A type that is none (a list, a union) is wrapped into one with a single member, `value`.

https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct

from ...codecs.lossless.building import once, schema_of
from ...codecs.lossless.plain import is_array, is_object
from ..arguments import invalid_argument
from ..errors import InvalidArgument
from .body_bounds import check_flag

_REF = "#/$defs/"

_KEPT = frozenset(
    {
        *("type", "title", "description", "enum", "const", "properties", "items", "anyOf", "$ref"),
        *("pattern", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minItems", "maxItems"),
    }
)
"""What strict mode takes."""

_DROPPED = frozenset(
    {
        *("required", "additionalProperties", "default", "examples", "deprecated", "discriminator"),
        *("minLength", "maxLength", "minProperties", "maxProperties", "uniqueItems", "contentEncoding", "format"),
        *("$comment", "readOnly", "writeOnly"),
    }
)
"""What it does not take and can do without: it is made anew, or decoding checks it, or it only describes."""

_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"},
)
"""The formats of strings that it takes."""

_TYPES: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}

_LONGEST_NAME = 64
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class OutputSchema(Struct, frozen=True):
    """What the model is asked for: an object that fits `schema`; with `wrapped`, its `value` is what is meant."""

    schema: dict[str, Any]
    strict: bool
    wrapped: bool


class _NotStrict(Exception):
    """The part of a schema at `path` has no strict form."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{reason} (at {path})")


def output_schema(output_type: Any, *, strict: bool) -> OutputSchema | InvalidArgument:
    """Make the schema of a type."""
    invalid = check_flag("strict", strict)
    if invalid is not None:
        return invalid
    try:
        hash(output_type)
        root, components = schema_of(output_type)
    except (TypeError, NameError) as error:
        return no_schema(output_type, error)
    wrapped = _resolved(root, components).get("type") != "object"
    if wrapped:
        properties = {"value": root}
        root = {"type": "object", "properties": properties, "required": ["value"], "additionalProperties": False}
    else:
        root = _resolved(root, components)
    if strict:
        try:
            root = _strict(root, "$")
            components = {name: _strict(schema, _REF + name) for name, schema in components.items()}
        except _NotStrict as error:
            allowed = f"a type that can be strict, or `strict=False`: {error}"
            return invalid_argument("output_type", output_type, allowed)
    else:
        root = _tidy(root)
        components = {name: _tidy(schema) for name, schema in components.items()}
    needed = _needed(root, components)
    if needed:
        root["$defs"] = {name: schema for name, schema in components.items() if name in needed}
    return OutputSchema(root, strict, wrapped)


def remembered_schema(output_type: Any, *, strict: bool) -> OutputSchema | InvalidArgument:
    """The same, made once for each type. Its dict is everyone's, and not to be given away."""
    try:
        return _remembered(output_type, strict)
    except TypeError as error:
        return no_schema(output_type, error)


def _make(output_type: Any, strict: bool) -> OutputSchema | InvalidArgument:
    return output_schema(output_type, strict=strict)


_remembered = once(_make, at_most=256)
"""Bounded, so that a program that makes types as it goes does not grow for ever."""


def no_schema(output_type: Any, error: Exception) -> InvalidArgument:
    """Say that msgspec makes nothing of a type, and why."""
    reason = str(error).split("\n", 1)[0].rstrip(":")
    return invalid_argument("output_type", output_type, f"a type that msgspec makes a JSON Schema of ({reason})")


def name_of(output_type: Any) -> str:
    """A name for a type, of the characters and the length that the service takes."""
    while get_origin(output_type) is Annotated:
        output_type = get_args(output_type)[0]
    named = output_type if isinstance(output_type, type) else get_origin(output_type)
    name = named.__name__ if isinstance(named, type) and named not in {Union, UnionType} else ""
    return _NO_NAME.sub("_", name).strip("_")[:_LONGEST_NAME] or "output"


def check_name(parameter: str, value: Any) -> InvalidArgument | None:
    """A name has 1 to 64 letters, digits, underscores and dashes."""
    if value is None or (isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and not _NO_NAME.search(value)):
        return None
    return invalid_argument(parameter, value, f"1 to {_LONGEST_NAME} letters, digits, underscores and dashes, or None")


def _resolved(schema: dict[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """The schema that a reference leads to; members beside the reference override its own."""
    if "$ref" not in schema:
        return schema
    beside = {word: value for word, value in schema.items() if word != "$ref"}
    return {**components[schema["$ref"].removeprefix(_REF)], **beside}


def _strict(schema: Any, path: str) -> dict[str, Any]:
    if not is_object(schema):
        raise _NotStrict(path, "a schema that is no object says nothing")
    if "$ref" in schema and not schema.keys().isdisjoint({"description", "title"}):
        # The service takes nothing beside a reference, but anything beside a choice of one.
        schema = {word: value for word, value in schema.items() if word != "$ref"} | {
            "anyOf": [{"$ref": schema["$ref"]}]
        }
    unknown = schema.keys() - _KEPT - _DROPPED
    if unknown:
        raise _NotStrict(path, f"strict mode does not take {min(unknown)!r}")
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    strict = {word: value for word, value in schema.items() if word in _KEPT}
    if schema.get("format") in _FORMATS:
        strict["format"] = schema["format"]
    if "description" in strict:
        strict["description"] = cleandoc(strict["description"])
    if "type" not in strict and ("enum" in strict or "const" in strict):
        strict["type"] = _type_of(strict.get("enum", [strict.get("const")]), path)
    if "anyOf" in strict:
        strict["anyOf"] = [_strict(option, f"{path}.anyOf[{index}]") for index, option in enumerate(strict["anyOf"])]
    elif "type" not in strict:
        raise _NotStrict(path, "it may be anything")
    if strict.get("type") == "object":
        if "properties" not in strict:
            raise _NotStrict(path, "an object must name its members, and a dict names none")
        members: dict[str, Any] = strict["properties"]
        strict["properties"] = {name: _strict(member, f"{path}.{name}") for name, member in members.items()}
        strict["required"] = list(members)
        strict["additionalProperties"] = False
    elif strict.get("type") == "array":
        if "items" not in strict:
            raise _NotStrict(path, "a list must say what it holds")
        strict["items"] = _strict(strict["items"], f"{path}[]")
    return strict


def _type_of(values: list[Any], path: str) -> str | list[str]:
    types = list(dict.fromkeys(_TYPES.get(type(value), "object") for value in values))
    if "object" in types:
        raise _NotStrict(path, "an enumeration must be of strings, numbers, booleans and null")
    return types[0] if len(types) == 1 else types


def _tidy(schema: Any) -> Any:
    """The schema as msgspec makes it, with docstrings as they are meant."""
    if is_array(schema):
        return [_tidy(element) for element in schema]
    if not is_object(schema):
        return schema
    tidy = {
        word: _tidy(value) if word in {"items", "anyOf", "prefixItems"} else value for word, value in schema.items()
    }
    if "properties" in tidy:
        tidy["properties"] = {name: _tidy(member) for name, member in tidy["properties"].items()}
    if "description" in tidy:
        tidy["description"] = cleandoc(tidy["description"])
    return tidy


def _needed(root: Any, components: Mapping[str, Any]) -> set[str]:
    """The names of the components that `root` leads to."""
    needed: set[str] = set()
    pending = [root]
    while pending:
        found = pending.pop()
        if is_array(found):
            pending.extend(found)
        elif is_object(found):
            pending.extend(found.values())
            reference = found.get("$ref")
            name = reference.removeprefix(_REF) if isinstance(reference, str) else ""
            if name in components and name not in needed:
                needed.add(name)
                pending.append(components[name])
    return needed
