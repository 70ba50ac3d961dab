"""Any transport is served over HTTP by uvicorn, and says there what it says itself."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread, active_count
from typing import Any

import pytest
from returns.result import Result, Success

from puresponse.core import HttpRequest, HttpResponse, Interrupted
from puresponse.core.errors import Error
from puresponse.transports import MemoryTransport, Reply, Urllib3Transport, serve
from puresponse.transports.contract import AnyTransport, Body, StreamingTransport, Transport
from puresponse.transports.memory.faults import Fault, FaultPlan, Reset, Rule, ServerError, Truncated, Unsent
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


@pytest.mark.parametrize("fault", [Reset(), Unsent()])
def test_a_reset_is_a_connection_closed_without_an_answer(fault: Fault, capfd: pytest.CaptureFixture[str]) -> None:
    with served(MemoryTransport(faults=FaultPlan((Rule(fault, times=1),)))) as client:
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
