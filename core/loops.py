"""Loops: the same step again and again, for any number of turns, as one operation.

Law: `loop(seed, step)` is `step(seed)`, then `loop(next, step)` where that returned `Continue(next)`, and the value
where it returned `Stop(value)`. It calls `step` once a turn, in linear time, constant stack and flat memory, whether
the operations of the turns send, wait or are done already. The field calls this tailRecM.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from .errors import Error
from .steps import Done, Operation, operation_of

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Continue(Struct, Generic[S_co], frozen=True, tag=True):
    """What a step of a loop returns to take another turn, from `seed`."""

    seed: S_co


class Stop(Struct, Generic[T_co], frozen=True, tag=True):
    """What a step of a loop returns to end it: `value` is what the loop returns."""

    value: T_co


def loop(seed: S, step: Callable[[S], Operation[Continue[S] | Stop[T]]]) -> Operation[T]:
    """Take `step(seed)`, and go on from what it returns until that is a `Stop`; return the value of that.

    A function that binds itself to what is done already recurs, and meets Python's limit after some hundred turns; a
    loop does not. The turns up to the first operation that sends or waits are taken at once, when the loop is built.

    Args:
        seed: What the first turn starts from: a number, ids, how far a search is. mypy takes a literal for narrower
            than it is, and wants a wider seed declared: `ids: tuple[str, ...] = ("resp_1", "resp_2")`.
        step: Makes an operation of a seed, which returns `Continue(the next seed)` or `Stop(the loop's value)`. A
            frozen struct with `__call__`, or a function that checkpoints name, lets the loop compare, pickle and be
            saved.

    Errors: the first of a turn's operations, which ends the loop.

    >>> from puresponse.core import succeed
    >>> def halve(number: int) -> Operation[Continue[int] | Stop[int]]:
    ...     return succeed(Stop(number) if number % 2 else Continue(number // 2))
    >>> loop(3 * 2**20_000, halve)
    Done(result=<Success: 3>)
    """
    turns: Loop[S, T] = Loop(step)
    return turns(Success(Continue(seed)))


class Loop(Struct, Generic[S, T], frozen=True, tag=True):
    """Receives the result of a turn, and takes the next one by `step` unless it was the last."""

    step: Callable[[S], Operation[Continue[S] | Stop[T]]]

    def __call__(self, result: Result[Continue[S] | Stop[T], Error]) -> Operation[T]:
        while not isinstance(result, Failure):
            verdict = result.unwrap()
            match verdict:
                case Stop(value):
                    return Done(Success(value))
                case Continue(next_seed):
                    operation = self.step(next_seed)
                case _:
                    from .mistakes import returned_no_verdict

                    raise returned_no_verdict(self.step, verdict)
            if not isinstance(operation, Done):
                return operation_of("loop", self.step, operation).then(self)
            result = operation.result
        return Done(result)
