"""Exchanges that can be given up, without a network: of memory, stubs and cassettes, of layers, and of any function."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from returns.result import Failure, Result, Success

from puresponse.core import Answer, Error, HttpRequest, HttpResponse, Interrupted, NotSent, cancel_response, is_failure
from puresponse.transports import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    Body,
    CaptureTransport,
    CassetteRecorder,
    CassetteTransport,
    Delay,
    Exchange,
    FaultPlan,
    MemoryTransport,
    Recording,
    Rule,
    ScriptedTransport,
    SlowStream,
    StreamedResponse,
    StubTransport,
    VirtualClock,
    run,
)
from puresponse.transports.exchanges import (
    PERHAPS_SENT,
    UNSENT,
    CallExchange,
    SeenExchange,
    beginning_calls,
    beginning_to_open,
)

PATIENCE = 10.0
REQUEST = HttpRequest("DELETE", "/responses/resp_1")
ANSWER = HttpResponse(status=200, body=b"{}")
HOUR = 3600.0


def kind_of(result: Result[Any, Error]) -> tuple[str, str]:
    error = result.failure()
    assert isinstance(error, NotSent | Interrupted)
    return type(error).__name__, error.kind


GIVEN_UP_UNSENT = ("NotSent", "given_up")
GIVEN_UP = ("Interrupted", "given_up")


# --- of any transport ----------------------------------------------------------------------------


def test_a_transport_with_exchanges_of_its_own_is_told_from_one_without() -> None:
    stub = StubTransport.answering(ANSWER)
    assert isinstance(stub, AbandonableTransport)
    assert isinstance(stub, AbandonableStreamingTransport)
    assert not isinstance(stub.__call__, AbandonableTransport)


def test_a_transport_is_asked_for_its_own_exchanges() -> None:
    stub = StubTransport.answering(ANSWER)
    assert beginning_calls(stub) == stub.begin
    assert beginning_to_open(stub) == stub.begin_open


def test_of_a_plain_function_an_exchange_is_a_call() -> None:
    stub = StubTransport.answering(ANSWER, ANSWER)
    exchange = beginning_calls(stub.__call__)(REQUEST)
    assert list(stub.requests) == []
    assert exchange.result() == exchange.result() == Success(ANSWER)
    opened = beginning_to_open(stub.__call__)(REQUEST).result()
    assert opened.unwrap().read() == Success(b"{}")
    assert stub.requests == (REQUEST, REQUEST)


def test_a_call_that_is_given_up_is_over_at_once_for_all_who_wait_but_the_thread_that_makes_it() -> None:
    called, go_on = threading.Event(), threading.Event()
    told: list[Answer] = []

    def transport(request: HttpRequest) -> Answer:
        called.set()
        assert go_on.wait(PATIENCE)
        return Success(ANSWER)

    exchange = beginning_calls(transport)(REQUEST)
    calling = threading.Thread(target=lambda: told.append(exchange.result()))
    calling.start()
    assert called.wait(PATIENCE)
    exchange.give_up()
    assert kind_of(exchange.result()) == GIVEN_UP
    assert told == []
    go_on.set()
    calling.join()
    assert told == [Failure(PERHAPS_SENT)]


def test_what_is_opened_too_late_is_closed() -> None:
    stub = StubTransport.answering(StreamedResponse(status=200, chunks=(b"1", b"2")))
    opened: list[Body] = []

    def opening() -> Result[Body, Error]:
        result = stub.open(REQUEST)
        opened.append(result.unwrap())
        exchange.give_up()
        return result

    exchange: CallExchange[Body] = CallExchange(opening, close=lambda body: body.close())
    assert kind_of(exchange.result()) == GIVEN_UP
    assert is_failure(opened[0].read())


def test_a_mistake_is_passed_on_to_all_who_ask() -> None:
    def broken(request: HttpRequest) -> Answer:
        raise ZeroDivisionError(request.path)

    exchange = beginning_calls(broken)(REQUEST)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            exchange.result()


def test_giving_up_wakes_what_performs_and_nothing_that_is_over() -> None:
    woken = list[str]()
    exchange = CallExchange[HttpResponse](lambda: Success(ANSWER), wake=partial(woken.append, "woken"))
    exchange.result()
    exchange.give_up()
    assert woken == []
    given_up = CallExchange[HttpResponse](lambda: Success(ANSWER), wake=partial(woken.append, "woken"))
    given_up.give_up()
    given_up.give_up()
    assert woken == ["woken"]


def test_what_is_seen_is_seen_once_and_given_up_as_it_is() -> None:
    seen: list[Answer] = []

    def see(answer: Answer) -> Answer:
        seen.append(answer)
        return answer

    asked: list[str] = []

    def ask() -> Any:
        asked.append("asked")
        return see

    exchange = SeenExchange(CallExchange[HttpResponse](lambda: Success(ANSWER)), ask)
    assert (asked, seen) == ([], [])
    assert exchange.result() == exchange.result() == Success(ANSWER)
    assert (asked, seen) == (["asked"], [Success(ANSWER)])
    given_up = SeenExchange(CallExchange[HttpResponse](lambda: Success(ANSWER)), ask)
    given_up.give_up()
    assert given_up.result() == Failure(UNSENT)
    assert seen == [Success(ANSWER), Failure(UNSENT)]


# --- of scripts and cassettes --------------------------------------------------------------------


@pytest.mark.parametrize(
    "transport",
    [
        ScriptedTransport((REQUEST, StreamedResponse(status=200, chunks=(b"{", b"}")))),
        CassetteTransport([Recording(REQUEST, StreamedResponse(status=200, chunks=(b"{", b"}")))]),
    ],
    ids=["script", "cassette"],
)
def test_what_is_given_up_is_not_played_and_what_is_not_is(transport: AbandonableStreamingTransport) -> None:
    for begin in (transport.begin, transport.begin_open):
        unsent: Exchange[Any] = begin(REQUEST)
        unsent.give_up()
        assert kind_of(unsent.result()) == GIVEN_UP_UNSENT
    opening = transport.begin_open(REQUEST)
    body = opening.result().unwrap()
    assert body.read() == Success(b"{")
    opening.give_up()
    assert is_failure(body.read())
    assert is_failure(transport.begin(REQUEST).result())  # it was played once, and is no more


def test_a_call_is_played_as_an_exchange() -> None:
    assert ScriptedTransport((REQUEST, ANSWER)).begin(REQUEST).result() == Success(ANSWER)
    assert CassetteTransport([Recording(REQUEST, ANSWER)]).begin(REQUEST).result() == Success(ANSWER)


def test_what_was_given_up_is_not_recorded_for_it_says_nothing_of_the_service(tmp_path: Path) -> None:
    stub = StubTransport.answering(ANSWER, StreamedResponse(status=200, chunks=(b"1", b"2")))
    with CassetteRecorder(stub, tmp_path / "cassette.json") as recorder:
        for begin in (recorder.begin, recorder.begin_open):
            unsent: Exchange[Any] = begin(REQUEST)
            unsent.give_up()
            assert kind_of(unsent.result()) == GIVEN_UP_UNSENT
        assert recorder.begin(REQUEST).result() == Success(ANSWER)
        body = recorder.begin_open(REQUEST).result().unwrap()
        while body.read().unwrap():
            pass
    assert [recording.answer for recording in recorder.recordings] == [
        ANSWER,
        StreamedResponse(status=200, chunks=(b"1", b"2")),
    ]


def test_recordings_are_in_the_order_in_which_results_were_asked_for(tmp_path: Path) -> None:
    with CassetteRecorder(StubTransport(lambda _: ANSWER), tmp_path / "cassette.json") as recorder:
        first, second = (recorder.begin(HttpRequest("GET", path)) for path in ("/first", "/second"))
        second.result()
        first.result()
    assert [recording.request.path for recording in recorder.recordings] == ["/second", "/first"]


def test_a_capture_keeps_what_was_given_up_too() -> None:
    capture = CaptureTransport(StubTransport.answering(ANSWER))
    exchange = capture.begin(REQUEST)
    exchange.give_up()
    exchange.result()
    assert capture.begin(REQUEST).result() == Success(ANSWER)
    assert [kept.result for kept in capture.exchanges] == [Failure(UNSENT), Success(ANSWER)]


# --- of memory -----------------------------------------------------------------------------------

SLOW = FaultPlan((Rule(Delay(HOUR)),))


def given_up_in_time(exchange: Exchange[Any], reached: Any) -> Result[Any, Error]:
    """The result of an exchange that is given up in another thread once it has reached something."""
    told: list[Result[Any, Error]] = []
    performing = threading.Thread(target=lambda: told.append(exchange.result()), daemon=True)
    performing.start()
    while not reached():
        threading.Event().wait(0.001)
    exchange.give_up()
    performing.join(PATIENCE)
    return told[0]


@pytest.mark.parametrize("way", ["begin", "begin_open"])
def test_a_service_in_memory_that_is_slow_is_given_up_at_once_and_has_acted(way: str) -> None:
    service = MemoryTransport(faults=SLOW)
    operation: Any = cancel_response("resp_queued")
    exchange = getattr(service, way)(operation.request)
    assert kind_of(given_up_in_time(exchange, lambda: service.requests)) == GIVEN_UP
    assert run(cancel_response("resp_queued"), MemoryTransport(service.state)).unwrap().status == "cancelled"


@pytest.mark.parametrize("way", ["begin", "begin_open"])
def test_in_virtual_time_too_and_the_time_does_not_move(way: str) -> None:
    clock = VirtualClock()
    service = MemoryTransport(faults=SLOW, clock=clock)
    operation: Any = cancel_response("resp_queued")
    clock.hold()  # somebody else is awake, and so is the thread until it sleeps
    clock.hold()
    exchange = getattr(service, way)(operation.request)
    assert kind_of(given_up_in_time(exchange, lambda: clock.slept)) == GIVEN_UP
    assert clock.now == 0.0
    clock.release()  # the thread is awake again, and has gone
    assert clock.now == 0.0
    clock.release()
    assert clock.now == 0.0


def test_what_memory_is_not_asked_for_it_does_not_do() -> None:
    service = MemoryTransport()
    operation: Any = cancel_response("resp_queued")
    for begin in (service.begin, service.begin_open):
        exchange: Exchange[Any] = begin(operation.request)
        exchange.give_up()
        assert kind_of(exchange.result()) == GIVEN_UP_UNSENT
    assert service.requests == ()
    assert service.begin(operation.request).result().unwrap().status == 200


def test_closing_a_body_in_memory_ends_a_read_that_waits() -> None:
    clock = VirtualClock()
    service = MemoryTransport(clock=clock, faults=FaultPlan((Rule(SlowStream(HOUR)),)))
    events = HttpRequest("POST", "/responses", (), (), b'{"model":"gpt-5","input":"Hello!","stream":true}')
    exchange = service.begin_open(events)
    body = exchange.result().unwrap()
    read: list[Any] = []
    clock.hold()
    clock.hold()

    def read_on() -> None:
        while (chunk := body.read()) != Success(b""):
            read.append(chunk)

    reading = threading.Thread(target=read_on, daemon=True)
    reading.start()
    while not clock.slept:
        threading.Event().wait(0.001)
    before = len(read)
    exchange.give_up()
    reading.join(2.0)  # less than the seconds after which the clock would move on by force
    assert not reading.is_alive()
    assert len(read) == before
