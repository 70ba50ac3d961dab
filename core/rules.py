"""Rules: what is done at each step of a program, written once.

Law: a rule is a function from program to program. It says what becomes of each kind of step, and holds for all that
follows it; what it says nothing of stays as it is, in the same order, with the same result. Rules over rules cost no
stack (`frame_trees`), and are data as all frames are: a program under a rule compares, pickles, prints and is saved.

`retrying`, `configured`, `within`, `with_response` and the combinators of streams are rules: each is a frozen struct
that says what it does differently, and is applied by calling it. The public functions apply them; `Rule` itself is the
library's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard, TypeVar

from msgspec import Struct

from .errors import Error
from .frame_trees import Under
from .steps import Done, Fork, Operation, Send, Wait, fail
from .streams import Close, Emit, End, Open, Perform, Read, Stream, break_off, suspended

P = TypeVar("P", bound=Operation[Any] | Stream[Any])


class Rule(Struct, frozen=True, tag=True):
    """What becomes of each kind of step. Unless a subclass says otherwise, it stays, and the rule goes on behind it."""

    def __call__(self, program: Operation[Any] | Stream[Any]) -> Any:
        """The program under this rule."""
        if isinstance(program, Send):
            return self.send(program)
        if isinstance(program, Done):
            return self.done(program)
        if isinstance(program, Emit):
            return self.emit(program)
        if isinstance(program, Read):
            return self.read(program)
        if isinstance(program, Wait):
            return self.wait(program)
        if isinstance(program, Perform):
            return self.perform(program)
        if isinstance(program, Open):
            return self.open(program)
        if isinstance(program, End):
            return self.end(program)
        if isinstance(program, Close):
            return self.close(program)
        if type(program) is Fork:
            return self.fork(program)
        from .mistakes import no_program  # for what is no program at all, whatever the types say

        raise no_program(self, program)

    def under(self, resume: Callable[[Any], Any], *, sees: bool = False) -> Under:
        """Go on with `resume`, and with this rule behind it; one that `sees` is asked first what it is `after`."""
        return Under(self, resume, sees)

    def after(self, value: Any) -> Rule:
        """The rule that holds once the step before is resumed with `value`; asked only where it `sees`."""
        return self

    def passed_on(self, value: Any) -> Any:
        """What of `value` the program goes on with; asked only where the rule `sees`."""
        return value

    def send(self, step: Send[Any]) -> Any:
        """What becomes of a `Send`."""
        return Send(step.request, Under(self, step.resume))

    def wait(self, step: Wait[Any]) -> Any:
        """What becomes of a `Wait`."""
        return Wait(step.seconds, step.spread, Under(self, step.resume))

    def fork(self, step: Fork[Any]) -> Any:
        """What becomes of a `Fork`: each of its operations is under the rule, and so is what follows."""
        # Forks within forks are put under it in a row, and not each in the call of the one around it.
        pending: list[tuple[Rule, Fork[Any], Iterator[Any], list[Any]]] = [(self, step, iter(step.operations), [])]
        while True:
            rule, fork, operations, branches = pending[-1]
            inside = rule.inside()
            for operation in operations:
                if _is_fork(operation):
                    pending.append((inside, operation, iter(operation.operations), []))
                    break
                branches.append(inside(operation))
            else:
                pending.pop()
                put_under = Fork(tuple(branches), rule.joining(fork.resume))
                if not pending:
                    return put_under
                pending[-1][3].append(put_under)

    def inside(self) -> Rule:
        """The rule for the operations of a fork."""
        return self

    def joining(self, resume: Callable[[Any], Any]) -> Under:
        """Go on with `resume` and the results of the operations of a fork, and with the rule behind it."""
        return Under(self, resume)

    def done(self, step: Done[Any]) -> Any:
        """What becomes of a `Done`."""
        return step

    def emit(self, step: Emit[Any]) -> Any:
        """What becomes of an `Emit`."""
        return Emit(step.values, self.rest(step.rest))

    def rest(self, stream: Stream[Any]) -> Any:
        """What follows an `Emit` or a `Close`, under this rule: of a row of them, no more than one is looked at."""
        return suspended(stream, self) if isinstance(stream, Emit | Close) else self(stream)

    def perform(self, step: Perform[Any]) -> Any:
        """What becomes of a `Perform`: its operation is under the rule, and so is what follows."""
        return Perform(self(step.operation), Under(self, step.resume))

    def open(self, step: Open[Any]) -> Any:
        """What becomes of an `Open`."""
        return Open(step.request, Under(self, step.resume))

    def read(self, step: Read[Any]) -> Any:
        """What becomes of a `Read`."""
        return Read(Under(self, step.resume), step.within)

    def close(self, step: Close[Any]) -> Any:
        """What becomes of a `Close`."""
        return Close(self.rest(step.rest), step.within)

    def end(self, step: End[Any]) -> Any:
        """What becomes of an `End`."""
        return step


def _is_fork(operation: Any) -> TypeGuard[Fork[Any]]:
    return type(operation) is Fork


def failed(error: Error, program: P) -> P:
    """The program of the same kind, operation or stream, that fails with `error`."""
    # Of the same union, which no type can say.
    instead: Any = fail(error) if isinstance(program, Done | Send | Wait | Fork) else break_off(error)
    same: P = instead
    return same


class ValueRule(Rule, frozen=True, tag=True):
    """A rule for the values of a stream: the operations that it performs stay as they are."""

    def perform(self, step: Perform[Any]) -> Any:
        """Only what follows is under the rule."""
        return Perform(step.operation, Under(self, step.resume))

    def send(self, step: Send[Any]) -> Any:
        """There are no values in an operation."""
        return self.done(step)

    def wait(self, step: Wait[Any]) -> Any:
        """There are no values in an operation."""
        return self.done(step)

    def fork(self, step: Fork[Any]) -> Any:
        """There are no values in an operation."""
        return self.done(step)

    def done(self, step: Operation[Any]) -> Any:
        """There are no values in an operation."""
        from .mistakes import no_program

        raise no_program(self, step)
