"""The schema of a pydantic model is that which the official client sends, but for what the service refuses."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from importlib import import_module
from typing import Any

import models as m
import pytest
from answers import saying
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import json
from pydantic import BaseModel, RootModel, TypeAdapter
from returns.pipeline import is_successful
from strict_values import values_of

from puresponse import parse_output, text_format_of, to_plain
from puresponse.codecs.lossless.plain import is_array, is_object

Change = Callable[[dict[str, Any]], Any]


OFFICIAL: Any = import_module("openai.lib._pydantic")


def strict_schema(model: Any) -> dict[str, Any]:
    return text_format_of(model).schema


def official_schema(model: Any) -> dict[str, Any]:
    made: dict[str, Any] = OFFICIAL.to_strict_json_schema(model)
    return made


def in_order(schema: Any) -> Any:
    """A schema whose members are compared in their order too: the model writes them in it."""
    if is_object(schema):
        ordered = {word: in_order(value) for word, value in schema.items()}
        return ordered | ({"properties": [*ordered["properties"].items()]} if "properties" in ordered else {})
    return [*map(in_order, schema)] if is_array(schema) else schema


ALIKE: list[Any] = [
    m.Point,
    m.Named,
    m.Pets,
    m.Tree,
    m.Bounds,
    m.Times,
    m.Closed,
    m.Empty,
    m.Box[int],
    m.Box[m.Point],
    m.Box[list[m.Tree]],
    m.Aliased,
    m.ByName,
    m.Older,
    m.Strict,
    m.Ruled,
    m.Even,
    m.RECORD,
    TypeAdapter(m.Tree),
]


@pytest.mark.parametrize("model", ALIKE, ids=repr)
def test_the_schema_of_a_model_is_that_of_the_official_client(model: Any) -> None:
    assert in_order(strict_schema(model)) == in_order(official_schema(model))


@pytest.mark.parametrize("model", [m.Point, m.Tree, m.Bounds, m.Times], ids=repr)
def test_the_format_is_that_of_the_official_client(model: Any) -> None:
    parsing: Any = import_module("openai.lib._parsing._responses")
    assert to_plain(text_format_of(model)) == parsing.type_to_text_format_param(model)


def each(schema: Any) -> list[dict[str, Any]]:
    """The schema and every schema in it, at any depth."""
    if is_array(schema):
        return [found for part in schema for found in each(part)]
    if not is_object(schema):
        return []
    inside = [found for part in schema.values() for found in each(part)]
    return [schema, *inside]


def without(*words: str) -> Change:
    def change(schema: dict[str, Any]) -> None:
        for found in each(schema):
            for word in words:
                # A member may be called so.
                if not isinstance(found.get(word), dict) or word in ("default", "discriminator", "contentSchema"):
                    found.pop(word, None)

    return change


def any_for_one(schema: dict[str, Any]) -> None:
    for found in each(schema):
        if "oneOf" in found:
            found["anyOf"] = found.pop("oneOf")


def without_formats(schema: dict[str, Any]) -> None:
    for found in each(schema):
        if found.get("format") in ("uri", "binary", "password"):
            del found["format"]
        elif found.get("format") == "uuid4":
            found["format"] = "uuid"


def without_lookaround(schema: dict[str, Any]) -> None:
    for found in each(schema):
        if "(?!" in str(found.get("pattern")):
            del found["pattern"]


def closed(schema: dict[str, Any]) -> None:
    for found in each(schema):
        if found.get("additionalProperties") is True:
            found["additionalProperties"] = False


def typed(schema: dict[str, Any]) -> None:
    for found in each(schema):
        if "enum" in found and "type" not in found:
            kinds = {int: "integer", str: "string", type(None): "null"}
            found["type"] = [kinds[type(value)] for value in found["enum"]]


DIFFERENCES: dict[str, tuple[Change, str]] = {
    "default": (without("default"), "'default' is not permitted; the model writes every member all the same"),
    "oneOf": (any_for_one, "'oneOf' is not permitted, and `anyOf` is"),
    "discriminator": (without("discriminator"), "is no keyword of JSON Schema, and not supported"),
    "lengths": (without("minLength", "maxLength", "uniqueItems"), "are not supported; reading the text checks them"),
    "formats": (without_formats, "nine formats are supported, and no others; reading the text checks them"),
    "contents": (without("contentMediaType", "contentSchema"), "are not supported; reading the text checks them"),
    "notes": (without("deprecated", "examples", "readOnly", "writeOnly"), "are not supported, and only describe"),
    "lookaround": (without_lookaround, "the service refuses or fails at a pattern that looks around"),
    "open": (closed, "every object must have `additionalProperties: false`"),
    "types": (typed, "every schema must have a type"),
}
"""What the official client sends and the service does not take: how it is left out here, and why."""

DIFFERENT: list[tuple[Any, list[str]]] = [
    (m.Nested, []),
    (m.Told, ["oneOf", "discriminator"]),
    (m.ToldByFunction, ["oneOf"]),
    (m.Words, []),
    (m.Uneven, ["types"]),
    (m.Forest, []),
    (m.Lengths, ["lengths"]),
    (m.Formats, ["formats", "lengths", "notes"]),
    (m.Packed, ["contents"]),
    (m.Defaults, ["default"]),
    (m.LooksAround, ["lookaround"]),
    (m.Open, ["open"]),
    (m.Marked, ["notes"]),
    (m.Wrapper, []),
]


def prepared(model: Any, differences: list[str]) -> dict[str, Any]:
    """The schema that the official client makes of that of a model from which the differences were taken before."""
    schema: dict[str, Any] = deepcopy(model.model_json_schema())
    for name in differences:
        DIFFERENCES[name][0](schema)

    class Prepared(BaseModel):
        @classmethod
        def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
            return schema

    return referred(official_schema(Prepared))


def referred(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without the definitions to which nothing refers: those that the official client copied into place."""
    definitions = schema.pop("$defs", {})
    needed: dict[str, Any] = {}
    pending = [schema]
    while pending:
        for found in each(pending.pop()):
            name = str(found.get("$ref", "")).removeprefix("#/$defs/")
            if name in definitions and name not in needed:
                needed[name] = definitions[name]
                pending.append(definitions[name])
    return {**schema, "$defs": needed} if needed else schema


@pytest.mark.parametrize(("model", "differences"), DIFFERENT, ids=lambda value: getattr(value, "__name__", ""))
def test_it_differs_in_what_the_service_refuses_and_in_nothing_else(model: Any, differences: list[str]) -> None:
    made = strict_schema(model)
    assert in_order(made) == in_order(prepared(model, differences))
    for name in differences:
        fewer = [other for other in differences if other != name]
        assert made != prepared(model, fewer), f"{name} makes no difference"


def test_every_difference_is_shown_by_a_model() -> None:
    assert {name for _, names in DIFFERENT for name in names} == set(DIFFERENCES)


def test_every_model_is_compared() -> None:
    compared = {model for model in (*ALIKE, *(model for model, _ in DIFFERENT)) if isinstance(model, type)}
    named = {name: kind for name, kind in vars(m).items() if "[" not in name and isinstance(kind, type)}
    models = {kind for kind in named.values() if issubclass(kind, BaseModel)}
    apart = {m.Cat, m.Dog, m.DescribedTree, m.Integers, m.Pet, m.Box, BaseModel, RootModel}
    assert models - compared == apart


def test_a_description_in_a_circle_is_where_the_official_client_does_not_end() -> None:
    with pytest.raises(RecursionError):
        official_schema(m.DescribedTree)
    branch = {"description": "A branch.", "anyOf": [{"$ref": "#/$defs/DescribedTree"}]}
    tree = strict_schema(m.DescribedTree)["$defs"]["DescribedTree"]
    assert tree["properties"]["children"]["items"] == branch


@pytest.mark.parametrize("model", [m.Integers, m.Pet, m.POINTS], ids=repr)
def test_a_model_that_is_no_object_is_wrapped_into_one(model: Any) -> None:
    schema = strict_schema(model)
    assert (schema["type"], schema["required"], schema["additionalProperties"]) == ("object", ["value"], False)


def test_a_schema_that_need_not_be_strict_is_what_the_model_makes() -> None:
    assert text_format_of(m.Defaults, strict=False).schema == m.Defaults.model_json_schema()
    assert text_format_of(m.Lengths, strict=False).schema == m.Lengths.model_json_schema()


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (m.Point, "Point"),
        (m.Box[m.Point], "Box_Point"),
        (m.Named, "Named"),
        (m.RECORD, "Record"),
        (m.POINTS, "output"),
    ],
)
def test_the_format_has_the_name_of_the_model(model: Any, name: str) -> None:
    assert text_format_of(model).name == name


WHOLE: list[Any] = [
    m.Point,
    m.Named,
    m.Nested,
    m.Pets,
    m.Told,
    m.ToldByFunction,
    m.Words,
    m.Uneven,
    m.Tree,
    m.Forest,
    m.DescribedTree,
    m.Bounds,
    m.Times,
    m.Defaults,
    m.Open,
    m.Closed,
    m.Empty,
    m.Box[m.Point],
    m.Aliased,
    m.ByName,
    m.Older,
    m.Marked,
    m.Wrapper,
    m.Integers,
    m.Pet,
    m.Strict,
    m.RECORD,
    m.POINTS,
]
"""The models whose schema tells all that they ask for, in words that strict mode takes."""


@pytest.mark.parametrize("model", WHOLE, ids=repr)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_fits_the_schema_becomes_a_value(model: Any, data: st.DataObject) -> None:
    said = data.draw(values_of(strict_schema(model)))
    assert is_successful(parse_output(saying(json.encode(said).decode()), model))
