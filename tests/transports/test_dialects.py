"""Servers that answer otherwise than OpenAI: lists of responses, and the routes, statuses and words of each."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from puresponse.codecs import encode
from puresponse.core import (
    ApiError,
    DecodeError,
    HttpRequest,
    HttpResponse,
    all_responses,
    cancel_response,
    collect,
    create_response,
    delete_response,
    list_input_items,
    list_models,
    list_responses,
    response_so_far,
    resume_stream,
    retrieve_response,
    stream_response,
)
from puresponse.transports import VirtualClock, iterate, run
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import (
    AZURE_FOUNDRY,
    DIALECTS,
    FIREWORKS,
    OGX,
    OPENAI,
    SGLANG,
    VLLM,
    VLLM_STORING,
    Dialect,
    State,
    sample_models,
    sample_state,
    stored,
)
from puresponse.transports.memory.transport import MemoryTransport

START = 1_750_000_000.0
MONTH = 30 * 86_400.0
MODEL = "gpt-5-mini"


def holding(dialect: Dialect, *ids: str, **members: Any) -> MemoryTransport:
    """A service that holds responses of these ids, each a second younger than the one before."""
    state = State(models=sample_models(), dialect=dialect)
    for second, response_id in enumerate(ids):
        body: dict[str, Any] = {
            "id": response_id,
            "created_at": second,
            "model": "m",
            "status": "completed",
            "output": [],
        }
        item: dict[str, Any] = {"id": f"msg_{second}", "type": "message", "role": "user", "content": []}
        state = state.having(stored({"object": "response", **body, **members}, [item]))
    return MemoryTransport(state, now=lambda: START)


def sampled(dialect: Dialect) -> MemoryTransport:
    return MemoryTransport(replace(sample_state(), dialect=dialect), now=lambda: START)


def ask(transport: MemoryTransport, method: str, path: str, body: object = None, **query: str) -> HttpResponse:
    written = None if body is None else json.encode(body)
    return transport(HttpRequest(method, path, tuple(query.items()), (), written)).unwrap()


def said(transport: MemoryTransport, method: str, path: str, body: object = None, **query: str) -> Any:
    answer = ask(transport, method, path, body, **query)
    return answer.status, json.decode(answer.body)


def ids(transport: MemoryTransport, **query: str) -> tuple[list[str], bool]:
    status, page = said(transport, "GET", "/responses", **query)
    assert status == 200, page
    return [one["id"] for one in page["data"]], page["has_more"]


# Lists of responses

FIVE = ("resp_a", "resp_b", "resp_c", "resp_d", "resp_e")
LISTING = [AZURE_FOUNDRY, FIREWORKS, OGX]


@pytest.mark.parametrize("dialect", [OPENAI, VLLM_STORING, SGLANG], ids=["openai", "vllm", "sglang"])
def test_most_have_no_list_of_responses(dialect: Dialect) -> None:
    transport = sampled(dialect)
    error = run(list_responses(), transport).failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.no_such_route) == (405, True)
    assert ask(transport, "GET", "/responses").header("allow") == "POST"


@pytest.mark.parametrize("dialect", LISTING, ids=["azure", "fireworks", "ogx"])
def test_the_newest_is_first_and_the_pages_hold_each_response_once(dialect: Dialect) -> None:
    transport = holding(dialect, *FIVE)
    assert ids(transport, limit="2") == (["resp_e", "resp_d"], True)
    assert ids(transport, limit="2", after="resp_d") == (["resp_c", "resp_b"], True)
    assert ids(transport, limit="2", after="resp_b") == (["resp_a"], False)
    assert [one.id for one in run(collect(all_responses(limit=2)), transport).unwrap()] == [*reversed(FIVE)]


@pytest.mark.parametrize("dialect", [AZURE_FOUNDRY, OGX], ids=["azure", "ogx"])
def test_the_oldest_may_be_first(dialect: Dialect) -> None:
    transport = holding(dialect, *FIVE)
    assert ids(transport, order="asc", limit="3") == (["resp_a", "resp_b", "resp_c"], True)
    assert [one.id for one in run(collect(all_responses(limit=2, order="asc")), transport).unwrap()] == [*FIVE]


def test_the_order_is_that_of_creation_and_within_a_second_that_of_the_ids() -> None:
    state = State(dialect=AZURE_FOUNDRY)
    for response_id, created in (("resp_3", 7), ("resp_1", 9), ("resp_2", 7), ("resp_4", 8)):
        state = state.having(stored({"id": response_id, "created_at": created}))
    transport = MemoryTransport(state, now=lambda: START)
    assert ids(transport, order="asc")[0] == ["resp_2", "resp_3", "resp_4", "resp_1"]
    assert ids(transport)[0] == ["resp_1", "resp_4", "resp_3", "resp_2"]


@pytest.mark.parametrize("dialect", [AZURE_FOUNDRY, FIREWORKS], ids=["azure", "fireworks"])
def test_a_page_may_end_in_front_of_a_response_and_goes_on_backwards(dialect: Dialect) -> None:
    transport = holding(dialect, *FIVE)
    assert ids(transport, before="resp_b", limit="2") == (["resp_d", "resp_c"], True)
    assert ids(transport, before="resp_d", limit="2") == (["resp_e"], False)
    assert ids(transport, after="resp_e", before="resp_b", limit="5") == (["resp_d", "resp_c"], False)
    page = run(list_responses(before="resp_b", limit=2), transport).unwrap()
    assert page.next_page is not None
    assert [one.id for one in run(page.next_page, transport).unwrap()] == ["resp_e"]


def test_what_a_server_does_not_know_it_ignores() -> None:
    for dialect, unknown in ((FIREWORKS, {"order": "asc", "model": "other"}), (OGX, {"before": "resp_e"})):
        assert ids(holding(dialect, *FIVE), **unknown)[0] == [*reversed(FIVE)]


def test_ogx_lists_those_of_a_model_fifty_to_a_page_and_with_their_input() -> None:
    transport = holding(OGX, *(f"resp_{number:02d}" for number in range(60)))
    assert len(ids(transport)[0]) == 50
    assert len(run(list_responses(), transport).unwrap()) == 20
    assert len(run(list_responses(model="m"), transport).unwrap()) == 20
    status, page = said(transport, "GET", "/responses", model="other")
    assert (status, page) == (
        200,
        {"object": "list", "data": [], "first_id": "", "has_more": False, "last_id": ""},
    )
    found = run(list_responses(limit=1), transport).unwrap()
    assert json.decode(encode(found[0]))["input"] == [*transport.state.responses["resp_59"].input_items]


def test_azure_lists_those_of_a_conversation_and_says_aloud_that_agents_are_not_simulated() -> None:
    transport = holding(AZURE_FOUNDRY, "resp_a", conversation={"id": "conv_1"})
    assert ids(transport, conversation_id="conv_1") == (["resp_a"], False)
    assert ids(transport, conversation_id="conv_2") == ([], False)
    status, refused = said(transport, "GET", "/responses", agent_name="helper")
    assert (status, refused["error"]["param"]) == (400, "agent_name")


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"order": "up"}, "order"),
        ({"after": "resp_x"}, "after"),
    ],
    ids=str,
)
def test_a_bad_parameter_of_the_list_is_refused(query: dict[str, str], param: str) -> None:
    status, refused = said(holding(AZURE_FOUNDRY, "resp_a"), "GET", "/responses", **query)
    assert (status, refused["error"]["param"]) == (400, param)
    assert ask(holding(OGX, "resp_a"), "GET", "/responses", after="resp_x").status == 404


def test_what_was_made_is_listed_as_it_is_now_and_what_is_gone_or_was_not_stored_is_not() -> None:
    clock = VirtualClock(now=START)
    dialect = replace(AZURE_FOUNDRY, background_unstored=200)
    transport = MemoryTransport.empty(dialect=dialect, clock=clock)
    run(create_response(model=MODEL, input="Hi", background=True), transport)
    for background in (False, True):
        run(create_response(model=MODEL, input="Hi", store=False, background=background), transport)
    (queued,) = run(list_responses(), transport).unwrap()
    clock.sleep(3)
    (completed,) = run(list_responses(), transport).unwrap()
    assert (queued.status, completed.status) == ("queued", "completed")
    run(delete_response(completed.id), transport)
    assert ids(transport) == ([], False)
    run(create_response(model=MODEL, input="Hi"), transport)
    for seconds, kept in ((MONTH - 1, 1), (1, 0)):
        clock.sleep(seconds)
        assert len(ids(transport)[0]) == kept


# Fireworks


def test_fireworks_acknowledges_a_deletion_by_a_sentence_which_is_no_receipt() -> None:
    transport = sampled(FIREWORKS)
    error = run(delete_response("resp_chat"), transport).failure()
    assert isinstance(error, DecodeError)
    assert error.may_have_acted
    assert json.decode(error.body or b"") == {"message": "Response deleted successfully"}
    assert ask(transport, "GET", "/responses/resp_chat").status == 404


def test_fireworks_cannot_cancel_and_lists_no_input() -> None:
    transport = sampled(FIREWORKS)
    for operation in (cancel_response("resp_queued"), list_input_items("resp_chat")):
        error = run(operation, transport).failure()
        assert isinstance(error, ApiError)
        assert (error.status, error.no_such_route) == (404, True)
    assert run(list_models(), transport).map(len).unwrap() == 5


# vLLM and SGLang

SELF_HOSTED = [VLLM, VLLM_STORING, SGLANG]


@pytest.mark.parametrize("dialect", SELF_HOSTED, ids=["vllm", "vllm-storing", "sglang"])
@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("DELETE", "/responses/resp_chat", 405, "GET"),
        ("GET", "/responses/resp_chat/input_items", 404, None),
        ("GET", "/responses", 405, "POST"),
        ("POST", "/responses/input_tokens", 405, "GET"),
        ("POST", "/responses/compact", 405, "GET"),
        ("POST", "/conversations", 404, None),
        ("GET", "/responses/resp_queued/cancel", 405, "POST"),
        ("GET", "/nothing", 404, None),
    ],
)
def test_what_a_server_has_no_route_for_is_answered_by_its_framework(
    dialect: Dialect, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = ask(sampled(dialect), method, path)
    words = "Not Found" if status == 404 else "Method Not Allowed"
    assert (answer.status, json.decode(answer.body)) == (status, {"detail": words})
    assert answer.header("allow") == allow


def test_sglang_shows_a_model_and_vllm_only_all_of_them() -> None:
    for dialect, status in ((VLLM, 404), (SGLANG, 200)):
        assert ask(sampled(dialect), "GET", f"/models/{MODEL}").status == status
        assert ask(sampled(dialect), "GET", "/models").status == 200


@pytest.mark.parametrize("dialect", [VLLM_STORING, SGLANG], ids=["vllm", "sglang"])
def test_an_error_has_the_status_for_its_code_and_names_the_parameter(dialect: Dialect) -> None:
    missing = {
        "message": "Response with id 'resp_nobody' not found.",
        "type": "invalid_request_error",
        "param": "response_id",
        "code": 404,
    }
    transport = sampled(dialect)
    assert said(transport, "GET", "/responses/resp_nobody") == (404, {"error": missing})
    given = {"model": MODEL, "input": "Hi", "previous_response_id": "resp_nobody"}
    assert said(transport, "POST", "/responses", given) == (404, {"error": missing})
    error = run(retrieve_response("resp_nobody"), transport).failure()
    assert isinstance(error, ApiError)
    assert (error.code, error.param, error.no_such_route) == ("404", "response_id", False)


def test_an_id_of_another_form_is_unknown_to_vllm_and_refused_by_sglang() -> None:
    for dialect, status in ((VLLM_STORING, 404), (SGLANG, 400)):
        assert ask(sampled(dialect), "GET", "/responses/other_1").status == status


@pytest.mark.parametrize(("dialect", "param"), [(VLLM_STORING, "response_id"), (SGLANG, None)], ids=["vllm", "sglang"])
@pytest.mark.parametrize(
    "response_id", ["resp_completed", "resp_completed_background", "resp_cancelled", "resp_failed"]
)
def test_all_that_does_not_run_is_refused_in_the_same_words(
    dialect: Dialect, param: str | None, response_id: str
) -> None:
    words = {"message": "Cannot cancel a synchronous response.", "type": "invalid_request_error"}
    refused = said(sampled(dialect), "POST", f"/responses/{response_id}/cancel")
    assert refused == (400, {"error": {**words, "param": param, "code": 400}})


@pytest.mark.parametrize("dialect", [VLLM_STORING, SGLANG], ids=["vllm", "sglang"])
def test_what_runs_is_cancelled_once(dialect: Dialect) -> None:
    transport = sampled(dialect)
    assert run(cancel_response("resp_queued"), transport).unwrap().status == "cancelled"
    assert isinstance(run(cancel_response("resp_queued"), transport).failure(), ApiError)


def test_vllm_keeps_nothing_unless_it_is_told_to() -> None:
    transport = MemoryTransport.empty(dialect=VLLM)
    made = run(create_response(model=MODEL, input="Hi", store=True), transport).unwrap()
    assert made.status == "completed"
    assert isinstance(run(retrieve_response(made.id), transport).failure(), ApiError)
    error = run(create_response(model=MODEL, input="Hi", background=True), transport).failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.param) == (400, "background")
    assert "VLLM_ENABLE_RESPONSES_API_STORE=1" in str(error.message)
    transport = MemoryTransport.empty(dialect=VLLM_STORING)
    made = run(create_response(model=MODEL, input="Hi", background=True), transport).unwrap()
    assert run(retrieve_response(made.id), transport).unwrap().status == "queued"


def test_vllm_takes_the_background_with_store_alone_and_the_models_that_it_serves() -> None:
    transport = MemoryTransport.empty(dialect=VLLM_STORING)
    given = {"model": MODEL, "input": "Hi", "background": True, "store": False}
    status, refused = said(transport, "POST", "/responses", given)
    assert (status, refused["error"]["message"], refused["error"]["param"]) == (
        400,
        "background can only be used when `store` is true",
        "background",
    )
    assert said(transport, "POST", "/responses", {"model": "other", "input": "Hi"}) == (
        404,
        {
            "error": {
                "message": "The model `other` does not exist.",
                "type": "NotFoundError",
                "param": "model",
                "code": 404,
            }
        },
    )
    assert ask(MemoryTransport.empty(dialect=SGLANG), "POST", "/responses", {"model": "m", "input": "Hi"}).status == 200


@pytest.mark.parametrize("dialect", SELF_HOSTED, ids=["vllm", "vllm-storing", "sglang"])
def test_self_hosted_servers_take_names_that_they_do_not_know_and_add_no_headers(dialect: Dialect) -> None:
    transport = MemoryTransport.empty(dialect=dialect)
    answer = ask(transport, "POST", "/responses", {"model": MODEL, "input": "Hi", "top_k": 5})
    assert (answer.status, answer.headers) == (200, (("content-type", "application/json"),))
    refused = ask(transport, "GET", "/responses/resp_nobody")
    assert refused.headers == (("content-type", "application/json"),)


def test_what_sglang_is_not_to_store_runs_in_the_background_for_good() -> None:
    clock = VirtualClock(now=START)
    transport = MemoryTransport.empty(dialect=SGLANG, clock=clock)
    made = run(create_response(model=MODEL, input="Hi", background=True, store=False), transport).unwrap()
    seen = [made.status]
    for seconds in (1, 2, 3_600):
        clock.sleep(seconds)
        seen.append(run(retrieve_response(made.id), transport).unwrap().status)
    assert seen == ["queued", "in_progress", "in_progress", "in_progress"]
    run(cancel_response(made.id), transport).unwrap()
    clock.sleep(86_400)
    assert run(retrieve_response(made.id), transport).unwrap().status == "cancelled"


@pytest.mark.parametrize("dialect", [VLLM_STORING, SGLANG], ids=["vllm", "sglang"])
def test_self_hosted_servers_do_not_hold_a_turn_to_the_rules(dialect: Dialect) -> None:
    items: list[dict[str, Any]]
    call = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "call_2", "output": "42"}
    reasoning: dict[str, Any] = {"type": "reasoning", "id": "rs_1", "summary": []}
    message = {"type": "message", "id": "other_1", "role": "user", "content": "Hi"}
    for items in ([call], [output], [reasoning], [message]):
        given = {"model": MODEL, "input": items}
        assert ask(sampled(dialect), "POST", "/responses", given).status == 200
        assert ask(sampled(OPENAI), "POST", "/responses", given).status == 400
    for previous in ("resp_failed", "resp_queued"):
        given = {"model": MODEL, "input": "Hi", "previous_response_id": previous}
        assert ask(sampled(dialect), "POST", "/responses", given).status == 200
        assert ask(sampled(OPENAI), "POST", "/responses", given).status == 400


def test_vllm_streams_again_whatever_the_age_and_sglang_never() -> None:
    clock = VirtualClock(now=START)
    transport = MemoryTransport.empty(dialect=VLLM_STORING, clock=clock)
    events = list(iterate(stream_response(model=MODEL, input="One two", background=True), transport))
    clock.sleep(86_400)
    made = response_so_far(events)
    assert made is not None
    assert list(iterate(resume_stream(made.id), transport)) == events
    transport = MemoryTransport.empty(dialect=SGLANG, clock=clock)
    answer = ask(transport, "POST", "/responses", {"model": "m", "input": "Hi", "background": True, "stream": True})
    assert answer.header("content-type") == "application/json"
    again = ask(transport, "GET", f"/responses/{json.decode(answer.body)['id']}", stream="true")
    assert (again.status, again.header("content-type")) == (200, "application/json")


@pytest.mark.parametrize(
    ("dialect", "lacks"),
    [(VLLM_STORING, {"error", "store", "completed_at"}), (SGLANG, {"background", "service_tier", "completed_at"})],
    ids=["vllm", "sglang"],
)
def test_responses_have_the_members_that_the_server_knows(dialect: Dialect, lacks: set[str]) -> None:
    transport = MemoryTransport.empty(dialect=dialect, now=lambda: START)
    given = {"model": MODEL, "input": "Hi"}
    bodies = [said(transport, "POST", "/responses", {**given, "background": True})[1]]
    bodies.append(said(transport, "GET", f"/responses/{bodies[0]['id']}")[1])
    bodies.append(said(transport, "POST", f"/responses/{bodies[0]['id']}/cancel")[1])
    stream = ask(transport, "POST", "/responses", {**given, "stream": True}).body
    events = [json.decode(line[6:]) for line in stream.splitlines() if line.startswith(b"data: ")]
    bodies += [event["response"] for event in events if "response" in event]
    assert len(bodies) == 6
    for body in bodies:
        assert not body.keys() & lacks
        assert body.keys() <= set(dialect.members or ())
        assert {"id", "status", "output", "model"} <= body.keys()
    assert not any("obfuscation" in event for event in events)


def test_a_stream_of_vllm_tells_neither_that_it_waits_nor_that_it_is_incomplete() -> None:
    transport = MemoryTransport(
        State(models=sample_models(), dialect=VLLM_STORING),
        script=Reply.incomplete("One two"),
        now=lambda: START,
    )
    given = {"model": MODEL, "input": "Hi", "background": True, "stream": True}
    stream = ask(transport, "POST", "/responses", given).body
    events = [json.decode(line[6:]) for line in stream.splitlines() if line.startswith(b"data: ")]
    told = [(event["type"], event["response"]["status"]) for event in events if "response" in event]
    assert told == [
        ("response.created", "in_progress"),
        ("response.in_progress", "in_progress"),
        ("response.completed", "incomplete"),
    ]
    assert [event["sequence_number"] for event in events] == [*range(len(events))]


def test_events_of_ogx_have_no_names_and_are_understood() -> None:
    transport = MemoryTransport.empty(dialect=OGX)
    answer = ask(transport, "POST", "/responses", {"model": MODEL, "input": "Hi", "stream": True})
    assert not any(line.startswith(b"event:") for line in answer.body.splitlines())
    events = list(iterate(stream_response(model=MODEL, input="One two"), transport))
    made = response_so_far(events)
    assert made is not None
    assert (made.status, made.output_text) == ("completed", "One two")


def test_ogx_answers_with_the_response_where_its_events_are_asked_for_again() -> None:
    transport = sampled(OGX)
    answer = ask(transport, "GET", "/responses/resp_completed", stream="true")
    assert (answer.status, json.decode(answer.body)["id"]) == (200, "resp_completed")
    assert said(transport, "GET", "/responses/other_1") == (404, {"detail": "Response with id 'other_1' not found."})


@pytest.mark.parametrize("name", DIALECTS)
def test_a_state_of_any_dialect_is_written_and_read_back(name: str) -> None:
    state = replace(sample_state(), dialect=DIALECTS[name])
    assert json.decode(json.encode(state.dialect), type=Dialect) == state.dialect
