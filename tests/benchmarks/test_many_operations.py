"""What an operation costs in a batch, on the service in memory, with keys and progress; and that memory stays flat.

Each is built, carried out, answered, decoded and counted: a delete of a response that is not there, whose error is the
dearest of the answers to a delete. 100,000 of them here; a whole million, with its memory, is `deep`.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from figures import note_figure

from puresponse.core import delete_response
from puresponse.transports import MemoryTransport, Progress, run_many

MILLION = 1_000_000
MANY = 100_000
ROUNDS = 4
BOUND = 45.0
"""Microseconds of CPU time an operation; the best of the rounds, since what else the machine does only adds."""

GROWTH_BOUND = 4.0
"""MiB that a process may grow by from the first 50,000 operations to the last of a million."""


class Told:
    """Keeps how far the batch is, and nothing else."""

    def __init__(self) -> None:
        self.last = Progress()

    def __call__(self, progress: Progress) -> None:
        self.last = progress


def carry_out(count: int, concurrency: int, each: Callable[[int], object] | None = None) -> float:
    """Microseconds of CPU time an operation."""
    service, told = MemoryTransport(keep_requests=False), Told()
    pairs = ((number, delete_response(f"resp_{number}")) for number in range(count))
    began = time.process_time()
    for ended, _ in enumerate(run_many(pairs, service, concurrency, progress=told, total=count), 1):
        if each is not None and ended % 50_000 == 0:
            each(ended)
    cost = (time.process_time() - began) / count * 1e6
    assert (told.last.done + told.last.failed, told.last.in_flight) == (count, 0)
    return cost


@pytest.mark.benchmark
@pytest.mark.parametrize("concurrency", [1, 16, 64])
def test_an_operation_with_keys_and_progress_costs_45_microseconds_at_most(concurrency: int) -> None:
    costs: list[float] = []
    while len(costs) < ROUNDS and not (costs and min(costs) <= BOUND * 0.8):
        costs.append(carry_out(MANY, concurrency))
    print(f"{MANY} operations, {concurrency} at once: {min(costs):.1f} us of CPU each (at most {BOUND})")
    note_figure("operations", f"{concurrency} at once", min(costs))
    note_figure("operations", "bound", BOUND)
    assert min(costs) <= BOUND


def resident() -> float:
    """MiB of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


@pytest.mark.deep
@pytest.mark.unmeasured
def test_a_million_operations_take_no_more_memory_than_the_first_of_them() -> None:
    sizes: dict[int, float] = {}

    def measure(ended: int) -> None:
        sizes[ended] = resident()

    gc.collect()
    cost = carry_out(MILLION, 16, measure)
    for ended, size in sizes.items():
        note_figure("memory", "run_many", size, x=ended)
    first, last = sizes[50_000], sizes[MILLION]
    print(f"{MILLION} operations: {cost:.1f} us of CPU each, {first:.1f} MiB after 50,000, {last:.1f} MiB at the end")
    assert last - first <= GROWTH_BOUND
    assert max(sizes.values()) - first <= GROWTH_BOUND
