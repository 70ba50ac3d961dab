"""Structured output: a type as the form of the text, and the text as a value of that type."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NotRequired, TypedDict, TypeVar
from uuid import UUID

import pytest
from answers import answer, error_of, message, replying, request_of, text
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, field, json, structs
from returns.result import Success

from puresponse.codecs import OutputText, Response, to_plain
from puresponse.codecs.decoders import decode_response
from puresponse.codecs.types.text_format import JSONSchemaFormat, PlainTextFormat, TextConfig
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    is_failure,
)
from puresponse.core.endpoints.create import create_response
from puresponse.core.endpoints.structured import (
    Parsed,
    ReceiveParsed,
    create_parsed_response,
    parse_output,
    text_format_of,
)
from puresponse.transports import run
from puresponse.transports.cassette.transport import CassetteTransport

SESSION = Path(__file__).parent.parent / "cassettes" / "session"

T = TypeVar("T")


class Animals(Struct):
    animal_data_list: list[str]


class Point(Struct, frozen=True):
    """A place.

    In a plane.
    """

    x: int
    y: int = 0


class Circle(Struct, tag="circle", frozen=True):
    center: Point
    radius: float


class Polygon(Struct, tag="polygon", frozen=True):
    points: list[Point]


class Tree(Struct):
    name: str
    children: list[Tree] = field(default_factory=list["Tree"])


class Forest(Struct):
    trees: list[Tree]


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Box(Struct, Generic[T]):
    content: T


class Everything(Struct, rename="camel"):
    shape: Circle | Polygon
    color: Color
    level: Level
    nick_name: str | None
    maybe: Color | None = None
    either: Literal[1, "a", None] = None
    count: Annotated[int, Meta(ge=0, le=9, description="How many.")] = 0
    text: Annotated[str, Meta(min_length=2, pattern="^a", examples=["ab"])] = "ab"
    place: Annotated[Point, Meta(description="Where.")] = Point(0)
    tags: set[str] = field(default_factory=set[str])
    day: date = date(2026, 1, 1)
    moment: Annotated[datetime, Meta(tz=True)] | None = None
    naive: Annotated[datetime, Meta(tz=False)] | None = None
    duration: timedelta = timedelta(0)
    key: UUID = UUID(int=0)
    price: Decimal = Decimal(0)
    data: bytes = b""
    left_out: int | UnsetType = UNSET
    pairs: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


@dataclass
class Book:
    title: str


def schema_of(output_type: Any, *, strict: bool = True) -> dict[str, Any]:
    return text_format_of(output_type, strict=strict).schema


# --- the schema -----------------------------------------------------------------------------------


def test_a_struct_becomes_a_strict_schema_whose_root_is_an_object() -> None:
    assert text_format_of(Point) == JSONSchemaFormat(
        name="Point",
        strict=True,
        schema={
            "title": "Point",
            "description": "A place.\n\nIn a plane.",
            "type": "object",
            "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
            "required": ["x", "y"],
            "additionalProperties": False,
        },
    )


def test_members_of_members_are_strict_too_wherever_they_are_defined() -> None:
    schema = schema_of(Forest)
    assert schema["properties"] == {"trees": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}
    assert schema["$defs"] == {
        "Tree": {
            "title": "Tree",
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
            },
            "required": ["name", "children"],
            "additionalProperties": False,
        }
    }


def test_a_recursive_root_is_there_to_refer_to() -> None:
    schema = schema_of(Tree)
    assert schema["type"] == "object"
    assert schema["$defs"]["Tree"] == {name: value for name, value in schema.items() if name != "$defs"}


def test_what_nobody_refers_to_is_not_sent() -> None:
    assert "$defs" not in schema_of(Point)


def test_a_union_of_structs_is_a_choice_told_apart_by_the_tag() -> None:
    schema = schema_of(Everything)
    assert schema["properties"]["shape"] == {"anyOf": [{"$ref": "#/$defs/Circle"}, {"$ref": "#/$defs/Polygon"}]}
    assert schema["$defs"]["Circle"]["properties"]["type"] == {"enum": ["circle"], "type": "string"}
    assert schema["$defs"]["Circle"]["required"] == ["type", "center", "radius"]


def test_enumerations_have_a_type() -> None:
    schema = schema_of(Everything)
    assert schema["$defs"]["Color"] == {"title": "Color", "enum": ["blue", "red"], "type": "string"}
    assert schema["$defs"]["Level"]["type"] == "integer"
    assert sorted(schema["properties"]["either"]["type"]) == ["integer", "null", "string"]


def test_every_field_is_required_under_the_name_that_is_written() -> None:
    schema = schema_of(Everything)
    assert schema["required"] == list(schema["properties"])
    assert {"nickName", "leftOut"} <= set(schema["required"])


def test_what_strict_mode_takes_is_kept() -> None:
    members = schema_of(Everything)["properties"]
    assert members["count"] == {"type": "integer", "minimum": 0, "maximum": 9, "description": "How many."}
    assert members["day"] == {"type": "string", "format": "date"}
    assert members["duration"] == {"type": "string", "format": "duration"}
    assert members["key"] == {"type": "string", "format": "uuid"}
    assert members["moment"] == {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
    assert members["text"] == {"type": "string", "pattern": "^a"}


def test_what_strict_mode_does_not_take_is_left_to_decoding() -> None:
    members = schema_of(Everything)["properties"]
    assert members["tags"] == {"type": "array", "items": {"type": "string"}}
    assert members["price"] == {"type": "string"}
    assert members["data"] == {"type": "string"}
    assert members["naive"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}  # a format would demand a time zone
    everywhere = json.encode(schema_of(Everything)).decode()
    for word in ("default", "examples", "discriminator", "minLength", "uniqueItems", "contentEncoding"):
        assert f'"{word}":' not in everywhere


def test_nothing_stands_beside_a_reference() -> None:
    place = schema_of(Everything)["properties"]["place"]
    assert place == {**schema_of(Point), "description": "Where."}


@pytest.mark.parametrize(("output_type", "members"), [(Movie, ["title", "year"]), (Book, ["title"])])
def test_typed_dicts_and_dataclasses_are_objects_too(output_type: Any, members: list[str]) -> None:
    assert schema_of(output_type)["required"] == members


@pytest.mark.parametrize("output_type", [list[Point], Circle | Polygon, Point | None, int, Color, Literal["a", "b"]])
def test_what_is_no_object_is_wrapped_into_one(output_type: Any) -> None:
    schema = schema_of(output_type)
    assert schema["type"] == "object"
    assert schema["required"] == ["value"]
    assert schema["additionalProperties"] is False
    assert schema_of(output_type, strict=False)["required"] == ["value"]


Described = Annotated[
    int,
    Meta(
        description="""A number.

        Of things.
        """
    ),
]


class WithDict(Struct):
    inner: list[dict[str, int]]


def test_a_schema_that_need_not_be_strict_is_what_msgspec_makes() -> None:
    assert schema_of(WithDict, strict=False)["properties"]["inner"] == {
        "type": "array",
        "items": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    schema = schema_of(Everything, strict=False)
    assert "default" in schema["properties"]["count"]
    assert schema["required"] == ["shape", "color", "level", "nickName"]
    assert schema["$defs"]["Point"]["description"] == "A place.\n\nIn a plane."


@pytest.mark.parametrize(
    "listed", [list[Described], list[list[Described]], tuple[int, Described], Described | list[Described]]
)
def test_a_description_on_several_lines_is_sent_without_its_indentation_wherever_it_is(listed: Any) -> None:
    written = json.encode(schema_of(listed, strict=False)["properties"]["value"]).decode()
    assert written.count('"description":') == written.count('"description":"A number.\\n\\nOf things."') > 0


@pytest.mark.parametrize(
    ("output_type", "name"),
    [
        (Point, "Point"),
        (Polygon, "Polygon"),
        (Box[int], "Box"),
        (list[int], "list"),
        (Annotated[Point, Meta(title="P")], "Point"),
        (Circle | Polygon, "output"),
        (Point | None, "output"),
        (Literal["a"], "output"),
    ],
)
def test_a_format_has_a_name_that_the_service_takes(output_type: Any, name: str) -> None:
    assert text_format_of(output_type).name == name


def test_a_name_that_the_service_would_not_take_is_made_one_that_it_does() -> None:
    assert text_format_of(defstruct("Größe der Tür", [("x", int)])).name == "Gr_e_der_T_r"
    assert text_format_of(defstruct("A" * 80, [("x", int)])).name == "A" * 64
    assert text_format_of(defstruct("木", [("x", int)])).name == "output"


def test_a_name_and_a_description_can_be_given() -> None:
    made = text_format_of(Point, name="a_point-1", description="Where.")
    assert (made.name, made.description) == ("a_point-1", "Where.")


@pytest.mark.parametrize("name", ["", "a b", "é", "a" * 65, 5])
def test_a_name_that_the_service_does_not_take_is_refused(name: Any) -> None:
    with pytest.raises(ValueError, match="'name'"):
        text_format_of(Point, name=name)


# --- the value ------------------------------------------------------------------------------------


def test_the_text_becomes_a_value() -> None:
    assert parse_output(answer(message(text('{"x": 1, "y": 2}'))), Point) == Success(Point(1, 2))


@pytest.mark.parametrize(
    ("output_type", "said", "value"),
    [
        (list[Point], '{"value": [{"x": 1}]}', [Point(1)]),
        (Circle | Polygon, '{"value": {"type": "polygon", "points": []}}', Polygon([])),
        (Point | None, '{"value": null}', None),
        (Color, '{"value": "red"}', Color.RED),
        (dict[str, int], '{"a": 1}', {"a": 1}),
        (Movie, '{"title": "M"}', {"title": "M"}),
        (Book, '{"title": "B"}', Book("B")),
        (Box[int], '{"content": 5}', Box(5)),
        (Circle, '{"type": "circle", "center": {"x": 1}, "radius": 2}', Circle(Point(1), 2)),
    ],
)
def test_a_value_of_any_type(output_type: Any, said: str, value: Any) -> None:
    assert parse_output(answer(message(text(said))), output_type).unwrap() == value


def test_a_text_in_parts_is_read_as_one() -> None:
    assert parse_output(answer(message(text('{"x":'), text(" 1}"))), Point).unwrap() == Point(1)


def test_the_answer_is_found_among_other_items() -> None:
    response = answer(
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "new_item", "x": 1},
        message(text("Let me see."), phase="commentary"),
        message(text('{"x": 1}'), phase="final_answer"),
        message(text('{"x": 2}')),
    )
    assert parse_output(response, Point).unwrap() == Point(1)


def test_a_response_that_does_not_tell_its_status_is_taken_as_complete() -> None:
    assert parse_output(answer(message(text('{"x": 1}')), status=None), Point).unwrap() == Point(1)


@pytest.mark.parametrize(
    ("response", "path", "reason"),
    [
        (answer(message(text("Sorry"))), "$.output[0].content[0].text", "JSON is malformed"),
        (answer(message(text(""))), "$.output[0].content[0].text", "got nothing"),
        (answer(message(text('{"x": 1'))), "$.output[0].content[0].text", "truncated"),
        (answer(message(text('{"y": 0, "z": ' + "[" * 100_000))), "$.output[0].content[0].text", "nested too deeply"),
        (answer(message(text("[1]"))), "$.output[0].content[0].text", "Expected `object`, got `array`"),
        (answer(message(text('{"x": "1"}'))), "$.output[0].content[0].text.x", "Expected `int`, got `str`"),
        (
            answer({"type": "new"}, message({"type": "new_part"}, text("{}"))),
            "$.output[1].content[1].text",
            "missing required field `x`",
        ),
        (
            answer(message({"type": "refusal", "refusal": "I cannot do that."})),
            "$.output[0].content[0].refusal",
            "the model refused: I cannot do that.",
        ),
        (
            answer(
                message(text('{"x": 1'), status="incomplete"),
                status="incomplete",
                incomplete_details={"reason": "max_output_tokens"},
            ),
            "$.incomplete_details",
            "the response is incomplete: max_output_tokens",
        ),
        (answer(status="incomplete"), "$.incomplete_details", "incomplete: no reason"),
        (
            answer(status="failed", error={"code": "server_error", "message": "Oh no."}),
            "$.error",
            "the response failed: server_error: Oh no.",
        ),
        (answer(status="failed", error=None), "$.error", "failed: no reason"),
        (answer(status="queued"), "$.status", "the response is queued, not completed"),
        (answer(status="new_status"), "$.status", "new_status"),
        (answer(), "$.output", "there is nothing"),
        (
            answer({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}, {"type": "new"}),
            "$.output",
            "there is function_call, new",
        ),
        (answer(message()), "$.output", "there is message"),
    ],
    ids=[
        *("no_json", "empty", "cut_off", "deep", "array", "wrong_type", "missing", "refusal", "incomplete"),
        *("incomplete_no_reason", "failed", "failed_no_reason", "queued", "new_status", "nothing", "call", "no_text"),
    ],
)
def test_what_gives_no_value_is_an_error_that_says_where_and_why(response: Response, path: str, reason: str) -> None:
    error = error_of(parse_output(response, Point))
    assert error.path == path
    assert reason in error.reason
    assert json.decode(error.body) == to_plain(response)


class Checked(Struct):
    x: int

    def __post_init__(self) -> None:
        raise (ValueError("too low") if self.x < 0 else KeyError(self.x))


def test_what_a_struct_raises_is_an_error_too() -> None:
    assert error_of(parse_output(answer(message(text('{"x": -1}'))), Checked)).reason == "too low"
    assert error_of(parse_output(answer(message(text('{"x": 1}'))), Checked)).reason == "KeyError: 1"


def test_the_path_of_an_error_leads_on_into_a_list() -> None:
    response = answer(message(text('{"value": [{"x": 1}, {"x": 2, "y": null}]}')))
    assert error_of(parse_output(response, list[Point])).path == "$.output[0].content[0].text.value[1].y"


def test_a_lone_surrogate_in_the_text_is_no_exception() -> None:
    response = structs.replace(answer(), output=(decoded_message('{"name": "\ud800"}'),))
    assert "not UTF-8: invalid continuation byte (byte 10)" in error_of(parse_output(response, Tree)).reason


def decoded_message(said: str) -> Any:
    (item,) = answer(message(text("x"))).output
    return structs.replace(item, content=(OutputText(text=said),))


points = st.builds(Point, st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
shapes: st.SearchStrategy[Any] = st.builds(
    Circle, points, st.floats(allow_nan=False, allow_infinity=False)
) | st.builds(Polygon, st.lists(points))


@given(st.lists(shapes))
def test_what_msgspec_writes_of_a_value_is_read_as_the_value(values: list[Circle | Polygon]) -> None:
    said = json.encode({"value": values}).decode()
    assert parse_output(answer(message(text(said))), list[Circle | Polygon]).unwrap() == values


@given(st.text())
def test_any_text_at_all_gives_a_value_or_an_error(said: str) -> None:
    response = structs.replace(answer(), output=(decoded_message(said),))
    result = parse_output(response, Point)
    assert isinstance(result.failure() if is_failure(result) else result.unwrap(), DecodeError | Point)


# --- the operation --------------------------------------------------------------------------------


def test_the_operation_asks_for_the_type() -> None:
    asked = request_of(create_parsed_response(Point, name="place", strict=False, model="m", input="Where?", timeout=3))
    form = text_format_of(Point, name="place", strict=False)
    assert asked == request_of(create_response(model="m", input="Where?", text=TextConfig(format=form), timeout=3))


def test_strict_is_true_or_false() -> None:
    maybe: Any = "maybe"
    with pytest.raises(ValueError, match="'strict': given 'maybe'"):
        text_format_of(Point, strict=maybe)


def test_who_changes_the_schema_of_a_format_changes_no_other() -> None:
    before = create_parsed_response(Point, model="m")
    text_format_of(Point).schema.clear()
    assert create_parsed_response(Point, model="m") == before
    assert text_format_of(Point).schema


@pytest.mark.parametrize("given_text", [{"verbosity": "low"}, TextConfig(verbosity="low")])
def test_a_verbosity_may_be_said_besides(given_text: Any) -> None:
    body = request_of(create_parsed_response(Point, model="m", text=given_text)).body
    assert body is not None
    assert json.decode(body)["text"] == {"format": to_plain(text_format_of(Point)), "verbosity": "low"}


def test_no_text_is_as_good_as_none() -> None:
    assert create_parsed_response(Point, text=None) == create_parsed_response(Point)
    assert create_parsed_response(Point, text=UNSET) == create_parsed_response(Point)


@pytest.mark.parametrize("given_text", [{"format": {"type": "text"}}, TextConfig(format=PlainTextFormat()), 5])
def test_a_second_format_is_refused(given_text: Any) -> None:
    step = create_parsed_response(Point, model="m", text=given_text)
    assert isinstance(step, Done)
    error = step.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == ("text" if given_text == 5 else "text.format")


def test_a_misspelt_argument_is_a_type_error() -> None:
    misspelt: Any = {"modle": "m"}
    with pytest.raises(TypeError, match="modle"):
        create_parsed_response(Point, **misspelt)


def test_other_bad_input_is_refused_by_name() -> None:
    for step in (create_parsed_response(Point, temperature=3), create_parsed_response(Point, name="a b")):
        assert isinstance(step, Done)
        assert isinstance(step.result.failure(), InvalidArgument)


@pytest.mark.parametrize("output_type", [Point, list[Point], Circle | Polygon, Point | None, Box[int], Movie, Color])
def test_the_operation_is_a_value(output_type: Any) -> None:
    step = create_parsed_response(output_type, model="m", input="?")
    assert step == create_parsed_response(output_type, model="m", input="?")
    assert pickle.loads(pickle.dumps(step)) == step


def test_both_response_and_value_come_back() -> None:
    response = answer(message(text('{"x": 1}')))
    result = run(create_parsed_response(Point, model="m"), replying(response))
    assert result == Success(Parsed(response, Point(1)))


def test_where_there_is_no_value_the_error_holds_the_whole_answer() -> None:
    response = answer(message({"type": "refusal", "refusal": "No."}), usage=None)
    error = error_of(run(create_parsed_response(Point, model="m"), replying(response)))
    assert (error.status, error.request_id) == (200, "req_1")
    assert error.may_have_acted
    assert decode_response(error.body).unwrap() == response


def test_a_status_other_than_2xx_is_an_api_error() -> None:
    result = run(create_parsed_response(Point, model="m"), lambda _: Success(HttpResponse(status=400)))
    assert isinstance(result.failure(), ApiError)


def test_a_frame_with_a_type_without_a_schema_fails_when_the_answer_comes() -> None:
    done = ReceiveParsed(object)(replying(answer(message(text("{}"))))(HttpRequest("POST", "/responses")))
    assert isinstance(done, Done)
    assert isinstance(done.result.failure(), InvalidArgument)


# --- recorded exchanges ---------------------------------------------------------------------------


def test_the_recorded_list_of_animals_becomes_a_value() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.StructuredOutputs_gpt_4o_mini.json")
    asked: Any = json.decode(replayed.recordings[0].request.body or b"")
    response = run(create_response(**asked), replayed).unwrap()
    assert parse_output(response, Animals).unwrap().animal_data_list == [
        *("Lion", "Elephant", "Giraffe", "Kangaroo", "Penguin"),
    ]
    ours = text_format_of(Animals, name="data_list").schema
    assert {word: ours[word] for word in asked["text"]["format"]["schema"]} == asked["text"]["format"]["schema"]


def test_a_recorded_answer_of_another_shape_is_an_error() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.StructuredOutputs_gpt_4o_mini.json")
    asked: Any = json.decode(replayed.recordings[0].request.body or b"")
    response = run(create_response(**asked), replayed).unwrap()
    error = error_of(parse_output(response, Point))
    assert error.path == "$.output[0].content[0].text"


def test_a_recorded_answer_that_was_cut_off_is_an_error() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.MaxTokens.json")
    asked: Any = json.decode(replayed.recordings[0].request.body or b"")
    response = run(create_response(**asked), replayed).unwrap()
    assert error_of(parse_output(response, Point)).reason == "the response is incomplete: max_output_tokens"
