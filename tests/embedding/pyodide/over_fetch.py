"""`FetchTransport` in an event loop, without JSPI, against servers outside: facts, for the tests to judge."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from typing import Any

import catalogue
from pyodide_drivers import EVERYDAY, driven_async

from puresponse.core import HttpRequest, RetryPolicy, delete_response, is_failure, retrying
from puresponse.transports import AsyncStreamingTransport, FetchTransport, VirtualClock, run_async

js: Any = import_module("js")
ffi: Any = import_module("pyodide.ffi")

KEY = "sk-fetch-0123456789abcdef"
GET = HttpRequest("GET", "/echo")

INVALID: dict[str, HttpRequest] = {
    "a GET with a body": HttpRequest("GET", "/echo", (), (), b""),
    "TRACE": HttpRequest("TRACE", "/echo"),
    "get": HttpRequest("get", "/echo"),
    "no method": HttpRequest("G T", "/echo"),
    "no path": HttpRequest("GET", "echo"),
    "a dot segment": HttpRequest("GET", "/echo/%2e%2e/x"),
    "no header": HttpRequest("GET", "/echo", (), (("X-1", "a\nb"),)),
    "half a surrogate pair": HttpRequest("GET", "/echo", (("q", "\ud800"),)),
    "no time": HttpRequest("GET", "/echo", timeout=0.0),
    "a header that Node.js refuses": HttpRequest("GET", "/echo", (), (("Upgrade", "websocket"),)),
}

UNUSABLE: dict[str, dict[str, Any]] = {
    "no URL": {"base_url": "api.example.com"},
    "another scheme": {"base_url": "ftp://example.com"},
    "a user": {"base_url": "https://user:hush@example.com"},
    "a query": {"base_url": "https://example.com/v1?a=b"},
    "a fragment": {"base_url": "https://example.com/v1#a"},
    "a space": {"base_url": "https://example.com/ v1"},
    "a line break": {"base_url": "https://example.com/\nv1"},
    "no port": {"base_url": "https://example.com:port"},
    "port 0": {"base_url": "https://example.com:0/v1"},
    "a backslash": {"base_url": "https://example.com\\v1"},
    "a credential": {"base_url": "https://example.com/v1?api-key=hush"},
    "a credential in the path": {"base_url": "https://example.com/v1;token=hush"},
    "a key in its place": {"base_url": "sk-hush"},
    "no time": {"timeout": 0},
    "no key": {"api_key": "two words"},
    "no version": {"azure_api_version": ""},
}


async def main(
    topics: list[str], services: dict[str, str], outside: str, hanging: str, cutting: dict[str, str]
) -> dict[str, Any]:
    """The facts on these topics."""
    transport = FetchTransport(api_key=KEY, base_url=outside)
    known: dict[str, Callable[[], Awaitable[Any]]] = {
        "programs": lambda: programs(services),
        "real waits": lambda: real_waits(services["retrying with real waits"]),
        "statuses": lambda: statuses(transport),
        "invalid": lambda: invalid(transport),
        "unusable": unusable,
        "cut": lambda: cut(cutting, transport),
        "cancelled": lambda: cancelled(hanging, transport),
        "headers": lambda: headers(outside),
        "compressed": lambda: compressed(transport),
        "given fetch": lambda: given_fetch(outside),
        "environment": environment,
        "shown": lambda: shown(transport),
        "streams": lambda: streams(transport),
        "blocking": lambda: blocking(transport),
        "left over": lambda: left_over(transport, hanging),
    }
    return {topic: await known[topic]() for topic in topics}


async def programs(services: dict[str, str]) -> dict[str, list[str]]:
    return {
        name: await driven_async(
            name, FetchTransport(api_key=KEY, base_url=services[name]), VirtualClock(now=catalogue.START)
        )
        for name in EVERYDAY
    }


async def real_waits(base_url: str) -> str:
    program = retrying(delete_response("resp_flaky"), RetryPolicy(max_retries=3, initial_delay=0.01, max_delay=0.02))
    return repr(await run_async(program, FetchTransport(api_key=KEY, base_url=base_url)))


async def statuses(transport: FetchTransport) -> dict[str, Any]:
    answered: list[int] = []
    failed: dict[int, str] = {}
    for status in range(200, 600):
        result = await transport(HttpRequest("GET", f"/status/{status}"))
        if is_failure(result):
            failed[status] = type(result.failure()).__name__
        else:
            answered.append(result.unwrap().status)
    return {"answered": answered, "failed": failed}


async def invalid(transport: FetchTransport) -> dict[str, str]:
    return {name: repr(await transport(request)) for name, request in INVALID.items()}


async def unusable() -> dict[str, str]:
    return {name: refused(partial(FetchTransport, **arguments)) for name, arguments in UNUSABLE.items()}


async def compressed(transport: FetchTransport) -> str:
    response = (await transport(HttpRequest("GET", "/gzip"))).unwrap()
    return f"{response.status} {response.header('content-encoding')} {response.body!r}"


async def shown(transport: FetchTransport) -> list[str]:
    return [repr(transport), repr(FetchTransport(base_url="https://example.com/v1/"))]


async def streams(transport: Any) -> bool:
    return isinstance(transport, AsyncStreamingTransport)


async def blocking(transport: FetchTransport) -> str:
    return refused(transport.blocking)


def refused(make: Callable[[], object]) -> str:
    try:
        return repr(make())
    except (ValueError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"


async def cut(cutting: dict[str, str], control: FetchTransport) -> dict[str, list[str]]:
    """What comes of bodies that are cut, or reset, only when their first chunk has been read."""
    outcomes: dict[str, list[str]] = {}
    for name, base_url in cutting.items():
        body = (await FetchTransport(base_url=base_url).open(GET)).unwrap()
        read = outcomes[name] = []
        for _ in range(2):
            await control(HttpRequest("POST", f"/go/{name}", (), (), b""))
            read.append(repr(await body.read()))
        read.append(repr(await body.read()))
        await body.close()
    return outcomes


async def cancelled(hanging: str, control: FetchTransport) -> dict[str, Any]:
    """What becomes of the connection where the task is cancelled that waits: for the head, or for a chunk."""
    transport = FetchTransport(base_url=hanging)

    async def gone_after(task: asyncio.Future[Any], path: str) -> list[object]:
        await control(HttpRequest("GET", f"/asked{path}"))
        task.cancel()
        ended: Any = await asyncio.gather(task, return_exceptions=True)
        return [type(ended[0]).__name__, (await control(HttpRequest("GET", f"/gone{path}"))).unwrap().status]

    head = asyncio.ensure_future(transport(HttpRequest("GET", "/silent")))
    outcomes: dict[str, Any] = {"head": await gone_after(head, "/silent")}
    body = (await transport.open(HttpRequest("GET", "/stream"))).unwrap()
    first = await body.read()
    chunk = asyncio.ensure_future(body.read())
    await asyncio.sleep(0)
    outcomes["chunk"] = [first.unwrap().decode(), *await gone_after(chunk, "/stream")]
    outcomes["read after"] = repr(await body.read())
    await body.close()
    await body.close()
    outcomes["read after close"] = repr(await body.read())
    return outcomes


async def headers(outside: str) -> dict[str, Any]:
    """What arrives of the transport's headers and query, as the server tells it."""
    plain = FetchTransport(api_key=KEY, organization="org_1", project="proj_1", base_url=outside)
    azure = FetchTransport(
        api_key=KEY,
        azure_api_version="v1",
        base_url=outside,
        default_headers={"X-Trace": "1", "User-Agent": "mine"},
        default_query={"a": "b", "code": "c/d+e=", "sig": ""},
    )
    own = HttpRequest("POST", "/echo", (("q", "1"),), (("accept", "text/plain"), ("X-Trace", "2")), b"\x00\xff")
    return {
        "plain": (await plain(GET)).unwrap().body.decode(),
        "azure": (await azure(own)).unwrap().body.decode(),
    }


async def given_fetch(outside: str) -> list[Any]:
    """What a fetch is called with that stands in for the host's."""
    called: list[Any] = []

    def fetch(url: str, init: Any) -> Awaitable[Any]:
        called.append([url, sorted(js.Object.keys(init).to_py()), init.redirect, init.credentials, init.cache])
        promise: Awaitable[Any] = js.fetch(url, init)
        return promise

    result = await FetchTransport(api_key=KEY, base_url=outside, fetch=fetch)(GET)
    return [*called, result.unwrap().status]


async def environment() -> list[str]:
    os.environ.update(OPENAI_API_KEY=KEY, OPENAI_BASE_URL="https://example.com/of-the-environment")
    try:
        return [repr(FetchTransport()), repr(FetchTransport(base_url="https://example.com/given", api_key=""))]
    finally:
        del os.environ["OPENAI_API_KEY"], os.environ["OPENAI_BASE_URL"]


async def left_over(transport: FetchTransport, hanging: str) -> list[list[int]]:
    """References from Python to JavaScript and back, and bytes of memory: after some exchanges, and after more."""
    module: Any = import_module("pyodide_js")._module
    module.enable_pyproxy_allocation_tracing()

    async def exchanges(count: int) -> list[int]:
        for _ in range(count):
            await transport(HttpRequest("POST", "/echo", (), (), b"0123456789abcdef" * 4096))
            body = (await transport.open(GET)).unwrap()
            await body.read()
            await body.close()
            unread = (await transport.open(GET)).unwrap()
            await unread.close()
            await FetchTransport(base_url=hanging)(HttpRequest("GET", "/silent", timeout=0.001))
        await asyncio.sleep(0.05)
        gc.collect()
        proxies = sum(type(one).__name__.startswith(("Js", "PyodideFuture")) for one in gc.get_objects())
        return [proxies, module.pyproxy_alloc_map.size, module.HEAPU8.length]

    return [await exchanges(count) for count in (20, 60)]
