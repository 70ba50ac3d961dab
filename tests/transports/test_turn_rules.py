"""The rules of a conversation: calls and their outputs, reasoning, ids, and what a chain may go on from."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.core import HttpRequest
from puresponse.transports import VirtualClock
from puresponse.transports.memory.scripts.id_prefixes import ID_PREFIXES
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import Dialect
from puresponse.transports.memory.transport import MemoryTransport

USER = {"role": "user", "content": "x"}
CALL = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "42"}
REASONING: dict[str, Any] = {"type": "reasoning", "id": "rs_1", "summary": []}
SAID = {"role": "assistant", "content": "Yes."}
EXEC: dict[str, Any] = {"type": "exec", "command": ["ls"], "env": {}}
SHOT = {"type": "computer_screenshot", "image_url": "x"}
PATCH = {"type": "delete_file", "path": "a"}
DONE = {"status": "completed"}
ORPHAN = "No tool output found for"

PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "function call": (CALL, OUTPUT),
    "custom tool call": (
        {"type": "custom_tool_call", "call_id": "call_1", "name": "f", "input": "x"},
        {"type": "custom_tool_call_output", "call_id": "call_1", "output": "42"},
    ),
    "computer call": (
        {"type": "computer_call", "id": "cu_1", "call_id": "call_1", "pending_safety_checks": [], **DONE},
        {"type": "computer_call_output", "call_id": "call_1", "output": SHOT},
    ),
    "local shell call": (
        {"type": "local_shell_call", "id": "lsh_1", "call_id": "call_1", "action": EXEC, **DONE},
        {"type": "local_shell_call_output", "id": "lsho_1", "call_id": "call_1", "output": "42"},
    ),
    "shell call": (
        {"type": "shell_call", "call_id": "call_1", "action": {"commands": ["ls"]}},
        {"type": "shell_call_output", "call_id": "call_1", "output": []},
    ),
    "apply patch call": (
        {"type": "apply_patch_call", "call_id": "call_1", "operation": PATCH, **DONE},
        {"type": "apply_patch_call_output", "call_id": "call_1", **DONE},
    ),
}


def service(*replies: Reply | str, clock: VirtualClock | None = None) -> MemoryTransport:
    return MemoryTransport.empty(script=[*replies, *["Yes."] * 9], clock=clock or VirtualClock(now=1_750_000_000.0))


def sent(transport: MemoryTransport, *, path: str = "/responses", **given: Any) -> tuple[int, dict[str, Any]]:
    response = transport(HttpRequest("POST", path, body=json.encode({"model": "m", **given}))).unwrap()
    body: dict[str, Any] = json.decode(response.body)
    return response.status, body


def made(transport: MemoryTransport, **given: Any) -> dict[str, Any]:
    status, body = sent(transport, **given)
    assert status == 200, body
    return body


def refusal(transport: MemoryTransport, **given: Any) -> tuple[str, str | None, str | None]:
    status, body = sent(transport, **given)
    assert status == 400, body
    error = body["error"]
    return error["message"], error["param"], error["code"]


# Parts


@pytest.mark.parametrize("path", ["/responses", "/responses/compact", "/responses/input_tokens"])
def test_the_parts_of_a_users_message_are_none_of_the_assistants(path: str) -> None:
    part = {"type": "input_text", "text": "Yes."}
    items = [USER, {"role": "assistant", "content": [{**part, "type": "output_text"}, part]}]
    message = "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'."
    refused = refusal(service(), path=path, input=items)
    assert refused == (message, "input[1].content[1]", "invalid_value")
    made(service(), path=path, input=[USER, {"role": "user", "content": [part]}])


def test_a_conversation_takes_no_such_message_either() -> None:
    items = [{"role": "assistant", "content": [{"type": "input_image", "image_url": "x"}]}]
    body = json.encode({"items": items})
    answer = json.decode(service()(HttpRequest("POST", "/conversations", body=body)).unwrap().body)
    assert answer["error"]["param"] == "items[0].content[0]"


def test_only_what_the_table_reads_as_items_is_read_for_its_parts() -> None:
    lenient = MemoryTransport.empty(dialect=Dialect(accept="unknown_names"))
    made(lenient, input="x", items=["not an item", None])
    answer = lenient(HttpRequest("POST", "/conversations", body=json.encode({"input": [None]}))).unwrap()
    assert answer.status == 200


def test_what_triggers_a_compaction_is_no_item() -> None:
    transport = service()
    created = made(transport, input=[USER, {"type": "compaction_trigger"}])
    path = f"/responses/{created['id']}/input_items"
    listed = json.decode(transport(HttpRequest("GET", path)).unwrap().body)
    assert [item["type"] for item in listed["data"]] == ["message"]


# Calls and outputs


def test_the_output_of_a_local_shell_may_name_its_call_by_its_id() -> None:
    call, output = PAIRS["local shell call"]
    named = {"type": output["type"], "id": "call_1", "output": "42"}
    made(service(), input=[USER, call, named])
    message = "No tool call found for local shell call output with call_id call_2."
    assert refusal(service(), input=[USER, call, {**named, "id": "call_2"}]) == (message, "input", None)


@pytest.mark.parametrize("kind", PAIRS)
def test_a_call_and_its_output_go_together(kind: str) -> None:
    call, output = PAIRS[kind]
    made(service(), input=[USER, call, output])
    made(service(), input=[USER, call, output, USER])
    assert refusal(service(), input=[USER, call]) == (f"{ORPHAN} {kind} call_1.", "input", None)
    no_call = (f"No tool call found for {kind} output with call_id call_1.", "input", None)
    assert refusal(service(), input=[USER, output]) == no_call
    assert refusal(service(), input=[output, call]) == no_call


def test_a_call_of_one_kind_is_not_answered_by_an_output_of_another() -> None:
    _, output = PAIRS["custom tool call"]
    message, _, _ = refusal(service(), input=[CALL, output])
    assert message == "No tool call found for custom tool call output with call_id call_1."


def test_each_of_several_calls_is_answered() -> None:
    others = [{**CALL, "call_id": "call_2"}, {**OUTPUT, "call_id": "call_2"}]
    made(service(), input=[CALL, others[0], others[1], OUTPUT])
    assert refusal(service(), input=[CALL, others[0], OUTPUT])[0] == f"{ORPHAN} function call call_2."


def test_a_call_that_is_async_may_be_answered_later() -> None:
    first = made(service(), input=[USER, {**CALL, "async": True}])
    assert first["status"] == "completed"
    assert refusal(service(), input=[USER, {**CALL, "async": False}])[0] == f"{ORPHAN} function call call_1."


def test_a_chain_answers_the_calls_of_the_response_before() -> None:
    transport = service(Reply.tool_call("f", call_id="call_1"))
    first = made(transport, input="x")
    message, param, code = refusal(transport, input="y", previous_response_id=first["id"])
    assert (message, param, code) == (f"{ORPHAN} function call call_1.", "input", None)
    second = made(transport, input=[OUTPUT], previous_response_id=first["id"])
    made(transport, input="y", previous_response_id=second["id"])


def test_a_conversation_answers_the_calls_in_it() -> None:
    transport = service(Reply.tool_call("f", call_id="call_1"))
    _, conversation = sent_to_conversations(transport)
    made(transport, input="x", conversation=conversation["id"])
    assert refusal(transport, input="y", conversation=conversation["id"])[0] == f"{ORPHAN} function call call_1."
    made(transport, input=[OUTPUT], conversation=conversation["id"])


def sent_to_conversations(transport: MemoryTransport) -> tuple[int, dict[str, Any]]:
    response = transport(HttpRequest("POST", "/conversations", body=b"{}")).unwrap()
    body: dict[str, Any] = json.decode(response.body)
    return response.status, body


# Reasoning


def test_reasoning_is_followed_by_what_was_reasoned_out() -> None:
    lonely = ("Item 'rs_1' of type 'reasoning' was provided without its required following item.", "input", None)
    assert refusal(service(), input=[USER, REASONING]) == lonely
    assert refusal(service(), input=[REASONING, USER]) == lonely
    assert refusal(service(), input=[REASONING, OUTPUT]) == lonely
    made(service(), input=[USER, REASONING, SAID])
    made(service(), input=[USER, REASONING, {**REASONING, "id": "rs_2"}, SAID, USER])
    made(service(), input=[USER, REASONING, CALL, OUTPUT])


def test_a_reply_may_be_sent_back_as_it_is() -> None:
    replies = [
        Reply.reasoning("Hm.", encrypted_content="AA==") + Reply.text("42"),
        Reply.refusal("No."),
        Reply.incomplete("Once"),
    ]
    for reply in replies:
        output = made(service(reply), input="x", include=["reasoning.encrypted_content"])["output"]
        made(service(), input=[USER, *output, USER])


# Ids


CHECKED = [kind for kind in ID_PREFIXES if not kind.endswith("_output")]
FORMS: dict[str, dict[str, Any]] = {
    "message": USER,
    "reasoning": REASONING,
    "function_call": CALL,
    "file_search_call": {"type": "file_search_call", "queries": [], **DONE},
    "web_search_call": {"type": "web_search_call", "action": {"type": "search"}, **DONE},
    "computer_call": PAIRS["computer call"][0],
    "code_interpreter_call": {
        **{"type": "code_interpreter_call", "container_id": "cntr_1", "code": None, "outputs": None},
        **DONE,
    },
    "image_generation_call": {"type": "image_generation_call", "result": None, **DONE},
    "mcp_call": {"type": "mcp_call", "server_label": "s", "name": "f", "arguments": "{}"},
    "compaction": {"type": "compaction", "encrypted_content": "AA=="},
    "custom_tool_call": PAIRS["custom tool call"][0],
    "mcp_list_tools": {"type": "mcp_list_tools", "server_label": "s", "tools": []},
    "mcp_approval_request": {"type": "mcp_approval_request", "server_label": "s", "name": "f", "arguments": "{}"},
    "apply_patch_call": PAIRS["apply patch call"][0],
}


@pytest.mark.parametrize("kind", CHECKED)
def test_an_id_begins_as_the_services_own_do(kind: str) -> None:
    prefix = ID_PREFIXES[kind]
    item = {**FORMS[kind], "id": "abc"}
    expected = f"Invalid 'input[1].id': 'abc'. Expected an ID that begins with '{prefix}'."
    assert refusal(service(), input=[USER, item]) == (expected, "input[1].id", "invalid_value")
    # The conversations' rules of turns do not hold for items that are put there.
    body = json.encode({"items": [{**item, "id": f"{prefix}_abc"}]})
    assert service()(HttpRequest("POST", "/conversations", body=body)).unwrap().status == 200


# Chains


def test_a_chain_goes_on_from_a_response_that_is_there() -> None:
    transport = service()
    first = made(transport, input="x")
    assert transport(HttpRequest("DELETE", f"/responses/{first['id']}")).unwrap().status == 200
    unstored = made(transport, input="x", store=False)
    for gone in (first["id"], unstored["id"], "resp_nobody"):
        assert refusal(transport, input="y", previous_response_id=gone) == (
            f"Previous response with id '{gone}' not found.",
            "previous_response_id",
            "previous_response_not_found",
        )


def test_a_chain_does_not_go_on_from_a_response_that_failed() -> None:
    transport = service(Reply.failure())
    failed = made(transport, input="x")["id"]
    message, param, code = refusal(transport, input="y", previous_response_id=failed)
    assert message == f"Previous response with id '{failed}' failed and cannot be continued."
    assert (param, code) == ("previous_response_id", "invalid_value")


def test_a_chain_waits_until_the_response_before_has_ended() -> None:
    clock = VirtualClock(now=1_750_000_000.0)
    transport = service(clock=clock)
    running = made(transport, input="x", background=True)["id"]
    for status, seconds in (("queued", 1.0), ("in_progress", 2.0)):
        message, param, code = refusal(transport, input="y", previous_response_id=running)
        assert message == f"Previous response with id '{running}' is {status} and cannot be continued yet."
        assert (param, code) == ("previous_response_id", "invalid_value")
        clock.sleep(seconds)
    made(transport, input="y", previous_response_id=running)


def test_a_chain_goes_on_from_a_response_that_is_incomplete() -> None:
    transport = service(Reply.incomplete("Once"))
    made(transport, input="y", previous_response_id=made(transport, input="x")["id"])
