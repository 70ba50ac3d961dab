"""The loops that carry out operations and streams, one for each way of waiting. All else is the core's.

A driver sends what a `Send` says, waits as long as a `Wait` says, carries out the operations of a `Fork`, hands over what an
`Emit` holds, and returns the result of a `Done`. It judges nothing, and raises nothing that the transport or a caller's own function does not raise.

`elapsed` is for a program that was saved and is resumed: the seconds, 0 to 1e9, that its run had lasted by then. Its
deadlines count from when it first began. What is no such number is an `InvalidArgument`, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Any, TypeVar

from returns.result import Failure, Result

from ..core.delays import check_seconds
from ..core.errors import Error
from ..core.http import HttpResponse
from ..core.many import sequentially
from ..core.results import is_failure
from ..core.steps import Fork, Operation, Send, Wait
from ..core.streams import NOT_OPEN, Close, Emit, End, Open, Perform, Read, Stream
from .bodies import open_body, open_body_async
from .clock import Clock, SystemClock
from .contract import AsyncBody, AsyncTransport, Body, Transport
from .forks import watch_forks

T = TypeVar("T")

watch_forks()

SYSTEM_CLOCK = SystemClock()

LINGER = 0.05
"""Seconds in which the end of a body may follow the last event of its stream: it is sent in a segment of its own."""

AT_FIRST = 0.0
"""Seconds. Where none are given, there is nothing to be checked: a check costs a tenth of a whole run."""


def run(
    operation: Operation[T], transport: Transport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> Result[T, Error]:
    """Carry out `operation` through `transport`, and return its result."""
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        return Failure(invalid)
    return _run(operation, transport, clock, clock.monotonic() - elapsed)


async def run_async(
    operation: Operation[T], transport: AsyncTransport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> Result[T, Error]:
    """Carry out `operation` through `transport` without blocking the event loop, and return its result."""
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        return Failure(invalid)
    return await _run_async(operation, transport, clock, clock.monotonic() - elapsed)


def iterate(
    stream: Stream[T], transport: Transport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> Generator[T | Failure[Error], None, None]:
    """Carry out `stream` through `transport`, and yield its values as they are received.

    A stream that breaks off yields its `Failure` as the last value, one that ends well yields none. Nothing is sent
    before the first value is asked for, nor after the caller stops asking; a body that is open then is closed. Where
    the stream is over, or has nothing to yield after the values that the caller stops at, closing reads on for the end
    of the body for at most `LINGER` seconds, so that its connection serves again; otherwise it is closed at once.
    """
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        yield Failure(invalid)
        return
    started = clock.monotonic() - elapsed
    body: Body | None = None
    try:
        while True:
            if isinstance(stream, Emit):
                yield from stream.values
                stream = stream.rest
            elif isinstance(stream, Read):
                stream = stream.resume(NOT_OPEN if body is None else body.read(stream.within))
            elif isinstance(stream, Perform):
                stream = stream.resume(_run(stream.operation, transport, clock, started))
            elif isinstance(stream, Open):
                if body is not None:
                    body.close()
                opened = open_body(transport, stream.request)
                body = None if is_failure(opened) else opened.unwrap()
                stream = stream.resume(opened.map(_answer))
            elif isinstance(stream, Close):
                if body is not None:
                    body.close(stream.within)
                    body = None
                stream = stream.rest
            else:
                if is_failure(stream.result):
                    yield stream.result
                return
    finally:
        if body is not None:
            body.close(LINGER if _is_over(stream) else 0.0)


async def iterate_async(
    stream: Stream[T], transport: AsyncTransport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> AsyncGenerator[T | Failure[Error], None]:
    """Carry out `stream` as `iterate` does, without blocking the event loop."""
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        yield Failure(invalid)
        return
    started = clock.monotonic() - elapsed
    body: AsyncBody | None = None
    try:
        while True:
            if isinstance(stream, Emit):
                for value in stream.values:
                    yield value
                stream = stream.rest
            elif isinstance(stream, Read):
                stream = stream.resume(NOT_OPEN if body is None else await body.read(stream.within))
            elif isinstance(stream, Perform):
                stream = stream.resume(await _run_async(stream.operation, transport, clock, started))
            elif isinstance(stream, Open):
                if body is not None:
                    await body.close()
                opened = await open_body_async(transport, stream.request)
                body = None if is_failure(opened) else opened.unwrap()
                stream = stream.resume(opened.map(_answer))
            elif isinstance(stream, Close):
                if body is not None:
                    await body.close(stream.within)
                    body = None
                stream = stream.rest
            else:
                if is_failure(stream.result):
                    yield stream.result
                return
    finally:
        if body is not None:
            await body.close(LINGER if _is_over(stream) else 0.0)


def _run(operation: Operation[T], transport: Transport, clock: Clock, started: float) -> Result[T, Error]:
    while True:
        if isinstance(operation, Send):
            operation = operation.resume(transport(operation.request))
        elif isinstance(operation, Wait):
            seconds = _drawn(operation, clock)
            if seconds > 0:
                clock.sleep(seconds)
            operation = operation.resume(clock.monotonic() - started)
        elif isinstance(operation, Fork):
            operation = sequentially(operation)
        else:
            return operation.result


async def _run_async(
    operation: Operation[T], transport: AsyncTransport, clock: Clock, started: float
) -> Result[T, Error]:
    while True:
        if isinstance(operation, Send):
            operation = operation.resume(await transport(operation.request))
        elif isinstance(operation, Wait):
            seconds = _drawn(operation, clock)
            if seconds > 0:
                await clock.sleep_async(seconds)
            operation = operation.resume(clock.monotonic() - started)
        elif isinstance(operation, Fork):
            operation = sequentially(operation)
        else:
            return operation.result


def _is_over(stream: Stream[Any]) -> bool:
    """Whether nothing is left but what was handed over."""
    return isinstance(stream, End) or (isinstance(stream, Emit) and isinstance(stream.rest, End))


def _answer(body: Body | AsyncBody) -> HttpResponse:
    return body.answer


def _drawn(wait: Wait[Any], clock: Clock) -> float:
    """Draw the length of a wait, in seconds."""
    return wait.seconds + wait.spread * clock.random() if wait.spread else wait.seconds
