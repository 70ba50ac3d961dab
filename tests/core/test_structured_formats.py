"""Dates, times, durations and ids are asked for in the format that the API knows, and read as what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Generic, TypedDict, TypeVar
from uuid import UUID

import attrs
import pytest
from answers import saying
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import Times as ModelTimes
from msgspec import Meta, Struct, defstruct, json
from returns.pipeline import is_successful
from strict_values import values_of

from puresponse import parse_arguments, parse_output, text_format_of
from puresponse.codecs import FunctionCall
from puresponse.codecs.lossless.plain import is_array, is_object

T = TypeVar("T")

Email = Annotated[str, Meta(extra_json_schema={"format": "email"})]
Host = Annotated[str, Meta(extra_json_schema={"format": "hostname"})]
Address = Annotated[str, Meta(extra_json_schema={"format": "ipv4"})]
Address6 = Annotated[str, Meta(extra_json_schema={"format": "ipv6"})]
Link = Annotated[str, Meta(extra_json_schema={"format": "uri"})]


class Times(Struct):
    moment: datetime
    day: date
    hour: time
    length: timedelta
    key: UUID
    mail: Email
    host: Host
    v4: Address
    v6: Address6


@dataclass
class DataTimes:
    moment: datetime
    day: date
    hour: time
    length: timedelta
    key: UUID
    mail: Email
    host: Host
    v4: Address
    v6: Address6


@attrs.define
class AttrsTimes:
    moment: datetime
    day: date
    hour: time
    length: timedelta
    key: UUID
    mail: Email
    host: Host
    v4: Address
    v6: Address6


class DictTimes(TypedDict):
    moment: datetime
    day: date
    hour: time
    length: timedelta
    key: UUID
    mail: Email
    host: Host
    v4: Address
    v6: Address6


FORMATS = {
    "moment": "date-time",
    "day": "date",
    "hour": "time",
    "length": "duration",
    "key": "uuid",
    "mail": "email",
    "host": "hostname",
    "v4": "ipv4",
    "v6": "ipv6",
}

SAID = (
    '{"moment": "2026-11-26T17:00:00Z", "day": "2026-11-26", "hour": "17:00:00Z", "length": "PT90S",'
    ' "key": "12345678-1234-5678-1234-567812345678", "mail": "a@example.com", "host": "example.com",'
    ' "v4": "127.0.0.1", "v6": "::1"}'
)

READ: dict[str, Any] = {
    "moment": datetime(2026, 11, 26, 17, tzinfo=UTC),
    "day": date(2026, 11, 26),
    "hour": time(17, tzinfo=UTC),
    "length": timedelta(seconds=90),
    "key": UUID("12345678-1234-5678-1234-567812345678"),
    "mail": "a@example.com",
    "host": "example.com",
    "v4": "127.0.0.1",
    "v6": "::1",
}

KINDS: list[Any] = [Times, DataTimes, AttrsTimes, DictTimes]


def schema_of(output_type: Any, *, strict: bool = True) -> dict[str, Any]:
    return text_format_of(output_type, strict=strict).schema


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_fields_say_their_format(kind: Any, strict: bool) -> None:
    members = schema_of(kind, strict=strict)["properties"]
    assert members == {name: {"type": "string", "format": kind} for name, kind in FORMATS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_fields_are_read_as_what_they_are(kind: Any) -> None:
    assert parse_output(saying(SAID), kind).unwrap() == kind(**READ)
    assert parse_arguments(FunctionCall(name="f", call_id="c", arguments=SAID), kind).unwrap() == kind(**READ)


def test_a_model_says_the_same_formats() -> None:
    members = schema_of(ModelTimes)["properties"]
    assert {name: member["format"] for name, member in members.items() if name in FORMATS} == {
        name: kind for name, kind in FORMATS.items() if name in members
    }


def test_a_format_that_the_service_does_not_know_is_not_said_in_strict_mode() -> None:
    link = defstruct("link", [("url", Link)])
    assert schema_of(link)["properties"]["url"] == {"type": "string"}
    assert schema_of(link, strict=False)["properties"]["url"] == {"type": "string", "format": "uri"}


class Zones(Struct):
    demanded: Annotated[datetime, Meta(tz=True)]
    either: datetime
    forbidden: Annotated[datetime, Meta(tz=False)]
    hour: Annotated[time, Meta(tz=True)]
    any_hour: time
    local_hour: Annotated[time, Meta(tz=False)]


def test_a_time_that_may_have_no_zone_has_no_format_for_each_of_these_demands_one() -> None:
    members = schema_of(Zones)["properties"]
    assert {name: member.get("format") for name, member in members.items()} == {
        "demanded": "date-time",
        "either": "date-time",
        "forbidden": None,
        "hour": "time",
        "any_hour": "time",
        "local_hour": None,
    }


class Leaf(Struct):
    at: datetime


class Cat(Struct, tag=True):
    born: datetime


class Dog(Struct, tag=True):
    fed: time | None


DescribedDog: Any = Annotated[Dog, Meta(description="A dog.")]


class Box(Struct, Generic[T]):
    content: T


class Linked(Struct):
    at: datetime
    next: Linked | None = None


class Everywhere(Struct):
    plain: datetime
    listed: list[datetime]
    nested: list[list[time]]
    tuples: tuple[datetime, ...]
    optional: datetime | None
    described: Annotated[datetime, Meta(description="When.")]
    described_option: Annotated[datetime, Meta(description="When.")] | None
    listed_option: list[datetime] | None
    beside: int | datetime | None
    leaf: Leaf
    pet: Cat | Dog
    pet_option: Cat | Dog | None
    mixed: int | Cat | Dog | list[datetime] | None
    boxed: Box[datetime]
    boxes: list[Box[list[time]]]
    linked: Linked
    leaf_or_time: Leaf | datetime | None


def formats_in(schema: Any) -> list[str]:
    if is_array(schema):
        return [found for part in schema for found in formats_in(part)]
    if not is_object(schema):
        return []
    own = [str(schema["format"])] if isinstance(schema.get("format"), str) else []
    return own + [found for part in schema.values() for found in formats_in(part)]


def strings_in(schema: Any) -> int:
    """How many strings there are that are no tag."""
    if is_array(schema):
        return sum(map(strings_in, schema))
    if not is_object(schema):
        return 0
    own = int(schema.get("type") == "string" and "enum" not in schema)
    return own + sum(map(strings_in, schema.values()))


def test_a_time_says_its_format_wherever_it_is() -> None:
    schema = schema_of(Everywhere)
    assert strings_in(schema) == len(formats_in(schema)) == 17
    assert set(schema["$defs"]) >= {"Cat", "Dog", "Leaf", "Linked", "Box_datetime_"}


@pytest.mark.parametrize(
    "kind",
    [
        Cat | Dog,
        Cat | Dog | None,
        int | Cat | Dog,
        int | Cat | Dog | None,
        DescribedDog | Cat | list[int] | None,
    ],
)
def test_the_structs_of_a_union_say_theirs_whatever_is_beside_them(kind: Any) -> None:
    assert sorted(formats_in(schema_of(kind))) == ["date-time", "time"]


@pytest.mark.parametrize("kind", [Leaf | None, int | Leaf, Leaf | int | None])
def test_a_struct_beside_others_says_its_own(kind: Any) -> None:
    assert formats_in(schema_of(kind)) == ["date-time"]


class Row(Struct, array_like=True, tag="row"):
    name: int
    at: datetime


class Loose(Struct):
    row: Row
    rows: list[Row] | None
    pair: tuple[int, datetime]
    by_name: dict[str, datetime]


def test_where_a_schema_need_not_be_strict_times_in_tuples_and_dicts_say_theirs_too() -> None:
    schema = schema_of(Loose, strict=False)
    moment = {"type": "string", "format": "date-time"}
    assert schema["$defs"]["Row"]["prefixItems"][1:] == [{"type": "integer"}, moment]
    assert schema["properties"]["pair"]["prefixItems"] == [{"type": "integer"}, moment]
    assert schema["properties"]["by_name"]["additionalProperties"] == moment


@pytest.mark.parametrize("kind", [Row | datetime, datetime | Row, Row | datetime | None])
def test_a_time_beside_a_struct_that_is_written_as_an_array_says_its_format_as_the_struct_does(kind: Any) -> None:
    assert formats_in(schema_of(kind, strict=False)) == ["date-time", "date-time"]


def test_what_is_no_object_says_its_format_too() -> None:
    assert schema_of(list[datetime])["properties"]["value"]["items"] == {"type": "string", "format": "date-time"}
    assert parse_output(saying('{"value": ["2026-11-26T17:00:00Z"]}'), list[datetime]).unwrap() == [READ["moment"]]


@pytest.mark.parametrize("kind", [*KINDS, Everywhere, Linked, list[datetime], Cat | Dog, timedelta])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_fits_the_schema_becomes_a_value(kind: Any, data: st.DataObject) -> None:
    said = data.draw(values_of(schema_of(kind)))
    assert is_successful(parse_output(saying(json.encode(said).decode()), kind))
