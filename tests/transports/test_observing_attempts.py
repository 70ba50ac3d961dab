"""Observing a transport: what the functions are told, in order, and what becomes of what they raise."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from returns.result import Failure, Success

from puresponse.core import Answer, HttpRequest, HttpResponse, Interrupted, NotSent, delete_response, retrying
from puresponse.transports import (
    BodyRead,
    LayeredAsyncStreamingTransport,
    StreamedResponse,
    StubTransport,
    VirtualClock,
    in_threads,
    json_response,
    observing,
    run,
)

GET = HttpRequest("GET", "/responses/resp_1")
OK = HttpResponse(status=200, body=b"{}")
HEAD = HttpResponse(status=200)
CUT = Interrupted("truncated", "cut")


class Observer:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def before(self, request: HttpRequest) -> None:
        self.told.append(("before", request))

    def after(self, request: HttpRequest, result: Answer, seconds: float) -> None:
        self.told.append(("after", request, result, seconds))

    def ended(self, request: HttpRequest, body: BodyRead) -> None:
        self.told.append(("ended", request, body))


def test_functions_are_told_of_each_attempt() -> None:
    clock, observer = VirtualClock(), Observer()

    def slow(request: HttpRequest) -> Answer:
        clock.sleep(0.5)
        return Success(OK) if request == GET else Failure(NotSent("dns", "no"))

    transport = observing(slow, before=observer.before, after=observer.after, clock=clock)
    other = HttpRequest("GET", "/other")
    transport(GET)
    transport(other)
    assert observer.told == [
        ("before", GET),
        ("after", GET, Success(OK), 0.5),
        ("before", other),
        ("after", other, Failure(NotSent("dns", "no")), 0.5),
    ]


def test_retries_are_attempts() -> None:
    observer = Observer()
    deleted = json_response({"id": "resp_1", "deleted": True})
    stub = StubTransport.answering(HttpResponse(status=503), deleted)
    transport = observing(stub, after=observer.after, clock=VirtualClock())
    assert run(retrying(delete_response("resp_1")), transport, clock=VirtualClock()).unwrap().deleted
    assert [told[2].unwrap().status for told in observer.told] == [503, 200]


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(
    ("answer", "reads", "read"),
    [
        (StreamedResponse(status=200, chunks=(b"a", b"bc")), 9, BodyRead(head=HEAD, chunks=2, length=3, seconds=0.0)),
        (
            StreamedResponse(status=200, chunks=(b"a", b"bc")),
            1,
            BodyRead(head=HEAD, chunks=1, length=1, seconds=0.0, closed=True),
        ),
        (
            StreamedResponse(status=200, chunks=(b"a",), error=CUT),
            9,
            BodyRead(head=HEAD, chunks=1, length=1, seconds=0.0, error=CUT),
        ),
    ],
)
def test_functions_are_told_of_a_body(answer: StreamedResponse, reads: int, read: BodyRead, asynchronous: bool) -> None:
    clock, observer = VirtualClock(), Observer()
    told: Any = {"before": observer.before, "after": observer.after, "ended": observer.ended, "clock": clock}
    stub = StubTransport.answering(answer)

    async def use() -> None:
        transport = observing(in_threads(stub), **told)
        assert isinstance(transport, LayeredAsyncStreamingTransport)
        body = (await transport.open(GET)).unwrap()
        for _ in range(reads):
            await body.read()
        await body.close()

    if asynchronous:
        asyncio.run(use())
    else:
        body = observing(stub, **told).open(GET).unwrap()
        for _ in range(reads):
            body.read()
        body.close()
    assert observer.told == [("before", GET), ("after", GET, Success(HEAD), 0.0), ("ended", GET, read)]


def test_what_opens_no_body_is_told_as_an_answer() -> None:
    observer = Observer()
    stub = StubTransport.answering(HttpResponse(status=404, body=b"no"), CUT)
    transport = observing(stub, after=observer.after, ended=observer.ended, clock=VirtualClock())
    transport.open(GET)
    transport.open(GET)
    results = [Success(HttpResponse(status=404, body=b"no")), Failure(CUT)]
    assert observer.told == [("after", GET, result, 0.0) for result in results]


def test_functions_may_be_left_out() -> None:
    body = observing(StubTransport.answering(StreamedResponse(status=200, chunks=(b"a",)))).open(GET).unwrap()
    assert body.read() == Success(b"a")
    assert body.read() == Success(b"")
    assert observing(StubTransport.answering(OK))(GET) == Success(OK)


def test_what_before_raises_sends_nothing() -> None:
    stub = StubTransport.answering(OK)

    def raising(request: HttpRequest) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        observing(stub, before=raising)(GET)
    assert stub.requests == ()


def test_what_after_raises_passes_through_and_says_how_the_request_was_answered() -> None:
    def raising(request: HttpRequest, result: Answer, seconds: float) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        observing(StubTransport.answering(OK), after=raising)(GET)
    assert raised.value.__notes__ == ["raised by a layer; GET /responses/resp_1 was answered by then: HTTP 200"]
