"""What is done in a fresh process: the same in many threads at once, for the first time.

Law: sixteen threads that do the same at the same moment, before anything was built, get what one gets afterwards.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

THREADS = 16
PATIENCE = 20.0


def all_at_once(action: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """What `action` gives to each of as many threads, which all begin at the same moment."""
    begin = threading.Barrier(threads)

    def take(number: int) -> Any:
        begin.wait(PATIENCE)
        return action(number)

    with often_switching(), ThreadPoolExecutor(threads) as pool:
        return list(pool.map(take, range(threads)))


@contextmanager
def often_switching() -> Generator[None, None, None]:
    """Let threads take turns a thousand times as often as they do by default."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


# --- every program ---------------------------------------------------------------------------------------------------


def program(name: str, way: str) -> list[str]:
    """What a program of the catalogue comes to in each of the threads, and then once more in one, as text."""
    return [*map(_told, _WAYS[way](name, THREADS)), *map(_told, _WAYS[way](name, 1))]


def program_in_all_ways(name: str) -> dict[str, list[str]]:
    """The same for all ways, which begin at once: each in as many threads of its own."""
    with ThreadPoolExecutor(len(_WAYS)) as pool:
        told = pool.map(program, [name] * len(_WAYS), _WAYS)
        return dict(zip(_WAYS, told, strict=True))


def _told(outcome: Any) -> str:
    """The types of what came of a program. Ids are drawn anew by each service, so values differ."""
    from puresponse.codecs.lossless.plain import is_array, is_sequence

    if is_array(outcome):
        return f"[{', '.join(map(_told, outcome))}]"
    value: Any = outcome.unwrap() if type(outcome).__name__ == "Success" else outcome.failure()
    reason = f" {value.reason}" if type(value).__name__ == "DecodeError" else ""
    inner = f" of {', '.join(type(part).__name__ for part in value)}" if is_sequence(value) else ""
    return f"{type(outcome).__name__} {type(value).__name__}{inner}{reason}"


class _Gate:
    """A service of its own, whose first exchange waits for those of all others: so that they decode together."""

    def __init__(self, together: threading.Barrier) -> None:
        from catalogue import START, service

        from puresponse.transports import VirtualClock

        self.clock = VirtualClock(now=START)
        self._service = service(self.clock)
        self._together: threading.Barrier | None = together

    def __call__(self, request: Any) -> Any:
        self._wait()
        return self._service(request)

    def open(self, request: Any) -> Any:
        self._wait()
        return self._service.open(request)

    def _wait(self) -> None:
        together, self._together = self._together, None
        if together is not None:
            together.wait(PATIENCE)


def _gates(count: int) -> list[_Gate]:
    together = threading.Barrier(count)
    return [_Gate(together) for _ in range(count)]


def _carried_out(name: str, gate: _Gate) -> Any:
    from catalogue import OPERATIONS, STREAMS

    from puresponse.transports import iterate, run

    if name in OPERATIONS:
        return run(OPERATIONS[name](), gate, clock=gate.clock)
    return [_as_result(value) for value in iterate(STREAMS[name](), gate, clock=gate.clock, results=True)]


def _as_result(value: Any) -> Any:
    from returns.result import Success

    failed = type(value).__name__ == "Failure"
    return value if failed else Success(value)


def _by_run(name: str, count: int) -> list[Any]:
    """In threads that were begun for it."""
    gates = _gates(count)
    outcomes: list[Any] = [None] * count

    def take(number: int) -> None:
        outcomes[number] = _carried_out(name, gates[number])

    threads = [threading.Thread(target=take, args=(number,)) for number in range(count)]
    with often_switching():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return outcomes


def _by_pool(name: str, count: int) -> list[Any]:
    """In a pool of one's own."""
    gates = _gates(count)
    return all_at_once(lambda number: _carried_out(name, gates[number]), count)


def _by_run_many(name: str, count: int) -> list[Any]:
    """By `run_many`, which carries out operations alone; as many at once, each with a service of its own."""
    from catalogue import OPERATIONS, STREAMS

    from puresponse.core import Operation, collect
    from puresponse.transports import run_many

    gates = _gates(count)
    make: Callable[[], Operation[Any]] = OPERATIONS[name] if name in OPERATIONS else lambda: collect(STREAMS[name]())

    def carried_out(number: int) -> Any:
        gate: Any = gates[number]
        ((_, result),) = run_many([make()], gate, 2, clock=gate.clock)
        return result

    return all_at_once(carried_out, count)


def _by_in_threads(name: str, count: int) -> list[Any]:
    """In event loops, as many, over blocking transports in threads."""
    from catalogue import OPERATIONS, STREAMS

    from puresponse.transports import in_threads, iterate_async, run_async

    gates = _gates(count)

    async def carried_out(gate: _Gate) -> Any:
        transport: Any = in_threads(gate)
        if name in OPERATIONS:
            return await run_async(OPERATIONS[name](), transport, clock=gate.clock)
        return [
            _as_result(value)
            async for value in iterate_async(STREAMS[name](), transport, clock=gate.clock, results=True)
        ]

    return all_at_once(lambda number: asyncio.run(carried_out(gates[number])), count)


_WAYS: dict[str, Callable[[str, int], list[Any]]] = {
    "run": _by_run,
    "run_many": _by_run_many,
    "thread pool": _by_pool,
    "in_threads": _by_in_threads,
}
WAYS = tuple(_WAYS)


# --- every command ---------------------------------------------------------------------------------------------------


def command(arguments: list[str]) -> list[Any]:
    """The exit code of the command line, and what it wrote to its two streams."""
    from puresponse.cli.process import run_program
    from puresponse.cli.streams import Process

    written: list[bytes] = []
    with io.TextIOWrapper(io.BytesIO()) as stdout, io.TextIOWrapper(io.BytesIO()) as stderr, often_switching():
        code = run_program(arguments, Process(stdin=None, stdout=stdout, stderr=stderr, environ={}))
        for stream in (stdout, stderr):
            stream.flush()
            stream.seek(0)
            written.append(stream.read().encode())
    return [code, *(part.decode() for part in written)]


# --- every call ------------------------------------------------------------------------------------------------------


def call(name: str) -> list[str]:
    """What a call of the embedding tests gives to each of the threads, and then once more, as text."""
    from calls import CALLS

    return [repr(told) for told in (*all_at_once(lambda _: CALLS[name]()), CALLS[name]())]


# --- what goes wrong -------------------------------------------------------------------------------------------------


def kill(name: str) -> None:
    """Die of a signal."""
    os.kill(os.getpid(), signal.Signals[name])


def fail() -> float:
    """Raise."""
    return 1 / 0


def hang() -> None:
    """Wait for ever."""
    threading.Event().wait()
