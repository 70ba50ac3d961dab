"""The official Python client, pointed at the service in memory over loopback, does all that it does with the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Literal, TypeAlias

import openai
import pytest
from openai.types.conversations import ConversationItem
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from puresponse.transports import VirtualClock
from puresponse.transports.memory.faults import (
    CutStream,
    Fault,
    FaultPlan,
    Garbage,
    QuotaUsedUp,
    RateLimited,
    Refused,
    Reset,
    Rule,
    ServerError,
    Truncated,
)
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.serving.server import serve

Connect: TypeAlias = Callable[..., openai.OpenAI]

MODEL = "gpt-4o-mini"
LONG_STORY = "Once upon a time, high up in the sky, there was a little star."


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=1_750_000_000.0)


@pytest.fixture
def connect(clock: VirtualClock) -> Iterator[Connect]:
    """Make a client of a service with these faults and this script."""
    with ExitStack() as stack:

        def make(
            *faults: Fault, script: Any = LONG_STORY, key: str = "sk-right", times: int | None = None
        ) -> openai.OpenAI:
            plan = FaultPlan(tuple(Rule(fault, times=times) for fault in faults))
            transport = MemoryTransport(clock=clock, script=script, faults=plan)
            url = stack.enter_context(serve(transport, api_key="sk-right"))
            return stack.enter_context(openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=20))

        yield make


def test_a_response_is_created_and_retrieved(connect: Connect) -> None:
    client = connect()
    created = client.responses.create(model=MODEL, input="Tell me a story.")
    assert (created.status, created.output_text) == ("completed", LONG_STORY)
    assert client.responses.retrieve(created.id) == created


def test_a_background_response_is_queued_then_runs_then_completes(connect: Connect, clock: VirtualClock) -> None:
    client = connect()
    created = client.responses.create(model=MODEL, input="Hi", background=True)
    seen = [created.status]
    for _ in range(3):
        clock.sleep(1.2)
        seen.append(client.responses.retrieve(created.id).status)
    assert seen == ["queued", "in_progress", "in_progress", "completed"]


def test_a_running_response_is_cancelled_twice(connect: Connect) -> None:
    client = connect()
    created = client.responses.create(model=MODEL, input="Hi", background=True)
    assert [client.responses.cancel(created.id).status for _ in range(2)] == ["cancelled", "cancelled"]


def test_a_deleted_response_is_not_found(connect: Connect) -> None:
    client = connect()
    client.responses.delete("resp_completed")
    with pytest.raises(openai.NotFoundError) as caught:
        client.responses.retrieve("resp_completed")
    assert caught.value.body == {
        "message": "Response with id 'resp_completed' not found.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    assert caught.value.request_id == "req_000002"


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_input_items_are_paged_through_in_both_orders(connect: Connect, order: Literal["asc", "desc"]) -> None:
    listed = [item.id for item in connect().responses.input_items.list("resp_long", limit=30, order=order)]
    expected = [f"msg_long_{number:03d}" for number in range(1, 251)]
    assert listed == (expected if order == "asc" else expected[::-1])


def test_events_stream_and_are_all_known_to_the_client(connect: Connect) -> None:
    stream = connect().responses.create(model=MODEL, input="Hi", stream=True)
    events = list(stream)
    known: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
    for event in events:
        known.validate_python(event.model_dump(warnings=False))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == LONG_STORY
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == LONG_STORY


def test_the_clients_own_stream_helper_takes_the_events(connect: Connect) -> None:
    reply = Reply.reasoning("Hm.") + Reply.tool_call("get_weather", {"city": "Lyon"}) + Reply.text("Nineteen.")
    with connect(script=reply).responses.stream(model=MODEL, input="Hi") as stream:
        for _ in stream:
            pass
        final = stream.get_final_response()
    assert [item.type for item in final.output] == ["reasoning", "function_call", "message"]
    assert final.output_text == "Nineteen."


def test_a_background_stream_is_resumed_where_it_was_left(connect: Connect) -> None:
    client = connect()
    begun: list[ResponseStreamEvent] = []
    for event in client.responses.create(model=MODEL, input="Hi", stream=True, background=True):
        begun.append(event)
        if len(begun) == 6:
            break
    assert begun[0].type == "response.created"
    rest = list(client.responses.retrieve(begun[0].response.id, stream=True, starting_after=begun[-1].sequence_number))
    assert [event.sequence_number for event in begun + rest] == list(range(len(begun) + len(rest)))
    assert rest[-1].type == "response.completed"


def test_a_structured_output_is_parsed(connect: Connect) -> None:
    from pydantic import BaseModel

    class Animals(BaseModel):
        animals: list[str]

    client = connect(script=Reply.structured({"animals": ["Lion", "Elephant"]}))
    parsed = client.responses.parse(model=MODEL, input="Animals?", text_format=Animals).output_parsed
    assert parsed == Animals(animals=["Lion", "Elephant"])


def test_tokens_are_counted_and_inputs_compacted(connect: Connect) -> None:
    client = connect()
    assert client.responses.input_tokens.count(model=MODEL, input="one two three").input_tokens == 3
    compacted = client.responses.compact(model=MODEL, input="one two three")
    assert [item.type for item in compacted.output] == ["message", "compaction"]


def test_models_are_listed_shown_and_deleted(connect: Connect) -> None:
    client = connect()
    names = [model.id for model in client.models.list()]
    assert MODEL in names
    assert client.models.retrieve(MODEL).owned_by == "system"
    assert client.models.delete(names[-1]).deleted
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve(names[-1])
    with pytest.raises(openai.PermissionDeniedError):
        client.models.delete(MODEL)


def text_of(item: ConversationItem) -> Any:
    plain: Any = item.to_dict()
    return plain["content"][0]["text"]


def test_a_conversation_grows_by_what_is_said_in_it(connect: Connect) -> None:
    client = connect()
    conversation = client.conversations.create(
        metadata={"topic": "test"}, items=[{"type": "message", "role": "user", "content": "one"}]
    )
    client.responses.create(model=MODEL, input="two", conversation=conversation.id)
    added = client.conversations.items.create(
        conversation.id, items=[{"type": "message", "role": "user", "content": "three"}]
    )
    items = list(client.conversations.items.list(conversation.id, limit=1, order="asc"))
    assert [text_of(item) for item in items] == ["one", "two", LONG_STORY, "three"]
    first, last = items[0].id or "", items[-1].id or ""
    assert client.conversations.items.retrieve(last, conversation_id=conversation.id) == added.data[0]
    assert client.conversations.items.delete(first, conversation_id=conversation.id) == conversation
    left = client.conversations.items.list(conversation.id, order="asc")
    assert [text_of(item) for item in left] == ["two", LONG_STORY, "three"]
    assert client.conversations.update(conversation.id, metadata={"topic": "end"}).metadata == {"topic": "end"}
    assert client.conversations.delete(conversation.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(conversation.id)


def test_a_wrong_key_is_an_authentication_error(connect: Connect) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        connect(key="sk-wrong").responses.retrieve("resp_chat")
    assert caught.value.code == "invalid_api_key"
    assert "sk-wrong" not in str(caught.value)


def test_a_refused_parameter_is_a_bad_request_error(connect: Connect) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        connect().responses.input_items.list("resp_chat", limit=1000)
    assert (caught.value.param, caught.value.code) == ("limit", "integer_above_max_value")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Refused(403), openai.PermissionDeniedError),
        (Refused(409), openai.ConflictError),
        (Refused(422), openai.UnprocessableEntityError),
        (RateLimited(retry_after=2.0), openai.RateLimitError),
        (QuotaUsedUp(), openai.RateLimitError),
        (ServerError(500), openai.InternalServerError),
        (ServerError(503), openai.InternalServerError),
        (Reset(), openai.APIConnectionError),
        (Reset(acted=True), openai.APIConnectionError),
        (Truncated(5), openai.APIConnectionError),
    ],
)
def test_each_fault_is_the_error_that_the_client_has_for_it(
    connect: Connect, fault: Fault, expected: type[openai.APIError]
) -> None:
    with pytest.raises(expected):
        connect(fault).responses.create(model=MODEL, input="Hi")


def test_a_stream_that_is_cut_raises_in_the_client(connect: Connect) -> None:
    stream = connect(CutStream(events=4)).responses.create(model=MODEL, input="Hi", stream=True)
    assert [next(stream).sequence_number for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(openai.APIConnectionError):
        next(stream)


def test_garbage_is_no_response(connect: Connect) -> None:
    answer: object = connect(Garbage()).responses.retrieve("resp_chat")
    assert answer == "<html><body><h1>It works!</h1></body></html>"


def test_the_client_retries_as_the_headers_tell_it(connect: Connect) -> None:
    client = connect(RateLimited(retry_after=0.001), times=2).with_options(max_retries=2)
    assert client.responses.create(model=MODEL, input="Hi").output_text == LONG_STORY


def test_rate_limits_are_told_in_headers(connect: Connect) -> None:
    raw = connect().responses.with_raw_response.create(model=MODEL, input="Hi")
    assert raw.headers["x-ratelimit-limit-requests"] == "30000"
    assert raw.headers["x-ratelimit-remaining-requests"] == "29999"
