"""What a ledger costs an operation: `run_many` with one beside `run_many` without, in turns, by CPU time.

The operations are deletions under `retrying`, of new ids, through a plain function that answers at once: two events
each, a checkpoint before the request and the outcome, and all hashes.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pytest
from benchmarking import on_one_processor
from returns.result import Success

from puresponse import HttpRequest, HttpResponse, Ledger, Verified, delete_response, json_response, retrying, run_many

pytestmark = pytest.mark.benchmark

OPERATIONS = 5_000
ROUNDS = 8
BOUND = 60e-6
"""CPU seconds of an operation; the best of the rounds, since what else the machine does only takes."""

DELETED = json_response(
    {"id": "resp_1", "object": "response.deleted", "deleted": True}, headers=(("x-request-id", "req_1"),)
)


def answering(request: HttpRequest) -> Success[HttpResponse]:
    return Success(DELETED)


def spent(concurrency: int, ledger: Ledger | None) -> float:
    """CPU seconds of an operation."""
    ids = [f"resp_{number:032x}" for number in range(OPERATIONS)]
    pairs = ((name, retrying(delete_response(name))) for name in ids)
    gc.collect()
    began = time.process_time()
    done = sum(1 for _ in run_many(pairs, answering, concurrency, ledger=ledger))
    took = time.process_time() - began
    assert done == OPERATIONS
    return took / OPERATIONS


@pytest.mark.parametrize("concurrency", [16, 64])
def test_a_ledger_costs_little(tmp_path: Path, concurrency: int) -> None:
    without: list[float] = []
    with_one: list[float] = []
    for turn in range(ROUNDS):
        with on_one_processor():
            without.append(spent(concurrency, None))
        with on_one_processor(), Ledger(tmp_path / f"{turn}.ledger") as ledger:
            with_one.append(spent(concurrency, ledger))
            assert ledger.verify(ledger.head) == Verified(
                events=2 * OPERATIONS, head=ledger.head, covered=2 * OPERATIONS
            )
    cost = min(with_one) - min(without)
    print(
        f"{concurrency} at once: {min(without) * 1e6:.1f} us an operation without a ledger, "
        f"{min(with_one) * 1e6:.1f} us with one: it costs {cost * 1e6:.1f} us (at most {BOUND * 1e6:.0f})"
    )
    assert cost <= BOUND
