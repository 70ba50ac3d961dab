"""How far a batch is: what is counted, by whose time, and in which thread it is told."""

import asyncio
import json
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from batches import Way, every_way, in_turn
from returns.result import Failure, Success

from puresponse.core import (
    Answer,
    ApiError,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Operation,
    audit_response,
    delay,
    delete_response,
    retrieve_response,
    succeed,
)
from puresponse.core.steps import Done
from puresponse.transports import (
    MemoryTransport,
    Progress,
    UsageSum,
    VirtualClock,
    in_threads,
    run_many,
    run_many_async,
)
from puresponse.transports.batch.progress import Tally, error_kind

RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "m",
    "output": [],
}
USAGE = {
    "input_tokens": 30,
    "input_tokens_details": {"cached_tokens": 20},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 5},
    "total_tokens": 37,
}
LOST: Operation[Any] = Done(Failure(NotSent("dns", "no such host")))


def answering(request: HttpRequest) -> Answer:
    """One response has all of a usage, one the least of it, and one none."""
    usage: dict[str, Any] = {
        "whole": USAGE,
        "least": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
        "none": None,
    }
    if request.path.endswith("input_items"):
        page: dict[str, Any] = {"object": "list", "data": [], "has_more": False, "first_id": None, "last_id": None}
        return Success(HttpResponse(status=200, body=json.dumps(page).encode()))
    name = request.path.rpartition("_")[2]
    return Success(HttpResponse(status=200, body=json.dumps(RESPONSE | {"usage": usage[name]}).encode()))


@every_way
def test_each_outcome_is_followed_by_how_far_it_is(carried_out: Way) -> None:
    told: list[Progress] = []
    operations = [succeed(1), LOST, succeed(2), succeed(3)]
    outcomes, _ = carried_out(operations, answering, progress=told.append)
    assert len(outcomes) == len(told) == 4
    assert sorted((one.done, one.failed) for one in told)[-1] == (3, 1)
    assert all(one.done + one.failed == number for number, one in enumerate(told, 1))
    assert told[-1].failures == {"NotSent dns": 1}
    assert told[-1].in_flight == 0
    assert all(one.total == 4 for one in told)


def test_those_under_way_are_counted() -> None:
    told: list[Progress] = []
    together = threading.Barrier(3)

    def transport(request: HttpRequest) -> Answer:
        together.wait(10.0)
        return Success(HttpResponse(status=204))

    operations = [delete_response(f"resp_{number}") for number in range(3)]
    list(run_many(operations, transport, 3, progress=told.append))
    assert [one.in_flight for one in told] == [2, 1, 0]


@every_way
def test_the_total_is_what_is_said_or_what_is_counted_or_unknown(carried_out: Way) -> None:
    for given, total, expected in (
        ([succeed(1)] * 2, None, 2),
        (iter([succeed(1)] * 2), None, None),
        (iter([succeed(1)] * 2), 7, 7),
        ([succeed(1)] * 2, 7, 7),
        ({"a": succeed(1)}.items(), None, 1),
    ):
        told: list[Progress] = []
        carried_out(given, answering, progress=told.append, total=total)
        assert {one.total for one in told} == {expected}


@every_way
def test_usage_is_summed_over_what_has_one(carried_out: Way) -> None:
    told: list[Progress] = []
    operations: list[Operation[Any]] = [
        retrieve_response("resp_whole"),
        audit_response("resp_whole"),
        retrieve_response("resp_least"),
        retrieve_response("resp_none"),
        succeed(None),
        succeed({"usage": 5}),
        LOST,
    ]
    carried_out(operations, answering, progress=told.append)
    assert told[-1].usage == UsageSum(
        responses=3, input_tokens=61, output_tokens=16, total_tokens=77, cached_tokens=40, reasoning_tokens=10
    )


class Odd(msgspec.Struct, frozen=True):
    """A value of a caller's own, with a usage that is none of the API's."""

    usage: str = "heavy"


def test_a_usage_that_is_none_of_the_api_counts_for_nothing() -> None:
    told: list[Progress] = []
    list(run_many([succeed(Odd())], answering, 1, progress=told.append))
    assert (told[0].done, told[0].usage) == (1, UsageSum())


@every_way
def test_the_time_is_that_of_the_clock(carried_out: Way) -> None:
    clock, told = VirtualClock(now=1000.0), list[Progress]()
    carried_out([delay(2.0)] * 4, answering, clock=clock, progress=told.append)
    lasted = 8.0 if carried_out is in_turn else 2.0
    assert told[-1].elapsed == lasted
    assert told[-1].rate == 4 / lasted


def test_remaining_is_what_is_left_at_the_rate_of_late() -> None:
    clock, told = VirtualClock(), list[Progress]()
    waits = [delay(1.0)] * 20 + [delay(0.5)] * 40
    list(run_many(waits, answering, 1, clock=clock, progress=told.append))
    assert [round(one.rate, 3) for one in told[:20]] == [1.0] * 20
    assert [one.remaining for one in told[:20]] == [60.0 - number for number in range(1, 21)]
    assert told[-1].rate == 2.0
    assert told[-1].remaining == 0.0
    assert told[49].remaining == pytest.approx(10 / told[49].rate)


def test_what_was_skipped_does_not_remain() -> None:
    clock = VirtualClock()
    tally = Tally(clock.monotonic, 10)
    tally.begin()
    tally.skipped = 7
    tally.count(Success(1))
    clock.now = 2.0
    assert tally.progress(0).remaining == 4.0


def test_where_no_time_has_passed_there_is_no_rate() -> None:
    told: list[Progress] = []
    list(run_many([succeed(1)] * 3, answering, 1, clock=VirtualClock(), progress=told.append))
    assert [(one.rate, one.remaining, one.elapsed) for one in told] == [(0.0, None, 0.0)] * 3


def test_without_a_total_nobody_knows_what_remains() -> None:
    told: list[Progress] = []
    list(run_many(iter([delay(1.0)] * 3), answering, 1, clock=VirtualClock(), progress=told.append))
    assert [(one.rate, one.remaining) for one in told] == [(1.0, None)] * 3


def test_what_was_told_does_not_change() -> None:
    told: list[Progress] = []
    list(run_many([LOST] * 3, answering, 1, progress=told.append))
    assert [dict(one.failures) for one in told] == [{"NotSent dns": number} for number in (1, 2, 3)]
    assert all(before != after for before, after in pairwise(told))


def test_it_is_told_in_the_callers_thread() -> None:
    threads: set[int] = set()

    def note(progress: Progress) -> None:
        threads.add(threading.get_ident())

    list(run_many([succeed(1)] * 5, answering, 3, progress=note))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("concurrency", [1, 3])
def test_it_is_told_before_the_outcome_is_yielded(concurrency: int) -> None:
    told: list[Progress] = []
    for number, _ in enumerate(run_many([succeed(1)] * 5, answering, concurrency, progress=told.append), 1):
        assert told[-1].done == len(told) == number


@pytest.mark.parametrize("concurrency", [1, 3])
def test_what_it_raises_gives_up_all_and_leaves_the_outcome_unfinished(concurrency: int) -> None:
    unfinished: list[Any] = []

    def fail(progress: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(run_many([("a", succeed(1))], answering, concurrency, progress=fail, unfinished=unfinished.append))
    assert [(one.key, one.result) for one in unfinished] == [("a", Success(1))]


def test_in_an_event_loop_time_goes_by_the_clock_too() -> None:
    clock, told = VirtualClock(), list[Progress]()

    async def collect() -> None:
        waits = [delay(seconds) for seconds in (3.0, 1.0, 2.0)]
        async for _ in run_many_async(waits, in_threads(answering), 3, clock=clock, progress=told.append):
            pass

    asyncio.run(collect())
    assert [(one.elapsed, one.in_flight) for one in told] == [(1.0, 2), (2.0, 1), (3.0, 0)]


def test_the_kinds_of_failures_are_bounded() -> None:
    tally = Tally(lambda: 0.0, None)
    for number in range(150):
        tally.count(Failure(ApiError(status=400, code=f"made_up_{number}")))
    tally.count(Failure(ApiError(status=400, code="made_up_1")))
    failures = tally.progress(0).failures
    assert len(failures) == 101
    assert failures["other"] == 50
    assert failures["ApiError 400 made_up_1"] == 2


def test_a_kind_never_has_a_servers_own_words() -> None:
    assert error_kind(ApiError(status=429, code="rate_limit_exceeded", type="x")) == "ApiError 429 rate_limit_exceeded"
    assert error_kind(ApiError(status=500, type="server_error")) == "ApiError 500 server_error"
    assert error_kind(ApiError(status=400, code="\x1b[31m red")) == "ApiError 400"
    assert error_kind(ApiError(status=400, code="x" * 65)) == "ApiError 400"
    assert error_kind(Interrupted("reset", "gone")) == "Interrupted reset"


def test_the_marks_of_the_rate_are_bounded() -> None:
    times: Iterator[float] = iter(number * 0.001 for number in range(100_000))
    tally = Tally(lambda: next(times), None)
    tally.begin()
    for _ in range(60_000):
        tally.count(Success(1))
        tally.progress(0)
    assert tally.progress(0).rate == pytest.approx(1000.0, rel=0.01)
    assert len(vars(tally)["_marks"]) <= 22


def test_in_memory_a_value_without_usage_is_counted_all_the_same() -> None:
    told: list[Progress] = []
    operations = [retrieve_response("resp_chat"), delete_response("resp_chat")]
    list(run_many(operations, MemoryTransport(), 1, progress=told.append))
    assert (told[-1].done, told[-1].usage.responses) == (2, 1)


@pytest.mark.parametrize("total", [-1, 1.0, "3", True])
def test_a_total_that_makes_no_sense_is_refused_at_once(total: Any) -> None:
    with pytest.raises(ValueError, match=r"total.*0 or more"):
        run_many([succeed(1)], answering, total=total)
    with pytest.raises(ValueError, match=r"total.*0 or more"):
        run_many_async([succeed(1)], in_threads(answering), total=total)
