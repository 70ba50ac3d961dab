"""`FetchTransport` in a page or a worker: facts that differ from those of Node.js, for the tests to judge."""

from __future__ import annotations

from typing import Any

import catalogue
from pyodide_drivers import EVERYDAY, driven, driven_async

from puresponse.core import HttpRequest, stream_response
from puresponse.transports import FetchTransport, VirtualClock, iterate, iterate_async

KEY = "sk-fetch-0123456789abcdef"


async def main(services: dict[str, str], elsewhere: str, closed: str, refusing: str) -> dict[str, Any]:
    """All facts. `elsewhere` lets this page ask it, `closed` does not, at `refusing` nobody listens."""
    there = made(elsewhere)
    echo = (await there(HttpRequest("POST", "/echo", (), (("Content-Type", "application/json"),), b""))).unwrap()
    refused = await FetchTransport(base_url=refusing)(HttpRequest("GET", "/echo"))
    facts = {
        "awaited": {
            name: await driven_async(name, made(services[f"awaited {name}"]), VirtualClock(now=catalogue.START))
            for name in EVERYDAY
        },
        "blocking": {
            name: driven(name, made(services[f"blocking {name}"]).blocking(), VirtualClock(now=catalogue.START))
            for name in EVERYDAY
        },
        "echo": [echo.status, echo.body.decode(), echo.header("x-shown"), echo.header("x-hidden")],
        "redirect": repr(await there(HttpRequest("GET", "/redirect"))),
        "closed": repr(await FetchTransport(base_url=closed)(HttpRequest("GET", "/echo"))),
        "refused": repr(refused),
        "may have acted": refused.failure().may_have_acted,
        "silent": repr(await there(HttpRequest("GET", "/silent", timeout=0.2))),
    }
    # That of the catalogue is cut the first time.
    stream = stream_response(model="gpt-5-mini", input="One two three.")
    again = [made(services[f"{use} stream_response"]) for use in ("awaited", "blocking")]
    return {
        **facts,
        "stream": {
            "awaited": [type(event).__name__ async for event in iterate_async(stream, again[0])],
            "blocking": [type(event).__name__ for event in iterate(stream, again[1].blocking())],
        },
    }


def made(base_url: str) -> FetchTransport:
    return FetchTransport(api_key=KEY, base_url=base_url)
