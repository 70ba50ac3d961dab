"""The executor of a batch: made anew where it broke, and its calls as parcels that return or are lost.

Law: a parcel is told of once: what it returned, or that it is lost; and whether something was sent, as far as the marks
say. An executor that was given is left open, one that was made here is shut down.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Any, Generic, TypeGuard, TypeVar
from uuid import uuid4

from msgspec import Struct

from ..layers.naps import Nap
from .executors import AnyExecutor, Executor, ExecutorMaker, HandedOut, MarkingExecutor, WorkerLost
from .marks import FileMarks, Mark, Marks
from .parcels import Back, Carried, Parcel, packed, unpacked
from .worker import carry_out

H = TypeVar("H")


class Sent(Struct, Generic[H], kw_only=True, eq=False):
    """A parcel that is under way with what it `holds`; `was_begun` is False where nothing was sent, for certain."""

    holds: tuple[H, ...]
    token: str
    executor: Executor
    marks: Marks | None
    future: HandedOut | None = None
    was_begun: bool = True


class Crew(Generic[H]):
    """Sends parcels to an executor and has what becomes of them; `nap` is ended when there is something."""

    def __init__(self, given: AnyExecutor | ExecutorMaker, nap: Nap) -> None:
        maker: Any = None if is_executor(given) else given
        self._maker = maker
        self._executor: Any = given if maker is None else maker()
        self._marks = _marks_of(self._executor)
        self._nap = nap
        self._batch = uuid4().hex
        self._numbers = count()
        self._back: deque[Sent[H]] = deque()
        self.under_way: dict[str, Sent[H]] = {}

    @property
    def is_back(self) -> bool:
        """Whether a parcel is back that was not taken."""
        return bool(self._back)

    def send(self, holds: tuple[H, ...], parcel: Callable[[Mark | None], Parcel]) -> Sent[H]:
        """Send a parcel. Raises `BrokenExecutor` where the executor is broken and cannot be made anew."""
        token = f"{self._batch}-{next(self._numbers)}"
        marks = self._marks
        data = packed("a parcel", parcel(None if marks is None else marks.mark(token)))
        try:
            future = self._executor.submit(carry_out, data)
        except BrokenExecutor:
            self._renew(self._executor)
            future = self._executor.submit(carry_out, data)
        sent = Sent(holds=holds, token=token, executor=self._executor, marks=marks, future=future)
        self.under_way[token] = sent
        future.add_done_callback(_Told(self._back, sent, self._nap))
        return sent

    def take(self) -> tuple[Sent[H], tuple[Carried, ...] | None]:
        """A parcel that is back with how far all was carried; None where it is lost.

        Raises what the executor raised for it, and `BrokenExecutor` where it is broken and cannot be made anew.
        """
        sent = self._back.popleft()
        future: Any = sent.future
        try:
            data = future.result()
        except (BrokenExecutor, CancelledError) as error:
            sent.was_begun = sent.marks is None or sent.marks.is_left(sent.token)
            if not isinstance(error, WorkerLost | CancelledError):
                self._renew(sent.executor, error)
            self._forget(sent, is_marked=sent.was_begun)
            return sent, None
        back: Back = unpacked(data)
        self._forget(sent, is_marked=back.is_marked)
        return sent, back.carried

    def close(self, *, is_over: bool) -> tuple[H, ...]:
        """Leave the executor, and cancel what has not begun; return what is certain not to be carried out."""
        never: list[H] = []
        for sent in self.under_way.values():
            if sent.future is not None and sent.future.cancel() is True:
                never += sent.holds
        if self._maker is not None:
            _shut_down(self._executor, wait=is_over)
        if self._marks is not None:
            self._marks.close()
        return tuple(never)

    def _forget(self, sent: Sent[H], *, is_marked: bool) -> None:
        del self.under_way[sent.token]
        if is_marked and sent.marks is not None:
            sent.marks.remove(sent.token)

    def _renew(self, broken: Executor, error: BrokenExecutor | None = None) -> None:
        """Make an executor in the place of one that is broken, unless that was done."""
        if broken is not self._executor:
            return
        if self._maker is None:
            reason = "the executor is broken, and nothing can be handed out by it; give a function that makes one"
            raise error or BrokenExecutor(reason)
        _shut_down(broken, wait=False)
        self._executor = self._maker()


class _Told(Generic[H]):
    """What a future calls when it is done."""

    def __init__(self, back: deque[Sent[H]], sent: Sent[H], nap: Nap) -> None:
        self._back = back
        self._sent = sent
        self._nap = nap

    def __call__(self, future: object) -> None:
        self._back.append(self._sent)
        self._nap.end()


def is_executor(given: object) -> TypeGuard[Executor]:
    """Whether it is an executor, and not what makes one."""
    return not isinstance(given, type) and isinstance(given, Executor)


def _marks_of(executor: object) -> Marks | None:
    if isinstance(executor, ProcessPoolExecutor):
        return FileMarks()
    return executor.marks() if isinstance(executor, MarkingExecutor) else None


def _shut_down(executor: object, *, wait: bool) -> None:
    shutdown: Any = getattr(executor, "shutdown", None)
    if shutdown is not None:
        with suppress(RuntimeError):
            shutdown(wait=wait)
