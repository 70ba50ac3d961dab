"""Many operations at once, each with its own outcome.

Law: operations are taken from the iterable only as there is room for them, so that no more than `concurrency` of them
are held; an outcome is yielded as soon as it is there; a `Failure` is an outcome like any other and stops nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

from returns.result import Result

from ..core.arguments import invalid_argument
from ..core.errors import Error
from ..core.steps import Operation
from .clock import Clock
from .contract import AsyncTransport, Transport
from .drivers import SYSTEM_CLOCK, run, run_async
from .mistakes import check_async_transport, check_operations

T = TypeVar("T")

Outcome: TypeAlias = tuple[Operation[T], Result[T, Error]]
"""An operation, the very object that was given, and its result."""


def run_many(
    operations: Iterable[Operation[T]], transport: Transport, concurrency: int = 16, *, clock: Clock = SYSTEM_CLOCK
) -> Generator[Outcome[T], None, None]:
    """Carry out `operations` in threads, and yield each with its result as it finishes.

    Args:
        operations: Any iterable, taken lazily; it may be endless.
        transport: What carries them out, from several threads at once.
        concurrency: How many run at once, 1 or more. With 1 they run in order in the caller's own thread.
        clock: What the waits of the operations are measured by.

    A caller who stops asking lets the operations that have begun end, and begins no more. Raises
    `ValueError` for a concurrency that makes no sense, and `TypeError` for what is no iterable of operations and for
    what is no transport, before anything is sent.
    """
    _check_concurrency(concurrency)
    check_operations("run_many", operations, transport)
    if concurrency == 1:
        return ((operation, run(operation, transport, clock=clock)) for operation in operations)
    return _in_threads(iter(operations), transport, concurrency, clock)


def run_many_async(
    operations: Iterable[Operation[T]], transport: AsyncTransport, concurrency: int = 16, *, clock: Clock = SYSTEM_CLOCK
) -> AsyncGenerator[Outcome[T], None]:
    """Carry out `operations` as tasks of the running event loop, as `run_many` does in threads.

    A caller who stops asking (`aclose`, or cancellation) cancels the operations that have begun.
    """
    _check_concurrency(concurrency)
    check_operations("run_many_async", operations, transport)
    check_async_transport("run_many_async", transport, operations)
    return _in_tasks(iter(operations), transport, concurrency, clock)


def _in_threads(
    operations: Iterator[Operation[T]], transport: Transport, concurrency: int, clock: Clock
) -> Generator[Outcome[T], None, None]:
    running: dict[Future[Result[T, Error]], Operation[T]] = {}
    finished: SimpleQueue[Future[Result[T, Error]]] = SimpleQueue()
    with ThreadPoolExecutor(concurrency, thread_name_prefix="puresponse") as pool:
        while True:
            # One is begun for each outcome that is yielded, so that a slow caller leaves no thread idle; and no more
            # than one while an outcome is there, so that a slow iterable holds none back.
            for operation in islice(operations, concurrency - len(running)):
                future = pool.submit(run, operation, transport, clock=clock)
                running[future] = operation
                future.add_done_callback(finished.put)
                if not finished.empty():
                    break
            if not running:
                return
            future = finished.get()
            yield running.pop(future), future.result()


async def _in_tasks(
    operations: Iterator[Operation[T]], transport: AsyncTransport, concurrency: int, clock: Clock
) -> AsyncGenerator[Outcome[T], None]:
    running: dict[asyncio.Task[Result[T, Error]], Operation[T]] = {}
    finished: asyncio.Queue[asyncio.Task[Result[T, Error]]] = asyncio.Queue()
    try:
        while True:
            for operation in islice(operations, concurrency - len(running)):
                task = asyncio.create_task(run_async(operation, transport, clock=clock))
                running[task] = operation
                task.add_done_callback(finished.put_nowait)
            if not running:
                return
            task = await finished.get()
            yield running.pop(task), task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _check_concurrency(concurrency: Any) -> None:
    if type(concurrency) is not int or concurrency < 1:
        raise ValueError(str(invalid_argument("concurrency", concurrency, "an integer of 1 or more")))
