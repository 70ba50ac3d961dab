"""Threads for calls that may block for long, and that hold up no exit of the interpreter.

Law: as many as `most` run at once, begun as they are needed; each is left to wait for more to do for some seconds, and
ends then, or when its executor is gone. They are daemons: what they do when the interpreter exits ends with it, where
the threads of a `ThreadPoolExecutor` are waited for. A child process, which has none of its parent's threads, begins
its own.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Condition, Thread
from typing import Any, ParamSpec, TypeVar
from weakref import finalize

P = ParamSpec("P")
T = TypeVar("T")

_IDLE = 2.0
"""Seconds that a thread waits for more to do, where nobody says otherwise."""


class DaemonThreads(Executor):
    """An executor of up to `most` threads called `name`. It needs no `shutdown`: threads that are `idle` end."""

    def __init__(self, most: int, name: str, *, idle: float = _IDLE) -> None:
        self._most = most
        self._name = name
        self._patience = idle
        self._crew = self._gather()

    def _gather(self) -> _Crew:
        crew = _Crew(self._patience)
        finalize(self, crew.end).atexit = False
        return crew

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `fn` in a thread, as soon as one is free for it."""
        crew = self._crew
        if crew.process != os.getpid():
            crew = self._crew = self._gather()
        future: Future[T] = Future()
        with crew.changed:
            crew.jobs.append((future, fn, args, kwargs))
            if crew.idle >= len(crew.jobs):
                crew.changed.notify()
            elif crew.size < self._most:
                crew.begin_thread(self._name)
        return future


class _Crew:
    """The threads of one process, and what they are to do."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.process = os.getpid()
        self.changed = Condition()
        self.jobs = deque[tuple[Future[Any], Callable[..., Any], Any, Any]]()
        self.idle = 0
        self.size = 0

    def begin_thread(self, name: str) -> None:
        """Begin one more; where the system has no more of them, those that there are do it all."""
        try:
            Thread(target=self.work, name=name, daemon=True).start()
        except RuntimeError:
            if not self.size:
                self.jobs.clear()
                raise
        else:
            self.size += 1

    def end(self) -> None:
        """Wait for nothing more: called where their executor is gone, which may be in any of them."""
        if self.process != os.getpid():
            return  # in a child, where nobody waits, and the lock may be that of a thread that is not there
        self.patience = 0.0
        with self.changed:  # a lock that a thread may take twice
            self.changed.notify_all()

    def work(self) -> None:
        """Do what is to be done, until there is nothing for a while."""
        while (job := self._next()) is not None:
            future, function, args, kwargs = job
            if future.set_running_or_notify_cancel():
                try:
                    result = function(*args, **kwargs)
                except BaseException as error:
                    future.set_exception(error)
                else:
                    future.set_result(result)
                    del result
            del job, future, function, args, kwargs  # which this thread would keep while it is idle

    def _next(self) -> tuple[Future[Any], Callable[..., Any], Any, Any] | None:
        with self.changed:
            if not self.jobs:
                self.idle += 1
                self.changed.wait(self.patience)
                self.idle -= 1
            if self.jobs:
                return self.jobs.popleft()
            self.size -= 1
            return None
