"""Any transport is an ASGI application, and says there what it says itself."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread, active_count
from typing import Any

import pytest
from msgspec import json
from returns.result import Result, Success

from puresponse.core import HttpRequest, HttpResponse, Interrupted
from puresponse.core.errors import Error
from puresponse.transports import MemoryTransport, Reply, Urllib3Transport, serve
from puresponse.transports.contract import AnyTransport, AsyncBody, Body, StreamingTransport, Transport
from puresponse.transports.memory.faults import FaultPlan, Reset, Rule, ServerError, Truncated
from puresponse.transports.serving.asgi import AsgiApplication, Message
from puresponse.transports.serving.received import Received
from puresponse.transports.testing.contract import Service, StreamingTransportContract, TransportContract

GET = HttpRequest("GET", "/responses/resp_chat")
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"gpt-4o-mini","input":"one two three","stream":true}')
EVENTS = (("content-type", "text/event-stream"),)


@contextmanager
def served(transport: AnyTransport, **options: Any) -> Generator[Urllib3Transport]:
    with serve(transport, **options) as url, Urllib3Transport(api_key="sk-right", base_url=url) as client:
        yield client


@contextmanager
def serving(service: Service, credential: str) -> Generator[Urllib3Transport]:
    def asked(request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(service(request))

    with serve(asked) as url, Urllib3Transport(api_key=credential, base_url=url) as transport:
        yield transport


class TestServed(TransportContract):
    """A service behind the application, uvicorn and a real transport keeps the laws of a transport."""

    @contextmanager
    def make_transport(self, service: Service) -> Generator[Transport]:
        with serving(service, self.credential) as transport:
            yield transport


class TestServedOpening(StreamingTransportContract):
    """And those of one that opens bodies."""

    @contextmanager
    def make_streaming_transport(self, service: Service) -> Generator[StreamingTransport]:
        with serving(service, self.credential) as transport:
            yield transport


def failure(transport: Transport, request: HttpRequest) -> Interrupted:
    error = transport(request).failure()
    assert isinstance(error, Interrupted)
    return error


# Through a server


def test_an_answer_has_its_length() -> None:
    with served(MemoryTransport()) as client:
        answer = client(GET).unwrap()
    assert answer.header("content-length") == str(len(answer.body))
    assert answer.header("x-request-id") == "req_000001"
    assert answer.header("server") == "puresponse"


def test_a_stream_is_chunked() -> None:
    with served(MemoryTransport.empty()) as client:
        answer = client(STREAM).unwrap()
    assert answer.header("content-length") is None
    assert answer.header("content-type") == "text/event-stream; charset=utf-8"
    assert answer.body == MemoryTransport.empty()(STREAM).unwrap().body


def test_head_is_get_without_the_body() -> None:
    with served(MemoryTransport()) as client:
        head, got = client(HttpRequest("HEAD", GET.path)).unwrap(), client(GET).unwrap()
    assert (head.status, head.body, head.header("content-length")) == (200, b"", str(len(got.body)))


def test_a_reset_is_a_connection_closed_without_an_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with served(MemoryTransport(faults=FaultPlan((Rule(Reset(), times=1),)))) as client:
        assert failure(client, GET).kind == "reset"
        assert client(GET).unwrap().status == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("count", [0, 5])
def test_a_truncated_body_is_shorter_than_announced(count: int, capfd: pytest.CaptureFixture[str]) -> None:
    with served(MemoryTransport(faults=FaultPlan((Rule(Truncated(count)),)))) as client:
        error = failure(client, GET)
    assert error.kind == "truncated"
    assert error.partial is not None
    assert len(error.partial.body) == count
    assert capfd.readouterr().err == ""


def test_a_stream_that_breaks_off_is_truncated(capfd: pytest.CaptureFixture[str]) -> None:
    with served(MemoryTransport.empty(faults=FaultPlan((Rule(Truncated(600)),)))) as client:
        error = failure(client, STREAM)
    assert error.kind == "truncated"
    assert error.partial is not None
    assert len(error.partial.body) == 600
    assert capfd.readouterr().err == ""


def test_a_refusal_that_breaks_off_is_no_answer() -> None:
    with served(MemoryTransport(faults=FaultPlan((Rule(ServerError()), Rule(Truncated()))))) as client:
        assert failure(client, GET).kind == "reset"


class Held:
    """A transport whose body has its second chunk only when it is let, and says when it is closed."""

    def __init__(self) -> None:
        self.let, self.closed = Event(), Event()
        self.answer = HttpResponse(status=200, headers=EVENTS)
        self._read = 0

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        raise AssertionError(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return Success(self)

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        self._read += 1
        if self._read == 2:
            assert self.let.wait(10)
        return Success(b"data: %d\n\n" % self._read if self._read < 3 else b"")

    def close(self, within: float = 0.0) -> None:
        self.closed.set()
        self.let.set()


def test_an_event_is_sent_before_the_next_one_is_there() -> None:
    held = Held()
    with served(held) as client:
        body = client.open(GET).unwrap()
        first = body.read().unwrap()
        held.let.set()
        second = body.read().unwrap()
        body.close()
    assert (first, second) == (b"data: 1\n\n", b"data: 2\n\n")
    assert held.closed.wait(10)


def test_a_body_is_closed_when_its_client_leaves() -> None:
    held = Held()
    with served(held) as client:
        body = client.open(GET).unwrap()
        body.read()
        body.close()
        assert held.closed.wait(10)


def test_a_body_is_closed_when_the_server_stops(capfd: pytest.CaptureFixture[str]) -> None:
    held = Held()
    with served(held) as client:
        body = client.open(GET).unwrap()
        body.read()
    assert held.closed.wait(10)
    body.close()
    assert capfd.readouterr().err == ""


class Waiting:
    """An asynchronous transport that never answers, and says when nobody waits for it any more."""

    def __init__(self) -> None:
        self.asked, self.given_up = Event(), Event()

    async def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        try:
            self.asked.set()
            await asyncio.Event().wait()
        finally:
            self.given_up.set()
        raise AssertionError(request)


def test_an_exchange_is_given_up_when_its_client_leaves() -> None:
    waiting = Waiting()
    with served(waiting) as client:
        exchange = client.begin(GET)
        thread = Thread(target=exchange.result)
        thread.start()
        assert waiting.asked.wait(10)
        exchange.give_up()
        assert waiting.given_up.wait(10)
        thread.join()


def test_a_transport_that_raises_has_a_defect_which_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: HttpRequest) -> Result[HttpResponse, Error]:
        raise ZeroDivisionError("a defect")

    with served(broken) as client:
        assert client(GET).unwrap().status == 500
    assert "ZeroDivisionError: a defect" in caplog.text


def test_many_streams_of_the_service_in_memory_take_no_threads() -> None:
    service = MemoryTransport(script=Reply.text("Hm.").lasting(answering=60.0))
    with served(service, api_key="sk-right") as client:
        before = active_count()
        bodies = [client.open(STREAM).unwrap() for _ in range(20)]
        assert active_count() <= before
        for body in bodies:
            body.close()


# The application itself


class Asking:
    """Calls an application as an ASGI server does; a client leaves with `leaving`."""

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
