"""The control endpoint steers a service in an event loop, and keeps no other request waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

import httpx2
from msgspec import json

from puresponse.core import HttpResponse
from puresponse.transports import AsgiApplication, ControlEndpoint, Scopes
from puresponse.transports.serving.front import Early
from puresponse.transports.serving.received import Received

NOW = 1_750_000_000.0
SOON = 20.0
HERE = "http://localhost:8080"
STREAMED = {"model": "gpt-4o-mini", "input": "one two three", "stream": True}


@asynccontextmanager
async def steered(scopes: Scopes, early: Early | None = None) -> AsyncGenerator[httpx2.AsyncClient]:
    application = AsgiApplication(scopes.default, choose=scopes.choose, early=early or ControlEndpoint(scopes))
    async with (
        asyncio.timeout(SOON),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=application), base_url=HERE) as client,
    ):
        yield client


async def control(client: httpx2.AsyncClient, method: str, path: str, given: object = None, scope: str = "a") -> Any:
    content = None if given is None else json.encode(given)
    answer = await client.request(
        method, f"/_puresponse/{path}", content=content, headers={"x-puresponse-scope": scope}
    )
    assert answer.status_code == 200, answer.content
    return json.decode(answer.content)


def test_a_stream_goes_on_when_the_clock_of_its_scope_is_moved_and_of_no_other() -> None:
    async def program() -> None:
        scopes = Scopes()
        async with steered(scopes) as client:
            await control(client, "PUT", "script", [{"text": "one two three", "life": {"answering": 60}}])
            for scope in ("a", "b"):
                await control(client, "PUT", "clock", {"freeze": NOW}, scope)
            headers = {"x-puresponse-scope": "a", "content-type": "application/json"}
            asking = client.post("/v1/responses", content=json.encode(STREAMED), headers=headers)
            streaming = asyncio.create_task(asking)
            while not (await control(client, "GET", "clock"))["waiting"]:
                await asyncio.sleep(0)
            await control(client, "PUT", "clock", {"move": 3600}, "b")
            await asyncio.sleep(0.01)
            assert not streaming.done()
            await control(client, "PUT", "clock", {"move": 60})
            assert b"response.completed" in (await streaming).content

    asyncio.run(program())


class Held:
    """What a control endpoint is that takes time: until it is let."""

    def __init__(self) -> None:
        self.let = Event()
        self.asked = Event()

    def takes(self, received: Received) -> bool:
        return received.path == "/held"

    def __call__(self, received: Received) -> HttpResponse | None:
        if not self.takes(received):
            return None
        self.asked.set()
        assert self.let.wait(SOON)
        return HttpResponse(status=200, body=b"let")


def test_what_takes_time_keeps_no_other_request_waiting() -> None:
    async def program() -> None:
        held = Held()
        async with steered(Scopes(), held) as client:
            waiting = asyncio.create_task(client.get("/held"))
            while not held.asked.is_set():
                await asyncio.sleep(0)
            assert (await client.get("/v1/models")).status_code == 200
            assert not waiting.done()
            held.let.set()
            assert (await waiting).content == b"let"

    asyncio.run(program())


def test_the_endpoint_says_which_requests_it_takes() -> None:
    endpoint = ControlEndpoint(Scopes())
    taken = {
        path: endpoint.takes(Received("GET", path)) for path in ("/_puresponse/state", "/_puresponse", "/v1/models")
    }
    assert taken == {"/_puresponse/state": True, "/_puresponse": True, "/v1/models": False}
