"""A rule of a fault plan takes the conditions of a reply: what a request asks of the model."""

from __future__ import annotations

import pickle
from time import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.core import HttpRequest
from puresponse.transports import (
    FaultPlan,
    Match,
    MemoryTransport,
    Reply,
    Reset,
    Rule,
    Scripted,
    ServerError,
    State,
    ToolOutput,
    When,
)
from puresponse.transports.memory.request_input import input_of

GET = HttpRequest("GET", "/responses/resp_chat", headers=(("x-test", "a"),))


def post(*headers: tuple[str, str], path: str = "/responses", **given: Any) -> HttpRequest:
    body = json.encode({"model": "gpt-4o", "input": "What is the weather?", **given})
    return HttpRequest("POST", path, body=body, headers=headers)


def meets(when: When, request: HttpRequest, state: State | None = None) -> bool:
    _, met = FaultPlan((Rule(Reset(), when=when),)).met((), 1, request, state or State(), time())
    return met == (Reset(),)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When(text="weather"), True),
        (When(text="rain"), False),
        (When(model="gpt-4o"), True),
        (When(model=Match(matches="^o1")), False),
        (When(instructions="French"), True),
        (When(header={"x-test": "a"}), True),
        (When(header={"x-test": "b"}), False),
        (When(turn=1), True),
        (When(turn=2), False),
        (When(tool_output="x"), False),
    ],
)
def test_a_rule_says_what_is_asked_of_the_model(when: When, expected: bool) -> None:
    assert meets(when, post(("x-test", "a"), instructions="Speak French.")) is expected
    assert meets(when, post(("x-test", "a"), instructions="Speak French.", path="/responses/compact")) is expected


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"\xff", b"[" * 10_000])
def test_of_a_request_that_asks_no_model_only_headers_are_known(body: bytes) -> None:
    request = HttpRequest("POST", "/responses", body=body, headers=GET.headers)
    for one in (GET, request):
        assert meets(When(header={"x-test": "a"}), one)
        for when in (When(turn=1), When(text=""), When(model=""), When(instructions=""), When(tool_output="")):
            assert not meets(when, one)
        assert not meets(When(header={"x-test": "a"}, turn=1), one)


NAMES = st.sampled_from(["role", "type", "content", "text", "output", "call_id", "id"])
ANYTHING = st.recursive(
    st.none() | st.integers() | st.sampled_from(["", "x", "user", "message", "function_call_output"]),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)


@given(ANYTHING)
def test_whatever_a_body_says_nothing_is_raised(value: Any) -> None:
    when = When(text="x", tool_output=ToolOutput(name="f", text="y"), turn=1, model="gpt-4o", instructions="")
    for name in ("input", "previous_response_id", "conversation", "instructions", "model"):
        meets(when, post(**{name: value}))
        meets(When(text="x"), post(**{name: value}))


def test_what_a_request_goes_on_from_counts_too() -> None:
    transport = MemoryTransport.empty(script=Scripted.of(default=Reply.tool_call("get_weather", call_id="call_1")))
    first = json.decode(transport(post()).unwrap().body)
    outputs = [{"type": "function_call_output", "call_id": "call_1", "output": "sunny"}]
    request = post(input=outputs, previous_response_id=first["id"])
    assert meets(When(turn=2, tool_output=ToolOutput(name="get_weather", text="sunny")), request, transport.state)
    assert meets(When(text="weather", tool_output="sunny"), request, transport.state)
    assert not meets(When(tool_output=ToolOutput(name="get_weather")), request)


def test_what_a_conversation_holds_counts_too() -> None:
    transport = MemoryTransport.empty()
    made = json.decode(transport(HttpRequest("POST", "/conversations", body=b"{}")).unwrap().body)["id"]
    for conversation in (made, {"id": made}):
        transport(post(conversation=conversation))
    assert meets(When(turn=3), post(conversation=made), transport.state)
    assert meets(When(turn=3), post(conversation={"id": made}), transport.state)
    assert meets(When(turn=1), post(conversation="conv_none"), transport.state)


def test_a_rule_counts_the_requests_that_its_condition_holds_for() -> None:
    plan = FaultPlan((Rule(ServerError(503), when=When(text="weather"), skip=1, times=1),))
    transport = MemoryTransport.empty(faults=plan)
    inputs = ["weather", "Hi", "weather", "weather"]
    assert [transport(post(input=one)).unwrap().status for one in inputs] == [200, 200, 503, 200]


def test_a_body_is_decoded_once_and_only_for_a_rule_with_a_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[HttpRequest] = []

    def counting(state: State, request: HttpRequest, now: float) -> Any:
        calls.append(request)
        return input_of(state, request, now)

    monkeypatch.setattr("puresponse.transports.memory.faults.input_of", counting)
    FaultPlan((Rule(Reset()), Rule(Reset(), method="GET", when=When(turn=1)))).met((), 1, post())
    assert calls == []
    FaultPlan((Rule(Reset(), when=When(turn=2)), Rule(Reset(), when=When(turn=1)))).met((), 1, post())
    assert calls == [post()]


def test_a_plan_with_conditions_compares_and_pickles() -> None:
    plan = FaultPlan((Rule(Reset(), when=When(header={"x-a": Match(equals="b")}, turn=2)),))
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert plan != FaultPlan((Rule(Reset(), when=When(header={"x-a": "b"}, turn=2)),))
