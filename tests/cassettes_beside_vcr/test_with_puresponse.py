"""Ten programs with this library, recorded and replayed by its fixture `cassette`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from puresponse import (
    ApiError,
    FunctionCallOutput,
    FunctionTool,
    TextDeltaEvent,
    Urllib3Transport,
    VirtualClock,
    WaitPolicy,
    all_input_items,
    cancel_response,
    collect,
    create_response,
    delete_response,
    in_threads,
    iterate,
    retrieve_response,
    retrying,
    run,
    run_async,
    stream_response,
    value_or_raise,
    wait_for_response,
)
from puresponse.transports.testing.pytest_cassettes import CassetteFixture

MODEL = "gpt-4o-mini"
MISSING = "resp_missing"
WEATHER = FunctionTool(name="get_weather", parameters=None, strict=None)


@pytest.fixture(scope="session")
def live() -> Iterator[Urllib3Transport]:
    with Urllib3Transport() as transport:
        yield transport


def test_create(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    response = value_or_raise(run(create_response(model=MODEL, input="Say hello."), transport))
    assert response.output_text == "Hello!"


def test_stream(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    events = iterate(stream_response(model=MODEL, input="Tell a story."), transport)
    deltas = [event.delta for event in events if isinstance(event, TextDeltaEvent)]
    assert "".join(deltas).endswith("It sang.")


def test_tool_loop(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    asked = create_response(model=MODEL, input="How is the weather?", tools=[WEATHER])
    response = value_or_raise(run(asked, transport))
    while response.function_calls:
        call, arguments = response.function_calls[0]
        assert value_or_raise(arguments) == {"city": "Lyon"}
        output = FunctionCallOutput(call_id=call.call_id, output="rain")
        told = create_response(model=MODEL, previous_response_id=response.id, input=[output], tools=[WEATHER])
        response = value_or_raise(run(told, transport))
    assert response.output_text == "Take an umbrella."


def test_background(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    created = create_response(model=MODEL, input="Take your time.", background=True)
    waited = created.bind(lambda response: wait_for_response(response, WaitPolicy(deadline=60)))
    assert value_or_raise(run(waited, transport, clock=VirtualClock())).output_text == "Done."


def test_paging(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    messages = [{"role": "user", "content": f"Message {number}"} for number in range(5)]
    created = create_response(model=MODEL, input=messages)
    listed = created.bind(lambda response: collect(all_input_items(response.id, limit=2)))
    assert len(value_or_raise(run(listed, transport))) == 5


def test_cancel(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    created = create_response(model=MODEL, input="Think for ever.", background=True)
    cancelled = created.bind(lambda response: cancel_response(response.id))
    assert value_or_raise(run(cancelled, transport)).status == "cancelled"


def test_delete(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    response = value_or_raise(run(create_response(model=MODEL, input="Say hello."), transport))
    value_or_raise(run(delete_response(response.id), transport))
    error = run(retrieve_response(response.id), transport).failure()
    assert isinstance(error, ApiError)
    assert error.status == 404


def test_error(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    error = run(retrieve_response(MISSING), transport).failure()
    assert isinstance(error, ApiError)
    assert MISSING in str(error)


def test_retry(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(live)
    created = retrying(create_response(model=MODEL, input="Say it again."))
    response = value_or_raise(run(created, transport, clock=VirtualClock()))
    assert response.output_text == "Hello!"


def test_async(cassette: CassetteFixture, live: Urllib3Transport) -> None:
    transport = cassette(in_threads(live))
    created = run_async(create_response(model=MODEL, input="Say hello."), transport)
    assert value_or_raise(asyncio.run(created)).output_text == "Hello!"
