"""A type that cannot be a structured output is refused in sentences: which member, what the matter is, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Annotated, Any, NamedTuple

import pydantic
import pydantic.dataclasses
import pytest
from answers import saying
from msgspec import Meta, Raw, Struct, defstruct

from puresponse import (
    Done,
    FunctionCall,
    InvalidArgument,
    Send,
    create_parsed_response,
    parse_arguments,
    parse_output,
    text_format_of,
)


class Coordinates(NamedTuple):
    x: int
    y: int


class Point(Struct):
    x: int


class Circle(Struct):
    radius: float


class InArray(Struct, array_like=True):
    x: int
    name: str


class Dict(Struct):
    inner: list[dict[str, int]]


class Keys(Struct):
    prices: dict[Annotated[str, Meta(pattern="^[A-Z]+$")], int]


class Tuple(Struct):
    pair: tuple[int, str]


class Anything(Struct):
    anything: Any


class Unread(Struct):
    raw: Raw


class Named(Struct):
    place: Coordinates


class Array(Struct):
    places: list[InArray]


class BareList(Struct):
    things: list[Any]


class Mixed(Struct):
    mixed: Annotated[Any, Meta(extra_json_schema={"enum": [["a"]]})]


class Optional(Struct):
    maybe: Annotated[Any, Meta(extra_json_schema={"type": ["object", "null"]})]


class OptionalList(Struct):
    maybe: Annotated[Any, Meta(extra_json_schema={"type": ["null", "array"]})]


class Constant(Struct):
    constant: Annotated[Any, Meta(extra_json_schema={"const": {"a": 1}})]


class OneOf(Struct):
    one: Annotated[int, Meta(extra_json_schema={"oneOf": [{"type": "integer"}]})]


class Negation(Struct):
    no: Annotated[int, Meta(extra_json_schema={"not": {"const": 5}})]


class Never(Struct):
    never: Annotated[Any, Meta(extra_json_schema={"type": "array", "items": False})]


class Elsewhere(Struct):
    there: Annotated[Any, Meta(extra_json_schema={"$ref": "#/$defs/Nowhere"})]


class Deep(Struct):
    circle: Circle
    dicts: list[Dict] | None = None


class PriceList(pydantic.BaseModel):
    prices: dict[str, float] = pydantic.Field(alias="byName")


class Shop(pydantic.BaseModel):
    lists: list[PriceList]


class Keyed(pydantic.BaseModel):
    by_key: dict[Annotated[str, pydantic.Field(pattern="^[A-Z]+$")], int]


class Pair(pydantic.BaseModel):
    pair: tuple[int, str]


class Untyped(pydantic.BaseModel):
    anything: Any


class Both(pydantic.BaseModel):
    both: Annotated[int, pydantic.WithJsonSchema({"allOf": [{"type": "integer"}, {"minimum": 5}]})]


NOT_STRICT: list[tuple[Any, str, str]] = [
    (Dict, "The member `$.inner[]` is an object of any keys (a dict)", "a field for each, or a list of a type with"),
    (Keys, "The member `$.prices` is an object of any keys (a dict)", "a field for each, or a list of a type with"),
    (Tuple, "The member `$.pair` is an array with a type for each place (a tuple)", "a field for each place"),
    (Named, "The member `$.place` is an array with a type for each place (a tuple)", "a field for each place"),
    (Array, "The member `$.places[]` is an array with a type for each place (a tuple)", "a field for each place"),
    (Anything, "The member `$.anything` may be anything", "Give it one"),
    (Unread, "The member `$.raw` may be anything", "Give it one"),
    (BareList, "The member `$.things` is an array of anything", "Say what it holds, as `list[str]` does"),
    (Mixed, "The member `$.mixed` is an enumeration of values that are not all strings", "Declare an enumeration of"),
    (Constant, "The member `$.constant` is an enumeration of values that are not all", "Declare an enumeration of"),
    (Optional, "The member `$.maybe` is an object of any keys (a dict)", "a field for each, or a list of a type with"),
    (OptionalList, "The member `$.maybe` is an array of anything", "Say what it holds, as `list[str]` does"),
    (OneOf, "The member `$.one` has the JSON Schema keyword `oneOf`", "Declare a type without it"),
    (Negation, "The member `$.no` has the JSON Schema keyword `not`", "Declare a type without it"),
    (Never, "The member `$.never[]` has False for a schema", "Give it a type"),
    (Elsewhere, "The member `$.there` refers to 'Nowhere', which its schema does not define", "Define it in `$defs`"),
    (Deep, "The member `$.dicts[].inner[]` is an object of any keys", "a field for each, or a list of a type with"),
    (dict[str, int], "The type itself is an object of any keys (a dict)", "a field for each, or a list of a type with"),
    (list[Any], "The type itself is an array of anything", "Say what it holds"),
    (PriceList, "The member `$.byName` is an object of any keys (a dict)", "a field for each, or a list of a type"),
    (Shop, "The member `$.lists[].byName` is an object of any keys (a dict)", "a field for each, or a list of a type"),
    (Keyed, "The member `$.by_key` is an object of any keys (a dict)", "a field for each, or a list of a type with"),
    (Pair, "The member `$.pair` is an array with a type for each place (a tuple)", "a field for each place"),
    (Untyped, "The member `$.anything` may be anything", "Give it one"),
    (Both, "The member `$.both` has the JSON Schema keyword `allOf`", "Declare a type without it"),
]


@pytest.mark.parametrize(("output_type", "what", "instead"), NOT_STRICT, ids=lambda value: str(value)[:30])
def test_a_type_that_cannot_be_strict_is_refused_in_sentences(output_type: Any, what: str, instead: str) -> None:
    reason = refusal_of(output_type)
    assert reason.startswith("given ")
    assert not reason.startswith("given None;")
    assert f"; allowed is a type that can be strict. {what}" in reason
    assert f" {instead}" in reason
    assert reason.endswith(", or pass `strict=False`.")
    assert text_format_of(output_type, strict=False).strict is False


class Address(Struct):
    ip: list[IPv4Address]


@dataclass
class Annotation:
    number: Annotated[complex, Meta(extra_json_schema={"type": "number"})]


class Shapes(Struct):
    name: str
    shapes: list[Point | Circle] | None = None


class Described(Struct):
    shapes: Annotated[list[Shapes], Meta(description="The shapes.")]


class Weather(pydantic.BaseModel):
    city: str


class Report(Struct):
    weather: Weather | None
    text: str


@pydantic.dataclasses.dataclass
class Checked:
    x: int = pydantic.Field(gt=5)


class Around(Struct):
    checked: list[Checked]


class Calling(pydantic.BaseModel):
    call: Callable[[], int]


class NoSchema(pydantic.BaseModel):
    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> Any:
        return None


class Endless(pydantic.BaseModel):
    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> Any:
        raise RecursionError("maximum recursion depth exceeded")


class Reads:
    @classmethod
    def model_validate_json(cls, data: bytes) -> Any: ...


class Describes:
    @classmethod
    def model_json_schema(cls) -> Any: ...


class Thorny:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"no {name} today")


UNREAD: list[tuple[Any, str]] = [
    (Reads, "The type itself is of the type `Reads`, which msgspec does not read. Declare one that it does"),
    (Describes, "The type itself is of the type `Describes`, which msgspec does not read. Declare one that it does"),
    (Thorny(), "The type itself cannot be read by msgspec: Type '<"),
    (object, "The type itself is of the type `object`, which msgspec does not read. Declare one that it does"),
    (Address, "The member `$.ip[]` is of the type `IPv4Address`, which msgspec does not read. Declare one that it"),
    (Annotation, "The member `$.number` is of the type `complex`, which msgspec does not read. Declare one that"),
    (
        Report,
        "The member `$.weather` is the model `Weather`, which msgspec does not read inside another type. Make the",
    ),
    (list[Weather], "The member `$[]` is the model `Weather`, which msgspec does not read inside another type. Make"),
    (dict[str, Weather], "The member `$[]` is the model `Weather`, which msgspec does not read inside another type."),
    (Checked, "The type itself is the pydantic dataclass `Checked`, whose validators msgspec would pass over. Pass a"),
    (Around, "The member `$.checked[]` is the pydantic dataclass `Checked`, whose validators msgspec would pass over."),
    (Weather(city="Oslo"), "This is a value of the model `Weather`: pass the model itself."),
    (Shapes, "The member `$.shapes[]` cannot be read by msgspec: If a type union contains multiple Struct types, all"),
    (Described, "The member `$.shapes[].shapes[]` cannot be read by msgspec: If a type union contains multiple"),
    (Point | Circle, "The type itself cannot be read by msgspec: If a type union contains multiple Struct types, all"),
    (defstruct("Ill", [("x", "Nothing")]), "The type itself cannot be read by msgspec: name 'Nothing' is not defined."),
    (5, "The type itself cannot be read by msgspec: Type '5' is not supported."),
    ("Point", "The type itself cannot be read by msgspec: Type ''Point'' is not supported."),
    ([int], "The type itself cannot be read by msgspec: unhashable type: 'list'."),
    (Calling, "Its schema cannot be made (PydanticInvalidForJsonSchema: Cannot generate a JsonSchema for core_schema"),
    (NoSchema, "Its schema cannot be made (TypeError: its schema is None, and no object): declare a type"),
    (Endless, "Its schema cannot be made (RecursionError: maximum recursion depth exceeded"),
    (pydantic.BaseModel, "Its schema cannot be made (AttributeError: model_json_schema() must be called on a subclass"),
]


@pytest.mark.parametrize(("output_type", "matter"), UNREAD, ids=lambda value: str(value)[:30])
def test_a_type_that_is_not_read_is_refused_in_sentences(output_type: Any, matter: str) -> None:
    reason = refusal_of(output_type)
    allowed = "a type that msgspec reads (a struct, a dataclass, a TypedDict, a list, …), or a pydantic model"
    assert f"; allowed is {allowed}. {matter}" in reason
    assert reason.endswith(".")
    with pytest.raises(ValueError, match="'output_type': given"):
        text_format_of(output_type, strict=False)
    assert not reason.startswith("given None;")
    unread = parse_output(saying("{}"), output_type).failure()
    assert isinstance(unread, InvalidArgument)
    assert f"{allowed}. {matter}" in unread.reason


def refusal_of(output_type: Any) -> str:
    """The reason, which whoever asks for the type is told before anything is sent."""
    step = create_parsed_response(output_type, model="m")
    assert isinstance(step, Done)
    error = step.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "output_type"
    with pytest.raises(ValueError, match=re.escape(str(error))):
        text_format_of(output_type)
    return error.reason


def test_a_model_that_was_not_complete_is_asked_again() -> None:
    fields: dict[str, Any] = {"tree": ("list[Leaf]", ...)}
    late = pydantic.create_model("Late", **fields)
    assert "`Late` is not fully defined" in refusal_of(late)
    late.model_rebuild(_types_namespace={"Leaf": Weather})
    assert isinstance(create_parsed_response(late, model="m"), Send)
    assert parse_output(saying('{"tree": []}'), late).unwrap() == late(**{"tree": []})
    assert text_format_of(late).schema["$defs"].keys() == {"Weather"}


@pytest.mark.parametrize("into", [list[Weather], Report, Checked, Around])
def test_arguments_are_not_read_into_what_has_a_model_inside(into: Any) -> None:
    call = FunctionCall(name="f", call_id="call_1", arguments="{}")
    with pytest.raises(TypeError, match=r"pydantic\.TypeAdapter"):
        parse_arguments(call, into)
