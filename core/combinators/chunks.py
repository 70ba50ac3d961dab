"""The values of a stream in tuples of one size.

Law: the tuples one after another are the values of the stream, each of `size` but the last, which has those that are
left. A tuple is emitted as soon as it is full; what is left is emitted before the end, and before a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..arguments import check_count, raise_if_invalid
from ..rules import ValueRule
from ..streams import Emit, End, Stream, break_off
from .gathered import Gathered
from .given import Instead

T = TypeVar("T")


def chunk(size: int) -> Callable[[Stream[T]], Stream[tuple[T, ...]]]:
    """`stream.chunk(size)`, as a function of the stream: its values in tuples of `size`, 1 or more.

    Errors: `InvalidArgument` for a `size` that is no such number, before anything is sent.

    >>> from puresponse.core import END, Emit
    >>> chunk(2)(Emit((1, 2, 3), END))
    Emit(values=((1, 2),), rest=Emit(values=((3,),), rest=End(result=<Success: None>)))
    """
    invalid = check_count("size", size, 1)
    if invalid is not None:
        return Instead(break_off(invalid))
    rule: Chunks[Any] = Chunks(size)
    return rule


class Chunks(ValueRule, Generic[T], frozen=True, tag=True, repr_omit_defaults=True):
    """The rule of `chunk`: `held` are values that do not fill a tuple yet, `count` of them."""

    size: int
    held: Gathered[T] = Gathered()
    count: int = 0

    def __post_init__(self) -> None:
        raise_if_invalid(check_count("size", self.size, 1))

    def emit(self, step: Emit[Any]) -> Any:
        """Emit the tuples that are full now."""
        count = self.count + len(step.values)
        if count < self.size:
            return Chunks(self.size, self.held.adding(step.values), count).rest(step.rest)
        values = (*self.held.all(), *step.values)
        full = count - count % self.size
        chunks = tuple([values[start : start + self.size] for start in range(0, full, self.size)])
        held: Gathered[T] = Gathered() if full == count else Gathered((values[full:],))
        return Emit(chunks, Chunks(self.size, held, count - full).rest(step.rest))

    def end(self, step: End[Any]) -> Any:
        """Emit the values that are left."""
        return Emit((self.held.all(),), step) if self.count else step
