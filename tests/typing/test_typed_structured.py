"""What a text or the arguments of a call are read into, as both type-checkers see it."""

from typing import Any, assert_type

from models import POINTS, Pet, Point
from msgspec import Struct
from pydantic import BaseModel
from returns.result import Result, Success

from puresponse import (
    DecodeError,
    Error,
    FunctionCall,
    HttpResponse,
    Operation,
    Parsed,
    Response,
    create_parsed_response,
    encode,
    parse_arguments,
    parse_output,
    run,
)


class Place(BaseModel):
    name: str


class City(Struct):
    name: str


BODY = (
    b'{"id": "r", "created_at": 1, "model": "m", "output": [{"type": "message", "role": "assistant",'
    b' "content": [{"type": "output_text", "annotations": [], "text": "{\\"name\\": \\"Oslo\\"}"}]}]}'
)
CALL = FunctionCall(name="f", call_id="call_1", arguments='{"name": "Oslo"}')


def test_a_parsed_response_has_the_type_of_the_model() -> None:
    assert_type(create_parsed_response(Place, model="m"), Operation[Parsed[Place]])
    assert_type(create_parsed_response(City, model="m"), Operation[Parsed[City]])
    assert_type(create_parsed_response(Pet, model="m"), Operation[Parsed[Pet]])
    assert_type(create_parsed_response(POINTS, model="m"), Operation[Parsed[list[Point]]])
    assert_type(create_parsed_response(list[City], model="m"), Operation[Parsed[list[City]]])
    parsed = run(create_parsed_response(Place, model="m"), lambda _: Success(HttpResponse(status=200, body=BODY)))
    value = assert_type(parsed.unwrap().value, Place)
    assert_type(value.name, str)
    assert value == Place(name="Oslo")
    response = assert_type(parsed.unwrap().response, Response)
    assert_type(parse_output(response, Place), Result[Place, Error])
    assert_type(parse_output(response, City), Result[City, Error])
    assert_type(parse_output(response, POINTS), Result[list[Point], Error])
    assert encode(response)


def test_arguments_have_the_type_of_the_model() -> None:
    assert_type(parse_arguments(CALL), Result[dict[str, Any], DecodeError])
    assert_type(parse_arguments(CALL, POINTS), Result[list[Point], DecodeError])
    assert_type(parse_arguments(CALL, City), Result[City, DecodeError])
    assert assert_type(parse_arguments(CALL, Place), Result[Place, DecodeError]) == Success(Place(name="Oslo"))
