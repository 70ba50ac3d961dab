"""What does not fit its type is kept where it stands: the rest is typed as ever, and all comes out as it came."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, ValidationError, json
from msgspec.structs import replace

from puresponse.codecs import (
    ItemReference,
    Kept,
    LocalShellCall,
    Message,
    OutputText,
    Prompt,
    Reasoning,
    Response,
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
from puresponse.codecs.lossless.fitting import Misfit, fit
from puresponse.codecs.lossless.forms import form_of
from puresponse.codecs.lossless.one_more_field import read_but_one
from puresponse.codecs.lossless.wire import Displaced, Unfit, Untagged

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
    calls_for(10)
    assert calls_for(400) < 4.1 * calls_for(100)


WORDS = st.sampled_from(["a", "new", "id", "text", "usage", "status", "metadata", "b\\", 'c"', "é", "novel field"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "new", '"new":1,', "\\"]) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
SOMEWHERE = st.sampled_from(["", "output.0", "output.0.content.0", "metadata", "tools.0", "text", "tools.0.parameters"])


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
    payload: Any = {
        **LEAST,
        "output": [message(text(text='"new":1, \\"id\\":2'))],
        "metadata": {"a": "b"},
        "tools": [{"type": "function", "name": "f", "parameters": {"new": 1}, "strict": None}],
        "text": {"format": {"type": "text"}},
    }
    for word, held, place in ((name, value, where), *([second] if second else ())):
        payload = json.decode(json.encode(payload))
        target = payload
        for step in filter(None, place.split(".")):
            target = target[int(step)] if step.isdigit() else target[step]
        target.setdefault(word, held)
    data = json.encode(payload)
    data = json.format(data, indent=2) if indent else data
    strict = decoder_of(Response)
    try:
        strict(data)
    except ValidationError as refusal:
        quick = read_but_one(strict, data, refusal)
        try:
            fitted = fit(form_of(Response), decode_plain(data))
        except Misfit:
            assert quick is None
        else:
            assert quick is None or quick == fitted
            assert decode_response(data).unwrap() == fitted
            assert json.decode(encode(fitted)) == json.decode(data)
