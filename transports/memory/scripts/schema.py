"""The JSON Schema of scripts and fault plans, and what it says of a value that does not follow it.

Law: `schema.json` is the one description of both files. They are read by it, `puresponse serve --schema` prints it, and
whatever a validator of draft 2020-12 accepts, with `format` asserted, is accepted here, and nothing else.

Of JSON Schema this reads what the file has. Members of a union differ in their JSON type, or in their `fault`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeAlias, TypeVar

from msgspec import json

from ....codecs.lossless.building import converted
from ....codecs.lossless.errors import NESTED, REFUSALS, explained
from ....codecs.lossless.plain import JsonObject, is_array, is_object
from .when import check_pattern, shortened

T = TypeVar("T")
Schema: TypeAlias = JsonObject | bool


@cache
def script_schema() -> JsonObject:
    """The JSON Schema of what `puresponse serve` reads: of scripts, as `#/$defs/Script`, and of fault plans."""
    schema: JsonObject = json.decode(schema_text())
    return schema


def schema_text() -> bytes:
    """The JSON Schema as it is written."""
    # What loads the packages can read their files, out of a zip archive too.
    from pkgutil import get_data

    return get_data(__name__.rpartition(".")[0], "schema.json") or b"{}"


def loaded(data: bytes | str, name: str, make: Callable[[JsonObject], T]) -> T:
    """Make a value of JSON that follows the definition `name`. Raises `ValueError`, with the place of a mistake."""
    try:
        return make(_read(data, name))
    except RecursionError:
        # It could just be read, but not be shown or written.
        raise ValueError(f"not JSON: {NESTED}") from None


def _read(data: bytes | str, name: str) -> JsonObject:
    try:
        value = json.decode(data)
    except (*REFUSALS, UnicodeEncodeError) as error:
        path, reason = explained(error, data)
        raise ValueError(f"not JSON: {reason}" if path == "$" else f"{path}: {reason}") from None
    if name == "Script" and is_array(value):
        # Both forms are one, and places are written alike.
        value = {"replies": value}
    for mistake in _mistakes({"$ref": f"#/$defs/{name}"}, value, ""):
        raise ValueError(mistake)
    checked: JsonObject = value
    return checked


def as_struct(value: Any, kind: type[T]) -> T:
    """Make a struct of a value that the schema has checked."""
    made: T = converted(whole(value), kind)
    return made


def whole(value: Any) -> Any:
    """A value in which numbers without a fraction are integers, as JSON Schema has it."""
    if is_object(value):
        return {name: whole(member) for name, member in value.items()}
    if is_array(value):
        return [whole(element) for element in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _mistakes(schema: Schema, value: Any, place: str) -> Iterator[str]:
    """What is amiss in `value`, which is in this place, in the order in which it is written."""
    if schema is True:
        return
    if schema is False:
        yield _at(place, "is not allowed here")
        return
    if "$ref" in schema:
        yield from _mistakes(_resolved(schema), value, place)
    if "anyOf" in schema:
        yield from _mistakes_of_union([_resolved(member) for member in schema["anyOf"]], value, place)
    kinds = _kinds(schema)
    if kinds and not any(_is_of(value, kind) for kind in kinds):
        yield _at(place, f"must be {_any_of(kinds)}, got {_given(value)}")
    elif is_object(value):
        yield from _mistakes_of_object(schema, value, place)
    elif is_array(value):
        yield from _mistakes_of_array(schema, value, place)
    elif isinstance(value, str):
        yield from _mistakes_of_string(schema, value, place)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _mistakes_of_number(schema, value, place)


def _mistakes_of_union(members: list[JsonObject], value: Any, place: str) -> Iterator[str]:
    kinds = list(dict.fromkeys(kind for member in members for kind in _kinds(member)))
    fitting = [member for member in members if any(_is_of(value, kind) for kind in _kinds(member))]
    if not fitting:
        yield _at(place, f"must be {_any_of(kinds)}, got {_given(value)}")
    elif len(fitting) == 1:
        yield from _mistakes(fitting[0], value, place)
    else:
        by_tag = {member["properties"]["fault"]["const"]: member for member in fitting}
        tag = value.get("fault", ...)
        if tag is ...:
            yield _at(_member(place, "fault"), f"is missing; allowed are {', '.join(by_tag)}")
        elif isinstance(tag, str) and tag in by_tag:
            yield from _mistakes(by_tag[tag], value, place)
        else:
            yield _at(_member(place, "fault"), f"must be one of {', '.join(by_tag)}, got {_given(tag)}")


def _mistakes_of_object(schema: JsonObject, value: JsonObject, place: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, member in value.items():
        if name in properties:
            yield from _mistakes(properties[name], member, _member(place, name))
        elif others is False:
            yield _at(_member(place, name), f"unknown; allowed are {', '.join(properties)}")
        else:
            yield from _mistakes(others, member, _member(place, name))
    for name in schema.get("required", ()):
        if name not in value:
            yield _at(_member(place, name), "is missing")
    for name, dependent in schema.get("dependentSchemas", {}).items():
        for other in dependent["properties"]:
            if name in value and other in value:
                yield _at(_member(place, other), f"is not allowed beside {name}")
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        count = "one" if "maxProperties" in schema else "at least one"
        named = f" of {', '.join(properties)}" if properties else ""
        yield _at(place, f"must have {count}{named}, got {_given(value)}")


def _mistakes_of_array(schema: JsonObject, value: list[Any], place: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        count = f"{schema['minItems']}{'' if 'maxItems' in schema else ' or more'}"
        yield _at(place, f"must have {count}, got {len(value)}")
    for index, item in enumerate(value):
        yield from _mistakes(schema.get("items", True), item, f"{place}[{index}]")


def _mistakes_of_string(schema: JsonObject, value: str, place: str) -> Iterator[str]:
    if value not in schema.get("enum", (value,)):
        yield _at(place, f"must be one of {', '.join(schema['enum'])}, got {_given(value)}")
    if len(value) < schema.get("minLength", 0):
        yield _at(place, "must not be empty")
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        yield _at(place, f"must be Base64, got {_given(value)}")
    if schema.get("format") == "regex":
        try:
            check_pattern(value)
        except ValueError as error:
            yield _at(place, str(error))


def _mistakes_of_number(schema: JsonObject, value: float, place: str) -> Iterator[str]:
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    gap = schema.get("not")
    if not low <= value <= high or (gap is not None and gap["minimum"] <= value <= gap["maximum"]):
        bounds = f"from {low} to {high}" if "maximum" in schema else f"{low} or more"
        without = "" if gap is None else f", and not from {gap['minimum']} to {gap['maximum']}"
        yield _at(place, f"must be {bounds}{without}, got {_given(value)}")


_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def _is_of(value: Any, kind: str) -> bool:
    """Whether a value is of a JSON type. A number without a fraction is an integer, however it is written."""
    return type(value) in _KINDS[kind] and not (kind == "integer" and value % 1 != 0)


def _kinds(schema: JsonObject) -> tuple[str, ...]:
    kind = schema.get("type", ())
    return (kind,) if isinstance(kind, str) else tuple(kind)


def _resolved(schema: JsonObject) -> JsonObject:
    if "$ref" not in schema:
        return schema
    definition: JsonObject = script_schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return definition


def _any_of(kinds: tuple[str, ...] | list[str]) -> str:
    return " or ".join(kind if kind == "null" else f"an {kind}" if kind[0] in "aio" else f"a {kind}" for kind in kinds)


def _member(place: str, name: str) -> str:
    written = f".{name}" if re.fullmatch(r"\$?[\w-]+", name) else f"[{json.encode(name).decode()}]"
    return f"{place}{written}".removeprefix(".")


def _at(place: str, what: str) -> str:
    return f"{place}: {what}" if place else what


def _given(value: Any) -> str:
    """What was given, as JSON, and not too long."""
    return shortened(json.encode(value).decode())
