"""What a request costs that is one of many: in a fork one after another, in threads, in tasks, and by `run_many`."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

import pytest
from benchmarking import cpu_per_call
from bodies import DELETED_BODY
from returns.result import Success

from puresponse.core import Answer, HttpRequest, HttpResponse, delay, delete_response, gather, sequence
from puresponse.transports import VirtualClock, run, run_async, run_many, run_many_async

pytestmark = pytest.mark.benchmark

COUNT = 1_000
DELETIONS = [delete_response(f"resp_{number}") for number in range(COUNT)]
GATHERED = gather(*DELETIONS)
WAITS = gather(*[delay(1.0 + number % 7) for number in range(COUNT)])
ANSWER: Answer = Success(HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=DELETED_BODY))


def transport(request: HttpRequest) -> Answer:
    return ANSWER


async def later(request: HttpRequest) -> Answer:
    await asyncio.sleep(0)
    return ANSWER


def one_by_one() -> object:
    return [run(operation, transport) for operation in DELETIONS]


async def gathered_later() -> None:
    await run_async(GATHERED, later)


async def many_later() -> None:
    assert len([outcome async for outcome in run_many_async(DELETIONS, later, 16)]) == COUNT


def waiting() -> None:
    run(WAITS, transport, clock=VirtualClock(), concurrency=16)


WAYS: dict[str, Callable[[], object]] = {
    "one by one": one_by_one,
    "sequence": lambda: run(sequence(DELETIONS), transport),
    "gather, one at a time": lambda: run(GATHERED, transport),
    "gather, in 16 threads": lambda: run(GATHERED, transport, concurrency=16),
    "run_many, in 16 threads": lambda: list(run_many(DELETIONS, transport, 16)),
    "gather, in 16 tasks": lambda: asyncio.run(gathered_later()),
    "run_many_async, in 16 tasks": lambda: asyncio.run(many_later()),
    "virtual waits, in 16 threads": waiting,
}

BOUNDS = (
    ("sequence", "one by one", 2.5),
    ("gather, one at a time", "one by one", 2.5),
    ("gather, in 16 threads", "run_many, in 16 threads", 2.0),  # 0.5 to 1.4: how threads take turns is chance
    ("gather, in 16 tasks", "run_many_async, in 16 tasks", 1.0),
)
"""How many times the CPU time of what it is beside each may take."""


def test_a_request_of_many_costs_little_more_than_one_alone_and_less_than_by_run_many() -> None:
    gc.disable()  # who looks through what the other tests have left, and when, would be most of the cost
    try:
        costs = {name: cpu_per_call(way, calls=1, rounds=7) / COUNT for name, way in WAYS.items()}
    finally:
        gc.enable()
    for name, cost in costs.items():
        print(f"{name}: {cost * 1e6:.1f} us for each")
    ratios = {(ours, theirs, bound): costs[ours] / costs[theirs] for ours, theirs, bound in BOUNDS}
    assert {row: ratio for row, ratio in ratios.items() if ratio > row[2]} == {}
