"""What most readers of a response want of it."""

from __future__ import annotations

import inspect
from typing import Any

from msgspec import UNSET, Struct, json
from msgspec.structs import fields, replace
from openai.types import responses as official
from recorded import PLAIN, RECORDED, STREAMS, read
from returns.result import Success

from puresponse import codecs
from puresponse.codecs import (
    FunctionCall,
    MCPCall,
    Response,
    StreamDecoder,
    StreamEvent,
    Unknown,
    Wire,
    decode_response,
    encode,
    function_calls,
    json_schema,
    output_text,
    parse_arguments,
    reasoning_summaries,
    refusal,
)


def response(*output: Any) -> Response:
    return decode_response(json.encode({"id": "r", "created_at": 1, "model": "m", "output": output})).unwrap()


def message(*parts: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": list(parts)}


def text(words: str) -> dict[str, Any]:
    return {"type": "output_text", "text": words}


def recorded(record: str) -> Response:
    value: Response = next(read(body) for body in RECORDED[record] if body.schema == "Response")
    return value


def test_the_output_text_is_all_that_the_model_wrote_in_order() -> None:
    several = response(
        message(text("a"), {"type": "refusal", "refusal": "no"}, {"type": "reasoning_text", "text": "hm"}, text("b")),
        {"type": "new"},
        message(text("c")),
    )
    assert output_text(several) == "abc"
    assert output_text(response()) == ""
    assert output_text(recorded("ResponsesTests.OutputTextMethod")) != ""


def test_the_output_text_is_read_wherever_the_model_wrote_it() -> None:
    """Some servers send a text as the content, or leave out what a message must have."""
    assert output_text(response({"type": "message", "role": "assistant", "content": "whole"})) == "whole"
    without_role = {"type": "message", "content": [text("a"), {"type": "refusal", "refusal": "no"}, text("b"), 5, {}]}
    odd = response(
        without_role, {"type": "message", "content": 5}, {"type": "new", "content": [text("no")]}, without_role
    )
    assert {type(item) for item in odd.output} == {Unknown}
    assert output_text(odd) == "abab"


def recorded_responses() -> list[Any]:
    """Every response that was recorded, as JSON: bodies, and those of events."""
    streamed = [json.decode(encode(event)) for stream in STREAMS.values() for event in events_of(stream)]
    whole = [body.body for _, body in PLAIN if body.schema == "Response"]
    return whole + [event["response"] for event in streamed if "response" in event]


def events_of(stream: str) -> tuple[StreamEvent, ...]:
    return StreamDecoder().feed(stream.encode())[1]


def test_the_output_text_is_that_of_the_official_client() -> None:
    payloads = recorded_responses()
    ours = [decode_response(json.encode(payload)).unwrap().output_text for payload in payloads]
    assert ours == [official.Response.construct(**payload).output_text for payload in payloads]
    assert len(payloads) > 50
    assert sum(map(bool, ours)) > 20


def test_a_field_that_is_sent_under_the_name_of_the_text_comes_out_as_it_came() -> None:
    payload = {"id": "r", "created_at": 1, "model": "m", "output": [message(text("written"))], "output_text": "sent"}
    value = decode_response(json.encode(payload)).unwrap()
    assert (value.output_text, value.sent_output_text, value.unknown_fields) == ("written", "sent", UNSET)
    assert json.decode(encode(value)) == payload
    without = replace(value, sent_output_text=UNSET)
    assert without != value
    assert json.decode(encode(without)) == {name: held for name, held in payload.items() if name != "output_text"}
    assert "output_text" not in {field.name for field in fields(Response)}
    assert json_schema(Response)["$defs"]["Response"]["properties"]["output_text"]
    odd = decode_response(json.encode({**payload, "output_text": ["sent"]})).unwrap()
    assert (odd.output_text, odd.sent_output_text) == ("written", UNSET)
    assert odd.unknown_fields == {"output_text": ["sent"]}


FUNCTIONS = {"function_calls": function_calls, "output_text": output_text, "reasoning_summaries": reasoning_summaries}


def properties_of(struct: type[Wire]) -> set[str]:
    return {name for name, value in inspect.getmembers_static(struct) if isinstance(value, property)}


def test_each_property_of_a_response_is_what_the_function_of_that_name_returns() -> None:
    assert properties_of(Response) == FUNCTIONS.keys()
    for payload in recorded_responses():
        value = decode_response(json.encode(payload)).unwrap()
        for name, function in FUNCTIONS.items():
            assert getattr(value, name) == function(value)


def test_no_property_has_the_name_of_a_field_of_any_struct() -> None:
    """But for one, whose field has another name: a name says one thing, whatever it is asked of."""
    public = [getattr(codecs, name) for name in vars(codecs)["__all__"]]
    structs = [value for value in public if inspect.isclass(value) and issubclass(value, Wire)]
    fields_of_all = {name for struct in structs for name in struct.__struct_fields__}
    names_in_json = {name for struct in structs for name in struct.__struct_encode_fields__}
    properties = {name for struct in structs for name in properties_of(struct)}
    assert properties == {"body", "parts", *FUNCTIONS}
    assert properties & fields_of_all == set()
    assert properties & names_in_json == {"output_text"}
    assert {"text", "refusal"} <= names_in_json


def test_a_refusal_is_in_the_models_words_or_none() -> None:
    assert refusal(response(message({"type": "refusal", "refusal": "I cannot."}))) == "I cannot."
    assert refusal(response(message(text("Sure.")))) is None


def test_the_summaries_of_the_reasoning_are_its_parts() -> None:
    parts = [{"type": "summary_text", "text": "first"}, {"type": "new"}, {"type": "summary_text", "text": "then"}]
    assert reasoning_summaries(response({"type": "reasoning", "id": "r", "summary": parts})) == ("first", "then")
    assert reasoning_summaries(response(message(text("Sure.")))) == ()


def test_function_calls_come_with_their_arguments() -> None:
    ((call, arguments),) = function_calls(recorded("ResponsesTests.FunctionCallWorks"))
    assert isinstance(call, FunctionCall)
    assert arguments == Success(json.decode(call.arguments))


def test_arguments_that_are_no_json_are_an_error_value() -> None:
    calls = [{"type": "function_call", "call_id": "c", "name": "f", "arguments": words} for words in ('{"a"', "[]", "")]
    errors = [arguments.failure() for _, arguments in function_calls(response(*calls))]
    assert [error.reason for error in errors] == [
        "Input data was truncated",
        "Expected `object`, got `array`",
        "expected JSON, got nothing",
    ]
    assert errors[0].body == b'{"a"'


class Weather(Struct):
    city: str
    days: int = 1


def test_arguments_can_be_read_into_a_type() -> None:
    call = FunctionCall(call_id="c", name="f", arguments='{"city": "Zürich", "unit": "C"}')
    assert parse_arguments(call, Weather) == Success(Weather("Zürich"))
    bad = MCPCall(server_label="s", name="f", arguments='{"city": 1}')
    assert parse_arguments(bad, Weather).failure().path == "$.city"
