"""Lives, scripts, dialects and contexts: what a test can say of the service, and what it then does."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.codecs import decode_response
from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import VirtualClock
from puresponse.transports.memory.scripts.model_input import ModelInput
from puresponse.transports.memory.scripts.replies import Life, Reply
from puresponse.transports.memory.service import (
    AZURE_AGENT_SERVER,
    OGX,
    CancelUndone,
    Dialect,
    LateConsistency,
    State,
    respond,
    sample_models,
    sample_state,
)
from puresponse.transports.memory.transport import MemoryTransport

START = 1_750_000_000.0


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


def ask(transport: MemoryTransport, method: str, path: str, body: object = None, **query: str) -> HttpResponse:
    written = None if body is None else json.encode(body)
    return transport(HttpRequest(method, path, tuple(query.items()), (), written)).unwrap()


def create(transport: MemoryTransport, **given: Any) -> dict[str, Any]:
    answer = ask(transport, "POST", "/responses", {"model": "m", "input": "Hi", **given})
    assert answer.status == 200, answer.body
    decode_response(answer.body).unwrap()
    body: dict[str, Any] = json.decode(answer.body)
    return body


def status(transport: MemoryTransport, response_id: str) -> str:
    answer = ask(transport, "GET", f"/responses/{response_id}")
    return str(json.decode(answer.body)["status"]) if answer.status == 200 else str(answer.status)


def error(answer: HttpResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.decode(answer.body)["error"]
    return found


def text(body: dict[str, Any]) -> str:
    return str(body["output"][-1]["content"][0]["text"])


# Scripts


def test_a_list_of_replies_is_said_in_turn() -> None:
    transport = MemoryTransport.empty(script=["One", Reply.text("Two")])
    assert [text(create(transport)) for _ in range(2)] == ["One", "Two"]


def test_a_list_that_is_used_up_is_a_refusal_that_says_so() -> None:
    transport = MemoryTransport.empty(script=["One"])
    create(transport)
    answer = ask(transport, "POST", "/responses", {"model": "m", "input": "Hi"})
    assert (answer.status, error(answer)["code"]) == (400, "no_scripted_reply")
    assert error(answer)["message"] == (
        "The script of the in-memory service has no reply to model 'm', turn 1, text 'Hi', and no default. "
        "replies[0]: used up (1 of 1)."
    )


def test_one_reply_can_be_for_all() -> None:
    transport = MemoryTransport.empty(script=Reply.text("Yes"))
    assert [text(create(transport)) for _ in range(2)] == ["Yes", "Yes"]


def test_a_function_is_asked_with_all_that_was_given() -> None:
    prompts: list[ModelInput] = []

    def script(prompt: ModelInput) -> Reply:
        prompts.append(prompt)
        return Reply.text(f"{prompt.number}: {prompt.text}")

    transport = MemoryTransport.empty(script=script)
    first = create(transport, input="one")
    second = create(transport, input="two", previous_response_id=first["id"], temperature=0.5)
    assert [text(first), text(second)] == ["1: one", "2: two"]
    assert prompts[1].given["temperature"] == 0.5
    assert [item["role"] for item in prompts[1].items] == ["user", "assistant", "user"]


def test_what_was_refused_uses_up_no_reply() -> None:
    transport = MemoryTransport.empty(script=["One"])
    assert ask(transport, "POST", "/responses", {"model": "m"}).status == 400
    assert text(create(transport)) == "One"


def test_tool_calls_get_ids_to_answer_to() -> None:
    reply = Reply.tool_call("f", {"a": 1}) + Reply.tool_call("g", "not json", call_id="call_mine")
    first, second = create(MemoryTransport.empty(script=reply))["output"]
    assert (first["call_id"], first["arguments"], first["name"]) == ("call_000004", '{"a":1}', "f")
    assert (second["call_id"], second["arguments"]) == ("call_mine", "not json")


def test_reasoning_is_counted_and_hidden() -> None:
    body = create(MemoryTransport.empty(script=Reply.reasoning("one two", encrypted_content="x") + Reply.text("three")))
    assert body["usage"]["output_tokens"] == 3
    assert body["usage"]["output_tokens_details"] == {"reasoning_tokens": 2}
    assert "encrypted_content" not in body["output"][0]


def test_structured_output_is_json_and_its_format_is_told_whole() -> None:
    format_ = {"type": "json_schema", "name": "n", "schema": {"type": "object"}}
    body = create(MemoryTransport.empty(script=Reply.structured({"a": [1]})), text={"format": format_})
    assert text(body) == '{"a":[1]}'
    assert body["text"]["format"] == {**format_, "description": None, "strict": True}


def test_a_refusal_is_a_part_of_a_message() -> None:
    body = create(MemoryTransport.empty(script=Reply.refusal("I cannot.")))
    assert body["output"][0]["content"] == [{"type": "refusal", "refusal": "I cannot."}]


def test_a_failure_ends_as_failed() -> None:
    body = create(MemoryTransport.empty(script=Reply.text("x") + Reply.failure("Oh no.")))
    assert (body["status"], body["completed_at"], body["usage"]) == ("failed", None, None)
    assert body["error"] == {"code": "server_error", "message": "Oh no."}


def test_what_breaks_off_ends_as_incomplete() -> None:
    body = create(MemoryTransport.empty(script=Reply.incomplete("One", "content_filter")))
    assert (body["status"], body["incomplete_details"]) == ("incomplete", {"reason": "content_filter"})
    assert body["output"][0]["status"] == "incomplete"


def test_usage_can_be_given_in_part() -> None:
    usage = {"output_tokens": 8, "input_tokens_details": {"cached_tokens": 1}}
    body = create(MemoryTransport.empty(script=Reply(usage=usage) + Reply.text("x")), input="Hi")
    assert body["usage"] == {
        "input_tokens": 1,
        "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 1},
        "output_tokens": 8,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 9,
    }


def test_items_keep_ids_of_their_own_unless_they_are_taken() -> None:
    item = {"id": "hunch_1", "type": "hunch"}
    transport = MemoryTransport.empty(script=Reply.item(item))
    first = create(transport)
    second = create(transport, previous_response_id=first["id"])
    assert first["output"] == [item]
    assert second["output"][0]["id"] == "item_000005"


def test_replies_add_up_to_the_life_that_one_of_them_was_given() -> None:
    both = Reply.text("a").lasting(queued=5.0) + Reply.text("b")
    assert both.life == (Reply.text("b") + Reply.text("a").lasting(queued=5.0)).life == Life(queued=5.0)


# Lives


def test_a_script_says_how_long_a_life_is(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(clock=clock, script=Reply.incomplete("x").lasting(queued=10.0, running=20.0))
    response_id = create(transport, background=True)["id"]
    seen = [status(transport, response_id)]
    for _ in range(3):
        clock.sleep(10.0)
        seen.append(status(transport, response_id))
    assert seen == ["queued", "in_progress", "in_progress", "incomplete"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply.text("x").lasting(queued=None), "queued"),
        (Reply.text("x").lasting(running=None), "in_progress"),
        (Reply.failure(), "failed"),
    ],
)
def test_a_life_may_end_otherwise_or_never(clock: VirtualClock, reply: Reply, expected: str) -> None:
    transport = MemoryTransport.empty(clock=clock, script=reply)
    response_id = create(transport, background=True)["id"]
    clock.sleep(1e6)
    assert status(transport, response_id) == expected


def test_an_answer_that_takes_long_is_in_progress_meanwhile(clock: VirtualClock) -> None:
    state, _ = respond(
        State(),
        HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x"}'),
        START,
        script=lambda prompt: Reply.text("y").lasting(answering=9.0),
    )
    stored = state.responses["resp_000001"]
    assert [stored.at(START + seconds)["status"] for seconds in (0, 8.9, 9)] == ["in_progress"] * 2 + ["completed"]


def test_late_consistency_hides_a_response_for_a_while(clock: VirtualClock) -> None:
    request = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x","background":true}')
    hidden: dict[str, list[str]] = {}
    for since in ("created", "ended"):
        quirk = LateConsistency(5.0, "created" if since == "created" else "ended")
        state, _ = respond(State(), request, START, quirks=(quirk,))
        transport = MemoryTransport(state, clock=clock)
        hidden[since] = []
        for seconds in (0, 2, 4, 6, 9):
            clock.now = START + seconds
            hidden[since].append(status(transport, "resp_000001"))
    assert hidden["created"] == ["404", "404", "404", "completed", "completed"]
    assert hidden["ended"] == ["queued", "in_progress", "404", "404", "completed"]


def test_a_hidden_response_is_hidden_from_every_call(clock: VirtualClock) -> None:
    request = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x"}')
    state, _ = respond(State(), request, START, quirks=(LateConsistency(5.0),))
    transport = MemoryTransport(state, clock=clock)
    assert ask(transport, "DELETE", "/responses/resp_000001").status == 404
    assert ask(transport, "GET", "/responses/resp_000001/input_items").status == 404
    answer = ask(transport, "POST", "/responses", {"model": "m", "previous_response_id": "resp_000001"})
    assert error(answer)["code"] == "previous_response_not_found"


def test_a_cancellation_can_come_undone(clock: VirtualClock) -> None:
    request = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x","background":true}')
    for made in (respond(State(), request, START)[0], sample_state()):
        response_id = "resp_000001" if "resp_000001" in made.responses else "resp_queued"
        cancel = HttpRequest("POST", f"/responses/{response_id}/cancel")
        clock.now = START + 1.5
        state, answer = respond(made, cancel, clock.now, quirks=(CancelUndone(60.0),))
        assert json.decode(answer.body)["status"] == "cancelled"
        transport = MemoryTransport(state, clock=clock)
        seen = [status(transport, response_id)]
        clock.sleep(60.0)
        assert [*seen, status(transport, response_id)] == ["cancelled", "completed"]


def test_background_without_store_can_be_polled_for_ten_minutes_where_it_is_taken(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(dialect=Dialect(background_unstored=200), clock=clock)
    response_id = create(transport, background=True, store=False)["id"]
    seen: list[str] = []
    for seconds in (602.0, 1.0):  # it ends after three
        clock.sleep(seconds)
        seen.append(status(transport, response_id))
    assert seen == ["completed", "404"]


# Dialects


def of(dialect: Dialect) -> MemoryTransport:
    return MemoryTransport(State(responses=sample_state().responses, models=sample_models(), dialect=dialect))


def test_azures_agent_server_refuses_what_openai_takes_and_ignores_odd_cursors() -> None:
    transport = of(AZURE_AGENT_SERVER)
    assert ask(transport, "POST", "/responses/resp_completed_background/cancel").status == 400
    page = json.decode(ask(transport, "GET", "/responses/resp_chat/input_items", after="nobody").body)
    assert len(page["data"]) == 5


def test_ogx_has_no_envelope_no_ends_and_no_ids() -> None:
    transport = of(OGX)
    for response_id in ("resp_completed", "resp_completed_background"):
        assert ask(transport, "POST", f"/responses/{response_id}/cancel").status == 409
    answer = ask(transport, "GET", "/responses/resp_nobody")
    assert json.decode(answer.body) == {"detail": "Response with id 'resp_nobody' not found."}
    page = json.decode(ask(transport, "GET", "/responses/resp_chat/input_items").body)
    assert set(page) == {"object", "data"}
    assert {item["id"] for item in page["data"]} == {None}
    assert ask(transport, "GET", "/responses/resp_chat/input_items", after="nobody").status == 404
    assert ask(transport, "DELETE", "/responses/resp_queued").status == 200


def test_an_error_may_come_bare() -> None:
    body = json.decode(ask(of(Dialect(envelope="bare")), "GET", "/responses/resp_nobody").body)
    assert set(body) == {"message", "type", "param", "code"}


def test_unknown_models_may_be_refused() -> None:
    transport = of(Dialect(unknown_model=400))
    for path in ("/responses", "/responses/compact"):
        answer = ask(transport, "POST", path, {"model": "m", "input": "x"})
        assert (answer.status, error(answer)["code"]) == (400, "model_not_found")
        assert ask(transport, "POST", path, {"model": "gpt-4o-mini", "input": "x"}).status == 200


# Contexts


def test_tokens_are_counted_with_history_and_instructions() -> None:
    transport = MemoryTransport.empty(script="four five")
    first = create(transport, input="one two three")
    given = {"input": "six", "previous_response_id": first["id"], "instructions": "seven eight"}
    answer = ask(transport, "POST", "/responses/input_tokens", given)
    assert json.decode(answer.body) == {"object": "response.input_tokens", "input_tokens": 8}
    assert json.decode(ask(transport, "POST", "/responses/input_tokens").body)["input_tokens"] == 0


def test_compacting_keeps_the_users_messages_and_one_item_for_the_rest() -> None:
    transport = MemoryTransport.empty()
    given = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}]
    answer = ask(transport, "POST", "/responses/compact", {"model": "m", "input": given})
    body = json.decode(answer.body)
    assert (body["object"], [item["type"] for item in body["output"]]) == (
        "response.compaction",
        ["message", "compaction"],
    )
    assert body["output"][1]["id"].startswith("cmp_")
    assert body["usage"]["input_tokens"] == 2
    assert answer.header("x-ratelimit-limit-requests") == "30000"
    assert ask(transport, "GET", f"/responses/{body['id']}").status == 404


def test_what_was_compacted_can_be_gone_on_from() -> None:
    transport = MemoryTransport.empty()
    compacted = json.decode(ask(transport, "POST", "/responses/compact", {"model": "m", "input": "one"}).body)
    assert create(transport, input=[*compacted["output"], {"role": "user", "content": "two"}])["status"] == "completed"


@pytest.mark.parametrize("missing", ["model", "input"])
def test_compacting_needs_a_model_and_an_input(missing: str) -> None:
    given = {"model": "m", "input": "x"}
    del given[missing]
    assert error(ask(MemoryTransport.empty(), "POST", "/responses/compact", given))["param"] == missing


def test_a_reference_stands_for_an_item_that_is_stored() -> None:
    transport = MemoryTransport.empty()
    first = create(transport, input="one")
    conversation = json.decode(
        ask(transport, "POST", "/conversations", {"items": [{"role": "user", "content": "two"}]}).body
    )
    page = json.decode(ask(transport, "GET", f"/conversations/{conversation['id']}/items").body)
    ids = ["msg_000002", first["output"][0]["id"], page["data"][0]["id"]]
    body = create(transport, input=[{"type": "item_reference", "id": item_id} for item_id in ids])
    listed = json.decode(ask(transport, "GET", f"/responses/{body['id']}/input_items", order="asc").body)["data"]
    assert [item["id"] for item in listed] == ids
    assert [item["content"][0]["text"] for item in listed] == ["one", "one", "two"]


def test_a_reference_is_looked_for_everywhere() -> None:
    transport = MemoryTransport.empty()
    for text in ("one", "two"):
        ask(transport, "POST", "/conversations", {"items": [{"role": "user", "content": text}] * 2})
    assert create(transport, input=[{"type": "item_reference", "id": "msg_000006"}])["output"][0]["content"] == [
        {"type": "output_text", "annotations": [], "logprobs": [], "text": "two"}
    ]


@pytest.mark.parametrize(("reference", "status_"), [({"id": "msg_nobody"}, 404), ({}, 400)])
def test_a_reference_to_nothing_is_refused(reference: dict[str, str], status_: int) -> None:
    given = {"model": "m", "input": [{"type": "item_reference", **reference}]}
    answer = ask(MemoryTransport(), "POST", "/responses", given)
    assert (answer.status, error(answer)["param"]) == (status_, "input[0].id")


# Headers and metadata


def test_rate_limits_are_told_where_a_model_works(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(clock=clock)
    answer = ask(transport, "POST", "/responses", {"model": "m", "input": "one two"})
    told = {name: value for name, value in answer.headers if name.startswith("x-ratelimit")}
    assert told == {
        "x-ratelimit-limit-requests": "30000",
        "x-ratelimit-limit-tokens": "150000000",
        "x-ratelimit-remaining-requests": "29999",
        "x-ratelimit-remaining-tokens": "149999998",
        "x-ratelimit-reset-requests": "2ms",
        "x-ratelimit-reset-tokens": "0s",
    }
    assert ask(transport, "GET", "/models").header("x-ratelimit-limit-requests") is None


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({str(number): "" for number in range(17)}, "object_above_max_properties"),
        ({"a" * 65: ""}, "string_above_max_length"),
        ({"a": "a" * 513}, "string_above_max_length"),
        ({"a": 1}, "invalid_type"),
    ],
)
def test_metadata_is_held_to_its_bounds(metadata: dict[str, Any], code: str) -> None:
    given = {"model": "m", "input": "x", "metadata": metadata}
    assert error(ask(MemoryTransport.empty(), "POST", "/responses", given))["code"] == code


def test_it_goes_by_a_clock_or_by_a_time(clock: VirtualClock) -> None:
    with pytest.raises(ValueError, match=r"^now: a transport goes by a clock or by a time, not by both$"):
        MemoryTransport(clock=clock, now=clock.monotonic)


def test_a_state_with_all_in_it_goes_through_json_and_back(clock: VirtualClock) -> None:
    transport = MemoryTransport(clock=clock)
    conversation = json.decode(ask(transport, "POST", "/conversations").body)["id"]
    given = {"model": "m", "input": "x", "stream": True, "background": True, "conversation": conversation}
    ask(transport, "POST", "/responses", given)
    assert json.decode(json.encode(transport.state), type=State) == transport.state
