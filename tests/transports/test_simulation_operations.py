"""The library's own operations and the service in memory fit each other: directly, and over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from puresponse.codecs import to_plain
from puresponse.core import (
    WaitPolicy,
    all_conversation_items,
    all_input_items,
    cancel_response,
    collect,
    compact_response,
    count_input_tokens,
    create_conversation,
    create_conversation_items,
    create_response,
    delete_conversation,
    delete_conversation_item,
    delete_response,
    list_conversation_items,
    list_models,
    resume_stream,
    retrieve_conversation,
    retrieve_conversation_item,
    retrieve_model,
    retrieve_response,
    stream_response,
    update_conversation,
    wait_for_response,
)
from puresponse.transports import Urllib3Transport, VirtualClock, iterate, run
from puresponse.transports.contract import Transport
from puresponse.transports.memory.faults import CutStream, FaultPlan, Rule
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import LateConsistency
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.serving.server import serve

START = 1_750_000_000.0
MODEL = "gpt-4o-mini"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


@pytest.fixture
def memory(clock: VirtualClock) -> MemoryTransport:
    return MemoryTransport(clock=clock, script="One two three.")


@pytest.fixture(params=["direct", "http"])
def service(request: pytest.FixtureRequest, memory: MemoryTransport) -> Iterator[Transport]:
    if request.param == "direct":
        yield memory
        return
    with (
        serve(memory) as url,
        Urllib3Transport(api_key="sk-any", base_url=url) as transport,
    ):
        yield transport


def test_a_response_is_created_waited_for_and_deleted(service: Transport, clock: VirtualClock) -> None:
    created = run(create_response(model=MODEL, input="Hi", background=True), service).unwrap()
    assert created.status == "queued"
    waiting = wait_for_response(created.id, WaitPolicy(deadline=60))
    assert run(waiting, service, clock=clock).unwrap().status == "completed"
    assert len(run(collect(all_input_items(created.id)), service).unwrap()) == 1
    assert run(delete_response(created.id), service).unwrap().deleted


def test_a_running_response_is_cancelled(service: Transport) -> None:
    created = run(create_response(model=MODEL, input="Hi", background=True), service).unwrap()
    assert run(cancel_response(created.id), service).unwrap().status == "cancelled"


def test_events_arrive_and_can_be_asked_for_again(service: Transport) -> None:
    stream = stream_response(model=MODEL, input="Hi", background=True)
    events = [to_plain(event) for event in iterate(stream, service)]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert events[-1]["type"] == "response.completed"
    response_id = events[0]["response"]["id"]
    again = [to_plain(event) for event in iterate(resume_stream(response_id, starting_after=3), service)]
    assert again == events[4:]


def test_a_background_stream_that_is_cut_is_resumed(clock: VirtualClock) -> None:
    plan = FaultPlan((Rule(CutStream(4), times=2),))
    memory = MemoryTransport(clock=clock, script="One two three.", faults=plan)
    stream = stream_response(model=MODEL, input="Hi", background=True)
    events = [to_plain(event) for event in iterate(stream, memory, clock=clock)]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert events[-1]["type"] == "response.completed"
    assert [request.method for request in memory.requests] == ["POST", "GET", "GET"]


def test_a_wait_survives_late_consistency(clock: VirtualClock) -> None:
    plan = FaultPlan((Rule(LateConsistency(33.0), method="POST"),))
    memory = MemoryTransport(clock=clock, faults=plan)
    created = run(create_response(model=MODEL, input="Hi", background=True), memory).unwrap()
    waiting = wait_for_response(created.id, WaitPolicy(deadline=120))
    assert run(waiting, memory, clock=clock).unwrap().status == "completed"
    assert clock.now >= START + 36.0


def test_a_tool_call_is_answered_in_the_next_turn(clock: VirtualClock) -> None:
    script = [Reply.tool_call("get_weather", {"city": "Lyon"}), Reply.text("Nineteen degrees.")]
    memory = MemoryTransport(clock=clock, script=script)
    first = run(create_response(model=MODEL, input="Weather in Lyon?"), memory).unwrap()
    call = to_plain(first.output[0])
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "19"}
    following = create_response(model=MODEL, input=[output], previous_response_id=first.id)
    answer = to_plain(run(following, memory).unwrap())
    assert answer["output"][0]["content"][0]["text"] == "Nineteen degrees."


def test_conversations_do_all_that_they_can(service: Transport) -> None:
    hello = {"type": "message", "role": "user", "content": "Hello"}
    conversation = run(create_conversation(items=[hello], metadata={"a": "b"}), service).unwrap()
    run(create_response(model=MODEL, input="Hi", conversation=conversation.id), service).unwrap()
    added = run(create_conversation_items(conversation.id, items=[hello]), service).unwrap()
    items = run(collect(all_conversation_items(conversation.id, limit=2, order="asc")), service).unwrap()
    assert len(items) == 4
    item_id = to_plain(added[0])["id"]
    assert run(retrieve_conversation_item(conversation.id, item_id), service).unwrap() == added[0] == items[-1]
    run(delete_conversation_item(conversation.id, item_id), service).unwrap()
    assert len(run(list_conversation_items(conversation.id), service).unwrap()) == 3
    assert run(update_conversation(conversation.id, metadata={"c": "d"}), service).unwrap().metadata == {"c": "d"}
    assert run(retrieve_conversation(conversation.id), service).unwrap().metadata == {"c": "d"}
    assert run(delete_conversation(conversation.id), service).unwrap().deleted


def test_inputs_are_counted_and_compacted_and_models_shown(service: Transport) -> None:
    assert run(count_input_tokens(model=MODEL, input="one two"), service).unwrap().input_tokens == 2
    compacted = run(compact_response(model=MODEL, input="one two"), service).unwrap()
    assert len(compacted.output) == 2
    assert run(retrieve_model(MODEL), service).unwrap().id == MODEL
    assert MODEL in {model.id for model in run(list_models(), service).unwrap()}


def test_every_sample_can_be_retrieved(service: Transport, memory: MemoryTransport) -> None:
    for response_id in memory.state.responses:
        assert run(retrieve_response(response_id), service).unwrap().id == response_id
