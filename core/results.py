"""Taking a `Result` apart, exactly typed for mypy and pyright alike.

Neither checker sees `match` over `Success` and `Failure` as exhaustive, and mypy loses the types inside; these do not.
The `.unwrap()` of `returns` raises an error without a message: it is for where a failure would be a bug, such as
behind an `is_failure`. `value_or_raise` is for all else.
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

    Args:
        result: Any `Result`.
        on_success: Is called with the value of a `Success`.
        on_failure: Is called with the error of a `Failure`.

    >>> from returns.result import Success
    >>> fold(Success(1), str, repr)
    '1'
    """
    return on_failure(result.failure()) if is_failure(result) else on_success(result.unwrap())


class OperationFailed(Exception):
    """An `error` value as an exception, for those who want one. Its text is the error's, and it pickles.

    >>> from puresponse.core import NotSent
    >>> print(OperationFailed(NotSent("dns", "no such host")))
    not sent (dns): no such host
    """

    def __init__(self, error: Error) -> None:
        super().__init__(error)
        self.error = error


def value_or_raise(result: Result[T, Error]) -> T:
    """Return the value of `result`, a `Success`; raise `OperationFailed` with the error of a `Failure`.

    >>> from returns.result import Success
    >>> value_or_raise(Success(1))
    1
    """
    if is_failure(result):
        raise OperationFailed(result.failure())
    return result.unwrap()
