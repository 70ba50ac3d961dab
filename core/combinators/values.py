"""Streams of the same length, or of fewer values: what is made of each value where it is.

Law: `map`, `filter`, `scan` and `numbered` ask for no value that is not asked for, and take none back. The functions
are called once for each value, in order: for all values of an `Emit` before the first of them is handed over. An
exception that a function raises passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..arguments import check_count
from ..rules import ValueRule
from ..streams import Emit, Stream, break_off
from .given import Instead, a_function

T = TypeVar("T")
U = TypeVar("U")


def map_values(function: Callable[[T], U]) -> Callable[[Stream[T]], Stream[U]]:
    """`stream.map(function)`, as a function of the stream.

    >>> from puresponse.core import END, Emit
    >>> map_values(str)(Emit((1, 2), END))
    Emit(values=('1', '2'), rest=End(result=<Success: None>))
    """
    return MapValues(a_function("map", function))


def keep(predicate: Callable[[T], bool]) -> Callable[[Stream[T]], Stream[T]]:
    """`stream.filter(predicate)`, as a function of the stream.

    >>> from puresponse.core import END, Emit
    >>> keep(str.isdigit)(Emit(("1", "b", "3"), END))
    Emit(values=('1', '3'), rest=End(result=<Success: None>))
    """
    return Keep(a_function("filter", predicate))


def scan(initial: U, function: Callable[[U, T], U]) -> Callable[[Stream[T]], Stream[U]]:
    """`stream.scan(initial, function)`, as a function of the stream.

    >>> from operator import add
    >>> from puresponse.core import END, Emit
    >>> scan(0, add)(Emit((1, 2, 3), END))
    Emit(values=(1, 3, 6), rest=End(result=<Success: None>))
    """
    return Scan(a_function("scan", function), initial)


def numbered(start: int = 0) -> Callable[[Stream[T]], Stream[tuple[int, T]]]:
    """`stream.numbered(start)`, as a function of the stream.

    Errors: `InvalidArgument` for a `start` that is no integer, 0 or more; nothing is sent then.

    >>> from puresponse.core import END, Emit
    >>> numbered(1)(Emit(("a", "b"), END))
    Emit(values=((1, 'a'), (2, 'b')), rest=End(result=<Success: None>))
    """
    invalid = check_count("start", start, 0)
    if invalid is not None:
        return Instead(break_off(invalid))
    return Numbered(start)


class MapValues(ValueRule, Generic[T, U], frozen=True, tag=True):
    """The rule of `map`."""

    function: Callable[[T], U]

    def emit(self, step: Emit[Any]) -> Any:
        """Emit what the function makes of each value."""
        return Emit(tuple(map(self.function, step.values)), self.rest(step.rest))


class Keep(ValueRule, Generic[T], frozen=True, tag=True):
    """The rule of `filter`."""

    predicate: Callable[[T], bool]

    def emit(self, step: Emit[Any]) -> Any:
        """Emit the values for which the predicate holds."""
        kept = tuple(filter(self.predicate, step.values))
        rest = self.rest(step.rest)
        return Emit(kept, rest) if kept else rest


class Scan(ValueRule, Generic[T, U], frozen=True, tag=True):
    """The rule of `scan`: `state` is what was made of the values so far."""

    function: Callable[[U, T], U]
    state: U

    def emit(self, step: Emit[Any]) -> Any:
        """Emit the state after each value."""
        state = self.state
        states: list[U] = []
        for value in step.values:
            state = self.function(state, value)
            states.append(state)
        return Emit(tuple(states), Scan(self.function, state).rest(step.rest))


class Numbered(ValueRule, frozen=True, tag=True):
    """The rule of `numbered`: `number` is that of the next value."""

    number: int

    def emit(self, step: Emit[Any]) -> Any:
        """Emit each value with its number."""
        end = self.number + len(step.values)
        return Emit(tuple(zip(range(self.number, end), step.values, strict=True)), Numbered(end).rest(step.rest))
