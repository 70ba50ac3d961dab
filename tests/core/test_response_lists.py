"""The list of the responses that a server holds: what is asked, page after page, and servers that have none."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json
from returns.result import Success

from puresponse.codecs import encode
from puresponse.core import (
    Answer,
    ApiError,
    DecodeError,
    Done,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    Operation,
    Page,
    Send,
    all_responses,
    collect,
    list_responses,
    load_operation,
    save_checkpoint,
)
from puresponse.transports import run
from puresponse.transports.testing.stub import ScriptedTransport, StubTransport, json_response


def asked(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send)
    return operation.request


def response(response_id: str, **members: Any) -> dict[str, Any]:
    return {"id": response_id, "object": "response", "created_at": 1, "status": "completed", "model": "m"} | {
        "output": [],
        **members,
    }


def listed(*ids: str, **envelope: Any) -> HttpResponse:
    return json_response({"object": "list", "data": [response(response_id) for response_id in ids], **envelope})


def page_of(answer: HttpResponse, operation: Operation[Page[Any]] | None = None) -> Page[Any]:
    page: Page[Any] = run(operation or list_responses(limit=2), StubTransport.answering(answer)).unwrap()
    return page


def test_the_size_of_a_page_is_always_said_for_servers_differ_in_theirs() -> None:
    assert asked(list_responses()) == HttpRequest("GET", "/responses", (("limit", "20"),), idempotent=True)
    assert asked(list_responses(limit=5)).query == (("limit", "5"),)


def test_what_servers_know_is_asked_for_by_their_names() -> None:
    given: dict[str, Any] = {
        "before": "resp_b",
        "model": "m",
        "conversation_id": "conv_1",
        "agent_name": "a",
        "agent_id": "a:1",
    }
    query = dict(asked(list_responses(after="resp_a", order="asc", **given)).query)
    assert query == {"limit": "20", "order": "asc", "after": "resp_a", **given}


@pytest.mark.parametrize(
    "parameter", ["after", "before", "model", "conversation_id", "agent_name", "agent_id", "limit", "order"]
)
@pytest.mark.parametrize("bad", ["", 7.5])
def test_what_makes_no_sense_is_refused_by_its_name_before_anything_is_sent(parameter: str, bad: Any) -> None:
    result = list_responses(**{parameter: bad})
    assert isinstance(result, Done)
    error = result.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == parameter


def test_a_page_is_a_sequence_of_responses_and_knows_the_next() -> None:
    page = page_of(listed("resp_2", "resp_1", first_id="resp_2", last_id="resp_1", has_more=True))
    assert [one.id for one in page] == ["resp_2", "resp_1"]
    assert page.next_page is not None
    assert asked(page.next_page).query == (("limit", "2"), ("after", "resp_1"))


def test_filters_and_extra_headers_hold_for_the_next_page_too() -> None:
    first = list_responses(limit=1, model="m", extra_headers={"X-Job": "audit"})
    page = page_of(listed("resp_1", has_more=True), first)
    assert page.next_page is not None
    assert asked(page.next_page).query == (("limit", "1"), ("model", "m"), ("after", "resp_1"))
    assert asked(page.next_page).headers == (("X-Job", "audit"),)


def test_a_page_that_ends_before_a_response_has_the_one_in_front_of_it_as_its_next() -> None:
    page = page_of(listed("resp_3", "resp_2", has_more=True), list_responses(before="resp_1", limit=2))
    assert page.next_page is not None
    assert asked(page.next_page).query == (("limit", "2"), ("before", "resp_3"))


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (listed("resp_1", first_id="resp_1", has_more=True), "$.first_id"),
        (json_response({"object": "list", "data": [response("")], "has_more": True}), "$.first_id"),
    ],
    ids=["the same again", "no id"],
)
def test_a_chain_that_goes_backwards_and_does_not_advance_says_so(answer: HttpResponse, path: str) -> None:
    page = page_of(answer, list_responses(before="resp_1", limit=2))
    assert isinstance(page.next_page, Done)
    error = page.next_page.result.failure()
    assert isinstance(error, DecodeError)
    assert error.path == path


def test_a_full_page_of_a_server_that_does_not_say_is_followed() -> None:
    assert page_of(listed("resp_2", "resp_1")).has_more
    assert not page_of(listed("resp_1")).has_more


def test_what_a_server_adds_to_a_response_is_kept() -> None:
    body = {"object": "list", "data": [response("resp_1", input=[{"type": "message", "content": "Hi"}])]}
    page = page_of(json_response(body))
    assert json.decode(encode(page.listing)) == body


def test_all_responses_are_one_page_after_the_other() -> None:
    script = ScriptedTransport(
        (asked(list_responses(limit=2, order="asc")), listed("resp_1", "resp_2", has_more=True)),
        (asked(list_responses(limit=2, order="asc", after="resp_2")), listed("resp_3", has_more=False)),
    )
    found = run(collect(all_responses(limit=2, order="asc")), script).unwrap()
    assert [one.id for one in found] == ["resp_1", "resp_2", "resp_3"]
    assert script.left_over == ()


def test_pages_that_lead_in_a_circle_end_in_an_error() -> None:
    def in_a_circle(request: HttpRequest) -> Answer:
        after = dict(request.query).get("after")
        return Success(listed("resp_1" if after == "resp_2" else "resp_2", has_more=True))

    error = run(collect(all_responses(limit=1)), in_a_circle).failure()
    assert isinstance(error, DecodeError)
    assert "lead back to" in error.reason


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(status=405),
        HttpResponse(status=404),
        json_response({"detail": "Method Not Allowed"}, status=405),
        json_response({"detail": "Not Found"}, status=404),
    ],
    ids=str,
)
def test_a_server_without_the_list_is_told_from_one_without_responses(answer: HttpResponse) -> None:
    error = run(list_responses(), StubTransport.answering(answer)).failure()
    assert isinstance(error, ApiError)
    assert error.no_such_route
    assert "the server has no such route" in str(error)


def test_a_program_that_lists_is_saved_and_goes_on_elsewhere() -> None:
    first = list_responses(limit=1, model="m")
    saved = save_checkpoint(first, elapsed=1.0).unwrap()
    program = load_operation(saved).unwrap().program
    assert program == first
    page: Page[Any] = run(program, StubTransport.answering(listed("resp_1", has_more=True))).unwrap()
    assert page.next_page is not None
    assert load_operation(save_checkpoint(page.next_page).unwrap()).unwrap().program == page.next_page
