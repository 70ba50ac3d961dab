"""A fault plan is data: it decides by number, path and chance, the same in every run, and the service misbehaves so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from returns.result import Failure, Result, Success

from puresponse.core import (
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    RetryPolicy,
    retrieve_response,
    retrying,
)
from puresponse.transports import VirtualClock, run
from puresponse.transports.memory.faults import (
    CutStream,
    Delay,
    Fault,
    FaultPlan,
    Garbage,
    QuotaUsedUp,
    RateLimited,
    Refused,
    Reset,
    Rule,
    ServerError,
    SlowStream,
    Truncated,
    Unsent,
)
from puresponse.transports.memory.service import CancelUndone, LateConsistency
from puresponse.transports.memory.transport import MemoryTransport

START = 1_750_000_000.0
GET = HttpRequest("GET", "/responses/resp_chat")
CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two"}')
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two","stream":true}')
DELETE = HttpRequest("DELETE", "/responses/resp_chat")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


def service(clock: VirtualClock, *faults: Fault | Rule, seed: int = 0) -> MemoryTransport:
    rules = tuple(fault if isinstance(fault, Rule) else Rule(fault) for fault in faults)
    return MemoryTransport(clock=clock, faults=FaultPlan(rules, seed))


def answer(transport: MemoryTransport, request: HttpRequest) -> HttpResponse:
    return transport(request).unwrap()


def cut(transport: MemoryTransport, request: HttpRequest) -> str:
    result = transport(request)
    assert isinstance(result, Failure)
    error = result.failure()
    assert isinstance(error, Interrupted)
    return error.kind


def error(response: HttpResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.decode(response.body)["error"]
    return found


def hits(plan: FaultPlan, *requests: HttpRequest) -> list[int]:
    """Give how many faults each request meets."""
    counts: tuple[int, ...] = ()
    met: list[int] = []
    for number, request in enumerate(requests, 1):
        counts, faults = plan.met(counts, number, request)
        met.append(len(faults))
    return met


# Which requests


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(Reset()), [1, 1, 1, 1]),
        (Rule(Reset(), method="GET"), [1, 0, 0, 1]),
        (Rule(Reset(), path="/responses/*"), [1, 0, 1, 1]),
        (Rule(Reset(), path="/responses"), [0, 1, 0, 0]),
        (Rule(Reset(), numbers=(2, 4)), [0, 1, 0, 1]),
        (Rule(Reset(), skip=1), [0, 1, 1, 1]),
        (Rule(Reset(), times=2), [1, 1, 0, 0]),
        (Rule(Reset(), skip=1, times=1), [0, 1, 0, 0]),
        (Rule(Reset(), method="GET", skip=1), [0, 0, 0, 1]),
        (Rule(Reset(), times=0), [0, 0, 0, 0]),
        (Rule(Reset(), chance=0.0), [0, 0, 0, 0]),
    ],
)
def test_a_rule_says_which_requests_it_is_for(rule: Rule, expected: list[int]) -> None:
    assert hits(FaultPlan((rule,)), GET, CREATE, DELETE, GET) == expected


def test_a_request_meets_all_rules_that_are_for_it() -> None:
    assert hits(FaultPlan((Rule(Delay(1.0)), Rule(Garbage(), method="GET"))), GET, CREATE) == [2, 1]


@given(st.integers(0, 10**9))
def test_chance_is_the_same_in_every_run(seed: int) -> None:
    plan = FaultPlan((Rule(Reset(), chance=0.5), Rule(Delay(1.0), chance=0.5)), seed)
    assert hits(plan, *[GET] * 20) == hits(plan, *[GET] * 20)


def test_the_chances_of_two_rules_are_drawn_apart() -> None:
    met = hits(FaultPlan((Rule(Reset(), chance=0.5), Rule(Delay(1.0), chance=0.5))), *[GET] * 200)
    assert 60 < met.count(1) < 140, "half of the requests meet one of the two"


def test_chance_is_as_often_as_it_says_and_differs_by_seed() -> None:
    drawn = [hits(FaultPlan((Rule(Reset(), chance=0.25),), seed), *[GET] * 2000) for seed in range(2)]
    assert drawn[0] != drawn[1]
    assert all(420 < sum(one) < 580 for one in drawn)


FAULTS = st.sampled_from(
    (
        *(Delay(1.0), RateLimited(), QuotaUsedUp(), ServerError(), Refused(409), Reset(), Truncated(), Garbage()),
        *(Unsent(), SlowStream(1.0), CutStream(), LateConsistency(), CancelUndone()),
    )
)


@given(st.lists(st.builds(Rule, FAULTS, method=st.none() | st.just("GET"), times=st.none() | st.just(2))))
def test_a_plan_goes_through_json_and_back(rules: list[Rule]) -> None:
    plan = FaultPlan(tuple(rules), 7)
    assert json.decode(json.encode(plan), type=FaultPlan) == plan


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"chance": 1.5}, "chance: must be from 0 to 1, got 1.5"),
        ({"numbers": (0,)}, r"numbers: requests are counted from 1, got \(0,\)"),
        ({"skip": -1}, "skip: must be 0 or more, got -1"),
        ({"times": -1}, "times: must be 0 or more, got -1"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        Rule(Reset(), **wrong)


# What they do


def test_a_delay_takes_its_time(clock: VirtualClock) -> None:
    assert answer(service(clock, Delay(2.0), Delay(0.5)), GET).status == 200
    assert clock.now == START + 2.5


def test_a_rate_limit_has_its_headers(clock: VirtualClock) -> None:
    response = answer(service(clock, RateLimited(retry_after=1.5, kind="tokens")), CREATE)
    assert (response.status, error(response)["type"], error(response)["code"]) == (429, "tokens", "rate_limit_exceeded")
    assert (response.header("retry-after"), response.header("retry-after-ms")) == ("2", "1500")
    assert response.header("x-ratelimit-remaining-requests") == "0"
    assert response.header("x-ratelimit-reset-requests") == "1.5s"
    assert response.header("x-request-id") == "req_000001"


def test_a_quota_that_is_used_up_is_told_apart(clock: VirtualClock) -> None:
    response = answer(service(clock, QuotaUsedUp()), CREATE)
    assert (response.status, error(response)["code"]) == (429, "insufficient_quota")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_error_is_any_5xx_or_a_408(clock: VirtualClock, status: int) -> None:
    response = answer(service(clock, ServerError(status)), CREATE)
    assert (response.status, error(response)["type"]) == (status, "server_error")


def test_a_server_error_may_say_more_in_its_headers(clock: VirtualClock) -> None:
    response = answer(service(clock, ServerError(503, headers=(("x-should-retry", "false"),))), GET)
    assert (response.status, response.header("x-should-retry")) == (503, "false")


def test_a_request_that_is_acted_upon_before_it_fails_is_counted_once(clock: VirtualClock) -> None:
    transport = service(clock, ServerError(acted=True))
    numbers = [answer(transport, request).header("x-request-id") for request in (CREATE, DELETE, GET)]
    assert numbers == ["req_000001", "req_000002", "req_000003"]


def test_a_refusal_can_be_any(clock: VirtualClock) -> None:
    fault = Refused(409, "Busy.", type="conflict", param="p", code="c", headers=(("x-should-retry", "true"),))
    response = answer(service(clock, fault), GET)
    assert error(response) == {"message": "Busy.", "type": "conflict", "param": "p", "code": "c"}
    assert (response.status, response.header("x-should-retry")) == (409, "true")


@pytest.mark.parametrize(
    ("fault", "acted"),
    [
        (ServerError(), False),
        (ServerError(acted=True), True),
        (RateLimited(), False),
        (Reset(), False),
        (Unsent(), False),
        (Reset(acted=True), True),
        (Truncated(), True),
        (Garbage(), True),
    ],
)
def test_a_fault_comes_before_or_after_the_service_acts(clock: VirtualClock, fault: Fault, acted: bool) -> None:
    transport = service(clock, fault)
    transport(DELETE)
    assert ("resp_chat" not in transport.state.responses) == acted


def test_a_reset_is_an_interruption(clock: VirtualClock) -> None:
    transport = service(clock, Reset(), Delay(3.0))
    assert cut(transport, GET) == "reset"
    assert clock.now == START + 3.0
    assert isinstance(transport.open(GET), Failure)


def test_a_request_that_is_not_sent_is_told_so_and_never_counts(clock: VirtualClock) -> None:
    transport = service(clock, Rule(Unsent("dns"), times=3), Delay(3.0), ServerError(acted=True), Reset(acted=True))
    unsent = NotSent("dns", "the request was not sent, by a fault plan")

    async def asked() -> Result[HttpResponse, Error]:
        return await transport.asynchronous()(DELETE)

    assert transport(DELETE) == transport.open(DELETE) == asyncio.run(asked()) == Failure(unsent)
    assert clock.now == START + 9.0
    assert "resp_chat" in transport.state.responses
    assert transport.state.served == 0


@pytest.mark.parametrize("count", [0, 1, 10, 10**9])
def test_a_truncated_body_is_never_a_shorter_one(clock: VirtualClock, count: int) -> None:
    transport = service(clock, Truncated(count))
    assert cut(transport, GET) == "truncated"
    body = transport.open(GET).unwrap()
    whole = answer(MemoryTransport(clock=clock), GET).body
    chunk = body.read()
    if count:
        assert chunk == Success(whole[: min(count, len(whole) - 1)])
        chunk = body.read()
    assert isinstance(chunk, Failure)
    assert body.read() == chunk
    body.close()
    assert body.read() == Success(b"")


def test_a_refusal_can_be_truncated_too(clock: VirtualClock) -> None:
    transport = service(clock, ServerError(), Truncated())
    assert cut(transport, GET) == "truncated"
    assert isinstance(transport.open(GET), Failure)


def test_garbage_comes_in_place_of_the_answer(clock: VirtualClock) -> None:
    response = answer(service(clock, Garbage(b"\xff<", 502, "text/plain")), GET)
    assert (response.status, response.body, response.header("content-type")) == (502, b"\xff<", "text/plain")
    assert answer(service(clock, Garbage()), STREAM).body.startswith(b"<html>")


def test_a_slow_stream_is_slow(clock: VirtualClock) -> None:
    whole = answer(MemoryTransport.empty(clock=clock), STREAM).body
    response = answer(MemoryTransport.empty(clock=clock, faults=FaultPlan((Rule(SlowStream(2.0)),))), STREAM)
    assert response.body == whole
    assert clock.now == START + 2.0 * whole.count(b"\n\n")
    assert answer(service(clock, SlowStream(2.0)), GET).status == 200


@pytest.mark.parametrize("inside", [True, False])
def test_a_stream_is_cut_in_the_middle_of_an_event_or_after_it(clock: VirtualClock, inside: bool) -> None:
    body = service(clock, CutStream(2, inside)).open(STREAM).unwrap()
    chunks: list[bytes] = []
    while isinstance(chunk := body.read(), Success):
        chunks.append(chunk.unwrap())
    assert isinstance(chunk.failure(), Interrupted)
    assert [one.endswith(b"\n\n") for one in chunks] == [True, True, *([False] if inside else [])]
    assert cut(service(clock, CutStream(2, inside)), STREAM) == "truncated"
    assert answer(service(clock, CutStream(2)), GET).status == 200


def test_a_stream_that_is_shorter_is_cut_in_its_last_event(clock: VirtualClock) -> None:
    body = service(clock, CutStream(99)).open(STREAM).unwrap()
    last = b""
    while isinstance(chunk := body.read(), Success):
        last = chunk.unwrap()
    assert last.startswith(b"event: response.completed")
    assert not last.endswith(b"\n\n")


def test_a_delayed_stream_begins_late(clock: VirtualClock) -> None:
    body = service(clock, Delay(5.0)).open(STREAM).unwrap()
    assert clock.now == START + 5.0
    assert body.read().unwrap().startswith(b"event: response.created")


def test_a_made_response_can_be_missing_for_a_while(clock: VirtualClock) -> None:
    transport = service(clock, LateConsistency(5.0, "created"))
    path = f"/responses/{json.decode(answer(transport, CREATE).body)['id']}"
    before = answer(transport, HttpRequest("GET", path)).status
    clock.sleep(5.0)
    assert (before, answer(transport, HttpRequest("GET", path)).status) == (404, 200)


def test_a_cancelled_response_can_turn_completed(clock: VirtualClock) -> None:
    transport = service(clock, Rule(CancelUndone(30.0), path="*/cancel"))
    cancelled = answer(transport, HttpRequest("POST", "/responses/resp_queued/cancel"))
    clock.sleep(30.0)
    later = answer(transport, HttpRequest("GET", "/responses/resp_queued"))
    assert [json.decode(one.body)["status"] for one in (cancelled, later)] == ["cancelled", "completed"]


def test_a_reset_goes_before_a_refusal_and_that_before_garbage(clock: VirtualClock) -> None:
    assert cut(service(clock, Garbage(), ServerError(), Reset()), GET) == "reset"
    assert answer(service(clock, RateLimited(), ServerError()), GET).status == 429
    assert answer(service(clock, ServerError(), Garbage()), GET).status == 200


def test_retrying_gets_through_what_passes(clock: VirtualClock) -> None:
    transport = service(
        clock, Rule(ServerError(503), times=1), Rule(RateLimited(4.0), numbers=(2,)), Rule(Reset(), numbers=(3,))
    )
    operation = retrying(retrieve_response("resp_chat"), RetryPolicy(max_retries=3))
    assert run(operation, transport, clock=clock).unwrap().id == "resp_chat"
    assert len(transport.requests) == 4
    assert 4.0 in clock.slept


def test_requests_are_counted_also_where_they_are_not_kept(clock: VirtualClock) -> None:
    plan = FaultPlan((Rule(ServerError(503), numbers=(2,)),))
    transport = MemoryTransport(clock=clock, faults=plan, keep_requests=False)
    assert [answer(transport, GET).status for _ in range(3)] == [200, 503, 200]
    assert transport.requests == ()
    assert repr(transport) == "MemoryTransport(9 responses, 3 requests)"


def test_by_a_time_that_only_the_caller_moves_nothing_is_waited_for() -> None:
    transport = MemoryTransport(now=lambda: START, faults=FaultPlan((Rule(Delay(1e9)),)))
    assert answer(transport, GET).status == 200


def test_what_has_broken_off_is_marred_no_further(clock: VirtualClock) -> None:
    assert cut(service(clock, Truncated(), Garbage(), CutStream()), STREAM) == "truncated"


def test_each_quirk_acts_on_the_request_that_it_is_for(clock: VirtualClock) -> None:
    transport = service(clock, LateConsistency(5.0, "created"), CancelUndone(30.0))
    cancelled = answer(transport, HttpRequest("POST", "/responses/resp_queued/cancel"))
    assert json.decode(cancelled.body)["status"] == "cancelled"
    assert answer(transport, HttpRequest("GET", "/responses/resp_queued")).status == 200
