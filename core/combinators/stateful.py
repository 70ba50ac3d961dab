"""Rules that have a state: what they have seen of a program so far, within the operations of forks and streams too.

Law: what such a rule sees in an operation of a fork or of a stream, it knows behind it as well. In there it `reports`:
at the end of the operation the rule as it is by then goes along with the result (`Reported`), whether that is a value
or an error, and what the step is resumed with has the results alone again. Of rules over rules each takes its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeGuard, TypeVar

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ...codecs.lossless.plain import is_result, is_sequence
from ..errors import Error
from ..frame_trees import Under
from ..rules import Rule
from ..steps import Done, Operation
from ..streams import Perform

T = TypeVar("T")


class Reported(Struct, Generic[T], frozen=True, tag=True):
    """The result of an operation of a fork or a stream, and the rules as they were at its end, the innermost first."""

    result: Result[T, Error]
    rules: tuple[Rule, ...]

    @property
    def last(self) -> Rule | None:
        """The rule outside of all others, which takes the report first."""
        return self.rules[-1] if self.rules else None


class StatefulRule(Rule, frozen=True, kw_only=True, tag=True):
    """A rule that knows what it has seen. `reports` is whether it holds for an operation of a fork or of a stream."""

    reports: bool = False

    def inside(self) -> StatefulRule:
        """The rule as it begins in an operation of a fork or of a stream."""
        return structs.replace(self, reports=True)

    def done(self, step: Done[Any]) -> Any:
        """Judge the result, and report where that is for others to know."""
        if not self.reports:
            return self.ended(step.result, step)
        before = reported_in(step.result)
        result, rules = (step.result, ()) if before is None else (before.result, before.rules)
        ended = self.ended(result, step)
        if not isinstance(ended, Done):
            return ended
        return Done(Success(Reported(ended.result, (*rules, self))))

    def ended(self, result: Result[Any, Error], step: Done[Any]) -> Operation[Any]:
        """What becomes of the end of an operation: a `Done`, or what is to be asked first, and then `step` again."""
        return Done(result)

    def joining(self, resume: Callable[[Any], Any]) -> Under:
        """The rule then knows what it saw in all the operations."""
        return self.under(resume, sees=True)

    def perform(self, step: Perform[Any]) -> Any:
        """The operation is under the rule, which then knows what it saw in there."""
        if isinstance(step.operation, Done):  # where there is nothing to be seen
            return Perform(step.operation, self.under(step.resume))
        return Perform(self.inside()(step.operation), self.under(step.resume, sees=True))

    def passed_on(self, value: Any) -> Any:
        """The results of operations, without the report that was for this rule."""
        if isinstance(value, float):  # the time
            return value
        return tuple([_taken(result) for result in value]) if is_sequence(value) else _taken(value)


class Onward(Struct, Generic[T], frozen=True, tag=True):
    """Goes on with `step`, once it is known what time it is."""

    step: Operation[T]

    def __call__(self, elapsed: float) -> Operation[T]:
        return self.step


def value_in(result: Any) -> Any:
    """The value of a `Success`; None for anything else."""
    return result.unwrap() if is_result(result) and not isinstance(result, Failure) else None


def error_in(result: Any) -> Any:
    """The error of a `Failure`; None for anything else."""
    return result.failure() if is_result(result) and isinstance(result, Failure) else None


def reported_in(result: Any) -> Reported[Any] | None:
    """What was reported with a result; None where nothing was."""
    value = value_in(result)
    return value if _is_reported(value) else None


def _is_reported(value: Any) -> TypeGuard[Reported[Any]]:
    return isinstance(value, Reported)


def _taken(result: Any) -> Any:
    """A result without the last report."""
    reported = reported_in(result)
    if reported is None:
        return result
    rules = reported.rules[:-1]
    return Success(Reported(reported.result, rules)) if rules else reported.result
