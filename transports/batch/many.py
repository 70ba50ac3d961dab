"""Many operations at once, each with its own outcome.

Law: operations are taken from the iterable only as there is room for them, so that no more than `concurrency` of them
are under way, one that waits among them; no more than `concurrency` requests are in flight, however they fork; an
outcome is yielded as soon as it is there, or in the order in which the operations were given, where that is asked for;
a `Failure` is an outcome like any other and stops nothing, unless a limit says so. Of each operation that was taken
either the outcome is yielded, or `unfinished` is told of it before the last exception goes on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from returns.result import Result

from ...codecs.on_demand import public_type
from ...core.errors import Error
from ...core.steps import Operation
from ..clock import Clock
from ..contract import AsyncTransport, Transport
from ..drivers import SYSTEM_CLOCK
from ..mistakes import check_async_transport, check_observer, check_operations
from .book import Book
from .outcomes import OnStop, Order, Outcome, Unfinished
from .progress import Progress
from .recorder import Recorder
from .wishes import Wishes

if TYPE_CHECKING:
    from ..run_events import Observer
else:
    Observer = public_type("Observer", "puresponse.transports")

K = TypeVar("K")
T = TypeVar("T")


@overload
def run_many(
    operations: Iterable[tuple[K, Operation[T]]],
    transport: Transport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[K, T]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: Recorder | None = None,
) -> Generator[tuple[K, Result[T, Error]], None, None]: ...


@overload
def run_many(
    operations: Iterable[Operation[T]],
    transport: Transport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[Operation[T], T]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: None = None,
) -> Generator[Outcome[T], None, None]: ...


def run_many(
    operations: Iterable[Any],
    transport: Transport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[Any, Any]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: Recorder | None = None,
) -> Generator[tuple[Any, Result[Any, Error]], None, None]:
    """Carry out `operations` in threads, and yield each with its result as it finishes.

    Args:
        operations: Any iterable of operations, or of (key, operation) pairs, taken lazily; it may be endless. With keys
            an outcome is the key and the result, else the very operation and its result. A key is anything.
        transport: What carries them out, from several threads at once. A pace is kept by a layer of it (`pacing`).
        concurrency: How many are carried out at once, and how many requests may be in flight altogether, those of forks
            within them included; 1 or more. With 1 they are carried out in order, in the caller's own thread.
        clock: What the waits of the operations, and the time of `progress`, are measured by.
        observe: Is called with each event of each operation, which is a run of its own: from several threads at once.
        on_stop: What becomes of the operations that have begun, where the caller stops asking (a generator that is
            closed, or that nobody holds any more) or is interrupted (`KeyboardInterrupt`): "give_up" gives up their
            exchanges and waits at once, and leaves what cannot be given up (a transport without `begin`) behind after
            half a second; "finish" carries them out to their end first, in which a second interrupt gives them up.
            With a concurrency of 1 the one that an interrupt meets is given up.
        unfinished: Is called with each operation that has begun and whose outcome was not yielded, in the order in
            which they were taken, in the caller's thread, before the exception goes on.
        progress: Is called with a `Progress` after each operation that ends, before its outcome is yielded, in the
            caller's thread.
        total: How many operations there are, 0 or more; by default `len(operations)`, where it has one.
        max_failures: After so many failures, 1 or more, no more are begun. Those that are under way are carried out
            and yielded, and then `TooManyFailures` is raised.
        stop_on: The same at the first error of which this function is true: `RunStopped` is raised. `hopeless` is true
            of errors that every other operation would meet as well, a refused key for example.
        order: "finished", or "given": in the order in which they were taken, in which up to 16 times `concurrency` are
            held, so that a slow one holds up no others until so many have finished behind it.
        ledger: Keeps a record of what becomes of each, by its key, and says which are to be carried out.

    No more operations are begun where the caller stops or is interrupted. Where something raises (the iterable, the
    transport, a function of an operation or of yours), all is given up. Raises `ValueError` for numbers and words that
    make no sense, and `TypeError` for what is no iterable of operations, a mixture of operations and pairs, and for
    what is no transport; but for what is in the iterable, before anything is sent.

    >>> from puresponse import MemoryTransport, cancel_response
    >>> pairs = ((name, cancel_response(f"resp_{name}")) for name in ("queued", "in_progress"))
    >>> {name: result.unwrap().status for name, result in run_many(pairs, MemoryTransport(), order="given")}
    {'queued': 'cancelled', 'in_progress': 'cancelled'}
    """
    wishes = Wishes(
        concurrency=concurrency,
        clock=clock,
        observe=observe,
        on_stop=on_stop,
        unfinished=unfinished,
        progress=progress,
        total=total,
        max_failures=max_failures,
        stop_on=stop_on,
        order=order,
        recorder=ledger,
    )
    _check("run_many", operations, transport, wishes)
    book = Book("run_many", operations, wishes)
    if ledger is not None:
        transport = ledger.recording(transport)
    if observe is not None:
        from ..watched_transports import watched

        transport = watched(transport)
    if concurrency == 1:
        from .by_turns import by_turns

        return by_turns(book, transport, clock)
    from .by_threads import by_threads  # loads what threads need, which the event loop does not

    return by_threads(book, transport, concurrency, clock, on_stop)


@overload
def run_many_async(
    operations: Iterable[tuple[K, Operation[T]]],
    transport: AsyncTransport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[K, T]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: Recorder | None = None,
) -> AsyncGenerator[tuple[K, Result[T, Error]], None]: ...


@overload
def run_many_async(
    operations: Iterable[Operation[T]],
    transport: AsyncTransport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[Operation[T], T]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: None = None,
) -> AsyncGenerator[Outcome[T], None]: ...


def run_many_async(
    operations: Iterable[Any],
    transport: AsyncTransport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[Any, Any]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: Recorder | None = None,
) -> AsyncGenerator[tuple[Any, Result[Any, Error]], None]:
    """Carry out `operations` as tasks of the running event loop, as `run_many` does in threads.

    A caller who stops asking (`aclose`, or cancellation) cancels the operations that have begun, or with an `on_stop`
    of "finish" lets them end, in which a second cancellation cancels them. Of a request that was cancelled nobody knows
    whether it was sent: `unfinished` is told that it may have been. `progress`, `stop_on` and `unfinished` are plain
    functions, called in the event loop. The arguments are those of `run_many`, and so is what is raised: `ValueError`,
    `TypeError`, `RunStopped` and `TooManyFailures`.

    >>> import asyncio
    >>> from puresponse import MemoryTransport, cancel_response, in_threads
    >>> async def main() -> list[str]:
    ...     operations = map(cancel_response, ["resp_queued", "resp_in_progress"])
    ...     outcomes = run_many_async(operations, in_threads(MemoryTransport()), concurrency=2)
    ...     return [result.unwrap().status async for _, result in outcomes]
    >>> asyncio.run(main())
    ['cancelled', 'cancelled']
    """
    wishes = Wishes(
        concurrency=concurrency,
        clock=clock,
        observe=observe,
        on_stop=on_stop,
        unfinished=unfinished,
        progress=progress,
        total=total,
        max_failures=max_failures,
        stop_on=stop_on,
        order=order,
        recorder=ledger,
    )
    _check("run_many_async", operations, transport, wishes)
    check_async_transport("run_many_async", transport, operations)
    book = Book("run_many_async", operations, wishes)
    if ledger is not None:
        transport = ledger.recording_async(transport)
    if observe is not None:
        from ..watched_transports import WatchedAsyncTransport

        transport = WatchedAsyncTransport(transport)
    from .by_tasks import by_tasks

    return by_tasks(book, transport, concurrency, clock, on_stop)


def _check(who: str, operations: object, transport: object, wishes: Wishes) -> None:
    invalid = wishes.invalid()
    if invalid is not None:
        raise ValueError(str(invalid))
    check_operations(who, operations, transport)
    if wishes.observe is not None:
        check_observer(who, wishes.observe)
