"""A program that is under way, as a value: where each of its branches is, and when it goes on.

Law: a tree is what is left of a program. Its leaves are steps that wait for an answer, a chunk or a time, each in so
many seconds from now; what a driver does at once (hand over values, give up a body, go on with a result) is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Failure, Result

from ....core.errors import Error, Interrupted
from ....core.http import SAFE_METHODS
from ....core.steps import Done, Fork, Operation, Send, Wait
from ....core.streams import Close, Emit, End, Open, Perform, Read, Stream
from ...ledger.resuming import after_interruption
from ..lives.passing_time import rounded

_MOST_AT_ONCE = 100_000
"""Steps that a program takes without asking for anything: after so many it is not going to."""


class Line(Struct, frozen=True):
    """A leaf: a step that is due in so many seconds; of a branch that has ended, its last."""

    step: Any
    at: float = 0.0


class Performing(Struct, frozen=True):
    """A stream that performs an operation, and goes on with `resume`."""

    operation: Tree
    resume: Callable[[Any], Any]


class Forked(Struct, frozen=True):
    """A fork whose branches are under way; it goes on with `resume` when all have ended."""

    branches: tuple[Tree, ...]
    resume: Callable[[Any], Any]


Tree: TypeAlias = Line | Performing | Forked

Branch: TypeAlias = tuple[int, ...]
"""The way to a leaf: which branch of each fork, the outermost first."""


class EndlessRow(Exception):
    """A program takes steps without end, and asks for nothing."""


class Settled(Struct, frozen=True):
    """A tree as it is when something goes on next, which is so many `seconds` from now, or when all has ended.

    `emitted` is what it emitted on the way there; `closes` is whether it gave up the body that was open.
    """

    tree: Tree
    seconds: float = 0.0
    emitted: tuple[Any, ...] = ()
    closes: bool = False


class _Settling:
    """Does what a driver does at once."""

    def __init__(self) -> None:
        self.emitted: list[Any] = []
        self.closes = False
        self._count = 0

    def reached(self, tree: Tree) -> Settled:
        """The tree when something goes on next."""
        seconds = until_next(tree)
        if seconds:
            tree = later(tree, seconds)
        return Settled(tree, seconds, tuple(self.emitted), self.closes)

    def settled(self, step: Any, at: float) -> Tree:
        """The tree of a program that goes on with this step so many seconds from now."""
        while True:
            self._count += 1
            if self._count > _MOST_AT_ONCE:
                raise EndlessRow
            if isinstance(step, Send | Wait | Read | Open | Done | End):
                return Line(step, at)
            kind: type[Any] = step.__class__
            if kind is Emit:
                self.emitted += step.values
                step = step.rest
            elif kind is Close:
                self.closes = True
                step = step.rest
            elif kind is Perform:
                operation = self.settled(step.operation, at)
                ended = ending(operation)
                if ended is None:
                    return Performing(operation, step.resume)
                step, at = step.resume(ended.step.result), ended.at
            elif kind is Fork:
                branches = tuple([self.settled(branch, at) for branch in step.operations])
                joined = self._joined(branches, step.resume, at)
                if not isinstance(joined, Line):
                    return joined
                step, at = joined.step, joined.at
            else:
                raise TypeError(f"{kind.__name__} is no step of a program")

    def _joined(self, branches: tuple[Tree, ...], resume: Callable[[Any], Any], at: float) -> Line | Forked:
        """The fork, or what it goes on with: a step that is not settled yet."""
        ended = [ending(branch) for branch in branches]
        lines = [line for line in ended if line is not None]
        if len(lines) < len(branches):
            return Forked(branches, resume)
        return Line(resume(tuple([line.step.result for line in lines])), max([line.at for line in lines], default=at))

    def resumed(self, tree: Tree, branch: Branch, value: Any, seconds: float) -> Tree:
        """The tree whose leaf of that branch was resumed with `value`, and goes on so many seconds later."""
        if isinstance(tree, Line):
            return self.settled(tree.step.resume(value), rounded(tree.at + seconds))
        if isinstance(tree, Performing):
            operation = self.resumed(tree.operation, branch, value, seconds)
            ended = ending(operation)
            if ended is None:
                return Performing(operation, tree.resume)
            return self.settled(tree.resume(ended.step.result), ended.at)
        number, *rest = branch
        branches = list(tree.branches)
        branches[number] = self.resumed(branches[number], tuple(rest), value, seconds)
        joined = self._joined(tuple(branches), tree.resume, 0.0)
        return self.settled(joined.step, joined.at) if isinstance(joined, Line) else joined

    def told(self, tree: Tree) -> Tree:
        """The tree as another process goes on with it: what each request that was in flight does is settled."""
        if isinstance(tree, Line):
            return self._told_line(tree)
        if isinstance(tree, Performing):
            operation = self.told(tree.operation)
            ended = ending(operation)
            if ended is None:
                return Performing(operation, tree.resume)
            return self.settled(tree.resume(ended.step.result), ended.at)
        branches = tuple([self.told(branch) for branch in tree.branches])
        joined = self._joined(branches, tree.resume, 0.0)
        return self.settled(joined.step, joined.at) if isinstance(joined, Line) else joined

    def _told_line(self, line: Line) -> Tree:
        step: Any = line.step
        kind: type[Any] = step.__class__
        if line.at > 0 or kind not in (Send, Open) or step.request.method in SAFE_METHODS:
            return line
        if kind is Send and step.request.idempotent:
            return Line(after_interruption(step))
        return self.settled(step.resume(_LEFT_OPEN), 0.0)


_LEFT_OPEN: Result[Any, Error] = Failure(
    Interrupted("reset", "the process that sent it ended before it had the answer")
)


def ending(tree: Tree) -> Line | None:
    """The leaf of a tree that has ended; None where it goes on."""
    return tree if isinstance(tree, Line) and isinstance(tree.step, Done | End) else None


def begun(program: Operation[Any] | Stream[Any]) -> Settled:
    """A program before its first request."""
    settling = _Settling()
    return settling.reached(settling.settled(program, 0.0))


def resumed(tree: Tree, branch: Branch, value: Any, seconds: float) -> Settled:
    """A program of which one leaf was resumed with `value`, and goes on so many seconds later."""
    settling = _Settling()
    return settling.reached(settling.resumed(tree, branch, value, seconds))


def gone_on_with(program: Operation[Any] | Stream[Any]) -> Settled:
    """A program that another process goes on with, from its checkpoint.

    A request that was in flight and only reads is sent again; so is one that is idempotent, and who asked is told that
    it may have been acted upon before. Any other is not repeated: it is an `Interrupted`.
    """
    settling = _Settling()
    return settling.reached(settling.told(settling.settled(program, 0.0)))


def leaves(tree: Tree, branch: Branch = ()) -> Iterator[tuple[Branch, Line]]:
    """The leaves that have not ended, each with the way to it."""
    if isinstance(tree, Line):
        if not isinstance(tree.step, Done | End):
            yield branch, tree
    elif isinstance(tree, Performing):
        yield from leaves(tree.operation, branch)
    else:
        for number, inner in enumerate(tree.branches):
            yield from leaves(inner, (*branch, number))


def until_next(tree: Tree) -> float:
    """How many seconds pass until anything goes on; of a tree that has ended, until it has."""
    if isinstance(tree, Line):
        return tree.at
    return min([line.at for _, line in leaves(tree)])


def later(tree: Tree, seconds: float) -> Tree:
    """The tree so many seconds later."""
    if isinstance(tree, Line):
        return Line(tree.step, max(0.0, rounded(tree.at - seconds))) if tree.at else tree
    if isinstance(tree, Performing):
        return Performing(later(tree.operation, seconds), tree.resume)
    return Forked(tuple([later(branch, seconds) for branch in tree.branches]), tree.resume)


def as_program(tree: Tree) -> Any:
    """The program that is left: what a checkpoint holds."""
    if isinstance(tree, Line):
        return tree.step
    if isinstance(tree, Performing):
        return Perform(as_program(tree.operation), tree.resume)
    return Fork(tuple([as_program(branch) for branch in tree.branches]), tree.resume)
