"""The beginning of a stream: so many values, or those before the first that does not hold.

Law: a stream of which the beginning was taken ends with the last value of that, at once: nothing is sent or read to
find out what would follow, and a body that is open is closed, so that its connection is free for what follows.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any, Generic, TypeVar

from ..arguments import check_count
from ..rules import ValueRule
from ..streams import END, Close, Emit, Stream, break_off
from .given import Instead, a_function

T = TypeVar("T")

_OVER: Stream[Any] = Close(END)
"""What follows the last value that is taken."""


def take(count: int) -> Callable[[Stream[T]], Stream[T]]:
    """`stream.take(count)`, as a function of the stream: its first `count` values, 0 or more.

    With the last of them the stream ends, whatever would follow; `take(0)` sends nothing. A body that is open is closed
    at once.

    Errors: those before the last value; `InvalidArgument` for a `count` that is no such number, and nothing is sent.

    >>> from puresponse.core import END, Emit
    >>> take(2)(Emit((1, 2, 3), END))
    Emit(values=(1, 2), rest=Close(rest=End(result=<Success: None>), within=0.0))
    """
    invalid = check_count("count", count, 0)
    if invalid is not None:
        return Instead(break_off(invalid))
    if count == 0:
        return Instead(_OVER)
    return Take(count)


def take_while(predicate: Callable[[T], bool]) -> Callable[[Stream[T]], Stream[T]]:
    """`stream.take_while(predicate)`, as a function of the stream: the values before the first that does not hold.

    With that one the stream ends, and it is not emitted. A body that is open is closed at once.

    Errors: those before that value.

    >>> from puresponse.core import END, Emit
    >>> take_while(str.isdigit)(Emit(("1", "b", "3"), END))
    Emit(values=('1',), rest=Close(rest=End(result=<Success: None>), within=0.0))
    """
    return TakeWhile(a_function("take_while", predicate))


class Take(ValueRule, frozen=True, tag=True):
    """The rule of `take`: `left` is how many values are still to be emitted, 1 or more."""

    left: int

    def emit(self, step: Emit[Any]) -> Any:
        """Emit as many values as are left to be."""
        left = self.left - len(step.values)
        if left > 0:
            return Emit(step.values, Take(left).rest(step.rest))
        return Emit(step.values[: self.left], _OVER)


class TakeWhile(ValueRule, Generic[T], frozen=True, tag=True):
    """The rule of `take_while`."""

    predicate: Callable[[T], bool]

    def emit(self, step: Emit[Any]) -> Any:
        """Emit the values before the first for which the predicate does not hold."""
        taken = tuple(takewhile(self.predicate, step.values))
        if len(taken) == len(step.values):
            return Emit(taken, self.rest(step.rest))
        return Emit(taken, _OVER) if taken else _OVER
