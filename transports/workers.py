"""Branches carried out at once in threads.

Law: no more than `concurrency` threads carry out branches, so that no more requests are in flight, forks within forks
included. A branch that waits, for a time or for its own branches, is in no thread; so nothing waits for a thread that
waits for it. Threads are begun as they are needed, and none is left when the work is over.

Where a branch raises, what has not begun is given up, and so is what is in flight; then the exception passes through. A
request that cannot be given up (its transport has no `begin`) and a clock that can only sleep are waited for no longer
than `_MOMENT`, and left behind: the threads are daemons, and end when these return.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from threading import Lock, Thread
from time import monotonic
from typing import Any

from returns.result import Result

from ..core.errors import Error
from ..core.steps import Done, Fork, Operation, Send, Wait
from .branches import Branch, Join, Ready, is_given_up, may_be_sent, nothing
from .brief_lock import BriefLock
from .clock import Clock, drawn
from .contract import AbandonableTransport, Exchange, Transport
from .mistakes import RESULTS, met, result_of
from .thread_alarms import NoAlarms, alarms_of

_MOST_ASLEEP = 1_000
"""Threads that may sleep at once by a clock that can only sleep, beside those that carry out branches."""

_MOMENT = 0.5
"""Seconds in which what was given up is expected to end."""


def carry_out(
    operations: tuple[Operation[Any], ...], transport: Transport, clock: Clock, started: float, concurrency: int
) -> tuple[Result[Any, Error], ...]:
    """Carry out the branches of a fork, in this thread and in up to `concurrency` - 1 others."""
    root = Join(operations, started)
    if operations:
        workers = Workers(transport, clock, concurrency)
        workers.carry_out(root)
    return tuple(root.results)


class Worker:
    """One of the threads that carry out branches; None is the caller's.

    `root` is that of the branch whose request it waits for, and `exchange` that request's, where it can be given up.
    """

    __slots__ = ("exchange", "is_asleep", "root", "thread")

    def __init__(self) -> None:
        self.thread: Thread | None = None
        self.exchange: Exchange[Any] | None = None
        self.root: Join | None = None
        self.is_asleep = False


class Workers:
    """The threads that carry out branches, and what they have in common.

    `on_end` is called with each `Join` that was begun and has all its results, in the thread that put the last; by
    default all is over then. `on_error` is called when something has raised.
    """

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        concurrency: int,
        on_end: Callable[[Join], object] | None = None,
        on_error: Callable[[], object] = nothing,
    ) -> None:
        self._error: BaseException | None = None
        self._transport = transport
        self._begin = transport.begin if isinstance(transport, AbandonableTransport) else None
        self._clock = clock
        self._concurrency = concurrency
        self._on_end = on_end or self._over
        self._on_error = on_error
        self.alarms = alarms_of(clock)
        self._lock = BriefLock()
        self._ready = Ready()
        self._busy = 0
        self._summoned = 0
        self._asleep = 0
        self._is_over = False
        self._is_given_up = False
        self._lost: dict[Join, bool] = {}
        self._idle: list[Lock] = []
        self._workers: list[Worker] = []

    def carry_out(self, join: Join) -> None:
        """Carry out all branches, with the caller's thread as one of the workers."""
        with self._lock:
            self._ready.begin(join)
            self._count()
            own = Worker()
            self._workers.append(own)
        try:
            self._work(own)
        except BaseException:  # an interrupt, beside what is carried out
            self.give_up()
            raise
        finally:
            self.close()
        self.raise_error()

    def begin(self, join: Join) -> None:
        """Let the branches be carried out by other threads than the caller's."""
        with self._lock:
            self._ready.begin(join)
            self._summon()

    def give_up(self) -> None:
        """Begin nothing more, and give up what is in flight."""
        with self._lock:
            self._is_given_up = True
            workers = tuple(self._workers)
        self._end()
        self.alarms.forget(self)
        for worker in workers:
            if (exchange := worker.exchange) is not None:
                exchange.give_up()

    def close(self) -> None:
        """Begin nothing more, and wait for what is in flight; for what was given up, no longer than `_MOMENT`."""
        self._end()
        ends = monotonic() + _MOMENT
        for worker in self._workers:
            if worker.thread is None:
                continue
            if not self._is_given_up:
                worker.thread.join()
            elif not worker.is_asleep:
                worker.thread.join(max(0.0, ends - monotonic()))
        self.alarms.forget(self)

    def may_be_sent(self, root: Join) -> bool:
        """Whether what was asked last for a join that was begun was, or may have been, sent."""
        if any(worker.root is root for worker in self._workers):
            return True  # it was left behind
        return self._lost.get(root, root.sent)

    def raise_error(self) -> None:
        """Raise what a branch has raised, if one has."""
        if self._error is not None:
            raise self._error

    def _end(self) -> None:
        with self._lock:
            self._is_over = True
            for gate in self._idle:
                self._count()
                gate.release()
            self._idle.clear()

    def _count(self) -> None:
        """Count one more among those that are busy."""
        self._busy += 1
        self.alarms.hold()

    def _over(self, join: Join) -> None:
        self._end()

    def _summon(self) -> None:
        """Let one more carry out branches, where there is work and room for it. It counts from now on.

        One at a time: who was summoned and takes one summons the next. Where branches are short, those who are at work
        have taken the others by then, and no thread was woken for nothing, which costs more than a short branch.
        """
        if self._summoned or not self._ready.count or self._busy >= self._concurrency or self._is_over:
            return
        if self._idle:
            gate = self._idle.pop()
            gate.release()
        else:
            worker = Worker()
            arguments = (self._work, worker, True)
            worker.thread = Thread(target=copy_context().run, args=arguments, name="puresponse", daemon=True)
            try:
                worker.thread.start()
            except RuntimeError:
                if not self._busy:
                    raise
                return  # the system has no more threads: those that there are do it all
            self._workers.append(worker)
        self._summoned += 1
        self._count()

    def _work(self, worker: Worker, is_summoned: bool = False) -> None:
        """Carry out branches until the work is over, beginning as one that is counted among the busy."""
        gate = Lock()
        gate.acquire()
        counts = True
        while True:
            with self._lock:
                self._summoned -= is_summoned
                branch = self._ready.take() if counts and not self._is_over else None
                if branch is None:
                    self._busy -= counts
                    if not self._is_over:
                        self._idle.append(gate)
                else:
                    self._summon()
                leaves = self._is_over
            if branch is not None:
                is_summoned = False
                try:
                    counts = self._carry_on(branch, worker)
                except BaseException as error:
                    self._fail(error)
                continue
            if counts:
                self.alarms.release()
            if leaves:
                return
            is_summoned = self._is_summoned(gate)
            counts = True

    def _is_summoned(self, gate: Lock) -> bool:
        """Wait to be summoned, and say so; where that is interrupted, all is over."""
        try:
            gate.acquire()
        except BaseException as error:
            with self._lock:
                if gate in self._idle:
                    self._idle.remove(gate)
                    self._count()
            self._fail(error)
        return True

    def _carry_on(self, branch: Branch, worker: Worker) -> bool:
        """Carry out a branch until it waits, forks or ends; one that ends as the last of a fork goes on with that.

        Returns whether this thread still counts among the busy.
        """
        operation, join, index = branch.operation, branch.join, branch.index
        if join.started is None:
            join.started = self._clock.monotonic()
        started = join.started
        if branch.has_waited and isinstance(operation, Wait):
            operation = operation.resume(self._clock.monotonic() - started)
        begin = self._begin
        while True:
            if isinstance(operation, Done):
                with self._lock:
                    is_last = join.put(index, operation.result)
                if not is_last:
                    return True
                if join.parent is None or join.resume is None:
                    self._on_end(join)
                    return True
                operation, join, index = join.resume(tuple(join.results)), join.parent, join.index
            elif self._is_over:
                return True
            elif isinstance(operation, Send):
                worker.root = root = join.top or join
                if begin is None:
                    answer = self._transport(operation.request)
                else:
                    worker.exchange = exchange = begin(operation.request)
                    if self._is_given_up:
                        exchange.give_up()
                    answer = exchange.result()
                if type(answer) not in RESULTS:
                    answer = result_of("run", self._transport, answer)
                worker.exchange = worker.root = None
                if self._is_given_up and is_given_up(answer):
                    with self._lock:
                        self._lost[root] = may_be_sent(answer) or self._lost.get(root, False)
                    return True
                root.sent = may_be_sent(answer)
                operation = operation.resume(answer)
            elif isinstance(operation, Wait):
                seconds = drawn(operation, self._clock)
                if seconds > 0:
                    waiting = Branch(operation, join, index, has_waited=True)
                    if not isinstance(self.alarms, NoAlarms):
                        self.alarms.call_later(self, seconds, partial(self._wake, waiting))
                        return True
                    if not self._sleep(seconds, waiting, worker):
                        return False
                operation = operation.resume(self._clock.monotonic() - started)
            else:
                fork = met(Fork, "run", operation, self._transport)
                if fork.operations:
                    with self._lock:
                        self._ready.open(join.within(fork, index))
                    return True
                operation = fork.resume(())

    def _sleep(self, seconds: float, waiting: Branch, worker: Worker) -> bool:
        """Sleep in this thread, and leave its room to others; whether there is room for it afterwards.

        Where there is none, the next that has room goes on with the branch. More than `_MOST_ASLEEP` keep theirs.
        """
        with self._lock:
            keeps = self._asleep >= _MOST_ASLEEP
            if not keeps:
                self._asleep += 1
                self._busy -= 1
                self._summon()
        is_done = False
        try:
            worker.is_asleep = True
            self._clock.sleep(seconds)
            is_done = True
        finally:
            with self._lock:
                worker.is_asleep = False
                if not keeps:
                    self._asleep -= 1
                    keeps = self._busy < self._concurrency or not is_done
                    if keeps:
                        self._busy += 1
                    else:
                        self._ready.wake(waiting)
        return keeps

    def _wake(self, branch: Branch) -> None:
        """Let a branch go on that has waited: called by the alarm, whose hold ends here."""
        with self._lock:
            self._ready.wake(branch)
            self._summon()
        self.alarms.release()

    def _fail(self, error: BaseException) -> None:
        """Give up all, for the first error."""
        with self._lock:
            if self._error is None:
                self._error = error
        self.give_up()
        self._on_error()
