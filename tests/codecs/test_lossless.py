"""What the structs do not name is recognisable, and comes out as it went in."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, json
from recorded import kept
from returns.result import Result, Success
from specification import SCHEMAS, Maker

from puresponse.codecs import (
    Codec,
    Filter,
    FunctionTool,
    InputText,
    ItemReference,
    Kept,
    Message,
    Response,
    ScreenshotAction,
    TextDeltaEvent,
    Unknown,
    Untagged,
    Wire,
    decode,
    decode_input_items,
    decode_response,
    decode_stream_event,
    encode,
    to_plain,
)
from puresponse.codecs.lossless.codec import BareCodec
from puresponse.codecs.lossless.plain import is_sequence

LEAST: dict[str, Any] = {"id": "resp_1", "created_at": 1, "model": "gpt-5", "output": []}
"""The least that is a response."""

NOVEL: dict[str, Any] = {"type": "quantum_call", "id": "qc_1", "qubits": [1, {"spin": None}]}
"""An object of a type that nobody knows."""


def response(**members: Any) -> Response:
    return decode_response(json.encode({**LEAST, **members})).unwrap()


def comes_back(schema: str, payload: Any) -> Any:
    """Decode, check that it is exported as it came, and give the value."""
    value = decode(schema, json.encode(payload)).unwrap()
    assert json.decode(encode(value)) == payload
    assert to_plain(value) == payload
    return value


def message(*parts: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": list(parts)}


def text(**members: Any) -> dict[str, Any]:
    return {"type": "output_text", "text": "", **members}


def test_a_payload_of_known_fields_has_no_unknown_ones() -> None:
    assert response().unknown_fields is UNSET


def test_an_unknown_field_is_kept_where_it_stood() -> None:
    value = comes_back("Response", {**LEAST, "novel": {"a": [1, None]}, "output": [{**message(), "later": 1}]})
    assert value.unknown_fields == {"novel": {"a": [1, None]}}
    assert value.output[0].unknown_fields == {"later": 1}


@pytest.mark.parametrize(
    ("schema", "payload", "place"),
    [
        ("Response", {**LEAST, "output": [NOVEL]}, "$.output[0]"),
        ("Response", {**LEAST, "tools": [NOVEL]}, "$.tools[0]"),
        ("Response", {**LEAST, "tool_choice": NOVEL}, "$.tool_choice"),
        ("Response", {**LEAST, "text": {"format": NOVEL}}, "$.text.format"),
        ("Response", {**LEAST, "prompt": {"id": "p", "variables": {"v": NOVEL}}}, None),
        ("Response", {**LEAST, "output": [message(NOVEL)]}, "$.output[0].content[0]"),
        (
            "Response",
            {**LEAST, "output": [message(text(annotations=[NOVEL]))]},
            "$.output[0].content[0].annotations[0]",
        ),
        ("ReasoningItem", {"type": "reasoning", "id": "r", "summary": [NOVEL]}, "$.summary[0]"),
        ("ResponseStreamEvent", NOVEL, "$"),
        (
            "ResponseOutputItemAddedEvent",
            {"type": "response.output_item.added", "output_index": 0, "item": NOVEL},
            "$.item",
        ),
        ("SummaryTextContent", NOVEL, "$"),
        ("Filters", {"type": "and", "filters": [{"type": "or", "filters": [NOVEL]}]}, "$.filters[0].filters[0]"),
    ],
)
def test_an_object_of_an_unknown_type_is_an_unknown_at_any_depth(schema: str, payload: Any, place: str | None) -> None:
    value = comes_back(schema, payload)
    if place is not None:
        assert list(kept(value)) == [f"{place}: quantum_call"]


def test_an_unknown_shows_its_type_its_id_and_all_its_json() -> None:
    (item,) = response(output=[NOVEL]).output
    assert isinstance(item, Unknown)
    assert (item.type, item.id) == ("quantum_call", "qc_1")
    assert item.raw == NOVEL
    assert list(item.raw) == list(NOVEL)
    assert len(item.raw) == len(NOVEL)
    assert item.raw["qubits"] == NOVEL["qubits"]


@pytest.mark.parametrize("anonymous", [{}, {"id": 1}, {"type": None}, {"type": 5}, {"type": ["message"]}, {"type": {}}])
def test_an_object_that_does_not_say_its_type_is_an_unknown_of_none(anonymous: Any) -> None:
    (item,) = comes_back("Response", {**LEAST, "output": [anonymous]}).output
    assert (item.type, item.id) == (None, None)


def test_a_value_that_no_enumeration_has_is_a_string_like_any_other() -> None:
    value = comes_back("Response", {**LEAST, "status": "hibernating", "service_tier": "platinum"})
    assert value.status == "hibernating"


def test_absent_null_and_empty_stay_apart() -> None:
    absent, null, empty = response(), response(tools=None, error=None), response(tools=[], instructions="")
    assert (absent.tools, null.tools, empty.tools) == (UNSET, None, ())
    assert not absent.tools
    assert to_plain(absent) == LEAST
    assert to_plain(null) == {**LEAST, "tools": None, "error": None}
    assert to_plain(empty) == {**LEAST, "tools": [], "instructions": ""}


def test_numbers_stay_what_they_were() -> None:
    value = comes_back("Response", {**LEAST, "created_at": 1.5, "temperature": 1.0, "top_p": 1})
    assert [type(number) for number in (value.created_at, value.temperature, value.top_p)] == [float, float, int]


def test_no_payload_can_smuggle_in_what_only_the_library_makes() -> None:
    forged: list[Any] = [
        {"type": "(unknown)", "raw": {"type": "message"}},
        {"type": "(unknown)"},
        {**message(), "unknown_fields": {"role": "system"}},
        {**message(), "unknown_fields": None},
        {**message(), "(unknown fields)": {"role": "system"}},
        {**message(), "unknown_fields": {"unknown_fields": {}}, "novel": 1},
    ]
    first, second, third, fourth, odd, fifth = comes_back("Response", {**LEAST, "output": forged}).output
    assert (first.type, second.type) == ("(unknown)", "(unknown)")
    assert third.unknown_fields == {"unknown_fields": {"role": "system"}}
    assert fourth.unknown_fields == {"unknown_fields": None}
    assert odd.unknown_fields == {"(unknown fields)": {"role": "system"}}
    assert fifth.unknown_fields == {"unknown_fields": {"unknown_fields": {}}, "novel": 1}


def test_text_that_looks_like_what_the_encoder_writes_stays_text() -> None:
    for trap in ("\0", "\0K\0", '{"type":"(unknown)","raw":\0', '"unknown_fields":\0', '"type":"x",'):
        comes_back(
            "Response",
            {**LEAST, "output": [message(text(text=trap, novel=trap)), {**NOVEL, trap: trap}], trap: {trap: trap}},
        )


@pytest.mark.parametrize("type_", [{}, {"type": None}])
def test_a_message_may_come_without_its_type(type_: dict[str, None]) -> None:
    for members in ({"role": "user", "content": "hi"}, {"role": "user", "content": "hi", "novel": 1}):
        value = comes_back("InputItem", {**type_, **members})
        assert isinstance(value, Message)
        assert (value.type, value.role, value.content) == ("message", "user", "hi")


@pytest.mark.parametrize("type_", [{}, {"type": None}])
def test_a_reference_to_an_item_may_come_without_its_type(type_: dict[str, None]) -> None:
    value = comes_back("InputItem", {**type_, "id": "msg_1"})
    assert isinstance(value, ItemReference)
    assert value.id == "msg_1"


def test_an_object_with_its_type_is_not_the_same_as_one_without() -> None:
    with_type, without = (comes_back("InputItem", {**type_, "id": "a"}) for type_ in ({"type": "item_reference"}, {}))
    assert with_type != without


def test_of_members_of_the_same_name_the_last_one_counts_whether_they_are_known_or_not() -> None:
    known = decode_response(b'{"id":"a","id":"b","created_at":1,"model":"m","output":[]}').unwrap()
    unknown = decode_response(b'{"id":"a","id":"b","x":1,"created_at":1,"model":"m","output":[],"x":2}').unwrap()
    assert (known.id, unknown.id) == ("b", "b")
    assert unknown.unknown_fields == {"x": 2}


def test_what_is_odd_before_a_member_comes_again_does_not_matter() -> None:
    for first in (b'[{"type":"message"}]', b'[{"type":"new"}]', b'[{"type":"message","role":1}]', b'{"a":1}'):
        data = b'{"id":"a","created_at":1,"model":"m","output":%b,"output":[]}' % first
        assert decode_response(data).unwrap().output == ()


def test_an_object_that_the_library_has_no_struct_for_can_be_sent() -> None:
    assert encode(Unknown(Kept(NOVEL))) == json.encode(NOVEL)
    assert encode(Unknown(Kept({}))) == b"{}"
    assert encode([Unknown(Kept({})), Unknown(Kept({"a": 1}))]) == b'[{},{"a":1}]'


def test_a_field_that_the_library_does_not_name_can_be_sent() -> None:
    part = InputText(text="hi", unknown_fields=Kept({"novel": 1}))
    assert to_plain(part) == {"type": "input_text", "text": "hi", "novel": 1}
    assert to_plain(Message(role="user", content=(part,), unknown_fields=Kept({"a": part})))["a"] == to_plain(part)


def test_kept_members_that_are_none_leave_no_trace() -> None:
    tool = FunctionTool(name="f", unknown_fields=Kept({}))
    assert encode(tool) == b'{"type":"function","name":"f"}'
    assert encode(ScreenshotAction(unknown_fields=Kept({}))) == b'{"type":"screenshot"}'
    assert encode(ScreenshotAction(unknown_fields=Untagged({}))) == b"{}"
    assert encode(Wire(unknown_fields=Kept({}))) == b"{}"
    assert encode(Wire(unknown_fields=Kept({"a": 1}))) == b'{"a":1}'
    assert encode(Message(role="user", content="", unknown_fields=Untagged({}))) == b'{"role":"user","content":""}'


def test_what_is_kept_can_be_exported_by_itself() -> None:
    kept_ = Kept({"a": 1})
    assert encode(kept_) == b'{"a":1}'
    assert encode(Kept({})) == encode(Untagged({})) == b"{}"
    row = {
        "unknown_fields": kept_,
        "raw": kept_,
        "all": [kept_, kept_],
        "part": InputText(text="", unknown_fields=kept_),
    }
    assert to_plain(row) == {
        "unknown_fields": {"a": 1},
        "raw": {"a": 1},
        "all": [{"a": 1}, {"a": 1}],
        "part": {"type": "input_text", "text": "", "a": 1},
    }


def test_what_has_no_json_form_is_a_bug() -> None:
    with pytest.raises(TypeError, match="complex has no JSON form"):
        encode({"a": 1j})


def test_an_unknown_can_hold_nothing_but_what_is_kept() -> None:
    raw: Any = {"type": "new"}
    with pytest.raises(TypeError, match="raw: expected a Kept, got dict"):
        Unknown(raw)


def novelties(payload: Any, value: Any, maker: Maker) -> None:
    """Put unknown fields and unknown types into a payload, wherever the value decoded from it has a struct."""
    if isinstance(value, Wire):
        for name, field in zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True):
            if name in payload:
                novelties(payload[name], getattr(value, field), maker)
        if maker.chance(0.3):
            payload[f"novel {maker.text()}"] = maker.anything()
        if maker.chance(0.1) and value.__struct_config__.tag is not None:
            payload["type"] = f"novel {maker.text()}"
    elif is_sequence(value):
        for inner, element in zip(payload, value, strict=True):
            novelties(inner, element, maker)


@settings(max_examples=600, deadline=None)
@given(schema=st.sampled_from(sorted(SCHEMAS)), room=st.integers(1, 7), seed=st.integers(0, 2**32))
def test_a_payload_full_of_novelties_comes_out_as_it_went_in(schema: str, room: int, seed: int) -> None:
    maker = Maker(seed)
    payload = maker.make(SCHEMAS[schema], room)
    novelties(payload, decode(schema, json.encode(payload)).unwrap(), maker)
    comes_back(schema, payload)


@settings(max_examples=150, deadline=None)
@given(room=st.integers(1, 7), seed=st.integers(0, 2**32))
def test_a_list_full_of_novelties_is_read_alike_however_often_it_comes(room: int, seed: int) -> None:
    maker = Maker(seed)
    data = [maker.make(SCHEMAS["ItemResource"], room) for _ in range(3)]
    payload = {"object": "list", "data": data, "has_more": False, "first_id": "a", "last_id": "b"}
    novelties(payload, decode_input_items(json.encode(payload)).unwrap(), maker)
    first, second = (comes_back("ResponseItemList", payload) for _ in range(2))
    assert first == second


def test_values_compare_by_what_they_hold() -> None:
    data = json.encode({**LEAST, "output": [NOVEL, {**message(), "novel": 1}]})
    first, second, other = (decode_response(body).unwrap() for body in (data, data, json.encode({**LEAST, "novel": 1})))
    assert first == second != other
    assert Kept({"a": 1}) == {"a": 1} == Kept({"a": 1}) != Kept({"a": 2})
    assert Kept({}) != Untagged({})
    assert Kept({}) != 1
    assert hash(Kept({"a": [1]})) == hash(Kept({"a": [1]}))


def test_values_can_be_pickled_and_copied() -> None:
    value = response(output=[NOVEL, {**message(text(novel=1))}], novel=[1], instructions=[{"id": "item_1"}])
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
        assert again == value
        assert encode(again) == encode(value)


def test_values_cannot_be_changed() -> None:
    value: Any = response(novel=1)
    for change in (
        lambda: setattr(value, "id", "resp_2"),
        lambda: setattr(value, "unknown_fields", UNSET),
        lambda: value.unknown_fields.__setitem__("novel", 2),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()


def test_what_is_kept_gives_dicts_that_are_the_callers_own() -> None:
    kept_ = Kept({"a": 1})
    kept_.to_dict()["a"] = 2
    assert kept_ == {"a": 1}


def test_a_type_of_the_callers_own_can_be_made_of_wire_structs() -> None:
    codec = Codec[tuple[Message, ...]](tuple[Message | Unknown, ...])
    data = json.encode([{**message(), "novel": 1}, NOVEL])
    assert to_plain(codec.decode(data).unwrap()) == [{**message(), "novel": 1}, NOVEL]


def test_a_value_can_be_read_without_a_container() -> None:
    codec = BareCodec[Any](TextDeltaEvent)
    event = {"type": "response.output_text.delta", "item_id": "i", "output_index": 0, "content_index": 0, "delta": "hi"}
    assert codec.read(json.encode(event)) == decode_stream_event(json.encode(event)).unwrap()
    assert to_plain(codec.read(json.encode({**event, "novel": 1}))) == {**event, "novel": 1}
    assert str(codec.read(b"[]")) == "not understood at $: Expected `object`, got `array`"


def test_a_union_of_filters_is_open_at_every_depth() -> None:
    codec = Codec[Filter](Filter)
    nested = {
        "type": "and",
        "filters": [{"type": "eq", "key": "k", "value": 1, "boost": 2}, {"type": "near", "key": "k"}],
    }
    assert to_plain(codec.decode(json.encode(nested)).unwrap()) == nested


def test_a_success_is_what_its_constructor_would_make_of_the_value() -> None:
    # `Codec.decode` calls what the constructor of `Success` calls: should that do more one day, this is to be heard of.
    constructor: Any = vars(Success)["__init__"]
    assert constructor.__code__.co_names == ("super", "__init__")
    assert Success.__base__ is Result
    assert "__init__" not in vars(Result)
    decoded, made = Codec[int](int).decode(b"1"), Success(1)
    assert type(decoded) is type(made)
    assert (decoded, hash(decoded), repr(decoded)) == (made, hash(made), repr(made))
    assert pickle.dumps(decoded) == pickle.dumps(made)
