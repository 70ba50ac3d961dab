"""What carries out a batch elsewhere: an executor, as far as it is used here, and what becomes of a lost worker.

Law: nothing is asked of an executor but to call a function with bytes in some process, and to tell, once, what it
returned. So a thread pool, a process pool, Dask, MPI and Ray are all one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor as PoolExecutor
from typing import Any, Protocol, TypeAlias, runtime_checkable

from .marks import Marks


class HandedOut(Protocol):
    """What an executor returns for a call: a `concurrent.futures.Future`, as far as it is used."""

    def add_done_callback(self, function: Callable[[Any], object], /) -> object:
        """Call `function` with this, in any thread, once it is done, cancelled, or lost; at once where it is."""
        ...

    def result(self) -> Any:
        """What the call returned. Raises what it raised: a `BrokenExecutor` where its worker is lost."""
        ...

    def cancel(self) -> object:
        """Do not call, unless that has begun; True where it certainly never will."""
        ...


@runtime_checkable
class Executor(Protocol):
    """A `concurrent.futures.Executor`, as far as it is used: what calls functions in other threads or processes.

    It may be a `MarkingExecutor`, of which a worker that is lost leaves marks; a process pool of `concurrent.futures`
    need not be one. Of any other, a parcel whose worker is lost may have been sent.
    """

    def submit(self, function: Callable[[bytes], bytes], data: bytes, /) -> HandedOut:
        """Call `function(data)`, elsewhere, and return at once."""
        ...


@runtime_checkable
class MarkingExecutor(Executor, Protocol):
    """An executor whose workers can leave marks."""

    def marks(self) -> Marks:
        """Where they do, for one batch."""
        ...


AnyExecutor: TypeAlias = PoolExecutor | Executor
"""One of `concurrent.futures`, whose `submit` is more general than a type can say of the other, or any other."""

ExecutorMaker: TypeAlias = Callable[[], AnyExecutor]
"""What makes an executor: again where one was broken, as a process pool is by a process that dies."""


class WorkerLost(BrokenExecutor):
    """The worker that was to call a function is gone: killed, unreachable, or restarted; others may be there.

    The executors of `concurrent.futures` raise their own `BrokenExecutor`, and call nothing more. What raises this one
    goes on. `reason` is what the executor says of it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
