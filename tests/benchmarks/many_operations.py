"""Carries out so many operations on the service in memory, with keys and progress.

Run as a process of its own it prints what memory it takes as it goes, in a line of JSON, and at last what each cost: a
plugin of the tests keeps what the service answers.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from puresponse.core import delete_response
from puresponse.transports import MemoryTransport, Progress, run_many

EVERY = 50_000
"""Operations after which the memory is told."""


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
        if each is not None and ended % EVERY == 0:
            each(ended)
    cost = (time.process_time() - began) / count * 1e6
    assert (told.last.done + told.last.failed, told.last.in_flight) == (count, 0)
    return cost


def resident(ended: int) -> None:
    """Print the MiB of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    print(json.dumps({"ended": ended, "size": pages * 4096 / 2**20}), flush=True)


if __name__ == "__main__":
    print(json.dumps({"cost": carry_out(int(sys.argv[1]), int(sys.argv[2]), resident)}))
