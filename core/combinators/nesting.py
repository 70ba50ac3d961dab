"""A stream, or an operation, for each value of a stream.

Law: they are carried out in the order of the values, each to its end before the function is asked for the next that
takes a step, and the first error ends all. The values of the outer stream do not depend on them. A driver has one body
open at most; so where the outer stream has, an inner one receives its bodies whole (`read_whole`), and where it has
none, an inner one reads them as they arrive, and what it leaves open is closed when it has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct
from returns.result import Failure, Result

from ..errors import Error
from ..rules import ValueRule
from ..steps import Answer, Done, Operation, operation_of
from ..streams import END, LINGER, Close, Emit, End, Open, Perform, Read, Stream, emitted_by, stream_of
from .collecting import read_whole
from .given import a_function

T = TypeVar("T")
U = TypeVar("U")


def flat_map(function: Callable[[T], Stream[U]]) -> Callable[[Stream[T]], Stream[U]]:
    """`stream.flat_map(function)`, as a function of the stream: the values of the stream that it makes of each value.

    While `stream` has a body open (the events of a response, say), the streams that `function` makes receive theirs
    whole, over other connections; where it has none, as between pages, theirs are read as they arrive.

    Errors: the first of any of the streams, which ends it all.

    >>> from puresponse.core import END, Emit
    >>> flat_map(lambda value: Emit((value, value), END))(Emit((1, 2), END))
    Emit(values=(1, 1, 2, 2), rest=End(result=<Success: None>))
    """
    return FlatMap(a_function("flat_map", function))


def perform_each(function: Callable[[T], Operation[U]]) -> Callable[[Stream[T]], Stream[U]]:
    """`for_each(stream, function)`, as a function of the stream.

    >>> from puresponse.core import END, Emit, collect, succeed
    >>> collect(perform_each(succeed)(Emit((1, 2), END)))
    Done(result=<Success: (1, 2)>)
    """
    return ForEach(a_function("for_each", function))


def for_each(stream: Stream[T], function: Callable[[T], Operation[U]]) -> Stream[U]:
    """Carry out the operation that `function` makes of each value of a stream, in order; emit what each returns.

    No operation is begun before its value is asked for; `collect` makes one operation of them all.

    Errors: the first of an operation, which ends it all, and that of `stream`.

    >>> from puresponse.core import END, Emit, collect, succeed
    >>> collect(for_each(Emit((1, 2), END), lambda value: succeed(value * 10)))
    Done(result=<Success: (10, 20)>)
    """
    return perform_each(function)(stream)


class InTurn(ValueRule, frozen=True, tag=True):
    """What `FlatMap` and `ForEach` have in common: a stream for each value, in turn."""

    def emit(self, step: Emit[Any]) -> Any:
        """Emit what the stream of each value emits."""
        return self.onward(step.values, 0, step.rest)

    def onward(self, values: tuple[Any, ...], turn: int, rest: Stream[Any]) -> Any:
        """Go on with the value at `turn`, up to the first whose stream does more than emit; then with the `rest`."""
        emitted: list[Any] = []
        following: Any = None
        while following is None and turn < len(values):
            rows, inner = emitted_by(self.inner(values[turn]))
            turn += 1
            for row in rows:
                emitted += row
            if not isinstance(inner, End):
                following = inner.then(NextInner(self, values, turn, rest))
            elif isinstance(inner.result, Failure):
                following = Close(inner)
        if following is None:
            following = self.rest(rest)
        return Emit(tuple(emitted), following) if emitted else following

    def inner(self, value: Any) -> Stream[Any]:
        """The stream of a value."""
        raise TypeError(f"{type(self).__name__} makes no stream of a value")

    def left(self, following: Stream[Any]) -> Stream[Any]:
        """What follows the stream of a value that did more than emit."""
        return following


class NextInner(Struct, frozen=True, tag=True):
    """Goes on, where the stream of the value before `turn` has ended, with the next; then with the `rest`."""

    rule: InTurn
    values: tuple[Any, ...]
    turn: int
    rest: Stream[Any]

    def __call__(self, result: Result[None, Error]) -> Stream[Any]:
        if isinstance(result, Failure):
            return Close(End(result))
        following: Stream[Any] = self.rule.onward(self.values, self.turn, self.rest)
        return self.rule.left(following)


class FlatMap(InTurn, Generic[T, U], frozen=True, tag=True, repr_omit_defaults=True):
    """The rule of `flat_map`.

    `is_open` is whether the outer stream has a body open; None where it is not known yet, because no step of it but
    operations was seen.
    """

    function: Callable[[T], Stream[U]]
    is_open: bool | None = None

    def emit(self, step: Emit[Any]) -> Any:
        """Emit what the stream of each value emits."""
        if self.is_open is not None:
            return self.onward(step.values, 0, step.rest)
        _, following = emitted_by(step)
        return self.knowing(is_open=isinstance(following, Read)).emit(step)

    def knowing(self, *, is_open: bool) -> FlatMap[T, U]:
        """This rule, where it is known whether a body is open."""
        return self if self.is_open is is_open else FlatMap(self.function, is_open)

    def inner(self, value: Any) -> Stream[Any]:
        """The stream of a value: read whole while the outer one has a body open."""
        stream = stream_of("flat_map", self.function, self.function(value))
        return read_whole(stream) if self.is_open else stream

    def left(self, following: Stream[Any]) -> Stream[Any]:
        """What follows the stream of a value: what it left open is closed, unless that is the outer one's."""
        return following if self.is_open else Close(following, LINGER)

    def open(self, step: Open[Any]) -> Any:
        """What was open is given up, and what will be depends on the answer."""
        return Open(step.request, self.under(step.resume, sees=True))

    def after(self, value: Answer) -> FlatMap[T, U]:
        """The body of a 2xx is open."""
        return self.knowing(is_open=not isinstance(value, Failure) and value.unwrap().is_success)

    def read(self, step: Read[Any]) -> Any:
        """What is read is open."""
        return Read(self.knowing(is_open=True).under(step.resume), step.within)

    def close(self, step: Close[Any]) -> Any:
        """Nothing is open any more."""
        return Close(self.knowing(is_open=False).rest(step.rest), step.within)


class ForEach(InTurn, Generic[T, U], frozen=True, tag=True):
    """The rule of `for_each`."""

    function: Callable[[T], Operation[U]]

    def inner(self, value: Any) -> Stream[Any]:
        """The stream of what the operation of a value returns."""
        operation = operation_of("for_each", self.function, self.function(value))
        emit: EmitResult[U] = EmitResult()
        return emit(operation.result) if isinstance(operation, Done) else Perform(operation, emit)


class EmitResult(Struct, Generic[T], frozen=True, tag=True):
    """Emits what an operation returned."""

    def __call__(self, result: Result[T, Error]) -> Stream[T]:
        return End(result) if isinstance(result, Failure) else Emit((result.unwrap(),), END)
