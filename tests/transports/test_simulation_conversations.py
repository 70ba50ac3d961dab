"""Conversations and models in memory: what is recorded of them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import VirtualClock
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.transport import MemoryTransport

START = 1_750_000_000.0


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


@pytest.fixture
def service(clock: VirtualClock) -> MemoryTransport:
    return MemoryTransport.empty(clock=clock)


def ask(transport: MemoryTransport, method: str, path: str, body: object = None, **query: str) -> HttpResponse:
    written = None if body is None else json.encode(body)
    return transport(HttpRequest(method, path, tuple(query.items()), (), written)).unwrap()


def got(transport: MemoryTransport, method: str, path: str, body: object = None, **query: str) -> dict[str, Any]:
    answer = ask(transport, method, path, body, **query)
    assert answer.status == 200, answer.body
    value: dict[str, Any] = json.decode(answer.body)
    return value


def refused(transport: MemoryTransport, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    answer = ask(transport, method, path, body)
    return answer.status, json.decode(answer.body)["error"]


def message(text: str, **more: str) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": text, **more}


def begun(transport: MemoryTransport, *texts: str) -> str:
    return str(got(transport, "POST", "/conversations", {"items": list(map(message, texts))})["id"])


def said(transport: MemoryTransport, conversation: str) -> list[str]:
    items = got(transport, "GET", f"/conversations/{conversation}/items", None, order="asc")["data"]
    return [item["content"][0]["text"] for item in items]


def respond(transport: MemoryTransport, conversation: object, **given: Any) -> dict[str, Any]:
    body = {"model": "m", "input": "Hi", "conversation": conversation, **given}
    return got(transport, "POST", "/responses", body)


def test_a_conversation_is_begun_as_recorded(service: MemoryTransport) -> None:
    made = got(service, "POST", "/conversations", {"metadata": {"topic": "test"}, "items": [message("a")]})
    expected = {"object": "conversation", "created_at": int(START), "metadata": {"topic": "test"}}
    assert made == {"id": "conv_000001", **expected}
    assert got(service, "GET", "/conversations/conv_000001") == made


def test_a_conversation_can_begin_with_nothing(service: MemoryTransport) -> None:
    assert got(service, "POST", "/conversations")["metadata"] == {}
    assert got(service, "POST", "/conversations", {})["metadata"] == {}


def test_metadata_is_replaced(service: MemoryTransport) -> None:
    path = f"/conversations/{begun(service)}"
    assert got(service, "POST", path, {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}
    assert got(service, "GET", path)["metadata"] == {"a": "b"}
    assert refused(service, "POST", path, {})[1]["code"] == "missing_required_parameter"


def test_a_deleted_conversation_is_gone(service: MemoryTransport) -> None:
    path = f"/conversations/{begun(service, 'a')}"
    gone = {"id": path.split("/")[2], "object": "conversation.deleted", "deleted": True}
    assert got(service, "DELETE", path) == gone
    for method, part in (("GET", ""), ("DELETE", ""), ("GET", "/items"), ("GET", "/items/msg_1")):
        status, error = refused(service, method, path + part)
        assert (status, error["message"]) == (404, f"Conversation with id '{gone['id']}' not found.")


def test_a_malformed_id_is_a_400(service: MemoryTransport) -> None:
    assert refused(service, "GET", "/conversations/resp_1")[0] == 400


def test_items_are_added_and_listed_as_recorded(service: MemoryTransport) -> None:
    conversation = begun(service, "first")
    added = got(service, "POST", f"/conversations/{conversation}/items", {"items": [message("second")]})
    item = {
        "id": "msg_000003",
        "type": "message",
        "status": "completed",
        "content": [{"type": "input_text", "text": "second"}],
        "role": "user",
    }
    ends = {"first_id": "msg_000003", "has_more": False, "last_id": "msg_000003"}
    assert added == {"object": "list", "data": [item], **ends}
    assert got(service, "GET", f"/conversations/{conversation}/items/msg_000003") == item
    listed = got(service, "GET", f"/conversations/{conversation}/items", None, limit="1")
    assert (listed["data"], listed["has_more"]) == ([item], True)
    assert said(service, conversation) == ["first", "second"]


def test_an_item_can_be_taken_out(service: MemoryTransport) -> None:
    conversation = begun(service, "a", "b")
    assert got(service, "DELETE", f"/conversations/{conversation}/items/msg_000002")["id"] == conversation
    assert said(service, conversation) == ["b"]
    for method in ("GET", "DELETE"):
        status, error = refused(service, method, f"/conversations/{conversation}/items/msg_000002")
        assert (status, error["message"]) == (404, "Item with id 'msg_000002' not found.")


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([message("x")] * 21, "array_above_max_length"),
        ([message("x", id="msg_a"), message("y", id="msg_a")], None),
        (["x"], "invalid_type"),
        ("x", "invalid_type"),
    ],
)
def test_items_that_cannot_be_are_refused(service: MemoryTransport, items: object, code: str | None) -> None:
    conversation = begun(service)
    for path in ("/conversations", f"/conversations/{conversation}/items"):
        status, error = refused(service, "POST", path, {"items": items})
        assert (status, error["code"]) == (400, code)


# Responses in conversations


@pytest.mark.parametrize("form", ["id", "object"])
def test_a_response_takes_the_conversation_in_and_adds_to_it(service: MemoryTransport, form: str) -> None:
    conversation = begun(service, "one")
    body = respond(service, conversation if form == "id" else {"id": conversation}, input="two")
    assert body["conversation"] == {"id": conversation}
    listed = got(service, "GET", f"/responses/{body['id']}/input_items", None, order="asc")["data"]
    assert [item["content"][0]["text"] for item in listed] == ["one", "two"]
    assert said(service, conversation) == ["one", "two", "two"]


def test_a_conversation_can_be_answered_without_new_input(service: MemoryTransport) -> None:
    conversation = begun(service, "one")
    got(service, "POST", "/responses", {"model": "m", "conversation": conversation})
    assert said(service, conversation) == ["one", "one"]


def test_a_background_response_adds_when_it_completes(service: MemoryTransport, clock: VirtualClock) -> None:
    conversation = begun(service)
    respond(service, conversation, background=True)
    before = said(service, conversation)
    clock.sleep(3.0)
    assert (before, said(service, conversation)) == ([], ["Hi", "Hi"])


def test_what_is_added_meanwhile_comes_before(service: MemoryTransport, clock: VirtualClock) -> None:
    conversation = begun(service)
    respond(service, conversation, background=True)
    clock.sleep(1.0)
    got(service, "POST", f"/conversations/{conversation}/items", {"items": [message("meanwhile")]})
    clock.sleep(2.0)
    assert said(service, conversation) == ["meanwhile", "Hi", "Hi"]


@pytest.mark.parametrize("ending", ["cancelled", "failed"])
def test_what_does_not_complete_adds_nothing(clock: VirtualClock, ending: str) -> None:
    service = MemoryTransport.empty(clock=clock, script=Reply.failure() if ending == "failed" else "x")
    conversation = begun(service, "one")
    response_id = respond(service, conversation, background=True)["id"]
    if ending == "cancelled":
        got(service, "POST", f"/responses/{response_id}/cancel")
    clock.sleep(60.0)
    assert said(service, conversation) == ["one"]


def test_a_conversation_is_locked_while_a_response_is_made_in_it(service: MemoryTransport, clock: VirtualClock) -> None:
    conversation = begun(service)
    respond(service, conversation, background=True)
    given = {"model": "m", "input": "x", "conversation": conversation}
    status, error = refused(service, "POST", "/responses", given)
    assert (status, error["param"], error["code"]) == (400, "conversation", "conversation_locked")
    clock.sleep(3.0)
    respond(service, conversation)


def test_what_was_said_stays_when_the_response_is_deleted(service: MemoryTransport, clock: VirtualClock) -> None:
    conversation = begun(service)
    response_id = respond(service, conversation)["id"]
    clock.sleep(1.0)
    got(service, "DELETE", f"/responses/{response_id}")
    assert said(service, conversation) == ["Hi", "Hi"]


def test_a_response_outlives_its_conversation(service: MemoryTransport) -> None:
    conversation = begun(service)
    response_id = respond(service, conversation, background=True)["id"]
    got(service, "DELETE", f"/conversations/{conversation}")
    assert got(service, "POST", f"/responses/{response_id}/cancel")["status"] == "cancelled"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"conversation": "conv_nobody"}, 404, None),
        ({"conversation": {}}, 400, "missing_required_parameter"),
        ({"conversation": {"id": 1}}, 400, "invalid_type"),
        ({"conversation": "conv_nobody", "previous_response_id": "resp_1"}, 400, "mutually_exclusive_parameters"),
    ],
)
def test_a_conversation_that_cannot_be_is_refused(
    service: MemoryTransport, given: dict[str, Any], status: int, code: str | None
) -> None:
    answered, error = refused(service, "POST", "/responses", {"model": "m", "input": "x", **given})
    assert (answered, error["code"]) == (status, code)


# Models


def test_models_are_listed_and_shown(service: MemoryTransport) -> None:
    models = got(service, "GET", "/models")["data"]
    assert {model["object"] for model in models} == {"model"}
    assert got(service, "GET", f"/models/{models[0]['id']}") == models[0]


def test_only_a_fine_tuned_model_can_be_deleted(service: MemoryTransport) -> None:
    tuned = got(service, "GET", "/models")["data"][-1]["id"]
    assert got(service, "DELETE", f"/models/{tuned}") == {"id": tuned, "object": "model", "deleted": True}
    assert refused(service, "GET", f"/models/{tuned}")[1]["code"] == "model_not_found"
    assert refused(service, "DELETE", "/models/gpt-4o-mini")[0] == 403
    assert refused(service, "DELETE", "/models/nobody")[0] == 404
