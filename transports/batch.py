"""Many operations at once, each with its own outcome.

Law: operations are taken from the iterable only as there is room for them, so that no more than `concurrency` of them
are held, one that waits among them; no more than `concurrency` requests are in flight, however they fork; an outcome is
yielded as soon as it is there; a `Failure` is an outcome like any other and stops nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from returns.result import Result

from ..codecs.on_demand import public_type
from ..core.errors import Error
from ..core.steps import Operation
from .branches import Join
from .clock import Clock
from .contract import AsyncTransport, Transport
from .drivers import SYSTEM_CLOCK, check_concurrency, run
from .mistakes import check_async_transport, check_observer, check_operations
from .tasks import Tasks
from .workers import Workers

if TYPE_CHECKING:
    from .run_events import Observer
else:
    Observer = public_type("Observer", __package__)

T = TypeVar("T")

Outcome: TypeAlias = tuple[Operation[T], Result[T, Error]]
"""An operation, the very object that was given, and its result."""


def run_many(
    operations: Iterable[Operation[T]],
    transport: Transport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
) -> Generator[Outcome[T], None, None]:
    """Carry out `operations` in threads, and yield each with its result as it finishes.

    Args:
        operations: Any iterable, taken lazily; it may be endless.
        transport: What carries them out, from several threads at once.
        concurrency: How many are carried out at once, and how many requests may be in flight altogether, those of forks
            within them included; 1 or more. With 1 they are carried out in order, in the caller's own thread.
        clock: What the waits of the operations are measured by.
        observe: Is called with each event of each operation, which is a run of its own: from several threads at once.

    A caller who stops asking lets the operations that have begun end, and begins no more. Raises
    `ValueError` for a concurrency that makes no sense, and `TypeError` for what is no iterable of operations and for
    what is no transport, before anything is sent.
    """
    _check_concurrency(concurrency)
    check_operations("run_many", operations, transport)
    if observe is not None:
        check_observer("run_many", observe)
        from .watched_transports import watched
        from .watching import WatchedMany

        many = WatchedMany(operations, observe, clock)
        return many.outcomes(run_many(many.operations(), watched(transport), concurrency, clock=clock))
    if concurrency == 1:
        return ((operation, run(operation, transport, clock=clock)) for operation in operations)
    return _in_threads(iter(operations), transport, concurrency, clock)


def run_many_async(
    operations: Iterable[Operation[T]],
    transport: AsyncTransport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
) -> AsyncGenerator[Outcome[T], None]:
    """Carry out `operations` as tasks of the running event loop, as `run_many` does in threads.

    A caller who stops asking (`aclose`, or cancellation) cancels the operations that have begun.
    """
    _check_concurrency(concurrency)
    check_operations("run_many_async", operations, transport)
    check_async_transport("run_many_async", transport, operations)
    if observe is not None:
        check_observer("run_many_async", observe)
        from .watched_transports import WatchedAsyncTransport
        from .watching import WatchedMany

        many = WatchedMany(operations, observe, clock)
        transport = WatchedAsyncTransport(transport)
        return many.outcomes_async(run_many_async(many.operations(), transport, concurrency, clock=clock))
    return _in_tasks(iter(operations), transport, concurrency, clock)


def _in_threads(
    operations: Iterator[Operation[T]], transport: Transport, concurrency: int, clock: Clock
) -> Generator[Outcome[T], None, None]:
    finished: SimpleQueue[Join | None] = SimpleQueue()

    def tell(join: Join | None = None) -> None:
        # Whoever takes an outcome is awake until it asks for the next: it may begin more, for which the time waits.
        workers.alarms.hold()
        finished.put(join)

    workers = Workers(transport, clock, concurrency, tell, tell)
    running, awake = 0, 1
    workers.alarms.hold()
    try:
        while True:
            # One is begun for each outcome that is yielded, so that a slow caller leaves no thread idle; and no more
            # than one while an outcome is there, so that a slow iterable holds none back.
            for operation in islice(operations, concurrency - running):
                workers.begin(Join((operation,), None))
                running += 1
                if not finished.empty():
                    break
            if not running:
                break
            awake = 0
            workers.alarms.release()
            join = finished.get()
            awake = 1
            if join is None:
                break
            running -= 1
            yield join.operations[0], join.results[0]
    except BaseException:
        while running:
            awake -= 1
            workers.alarms.release()
            join = finished.get()
            awake += 1
            running = 0 if join is None else running - 1
        raise
    finally:
        workers.close()
        for _ in range(awake + finished.qsize()):
            workers.alarms.release()
    workers.raise_error()


async def _in_tasks(
    operations: Iterator[Operation[T]], transport: AsyncTransport, concurrency: int, clock: Clock
) -> AsyncGenerator[Outcome[T], None]:
    finished: asyncio.Queue[Join | None] = asyncio.Queue()

    def tell(join: Join | None = None) -> None:
        tasks.alarms.hold()  # as in threads
        finished.put_nowait(join)

    tasks = Tasks(transport, clock, concurrency, tell, tell)
    running, awake = 0, 1
    tasks.alarms.hold()
    try:
        while True:
            for operation in islice(operations, concurrency - running):
                tasks.begin(Join((operation,), None))
                running += 1
            if not running:
                break
            awake = 0
            tasks.alarms.release()
            join = await finished.get()
            awake = 1
            if join is None:
                break
            running -= 1
            yield join.operations[0], join.results[0]
    finally:
        await tasks.close()
        for _ in range(awake + finished.qsize()):
            tasks.alarms.release()
    tasks.raise_error()


def _check_concurrency(concurrency: Any) -> None:
    if (invalid := check_concurrency(concurrency)) is not None:
        raise ValueError(str(invalid))
