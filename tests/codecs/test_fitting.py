"""What does not fit its type is kept where it stands: the rest is typed as ever, and all comes out as it came."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, MsgspecError, Struct, ValidationError, json
from msgspec.structs import asdict, replace

from puresponse.codecs import (
    DecodeError,
    ItemReference,
    Kept,
    LocalShellCall,
    Message,
    OutputText,
    Prompt,
    Reasoning,
    Response,
    StreamEvent,
    TextDeltaEvent,
    Unknown,
    decode,
    decode_input_items,
    decode_response,
    decode_stream_event,
    encode,
    to_plain,
)
from puresponse.codecs.lossless.big_numbers import decode_plain
from puresponse.codecs.lossless.building import decoder_of
from puresponse.codecs.lossless.codec import BareCodec
from puresponse.codecs.lossless.fitting import Misfit, fit
from puresponse.codecs.lossless.forms import Form, form_of
from puresponse.codecs.lossless.mismatch import UNKNOWN_FIELD, told
from puresponse.codecs.lossless.one_misfit import fit_one
from puresponse.codecs.lossless.one_more_field import read_but_one
from puresponse.codecs.lossless.wire import UNKNOWN_FIELDS, Displaced, Unfit, Untagged

LEAST: dict[str, Any] = {"id": "resp_1", "created_at": 1, "model": "gpt-5", "output": []}
DELTA: dict[str, Any] = {
    "type": "response.output_text.delta",
    "sequence_number": 4,
    "item_id": "msg_1",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hi",
    "logprobs": [],
}


def message(*content: Any, **members: Any) -> dict[str, Any]:
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content, **members}


def text(**members: Any) -> dict[str, Any]:
    return {"type": "output_text", "text": "Hi", "annotations": [], **members}


def parts_of(item: Message) -> tuple[Any, ...]:
    assert isinstance(item.content, tuple)
    return item.content


def read(**members: Any) -> Response:
    """A response with these members, which is written as it came."""
    payload = {**LEAST, **members}
    value = decode_response(json.encode(payload)).unwrap()
    assert json.decode(encode(value)) == json.decode(json.encode(payload))
    assert decode_response(encode(value)).unwrap() == value
    assert pickle.loads(pickle.dumps(value)) == value
    return value


@pytest.mark.parametrize(
    ("item", "mismatch"),
    [
        ({"type": "message"}, "$: Object missing required field `role`"),
        (message(role=1), "$.role: Expected `str`, got `int`"),
        (message(role=1, novel=1), "$.role: Expected `str`, got `int`"),
        (message(role=None), "$.role: Expected `str`, got `null`"),
        (message(5), "$.content[0]: Expected `object`, got `int`"),
        ({"type": "function_call", "id": "fc_1", "call_id": "c", "name": {}, "arguments": ""}, None),
    ],
)
def test_an_item_that_does_not_fit_is_an_unknown_that_says_why(item: dict[str, Any], mismatch: str | None) -> None:
    odd, good = read(output=[item, message()]).output
    assert isinstance(good, Message)
    assert isinstance(odd, Unknown)
    assert odd.raw.to_dict() == json.decode(json.encode(item))
    assert (odd.type, odd.id) == (item["type"], item.get("id"))
    assert odd.mismatch == (mismatch or "$.name: Expected `str`, got `object`")


def instructions_of(*items: Any) -> tuple[Any, ...]:
    instructions = read(instructions=items).instructions
    assert isinstance(instructions, tuple)
    return instructions


@pytest.mark.parametrize("more", [{}, {"new": 1}])
def test_an_object_whose_type_is_null_is_known_by_its_fields(more: dict[str, Any]) -> None:
    (reference,) = instructions_of({"type": None, "id": "msg_1", **more})
    assert isinstance(reference, ItemReference)
    assert reference.unknown_fields == {"type": None, **more}
    (odd,) = instructions_of({"type": 5, "id": "msg_1", **more})
    assert isinstance(odd, Unknown)
    assert odd.mismatch == "$.type: Expected `str`, got `int`"


def test_an_unknown_type_has_no_mismatch() -> None:
    (item,) = read(output=[{"type": "new", "id": "n_1"}]).output
    assert isinstance(item, Unknown)
    assert item.mismatch is None


def test_what_does_not_fit_is_kept_in_the_innermost_place() -> None:
    (item,) = read(
        output=[message(text(annotations=[{"type": "file_citation", "index": "x"}]), {"type": "refusal"})]
    ).output
    assert isinstance(item, Message)
    part, refusal = parts_of(item)
    assert isinstance(part, OutputText)
    assert part.annotations
    assert isinstance(refusal, Unknown)
    (annotation,) = part.annotations
    assert isinstance(annotation, Unknown)
    assert annotation.mismatch is not None


AMISS: list[tuple[str, Any]] = [
    ("reasoning", "Okay, ..."),
    ("usage", {"input_tokens": 1, "output_tokens": 2}),
    ("usage", {"input_tokens": "1"}),
    ("status", 3),
    ("background", "true"),
    ("tools", [5]),
    ("tools", {"a": 1}),
    ("max_output_tokens", 3.5),
    ("max_output_tokens", "3"),
    ("text", [{}]),
    ("instructions", 7),
]


@pytest.mark.parametrize(("field", "held"), AMISS)
def test_an_optional_field_that_holds_what_does_not_fit_is_absent_and_kept(field: str, held: Any) -> None:
    value = read(**{field: held}, temperature=1.0)
    assert getattr(value, field) is UNSET
    assert value.unknown_fields == {field: held}
    assert value.temperature == 1.0


def test_it_is_kept_beside_fields_that_nobody_names() -> None:
    value = read(novel=1, reasoning="text", other={"a": [1]}, usage=3)
    assert value.unknown_fields == {"novel": 1, "other": {"a": [1]}, "reasoning": "text", "usage": 3}
    odd = decode("InputItem", b'{"role": "user", "content": "hi", "status": 3, "new": 1}').unwrap()
    assert isinstance(odd, Message)
    assert json.decode(encode(odd)) == {"role": "user", "content": "hi", "status": 3, "new": 1}


@pytest.mark.parametrize(
    ("metadata", "fits"),
    [
        ({"a": "b", "c": 1}, {"a": "b"}),
        ({"a": 1}, {}),
        ({"c d": [], "": "x", 'e"': None}, {"": "x"}),
    ],
)
def test_an_entry_of_a_map_that_does_not_fit_is_kept_and_the_others_stay(
    metadata: dict[str, Any], fits: dict[str, str]
) -> None:
    value = read(metadata=metadata)
    assert value.metadata == fits
    assert value.unknown_fields == {"metadata": {key: held for key, held in metadata.items() if key not in fits}}


def test_an_entry_of_a_map_of_objects_is_fitted_like_any_object() -> None:
    parts = {
        "a": "b",
        "c": {"type": "input_text", "text": 1},
        "d": 5,
        "e": {"type": "input_text", "text": "hi", "n": 1},
    }
    prompt = read(prompt={"id": "p", "variables": parts}).prompt
    assert isinstance(prompt, Prompt)
    assert prompt.unknown_fields == {"variables": {"d": 5}}
    assert prompt.variables
    assert prompt.variables["a"] == "b"
    assert isinstance(prompt.variables["c"], Unknown)


def test_a_map_that_must_be_there_has_what_fits() -> None:
    action = {"type": "exec", "command": ["ls"], "env": {"newThing": True, "A": "b"}}
    data = json.encode(
        {"id": "sh_1", "type": "local_shell_call", "call_id": "c", "status": "completed", "action": action}
    )
    item = decode("ItemResource", data).unwrap()
    assert isinstance(item, LocalShellCall)
    assert item.action.env == {"A": "b"}
    assert item.action.unknown_fields == {"env": {"newThing": True}}
    assert json.decode(encode(item)) == json.decode(data)


@pytest.mark.parametrize("number", ["3.0", "3e0", "30e-1", "-0.0", "1e3"])
def test_a_number_without_a_fraction_is_an_integer(number: str) -> None:
    data = b'{"id":"r","created_at":1,"model":"m","output":[],"max_output_tokens":%b}' % number.encode()
    value = decode_response(data).unwrap()
    assert type(value.max_output_tokens) is int
    assert value.max_output_tokens == float(number)
    assert value.unknown_fields is UNSET


def test_a_list_of_such_numbers_is_one_of_integers() -> None:
    logprob = {"token": "Hi", "logprob": -1, "bytes": [72.0, 105], "top_logprobs": []}
    event = decode_stream_event(
        json.encode({**DELTA, "type": "response.output_text.delta", "output_index": 2.0})
    ).unwrap()
    assert isinstance(event, TextDeltaEvent)
    assert event.output_index == 2
    (item,) = read(output=[message(text(logprobs=[logprob, logprob]))]).output
    assert isinstance(item, Message)
    (part,) = parts_of(item)
    assert isinstance(part, OutputText)
    assert part.logprobs
    assert part.logprobs[0].bytes == (72, 105)


def test_an_event_that_does_not_fit_is_an_unknown_event() -> None:
    event = decode_stream_event(json.encode({**DELTA, "delta": 5})).unwrap()
    assert isinstance(event, Unknown)
    assert event.type == "response.output_text.delta"
    assert event.mismatch == "$.delta: Expected `str`, got `int`"


def test_a_field_that_is_set_later_is_written_and_what_was_kept_for_it_is_not() -> None:
    value = read(novel=1, reasoning="text", usage=3)
    written = encode(replace(value, reasoning=Reasoning(effort="low")))
    assert written.count(b'"reasoning"') == 1
    assert json.decode(written) == {**LEAST, "novel": 1, "usage": 3, "reasoning": {"effort": "low"}}
    null = encode(replace(value, reasoning=None))
    assert json.decode(null)["reasoning"] is None
    assert null.count(b'"reasoning"') == 1


def test_a_map_that_is_set_later_keeps_the_entries_that_did_not_fit_but_for_those_that_it_has() -> None:
    value = read(metadata={"a": 1, "b": [2], "c": "d"})
    written = encode(replace(value, metadata={"a": "set", "e": "f"}))
    assert json.decode(written)["metadata"] == {"a": "set", "b": [2], "e": "f"}
    assert written.count(b'"a"') == 1
    assert json.decode(encode(replace(value, metadata={})))["metadata"] == {"a": 1, "b": [2]}
    assert json.decode(encode(replace(value, metadata=None)))["metadata"] is None
    assert json.decode(encode(replace(value, metadata=UNSET)))["metadata"] == {"a": 1, "b": [2]}


def test_what_stands_in_other_objects_is_not_taken_for_a_field_that_is_set() -> None:
    tool = {"type": "function", "name": "f", "parameters": {"usage": {"usage": 1}}, "reasoning": 1}
    value = read(usage=3, tools=[tool], output=[message(text(usage=1, logprobs=7), status=2)])
    assert value.unknown_fields == {"usage": 3}


def test_what_is_kept_knows_itself_again() -> None:
    value = read(reasoning="text", output=[{"type": "message", "role": 1}])
    assert isinstance(value.unknown_fields, Displaced)
    (item,) = value.output
    assert isinstance(item, Unknown)
    assert isinstance(item.raw, Unfit)
    assert item.raw != Kept(item.raw)
    assert to_plain(value) == {**LEAST, "output": [{"type": "message", "role": 1}], "reasoning": "text"}
    with pytest.raises(TypeError, match="raw: expected a Kept, got Untagged"):
        Unknown(Untagged({}))


def test_of_members_that_are_sent_twice_the_last_one_counts() -> None:
    for first in ('"x"', "[1]", '{"input_tokens":1}'):
        data = b'{"id":"r","created_at":1,"model":"m","output":[],"status":7,"usage":%b,"usage":null,"status":"failed"}'
        value = decode_response(data % first.encode()).unwrap()
        assert (value.usage, value.status, value.unknown_fields) == (None, "failed", UNSET)


def calls_for(count: int) -> int:
    """How many functions are called to read and write a page of so many items, of which half do not fit."""
    odd = [
        message(text(annotations=[{"type": "url_citation", "url": 3}]), role=number % 2 or "user")
        for number in range(count)
    ]
    data = json.encode({"data": odd})
    calls = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        page = decode_input_items(data).unwrap()
        encode(page)
    finally:
        sys.setprofile(None)
    assert sum(isinstance(item, Unknown) for item in page.data) == count // 2
    return calls


def test_many_misfits_take_as_much_work_as_there_are() -> None:
    calls_for(100)  # which builds what it takes
    assert calls_for(400) < 4.1 * calls_for(100)


WORDS = st.sampled_from(["a", "new", "id", "text", "usage", "status", "metadata", "b\\", 'c"', "é", "novel field"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "new", '"new":1,', "\\"]) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
SOMEWHERE = st.sampled_from(["", "output.0", "output.0.content.0", "metadata", "tools.0", "text", "tools.0.parameters"])
WHOLE: dict[str, Any] = {
    **LEAST,
    "output": [message(text(text='"new":1, \\"id\\":2'))],
    "metadata": {"a": "b"},
    "tools": [{"type": "function", "name": "f", "parameters": {"new": 1}, "strict": None}],
    "text": {"format": {"type": "text"}},
}


def at(payload: Any, place: str) -> Any:
    """The object of a payload at that place."""
    for step in filter(None, place.split(".")):
        payload = payload[int(step)] if step.isdigit() else payload[step]
    return payload


def same(quick: Any, fitted: Any) -> bool:
    """Whether two values are alike, and so are the reasons why something in them does not fit."""
    return bool(quick == fitted) and repr(quick) == repr(fitted) and encode(quick) == encode(fitted)


def agrees(shape: Any, data: bytes) -> None:
    """What is read at once, of what strict decoding refuses, is what is fitted, or None; and so is what is decoded."""
    strict, form = decoder_of(shape), form_of(shape)
    try:
        strict(data)
    except ValidationError as refusal:
        said = told(refusal)
        reading = BareCodec[Any](shape).read(data)
        quick = [fit_one(form, data, said)]
        if said[0] == UNKNOWN_FIELD:
            quick.append(read_but_one(strict, data, said))
        fitted = fitted_or_misfit(form, data)
        if isinstance(fitted, Misfit):
            assert quick.count(None) == len(quick)
            assert (reading.path, reading.reason) == fitted.explained()
            return
        assert all(value is None or same(value, fitted) for value in quick)
        assert same(reading, fitted)
        assert reasons(reading) == reasons(fitted)
        assert json.decode(encode(fitted)) == json.decode(data)


def fitted_or_misfit(form: Form, data: bytes) -> Any:
    """What is fitted with no more to go by than the payload."""
    try:
        return fit(form, decode_plain(data))
    except Misfit as misfit:
        return misfit


def reasons(value: Any) -> list[str]:
    """Why what is in a value does not fit, in the order of the value's members."""
    if isinstance(value, Unknown):
        return [value.mismatch or ""]
    members: list[Any] = []
    if isinstance(value, Struct):
        members += asdict(value).values()
    elif isinstance(value, tuple):
        members += value
    return [reason for member in members for reason in reasons(member)]


@settings(max_examples=300, deadline=None)
@given(
    name=WORDS,
    value=VALUES,
    where=SOMEWHERE,
    second=st.none() | st.tuples(WORDS, VALUES, SOMEWHERE),
    indent=st.booleans(),
)
@example(name="new", value=None, where="output.0.content.0", second=None, indent=False)
@example(name="new", value=1, where="tools.0.parameters", second=("new", 2, "tools.0"), indent=True)
def test_one_field_more_is_read_as_what_is_fitted(
    *, name: str, value: Any, where: str, second: tuple[str, Any, str] | None, indent: bool
) -> None:
    payload = json.decode(json.encode(WHOLE))
    for word, held, place in ((name, value, where), *([second] if second else ())):
        at(payload, place).setdefault(word, held)
    data = json.encode(payload)
    agrees(Response, json.format(data, indent=2) if indent else data)


@pytest.mark.parametrize(
    "value", ["null", "1", '"a"', "true", '{"a": [1, {"b": "}"}]}', "[[], 2]", "1e400", "{}", " null "]
)
@pytest.mark.parametrize("end", ["", " ", "1", "x", '"', "]", "}", ",", ",,", ' , "id" : "r"', ':"a"'])
def test_what_follows_a_field_more_is_read_as_strictly_as_ever(value: str, end: str) -> None:
    for before in ("", '"created_at":1,"model":"m","output":[],"id":"r","max_output_tokens":1,'):
        after = "" if before else ',"created_at":1,"model":"m","output":[],"id":"r","max_output_tokens":1'
        text = f'{{{before}"new":{value}{end}{after}}}'
        result = decode_response(text.encode())
        try:
            expected = decode_plain(text.encode())
        except MsgspecError:
            assert isinstance(result.failure(), DecodeError)
        else:
            assert decode_plain(encode(result.unwrap())) == expected


ITEM = {"type": "response.output_item.done", "sequence_number": 1, "output_index": 0, "item": WHOLE["output"][0]}
OBJECTS = [
    "",
    "output.0",
    "output.0.content.0",
    "text",
    "text.format",
    "tools.0",
    "usage",
    "usage.input_tokens_details",
]
USAGE = {
    "input_tokens": 1,
    "output_tokens": 2,
    "total_tokens": 3,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 0},
}
ODD = VALUES | st.sampled_from([3.0, "response.output_text.delta", UNKNOWN_FIELDS, [1.0], [{}], [{"type": "new"}]])
CHANGES = st.lists(st.tuples(st.integers(0, 40), ODD, st.sampled_from(["set", "set", "drop"])), min_size=1, max_size=2)


@settings(max_examples=600, deadline=None)
@given(where=st.sampled_from(OBJECTS), changes=CHANGES)
@example(where="usage", changes=[(0, "x", "set")])
@example(where="usage.input_tokens_details", changes=[(0, "x", "set")])
@example(where="output.0.content.0", changes=[(0, "new", "set")])
@example(where="output.0", changes=[(0, None, "set")])
@example(where="output.0", changes=[(0, None, "drop")])
def test_what_does_not_fit_is_read_at_once_as_what_is_fitted(where: str, changes: list[tuple[int, Any, str]]) -> None:
    payload = json.decode(json.encode({**WHOLE, "usage": USAGE}))
    change(at(payload, where), changes)
    agrees(Response, json.encode(payload))


@settings(max_examples=600, deadline=None)
@given(event=st.sampled_from([DELTA, ITEM]), where=st.sampled_from(["", "item", "item.content.0"]), changes=CHANGES)
@example(event=DELTA, where="", changes=[(5, 3, "set")])
@example(event=DELTA, where="", changes=[(1, 3.0, "set")])
@example(event=ITEM, where="item", changes=[(2, 3, "set")])
def test_an_event_that_does_not_fit_is_read_at_once_as_what_is_fitted(
    event: dict[str, Any], where: str, changes: list[tuple[int, Any, str]]
) -> None:
    payload = json.decode(json.encode(event))
    change(at(payload, where if "item" in event else ""), changes)
    agrees(StreamEvent, json.encode(payload))


WITH_USAGE: dict[str, Any] = {**WHOLE, "output": [message(text())], "usage": USAGE}


@pytest.mark.parametrize("value", [None, 1, "a", {"b": [1, "}"]}, []])
@pytest.mark.parametrize("place", OBJECTS)
@pytest.mark.parametrize("is_first", [False, True])
def test_one_field_more_is_read_at_once_wherever_it_is(place: str, value: Any, *, is_first: bool) -> None:
    payload = json.decode(json.encode(WITH_USAGE))
    holder = at(payload, place)
    own = dict(holder)
    holder.clear()
    holder.update({"novel": value, **own} if is_first else {**own, "novel": value})
    one_misfit, one_more_field = read_at_once(Response, payload)
    assert same(one_misfit, one_more_field)
    member: Any = one_more_field
    for step in filter(None, place.split(".")):
        member = member[int(step)] if step.isdigit() else getattr(member, step)
    assert member.unknown_fields == {"novel": value}


@pytest.mark.parametrize(
    ("place", "wrong", "missing"),
    [
        ("", {"metadata": 3, "tools": "x", "text": [], "usage": {}}, ""),
        ("output.0", {"type": "x", "id": 3, "role": [], "status": {}, "content": 3}, "role content"),
        ("output.0.content.0", {"type": 3, "text": {}, "annotations": "x"}, "text"),
        ("text", {"format": "x"}, ""),
        ("text.format", {"type": "x"}, ""),
        ("tools.0", {"type": 3, "name": [], "parameters": 3, "strict": "x"}, "name"),
        ("usage", {"input_tokens": "x", "output_tokens": [], "input_tokens_details": 3}, "total_tokens"),
        ("usage.input_tokens_details", {"cached_tokens": "x"}, ""),
    ],
)
def test_one_thing_amiss_in_a_response_is_read_at_once(place: str, wrong: dict[str, Any], missing: str) -> None:
    for payload in one_amiss(WITH_USAGE, place, wrong, missing):
        read_at_once(Response, payload)


@pytest.mark.parametrize(
    ("event", "place", "wrong", "missing"),
    [
        (DELTA, "", {"type": "x", "sequence_number": "x", "item_id": 3, "delta": [], "logprobs": 3}, "delta item_id"),
        (ITEM, "", {"type": 3, "output_index": "x", "item": 3}, "type item"),
        (ITEM, "item", {"type": "x", "id": 3, "role": [], "status": {}, "content": 3}, "role content"),
        (ITEM, "item.content.0", {"type": 3, "text": {}, "annotations": "x"}, "text"),
    ],
)
def test_one_thing_amiss_in_an_event_is_read_at_once(
    event: dict[str, Any], place: str, wrong: dict[str, Any], missing: str
) -> None:
    for payload in one_amiss(event, place, wrong, missing):
        read_at_once(StreamEvent, payload)


def one_amiss(whole: dict[str, Any], place: str, wrong: dict[str, Any], missing: str) -> list[Any]:
    """Payloads, each with one thing amiss: a field that holds what does not fit, or a field fewer."""
    payloads: list[Any] = []
    for name in (*wrong, *missing.split()):
        payload = json.decode(json.encode(whole))
        target = at(payload, place)
        if len(payloads) < len(wrong):
            target[name] = wrong[name]
        else:
            del target[name]
        payloads.append(payload)
    return payloads


def read_at_once(shape: Any, payload: Any) -> list[Any]:
    """What is read without fitting, by each way that there is: it is there, and it is what fitting gives."""
    data, strict, form = json.encode(payload), decoder_of(shape), form_of(shape)
    with pytest.raises(ValidationError) as refusal:
        strict(data)
    said = told(refusal.value)
    quick = [fit_one(form, data, said)]
    if said[0] == UNKNOWN_FIELD:
        quick.append(read_but_one(strict, data, said))
    fitted = fit(form, decode_plain(data))
    for value in quick:
        assert same(value, fitted)
        assert reasons(value) == reasons(fitted)
    return quick


def change(target: dict[str, Any], changes: list[tuple[int, Any, str]]) -> None:
    """Set members of an object, or take them away, by their number."""
    for number, held, how in changes:
        names = list(target)
        name = names[number % len(names)] if names else "new"
        if how == "set":
            target[name] = held
        else:
            target.pop(name, None)


TWICE = [
    b'{"delta":3,"delta":"Hi"}',
    b'{"delta":"Hi","delta":3}',
    b'{"delta":3,"delta":null}',
    b'{"new":1,"new":2}',
    b'{"new":1,"(unknown fields)":2}',
    b'{"(unknown fields)":{},"delta":3}',
    b'{"logprobs":3,"(unknown fields)":2}',
    b'{"item_id":1,"delta":3,"item_id":"a"}',
]


@pytest.mark.parametrize("members", TWICE)
def test_of_an_event_whose_members_are_sent_twice_the_last_ones_are_read(members: bytes) -> None:
    agrees(StreamEvent, json.encode(DELTA)[:-1] + b"," + members[1:])
    agrees(StreamEvent, members[:-1] + b"," + json.encode(DELTA)[1:])


ODD_ITEMS: list[Any] = [
    message(),
    message(role=1),
    message(status=3),
    message(text(text=3)),
    {"type": "message"},
    {"type": "new"},
    {"role": 1},
    [],
    5,
    None,
]
MORE = [message(new=1), message(text(new=3))]
"""What is more in an object that does not count may be kept in the one that does: see `one_more_field.py`."""


@pytest.mark.parametrize("first", ODD_ITEMS)
@pytest.mark.parametrize("second", [*ODD_ITEMS, *MORE])
def test_of_objects_that_are_sent_twice_the_last_one_is_read(first: Any, second: Any) -> None:
    event = json.encode({**ITEM, "item": second})
    agrees(StreamEvent, b'{"item":%b,%b' % (json.encode(first), event[1:]))
    response = json.encode({**WHOLE, "output": [message(), second]})
    agrees(Response, b'{"output":%b,%b' % (json.encode([message(), first]), response[1:]))


@pytest.mark.parametrize("first", MORE)
@pytest.mark.parametrize("second", [*ODD_ITEMS, *MORE])
def test_of_objects_with_more_that_are_sent_twice_one_is_read(first: Any, second: Any) -> None:
    event = json.encode({**ITEM, "item": second})
    decode_stream_event(b'{"item":%b,%b' % (json.encode(first), event[1:]))
    BareCodec[Any](StreamEvent).read(b'{"item":%b,%b' % (json.encode({**first, "new": {"a": 1}}), event[1:]))


def test_a_byte_order_mark_before_an_event_is_no_misfit() -> None:
    event = decode_stream_event(b"\xef\xbb\xbf" + json.encode(DELTA)).unwrap()
    assert isinstance(event, TextDeltaEvent)
    odd = decode_stream_event(b"\xef\xbb\xbf" + json.encode({**DELTA, "delta": 3})).unwrap()
    assert isinstance(odd, Unknown)
    assert odd.mismatch == "$.delta: Expected `str`, got `int`"
