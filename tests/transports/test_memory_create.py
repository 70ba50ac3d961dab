"""Responses can be made in memory: without a model, in the foreground or in the background."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.codecs import decode_response, to_plain
from puresponse.core import (
    HttpRequest,
    HttpResponse,
    all_input_items,
    cancel_response,
    collect,
    compact_response,
    delete_response,
    retrieve_response,
)
from puresponse.transports import VirtualClock, run
from puresponse.transports.memory.service import Change, State, respond, sample_state, stored
from puresponse.transports.memory.transport import MemoryTransport


def create(transport: MemoryTransport, **given: Any) -> dict[str, Any]:
    response = asked(transport, json.encode({"model": "gpt-4o-mini", "input": "Hello, model!", **given}))
    assert response.status == 200, response.body
    decode_response(response.body).unwrap()
    body: dict[str, Any] = json.decode(response.body)
    return body


def asked(transport: MemoryTransport, body: bytes | None) -> HttpResponse:
    return transport(HttpRequest("POST", "/responses", body=body)).unwrap()


def refused(given: Any, transport: MemoryTransport | None = None) -> dict[str, Any]:
    data = given if isinstance(given, bytes | None) else json.encode(given)
    response = asked(transport or MemoryTransport.empty(), data)
    assert response.status == 400
    error: dict[str, Any] = json.decode(response.body)["error"]
    return error


def items(transport: MemoryTransport, response_id: str) -> list[dict[str, Any]]:
    request = HttpRequest("GET", f"/responses/{response_id}/input_items", (("order", "asc"),))
    page = json.decode(transport(request).unwrap().body)
    assert not page["has_more"]
    listed: list[dict[str, Any]] = page["data"]
    return listed


def status(transport: MemoryTransport, response_id: str) -> Any:
    return run(retrieve_response(response_id), transport).unwrap().status


# What comes back


def test_a_response_is_answered_at_once_with_an_echo() -> None:
    body = create(MemoryTransport.empty())
    assert body["status"] == "completed"
    assert body["output"][0]["content"][0]["text"] == "Hello, model!"


def test_a_response_can_be_retrieved_as_it_was_answered() -> None:
    transport = MemoryTransport.empty()
    body = create(transport)
    assert json.decode(transport(HttpRequest("GET", f"/responses/{body['id']}")).unwrap().body) == body


def test_a_response_is_made_at_the_time_of_the_clock() -> None:
    body = create(MemoryTransport.empty(now=VirtualClock(now=1_750_000_000.9).monotonic))
    assert (body["created_at"], body["completed_at"]) == (1_750_000_000, 1_750_000_000)


def test_a_response_says_what_was_asked_for() -> None:
    given = {
        "model": "o3",
        "instructions": "Be brief.",
        "temperature": 0,
        "metadata": {"a": "b"},
        "service_tier": "flex",
        "tools": [{"type": "web_search", "search_context_size": "low", "user_location": None}],
        "max_output_tokens": None,
    }
    body = create(MemoryTransport.empty(), **given)
    assert {name: body[name] for name in given} == given


def test_what_an_object_leaves_out_has_its_default() -> None:
    body = create(MemoryTransport.empty(), reasoning={"effort": "low"})
    assert body["reasoning"] == {"effort": "low", "summary": None}


def test_every_response_says_which_access_programs_it_used() -> None:
    transport = MemoryTransport.empty()
    assert create(transport)["access_programs"] is None
    assert create(transport, access_programs={"cyber": "standard"})["access_programs"] == {"cyber": "standard"}


def test_a_background_response_may_be_asked_for_within_hours() -> None:
    body = create(MemoryTransport.empty(), background=True, background_options={"completion_window": "8h"})
    assert body["status"] == "queued"
    assert "background_options" not in body


@pytest.mark.parametrize(
    ("asked_for", "said"),
    [
        ({"context_compression": "enabled"}, {"context_compression": "enabled"}),
        ({"context_compression": "auto"}, None),
        ({}, None),
    ],
)
def test_what_was_asked_for_images_is_said_again(asked_for: Any, said: Any) -> None:
    transport = MemoryTransport.empty()
    assert create(transport, image=asked_for).get("image") == said
    compacted = run(compact_response(model="gpt-4o-mini", input="Hi", image=asked_for), transport).unwrap()
    assert to_plain(compacted).get("image") == said


def test_there_is_no_prompt_cache_to_tell_of() -> None:
    transport = MemoryTransport.empty()
    first = create(transport)
    assert "prompt_cache_diagnostics" not in first
    for compared, said in ((first["id"], "unavailable"), ("resp_nobody", "comparison_response_not_found")):
        body = create(transport, prompt_cache_options={"comparison_response_id": compared})
        assert body["prompt_cache_diagnostics"] == {"type": said}


def test_a_word_counts_as_a_token() -> None:
    usage = create(MemoryTransport.empty(), input=[{"role": "user", "content": "one two"}] * 2)["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (4, 2, 6)


def test_ids_are_readable_and_the_same_in_every_run() -> None:
    transport = MemoryTransport.empty()
    first, second = create(transport), create(transport)
    assert (first["id"], second["id"]) == ("resp_000001", "resp_000004")
    assert items(transport, first["id"])[0]["id"] == "msg_000002"
    assert first["output"][0]["id"] == "msg_000003"


def test_ids_may_be_made_by_the_caller() -> None:
    transport = MemoryTransport.empty(new_id=lambda prefix, number: f"{prefix}-{number}")
    assert create(transport)["id"] == "resp-1"


def test_an_id_that_is_taken_is_not_given_again() -> None:
    transport = MemoryTransport(State().having(stored({"id": "resp_000001"})))
    assert create(transport)["id"] == "resp_000002"


def test_a_source_that_gives_one_id_only_is_told_so() -> None:
    transport = MemoryTransport(sample_state(), new_id=lambda prefix, number: "resp_chat")
    with pytest.raises(ValueError, match=r"^new_id: gave 'resp_chat' for two different numbers"):
        asked(transport, b'{"model":"m","input":"x"}')


# Input


def test_a_string_is_a_message_of_the_user() -> None:
    transport = MemoryTransport.empty()
    body = create(transport, input="Hi")
    expected = {
        "id": "msg_000002",
        "type": "message",
        "status": "completed",
        "content": [{"type": "input_text", "text": "Hi"}],
        "role": "user",
    }
    assert items(transport, body["id"]) == [expected]


def test_the_text_of_an_assistant_is_output() -> None:
    transport = MemoryTransport.empty()
    body = create(transport, input=[{"role": "assistant", "content": "Hi"}])
    part: dict[str, Any] = {"type": "output_text", "annotations": [], "logprobs": [], "text": "Hi"}
    assert items(transport, body["id"])[0]["content"] == [part]


def test_images_and_files_are_listed_as_recorded() -> None:
    transport = MemoryTransport.empty()
    parts = [
        {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="},
        {"type": "input_image", "image_url": "https://example.com/a.png"},
        {"type": "refusal", "refusal": "No."},
    ]
    body = create(transport, input=[{"type": "message", "role": "user", "content": parts}])
    assert items(transport, body["id"])[0]["content"] == [
        {"type": "input_file", "file_id": None, "filename": "a.pdf"},
        {"type": "input_image", "detail": "auto", "file_id": None, "image_url": None},
        {"type": "refusal", "refusal": "No."},
    ]


def test_other_items_are_kept_with_an_id_of_their_kind() -> None:
    transport = MemoryTransport.empty()
    given: list[dict[str, Any]] = [
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "42"},
        {"type": "configuration_update", "id": "n_1", "reasoning": {"effort": "low"}},
        {"type": "configuration_update", "id": None},
    ]
    body = create(transport, input=given)
    listed = items(transport, body["id"])
    assert [item["id"] for item in listed] == ["fc_000002", "fc_000003", "n_1", "item_000004"]
    for item, before in zip(listed, given, strict=True):
        # The service says that calls and their outputs are completed.
        status = {"status": "completed"} if "call_id" in before else {}
        assert item == before | status | {"id": item["id"]}


CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}


def test_the_output_of_a_function_is_echoed() -> None:
    given = [CALL, {"type": "function_call_output", "call_id": "c", "output": "42"}]
    assert create(MemoryTransport.empty(), input=given)["output"][0]["content"][0]["text"] == "42"


def test_input_without_text_is_answered_with_none() -> None:
    given = [CALL, {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_file"}]}]
    assert create(MemoryTransport.empty(), input=given)["output"][0]["content"][0]["text"] == ""


def test_a_chained_response_lists_the_history_and_the_new_input() -> None:
    transport = MemoryTransport.empty()
    first = create(transport, input="one")
    second = create(transport, input="two", previous_response_id=first["id"])
    texts = [item["content"][0]["text"] for item in items(transport, second["id"])]
    assert texts == ["one", "one", "two"]
    assert second["previous_response_id"] == first["id"]


def test_a_chain_may_go_on_without_new_input() -> None:
    transport = MemoryTransport()
    body = json.decode(asked(transport, b'{"model":"m","previous_response_id":"resp_chat"}').body)
    assert len(items(transport, body["id"])) == 6


def test_history_survives_the_deletion_of_what_it_comes_from() -> None:
    transport = MemoryTransport()
    body = create(transport, previous_response_id="resp_completed")
    run(delete_response("resp_completed"), transport).unwrap()
    assert len(items(transport, body["id"])) == 3


def test_history_without_ids_gets_some() -> None:
    output: list[dict[str, Any]] = [
        {"type": "message", "content": []},
        {"id": "a", "type": "reasoning"},
        {"id": 5, "type": "hunch"},
    ]
    before = stored({"id": "resp_1", "output": output}, [{"id": "a", "type": "hunch"}])
    transport = MemoryTransport(State().having(before).having(stored({"id": "resp_2"})))
    body = create(transport, previous_response_id="resp_1")
    ids = [item["id"] for item in items(transport, body["id"])]
    assert len(set(ids)) == len(ids) == 5
    assert ids[0] == "a"
    assert len(items(transport, create(transport, previous_response_id="resp_2")["id"])) == 1


# Stored or not


def test_what_is_not_stored_cannot_be_retrieved() -> None:
    transport = MemoryTransport.empty()
    body = create(transport, store=False)
    assert body["store"] is False
    assert transport(HttpRequest("GET", f"/responses/{body['id']}")).unwrap().status == 404


# In the background


def test_a_background_response_is_queued_then_in_progress_then_completed() -> None:
    clock = VirtualClock(now=1e9)
    transport = MemoryTransport.empty(now=clock.monotonic)
    body = create(transport, background=True)
    assert (body["status"], body["output"], body["usage"]) == ("queued", [], None)
    seen = [status(transport, body["id"])]
    for _ in range(4):
        clock.sleep(0.999)
        seen.append(status(transport, body["id"]))
    assert seen == ["queued", "queued", "in_progress", "in_progress", "completed"]


def test_a_background_response_completes_with_its_echo() -> None:
    clock = VirtualClock(now=1e9)
    transport = MemoryTransport.empty(now=clock.monotonic)
    response_id = create(transport, background=True)["id"]
    clock.sleep(60)
    body = json.decode(transport(HttpRequest("GET", f"/responses/{response_id}")).unwrap().body)
    assert (body["completed_at"], body["service_tier"]) == (1_000_000_003, "default")
    assert body["output"][0]["content"][0]["text"] == "Hello, model!"


def test_what_was_cancelled_does_not_complete() -> None:
    clock = VirtualClock(now=1e9)
    transport = MemoryTransport.empty(now=clock.monotonic)
    response_id = create(transport, background=True)["id"]
    clock.sleep(1.5)
    assert run(cancel_response(response_id), transport).unwrap().status == "cancelled"
    clock.sleep(60)
    assert status(transport, response_id) == "cancelled"


def test_a_background_response_can_be_deleted_once_it_has_completed() -> None:
    clock = VirtualClock(now=1e9)
    transport = MemoryTransport.empty(now=clock.monotonic)
    response_id = create(transport, background=True)["id"]
    assert run(delete_response(response_id), transport).failure().may_have_acted is False
    clock.sleep(60)
    assert run(delete_response(response_id), transport).unwrap().deleted


def test_its_input_items_are_there_from_the_start() -> None:
    transport = MemoryTransport.empty()
    response_id = create(transport, background=True, input=[{"role": "user", "content": "x"}] * 3)["id"]
    assert len(run(collect(all_input_items(response_id)), transport).unwrap()) == 3


def test_changes_take_place_in_the_order_of_their_times() -> None:
    changes = (Change(20.0, {"status": "completed"}), Change(10.0, {"status": "in_progress"}))
    response = stored({"id": "resp_1", "status": "queued"}, changes=changes)
    assert [response.at(now)["status"] for now in (0, 10, 19, 20, 99)] == [
        "queued",
        "in_progress",
        "in_progress",
        "completed",
        "completed",
    ]


# What is refused


@pytest.mark.parametrize("body", [None, b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000, b'{"model": NaN}'])
def test_a_body_that_is_no_json_object_is_refused(body: bytes | None) -> None:
    assert refused(body)["message"].startswith("We could not parse the JSON body of your request.")


def test_json_too_deep_to_be_written_is_refused_and_not_stored() -> None:
    deep: dict[str, Any] = {}
    for _ in range(200_000):
        deep = {"deep": deep}
    state = State().having(stored({"id": "resp_1", "background": True, "metadata": deep}))
    after, response = respond(state, HttpRequest("POST", "/responses/resp_1/cancel"), 0.0)
    assert response.status == 400
    assert after.responses is state.responses


@pytest.mark.parametrize("missing", ["model", "input"])
def test_what_is_required_is_asked_for(missing: str) -> None:
    given = {"model": "gpt-4o-mini", "input": "x"}
    del given[missing]
    error = refused(given)
    assert error["message"] == f"Missing required parameter: '{missing}'."
    assert (error["param"], error["code"]) == (missing, "missing_required_parameter")


def test_a_parameter_that_the_api_does_not_have_is_refused() -> None:
    error = refused({"model": "m", "input": "x", "inptu": 1})
    assert (error["message"], error["code"]) == ("Unknown parameter: 'inptu'.", "unknown_parameter")


@pytest.mark.parametrize(
    ("given", "param", "words"),
    [
        ({"model": 5}, "model", "expected a string, but got an integer instead"),
        ({"input": {}}, "input", "expected a string or an array of objects, but got an object instead"),
        ({"background": "yes"}, "background", "expected a boolean, but got a string instead"),
        ({"max_output_tokens": True}, "max_output_tokens", "expected an integer, but got a boolean instead"),
        ({"temperature": []}, "temperature", "expected a number, but got an array instead"),
        ({"input": ["x"]}, "input[0]", "expected an object, but got a string instead"),
        ({"input": [{"type": 5}]}, "input[0].type", "expected a string, but got an integer instead"),
        (
            {"input": [{"role": "user", "content": "x", "id": 1.5}]},
            "input[0].id",
            "expected a string, but got a number instead",
        ),
        (
            {"input": [{"role": 1, "content": "x"}]},
            "input[0].role",
            "expected a string, but got an integer instead",
        ),
        (
            {"input": [{"role": "user", "content": 1}]},
            "input[0].content",
            "expected a string or an array of objects, but got an integer instead",
        ),
        (
            {"input": [{"role": "user", "content": [None]}]},
            "input[0].content[0]",
            "expected an object, but got null instead",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(given: dict[str, Any], param: str, words: str) -> None:
    error = refused({"model": "m", "input": "x", **given})
    assert error["message"] == f"Invalid type for '{param}': {words}."
    assert (error["param"], error["code"]) == (param, "invalid_type")


@pytest.mark.parametrize("missing", ["role", "content"])
def test_a_message_needs_a_role_and_content(missing: str) -> None:
    message = {"role": "user", "content": "x"}
    del message[missing]
    assert refused({"model": "m", "input": [message]})["param"] == f"input[0].{missing}"


def message(item_id: str) -> dict[str, Any]:
    return {"id": item_id, "role": "user", "content": "x"}


def test_two_items_of_one_id_are_refused() -> None:
    error = refused({"model": "m", "input": [message("msg_a"), message("msg_a")]})
    assert error["message"].startswith("Duplicate item found with id msg_a.")


def test_an_item_of_the_history_cannot_be_given_again() -> None:
    given = {"model": "m", "input": [message("msg_hello")], "previous_response_id": "resp_completed"}
    error = refused(given, MemoryTransport())
    assert error["message"].startswith("Duplicate item found with id msg_hello.")


def test_a_previous_response_that_is_not_there_is_refused() -> None:
    error = refused({"model": "m", "input": "x", "previous_response_id": "resp_nobody"})
    assert error["message"] == "Previous response with id 'resp_nobody' not found."
    assert error["code"] == "previous_response_not_found"


def test_background_without_store_is_refused() -> None:
    error = refused({"model": "m", "input": "x", "background": True, "store": False})
    assert (error["param"], error["code"]) == ("background", "unsupported_parameter")


def test_what_is_not_simulated_is_refused_rather_than_ignored() -> None:
    error = refused({"model": "m", "input": "x", "prompt": {"id": "pmpt_1"}})
    assert (error["param"], error["code"]) == ("prompt", "unsupported_parameter")


def test_what_was_refused_is_not_stored() -> None:
    transport = MemoryTransport.empty()
    refused({"model": "m"}, transport)
    assert len(transport.state.responses) == 0
