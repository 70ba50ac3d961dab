"""Dask as an executor: needs the extra `dask` (`dask.distributed`).

Law: a request that must not be sent twice is sent once, whatever Dask carries out anew by itself: the tasks of a worker
that died, and those whose results died with it. Each task leaves a mark at the scheduler before it first sends what
does more than read; one that finds the mark there was carried out before. A mark is removed when the scheduler is known
to have forgotten its task, and not when that is back: until then the task may be carried out anew.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

from msgspec import Struct

from .executors import HandedOut, WorkerLost

NEEDED = "distributed"
"""The package of the extra."""

_PATIENCE = 5.0
"""Seconds in which a cluster answers at the end of a batch, so that marks are removed; else they are left."""


class DaskClient(Protocol):
    """A `distributed.Client`, as far as it is used."""

    @property
    def loop(self) -> Any:
        """The event loop of its connections."""
        ...

    def submit(self, function: Callable[..., Any], /, *arguments: Any, pure: bool, retries: int) -> Any:
        """A future of a call in a worker."""
        ...

    def gather(self, futures: Any, /, *, asynchronous: bool) -> Any:
        """What a future returned, to be awaited in its loop."""
        ...


class DaskExecutor:
    """An executor that hands out to the workers of a Dask cluster, for `run_many_on`; the `client` is left open.

    Workers need puresponse, of the same version, and whatever the operations name. They may die and be restarted:
    what they held is handed out again, by Dask or by `run_many_on`, but for what may have been sent and must not be
    sent twice; no setting of the cluster is needed for that. It costs two questions to the scheduler for each task that
    does more than read, and a third when it is back.

    Raises `ImportError` without the extra `dask`.
    """

    def __init__(self, client: DaskClient) -> None:
        self._distributed = _distributed()
        self._client = client
        self._submitted = 0
        self._returned = 0

    def submit(self, function: Callable[[bytes], bytes], data: bytes, /) -> HandedOut:
        """Call `function(data)` in a worker."""
        self._submitted += 1
        task = _Task(self._client, function, data, self._distributed.KilledWorker)
        number = self._submitted
        task.add_done_callback(lambda _: self._note(number))
        return task

    def marks(self) -> EventMarks:
        """Marks for one batch."""
        return EventMarks(self, self._client)

    @property
    def submitted(self) -> int:
        """How many tasks were submitted."""
        return self._submitted

    @property
    def returned(self) -> int:
        """The latest task that is back, by its number: what was released before it was submitted is forgotten."""
        return self._returned

    def _note(self, number: int) -> None:
        self._returned = max(self._returned, number)


class _Task:
    """A task of Dask, which is released as soon as it is back."""

    def __init__(self, client: DaskClient, function: Callable[..., Any], data: bytes, killed: Any) -> None:
        self._killed: type[BaseException] = killed
        self._back: Future[Any] = Future()
        self._future: Any = client.submit(function, data, pure=False, retries=0)
        client.loop.add_callback(self._bring, client)

    def add_done_callback(self, function: Callable[[Any], object], /) -> None:
        self._back.add_done_callback(function)

    def result(self) -> Any:
        return self._back.result()

    def cancel(self) -> None:
        with suppress(Exception):  # of a client that is closed, or has lost the scheduler
            self._future.cancel()

    async def _bring(self, client: DaskClient) -> None:
        """Wait for the task in the client's loop, and release it: its workers need not keep what it returned."""
        result: Any = None
        error: BaseException | None = None
        try:
            result = await client.gather(self._future, asynchronous=True)
        except (self._killed, asyncio.CancelledError) as lost:
            error = WorkerLost(f"{type(lost).__name__}: {lost}")
        except Exception as raised:
            error = raised
        self._future.release()
        for _ in range(3):  # turns of the loop, until the scheduler is told: before any task that is submitted next
            await asyncio.sleep(0)
        if error is None:
            self._back.set_result(result)
        else:
            self._back.set_exception(error)


class EventMark(Struct, frozen=True):
    """A mark that is an event of the scheduler."""

    name: str

    def __call__(self) -> bool:
        """Set the event; whether it was set before."""
        event = _distributed().Event(self.name)
        if event.is_set():
            return True
        event.set()
        return False


class EventMarks:
    """Marks that are events of the scheduler."""

    def __init__(self, executor: DaskExecutor, client: DaskClient) -> None:
        self._executor = executor
        self._client = client
        self._over = deque[tuple[int, str]]()

    def mark(self, token: str) -> EventMark:
        """The mark of a parcel."""
        return EventMark(f"puresponse-{token}")

    def is_left(self, token: str) -> bool:
        """Whether the mark was left; True where the scheduler does not say."""
        try:
            return bool(self._event(token).is_set())
        except Exception:  # whatever becomes of its connections
            return True

    def remove(self, token: str) -> None:
        """Remove the mark, once its task is forgotten: one that was submitted from now on is back then."""
        self._over.append((self._executor.submitted, token))
        self._remove_forgotten()

    def close(self) -> None:
        """Remove what is left, if the cluster answers."""
        if not self._over:
            return
        with suppress(Exception):  # whatever becomes of its connections: marks that are left harm nobody
            self._client.submit(_nothing, pure=False, retries=0).result(timeout=_PATIENCE)
            while self._over:
                self._event(self._over.popleft()[1]).clear()

    def _remove_forgotten(self) -> None:
        while self._over and self._over[0][0] < self._executor.returned:
            self._event(self._over.popleft()[1]).clear()

    def _event(self, token: str) -> Any:
        return _distributed().Event(self.mark(token).name, client=self._client)


def _nothing() -> None:
    """What a task does that is only to be back."""


def _distributed() -> Any:
    """The package, of which nothing is loaded before a client is given."""
    try:
        return import_module(NEEDED)
    except ImportError:
        raise ImportError(f"DaskExecutor needs {NEEDED}: pip install 'puresponse[dask]'", name=NEEDED) from None
