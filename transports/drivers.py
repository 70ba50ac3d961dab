"""The loops that carry out operations, one for each way of waiting; `iteration` has those of streams.

A driver sends what a `Send` says, waits as long as a `Wait` says, carries out the operations of a `Fork`, and returns
the result of a `Done`. It judges nothing, and raises nothing that the transport or a caller's own function does not
raise. All else is the core's.

`concurrency`, 1 or more, is how many requests of a run may be in flight at once, those of forks within forks included.
With 1 the operations of a fork are carried out one after another, in the caller's own thread or task. With more, they
are carried out at once (`workers`, `tasks`): the transport and the program's functions are then called in several
threads, or tasks. A branch that waits, for a time or for branches of its own, takes no room, so that none waits for
room that waits for it. Where one raises, what has not begun is given up, and so is what is in flight; then the
exception that was raised first passes through. `Wait`s in branches are told the seconds since the whole run began.

`elapsed` is for a program that was saved and is resumed: the seconds, 0 to 1e9, that its run had lasted by then. Its
deadlines count from when it first began. What is no such number, or no such concurrency, is an `InvalidArgument`, and
nothing is sent.

`observe` is a function that is given the events of a run as they happen (`run_events`). These loops know nothing of
it: they carry out a program, through a transport, that report by themselves (`watching`). What it raises passes
through, as what a transport raises does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from returns.result import Failure, Result

from ..codecs.on_demand import public_type
from ..core.arguments import invalid_argument
from ..core.combinators.many import sequentially
from ..core.delays import check_seconds
from ..core.errors import Error, InvalidArgument
from ..core.steps import OPERATION_STEPS, Done, Fork, Operation, Send, Wait
from .clock import Clock, SystemClock, drawn
from .contract import AsyncTransport, Transport
from .forks import watch_forks
from .mistakes import (
    RESULTS,
    awaitable_of,
    check_async_transport,
    check_observer,
    met,
    result_of,
    transport_refused,
)

if TYPE_CHECKING:
    from .run_events import Observer
else:
    Observer = public_type("Observer", __package__)

T = TypeVar("T")

watch_forks()

SYSTEM_CLOCK = SystemClock()

AT_FIRST = 0.0
"""Seconds. Where none are given, there is nothing to be checked: a check costs a tenth of a whole run."""

IN_ORDER = 1
"""The concurrency of those who ask for none: no thread is made unless a caller wants it."""

AT_ONCE = 16
"""The concurrency in an event loop, where it costs no thread; as many as `run_many` has."""


def run(
    operation: Operation[T],
    transport: Transport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = IN_ORDER,
    observe: Observer | None = None,
    on_cancel: Operation[Any] | None = None,
) -> Result[T, Error]:
    """Carry out `operation` through `transport`, and return its result.

    Args:
        operation: What is to be done.
        transport: What performs the exchanges; from several threads at once, where `concurrency` is more than 1.
        clock: What the waits are measured by.
        elapsed: Seconds that the run had lasted before, 0 to 1e9.
        concurrency: How many requests of a `gather` may be in flight at once, 1 or more. With 1 its operations are
            carried out one after another in the caller's thread; with more, in up to so many threads, the caller's
            among them, and none is left afterwards.
        observe: Is called with each event of the run; from several threads, where `concurrency` is more than 1.
        on_cancel: What is carried out where the run ends without a result, since it is interrupted
            (`KeyboardInterrupt`) or something raises, before that exception goes on: `cancel_response(…)` of what is
            waited for, for example. It may take 5 seconds; what it fails with is a note of the exception.

    Errors: those of the operation; `InvalidArgument`. Raises `TypeError`, which says so, for what is no operation, no
    transport, or no `Result` of one.

    >>> from puresponse import MemoryTransport, cancel_response
    >>> run(cancel_response("resp_in_progress"), MemoryTransport()).map(lambda response: response.status)
    <Success: cancelled>
    """
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        return Failure(invalid)
    if concurrency is not IN_ORDER and (invalid := check_concurrency(concurrency)) is not None:
        return Failure(invalid)
    if isinstance(transport, type) or not callable(transport):
        raise transport_refused("run", transport, operation)
    if on_cancel is not None:
        from . import on_cancel as last

        last.check_on_cancel("run", on_cancel)
        try:
            return run(operation, transport, clock=clock, elapsed=elapsed, concurrency=concurrency, observe=observe)
        except BaseException as error:
            last.carry_out_last(on_cancel, transport, clock, error)
            raise
    if observe is not None and type(operation) in OPERATION_STEPS:
        check_observer("run", observe)
        from .watched_transports import watched  # loads what only those need who observe
        from .watching import WatchedRun

        with WatchedRun(observe, clock, elapsed) as observed:
            operation, transport = observed.operation(operation), watched(transport)
            return run_from(operation, transport, clock, clock.monotonic() - elapsed, concurrency)
    return run_from(operation, transport, clock, clock.monotonic() - elapsed, concurrency)


async def run_async(
    operation: Operation[T],
    transport: AsyncTransport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = AT_ONCE,
    observe: Observer | None = None,
    on_cancel: Operation[Any] | None = None,
) -> Result[T, Error]:
    """Carry out `operation` through `transport` without blocking the event loop, and return its result.

    Args:
        operation: What is to be done.
        transport: What performs the exchanges.
        clock: What the waits are measured by.
        elapsed: Seconds that the run had lasted before, 0 to 1e9.
        concurrency: How many requests of a `gather` may be in flight at once, 1 or more. With 1 its operations are
            carried out one after another; with more, in up to so many tasks of asyncio, which are cancelled with the
            caller's.
        observe: Is called with each event of the run: a plain function, not a coroutine's.
        on_cancel: What is carried out where the run ends without a result, since its task is cancelled or something
            raises, before that exception goes on: `cancel_response(…)` of what is waited for, for example. It may take
            5 seconds, and a second cancellation neither ends it nor waits for it; what it fails with is a note of the
            exception.

    Errors: those of the operation; `InvalidArgument`. Raises `TypeError`, which says so, for what is no operation, no
    asynchronous transport, or no `Result` of one.

    >>> import asyncio
    >>> from puresponse import MemoryTransport, cancel_response, in_threads
    >>> operation = cancel_response("resp_in_progress").map(lambda response: response.status)
    >>> asyncio.run(run_async(operation, in_threads(MemoryTransport())))
    <Success: cancelled>
    """
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        return Failure(invalid)
    if concurrency is not AT_ONCE and (invalid := check_concurrency(concurrency)) is not None:
        return Failure(invalid)
    check_async_transport("run_async", transport, operation)
    if on_cancel is not None:
        from . import on_cancel as last

        last.check_on_cancel("run_async", on_cancel)
        try:
            return await run_async(
                operation, transport, clock=clock, elapsed=elapsed, concurrency=concurrency, observe=observe
            )
        except BaseException as error:
            await last.carry_out_last_async(on_cancel, transport, clock, error)
            raise
    if observe is not None and type(operation) in OPERATION_STEPS:
        check_observer("run_async", observe)
        from .watched_transports import WatchedAsyncTransport
        from .watching import WatchedRun

        with WatchedRun(observe, clock, elapsed) as observed:
            operation, transport = observed.operation(operation), WatchedAsyncTransport(transport)
            return await run_async_from(operation, transport, clock, clock.monotonic() - elapsed, concurrency)
    return await run_async_from(operation, transport, clock, clock.monotonic() - elapsed, concurrency)


def run_from(
    operation: Operation[T], transport: Transport, clock: Clock, started: float, concurrency: int = IN_ORDER
) -> Result[T, Error]:
    """Carry out what is a part of a run that began at `started`, by the clock."""
    while True:
        if isinstance(operation, Send):
            answer = transport(operation.request)
            operation = operation.resume(answer if type(answer) in RESULTS else result_of("run", transport, answer))
        elif isinstance(operation, Done):
            return operation.result
        elif isinstance(operation, Wait):
            seconds = drawn(operation, clock)
            if seconds > 0:
                clock.sleep(seconds)
            operation = operation.resume(clock.monotonic() - started)
        else:
            fork = met(Fork, "run", operation, transport)
            if concurrency == 1:
                operation = sequentially(fork)
            else:
                from .workers import carry_out  # loads what threads need, which most programs do not

                results = carry_out(fork.operations, transport, clock, started, concurrency)
                operation = fork.resume(results)


async def run_async_from(
    operation: Operation[T], transport: AsyncTransport, clock: Clock, started: float, concurrency: int = AT_ONCE
) -> Result[T, Error]:
    """Carry out what is a part of a run that began at `started`, by the clock."""
    while True:
        if isinstance(operation, Send):
            answer = await awaitable_of("run_async", transport, transport(operation.request))
            operation = operation.resume(
                answer if type(answer) in RESULTS else result_of("run_async", transport, answer)
            )
        elif isinstance(operation, Done):
            return operation.result
        elif isinstance(operation, Wait):
            seconds = drawn(operation, clock)
            if seconds > 0:
                await clock.sleep_async(seconds)
            operation = operation.resume(clock.monotonic() - started)
        else:
            fork = met(Fork, "run_async", operation, transport)
            if concurrency == 1:
                operation = sequentially(fork)
            else:
                from .tasks import carry_out_async

                results = await carry_out_async(fork.operations, transport, clock, started, concurrency)
                operation = fork.resume(results)


def check_concurrency(concurrency: Any) -> InvalidArgument | None:
    """A concurrency is an integer of 1 or more."""
    if type(concurrency) is int and concurrency >= 1:
        return None
    return invalid_argument("concurrency", concurrency, "an integer of 1 or more")
