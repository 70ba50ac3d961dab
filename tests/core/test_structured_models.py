"""pydantic models as structured output: read by their own methods, whatever they raise is a `DecodeError`."""

from __future__ import annotations

import asyncio
import datetime as dt
import pickle
from typing import Annotated, Any

import models as m
import pydantic
import pytest
from answers import answer, error_of, message, replying, request_of, saying
from hypothesis import given, settings
from hypothesis import strategies as st
from interpreters import modules_after
from msgspec import json
from pydantic import TypeAdapter
from returns.result import Success

from puresponse import (
    DecodeError,
    FunctionCall,
    Operation,
    Parsed,
    Send,
    create_parsed_response,
    create_response,
    in_threads,
    is_failure,
    load_operation,
    parse_arguments,
    parse_output,
    run,
    run_async,
    save_checkpoint,
    succeed,
    text_format_of,
)

TEXT = "$.output[0].content[0].text"

CAT = m.Cat(kind="cat", lives=9)


# --- the value ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "said", "value"),
    [
        (m.Point, '{"x": 1, "y": 2}', m.Point(x=1, y=2)),
        (m.Named, '{"name": "n", "nickName": "k", "count": null}', m.Named(name="n", nickName="k")),
        (m.Told, '{"pet": {"kind": "cat", "lives": 9}, "all": []}', m.Told(pet=CAT, all=[])),
        (m.Integers, '{"value": [1, 2]}', m.Integers([1, 2])),
        (m.Pet, '{"value": {"kind": "cat", "lives": 9}}', m.Pet(CAT)),
        (m.Wrapper, '{"x": 1, "y": 2}', m.Wrapper(m.Point(x=1, y=2))),
        (m.POINTS, '{"value": [{"x": 1, "y": 2}]}', [m.Point(x=1, y=2)]),
        (m.RECORD, '{"x": 6, "point": {"x": 1, "y": 2}}', m.Record(6, m.Point(x=1, y=2))),
        (m.Strict, '{"day": "2026-11-26", "count": 1}', m.Strict(day=dt.date(2026, 11, 26), count=1)),
        (m.Aliased, '{"FIRST": 1, "second": 2}', m.Aliased.model_validate({"FIRST": 1, "two": 2})),
        (m.Box[m.Color], '{"content": "red"}', m.Box[m.Color](content=m.Color.RED)),
        (m.Defaults, "{}", m.Defaults()),
        (TypeAdapter(int | None), '{"value": null}', None),
    ],
    ids=repr,
)
def test_the_text_becomes_a_value_of_the_model(model: Any, said: str, value: Any) -> None:
    assert parse_output(saying(said), model) == Success(value)
    assert run(create_parsed_response(model, model="m"), replying(saying(said))) == Success(
        Parsed(saying(said), value),
    )


@pytest.mark.parametrize(
    ("model", "arguments", "value"),
    [
        (m.Point, '{"x": 1, "y": 2}', m.Point(x=1, y=2)),
        (m.POINTS, '[{"x": 1, "y": 2}]', [m.Point(x=1, y=2)]),
        (m.RECORD, '{"x": 6, "point": {"x": 1, "y": 2}}', m.Record(6, m.Point(x=1, y=2))),
    ],
)
def test_arguments_become_a_value_of_the_model(model: Any, arguments: str, value: Any) -> None:
    assert parse_arguments(calling(arguments), model) == Success(value)


def calling(arguments: Any) -> FunctionCall:
    return FunctionCall(name="f", call_id="call_1", arguments=arguments)


def test_a_class_with_the_two_methods_is_a_model_whoever_wrote_it() -> None:
    class Celsius:
        def __init__(self, degrees: float) -> None:
            self.degrees = degrees

        @classmethod
        def model_json_schema(cls) -> dict[str, Any]:
            return {"type": "object", "properties": {"degrees": {"type": "number"}}}

        @classmethod
        def model_validate_json(cls, data: bytes) -> Celsius:
            return cls(json.decode(data)["degrees"])

    assert text_format_of(Celsius).schema["required"] == ["degrees"]
    assert parse_output(saying('{"degrees": 21.5}'), Celsius).unwrap().degrees == 21.5


# --- what the model raises ------------------------------------------------------------------------


def model_that_raises(raising: Exception) -> TypeAdapter[int]:
    def refuse(value: int) -> int:
        raise raising

    return TypeAdapter(Annotated[int, pydantic.AfterValidator(refuse)])


class Silent(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


class Lying(ValueError):
    errors = "many"


class Old(Exception):
    """With a method of the name that pydantic's error has, which takes nothing."""

    def errors(self) -> list[dict[str, Any]]:
        return [{"loc": ("x",), "msg": "m"}]


class Listing(Exception):
    """With a method that is called as pydantic's is, and lists something else."""

    def __init__(self, listed: Any) -> None:
        super().__init__("of another kind")
        self.listed = listed

    def errors(self, **_options: bool) -> Any:
        return self.listed


@pytest.mark.parametrize(
    ("raising", "reason"),
    [
        (ValueError("must be even"), "Value error, must be even"),
        (AssertionError("too low"), "Assertion failed, too low"),
        (TypeError("no such type"), "TypeError: no such type"),
        (KeyError("missing"), "KeyError: 'missing'"),
        (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion depth exceeded"),
        (ZeroDivisionError(), "ZeroDivisionError"),
        (MemoryError(), "MemoryError"),
        (OSError(5, "Input/output error"), "OSError: [Errno 5] Input/output error"),
        (RuntimeError("first\nsecond"), "RuntimeError: first"),
        (RuntimeError("x" * 5000), "RuntimeError: " + "x" * 486 + "…"),
        (ValueError("x" * 5000), "Value error, " + "x" * 487 + "…"),
        (Silent(), "Silent"),
        (Old("old"), "Old: old"),
        (Listing(["x: m"]), "Listing: of another kind"),
        (Listing([{"path": "x"}]), "Listing: of another kind"),
        (Listing([{"loc": 5, "msg": "m"}]), "Listing: of another kind"),
        (Listing([{"loc": ("x",), "msg": ""}]), "Listing: of another kind"),
        (StopIteration("over"), "StopIteration: over"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_validator_raises_is_a_decode_error(raising: Exception, reason: str) -> None:
    model = model_that_raises(raising)
    error = error_of(parse_output(saying('{"value": 5}'), model))
    assert (error.path, error.reason) == (f"{TEXT}.value", reason)
    assert parse_arguments(calling("5"), model).failure() == DecodeError(path="$", reason=reason)


def test_what_a_method_of_a_model_raises_is_a_decode_error_too() -> None:
    class Raising(m.Point):
        @classmethod
        def model_validate_json(cls, *args: Any, **kwargs: Any) -> Any:
            raise Lying("not today")

    assert error_of(parse_output(saying("{}"), Raising)).reason == "Lying: not today"


@pytest.mark.parametrize("stopping", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_stops_a_program_is_let_through(stopping: type[BaseException]) -> None:
    class Stopping(m.Point):
        @classmethod
        def model_validate_json(cls, *args: Any, **kwargs: Any) -> Any:
            raise stopping

    with pytest.raises(stopping):
        parse_output(saying("{}"), Stopping)


@pytest.mark.parametrize(
    ("model", "said", "path", "reason"),
    [
        (m.Point, '{"x": "a", "y": 2}', ".x", "Input should be a valid integer, unable to parse string as an integer"),
        (m.Point, '{"x": 1}', "", "y: Field required"),
        (m.Point, "{}", "", "x: Field required (and 1 more)"),
        (m.Point, "[1]", "", "Input should be an object"),
        (m.Closed, '{"name": "n", "more": 1}', ".more", "Extra inputs are not permitted"),
        (m.Even, '{"number": 3, "other": 0}', ".number", "Value error, must be even"),
        (m.Named, '{"name": "n", "nickName": 5}', ".nickName", "Input should be a valid string"),
        (
            m.Nested,
            '{"points": [{"x": 1, "y": 2}, {"x": 1, "y": []}], "point": 1}',
            ".point",
            "Input should be an object",
        ),
        (m.Told, '{"pet": {"kind": "dog"}, "all": []}', ".pet", "dog.friend: Field required"),
        (m.Told, '{"pet": {"kind": "cat", "lives": "x"}, "all": []}', ".pet.lives", "Input should be a valid integer"),
        (m.Told, '{"pet": {"kind": "cow"}, "all": []}', ".pet", "Input tag 'cow' found using 'kind' does not match"),
        (m.Box[int | bytes], '{"content": []}', ".content", "int: Input should be a valid integer (and 1 more)"),
        (m.Strict, '{"day": "2026-11-26", "count": "1"}', ".count", "Input should be a valid integer"),
        (m.Integers, '{"value": [1, "x"]}', ".value[1]", "Input should be a valid integer"),
        (m.POINTS, '{"value": [{"x": 1, "y": 2}, {"x": 1}]}', ".value[1]", "y: Field required"),
        (m.POINTS, '{"value": 5}', ".value", "Input should be a valid array"),
        (m.POINTS, "[]", "", "Expected `object`, got `array`"),
        (m.POINTS, "{}", "", "Object missing required field `value`"),
        (m.Point, "Sorry", "", "JSON is malformed"),
        (m.Point, "", "", "expected JSON, got nothing"),
        (m.Point, '{"x": 1', "", "Input data was truncated"),
        (m.Point, '{"x": NaN, "y": 1}', "", "JSON is malformed"),
        (m.Point, '{"x": ' + "[" * 100_000, "", "nested too deeply"),
        (m.Point, '{"x": "\\ud800", "y": 1}', "", "JSON is malformed: unexpected end of escaped utf-16 surrogate"),
    ],
)
def test_an_error_says_where_and_why(model: Any, said: str, path: str, reason: str) -> None:
    error = error_of(parse_output(saying(said), model))
    assert error.path == TEXT + path
    assert error.reason.startswith(reason)


def test_the_reason_repeats_nothing_of_the_input() -> None:
    class Login(pydantic.BaseModel):
        user: Annotated[str, pydantic.Field(pattern="^[a-z]+$")]
        password: Annotated[pydantic.SecretStr, pydantic.Field(min_length=30)]
        number: int
        when: dt.datetime

    said = '{"user": "HUNTER2", "password": "hunter2", "number": "hunter2", "when": "hunter2"}'
    for name in ("user", "password", "number", "when"):
        fine = {"user": "a", "password": "p" * 30, "number": 1, "when": 0}
        alone = json.encode({**fine, name: json.decode(said)[name]}).decode()
        error = error_of(parse_output(saying(alone), Login))
        assert error.path == f"{TEXT}.{name}"
        assert "hunter2" not in error.reason.lower()
    error = error_of(parse_output(saying(said), Login))
    assert error.reason.endswith(" (and 3 more)")
    assert "hunter2" not in str(error).lower()


def test_an_error_of_another_model_repeats_nothing_of_its_input_either() -> None:
    def inner(value: int) -> int:
        try:
            return m.Point.model_validate_json('{"x": "hunter2"}').x
        except pydantic.ValidationError as error:
            raise ValueError(str(error)) from error

    model = TypeAdapter(Annotated[int, pydantic.AfterValidator(inner)])
    assert error_of(parse_output(saying('{"value": 1}'), model)).reason == (
        "Value error, 2 validation errors for Point"
    )


@settings(deadline=None)
@given(st.text())
def test_any_text_at_all_gives_a_value_or_an_error(said: str) -> None:
    for model in (m.Point, m.POINTS, m.Pet, TypeAdapter(dict[str, Any])):
        result = parse_output(saying(said), model)
        assert not is_failure(result) or isinstance(result.failure(), DecodeError)


def test_a_lone_surrogate_in_the_text_is_no_exception() -> None:
    call = calling('{"x": "\ud800", "y": 1}')
    assert "not UTF-8" in str(parse_arguments(call, m.Point).failure())
    assert parse_arguments(calling(None), m.Point).failure().reason == "expected bytes, got NoneType"


def test_a_refusal_is_told_before_the_model_is_asked() -> None:
    response = answer(message({"type": "refusal", "refusal": "No."}))
    assert error_of(parse_output(response, m.Point)).reason == "the model refused: No."


# --- the operation --------------------------------------------------------------------------------


def test_the_operation_asks_for_the_model() -> None:
    asked = request_of(create_parsed_response(m.Told, model="m", input="?"))
    form = text_format_of(m.Told)
    assert asked == request_of(create_response(model="m", input="?", text={"format": form}))
    assert json.decode(asked.body or b"")["text"]["format"]["schema"] == form.schema


def test_under_a_loop_it_is_the_same() -> None:
    response = saying('{"x": 1, "y": 2}')
    operation = create_parsed_response(m.Point, model="m")
    assert asyncio.run(run_async(operation, in_threads(replying(response)))) == run(operation, replying(response))


TIMES = (
    '{"moment": "2026-11-26T17:00:00.123456Z", "aware": "2026-11-26T17:00:00+05:30", "day": "2026-11-26",'
    ' "hour": "17:00:00", "length": "P1DT1.5S", "key": "12345678-1234-5678-1234-567812345678", "v4": "127.0.0.1",'
    ' "v6": "::1"}'
)

FORMATS = (
    '{"key4": "12345678-1234-4678-9234-567812345678", "url": "https://example.com/", "data": "a", "secret": "s",'
    ' "price": "1.50"}'
)

OPERATIONS: list[tuple[Any, str]] = [
    (m.Point, '{"x": 1, "y": 2}'),
    (m.Told, '{"pet": {"kind": "cat", "lives": 9}, "all": []}'),
    (m.Named, '{"name": "n", "nickName": "k", "count": null}'),
    (m.Aliased, '{"FIRST": 1, "two": 2}'),
    (m.Times, TIMES),
    (m.Integers, '{"value": [1, 2]}'),
    (m.Box[m.Point], '{"content": {"x": 1, "y": 2}}'),
    (m.Defaults, "{}"),
    (m.Packed, '{"inner": "[1]"}'),
    (m.Empty, "{}"),
]


@pytest.mark.parametrize(("model", "said"), OPERATIONS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_operation_is_a_value_and_so_is_its_result(model: Any, said: str) -> None:
    operation = create_parsed_response(model, model="m", input="?")
    assert operation == create_parsed_response(model, model="m", input="?")
    assert pickle.loads(pickle.dumps(operation)) == operation
    parsed = run(operation, replying(saying(said))).unwrap()
    assert pickle.loads(pickle.dumps(parsed)) == parsed


@pytest.mark.parametrize(("model", "said"), OPERATIONS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_operation_is_saved_and_loaded_at_every_step(model: Any, said: str) -> None:
    names = {"model": model}
    operation = create_parsed_response(model, model="m", input="?")
    loaded = kept(operation, names)
    assert loaded == operation
    request = request_of(loaded)
    answered = loaded.resume(replying(saying(said))(request))
    assert kept(answered, names) == answered
    assert answered.result == run(operation, replying(saying(said)))


def kept(program: Operation[Any], names: dict[str, Any]) -> Any:
    saved = save_checkpoint(program, names=names).unwrap()
    return load_operation(saved, names=names).unwrap().program


def test_an_adapter_is_saved_by_the_name_of_it_and_its_values_by_theirs() -> None:
    names = {"points": m.POINTS, "Point": m.Point}
    operation = create_parsed_response(m.POINTS, model="m")
    assert kept(operation, names) == operation
    assert isinstance(operation, Send)
    done = operation.resume(replying(saying('{"value": [{"x": 1, "y": 2}]}'))(operation.request))
    assert kept(done, names) == done


def test_what_is_not_named_is_not_saved() -> None:
    error = save_checkpoint(succeed(m.Point(x=1, y=2))).failure()
    assert "Point" not in str(error) or "names" in str(error)
    assert is_failure(save_checkpoint(create_parsed_response(m.Point, model="m")))


class Odd(pydantic.BaseModel):
    """Which is read as something else than it was written from."""

    number: Annotated[int, pydantic.BeforeValidator(lambda value: value + 1 if value > 5 else value)]


class Unwritable(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    thing: object


@pytest.mark.parametrize(
    "value", [Odd.model_construct(number=6), Unwritable(thing=object()), m.Formats.model_validate_json(FORMATS)]
)
def test_a_value_that_would_not_be_the_same_is_not_saved(value: Any) -> None:
    error = save_checkpoint(succeed(value), names={"value": value.__class__}).failure()
    assert "at $.program.result.value" in str(error)


def test_a_forged_value_is_refused() -> None:
    saved = save_checkpoint(succeed(m.Point(x=1, y=2)), names={"P": m.Point}).unwrap()
    assert b'{"@":"P","value":{"$":"dict","json":{"x":1,"y":2}}}' in saved
    forged = load_operation(saved.replace(b'"y":2', b'"y":"z"'), names={"P": m.Point}).failure()
    assert str(forged).startswith("not understood at $.program.result.value: P: Input should be a valid integer")


# --- without pydantic -----------------------------------------------------------------------------


def test_pydantic_is_loaded_by_nobody_who_does_not_use_it() -> None:
    loaded = modules_after(
        """
import puresponse
from msgspec import Struct
puresponse.preload()
class Place(Struct):
    name: str
class Around(Struct):
    places: list[Place]
form = puresponse.text_format_of(Around)
operation = puresponse.create_parsed_response(Around, model="m")
body = b'{"id":"r","created_at":1,"status":"completed","model":"m","output":[{"type":"message","role":"assistant",' \
    b'"content":[{"type":"output_text","annotations":[],"text":"{\\\\"places\\\\": []}"}]}]}'
answer = puresponse.run(operation, lambda _: puresponse.succeed(puresponse.HttpResponse(status=200, body=body)).result)
assert answer.unwrap().value == Around([]), answer
assert puresponse.save_checkpoint(operation, names={"a": Around}).unwrap()
"""
    )
    assert "puresponse.codecs.lossless.self_reading" in loaded
    assert not {name for name in loaded if name.startswith("pydantic")}
