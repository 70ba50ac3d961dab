"""Threads for calls that may block for long, and that hold up no exit of the interpreter.

Law: as many as `most` run at once, begun as they are needed; each is left to wait for more to do for some seconds, and
ends then, or when its executor is gone. They are daemons: what they do when the interpreter exits ends with it, where
the threads of a `ThreadPoolExecutor` are waited for. A child process, which has none of its parent's threads, begins
its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from threading import RLock, Thread
from typing import Any, ParamSpec, TypeAlias, TypeVar
from weakref import finalize

P = ParamSpec("P")
T = TypeVar("T")

_IDLE = 2.0
"""Seconds that a thread waits for more to do, where nobody says otherwise."""

_Job: TypeAlias = tuple[Future[Any], Callable[..., Any], Any, Any]


class DaemonThreads(Executor):
    """An executor of up to `most` threads called `name`. It needs no `shutdown`: threads that are `idle` end."""

    def __init__(self, most: int, name: str, *, idle: float = _IDLE) -> None:
        self._most = most
        self._name = name
        self._patience = idle
        self._crew = self._gather()

    def _gather(self) -> _Crew:
        crew = _Crew(self._most, self._name, self._patience)
        finalize(self, crew.end).atexit = False
        return crew

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `fn` in a thread, as soon as one is free for it."""
        crew = self._crew
        if crew.process != os.getpid():
            crew = self._crew = self._gather()
        future: Future[T] = Future()
        crew.give((future, fn, args, kwargs))
        return future


class _Crew:
    """The threads of one process, and what they are to do.

    Each job is counted on when it is put into the queue: for one of those that are `idle`, for a new thread, or for one
    that is busy (`waiting`). A thread takes a job only where one is counted on for it, so that none is left over.
    """

    def __init__(self, most: int, name: str, patience: float) -> None:
        self.process = os.getpid()
        self._most = most
        self._name = name
        self._patience = patience
        self._lock = RLock()  # what ends them is called in any thread, perhaps in the midst of this
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._idle = 0
        self._size = 0
        self._waiting = 0
        self._is_over = False

    def give(self, job: _Job) -> None:
        """Have something done."""
        with self._lock:
            if self._idle:
                self._idle -= 1
            elif self._size >= self._most or not self._begins():
                self._waiting += 1
            self._jobs.put(job)

    def end(self) -> None:
        """Wait for nothing more: called where their executor is gone."""
        if self.process != os.getpid():
            return  # in a child, where nobody waits, and the lock may be that of a thread that is not there
        with self._lock:
            self._is_over = True
            for _ in range(self._idle):
                self._jobs.put(None)
            self._idle = 0

    def _begins(self) -> bool:
        """Begin one more thread; where the system has no more of them, those that there are do it all."""
        try:
            Thread(target=self._work, name=self._name, daemon=True).start()
        except RuntimeError:
            if not self._size:
                raise
            return False
        self._size += 1
        return True

    def _work(self) -> None:
        job = self._jobs.get()
        while job is not None:
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
            job = self._next()

    def _next(self) -> _Job | None:
        """What to do next; None where there was nothing for a while, or never will be."""
        with self._lock:
            if self._waiting:
                self._waiting -= 1
                return self._jobs.get()
            if self._is_over:
                return None
            self._idle += 1
        try:
            return self._jobs.get(timeout=self._patience)
        except Empty:
            with self._lock:
                if self._idle:
                    self._idle -= 1
                    self._size -= 1
                    return None
            return self._jobs.get()
