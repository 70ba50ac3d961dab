"""A batch by an executor: what `run_many` does in threads, in other processes and on other machines.

Law: what travels is data: operations as checkpoints, the transport as its settings, without the key. The pace is kept,
and waits are waited for, where the operations are handed out. What a lost worker held is sent again where that cannot
harm, with `after_interruption`; what may have been sent and must not be sent twice is an `Interrupted`, and final.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeVar, overload

from returns.result import Result

from ...core.arguments import invalid_argument
from ...core.errors import Error, InvalidArgument
from ...core.interchange.checkpoints import Names
from ...core.steps import Operation
from ..batch.book import Book
from ..batch.outcomes import OnStop, Order, Outcome, Unfinished
from ..batch.progress import Progress
from ..batch.wishes import Wishes
from ..clock import Clock
from ..contract import Transport
from ..drivers import SYSTEM_CLOCK
from ..layers.pacer import Pacer
from ..mistakes import check_operations
from ..network.named_key import value_called
from .crew import is_executor
from .equipped import equipment
from .executors import AnyExecutor, ExecutorMaker
from .handing_out import HandingOut, Means
from .recording import LedgerElsewhere, RecordedElsewhere

K = TypeVar("K")
T = TypeVar("T")

_MOST_THREADS = 1_000


@overload
def run_many_on(
    executor: AnyExecutor | ExecutorMaker,
    operations: Iterable[tuple[K, Operation[T]]],
    transport: Transport | str,
    concurrency: int = 16,
    *,
    chunk: int = 1,
    threads: int = 16,
    pacer: Pacer | None = None,
    names: Names | str | None = None,
    clock: Clock = SYSTEM_CLOCK,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[K, T]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: LedgerElsewhere | None = None,
) -> Generator[tuple[K, Result[T, Error]], None, None]: ...


@overload
def run_many_on(
    executor: AnyExecutor | ExecutorMaker,
    operations: Iterable[Operation[T]],
    transport: Transport | str,
    concurrency: int = 16,
    *,
    chunk: int = 1,
    threads: int = 16,
    pacer: Pacer | None = None,
    names: Names | str | None = None,
    clock: Clock = SYSTEM_CLOCK,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[Operation[T], T]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: None = None,
) -> Generator[Outcome[T], None, None]: ...


def run_many_on(
    executor: AnyExecutor | ExecutorMaker,
    operations: Iterable[Any],
    transport: Transport | str,
    concurrency: int = 16,
    *,
    chunk: int = 1,
    threads: int = 16,
    pacer: Pacer | None = None,
    names: Names | str | None = None,
    clock: Clock = SYSTEM_CLOCK,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[Any, Any]], object] | None = None,
    progress: Callable[[Progress], object] | None = None,
    total: int | None = None,
    max_failures: int | None = None,
    stop_on: Callable[[Error], object] | None = None,
    order: Order = "finished",
    ledger: LedgerElsewhere | None = None,
) -> Generator[tuple[Any, Result[Any, Error]], None, None]:
    """Carry out `operations` by the workers of an executor, and yield each with its result as it finishes.

    Args:
        executor: A `concurrent.futures` executor, a `DaskExecutor`, or anything with its `submit`; or a function that
            makes one, again where one was broken by a process that died: `partial(ProcessPoolExecutor, 8)`. What is
            made here is shut down at the end.
        operations: Any iterable of operations, or of (key, operation) pairs, as `run_many` has it. Operations travel
            as checkpoints: those that hold a function or a type that is not the library's need `names`, and an
            operation that cannot be saved ends in an `InvalidArgument` that says where in it that is.
        transport: A transport that pickles without its key, as `Urllib3Transport` does: each worker makes it once, and
            reads the key from its environment, or asks the function that a `NamedKey` names. Or the name of a function
            without arguments that makes any transport in the worker, as `package.module:function`.
        concurrency: How many operations are held at once, those that wait among them; 1 or more.
        chunk: How many operations travel together to one worker, 1 up to `concurrency`. The outcomes of a chunk are
            there together, and a worker that is lost takes all of it.
        threads: How many of a chunk a worker carries out at once, 1 to 1,000; 1 is for what keeps a processor busy.
        pacer: How fast requests are handed out, and what is learned from the answers; by default a `Pacer` without a
            rate, which heeds 429s. Give one to more than one batch, or transport, that a service counts together.
        names: Names for the types and functions of the caller's own that operations hold, as of `save_checkpoint`; or
            the name of such a mapping, as `package.module:NAMES`. They are imported in the workers.
        clock: What the waits of the operations, and the time of `progress`, are measured by.
        on_stop: What becomes of the operations that have begun, where the caller stops asking: "give_up" leaves them,
            with those that workers carry out by then; "finish" carries them out to their end first.
        unfinished: Is called with each operation that has begun and whose outcome was not yielded, as of `run_many`.
        progress: Is called with a `Progress` after each operation that ends, in the caller's thread.
        total: How many operations there are, 0 or more; by default `len(operations)`, where it has one.
        max_failures: After so many failures, 1 or more, no more are begun, and `TooManyFailures` is raised at the end.
        stop_on: The same at the first error of which this function is true: `RunStopped` is raised.
        order: "finished", or "given", as of `run_many`.
        ledger: A `Ledger`, for pairs whose keys are strings: of each it is written before it is handed out, and again
            before its outcome is yielded; what has ended there is not begun. With `ledger.to_do()` as the operations
            it goes on with what an earlier batch has left. It has the `names` itself, too.

    A program is carried on by one worker until it waits, ends, or has sent something and is about to send what must not
    be sent twice; there it is handed out anew. So of what a lost worker held, all that is safe or idempotent is sent
    again, with `after_interruption` in the answers; a request that is neither, and may have been sent, is an
    `Interrupted`, and the operation ends with it. An operation that lost three workers is not handed out any more.

    What a function of an operation raises is raised here, with the worker's traceback as a note, and a `CannotTravel`
    for a value that does not pickle; a `BrokenExecutor`, where the executor is broken and nobody makes another. Raises
    `ValueError` for numbers and names that make no sense, and `TypeError` for what is no executor, no iterable of
    operations, or no transport that travels, before anything is sent.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> from puresponse import list_input_items
    >>> with ThreadPoolExecutor(2) as threads:
    ...     pairs = [("chat", list_input_items("resp_chat"))]
    ...     for key, result in run_many_on(threads, pairs, "puresponse:MemoryTransport"):
    ...         print(key, result.map(len))
    chat <Success: 5>
    """
    wishes = Wishes(
        concurrency=concurrency,
        clock=clock,
        observe=None,
        on_stop=on_stop,
        unfinished=unfinished,
        progress=progress,
        total=total,
        max_failures=max_failures,
        stop_on=stop_on,
        order=order,
        recorder=None if ledger is None else RecordedElsewhere(ledger),
    )
    invalid = wishes.invalid() or _invalid_chunk(chunk, threads, concurrency)
    if invalid is not None:
        raise ValueError(str(invalid))
    check_operations("run_many_on", operations, print if isinstance(transport, str) else transport)
    _check_executor(executor)
    means = Means(
        executor=executor,
        equipment=equipment(transport, names),
        names=value_called(names) if isinstance(names, str) else names,
        pacer=Pacer(clock=clock) if pacer is None else pacer,
        clock=clock,
        chunk=chunk,
        threads=threads,
    )
    return HandingOut(Book("run_many_on", operations, wishes), means).outcomes(on_stop)


def _invalid_chunk(chunk: Any, threads: Any, concurrency: int) -> InvalidArgument | None:
    if type(chunk) is not int or not 1 <= chunk <= concurrency:
        return invalid_argument("chunk", chunk, f"an integer from 1 to the concurrency, {concurrency}")
    if type(threads) is not int or not 1 <= threads <= _MOST_THREADS:
        return invalid_argument("threads", threads, f"an integer from 1 to {_MOST_THREADS:,}")
    return None


def _check_executor(executor: Any) -> None:
    if type(executor).__module__.partition(".")[0] == "distributed":
        raise TypeError(
            "executor: Dask is given as `DaskExecutor(client)`, which knows what a lost worker may have sent"
        )
    if not is_executor(executor) and not callable(executor):
        raise TypeError(f"executor: it is a {type(executor).__name__}, without `submit`; give an executor or its maker")
