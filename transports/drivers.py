"""The loops that carry out operations, one for each way of waiting; `iteration` has those of streams.

A driver sends what a `Send` says, waits as long as a `Wait` says, carries out the operations of a `Fork`, and returns
the result of a `Done`. It judges nothing, and raises nothing that the transport or a caller's own function does not
raise. All else is the core's.

`elapsed` is for a program that was saved and is resumed: the seconds, 0 to 1e9, that its run had lasted by then. Its
deadlines count from when it first began. What is no such number is an `InvalidArgument`, and nothing is sent.
"""

from __future__ import annotations

from typing import Any, TypeVar

from returns.result import Failure, Result

from ..core.combinators.many import sequentially
from ..core.delays import check_seconds
from ..core.errors import Error
from ..core.steps import Done, Fork, Operation, Send, Wait
from .clock import Clock, SystemClock
from .contract import AsyncTransport, Transport
from .forks import watch_forks
from .mistakes import RESULTS, awaitable_of, check_async_transport, no_operation, result_of, transport_refused

T = TypeVar("T")

watch_forks()

SYSTEM_CLOCK = SystemClock()

AT_FIRST = 0.0
"""Seconds. Where none are given, there is nothing to be checked: a check costs a tenth of a whole run."""


def run(
    operation: Operation[T], transport: Transport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> Result[T, Error]:
    """Carry out `operation` through `transport`, and return its result."""
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        return Failure(invalid)
    if isinstance(transport, type) or not callable(transport):
        raise transport_refused("run", transport, operation)
    return run_from(operation, transport, clock, clock.monotonic() - elapsed)


async def run_async(
    operation: Operation[T], transport: AsyncTransport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> Result[T, Error]:
    """Carry out `operation` through `transport` without blocking the event loop, and return its result."""
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        return Failure(invalid)
    check_async_transport("run_async", transport, operation)
    return await run_async_from(operation, transport, clock, clock.monotonic() - elapsed)


def run_from(operation: Operation[T], transport: Transport, clock: Clock, started: float) -> Result[T, Error]:
    """Carry out what is a part of a run that began at `started`, by the clock."""
    while True:
        if isinstance(operation, Send):
            answer = transport(operation.request)
            if type(answer) not in RESULTS:
                answer = result_of("run", transport, answer)
            operation = operation.resume(answer)
        elif isinstance(operation, Done):
            return operation.result
        elif isinstance(operation, Wait):
            seconds = _drawn(operation, clock)
            if seconds > 0:
                clock.sleep(seconds)
            operation = operation.resume(clock.monotonic() - started)
        elif isinstance(operation, Fork):
            operation = sequentially(operation)
        else:
            raise no_operation("run", operation, transport, met=True)


async def run_async_from(
    operation: Operation[T], transport: AsyncTransport, clock: Clock, started: float
) -> Result[T, Error]:
    """Carry out what is a part of a run that began at `started`, by the clock."""
    while True:
        if isinstance(operation, Send):
            answer = await awaitable_of("run_async", transport, transport(operation.request))
            if type(answer) not in RESULTS:
                answer = result_of("run_async", transport, answer)
            operation = operation.resume(answer)
        elif isinstance(operation, Done):
            return operation.result
        elif isinstance(operation, Wait):
            seconds = _drawn(operation, clock)
            if seconds > 0:
                await clock.sleep_async(seconds)
            operation = operation.resume(clock.monotonic() - started)
        elif isinstance(operation, Fork):
            operation = sequentially(operation)
        else:
            raise no_operation("run_async", operation, transport, met=True)


def _drawn(wait: Wait[Any], clock: Clock) -> float:
    """Draw the length of a wait, in seconds."""
    return wait.seconds + wait.spread * clock.random() if wait.spread else wait.seconds
