"""Taking a `Result` apart, exactly typed for mypy and pyright alike.

Neither checker sees `match` over `Success` and `Failure` as exhaustive, and mypy loses the types inside; these do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from returns.result import Failure, Result
from typing_extensions import TypeIs

from .errors import Error

E = TypeVar("E")
T = TypeVar("T")
U = TypeVar("U")


def is_failure(result: Result[T, E]) -> TypeIs[Failure[E]]:
    """Tell whether `result` is a `Failure`, so that both branches know their type.

    >>> from returns.result import Success
    >>> result: Result[int, str] = Success(1)
    >>> result.failure() if is_failure(result) else result.unwrap()
    1
    """
    return isinstance(result, Failure)


def fold(result: Result[T, E], on_success: Callable[[T], U], on_failure: Callable[[E], U]) -> U:
    """Return what `on_success` makes of the value, or what `on_failure` makes of the error.

    >>> from returns.result import Success
    >>> fold(Success(1), str, repr)
    '1'
    """
    return on_failure(result.failure()) if is_failure(result) else on_success(result.unwrap())


class OperationFailed(Exception):
    """An `error` value as an exception, for those who want one."""

    def __init__(self, error: Error) -> None:
        super().__init__(error)
        self.error = error


def value_or_raise(result: Result[T, Error]) -> T:
    """Return the value of a `Success`; raise `OperationFailed` with the error of a `Failure`."""
    if is_failure(result):
        raise OperationFailed(result.failure())
    return result.unwrap()
