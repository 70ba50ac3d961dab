"""A stream as the operation that returns what a function makes of all its values.

Law: no value is kept but what the function makes of it, so that memory stays flat over streams of any length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

from ..steps import Operation
from ..streams import Stream
from .collecting import Gather, read_whole
from .given import a_function

T = TypeVar("T")
U = TypeVar("U")


def fold_values(initial: U, function: Callable[[U, T], U]) -> Callable[[Stream[T]], Operation[U]]:
    """`stream.fold(initial, function)`, as a function of the stream.

    Bodies that the stream would read in chunks are received whole, as by `collect`.

    Args:
        initial: What is returned where there are no values.
        function: Makes of this, or of what it returned last, and of the next value what is returned in the end.

    Errors: that of the stream.

    >>> from operator import add
    >>> from puresponse.core import END, Emit
    >>> fold_values(0, add)(Emit((1, 2, 3), END))
    Done(result=<Success: 6>)
    """
    return Folding(a_function("fold", function), initial)


class Folding(Struct, Generic[T, U], frozen=True, tag=True):
    """What `fold_values` returns; and what is made of the values of a stream so far, which is `state`."""

    function: Callable[[U, T], U]
    state: U

    def __call__(self, stream: Stream[T]) -> Operation[U]:
        gather: Gather[T] = Gather(self)
        return gather.through(read_whole(stream))

    def adding(self, values: tuple[T, ...]) -> Folding[T, U]:
        """What is made of these values after the others."""
        state = self.state
        for value in values:
            state = self.function(state, value)
        return Folding(self.function, state)

    def all(self) -> U:
        """What was made of all values."""
        return self.state
