"""Any transport is an ASGI application, and says there what it says itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec import json
from returns.result import Result, Success

from puresponse.core import HttpRequest, HttpResponse
from puresponse.core.errors import Error
from puresponse.transports import MemoryTransport
from puresponse.transports.contract import AnyTransport, AsyncBody
from puresponse.transports.memory.faults import FaultPlan, Reset, Rule
from puresponse.transports.serving.asgi import AsgiApplication, Message
from puresponse.transports.serving.received import Received

EVENTS = (("content-type", "text/event-stream"),)


class Asking:
    """Calls an application as an ASGI server does."""

    def __init__(self, application: AsgiApplication) -> None:
        self._application = application
        self.sent: list[Message] = []

    async def __call__(self, method: str, path: str, *chunks: bytes, **scope: Any) -> bytes:
        self.sent = []
        messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
        messages.append({"type": "http.request"})
        over = asyncio.Event()

        async def receive() -> Message:
            if messages:
                return messages.pop(0)
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            self.sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                over.set()

        about: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [],
            **scope,
        }
        await self._application(about, receive, send)
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status


def ask(application: AsgiApplication, method: str, path: str, *chunks: bytes, **scope: Any) -> tuple[int, Any]:
    asking = Asking(application)
    body = asyncio.run(asking(method, path, *chunks, **scope))
    return asking.status, json.decode(body)


def test_what_is_outside_of_its_path_is_not_found() -> None:
    for path in ("/", "/v2/responses", "/v11/models"):
        status, body = ask(AsgiApplication(MemoryTransport()), "GET", path)
        assert (status, body["error"]["message"].startswith(f"Invalid URL (GET {path})")) == (404, True)


def test_a_path_is_taken_as_it_was_sent_and_else_encoded_again() -> None:
    application = AsgiApplication(MemoryTransport())
    for scope in ({"raw_path": b"/v1/responses/resp%2Fa%20b?x=1"}, {}):
        path = "/v1/responses/resp/a b" if scope else "/v1/responses/resp a b"
        _, body = ask(application, "GET", path, **scope)
        assert body["error"]["message"] == f"Response with id '{path.removeprefix('/v1/responses/')}' not found."


@pytest.mark.parametrize(("target", "status"), [(b"http://localhost/v1/models", 200), (b"HTTP://localhost", 404)])
def test_a_target_in_absolute_form_is_taken(target: bytes, status: int) -> None:
    application = AsgiApplication(MemoryTransport())
    assert ask(application, "GET", target.decode(), raw_path=target)[0] == status


def test_a_body_in_chunks_is_read_to_its_end_and_none_is_told_from_an_empty_one() -> None:
    memory = MemoryTransport.empty()
    application = AsgiApplication(memory)
    assert ask(application, "POST", "/v1/responses", b'{"model":"m",', b'"input":"x"}')[0] == 200
    ask(application, "GET", "/v1/models", headers=[(b"Content-Length", b"0")])
    ask(application, "GET", "/v1/models")
    assert [request.body for request in memory.requests] == [b'{"model":"m","input":"x"}', b"", None]


def test_head_has_no_body_in_one_process_either() -> None:
    asking = Asking(AsgiApplication(MemoryTransport()))
    for path in ("/v1/responses/resp_chat", "/v1/responses/resp_nobody", "/nowhere"):
        assert asyncio.run(asking("HEAD", path)) == b""
        assert int(dict(asking.sent[0]["headers"])[b"content-length"]) > 50


def test_headers_and_query_arrive_without_credentials() -> None:
    memory = MemoryTransport()
    headers = [(b"Authorization", b"Bearer sk-1"), (b"X-A", b"1"), (b"X-A", b"2"), (b"api-key", b"hush")]
    ask(AsgiApplication(memory), "GET", "/v1/models", headers=headers, query_string=b"limit=5&sig=hush&a=%C3%A9")
    (request,) = memory.requests
    assert request.headers == (("x-a", "1"), ("x-a", "2"))
    assert request.query == (("limit", "5"), ("a", "é"))


def test_an_asynchronous_transport_is_asked_in_the_loop_and_a_chosen_one_may_be_of_any_kind() -> None:
    async def asynchronous(request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(HttpResponse(status=200, body=json.encode("asynchronous")))

    def blocking(request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(HttpResponse(status=200, body=json.encode("blocking")))

    def choose(received: Received) -> AnyTransport:
        return asynchronous if received.path == "/v1/a" else blocking

    application = AsgiApplication(MemoryTransport(), choose=choose)
    assert [ask(application, "GET", path)[1] for path in ("/v1/a", "/v1/b")] == ["asynchronous", "blocking"]
    assert ask(AsgiApplication(asynchronous), "GET", "/v1/a")[1] == "asynchronous"


def test_a_server_that_cannot_close_a_connection_is_told_to_by_an_error() -> None:
    application = AsgiApplication(MemoryTransport(faults=FaultPlan((Rule(Reset()),))))
    with pytest.raises(ConnectionResetError, match="the connection was reset, by a fault plan"):
        ask(application, "GET", "/v1/models")


def test_a_client_that_leaves_before_its_request_is_whole_has_asked_nothing() -> None:
    memory = MemoryTransport()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/v1/models", "query_string": b"", "headers": []}
    asyncio.run(AsgiApplication(memory)(scope, receive, send))
    assert memory.requests == ()


def test_it_has_nothing_to_begin_or_to_end_and_takes_no_websocket() -> None:
    sent: list[str] = []
    kinds = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> Message:
        return {"type": next(kinds)}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    application = AsgiApplication(MemoryTransport())
    for kind in ("lifespan", "websocket"):
        asyncio.run(application({"type": kind}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


class Fast:
    """An asynchronous transport whose chunks are there at once, and that ends after a thousand."""

    def __init__(self) -> None:
        self.answer = HttpResponse(status=200, headers=EVENTS)
        self._left = 1000

    async def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        raise AssertionError(request)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        return Success(self)

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        self._left -= 1
        sum(range(2000))  # some work
        return Success(b"data: 1\n\n" if self._left else b"")

    async def close(self, within: float = 0.0) -> None:
        return None


def test_a_stream_that_is_always_ready_lets_others_have_their_turn() -> None:
    async def turns() -> int:
        count = 0

        async def others() -> None:
            nonlocal count
            while True:
                await asyncio.sleep(0)
                count += 1

        counting = asyncio.ensure_future(others())
        await Asking(AsgiApplication(Fast()))("GET", "/v1/x")
        counting.cancel()
        return count

    assert asyncio.run(turns()) > 10


@pytest.mark.parametrize("limit", [0, -1, 1.5, True])
def test_a_limit_that_is_none_is_refused(limit: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^invalid argument 'max_body': it is .*; it must be a whole number, 1 or more$"
    ):
        AsgiApplication(MemoryTransport(), max_body=limit)


def test_its_repr_holds_no_key() -> None:
    shown = repr(AsgiApplication(MemoryTransport(), api_key="sk-right"))
    assert shown == "AsgiApplication(MemoryTransport(9 responses, 0 requests), path='/v1')"
