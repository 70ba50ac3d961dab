"""Branches carried out at once in an event loop.

The law is that of `workers`, of tasks: no more than `concurrency` of them carry out branches, each is begun as it is
needed, and none is left when the work is over. Who is cancelled cancels them; so does what a branch raises.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from threading import get_ident
from typing import Any

from returns.result import Result

from ..core.errors import Error
from ..core.steps import Done, Fork, Operation, Send, Wait
from .branches import Branch, Join, Ready, may_be_sent, nothing
from .clock import Clock, drawn
from .contract import AsyncTransport
from .loop_alarms import alarms_of
from .mistakes import RESULTS, awaitable_of, met, result_of


async def carry_out_async(
    operations: tuple[Operation[Any], ...], transport: AsyncTransport, clock: Clock, started: float, concurrency: int
) -> tuple[Result[Any, Error], ...]:
    """Carry out the branches of a fork, in up to `concurrency` tasks."""
    root = Join(operations, started)
    if operations:
        tasks = Tasks(transport, clock, concurrency)
        try:
            tasks.begin(root)
            await tasks.over.wait()
        finally:
            await tasks.close()
        tasks.raise_error()
    return tuple(root.results)


class Tasks:
    """The tasks that carry out branches, and what they have in common.

    `on_end` is called with each `Join` that was begun and has all its results; by default all is over then. `over` is
    set when it is, and when something has raised; `on_error` is called before.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        clock: Clock,
        concurrency: int,
        on_end: Callable[[Join], object] | None = None,
        on_error: Callable[[], object] = nothing,
    ) -> None:
        self._error: BaseException | None = None
        self.over = asyncio.Event()
        self._transport = transport
        self._clock = clock
        self._concurrency = concurrency
        self._on_end = on_end or self._end
        self._on_error = on_error
        self.alarms = alarms_of(clock, self._spawn)
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._ready = Ready()
        self._busy = 0
        self._summoned = 0
        self._is_over = False
        self._tasks = set[asyncio.Task[None]]()

    def begin(self, join: Join) -> None:
        """Let the branches be carried out."""
        self._ready.begin(join)
        self._summon()

    async def close(self) -> None:
        """Cancel all that is not over."""
        self._is_over = True
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)  # `gather` does not let the loop go round where all are done (3.12)
        self.alarms.forget(self)
        for _ in range(self._busy):  # tasks that were cancelled before they began
            self.alarms.release()

    @staticmethod
    def may_be_sent(root: Join) -> bool:
        """Whether what was asked last for a join that was begun was, or may have been, sent."""
        return root.asking > 0 or root.sent

    def raise_error(self) -> None:
        """Raise what a branch has raised, if one has."""
        if self._error is not None:
            raise self._error

    def _end(self, join: Join | None = None) -> None:
        self._is_over = True

    def _summon(self) -> None:
        """Let one more carry out branches, where there is work and room for it. It counts from now on."""
        if self._ready.count <= self._summoned or self._busy >= self._concurrency or self._is_over:
            return
        self._busy += 1
        self._summoned += 1
        self.alarms.hold()
        self._spawn(self._work())

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # of a clock that raises while it sleeps
            self._fail(error)

    async def _work(self) -> None:
        """Carry out branches until none is ready."""
        self._summoned -= 1
        try:
            while not self._is_over and (branch := self._ready.take()) is not None:
                self._summon()
                await self._carry_on(branch)
        except BaseException as error:
            self._fail(error)
        self._busy -= 1
        self.alarms.release()
        if self._is_over and not self._busy:
            self.over.set()

    async def _carry_on(self, branch: Branch) -> None:
        """Carry out a branch until it waits, forks or ends; one that ends as the last of a fork goes on with that."""
        operation, join, index = branch.operation, branch.join, branch.index
        if join.started is None:
            join.started = self._clock.monotonic()
        started = join.started
        if branch.has_waited and isinstance(operation, Wait):
            operation = operation.resume(self._clock.monotonic() - started)
        while not self._is_over:
            if isinstance(operation, Send):
                # One that is cancelled, or raises, is not answered, and asks on for who wants to know what was lost.
                root = join.top or join
                root.asking += 1
                answer = await awaitable_of("run_async", self._transport, self._transport(operation.request))
                if type(answer) not in RESULTS:
                    answer = result_of("run_async", self._transport, answer)
                root.asking -= 1
                root.sent = may_be_sent(answer)
                operation = operation.resume(answer)
            elif isinstance(operation, Wait):
                seconds = drawn(operation, self._clock)
                if seconds > 0:
                    waiting = Branch(operation, join, index, has_waited=True)
                    self.alarms.call_later(self, seconds, partial(self._ring, waiting))
                    return
                operation = operation.resume(self._clock.monotonic() - started)
            elif isinstance(operation, Fork):
                if operation.operations:
                    self._ready.open(join.within(operation, index))
                    return
                operation = operation.resume(())
            else:
                done = met(Done, "run_async", operation, self._transport)
                if not join.put(index, done.result):
                    return
                if join.parent is None or join.resume is None:
                    self._on_end(join)
                    return
                operation, join, index = join.resume(tuple(join.results)), join.parent, join.index

    def _ring(self, branch: Branch) -> None:
        """Let a branch go on that has waited: called by the alarm, in any thread."""
        if get_ident() == self._thread:
            self._wake(branch)
        else:
            self._loop.call_soon_threadsafe(self._wake, branch)

    def _wake(self, branch: Branch) -> None:
        """Let a branch go on that has waited, and end the alarm's hold."""
        self._ready.wake(branch)
        self._summon()
        self.alarms.release()

    def _fail(self, error: BaseException) -> None:
        """Give up all, for the first error: whoever waits until it is over cancels what is in flight."""
        if self._error is None and not self._is_over:
            self._error = error
        self._end()
        self.alarms.forget(self)
        self._on_error()
        self.over.set()
