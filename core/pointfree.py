"""The combinators as functions of an operation, for `flow` and `pipe` of `returns`.

They return structs that are called, so that a pipeline made of the library's own parts compares and pickles too.

>>> from returns.pipeline import flow
>>> from puresponse.core import bind, map_, succeed
>>> flow(succeed(20), map_(lambda n: n + 1), bind(lambda n: succeed(n * 2)))
Done(result=<Success: 42>)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

from .errors import Error
from .steps import Operation

T = TypeVar("T")
U = TypeVar("U")


class Mapping(Struct, Generic[T, U], frozen=True, tag=True):
    """What `map_` returns."""

    function: Callable[[T], U]

    def __call__(self, operation: Operation[T]) -> Operation[U]:
        return operation.map(self.function)


class Binding(Struct, Generic[T, U], frozen=True, tag=True):
    """What `bind` returns."""

    function: Callable[[T], Operation[U]]

    def __call__(self, operation: Operation[T]) -> Operation[U]:
        return operation.bind(self.function)


class Alting(Struct, frozen=True, tag=True):
    """What `alt` returns."""

    function: Callable[[Error], Error]

    def __call__(self, operation: Operation[T]) -> Operation[T]:
        return operation.alt(self.function)


class Lashing(Struct, Generic[U], frozen=True, tag=True):
    """What `lash` returns."""

    function: Callable[[Error], Operation[U]]

    def __call__(self, operation: Operation[T]) -> Operation[T | U]:
        return operation.lash(self.function)


def map_(function: Callable[[T], U]) -> Mapping[T, U]:
    """`operation.map(function)`, as a function of the operation.

    >>> from puresponse.core import succeed
    >>> map_(str)(succeed(1))
    Done(result=<Success: 1>)
    """
    return Mapping(function)


def bind(function: Callable[[T], Operation[U]]) -> Binding[T, U]:
    """`operation.bind(function)`, as a function of the operation.

    >>> from puresponse.core import cancel_response, delete_response
    >>> bind(lambda response: delete_response(response.id))(cancel_response("resp_1")).request.path
    '/responses/resp_1/cancel'
    """
    return Binding(function)


def alt(function: Callable[[Error], Error]) -> Alting:
    """`operation.alt(function)`, as a function of the operation.

    >>> from puresponse.core import InvalidArgument, NotSent, fail
    >>> alt(lambda error: NotSent("given_up", str(error)))(fail(InvalidArgument("limit", "too many"))).result
    <Failure: not sent (given_up): invalid argument 'limit': too many>
    """
    return Alting(function)


def lash(function: Callable[[Error], Operation[U]]) -> Lashing[U]:
    """`operation.lash(function)`, as a function of the operation.

    >>> from puresponse.core import NotSent, fail, succeed
    >>> lash(lambda error: succeed(error.retryable))(fail(NotSent("dns", "no such host")))
    Done(result=<Success: True>)
    """
    return Lashing(function)
