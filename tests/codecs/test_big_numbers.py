"""Numbers that Python's own do not hold: kept as they came, and never taken for another number."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, json
from msgspec.structs import replace

from puresponse.codecs import (
    BigNumber,
    DecodeError,
    Kept,
    Response,
    Unknown,
    decode_input_items,
    decode_response,
    decode_stream_event,
    encode,
    parse_arguments,
    to_plain,
)
from puresponse.codecs.types.tools.functions import FunctionCall

LONG = "9" * 5_000
LONGEST_READ = "9" * 4_300


def response(**raw: str) -> bytes:
    """A response with these members, as they are written."""
    members = "".join(f',"{name}":{text}' for name, text in raw.items())
    return f'{{"id":"r","created_at":1,"model":"m","output":[]{members}}}'.encode()


def read(**raw: str) -> Response:
    return decode_response(response(**raw)).unwrap()


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "1E+999", "1e99999999999999999999", "1.5e309", LONG, f"-{LONG}", f"{LONG}.5"]
)
def test_a_number_that_is_out_of_range_is_kept_as_it_came(number: str) -> None:
    value = read(new=number)
    assert isinstance(value.unknown_fields, Kept)
    assert value.unknown_fields == {"new": BigNumber(number)}
    assert f'"new":{number}'.encode() in encode(value)
    assert decode_response(encode(value)).unwrap() == value
    assert to_plain(value)["new"] == BigNumber(number)


@pytest.mark.parametrize(
    ("number", "again"),
    [
        ("1e308", "1e308"),
        ("1E5", "100000.0"),
        ("1.0", "1.0"),
        ("-0.0", "-0.0"),
        ("-0", "0"),
        ("36893488147419103233", "36893488147419103233"),
        (LONGEST_READ, LONGEST_READ),
        ("0.30000000000000004", "0.30000000000000004"),
        # A double has no more digits, and nothing nearer to zero: RFC 8259, section 6
        ("0.1000000000000000055", "0.1"),
        ("9007199254740993.0", "9007199254740992.0"),
        ("1e-400", "0.0"),
    ],
)
def test_any_other_number_is_read_as_an_integer_or_the_nearest_double(number: str, again: str) -> None:
    for others in ({}, {"big": "1e400"}):
        assert f'"new":{again}'.encode() in encode(read(new=number, **others)).replace(b"e+308", b"e308")


def test_a_number_is_kept_wherever_nobody_names_the_field() -> None:
    assert read(new='{"a":[1e400,{"b":1e400}]}').unknown_fields == {
        "new": {"a": [BigNumber("1e400"), {"b": BigNumber("1e400")}]}
    }
    items = decode_input_items(b'{"object":"list","data":[{"type":"new","x":1e400}],"has_more":false}').unwrap()
    assert items.data == (Unknown(Kept({"type": "new", "x": BigNumber("1e400")})),)
    event = decode_stream_event(b'{"type":"response.new","x":-1e400}').unwrap()
    assert event == Unknown(Kept({"type": "response.new", "x": BigNumber("-1e400")}))
    call = FunctionCall(call_id="c", name="f", arguments='{"n": 1e400}')
    assert parse_arguments(call).unwrap() == {"n": BigNumber("1e400")}


@pytest.mark.parametrize("number", ["1e400", "-1e400", LONG])
@pytest.mark.parametrize("field", ["temperature", "max_output_tokens", "status"])
def test_a_number_that_is_out_of_range_fits_no_field_that_is_named(field: str, number: str) -> None:
    data = response(**{field: number})
    value = decode_response(data).unwrap()
    assert getattr(value, field) is UNSET
    assert value.unknown_fields == {field: BigNumber(number)}
    assert f'"{field}":{number}'.encode() in encode(value)


def test_a_number_that_is_out_of_range_is_refused_where_a_field_must_be() -> None:
    error = decode_response(response(created_at="1e400")).failure()
    assert isinstance(error, DecodeError)
    assert error.path == "$.created_at"
    assert error.reason.endswith("got a number out of range")


def test_digits_in_a_text_are_no_number() -> None:
    value = read(new=f'"{LONG}"', other=f'"\\"{LONG}"', big="1e400")
    assert value.unknown_fields == {"new": LONG, "other": f'"{LONG}', "big": BigNumber("1e400")}


def test_a_payload_of_many_such_numbers_is_read_in_linear_time() -> None:
    value = read(new="[" + ",".join(["1e400", LONG] * 500) + "]")
    assert isinstance(value.unknown_fields, Kept)
    assert len(value.unknown_fields["new"]) == 1_000


def test_it_is_a_value() -> None:
    number = BigNumber("1e400")
    assert number == BigNumber("1e400") != BigNumber("1e401")
    assert number != "1e400"
    assert {number: 1}[BigNumber("1e400")] == 1
    assert pickle.loads(pickle.dumps(number)) == number == copy.deepcopy(number)
    assert encode(replace(read(), unknown_fields=Kept({"n": number}))).startswith(b'{"n":1e400')
    with pytest.raises(AttributeError, match="immutable"):
        number.text = "1"


@pytest.mark.parametrize(
    "text", ["", "x", "nan", "Infinity", "01", "1.", ".5", "1e", "+1", "1 ", "1,2", "1}", "\u0661"]
)
def test_what_json_would_not_write_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="as JSON writes it"):
        BigNumber(text)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,25})?", fullmatch=True))
def test_any_number_comes_out_as_the_number_that_it_is(number: str) -> None:
    value = read(new=number, big="1e400")
    again = encode(value)
    assert decode_response(again).unwrap() == value
    assert isinstance(value.unknown_fields, Kept)
    kept = value.unknown_fields["new"]
    assert kept == BigNumber(number) if isinstance(kept, BigNumber) else kept == json.decode(number)
