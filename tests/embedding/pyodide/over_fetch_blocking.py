"""`FetchTransport.blocking()` under JSPI, against servers outside: facts, for the tests to judge."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import catalogue
from pyodide_drivers import EVERYDAY, driven

from puresponse.core import HttpRequest, RetryPolicy, delete_response, retrying
from puresponse.transports import FetchTransport, StreamingTransport, VirtualClock, run

js: Any = import_module("js")
ffi: Any = import_module("pyodide.ffi")

KEY = "sk-fetch-0123456789abcdef"


async def main(services: dict[str, str], trusted: str, untrusted: dict[str, str]) -> dict[str, Any]:
    """All facts, by what they are about."""
    waited = FetchTransport(api_key=KEY, base_url=services["retrying with real waits"]).blocking()
    program = retrying(delete_response("resp_flaky"), RetryPolicy(max_retries=3, initial_delay=0.01, max_delay=0.02))
    return {
        "programs": {
            name: driven(
                name,
                FetchTransport(api_key=KEY, base_url=services[name]).blocking(),
                VirtualClock(now=catalogue.START),
            )
            for name in EVERYDAY
        },
        "real waits": repr(run(program, waited)),
        "trusted": repr(FetchTransport(base_url=trusted).blocking()(HttpRequest("GET", "/"))),
        "untrusted": {
            name: repr(FetchTransport(base_url=url).blocking()(HttpRequest("GET", "/")))
            for name, url in untrusted.items()
        },
        "shown": repr(waited),
        "streams": streams(waited),
        "where Python cannot wait": cannot_wait(waited),
    }


def streams(transport: Any) -> bool:
    return isinstance(transport, StreamingTransport)


def cannot_wait(transport: Any) -> list[str]:
    """What a call comes to that JavaScript makes in the middle of something that is not async."""
    results: list[str] = []

    def call(*_: object) -> None:
        results.append(repr(transport(HttpRequest("GET", "/"))))
        results.append(repr(transport.open(HttpRequest("GET", "/"))))

    js.Array.from_(ffi.to_js([1]), call)
    return results
