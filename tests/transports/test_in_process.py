"""The official client is tested in the process of the service, without a socket: over WSGI, and over ASGI in a loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import openai
import pytest

from puresponse.transports import (
    AsgiApplication,
    CutStream,
    FaultPlan,
    MemoryTransport,
    RateLimited,
    Reply,
    Reset,
    Rule,
    Truncated,
    VirtualClock,
    WsgiApplication,
)
from puresponse.transports.memory.faults import Fault

MODEL = "gpt-4o-mini"
BASE_URL = "http://localhost/v1"


def service(*faults: Fault, clock: VirtualClock | None = None, script: Any = "Nineteen degrees.") -> MemoryTransport:
    return MemoryTransport(
        clock=clock or VirtualClock(now=1_750_000_000.0),
        script=script,
        faults=FaultPlan(tuple(Rule(fault, times=1) for fault in faults)),
    )


@contextmanager
def over_wsgi(transport: MemoryTransport, key: str = "sk-right", retries: int = 0) -> Generator[openai.OpenAI]:
    application = WsgiApplication(transport, api_key="sk-right")
    with (
        httpx2.Client(transport=httpx2.WSGITransport(app=application)) as http,
        openai.OpenAI(base_url=BASE_URL, api_key=key, http_client=http, max_retries=retries) as client,
    ):
        yield client


@asynccontextmanager
async def over_asgi(
    transport: MemoryTransport, key: str = "sk-right", retries: int = 0
) -> AsyncGenerator[openai.AsyncOpenAI]:
    application = AsgiApplication(transport, api_key="sk-right")
    async with (
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=application)) as http,
        openai.AsyncOpenAI(base_url=BASE_URL, api_key=key, http_client=http, max_retries=retries) as client,
    ):
        yield client


def test_a_life_over_wsgi() -> None:
    clock = VirtualClock(now=1_750_000_000.0)
    with over_wsgi(service(clock=clock)) as client:
        created = client.responses.create(model=MODEL, input="Where?", background=True)
        seen = [created.status]
        for _ in range(2):
            clock.sleep(1.6)
            seen.append(client.responses.retrieve(created.id).status)
        assert seen == ["queued", "in_progress", "completed"]
        assert client.responses.retrieve(created.id).output_text == "Nineteen degrees."
        assert [item.type for item in client.responses.input_items.list(created.id)] == ["message"]
        running = client.responses.create(model=MODEL, input="Where?", background=True)
        assert client.responses.cancel(running.id).status == "cancelled"
        client.responses.delete(created.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(created.id)
        assert len([*client.responses.input_items.list("resp_long", limit=100)]) == 250


def test_a_life_over_asgi() -> None:
    clock = VirtualClock(now=1_750_000_000.0)

    async def life() -> None:
        async with over_asgi(service(clock=clock)) as client:
            created = await client.responses.create(model=MODEL, input="Where?", background=True)
            seen = [created.status]
            for _ in range(2):
                clock.sleep(1.6)
                seen.append((await client.responses.retrieve(created.id)).status)
            assert seen == ["queued", "in_progress", "completed"]
            assert (await client.responses.retrieve(created.id)).output_text == "Nineteen degrees."
            assert [item.type async for item in client.responses.input_items.list(created.id)] == ["message"]
            running = await client.responses.create(model=MODEL, input="Where?", background=True)
            assert (await client.responses.cancel(running.id)).status == "cancelled"
            await client.responses.delete(created.id)
            with pytest.raises(openai.NotFoundError):
                await client.responses.retrieve(created.id)
            assert len([item async for item in client.responses.input_items.list("resp_long", limit=100)]) == 250

    asyncio.run(life())


REPLY = Reply.reasoning("Hm.") + Reply.tool_call("get_weather", {"city": "Lyon"}) + Reply.text("Nineteen.")
KINDS = ["reasoning", "function_call", "message"]


def test_a_stream_over_wsgi() -> None:
    with (
        over_wsgi(service(script=REPLY.lasting(answering=3.0))) as client,
        client.responses.stream(model=MODEL, input="Weather?") as stream,
    ):
        numbers = [event.sequence_number for event in stream]
        final = stream.get_final_response()
    assert numbers == list(range(len(numbers)))
    assert [item.type for item in final.output] == KINDS


def test_a_stream_over_asgi() -> None:
    async def streamed() -> tuple[list[int], list[str]]:
        async with (
            over_asgi(service(script=REPLY.lasting(answering=3.0))) as client,
            client.responses.stream(model=MODEL, input="Weather?") as stream,
        ):
            numbers = [event.sequence_number async for event in stream]
            return numbers, [item.type for item in (await stream.get_final_response()).output]

    numbers, kinds = asyncio.run(streamed())
    assert numbers == list(range(len(numbers)))
    assert kinds == KINDS


ERRORS: list[tuple[tuple[Fault, ...], str, type[Exception]]] = [
    ((), "sk-wrong", openai.AuthenticationError),
    ((RateLimited(),), "sk-right", openai.RateLimitError),
    ((Reset(),), "sk-right", ConnectionResetError),
]


@pytest.mark.parametrize(("faults", "key", "raised"), ERRORS)
def test_an_error_is_the_clients_own_over_either(faults: tuple[Fault, ...], key: str, raised: type[Exception]) -> None:
    with over_wsgi(service(*faults), key) as client, pytest.raises(raised):
        client.responses.create(model=MODEL, input="Hi")

    async def asked() -> None:
        async with over_asgi(service(*faults), key) as client:
            await client.responses.create(model=MODEL, input="Hi")

    with pytest.raises(raised):
        asyncio.run(asked())


def test_the_client_repeats_what_failed_over_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai.OpenAI, "_calculate_retry_timeout", at_once)
    monkeypatch.setattr(openai.AsyncOpenAI, "_calculate_retry_timeout", at_once)
    with over_wsgi(service(RateLimited()), retries=1) as client:
        assert client.responses.create(model=MODEL, input="Hi").status == "completed"

    async def asked() -> str | None:
        async with over_asgi(service(RateLimited()), retries=1) as client:
            return (await client.responses.create(model=MODEL, input="Hi")).status

    assert asyncio.run(asked()) == "completed"


def at_once(*_: Any) -> float:
    return 0.0


CUT: list[tuple[Fault, bool]] = [(CutStream(3), True), (Truncated(10), False)]


@pytest.mark.parametrize(("fault", "stream"), CUT)
def test_what_breaks_off_is_raised_as_it_is(fault: Fault, stream: bool) -> None:
    """There is no connection that httpx2 could find broken."""
    given: dict[str, Any] = {"model": MODEL, "input": "Hi", "stream": stream}

    def read(client: Any) -> list[Any]:
        return list(client.responses.create(**given))

    with over_wsgi(service(fault)) as client, pytest.raises(ConnectionResetError, match="truncated"):
        read(client)

    async def asked() -> None:
        async with over_asgi(service(fault)) as client:
            await client.responses.create(**given)

    with pytest.raises(ConnectionResetError, match="truncated"):
        asyncio.run(asked())
