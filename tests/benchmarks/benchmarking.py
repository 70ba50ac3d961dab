"""How the benchmarks compare: two ways of doing the same, in turns in one process, by CPU time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from msgspec import Struct


class Comparison(Struct, frozen=True):
    """CPU seconds of one call, by the floor and by ours, and how many times the floor ours is."""

    floor: float
    ours: float
    ratio: float

    def report(self, name: str, bound: float) -> None:
        print(
            f"{name}: floor {self.floor * 1e6:.1f} us, ours {self.ours * 1e6:.1f} us, "
            f"ratio {self.ratio:.3f} (at most {bound})"
        )


def compare(floor: Callable[[], object], ours: Callable[[], object], *, calls: int, rounds: int = 40) -> Comparison:
    """Call each `calls` times a round, in turns. The ratio is the median of the rounds' ratios: noise that outlasts a
    round meets both, and noise that does not is left out.
    """
    for _ in range(calls):
        floor()
        ours()
    floors: list[float] = []
    mine: list[float] = []
    for index in range(rounds):
        first, second = (floor, ours) if index % 2 else (ours, floor)
        times = {id(first): _cpu(first, calls), id(second): _cpu(second, calls)}
        floors.append(times[id(floor)])
        mine.append(times[id(ours)])
    return Comparison(min(floors), min(mine), median(our / their for our, their in zip(mine, floors, strict=True)))


def cpu_per_call(action: Callable[[], object], *, calls: int, rounds: int = 15) -> float:
    """The least CPU seconds that one call took, over some rounds."""
    return min(_cpu(action, calls) for _ in range(rounds))


@contextmanager
def loopback_service(folder: Path, *, certificate: Path | None = None, **bodies: bytes) -> Generator[int, None, None]:
    """Serve each of `bodies` under the path that starts with its name, from a process of its own; give the port.

    What a name ends in, if that is a number, is the status. With a certificate, and its key, it is served under TLS.
    """
    arguments: list[str] = [] if certificate is None else ["--tls", str(certificate)]
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
        arguments += [name, str(folder / name)]
    script = Path(__file__).with_name("loopback_service.py")
    with subprocess.Popen(
        [sys.executable, str(script), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


@contextmanager
def on_one_processor() -> Generator[None, None, None]:
    """Keep this process, with the threads and processes that it starts, on one processor, where the system can.

    Threads that take turns on two processors move what they work on from one to the other: what that costs is the
    machine's affair, and up to half of the time of a short operation.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(all_of_them)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


def _cpu(action: Callable[[], object], calls: int) -> float:
    started = time.process_time()
    for _ in range(calls):
        action()
    return (time.process_time() - started) / calls
