"""From a type to the JSON Schema that the service is given, so that what the model writes decodes into the type.

Law: what fits the schema decodes, as far as the type says in it what it takes; a type whose schema would not say so is
refused, in whole sentences: which member is in the way, what is the matter with it, and what to do.

The root must be an object. A type that is none (a list, a union) is wrapped into one with a single member, `value`.

https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct

from ...codecs.lossless.building import once
from ...codecs.lossless.described import Unread, described, place, unread_member
from ...codecs.lossless.plain import is_array, is_object
from ...codecs.lossless.self_reading import is_value_of_model, own_schema, raised, reads_itself
from ..arguments import invalid_argument
from ..errors import InvalidArgument
from .body_bounds import check_flag
from .strict_schema import REF, NotStrict, strict_schema

_LONGEST_NAME = 64
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class OutputSchema(Struct, frozen=True):
    """What the model is asked for: an object that fits `schema`; with `wrapped`, its `value` is what is meant."""

    schema: dict[str, Any]
    strict: bool
    wrapped: bool


def output_schema(output_type: Any, *, strict: bool) -> OutputSchema | InvalidArgument:
    """Make the schema of a type."""
    invalid = check_flag("strict", strict)
    if invalid is not None:
        return invalid
    try:
        hash(output_type)
        root, components = _own(output_type) if reads_itself(output_type) else described(output_type)
        whole = _resolved(root, components)
        wrapped = whole.get("type") != "object"
        schema, needed = (strict_schema if strict else _tidied)(root if wrapped else whole, components)
    except NotStrict as error:
        return invalid_argument("output_type", output_type, f"a type that can be strict. {error}")
    except Exception as error:  # msgspec's for a type that it does not know, or whatever a model raises or gives
        return no_schema(output_type, error)
    if wrapped:
        properties = {"value": schema}
        schema = {"type": "object", "properties": properties, "required": ["value"], "additionalProperties": False}
    return OutputSchema({**schema, "$defs": needed} if needed else schema, strict, wrapped)


def _own(output_type: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema that a model gives of itself, and those that it refers to."""
    given: Any = own_schema(output_type)
    if not is_object(given):
        raise TypeError(f"its schema is {given!r}, and no object")
    components: Any = given.get("$defs", {})
    root = {word: value for word, value in given.items() if word != "$defs"}
    return root, components if is_object(components) else {}


class _Refused(Exception):
    """A model that was refused: what it lacks may be defined later, so that this is not remembered."""

    def __init__(self, error: InvalidArgument) -> None:
        super().__init__(str(error))
        self.error = error


def remembered_schema(output_type: Any, *, strict: bool) -> OutputSchema | InvalidArgument:
    """The same, made once for each type. Its dict is everyone's, and not to be given away."""
    try:
        return _remembered(output_type, strict)
    except _Refused as refused:
        return refused.error
    except TypeError as error:
        return no_schema(output_type, error)


def _make(output_type: Any, strict: bool) -> OutputSchema | InvalidArgument:
    return output_schema(output_type, strict=strict)


_built = once(_make, at_most=256)
"""Bounded, so that a program that makes types as it goes does not grow for ever."""


def _find(output_type: Any, strict: bool) -> OutputSchema | InvalidArgument:
    """A model runs code of the caller's to make its schema: no lock is held meanwhile."""
    if not reads_itself(output_type):
        return _built(output_type, strict)
    made = output_schema(output_type, strict=strict)
    if isinstance(made, InvalidArgument):
        raise _Refused(made)
    return made


_remembered = lru_cache(256)(_find)


def no_schema(output_type: Any, error: Exception) -> InvalidArgument:
    """Say why nothing can be made of a type, and what to do."""
    allowed = "a type that msgspec reads (a struct, a dataclass, a TypedDict, a list, …), or a pydantic model"
    return invalid_argument("output_type", output_type, f"{allowed}. {_matter_with(output_type, error)}.")


def _matter_with(output_type: Any, error: Exception) -> str:
    if isinstance(error, Unread):
        return str(error)
    if is_value_of_model(output_type):
        return f"This is a value of the model `{type(output_type).__name__}`: pass the model itself"
    if reads_itself(output_type):
        return (
            f"Its schema cannot be made ({raised(error)}): declare a type that JSON can hold for the member in question"
        )
    reason = str(error).partition("\n")[0].rstrip(":.")
    return f"{place(unread_member(output_type))} cannot be read by msgspec: {reason}"


def name_of(output_type: Any, schema: Mapping[str, Any]) -> str:
    """A name for a type, of the characters and the length that the service takes: its own, or that of its schema."""
    while get_origin(output_type) is Annotated:
        output_type = get_args(output_type)[0]
    named = output_type if isinstance(output_type, type) else get_origin(output_type)
    name = named.__name__ if isinstance(named, type) and named not in {Union, UnionType} else ""
    if reads_itself(output_type) and not name:
        name = str(schema.get("title", ""))
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
    return {**components[schema["$ref"].removeprefix(REF)], **beside}


def _tidied(root: Any, components: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    needed = _needed(root, components)
    return _tidy(root), {name: _tidy(schema) for name, schema in components.items() if name in needed}


def _tidy(schema: Any) -> Any:
    """The schema as it was made, with docstrings as they are meant."""
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
            name = reference.removeprefix(REF) if isinstance(reference, str) else ""
            if name in components and name not in needed:
                needed.add(name)
                pending.append(components[name])
    return needed
