"""What other people's servers answered: each case of a collection, and what is made of it.

`body_cases.json` is copied from the collection. Its bytes are made up after what was seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, json
from returns.result import Result, Success

from puresponse.codecs import (
    CodeInterpreterCall,
    ContainerFileCitation,
    ErrorEvent,
    LocalShellCall,
    Message,
    Model,
    OutputText,
    Response,
    URLCitation,
    WebSearchCall,
    Wire,
    decode,
    decode_stream_event,
    encode,
    to_plain,
)
from puresponse.core import (
    ApiError,
    DecodeError,
    Error,
    HttpRequest,
    HttpResponse,
    Operation,
    cancel_response,
    delete_response,
    retrieve_response,
)
from puresponse.transports import run

CASES: dict[str, dict[str, Any]] = {
    case["name"]: case for case in json.decode(Path(__file__).with_name("body_cases.json").read_bytes())
}

OPERATIONS: dict[str, Operation[Any]] = {
    "cancel_response": cancel_response("resp_1"),
    "delete_response": delete_response("resp_1"),
    "retrieve_response": retrieve_response("resp_1"),
}


def body_of(name: str) -> bytes:
    case = CASES[name]
    return case["raw"].encode() if "raw" in case else json.encode(case["body"])


def answered(name: str) -> Result[Any, Error]:
    """What the operation of a case gives for its answer."""
    case = CASES[name]
    headers = (("Content-Type", case.get("content_type", "application/json")),)
    answer = HttpResponse(status=case.get("status", 200), headers=headers, body=body_of(name))

    def transport(_: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(answer)

    return run(OPERATIONS[case.get("operation", "retrieve_response")], transport)


def response_of(name: str) -> Response:
    """The response of a case, of which nothing is lost."""
    response = answered(name).unwrap()
    assert isinstance(response, Response)
    assert json.decode(encode(response)) == CASES[name]["body"]
    return response


def value_of(name: str) -> Any:
    """What is decoded where the case is of a schema; nothing of it is lost."""
    value = decode(CASES[name]["schema"], body_of(name)).unwrap()
    assert json.decode(encode(value)) == CASES[name]["body"]
    return value


def test_every_case_has_a_test() -> None:
    assert len(CASES) == 14
    source = Path(__file__).read_text()
    assert [name for name in CASES if f'"{name}"' not in source] == []


def test_a_web_search_that_has_just_begun_has_no_action() -> None:
    response = response_of("a response in the middle of a web search")
    (call,) = response.output
    assert isinstance(call, WebSearchCall)
    assert (response.status, call.action, call.status) == ("cancelled", UNSET, "in_progress")


def test_a_citation_may_have_no_place_and_no_title() -> None:
    (item,) = response_of("citation without places").output
    assert isinstance(item, Message)
    (part,) = item.parts
    assert isinstance(part, OutputText)
    assert part.annotations == (URLCitation(url="https://example.com/"),)


@pytest.mark.parametrize(
    ("schema", "least", "absent"),
    [
        ("Annotation", URLCitation(url="https://example.com/"), {"title", "start_index", "end_index"}),
        (
            "Annotation",
            ContainerFileCitation(container_id="c", file_id="f", filename="a.csv"),
            {"start_index", "end_index"},
        ),
        ("ItemResource", WebSearchCall(), {"id", "status", "action"}),
        ("ItemResource", CodeInterpreterCall(), {"id", "status", "code", "container_id", "outputs"}),
    ],
)
def test_what_servers_leave_out_may_be_absent(schema: str, least: Wire, absent: set[str]) -> None:
    assert decode(schema, encode(least)).unwrap() == least
    assert {name for name in least.__struct_fields__ if getattr(least, name) is UNSET} == {*absent, "unknown_fields"}
    nulls = json.encode({**to_plain(least), **dict.fromkeys(absent)})
    assert type(decode(schema, nulls).unwrap()) is type(least)


def test_a_code_interpreter_call_may_have_no_container() -> None:
    (call,) = response_of("code interpreter call without container").output
    assert isinstance(call, CodeInterpreterCall)
    assert (call.container_id, call.code) == (UNSET, "1")


@pytest.mark.parametrize(("name", "field"), [("reasoning as a text", "reasoning"), ("usage without a total", "usage")])
def test_an_optional_field_that_holds_what_does_not_fit_is_absent_and_kept(name: str, field: str) -> None:
    response = response_of(name)
    assert getattr(response, field) is UNSET
    assert response.unknown_fields == {field: CASES[name]["body"][field]}


def test_an_integer_may_be_written_as_a_float() -> None:
    model = value_of("an integer written as a float")
    assert isinstance(model, Model)
    assert (model.created, type(model.created)) == (1, int)


def test_an_entry_of_a_map_that_does_not_fit_is_kept_in_the_object_that_holds_the_map() -> None:
    call = value_of("a new kind of value in a typed map")
    assert isinstance(call, LocalShellCall)
    assert call.action.env == {}
    assert call.action.unknown_fields == {"env": {"newThing": True}}


def test_one_field_more_changes_nothing_else() -> None:
    (item,) = response_of("one field more").output
    assert isinstance(item, Message)
    assert item.parts == (OutputText(text="Hello", annotations=()),)


def test_a_deletion_that_is_told_in_another_word_is_not_believed() -> None:
    error = answered("deleted, in another word").failure()
    assert isinstance(error, DecodeError)
    assert (error.status, error.may_have_acted) == (200, True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("error of a FastAPI server", "query.limit: Input should be a valid integer"),
        ("error of llama-stack", "body.model: Field required"),
        ("error as a text", "Not Found"),
        ("error in a list", "Bad model"),
    ],
)
def test_an_error_has_a_message_whatever_it_stands_in(name: str, message: str) -> None:
    error = answered(name).failure()
    assert isinstance(error, ApiError)
    assert (error.message, error.status, error.body) == (message, CASES[name]["status"], body_of(name))


def test_the_error_of_a_connection_tells_code_message_param_and_type() -> None:
    name = "error event of a connection"
    event = value_of(name)
    assert isinstance(event, ErrorEvent)
    assert event == decode_stream_event(body_of(name)).unwrap()
    assert (event.body.code, event.body.message, event.body.param, event.body.type) == (
        "previous_response_not_found",
        "Previous response not found.",
        "previous_response_id",
        "invalid_request_error",
    )
