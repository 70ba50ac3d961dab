"""What is yielded of a batch, what is told of it, and the words that say how."""

from __future__ import annotations

from typing import Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result

from ...core.errors import Error
from ...core.steps import Operation

K = TypeVar("K")
T = TypeVar("T")

Outcome: TypeAlias = tuple[Operation[T], Result[T, Error]]
"""An operation, the very object that was given, and its result."""

OnStop: TypeAlias = Literal["give_up", "finish"]
"""What becomes of the operations that are under way when nobody asks for their outcomes any more."""

Order: TypeAlias = Literal["finished", "given"]
"""The order of the outcomes: as the operations finish, or as they were given."""


class Unfinished(Struct, Generic[K, T], frozen=True, kw_only=True):
    """An operation that was begun, and whose outcome was not yielded.

    - `key`: what the caller calls it; where no keys were given, the operation.
    - `operation`: the very object that was given.
    - `sent`: whether its last request was, or may have been, sent. False: it has sent none, or the server certainly
      has not got the last one. Of a fork within it, whether any of the requests under way was.
    - `result`: its result, where it had one that was not yielded by then; None where it was given up.
    """

    key: K
    operation: Operation[T]
    sent: bool
    result: Result[T, Error] | None = None
