"""What most readers of a response want of it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, json
from recorded import RECORDED, read
from returns.result import Success

from puresponse.codecs import (
    FunctionCall,
    MCPCall,
    Response,
    decode_response,
    function_calls,
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
