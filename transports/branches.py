"""The branches of forks that are carried out at once: which are ready to go on, and where their results go.

Law: what has begun goes first. A branch that has waited goes on before another begins, and the branches of a fork
within a branch before those beside it, so that no more is held than what has begun. A branch takes no room while it
waits, or while its own branches are carried out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from returns.result import Result

from ..core.errors import Error, Interrupted, NotSent
from ..core.results import is_failure
from ..core.steps import Answer, Fork, Operation


class Join:
    """Where the results of `operations` are put, until all are there and `resume` goes on with them.

    `parent` and `index` say whose branch that is in its turn; a `parent` of None is the end, which goes on with
    nothing; `top` is that end, None of the end itself. `started` is when the run began, by the clock; None where it
    begins with the first branch.

    Of an end, `sent` says whether the last request that was answered was, or may have been, sent, and `asking` how
    many tasks wait for an answer.
    """

    __slots__ = (
        "asking",
        "index",
        "left",
        "operations",
        "parent",
        "results",
        "resume",
        "sent",
        "started",
        "taken",
        "top",
    )

    def __init__(
        self,
        operations: tuple[Operation[Any], ...],
        started: float | None,
        resume: Callable[[tuple[Result[Any, Error], ...]], Operation[Any]] | None = None,
        parent: Join | None = None,
        index: int = 0,
    ) -> None:
        self.operations = operations
        self.started = started
        self.resume = resume
        self.parent = parent
        self.index = index
        self.taken = 0
        self.left = len(operations)
        self.results: list[Any] = [None] * self.left
        self.top: Join | None = None if parent is None else parent.top or parent
        self.asking = 0
        self.sent = False

    def put(self, index: int, result: Result[Any, Error]) -> bool:
        """Put the result of one branch; whether it was the last that was missing."""
        self.results[index] = result
        self.left -= 1
        return not self.left

    def within(self, fork: Fork[Any], index: int) -> Join:
        """The same for a fork that one of its branches is at."""
        return Join(fork.operations, self.started, fork.resume, self, index)


class Branch(Struct, frozen=True):
    """A branch at its next step, and where its result goes; `has_waited` is for a `Wait` that is over."""

    operation: Operation[Any]
    join: Join
    index: int
    has_waited: bool = False


class Ready:
    """The branches that can go on at once; `count` of them."""

    def __init__(self) -> None:
        self.count = 0
        self._woken = deque[Branch]()
        self._forks = deque[Join]()

    def open(self, join: Join) -> None:
        """Add the branches of a fork that has at least one: the next ones."""
        self._forks.append(join)
        self.count += join.left

    def begin(self, join: Join) -> None:
        """Add the branches of a fork that has at least one, behind all others."""
        self._forks.appendleft(join)
        self.count += join.left

    def wake(self, branch: Branch) -> None:
        """Add a branch that has waited."""
        self._woken.append(branch)
        self.count += 1

    def take(self) -> Branch | None:
        """The next branch; None where there is none."""
        if not self.count:
            return None
        self.count -= 1
        if self._woken:
            return self._woken.popleft()
        join = self._forks[-1]
        index = join.taken
        join.taken += 1
        if join.taken == len(join.operations):
            self._forks.pop()
        return Branch(join.operations[index], join, index)


def nothing() -> None:
    """What is done where nothing is to be done."""


def is_given_up(answer: Answer) -> bool:
    """Whether this is the result of an exchange that was given up."""
    error = answer.failure() if is_failure(answer) else None
    return isinstance(error, NotSent | Interrupted) and error.kind == "given_up"


def may_be_sent(answer: Answer) -> bool:
    """Whether the request that this answers was, or may have been, sent."""
    return not is_failure(answer) or not isinstance(answer.failure(), NotSent)
