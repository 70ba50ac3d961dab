"""What a batch keeps of its operations, from when they are taken until their outcomes are yielded.

Law: of each operation that was taken either the outcome is yielded, or `unfinished` is told of it. What has ended is
recorded, counted and told of in the caller's thread, in that order, before it is yielded, and as it ends, also where
it is yielded later for the sake of order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from types import TracebackType
from typing import Any

from returns.result import Result

from ...core.errors import Error
from ...core.results import is_failure
from ...core.steps import Operation
from .limits import Limits
from .ordered import AHEAD, InOrder
from .outcomes import Unfinished
from .progress import Tally
from .taken import Taken, pairs
from .wishes import Wishes


class Book:
    """The operations of a batch: `held` are those that were taken and not yielded, and `under_way` have not ended."""

    def __init__(self, who: str, operations: Iterable[Any], wishes: Wishes) -> None:
        self._wishes = wishes
        self.held: dict[Taken, None] = {}
        self.under_way = 0
        self.ready = deque[Taken]()
        self._given: Iterator[tuple[Any, Operation[Any]]] = pairs(
            who, operations, needs_keys=wishes.recorder is not None
        )
        self._number = 0
        self._recorder = wishes.recorder
        self._in_order = InOrder() if wishes.order == "given" and wishes.concurrency > 1 else None
        self._most = wishes.concurrency * (1 if self._in_order is None else AHEAD)
        limited = wishes.max_failures is not None or wishes.stop_on is not None
        self._limits = Limits(wishes.max_failures, wishes.stop_on) if limited else None
        total = wishes.total
        if total is None and isinstance(operations, Sized):
            total = len(operations)
        counts = limited or wishes.progress is not None
        self._tally = Tally(wishes.clock.monotonic, total) if counts else None
        self.is_recorded = self._recorder is not None
        """Whether there is a recorder, who is told best of all that have ended by now together."""

    def __enter__(self) -> Book:
        if self._tally is not None:
            self._tally.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            for taken in self.held:
                if taken.run is not None:
                    taken.run.raised(error)

    def take(self) -> Taken | None:
        """The next operation, if there is room for it, and there is one."""
        if self.under_way >= self._wishes.concurrency or len(self.held) >= self._most:
            return None
        for key, given in self._given:
            taken = Taken(key, given, self._number)
            if self._recorder is not None:
                admitted = self._recorder.admit(key, given)
                if admitted is None:
                    if self._tally is not None:
                        self._tally.skipped += 1
                    continue
                taken.operations = (admitted,)
            if self._wishes.observe is not None:
                self._watch(taken, self._wishes.observe)
            self._number += 1
            self.under_way += 1
            self.held[taken] = None
            return taken
        return None

    def _watch(self, taken: Taken, observe: Any) -> None:
        from ..watching import WatchedRun

        taken.run = WatchedRun(observe, self._wishes.clock)
        taken.operations = (taken.run.operation(taken.operations[0]),)

    def ended(self, ended: Sequence[Taken]) -> None:
        """These have ended, each with its result: record and count them; `ready` are then those to be yielded."""
        self.under_way -= len(ended)
        self.record(ended)
        tally, limits = self._tally, self._limits
        in_flight = self.under_way + len(ended)
        for taken in ended:
            if tally is not None:
                in_flight -= 1
                result: Result[Any, Error] = taken.results[0]
                tally.count(result)
                if limits is not None and is_failure(result) and limits.meets(result.failure()):
                    self._given = iter(())
                if self._wishes.progress is not None:
                    self._wishes.progress(tally.progress(in_flight))
            if self._in_order is None:
                self.ready.append(taken)
            else:
                self._in_order.put(taken, self.ready)

    def has_not_ended(self) -> bool:
        """Whether anything that was taken is under way, by what is known of each."""
        return any(taken.left for taken in self.held)

    def record(self, ended: Sequence[Taken]) -> None:
        """Record the outcomes."""
        if self._recorder is None or not ended:
            return
        # Marked afterwards: what an interrupt has kept from being recorded is recorded when the batch is closed.
        self._recorder.ended([(taken.key, taken.results[0]) for taken in ended])
        for taken in ended:
            taken.is_recorded = True

    def close(self, may_be_sent: Callable[[Any], bool]) -> None:
        """Nothing more ends: record what did and was not recorded, and tell what is unfinished."""
        held = tuple(self.held)
        try:
            if self._recorder is not None:
                self.record([taken for taken in held if not taken.left and not taken.is_recorded])
                self._recorder.over()
        finally:
            if self._wishes.unfinished is not None:
                for taken in held:
                    self._wishes.unfinished(
                        Unfinished(
                            key=taken.key,
                            operation=taken.given,
                            sent=may_be_sent(taken),
                            result=None if taken.left else taken.results[0],
                        )
                    )

    def raise_limit(self) -> None:
        """Raise what the batch was ended by, if it was."""
        if self._limits is not None and self._tally is not None:
            stopped = self._limits.exception(self._tally.progress(self.under_way))
            if stopped is not None:
                raise stopped
