"""Many operations at once, each with its own outcome.

Law: operations are taken from the iterable only as there is room for them, so that no more than `concurrency` of them
are held, one that waits among them; no more than `concurrency` requests are in flight, however they fork; an outcome is
yielded as soon as it is there; a `Failure` is an outcome like any other and stops nothing. Of each operation that was
taken either the outcome is yielded, or `unfinished` is told of it before the last exception goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result

from ...codecs.on_demand import public_type
from ...core.arguments import invalid_argument
from ...core.errors import Error
from ...core.http import HttpRequest
from ...core.steps import Answer, Operation
from ..branches import Join, may_be_sent
from ..clock import Alarms, Clock
from ..contract import AsyncTransport, Transport
from ..drivers import SYSTEM_CLOCK, check_concurrency, run
from ..mistakes import RESULTS, check_async_transport, check_observer, check_operations, result_of
from ..tasks import Tasks
from ..workers import Workers

if TYPE_CHECKING:
    from ..run_events import Observer
else:
    Observer = public_type("Observer", __package__)

T = TypeVar("T")

Outcome: TypeAlias = tuple[Operation[T], Result[T, Error]]
"""An operation, the very object that was given, and its result."""


OnStop: TypeAlias = Literal["give_up", "finish"]
"""What becomes of the operations that are under way when nobody asks for their outcomes any more."""


class Unfinished(Struct, Generic[T], frozen=True, kw_only=True):
    """An operation that was begun, and whose outcome was not yielded.

    - `operation`: the very object that was given.
    - `sent`: whether its last request was, or may have been, sent. False: it has sent none, or the server certainly
      has not got the last one. Of a fork within it, whether any of the requests under way was.
    - `result`: its result, where it had one that was not yielded by then; None where it was given up.
    """

    operation: Operation[T]
    sent: bool
    result: Result[T, Error] | None = None


def run_many(
    operations: Iterable[Operation[T]],
    transport: Transport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[T]], object] | None = None,
) -> Generator[Outcome[T], None, None]:
    """Carry out `operations` in threads, and yield each with its result as it finishes.

    Args:
        operations: Any iterable, taken lazily; it may be endless.
        transport: What carries them out, from several threads at once.
        concurrency: How many are carried out at once, and how many requests may be in flight altogether, those of forks
            within them included; 1 or more. With 1 they are carried out in order, in the caller's own thread.
        clock: What the waits of the operations are measured by.
        observe: Is called with each event of each operation, which is a run of its own: from several threads at once.
        on_stop: What becomes of the operations that have begun, where the caller stops asking (a generator that is
            closed, or that nobody holds any more) or is interrupted (`KeyboardInterrupt`): "give_up" gives up their
            exchanges and waits at once, and leaves what cannot be given up (a transport without `begin`) behind after
            half a second; "finish" carries them out to their end first, in which a second interrupt gives them up.
            With a concurrency of 1 the one that an interrupt meets is given up.
        unfinished: Is called with each operation that has begun and whose outcome was not yielded, in the order in
            which they were taken, in the caller's thread, before the exception goes on.

    No more operations are begun then. Where something raises (the iterable, the transport, a function of an operation),
    all is given up. Raises `ValueError` for a concurrency or an `on_stop` that makes no sense, and `TypeError` for what
    is no iterable of operations and for what is no transport, before anything is sent.
    """
    _check(concurrency, on_stop)
    check_operations("run_many", operations, transport)
    if observe is not None:
        check_observer("run_many", observe)
        from ..watched_transports import watched
        from ..watching import WatchedMany

        many = WatchedMany(operations, observe, clock)
        return many.outcomes(
            run_many(
                many.operations(),
                watched(transport),
                concurrency,
                clock=clock,
                on_stop=on_stop,
                unfinished=many.unfinished(unfinished),
            )
        )
    if concurrency == 1:
        if unfinished is None:
            return ((operation, run(operation, transport, clock=clock)) for operation in operations)
        return _one_by_one(operations, transport, clock, unfinished)
    return _in_threads(iter(operations), transport, concurrency, clock, on_stop=on_stop, unfinished=unfinished)


def run_many_async(
    operations: Iterable[Operation[T]],
    transport: AsyncTransport,
    concurrency: int = 16,
    *,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer | None = None,
    on_stop: OnStop = "give_up",
    unfinished: Callable[[Unfinished[T]], object] | None = None,
) -> AsyncGenerator[Outcome[T], None]:
    """Carry out `operations` as tasks of the running event loop, as `run_many` does in threads.

    A caller who stops asking (`aclose`, or cancellation) cancels the operations that have begun, or with an `on_stop`
    of "finish" lets them end, in which a second cancellation cancels them. Of a request that was cancelled nobody knows
    whether it was sent: `unfinished` is told that it may have been.
    """
    _check(concurrency, on_stop)
    check_operations("run_many_async", operations, transport)
    check_async_transport("run_many_async", transport, operations)
    if observe is not None:
        check_observer("run_many_async", observe)
        from ..watched_transports import WatchedAsyncTransport
        from ..watching import WatchedMany

        many = WatchedMany(operations, observe, clock)
        transport = WatchedAsyncTransport(transport)
        return many.outcomes_async(
            run_many_async(
                many.operations(),
                transport,
                concurrency,
                clock=clock,
                on_stop=on_stop,
                unfinished=many.unfinished(unfinished),
            )
        )
    return _in_tasks(iter(operations), transport, concurrency, clock, on_stop=on_stop, unfinished=unfinished)


def _one_by_one(
    operations: Iterable[Operation[T]],
    transport: Transport,
    clock: Clock,
    unfinished: Callable[[Unfinished[T]], object],
) -> Generator[Outcome[T], None, None]:
    for operation in operations:
        watched = _Watched(transport)
        try:
            result = run(operation, watched, clock=clock)
        except BaseException:
            unfinished(Unfinished(operation=operation, sent=watched.sent))
            raise
        yield operation, result


class _Watched:
    """A transport, and whether what was asked of it last was, or may have been, sent."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.sent = False

    def __call__(self, request: HttpRequest) -> Answer:
        self.sent = True
        answer = self._transport(request)
        if type(answer) not in RESULTS:
            answer = result_of("run_many", self._transport, answer)
        self.sent = may_be_sent(answer)
        return answer


class _Ends:
    """Which operations have ended, in turn, and None where something was raised; until nobody takes them any more."""

    alarms: Alarms

    def __init__(self) -> None:
        self.queue: SimpleQueue[Join | None] = SimpleQueue()
        self._is_left = False

    def tell(self, join: Join | None = None) -> None:
        """Put one more, in any thread."""
        # Whoever takes an outcome is awake until it asks for the next: it may begin more, for which the time waits.
        self.alarms.hold()
        self.queue.put(join)
        if self._is_left:  # by what was left behind, and has ended all the same
            self._forget()

    def leave(self) -> None:
        """Take no more."""
        self._is_left = True
        self._forget()

    def _forget(self) -> None:
        with suppress(Empty):
            while True:
                self.queue.get_nowait()
                self.alarms.release()


def _in_threads(
    operations: Iterator[Operation[T]],
    transport: Transport,
    concurrency: int,
    clock: Clock,
    *,
    on_stop: OnStop,
    unfinished: Callable[[Unfinished[T]], object] | None,
) -> Generator[Outcome[T], None, None]:
    ends = _Ends()
    workers = Workers(transport, clock, concurrency, ends.tell, ends.tell)
    ends.alarms = workers.alarms
    held, awake = dict[Join, None](), 1
    workers.alarms.hold()
    try:
        try:
            while True:
                # One is begun for each outcome that is yielded, so that a slow caller leaves no thread idle; and no
                # more than one while an outcome is there, so that a slow iterable holds none back.
                for operation in islice(operations, concurrency - len(held)):
                    held[join := Join((operation,), None)] = None
                    workers.begin(join)
                    if not ends.queue.empty():
                        break
                if not held:
                    break
                awake = 0
                workers.alarms.release()
                ended = ends.queue.get()
                awake = 1
                if ended is None:
                    break
                del held[ended]
                yield ended.operations[0], ended.results[0]
        except BaseException:
            left = len(held) if on_stop == "finish" else 0
            while left:
                awake -= 1
                workers.alarms.release()
                ended = ends.queue.get()
                awake += 1
                left = 0 if ended is None else left - 1
            raise
    except BaseException:
        workers.give_up()
        raise
    finally:
        workers.close()
        ends.leave()
        for _ in range(awake):
            workers.alarms.release()
        _tell_unfinished(held, unfinished, workers.may_be_sent)
    workers.raise_error()


async def _in_tasks(
    operations: Iterator[Operation[T]],
    transport: AsyncTransport,
    concurrency: int,
    clock: Clock,
    *,
    on_stop: OnStop,
    unfinished: Callable[[Unfinished[T]], object] | None,
) -> AsyncGenerator[Outcome[T], None]:
    finished: asyncio.Queue[Join | None] = asyncio.Queue()

    def tell(join: Join | None = None) -> None:
        tasks.alarms.hold()  # as in threads
        finished.put_nowait(join)

    tasks = Tasks(transport, clock, concurrency, tell, tell)
    held, awake = dict[Join, None](), 1
    tasks.alarms.hold()
    try:
        while True:
            for operation in islice(operations, concurrency - len(held)):
                held[join := Join((operation,), None)] = None
                tasks.begin(join)
            if not held:
                break
            awake = 0
            tasks.alarms.release()
            ended = await finished.get()
            awake = 1
            if ended is None:
                break
            del held[ended]
            yield ended.operations[0], ended.results[0]
    except BaseException:
        left = len(held) if on_stop == "finish" else 0
        while left:
            awake -= 1
            tasks.alarms.release()
            ended = await finished.get()
            awake += 1
            left = 0 if ended is None else left - 1
        raise
    finally:
        await tasks.close()
        for _ in range(awake + finished.qsize()):
            tasks.alarms.release()
        _tell_unfinished(held, unfinished, Tasks.may_be_sent)
    tasks.raise_error()


def _tell_unfinished(
    held: dict[Join, None],
    unfinished: Callable[[Unfinished[Any]], object] | None,
    may_be_sent: Callable[[Join], bool],
) -> None:
    if unfinished is None:
        return
    for join in held:
        result = None if join.left else join.results[0]
        unfinished(Unfinished(operation=join.operations[0], sent=may_be_sent(join), result=result))


def _check(concurrency: Any, on_stop: Any) -> None:
    invalid = check_concurrency(concurrency)
    if invalid is None and on_stop not in ("give_up", "finish"):
        invalid = invalid_argument("on_stop", on_stop, '"give_up" or "finish"')
    if invalid is not None:
        raise ValueError(str(invalid))
