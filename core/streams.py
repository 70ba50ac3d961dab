"""Streams: descriptions of exchanges that give values on the way and end in success or an error, as values.

A stream is a closed union, like an operation, and is stepped like one:

- `Emit`: here are values for the caller; go on with `rest`.
- `Perform`: carry out `operation`, go on with `resume(its result)`.
- `Done`: the stream has ended, with a `Success` of None or the `Failure` that broke it off.

Whoever can carry out an operation can carry out a stream. An operation stands inside a `Perform` whole, rather than
that its `Send` and `Wait` are steps of the stream too, because Python cannot type one `Send` as part of two unions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from .errors import Error
from .steps import Done, Operation

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Emit(Struct, Generic[T_co], frozen=True, tag=True):
    """Hand `values` to the caller, in order, then go on with `rest`."""

    values: tuple[T_co, ...]
    rest: Stream[T_co]


class Perform(Struct, Generic[T_co], frozen=True, tag=True):
    """Carry out `operation`, then go on with `resume` and its result."""

    operation: Operation[Any]
    resume: Callable[[Result[Any, Error]], Stream[T_co]]


Stream: TypeAlias = Done[None] | Emit[T] | Perform[T]
"""A description of values that arrive one after another: a closed union, to be matched exhaustively."""

END: Done[None] = Done(Success(None))
"""The stream that has nothing more to give."""


def collect(stream: Stream[T]) -> Operation[tuple[T, ...]]:
    """Turn a stream into the operation that gives all its values at once, or the error that broke it off.

    >>> collect(Emit((1, 2), END))
    Done(result=<Success: (1, 2)>)
    """
    return _gather(stream, ())


class Gather(Struct, Generic[T], frozen=True, tag=True):
    """Adds the values that a stream goes on to give to the `values` that it gave before."""

    resume: Callable[[Result[Any, Error]], Stream[T]]
    values: tuple[T, ...]

    def __call__(self, result: Result[Any, Error]) -> Operation[tuple[T, ...]]:
        return _gather(self.resume(result), self.values)


def _gather(stream: Stream[T], values: tuple[T, ...]) -> Operation[tuple[T, ...]]:
    while isinstance(stream, Emit):
        values += stream.values
        stream = stream.rest
    if isinstance(stream, Done):
        return Done(stream.result if isinstance(stream.result, Failure) else Success(values))
    return stream.operation.then(Gather(stream.resume, values))
