"""The service in memory says no as the real one does: public refusals, recorded requests, what a dialect lets pass."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import json

from puresponse.codecs.lossless.plain import is_object
from puresponse.core import HttpRequest
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import Dialect, State, StoredConversation, respond, sample_state, stored
from puresponse.transports.memory.transport import MemoryTransport

HERE = Path(__file__).parent
PUBLIC: list[dict[str, Any]] = json.decode((HERE / "refusals.json").read_bytes())
RECORDED: list[dict[str, Any]] = json.decode((HERE / "recorded_requests.json").read_bytes())
NOW = 1_750_000_000.0

ANSWERED = "a turn after a call that nobody answered"
"""The one public refusal that needs a response to go on from."""


def answer(body: object, state: State | None = None, path: str = "/responses") -> tuple[int, dict[str, Any]]:
    written = body if isinstance(body, bytes) else json.encode(body)
    _, response = respond(state or State(), HttpRequest("POST", path, body=written), NOW)
    streamed = response.body.startswith(b"event: ")
    found: dict[str, Any] = {} if streamed else json.decode(response.body)
    return response.status, found


def error(body: object, state: State | None = None, path: str = "/responses") -> dict[str, Any]:
    status, found = answer(body, state, path)
    assert status == 400, found
    refused: dict[str, Any] = found["error"]
    assert refused["type"] == "invalid_request_error"
    return refused


def dialect(accept: Any) -> State:
    samples = sample_state()
    return State(responses=samples.responses, dialect=Dialect(accept=accept))


@pytest.mark.parametrize("case", PUBLIC, ids=[case["name"] for case in PUBLIC])
def test_what_the_real_service_refuses_is_refused_so(case: dict[str, Any]) -> None:
    if case["name"] == ANSWERED:
        service = MemoryTransport.empty(script=Reply.tool_call("f", call_id="call_X"))
        made = service(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x"}')).unwrap()
        request = {"model": "m", "input": "x", "previous_response_id": json.decode(made.body)["id"]}
        refused = error(request, service.state)
    else:
        refused = error(case["request"])
    assert (refused["code"], refused["param"]) == (case["code"], case["param"])
    # Words that are not public are chosen; they say at least what is amiss.
    assert refused["message"] == (case["message"] or refused["message"])
    assert len(refused["message"]) > 10


def test_the_public_refusals_are_all_there() -> None:
    assert len(PUBLIC) == 26


@pytest.mark.parametrize("number", range(len(RECORDED)), ids=[recorded["from"] for recorded in RECORDED])
def test_what_the_real_service_was_recorded_to_take_is_taken(number: int) -> None:
    recorded = RECORDED[number]
    if "prompt" in recorded["body"]:
        # The table takes it; what a stored prompt says is not known here, and is never ignored.
        assert error(recorded["body"])["code"] == "unsupported_parameter"
        return
    status, found = answer(recorded["body"], before(recorded), recorded["path"])
    assert status == 200, found


CONVERSATION: dict[str, Any] = {"object": "conversation", "created_at": 0, "metadata": {}}


def before(recorded: dict[str, Any]) -> State:
    """What the service knew: the response or the conversation that is named, and the calls that are answered."""
    body: dict[str, Any] = recorded["body"]
    state = State()
    if (previous := body.get("previous_response_id")) is not None:
        sent: Any = body.get("input", [])
        given: list[dict[str, Any]] = [item for item in sent if is_object(item)]
        outputs = [item for item in given if "call_id" in item and item["type"].endswith("_output")]
        calls = [{**item, "id": None, "type": item["type"].removesuffix("_output")} for item in outputs]
        made_here = {item.get("call_id") for item in given if item not in outputs}
        output = [call for call in calls if call["call_id"] not in made_here]
        state = state.having(stored({"id": previous, "status": "completed", "output": output}))
    named = recorded["path"].split("/")[2:3] if "conversations" in recorded["path"] else [body.get("conversation")]
    for conversation_id in (each for each in named if isinstance(each, str)):
        state = state.having_conversation(StoredConversation({**CONVERSATION, "id": conversation_id}))
    return state


# Options


UNKNOWN_NAMES = {
    "model": "m",
    "input": [{"role": "user", "content": "x", "colour": "red"}],
    "reasoning": {"depth": 1},
    "messages": [],
}


def test_a_dialect_may_let_unknown_names_pass() -> None:
    assert error(UNKNOWN_NAMES)["param"] == "input[0].colour"
    assert answer(UNKNOWN_NAMES, dialect("unknown_names"))[0] == 200
    assert error({**UNKNOWN_NAMES, "temperature": 9}, dialect("unknown_names"))["param"] == "temperature"


ANYTHING: list[dict[str, Any]] = [
    *(case["request"] for case in PUBLIC if case["name"] != ANSWERED),
    {},
    {"model": 5, "input": 5, "instructions": 5, "include": 5, "text": 5, "stream_options": 5, "metadata": 5},
    {"input": [5, None, {"type": 5}, {"type": "message"}, {"type": "hunch", "id": 5}, {"content": [5, {"text": 5}]}]},
    {"prompt": {"id": "pmpt_1"}, "conversation": 5, "image": "x", "prompt_cache_options": []},
]


@pytest.mark.parametrize("number", range(len(ANYTHING)))
def test_a_dialect_may_let_anything_pass(number: int) -> None:
    for path in ("/responses", "/responses/compact", "/responses/input_tokens"):
        status, found = answer(ANYTHING[number], dialect("anything"), path)
        assert status == 200, found


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"previous_response_id": "resp_nobody"}, 400),
        ({"previous_response_id": "resp_queued"}, 400),
        ({"previous_response_id": "resp_failed"}, 400),
        ({"conversation": "conv_nobody"}, 404),
        ({"input": [{"type": "item_reference", "id": "msg_nobody"}]}, 404),
        ({"previous_response_id": "resp_completed", "conversation": "conv_1"}, 400),
    ],
)
def test_what_the_state_forbids_is_refused_by_all(body: dict[str, Any], status: int) -> None:
    for accept in ("known", "unknown_names", "anything"):
        assert answer({"model": "m", "input": "x", **body}, dialect(accept))[0] == status


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "message", "user", "resp_chat", "conv_1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "id", "role", "content", "text", "call_id", "format"]), inner)
    ),
    max_leaves=8,
)
NAMES = ["model", "input", "instructions", "text", "include", "stream", "stream_options", "store", "items", "metadata"]


@settings(max_examples=60, deadline=None)
@given(
    body=st.dictionaries(st.sampled_from([*NAMES, "conversation", "previous_response_id", "tools", "image"]), JSON),
    path=st.sampled_from(["/responses", "/responses/compact", "/responses/input_tokens", "/conversations"]),
    accept=st.sampled_from(["known", "unknown_names", "anything"]),
)
@example(body={"model": "m", "input": [{"call_id": []}]}, path="/responses", accept="anything")
def test_whatever_is_given_is_answered(body: dict[str, Any], path: str, accept: str) -> None:
    _, response = respond(dialect(accept), HttpRequest("POST", path, body=json.encode(body)), NOW)
    assert response.status in (200, 400, 404)


def test_what_a_dialect_accepts_is_a_value() -> None:
    loose = Dialect(accept="anything")
    assert loose != Dialect()
    assert loose == Dialect(accept="anything")
    assert pickle.loads(pickle.dumps(loose)) == loose
    assert json.decode(json.encode(loose), type=Dialect) == loose


# The place


MCP = {"type": "mcp", "server_label": "s"}


@pytest.mark.parametrize(
    ("given", "param"),
    [
        # What is given goes before what is missing, and that before what is unknown.
        ({"input": [{"role": "wizard", "colour": 1}]}, "input[0].role"),
        ({"input": [{"role": "user", "colour": 1}]}, "input[0].content"),
        ({"input": [{"role": "user", "content": "x", "colour": 1}]}, "input[0].colour"),
        # Of several kinds of items that need no type, the one that it follows farthest is meant.
        ({"input": [{"id": "msg_1", "colour": 1}]}, "input[0].colour"),
        ({"input": [{"role": "user", "content": [{"type": "hologram"}]}]}, "input[0].content[0].type"),
        ({"input": ["x"]}, "input[0]"),
        ({"metadata": {"a": 5}}, "metadata.a"),
        ({"tools": [{**MCP, "allowed_tools": {"read_only": 1}}]}, "tools[0].allowed_tools.read_only"),
    ],
)
def test_the_place_is_that_of_the_first_mistake(given: dict[str, Any], param: str) -> None:
    assert error({"model": "m", "input": "x", **given})["param"] == param


def test_null_is_no_value_where_the_api_has_no_null() -> None:
    assert error({"model": "m", "input": "x", "tools": None})["code"] == "invalid_type"
    assert answer({"model": "m", "input": "x", "temperature": None})[0] == 200
