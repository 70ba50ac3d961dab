"""The service in memory takes no longer than a request allows, by its clock: it ends then, with what had come."""

from __future__ import annotations

from typing import Any

import pytest
from returns.result import Failure, Success

from puresponse.core import Chunk, HttpRequest, HttpResponse, Interrupted, NotSent, is_failure
from puresponse.transports import (
    CutStream,
    Delay,
    FaultPlan,
    Life,
    MemoryTransport,
    Reply,
    Reset,
    Rule,
    SlowStream,
    Truncated,
    VirtualClock,
)
from puresponse.transports.memory.faults import Fault
from puresponse.transports.memory.pace import GivenUp

START = 1_750_000_000.0
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two","stream":true}')
CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two"}')
TOOK_TWO = Interrupted("read_timeout", "the exchange took longer than 2 s")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


def service(clock: VirtualClock, *faults: Fault, **arguments: Any) -> MemoryTransport:
    return MemoryTransport(clock=clock, faults=FaultPlan(tuple(map(Rule, faults))), **arguments)


def get(total: Any) -> HttpRequest:
    return HttpRequest("GET", "/responses/resp_chat", total=total)


def streaming(total: float | None) -> HttpRequest:
    return HttpRequest("POST", "/responses", body=STREAM.body, total=total)


def error_of(result: Any) -> Interrupted:
    assert is_failure(result), result
    error = result.failure()
    assert isinstance(error, Interrupted)
    return error


def chunks_of(body: Any) -> tuple[list[bytes], Chunk]:
    """All chunks, and what came after them."""
    chunks: list[bytes] = []
    while not is_failure(chunk := body.read()) and chunk.unwrap():
        chunks.append(chunk.unwrap())
    return chunks, chunk


def test_an_answer_that_would_be_late_ends_when_the_total_does(clock: VirtualClock) -> None:
    transport = service(clock, Delay(10.0))
    assert transport(get(2.0)) == Failure(TOOK_TWO)
    assert clock.now == START + 2.0
    assert clock.slept == [2.0]


def test_the_service_has_acted_all_the_same(clock: VirtualClock) -> None:
    transport = service(clock, Delay(10.0))
    result = transport(HttpRequest("DELETE", "/responses/resp_chat", total=2.0))
    assert error_of(result).may_have_acted
    assert "resp_chat" not in transport.state.responses


def test_so_does_a_response_that_takes_its_time(clock: VirtualClock) -> None:
    transport = service(clock, script=Reply(life=Life(answering=10.0)))
    assert transport(HttpRequest("POST", "/responses", body=CREATE.body, total=2.0)) == Failure(TOOK_TWO)
    assert clock.now == START + 2.0
    assert len(transport.state.responses) > len(service(clock).state.responses)


@pytest.mark.parametrize("total", [10.0, 10.5, None])
def test_an_answer_in_time_is_given_at_its_time(clock: VirtualClock, total: float | None) -> None:
    assert service(clock, Delay(10.0))(get(total)).unwrap().status == 200
    assert clock.now == START + 10.0


def test_a_stream_that_is_called_for_keeps_the_events_that_came_in_time(clock: VirtualClock) -> None:
    whole = service(VirtualClock(now=START), SlowStream(1.0))(STREAM).unwrap()
    error = error_of(service(clock, SlowStream(1.0))(streaming(3.5)))
    assert (error.kind, error.reason) == ("read_timeout", "the exchange took longer than 3.5 s")
    assert error.partial is not None
    assert (error.partial.status, error.partial.headers) == (200, whole.headers)
    assert error.partial.body.count(b"\n\n") == 3
    assert whole.body.startswith(error.partial.body)
    assert clock.now == START + 3.5


def test_an_opened_stream_gives_the_events_that_come_in_time_and_then_ends(clock: VirtualClock) -> None:
    body = service(clock, SlowStream(1.0)).open(streaming(3.5)).unwrap()
    chunks, end = chunks_of(body)
    assert len(chunks) == 3
    assert end == Failure(Interrupted("read_timeout", "the exchange took longer than 3.5 s"))
    assert body.read() == end
    assert clock.now == START + 3.5


@pytest.mark.parametrize("opening", [False, True])
def test_a_head_that_would_be_late_leaves_nothing(clock: VirtualClock, opening: bool) -> None:
    transport = service(clock, Delay(10.0))
    assert (transport.open if opening else transport)(streaming(2.0)) == Failure(TOOK_TWO)
    assert clock.now == START + 2.0


@pytest.mark.parametrize("opening", [False, True])
def test_a_reset_that_would_come_later_is_a_silence(clock: VirtualClock, opening: bool) -> None:
    transport = service(clock, Reset(), Delay(10.0))
    assert (transport.open if opening else transport)(get(2.0)) == Failure(TOOK_TWO)
    assert error_of(service(clock, Reset(), Delay(1.0))(get(2.0))).kind == "reset"


@pytest.mark.parametrize("fault", [Truncated(), CutStream()])
def test_what_breaks_off_within_the_total_keeps_what_came(clock: VirtualClock, fault: Fault) -> None:
    whole = service(VirtualClock(now=START))(STREAM).unwrap()
    error = error_of(service(clock, fault)(streaming(3600.0)))
    assert error.kind == "truncated"
    assert error.partial is not None
    assert error.partial.body
    assert whole.body.startswith(error.partial.body)
    assert (error.partial.status, error.partial.headers) == (200, whole.headers)


def test_a_refusal_that_breaks_off_keeps_what_came(clock: VirtualClock) -> None:
    missing = HttpRequest("GET", "/responses/resp_none")
    whole = service(clock)(missing).unwrap()
    for result in (service(clock, Truncated(7))(missing), service(clock, Truncated(7)).open(missing)):
        expected = HttpResponse(status=404, headers=whole.headers, body=whole.body[:7])
        assert error_of(result).partial == expected


# --- a read ---------------------------------------------------------------------------------------


def test_a_read_waits_no_longer_than_it_is_given(clock: VirtualClock) -> None:
    body = service(clock, SlowStream(1.0)).open(STREAM).unwrap()
    assert body.read(1.0).unwrap().startswith(b"event: response.created")
    silence = body.read(0.25)
    assert silence == Failure(Interrupted("read_timeout", "the server was silent for 0.25 s"))
    assert clock.now == START + 1.25
    assert body.read() == silence


def test_of_the_two_limits_the_earlier_counts(clock: VirtualClock) -> None:
    body = service(clock, SlowStream(1.0)).open(streaming(1.5)).unwrap()
    assert body.read(30.0).unwrap()
    assert error_of(body.read(30.0)).reason == "the exchange took longer than 1.5 s"
    assert clock.now == START + 1.5
    other = service(clock, SlowStream(1.0)).open(streaming(30.0)).unwrap()
    assert error_of(other.read(0.5)).reason == "the server was silent for 0.5 s"


def test_closing_takes_no_time(clock: VirtualClock) -> None:
    body = service(clock, SlowStream(1.0)).open(STREAM).unwrap()
    body.close(0.05)
    assert clock.now == START


def test_where_only_the_caller_moves_the_time_nothing_is_late() -> None:
    transport = MemoryTransport(now=lambda: START, faults=FaultPlan((Rule(Delay(10.0)), Rule(SlowStream(1.0)))))
    assert transport(get(2.0)).unwrap().status == 200
    body = transport.open(streaming(0.5)).unwrap()
    assert isinstance(body.read(0.1), Success)


@pytest.mark.parametrize("seconds", [0, -1.0, True, "5", float("nan"), float("inf"), 1e9])
def test_a_total_that_is_no_number_of_seconds_is_not_sent(clock: VirtualClock, seconds: Any) -> None:
    transport = service(clock)
    for result in (transport(get(seconds)), transport.open(get(seconds))):
        assert is_failure(result)
        error = result.failure()
        assert isinstance(error, NotSent)
        assert (error.kind, "total" in error.reason) == ("invalid_request", True)
    assert transport.requests == ()


def test_what_was_given_up_before_anybody_waited_for_it_is_waited_for_no_more() -> None:
    given_up = GivenUp()
    assert (given_up.is_set(), given_up.wait(0.0)) == (False, False)
    early = GivenUp()
    early.set()
    assert (early.is_set(), early.wait(3600.0)) == (True, True)
