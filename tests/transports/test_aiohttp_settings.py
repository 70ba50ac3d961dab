"""What the settings of the asynchronous transport do on the wire: the blocking one's, without blocking the loop."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, get_ident
from typing import Any

import pytest
from returns.result import Failure

from puresponse.core.errors import NotSent
from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import value_or_raise
from puresponse.transports import AccessToken, AiohttpTransport, RefreshingToken
from puresponse.transports.aiohttp import sessions
from puresponse.transports.testing.contract.transports import Recorder
from puresponse.transports.testing.loopback import listening, read_request, response_bytes, serving

GET = HttpRequest("GET", "/responses/resp_1", idempotent=True)
POST = HttpRequest("POST", "/responses", body=b"{}")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "OPENAI_API_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def sent(service: Recorder, name: str) -> list[str]:
    return [value for request in service.requests for header, value in request.headers if header == name]


def test_a_function_is_asked_for_the_key_in_another_thread_and_a_coroutine_function_in_the_loop() -> None:
    threads: list[int] = []

    def blocking() -> str:
        threads.append(get_ident())
        return "sk-blocking-0123"

    async def awaited() -> str:
        await asyncio.sleep(0)
        threads.append(get_ident())
        return "sk-awaited-0123"

    async def calls(base_url: str) -> None:
        for key in (blocking, awaited):
            async with AiohttpTransport(api_key=key, base_url=base_url) as transport:
                value_or_raise(await transport(GET))

    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        asyncio.run(calls(base_url))
    assert sent(service, "Authorization") == ["Bearer sk-blocking-0123", "Bearer sk-awaited-0123"]
    assert [thread == get_ident() for thread in threads] == [False, True]


def test_a_token_is_kept_and_after_a_401_fetched_anew_and_what_repeats_it_is_redacted() -> None:
    issued: list[AccessToken] = []

    def issue() -> AccessToken:
        issued.append(AccessToken(f"token-{len(issued) + 1}-0123456789", 3600.0))
        return issued[-1]

    async def calls(base_url: str) -> list[bytes]:
        async with AiohttpTransport(api_key=RefreshingToken(issue), base_url=base_url) as transport:
            return [value_or_raise(await transport(GET)).body for _ in range(2)]

    service = Recorder(HttpResponse(status=401, body=b"not token-1-0123456789"))
    with serving(service) as base_url:
        assert asyncio.run(calls(base_url)) == [b"not [redacted]"] * 2
    assert sent(service, "Authorization") == ["Bearer token-1-0123456789", "Bearer token-2-0123456789"]


def test_without_a_credential_nothing_is_sent() -> None:
    async def fails() -> str:
        raise OSError("hush")

    def also_fails() -> str:
        raise OSError("hush")

    async def calls(base_url: str) -> None:
        for key in (fails, also_fails):
            async with AiohttpTransport(api_key=key, base_url=base_url) as transport:
                results: list[Any] = [await transport(GET), await transport.open(GET)]
                error = NotSent("invalid_request", "api_key: the function that was given raised OSError")
                assert results == [Failure(error)] * 2

    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        asyncio.run(calls(base_url))
    assert service.requests == []


def test_a_task_that_is_cancelled_leaves_the_function_behind_and_the_loop_ends() -> None:
    asking, let_go = Event(), Event()

    def slowly() -> str:
        asking.set()
        let_go.wait(10)
        return "sk-late-0123"

    async def calls(base_url: str) -> None:
        async with AiohttpTransport(api_key=slowly, base_url=base_url) as transport:
            task = asyncio.ensure_future(transport(GET))
            while not asking.is_set():
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        asyncio.run(calls(base_url))
        let_go.set()
        for thread in threading.enumerate():
            if thread.name == "puresponse-asking":
                thread.join(10)
    assert service.requests == []


def test_azure_is_asked_with_a_token_of_entra() -> None:
    async def calls(endpoint: str) -> None:
        async with AiohttpTransport(azure_endpoint=endpoint, azure_ad_token="ad-0123456789") as transport:
            value_or_raise(await transport(GET))

    service = Recorder(HttpResponse(status=200))
    with serving(service, path="/openai/v1") as base_url:
        asyncio.run(calls(base_url.removesuffix("/openai/v1")))
    assert service.requests[0].query == (("api-version", "v1"),)
    assert sent(service, "Authorization") == ["Bearer ad-0123456789"]


def test_a_region_is_a_base_url() -> None:
    assert AiohttpTransport(region="jp").base_url == "https://jp.api.openai.com/v1"


def test_a_proxy_of_socks_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid argument 'proxy': SOCKS is for Urllib3Transport"):
        AiohttpTransport(proxy="socks5h://127.0.0.1:1080")


@contextmanager
def counting(ports: list[int]) -> Generator[str]:
    """A service that notes the port of whoever asks."""

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while read_request(file, "") is not None:
                ports.append(connection.getpeername()[1])
                connection.sendall(response_bytes(HttpResponse(status=200)))

    with listening(handle) as port:
        yield f"http://127.0.0.1:{port}"


def test_a_connection_that_was_idle_for_too_long_serves_no_creation_but_what_may_be_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, ports = time.monotonic, list[int]()

    async def calls(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url, max_idle=30.0) as transport:
            for seconds, request in ((0, POST), (29, POST), (60, GET), (120, POST), (149, POST)):
                with monkeypatch.context() as patch:
                    patch.setattr(sessions, "monotonic", lambda later=seconds: now() + later)
                    value_or_raise(await transport(request))

    with counting(ports) as base_url:
        asyncio.run(calls(base_url))
    first, second = ports[0], ports[-1]
    assert ports == [first, first, first, second, second]
    assert first != second
