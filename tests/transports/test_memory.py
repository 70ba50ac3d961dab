"""The service in memory answers as the API documents, through the real operations and codecs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from interpreters import printed_by
from msgspec import json

from puresponse.codecs import Message, Unknown, to_plain
from puresponse.core import (
    ApiError,
    HttpRequest,
    HttpResponse,
    Page,
    all_input_items,
    cancel_response,
    collect,
    delete_response,
    list_input_items,
    retrieve_response,
)
from puresponse.core.errors import Error
from puresponse.core.steps import Operation
from puresponse.transports import VirtualClock, run
from puresponse.transports.memory.service import Change, Dialect, State, sample_models, sample_state, stored
from puresponse.transports.memory.transport import MemoryTransport

BACKGROUND = ("resp_queued", "resp_in_progress")


def value(operation: Operation[Any], transport: MemoryTransport) -> Any:
    return run(operation, transport).unwrap()


def refusal(operation: Operation[Any], transport: MemoryTransport) -> ApiError:
    error: Error = run(operation, transport).failure()
    assert isinstance(error, ApiError)
    return error


def get(path: str, *query: tuple[str, str]) -> HttpRequest:
    return HttpRequest("GET", path, query)


def asked(transport: MemoryTransport, request: HttpRequest) -> HttpResponse:
    return transport(request).unwrap()


def said(transport: MemoryTransport, request: HttpRequest) -> tuple[int, dict[str, Any]]:
    """Give the status and the error of an answer."""
    response = asked(transport, request)
    error: dict[str, Any] = json.decode(response.body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    return response.status, error


def is_not_found(error: ApiError, response_id: str) -> bool:
    expected = {
        "error": {
            "message": f"Response with id '{response_id}' not found.",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    }
    return error.status == 404 and json.decode(error.body) == expected


# Delete


def test_a_deletion_is_acknowledged_as_the_service_does() -> None:
    deleted = value(delete_response("resp_completed"), MemoryTransport())
    assert to_plain(deleted) == {"id": "resp_completed", "object": "response.deleted", "deleted": True}


def test_a_second_delete_is_a_404() -> None:
    transport = MemoryTransport()
    value(delete_response("resp_completed"), transport)
    assert is_not_found(refusal(delete_response("resp_completed"), transport), "resp_completed")


def test_a_deleted_response_cannot_be_retrieved_cancelled_or_listed() -> None:
    transport = MemoryTransport()
    value(delete_response("resp_failed"), transport)
    for operation in (retrieve_response, cancel_response, list_input_items):
        assert is_not_found(refusal(operation("resp_failed"), transport), "resp_failed")


def test_deleting_one_response_leaves_the_others() -> None:
    transport = MemoryTransport()
    before = set(transport.state.responses)
    value(delete_response("resp_long"), transport)
    assert set(transport.state.responses) == before - {"resp_long"}


@pytest.mark.parametrize("response_id", BACKGROUND)
def test_a_running_response_cannot_be_deleted(response_id: str) -> None:
    transport = MemoryTransport()
    error = refusal(delete_response(response_id), transport)
    assert (error.status, error.message) == (400, "Cannot delete an in-flight response.")
    assert response_id in transport.state.responses


def test_a_dialect_may_delete_what_is_running() -> None:
    transport = MemoryTransport(State(responses=sample_state().responses, dialect=Dialect(delete_running=200)))
    value(delete_response("resp_queued"), transport)
    assert "resp_queued" not in transport.state.responses


def test_a_dialect_may_name_a_deletion_otherwise() -> None:
    dialect = Dialect(deleted_object="response")
    transport = MemoryTransport(State(responses=sample_state().responses, dialect=dialect))
    assert value(delete_response("resp_completed"), transport).object == "response"


def test_a_dialect_may_acknowledge_a_deletion_with_no_body() -> None:
    transport = MemoryTransport(State(responses=sample_state().responses, dialect=Dialect(delete_body=False)))
    response = asked(transport, HttpRequest("DELETE", "/responses/resp_completed"))
    assert (response.status, response.body, response.header("content-type")) == (200, b"", None)
    assert value(delete_response("resp_chat"), transport).deleted


# Cancel


@pytest.mark.parametrize("response_id", BACKGROUND)
def test_a_running_response_is_cancelled(response_id: str) -> None:
    cancelled = value(cancel_response(response_id), MemoryTransport())
    assert (cancelled.id, cancelled.status, cancelled.output) == (response_id, "cancelled", ())


def test_what_was_cancelled_stays_cancelled() -> None:
    transport = MemoryTransport()
    value(cancel_response("resp_queued"), transport)
    assert value(retrieve_response("resp_queued"), transport).status == "cancelled"


def test_a_second_cancel_answers_like_the_first() -> None:
    transport = MemoryTransport()
    first = value(cancel_response("resp_queued"), transport)
    assert value(cancel_response("resp_queued"), transport) == first


def test_cancelling_what_was_cancelled_before_is_a_200() -> None:
    assert value(cancel_response("resp_cancelled"), MemoryTransport()).status == "cancelled"


def test_cancelling_what_was_cancelled_leaves_it_as_it_is() -> None:
    output: list[dict[str, Any]] = [
        {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "status": "incomplete"}
    ]
    body: dict[str, Any] = {"id": "resp_1", "background": True, "status": "cancelled", "output": output}
    transport = MemoryTransport(State().having(stored(body)))
    cancelled = json.decode(asked(transport, HttpRequest("POST", "/responses/resp_1/cancel")).body)
    assert {name: cancelled[name] for name in body} == body


def test_what_is_put_into_a_state_by_hand_is_filled_in() -> None:
    output = [{"id": "ws_1", "type": "web_search_call"}]
    given = {"id": "fc_1", "type": "function_call_output", "call_id": "call_1", "output": "42"}
    later = Change(10.0, {"status": "completed", "output": output})
    response = stored({"id": "resp_1", "status": "queued"}, [given], changes=[later])
    assert response.input_items == ({**given, "status": "completed"},)
    assert (response.at(0.0)["object"], response.at(0.0)["output"], response.at(0.0)["tools"]) == ("response", [], [])
    assert response.at(10.0)["output"][0]["status"] == "completed"
    assert response.at(10.0)["output"][0]["action"]["type"] == "search"


def test_a_response_made_without_background_cannot_be_cancelled() -> None:
    error = refusal(cancel_response("resp_completed"), MemoryTransport())
    assert (error.status, error.message) == (400, "Cannot cancel a synchronous response.")


def test_cancelling_a_completed_response_gives_the_final_response() -> None:
    response = value(cancel_response("resp_completed_background"), MemoryTransport())
    assert response.status == "completed"
    assert len(response.output) == 1


def test_a_dialect_may_refuse_to_cancel_a_completed_response() -> None:
    transport = MemoryTransport(State(responses=sample_state().responses, dialect=Dialect(cancel_completed=400)))
    error = refusal(cancel_response("resp_completed_background"), transport)
    assert (error.status, error.message) == (400, "Cannot cancel a completed response.")


@pytest.mark.parametrize(
    ("response_id", "message"),
    [
        ("resp_failed", "Cannot cancel a failed response."),
        ("resp_incomplete", "Cannot cancel a response in terminal state."),
    ],
)
def test_what_has_ended_badly_cannot_be_cancelled(response_id: str, message: str) -> None:
    error = refusal(cancel_response(response_id), MemoryTransport())
    assert (error.status, error.message) == (400, message)


# Ids, paths and methods


@pytest.mark.parametrize("operation", [delete_response, cancel_response, list_input_items, retrieve_response])
def test_an_unknown_id_is_a_404(operation: Any) -> None:
    assert is_not_found(refusal(operation("resp_nobody"), MemoryTransport()), "resp_nobody")


@pytest.mark.parametrize("operation", [delete_response, cancel_response, list_input_items, retrieve_response])
def test_a_malformed_id_is_a_400(operation: Any) -> None:
    error = refusal(operation("msg_1"), MemoryTransport())
    message = "Invalid 'response_id': 'msg_1'. Expected an ID that begins with 'resp'."
    assert (error.status, error.message) == (400, message)


def test_an_id_is_percent_decoded() -> None:
    status, error = said(MemoryTransport(), get("/responses/resp%20%C3%A9"))
    assert (status, error["message"]) == (404, "Response with id 'resp é' not found.")


@pytest.mark.parametrize(
    "path",
    ["", "/", "/files", "/models/", "/responses/", "/responses/resp_chat/", "/responses/resp_chat/x", "//input_items"],
)
def test_a_path_that_the_api_does_not_have_is_a_404(path: str) -> None:
    status, error = said(MemoryTransport(), get(path))
    assert (status, error["message"]) == (404, f"Invalid URL (GET /v1{path})")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/responses/resp_chat", "GET, DELETE"),
        ("get", "/responses/resp_chat", "GET, DELETE"),
        ("GET", "/responses/resp_chat/cancel", "POST"),
        ("POST", "/responses/resp_chat/input_items", "GET"),
        ("DELETE", "/responses", "POST"),
    ],
)
def test_a_method_that_a_path_does_not_have_is_a_405(method: str, path: str, allowed: str) -> None:
    transport = MemoryTransport()
    status, error = said(transport, HttpRequest(method, path))
    assert (status, error["code"]) == (405, "method_not_supported")
    assert asked(transport, HttpRequest(method, path)).header("allow") == allowed


def test_an_id_that_is_no_unicode_is_answered_all_the_same() -> None:
    status, error = said(MemoryTransport(), get("/responses/resp_\ud800"))
    assert (status, error["message"]) == (404, "Response with id 'resp_?' not found.")


# Retrieve


def test_a_response_is_retrieved_as_it_is_stored() -> None:
    transport = MemoryTransport()
    response = value(retrieve_response("resp_incomplete"), transport)
    assert to_plain(response) == transport.state.responses["resp_incomplete"].body


@pytest.mark.parametrize(("response_id", "missing"), [("resp_chat", "background"), ("resp_queued", "stream")])
def test_what_was_not_made_to_be_streamed_cannot_be(response_id: str, missing: str) -> None:
    status, error = said(MemoryTransport(), get(f"/responses/{response_id}", ("stream", "true")))
    message = f"This response cannot be streamed because it was not created with {missing}=true."
    assert (status, error["message"], error["param"]) == (400, message, "stream")


def test_stream_false_is_no_stream() -> None:
    assert asked(MemoryTransport(), get("/responses/resp_chat", ("stream", "false"))).status == 200


# Input items


def ids(page: Page[Any]) -> list[str]:
    return [to_plain(item)["id"] for item in page]


CHAT = ["msg_chat_1", "fc_chat_2", "fco_chat_3", "hunch_chat_4", "msg_chat_5"]


def test_items_are_listed_newest_first() -> None:
    page = value(list_input_items("resp_chat"), MemoryTransport())
    assert ids(page) == CHAT[::-1]
    assert (page.first_id, page.last_id, page.has_more) == ("msg_chat_5", "msg_chat_1", False)


def test_items_are_listed_oldest_first_if_asked_so() -> None:
    assert ids(value(list_input_items("resp_chat", order="asc"), MemoryTransport())) == CHAT


def test_a_page_has_twenty_items_unless_asked_otherwise() -> None:
    page = value(list_input_items("resp_long"), MemoryTransport())
    assert (len(page), page.has_more) == (20, True)


def test_a_page_starts_after_the_cursor() -> None:
    transport = MemoryTransport()
    assert ids(value(list_input_items("resp_chat", limit=2, after="hunch_chat_4"), transport)) == CHAT[2:0:-1]
    assert ids(value(list_input_items("resp_chat", limit=2, after="hunch_chat_4", order="asc"), transport)) == CHAT[4:]


def test_a_page_after_the_last_item_is_empty() -> None:
    body = json.decode(asked(MemoryTransport(), get("/responses/resp_chat/input_items", ("after", "msg_chat_1"))).body)
    assert body == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


def test_items_of_a_type_that_nobody_knows_are_listed_too() -> None:
    page = value(list_input_items("resp_chat"), MemoryTransport())
    assert [type(item) for item in page[:2]] == [Message, Unknown]
    assert to_plain(page[1]) == {
        "id": "hunch_chat_4",
        "type": "hunch",
        "certainty": 0.75,
        "about": ["Lyon", "sunshine"],
    }


@pytest.mark.parametrize("limit", ["101", "1000", "9" * 5000])
def test_a_limit_over_a_hundred_is_refused_in_the_services_words(limit: str) -> None:
    status, error = said(MemoryTransport(), get("/responses/resp_chat/input_items", ("limit", limit)))
    assert status == 400
    assert error == {
        "message": (f"Invalid 'limit': integer above maximum value. Expected a value <= 100, but got {limit} instead."),
        "type": "invalid_request_error",
        "param": "limit",
        "code": "integer_above_max_value",
    }


@pytest.mark.parametrize("limit", ["0", "-1", "00", "-0"])
def test_a_limit_below_one_is_refused(limit: str) -> None:
    status, error = said(MemoryTransport(), get("/responses/resp_chat/input_items", ("limit", limit)))
    assert (status, error["param"], error["code"]) == (400, "limit", "integer_below_min_value")


@pytest.mark.parametrize("limit", ["", "five", "5.0", " 5", "+5", "\u0665", "\u00b2", "-", "1_0"])
def test_a_limit_that_is_no_integer_is_refused(limit: str) -> None:
    status, error = said(MemoryTransport(), get("/responses/resp_chat/input_items", ("limit", limit)))
    assert (status, error["param"], error["code"]) == (400, "limit", "invalid_type")


@pytest.mark.parametrize("limit", ["1", "100", "007"])
def test_a_limit_from_one_to_a_hundred_is_taken(limit: str) -> None:
    response = asked(MemoryTransport(), get("/responses/resp_long/input_items", ("limit", limit)))
    assert len(json.decode(response.body)["data"]) == int(limit)


def test_an_order_that_is_none_is_refused() -> None:
    status, error = said(MemoryTransport(), get("/responses/resp_chat/input_items", ("order", "up")))
    assert (status, error["param"]) == (400, "order")
    assert error["message"] == "Invalid value: 'up'. Supported values are: 'asc' and 'desc'."


def test_an_unknown_cursor_is_refused() -> None:
    error = refusal(list_input_items("resp_chat", after="msg_other"), MemoryTransport())
    assert (error.status, error.param) == (400, "after")


def image_url(transport: MemoryTransport, *query: tuple[str, str]) -> Any:
    page = json.decode(asked(transport, get("/responses/resp_chat/input_items", *query)).body)
    return page["data"][-1]["content"][1]["image_url"]


def test_an_images_url_is_null_unless_it_is_asked_for() -> None:
    transport = MemoryTransport()
    assert image_url(transport) is None
    assert image_url(transport, ("include[]", "reasoning.encrypted_content")) is None
    assert image_url(transport, ("include[]", "message.input_image.image_url")) == "https://example.com/lyon.jpg"


def test_what_to_include_may_be_written_either_way() -> None:
    transport = MemoryTransport()
    assert image_url(transport, ("include", "message.input_image.image_url")) is not None


def test_an_unknown_include_shows_nothing_and_is_not_refused() -> None:
    page = value(list_input_items("resp_chat", include=["metadata", "timestamps"]), MemoryTransport())
    assert len(page) == 5


LOGPROB = {"token": "a", "logprob": -0.1, "bytes": [97], "top_logprobs": []}
SEARCHED = {"type": "search", "queries": ["q"], "query": "q"}
SCREENSHOT = {"type": "computer_call_output", "call_id": "call_1", "status": "completed"}
RAN = {"type": "code_interpreter_call", "status": "completed", "code": "1", "container_id": "cntr_1"}


def saying(*logprobs: dict[str, Any]) -> dict[str, Any]:
    part = {"type": "output_text", "text": "a", "annotations": [], "logprobs": [*logprobs]}
    return {"type": "message", "role": "assistant", "status": "completed", "content": [part]}


def file_search(results: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {"type": "file_search_call", "status": "completed", "queries": ["q"], "results": results}


def web_search(action: dict[str, Any] = SEARCHED, **more: Any) -> dict[str, Any]:
    return {"type": "web_search_call", "status": "completed", "action": action, **more}


HIDDEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("message.output_text.logprobs", saying(LOGPROB), saying()),
    (
        "reasoning.encrypted_content",
        {"type": "reasoning", "summary": [], "encrypted_content": "x"},
        {"type": "reasoning", "summary": []},
    ),
    ("file_search_call.results", file_search([{"text": "x"}]), file_search(None)),
    ("web_search_call.results", web_search(results=[1]), web_search()),
    (
        "web_search_call.action.sources",
        web_search({**SEARCHED, "sources": [{"type": "url", "url": "https://example.com"}]}),
        web_search(),
    ),
    (
        "computer_call_output.output.image_url",
        {**SCREENSHOT, "output": {"type": "computer_screenshot", "image_url": "x"}},
        {**SCREENSHOT, "output": {"type": "computer_screenshot"}},
    ),
    (
        "code_interpreter_call.outputs",
        {**RAN, "outputs": [{"type": "logs", "logs": "1"}]},
        {**RAN, "outputs": None},
    ),
    ("message.output_text.logprobs", {"type": "hunch", "content": "odd"}, {"type": "hunch", "content": "odd"}),
]


@pytest.mark.parametrize(("include", "whole", "hidden"), HIDDEN)
def test_what_is_shown_on_demand_is_hidden_otherwise(
    include: str, whole: dict[str, Any], hidden: dict[str, Any]
) -> None:
    item = {"id": "x_1", **whole}
    body = {"id": "resp_1", "status": "completed", "output": [item]}
    transport = MemoryTransport(State().having(stored(body, [item])))
    for path, name in (("/responses/resp_1/input_items", "data"), ("/responses/resp_1", "output")):
        assert json.decode(asked(transport, get(path)).body)[name] == [{"id": "x_1", **hidden}]
        assert json.decode(asked(transport, get(path, ("include[]", include))).body)[name] == [item]


# The transport


def test_every_answer_has_the_services_headers() -> None:
    transport = MemoryTransport()
    first, second = asked(transport, get("/responses/resp_chat")), asked(transport, get("/nowhere"))
    for response in (first, second):
        assert response.header("content-type") == "application/json"
        assert response.header("openai-version") == "2020-10-01"
        assert (response.header("openai-processing-ms") or "").isdigit()
    assert (first.header("x-request-id"), second.header("x-request-id")) == ("req_000001", "req_000002")


def test_it_keeps_what_was_asked() -> None:
    transport = MemoryTransport()
    requests = (get("/responses/resp_chat"), get("/nowhere"))
    for request in requests:
        transport(request)
    assert transport.requests == requests


def test_an_empty_service_knows_no_response() -> None:
    transport = MemoryTransport.empty()
    assert len(transport.state.responses) == 0
    assert is_not_found(refusal(retrieve_response("resp_completed"), transport), "resp_completed")


def test_an_empty_service_takes_a_dialect() -> None:
    dialect = Dialect(deleted_object="response")
    assert MemoryTransport.empty(dialect=dialect).state == State(models=sample_models(), dialect=dialect)


def test_a_state_is_not_changed_by_what_is_asked_later() -> None:
    transport = MemoryTransport()
    before = transport.state
    value(delete_response("resp_chat"), transport)
    assert "resp_chat" in before.responses
    assert transport.state != before


@pytest.mark.thread_unsafe(reason="msgspec crashes where several threads build the decoder of a type at once")
def test_a_state_goes_through_json_and_back() -> None:
    state = sample_state()
    assert json.decode(json.encode(state), type=State) == state


def test_time_stands_still_for_the_sample_responses() -> None:
    clock = VirtualClock(now=4e9)
    assert value(retrieve_response("resp_queued"), MemoryTransport(now=clock.monotonic)).status == "queued"


def test_all_items_of_a_long_response_are_paged_through() -> None:
    items = value(collect(all_input_items("resp_long", order="asc")), MemoryTransport())
    assert [item.id for item in items] == [f"msg_long_{n:03d}" for n in range(1, 251)]


@pytest.mark.usefixtures("hurry")
def test_many_threads_may_ask_at_once() -> None:
    state = State()
    for n in range(200):
        state = state.having(stored({"id": f"resp_{n}", "status": "completed"}))
    transport = MemoryTransport(state)
    requests = [HttpRequest("DELETE", f"/responses/resp_{n}") for n in range(200)] * 2
    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(transport, requests))
    statuses = [result.unwrap().status for result in responses]
    assert (statuses.count(200), statuses.count(404)) == (200, 200)
    assert len({result.unwrap().header("x-request-id") for result in responses}) == 400
    assert len(transport.state.responses) == 0


def test_its_repr_says_how_much_it_holds() -> None:
    assert repr(MemoryTransport()) == "MemoryTransport(9 responses, 0 requests)"


def test_importing_it_reads_no_clock_and_no_network() -> None:
    program = (
        "import sys, time\n"
        "def refuse(): raise SystemExit('a clock was read')\n"
        "time.time = time.monotonic = refuse\n"
        "import puresponse.transports.memory.transport\n"
        "print(sorted({'socket', 'ssl', 'http.client', 'urllib3'} & set(sys.modules)))\n"
    )
    assert printed_by(program) == "[]"


# A state made by hand


def test_a_stored_response_needs_an_id() -> None:
    with pytest.raises(ValueError, match=r"^body: a response needs an id that is a string, got None$"):
        stored({"status": "completed"})


@pytest.mark.parametrize("output", [{"type": "message"}, "text", ["text"], None])
def test_the_output_of_a_stored_response_is_a_list_of_objects(output: object) -> None:
    with pytest.raises(ValueError, match=r"^body: the output of a response is a list of objects, got"):
        stored({"id": "resp_1", "output": output})


def test_an_input_item_needs_an_id() -> None:
    with pytest.raises(ValueError, match=r"^input_items: the id None of item 1 is not a string"):
        stored({"id": "resp_1"}, [{"id": "a"}, {"type": "message"}])


def test_an_input_item_needs_an_id_of_its_own() -> None:
    with pytest.raises(ValueError, match=r"^input_items: the id 'a' of item 1 occurs twice"):
        stored({"id": "resp_1"}, [{"id": "a"}, {"id": "a"}])
