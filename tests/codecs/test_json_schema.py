"""The JSON Schema of the structs says what decoding takes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from msgspec import Struct, json
from recorded import PLAIN, Body
from returns.result import Success
from specification import SCHEMAS, Maker

from puresponse.codecs import SCHEMAS as TYPES
from puresponse.codecs import Filter, InputItem, Message, Response, decode, json_schema
from puresponse.codecs.lossless.plain import is_object

Validator: Any = import_module("jsonschema").Draft202012Validator
"""The package comes without types."""

LEAST: dict[str, Any] = {"id": "resp_1", "created_at": 1, "model": "gpt-5", "output": []}
VALIDATORS: dict[str, Any] = {}


def validator(schema: str) -> Any:
    if schema not in VALIDATORS:
        VALIDATORS[schema] = Validator(json_schema(TYPES[schema]))
    return VALIDATORS[schema]


CHECKED: dict[str, Any] = {}
"""Definitions that are valid: most schemas share them, and each is checked once."""


def check(schema: dict[str, Any]) -> None:
    """Fail unless a schema is one, as the specification of JSON Schema has it."""
    definitions = {name: one for name, one in schema["$defs"].items() if CHECKED.get(name) != one}
    Validator.check_schema({**schema, "$defs": definitions})
    CHECKED.update(definitions)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_type_has_a_schema_which_takes_what_the_specification_takes(schema: str) -> None:
    check(validator(schema).schema)
    for seed in range(3):
        payload = Maker(seed).make(SCHEMAS[schema], 4)
        if not _lacks_a_type(payload):
            assert [error.message for error in validator(schema).iter_errors(payload)] == []


def _lacks_a_type(payload: Any) -> bool:
    return is_object(payload) and payload.get("type") is None and ("role" in payload or "id" in payload)


@pytest.mark.parametrize(("record", "body"), [(name, body) for name, body in PLAIN if body.schema == "Response"][::7])
def test_recorded_responses_fit_the_schema(record: str, body: Body) -> None:
    assert [error.message for error in validator("Response").iter_errors(body.body)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"novel": 1},
        {"output": [{"type": "new", "a": 1}]},
        {"output": [{"type": "message", "role": "user", "content": "hi", "novel": 1}]},
        {"output": [5]},
        {"model": 1},
        {"status": "hibernating"},
        {"metadata": {"a": "b"}},
    ],
)
def test_it_takes_what_decoding_takes_and_nothing_else(change: dict[str, Any]) -> None:
    payload = {**LEAST, **change}
    fits = validator("Response").is_valid(payload)
    assert fits == isinstance(decode("Response", json.encode(payload)), Success)


@pytest.mark.parametrize("change", [{"output": [{"type": "message"}]}, {"metadata": {"a": 1}}, {"usage": 3}])
def test_what_decoding_keeps_because_it_does_not_fit_does_not_fit_the_schema(change: dict[str, Any]) -> None:
    payload = {**LEAST, **change}
    assert isinstance(decode("Response", json.encode(payload)), Success)
    assert not validator("Response").is_valid(payload)


def test_what_is_of_a_type_that_is_known_does_not_fit_as_one_that_is_unknown() -> None:
    schema = Validator(json_schema(Filter))
    assert schema.is_valid({"type": "eq", "key": "size", "value": 1})
    assert schema.is_valid({"type": "new"})
    assert not schema.is_valid({"type": "eq"})


def test_nothing_of_the_librarys_own_is_in_it() -> None:
    for shape in (Response, InputItem, Filter):
        written = json.encode(json_schema(shape)).decode()
        assert "unknown_fields" not in written
        assert "(unknown)" not in written


def test_it_describes_the_struct() -> None:
    schema = json_schema(Message)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$ref"] == "#/$defs/Message"
    assert schema["$defs"]["Message"]["description"].startswith("A message to or from the model.\n\nSchemas")
    assert schema["$defs"]["Message"]["required"] == ["type", "role", "content"]


def test_a_struct_of_the_callers_own_stays_as_it_is() -> None:
    class Order(Struct, forbid_unknown_fields=True):
        description: str
        message: Message

    schema = json_schema(Order)
    assert schema["$defs"]["Order"]["additionalProperties"] is False
    assert schema["$defs"]["Order"]["properties"]["description"] == {"type": "string"}


def test_what_has_no_schema_is_a_bug() -> None:
    with pytest.raises(TypeError):
        json_schema(complex)
