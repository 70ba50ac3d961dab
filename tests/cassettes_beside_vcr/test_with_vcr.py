"""Ten programs with the official client, recorded and replayed by VCR.py."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.responses import FunctionToolParam

vcr: Any = import_module("vcr")  # which has no types

MODEL = "gpt-4o-mini"
MISSING = "resp_missing"
WEATHER: FunctionToolParam = {"type": "function", "name": "get_weather", "parameters": None, "strict": None}

recorder = vcr.VCR(
    cassette_library_dir=str(Path(__file__).parent / "cassettes" / "vcr"),
    record_mode=os.environ.get("VCR_RECORD_MODE", "none"),
    match_on=["method", "path", "query", "body"],
    filter_headers=["authorization"],
)


@pytest.fixture(scope="session")
def client() -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=os.environ.get("OPENAI_API_KEY", "none")) as client:
        yield client


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(seconds: float) -> None:
        """Return: what is replayed is there already."""

    monkeypatch.setattr("time.sleep", at_once)


def test_create(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_create.yaml"):
        response = client.responses.create(model=MODEL, input="Say hello.")
        assert response.output_text == "Hello!"


def test_stream(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_stream.yaml"):
        events = client.responses.create(model=MODEL, input="Tell a story.", stream=True)
        deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
        assert "".join(deltas).endswith("It sang.")


def test_tool_loop(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_tool_loop.yaml"):
        response = client.responses.create(model=MODEL, input="How is the weather?", tools=[WEATHER])
        while calls := [item for item in response.output if item.type == "function_call"]:
            assert json.loads(calls[0].arguments) == {"city": "Lyon"}
            response = client.responses.create(
                model=MODEL,
                previous_response_id=response.id,
                input=[{"type": "function_call_output", "call_id": calls[0].call_id, "output": "rain"}],
                tools=[WEATHER],
            )
        assert response.output_text == "Take an umbrella."


def test_background(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_background.yaml"):
        response = client.responses.create(model=MODEL, input="Take your time.", background=True)
        while response.status in {"queued", "in_progress"}:
            response = client.responses.retrieve(response.id)
        assert response.output_text == "Done."


def test_paging(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_paging.yaml"):
        messages: Any = [{"role": "user", "content": f"Message {number}"} for number in range(5)]
        response = client.responses.create(model=MODEL, input=messages)
        assert len(list(client.responses.input_items.list(response.id, limit=2))) == 5


def test_cancel(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_cancel.yaml"):
        response = client.responses.create(model=MODEL, input="Think for ever.", background=True)
        assert client.responses.cancel(response.id).status == "cancelled"


def test_delete(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_delete.yaml"):
        response = client.responses.create(model=MODEL, input="Say hello.")
        client.responses.delete(response.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(response.id)


def test_error(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_error.yaml"):
        with pytest.raises(openai.NotFoundError) as raised:
            client.responses.retrieve(MISSING)
        assert MISSING in raised.value.message


def test_retry(client: openai.OpenAI) -> None:
    with recorder.use_cassette("test_retry.yaml"):
        response = client.responses.create(model=MODEL, input="Say it again.")
        assert response.output_text == "Hello!"


def test_async() -> None:
    async def create() -> str:
        async with openai.AsyncOpenAI(api_key=os.environ.get("OPENAI_API_KEY", "none")) as client:
            response = await client.responses.create(model=MODEL, input="Say hello.")
            return response.output_text

    with recorder.use_cassette("test_async.yaml"):
        assert asyncio.run(create()) == "Hello!"
