"""Streams of events: in their time and order, told again, and cut off as the service does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec import json
from returns.result import Success

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import VirtualClock, in_threads
from puresponse.transports.clock import WakingEvent
from puresponse.transports.contract import AsyncStreamingTransport, Body
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import Dialect, State, respond, sample_models
from puresponse.transports.memory.transport import MemoryTransport

START = 1_750_000_000.0


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


def service(clock: VirtualClock, script: Any = "One two three.", **options: Any) -> MemoryTransport:
    return MemoryTransport.empty(clock=clock, script=script, **options)


def creation(**given: Any) -> HttpRequest:
    return HttpRequest("POST", "/responses", body=json.encode({"model": "m", "input": "Hi", "stream": True, **given}))


def replay(response_id: str, *query: tuple[str, str]) -> HttpRequest:
    return HttpRequest("GET", f"/responses/{response_id}", (("stream", "true"), *query))


def events(body: bytes) -> list[dict[str, Any]]:
    """Read the events of a body, and check the form of each."""
    *written, end = body.split(b"\n\n")
    assert end == b""
    read: list[dict[str, Any]] = []
    for event in written:
        name, data = event.split(b"\n")
        read.append(json.decode(data.removeprefix(b"data: ")))
        assert name == b"event: " + read[-1]["type"].encode()
    return read


def streamed(transport: MemoryTransport, request: HttpRequest) -> list[dict[str, Any]]:
    answer = transport(request).unwrap()
    assert answer.status == 200, answer.body
    assert answer.header("content-type") == "text/event-stream; charset=utf-8"
    return events(answer.body)


def refused(answer: HttpResponse) -> tuple[int, str]:
    return answer.status, json.decode(answer.body)["error"]["message"]


def opened(transport: MemoryTransport, request: HttpRequest) -> Body:
    return transport.open(request).unwrap()


def rest(body: Body) -> bytes:
    chunks: list[bytes] = []
    while chunk := body.read().unwrap():
        chunks.append(chunk)
    return b"".join(chunks)


def types(told: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in told]


# What is told


def test_a_text_is_told_token_by_token(clock: VirtualClock) -> None:
    told = streamed(service(clock), creation())
    assert types(told) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        *["response.output_text.delta"] * 4,
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    assert [event["delta"] for event in told[4:8]] == ["One", " two", " three", "."]


def test_the_events_lead_from_an_empty_response_to_the_one_that_is_stored(clock: VirtualClock) -> None:
    transport = service(clock)
    told = streamed(transport, creation())
    first, last = told[0]["response"], told[-1]["response"]
    assert (first["status"], first["output"]) == ("in_progress", [])
    assert json.decode(transport(HttpRequest("GET", f"/responses/{first['id']}")).unwrap().body) == last


def test_a_background_response_is_told_to_be_queued_first(clock: VirtualClock) -> None:
    told = streamed(service(clock), creation(background=True))
    assert types(told)[:3] == ["response.created", "response.queued", "response.in_progress"]
    assert [event["response"]["status"] for event in told[:3]] == ["queued", "queued", "in_progress"]


MCP_CALL = {"type": "mcp_call", "server_label": "dice", "name": "roll", "arguments": "{}"}
CITATION = {"type": "url_citation", "url": "https://example.com", "title": "x", "start_index": 0, "end_index": 1}

ITEMS: list[tuple[Reply, list[str]]] = [
    (
        Reply.tool_call("f", '{"a": 1}'),
        [*["function_call_arguments.delta"] * 6, "function_call_arguments.done"],
    ),
    (Reply.refusal("No."), ["content_part.added", *["refusal.delta"] * 2, "refusal.done", "content_part.done"]),
    (
        Reply.reasoning("Hm."),
        [
            "reasoning_summary_part.added",
            *["reasoning_summary_text.delta"] * 2,
            "reasoning_summary_text.done",
            "reasoning_summary_part.done",
        ],
    ),
    (
        Reply.item({"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]}),
        [*["reasoning_text.delta"] * 2, "reasoning_text.done"],
    ),
    (
        Reply.item({"type": "custom_tool_call", "name": "f", "input": "x"}),
        ["custom_tool_call_input.delta", "custom_tool_call_input.done"],
    ),
    (
        Reply.item(MCP_CALL),
        ["mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done", "mcp_call.completed"],
    ),
    (
        Reply.item({**MCP_CALL, "error": {"type": "mcp_tool_execution_error", "content": []}}),
        ["mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done", "mcp_call.failed"],
    ),
    (
        Reply.item({"type": "web_search_call", "status": "completed"}),
        ["web_search_call.in_progress", "web_search_call.searching", "web_search_call.completed"],
    ),
    (
        Reply.item({"type": "code_interpreter_call", "code": "1"}),
        [
            "code_interpreter_call.in_progress",
            "code_interpreter_call_code.delta",
            "code_interpreter_call_code.done",
            "code_interpreter_call.interpreting",
            "code_interpreter_call.completed",
        ],
    ),
    (
        Reply.item({"type": "shell_call", "action": {"commands": ["ls", "cat x"]}}),
        [
            *["shell_call_command.added", "shell_call_command.delta", "shell_call_command.done"],
            *["shell_call_command.added", *["shell_call_command.delta"] * 2, "shell_call_command.done"],
        ],
    ),
    (
        Reply.item({"type": "shell_call_output", "call_id": "call_1", "output": [{"stdout": "x y", "stderr": "No."}]}),
        [*["shell_call_output_content.delta"] * 4, "shell_call_output_content.done"],
    ),
    (
        Reply.item({"type": "mcp_list_tools", "server_label": "dice", "error": "none"}),
        ["mcp_list_tools.in_progress", "mcp_list_tools.failed"],
    ),
    (Reply.item({"type": "hunch"}), []),
    (Reply.item({"type": "message", "content": [{"type": "novelty"}]}), ["content_part.added", "content_part.done"]),
    (
        Reply.item({"type": "message", "content": "Hm."}),
        ["content_part.added", *["output_text.delta"] * 2, "output_text.done", "content_part.done"],
    ),
    (
        Reply.text("x", annotations=[CITATION]),
        [
            "content_part.added",
            "output_text.delta",
            "output_text.annotation.added",
            "output_text.done",
            "content_part.done",
        ],
    ),
]


@pytest.mark.parametrize(("reply", "expected"), ITEMS)
def test_each_kind_of_item_is_told_in_its_own_way(clock: VirtualClock, reply: Reply, expected: list[str]) -> None:
    told = streamed(service(clock, reply), creation())
    inner = [kind.removeprefix("response.") for kind in types(told)[2:-1]]
    assert inner == ["output_item.added", *expected, "output_item.done"]
    assert told[-2]["item"] == told[-1]["response"]["output"][0]


@pytest.mark.parametrize(
    ("reply", "kind"), [(Reply.failure(), "response.failed"), (Reply.incomplete("One"), "response.incomplete")]
)
def test_the_last_event_says_how_it_ended(clock: VirtualClock, reply: Reply, kind: str) -> None:
    last = streamed(service(clock, reply), creation())[-1]
    assert last["type"] == kind == f"response.{last['response']['status']}"


def test_deltas_are_padded_unless_that_is_not_wanted(clock: VirtualClock) -> None:
    transport = service(clock)

    def padded(**given: Any) -> bool:
        return any("obfuscation" in event for event in streamed(transport, creation(**given)))

    assert padded()
    assert not padded(stream_options={"include_obfuscation": False})
    assert not padded(background=True)
    assert padded(background=True, stream_options={"include_obfuscation": True})
    response_id = streamed(transport, creation(background=True))[0]["response"]["id"]
    assert not any("obfuscation" in event for event in streamed(transport, replay(response_id)))
    again = streamed(transport, replay(response_id, ("include_obfuscation", "true")))
    assert {len(event["delta"]) + len(event["obfuscation"]) for event in again if "delta" in event} == {16}


def test_what_is_hidden_is_hidden_in_events_too(clock: VirtualClock) -> None:
    transport = service(clock, Reply.reasoning("Hm.", encrypted_content="secret"))
    assert "secret" not in str(streamed(transport, creation()))
    assert "secret" in str(streamed(transport, creation(include=["reasoning.encrypted_content"])))


def test_what_is_not_stored_is_streamed_all_the_same(clock: VirtualClock) -> None:
    transport = service(clock)
    assert types(streamed(transport, creation(store=False)))[-1] == "response.completed"
    assert len(transport.state.responses) == 0


RECORDED = {
    "response.created": {"response"},
    "response.queued": {"response"},
    "response.in_progress": {"response"},
    "response.output_item.added": {"item", "output_index"},
    "response.content_part.added": {"item_id", "output_index", "content_index", "part"},
    "response.output_text.delta": {"item_id", "output_index", "content_index", "delta", "logprobs"},
    "response.output_text.done": {"item_id", "output_index", "content_index", "text", "logprobs"},
    "response.content_part.done": {"item_id", "output_index", "content_index", "part"},
    "response.function_call_arguments.delta": {"item_id", "output_index", "delta"},
    "response.function_call_arguments.done": {"item_id", "output_index", "arguments"},
    "response.output_item.done": {"item", "output_index"},
    "response.completed": {"response"},
}
"""The members of events as recorded from the real service, besides type, number and padding."""


def test_events_have_the_members_that_are_recorded(clock: VirtualClock) -> None:
    reply = Reply.text("One two") + Reply.tool_call("f", {"a": 1})
    told = streamed(service(clock, reply), creation(background=True))
    assert set(types(told)) == set(RECORDED)
    for event in told:
        members = set(event) - {"type", "sequence_number"}
        # The specification requires a name that is not in the recordings.
        assert members - {"name"} == RECORDED[event["type"]]


def test_items_begin_empty_as_recorded(clock: VirtualClock) -> None:
    reply = Reply.text("One") + Reply.tool_call("f", {"a": 1}, call_id="call_1")
    told = streamed(service(clock, reply), creation())
    message, call = (event["item"] for event in told if event["type"] == "response.output_item.added")
    about = {"id": message["id"], "type": "message", "role": "assistant"}
    assert message == {**about, "status": "in_progress", "content": []}
    about = {"id": call["id"], "type": "function_call", "name": "f", "call_id": "call_1"}
    assert call == {**about, "status": "in_progress", "arguments": ""}


# In their time


def test_each_chunk_is_an_event_and_comes_in_its_time(clock: VirtualClock) -> None:
    body = opened(service(clock), creation(background=True))
    assert body.answer.body == b""
    times: list[float] = []
    while chunk := body.read().unwrap():
        assert len(events(chunk)) == 1
        times.append(clock.now - START)
    assert times[:3] == [0.0, 0.0, 1.0]
    assert times == sorted(times)
    assert len(set(times[2:])) == len(times) - 2
    assert times[-1] == 3.0
    assert body.read() == Success(b"")


def test_a_call_gives_the_events_when_the_last_has_come(clock: VirtualClock) -> None:
    transport = service(clock)
    streamed(transport, creation(background=True))
    assert clock.now == START + 3.0


def test_without_a_clock_that_can_sleep_they_come_at_once() -> None:
    transport = MemoryTransport.empty(now=lambda: START)
    assert types(streamed(transport, creation(background=True)))[-1] == "response.completed"


def test_an_answer_can_take_its_time(clock: VirtualClock) -> None:
    transport = service(clock, Reply.text("a b").lasting(answering=6.0))
    answer = json.decode(transport(creation(stream=False)).unwrap().body)
    assert (clock.now, answer["completed_at"]) == (START + 6.0, int(START) + 6)
    told = streamed(transport, creation())
    assert (clock.now, told[-1]["response"]["completed_at"]) == (START + 12.0, int(START) + 12)


def test_a_life_without_end_has_no_last_event(clock: VirtualClock) -> None:
    stuck = service(clock, Reply.text("a").lasting(running=None))
    assert types(streamed(stuck, creation(background=True)))[-1] == "response.in_progress"
    waiting = service(clock, Reply.text("a").lasting(queued=None))
    assert types(streamed(waiting, creation(background=True)))[-1] == "response.queued"


def test_closing_gives_up_what_was_not_read(clock: VirtualClock) -> None:
    body = opened(service(clock), creation())
    body.read()
    body.close()
    body.close()
    assert body.read() == Success(b"")


def test_it_streams_in_an_event_loop_too(clock: VirtualClock) -> None:
    async def first() -> bytes:
        transport = in_threads(service(clock))
        assert isinstance(transport, AsyncStreamingTransport)
        body = (await transport.open(creation())).unwrap()
        return bytes((await body.read()).unwrap())

    assert events(asyncio.run(first()))[0]["type"] == "response.created"


# Told again


@pytest.mark.parametrize("after", [0, 3, 9, 99])
def test_events_are_told_again_from_after_a_number(clock: VirtualClock, after: int) -> None:
    transport = service(clock)
    told = streamed(transport, creation(background=True))
    again = streamed(transport, replay(told[0]["response"]["id"], ("starting_after", str(after))))
    assert again == told[after + 1 :]


def test_a_replay_catches_up_at_once_and_goes_on_in_time(clock: VirtualClock) -> None:
    transport = service(clock)
    body = opened(transport, creation(background=True))
    response_id = events(body.read().unwrap())[0]["response"]["id"]
    clock.sleep(2.0)
    again = opened(transport, replay(response_id))
    for _ in range(4):
        again.read()
    assert clock.now == START + 2.0
    rest(again)
    assert clock.now == START + 3.0


def test_a_stream_can_be_told_again_for_five_minutes(clock: VirtualClock) -> None:
    transport = service(clock)
    response_id = streamed(transport, creation(background=True))[0]["response"]["id"]
    clock.now = START + 300.0
    assert streamed(transport, replay(response_id))
    clock.now = START + 300.5
    message = "This response can no longer be streamed because it is more than 5 minutes old"
    assert refused(transport(replay(response_id)).unwrap()) == (400, message)


def test_only_what_was_made_in_the_background_can_be_told_again(clock: VirtualClock) -> None:
    transport = service(clock)
    response_id = streamed(transport, creation())[0]["response"]["id"]
    message = "This response cannot be streamed because it was not created with background=true."
    assert refused(transport(replay(response_id)).unwrap()) == (400, message)


@pytest.mark.parametrize("text", ["", "x", "1.5", "\u0665"])
def test_a_number_that_is_none_is_refused(clock: VirtualClock, text: str) -> None:
    transport = service(clock)
    response_id = streamed(transport, creation(background=True))[0]["response"]["id"]
    answer = transport(replay(response_id, ("starting_after", text))).unwrap()
    assert json.decode(answer.body)["error"]["param"] == "starting_after"


def test_numbers_at_the_ends_are_taken_or_refused(clock: VirtualClock) -> None:
    transport = service(clock)
    response_id = streamed(transport, creation(background=True))[0]["response"]["id"]

    def status(text: str) -> int:
        return transport(replay(response_id, ("starting_after", text))).unwrap().status

    assert [status("-1"), status("-0"), status("00"), status("9" * 5000)] == [400, 200, 200, 200]


def test_a_stream_that_is_neither_wanted_nor_unwanted_is_refused(clock: VirtualClock) -> None:
    answer = service(clock)(HttpRequest("GET", "/responses/resp_1", (("stream", "yes"),))).unwrap()
    assert answer.status == 404
    transport = MemoryTransport(clock=clock)
    answer = transport(HttpRequest("GET", "/responses/resp_chat", (("stream", "yes"),))).unwrap()
    assert json.decode(answer.body)["error"]["code"] == "invalid_type"


# Cut off


def test_the_events_of_what_is_cancelled_just_end(clock: VirtualClock) -> None:
    transport = service(clock)
    body = opened(transport, creation(background=True))
    first = events(body.read().unwrap())[0]
    response_id = first["response"]["id"]
    clock.sleep(1.5)
    cancelled = transport(HttpRequest("POST", f"/responses/{response_id}/cancel")).unwrap()
    assert json.decode(cancelled.body)["status"] == "cancelled"
    told = [first, *events(rest(body))]
    assert types(told)[2:4] == ["response.in_progress", "response.output_item.added"]
    assert "response.completed" not in types(told)
    assert streamed(transport, replay(response_id)) == told
    assert clock.now == START + 1.5


def test_the_events_of_what_is_deleted_end(clock: VirtualClock) -> None:
    state = State(models=sample_models(), dialect=Dialect(delete_running=200))
    transport = MemoryTransport(state, clock=clock)
    body = opened(transport, creation(background=True))
    response_id = events(body.read().unwrap())[0]["response"]["id"]
    assert transport(HttpRequest("DELETE", f"/responses/{response_id}")).unwrap().status == 200
    assert body.read() == Success(b"")


class Interfering(VirtualClock):
    """A clock on which something happens after half a second, while others sleep."""

    transport: MemoryTransport | None = None

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        if self.transport is not None:
            transport, self.transport = self.transport, None
            super().sleep(0.5)
            transport(HttpRequest("POST", "/responses/resp_000001/cancel"))
            seconds -= 0.5
        super().sleep_unless(woken, seconds)


def test_an_event_that_is_waited_for_does_not_come_after_a_cancellation() -> None:
    clock = Interfering(now=START)
    transport = service(clock)
    body = opened(transport, creation(background=True))
    clock.transport = transport
    assert types(events(rest(body))) == ["response.created", "response.queued"]


def test_the_pure_function_tells_no_event_after_a_cancellation_either(clock: VirtualClock) -> None:
    transport = service(clock)
    opened(transport, creation(background=True)).close()
    clock.sleep(1.0)
    assert transport(HttpRequest("POST", "/responses/resp_000001/cancel")).unwrap().status == 200
    _, answer = respond(transport.state, replay("resp_000001"), clock.now)
    assert types(events(answer.body)) == ["response.created", "response.queued", "response.in_progress"]
