"""Many operations as one that may be carried out at once.

Law: each operation gets the result that it would get by itself, all are carried out to their end, and what they return
is in their order, whatever the order in which they ended. So the result is the same under every driver and host, at
once or one after another, for operations that neither meet in the service nor measure the time.

What needs no step takes none: operations that are all done already are done at once, one alone goes on by itself, and
none at all return an empty tuple. All else is one `Fork`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from msgspec import Struct
from returns.result import Failure, Result, Success

from ..errors import Error
from ..steps import Done, Fork, Operation
from .many import check_operations

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")
T = TypeVar("T")


@overload
def gather() -> Operation[tuple[()]]: ...
@overload
def gather(a: Operation[A], /) -> Operation[tuple[A]]: ...
@overload
def gather(a: Operation[A], b: Operation[B], /) -> Operation[tuple[A, B]]: ...
@overload
def gather(a: Operation[A], b: Operation[B], c: Operation[C], /) -> Operation[tuple[A, B, C]]: ...
@overload
def gather(a: Operation[A], b: Operation[B], c: Operation[C], d: Operation[D], /) -> Operation[tuple[A, B, C, D]]: ...
@overload
def gather(
    a: Operation[A], b: Operation[B], c: Operation[C], d: Operation[D], e: Operation[E], /
) -> Operation[tuple[A, B, C, D, E]]: ...
@overload
def gather(
    a: Operation[A], b: Operation[B], c: Operation[C], d: Operation[D], e: Operation[E], f: Operation[F], /
) -> Operation[tuple[A, B, C, D, E, F]]: ...
@overload
def gather(
    a: Operation[A],
    b: Operation[B],
    c: Operation[C],
    d: Operation[D],
    e: Operation[E],
    f: Operation[F],
    g: Operation[G],
    /,
) -> Operation[tuple[A, B, C, D, E, F, G]]: ...
@overload
def gather(
    a: Operation[A],
    b: Operation[B],
    c: Operation[C],
    d: Operation[D],
    e: Operation[E],
    f: Operation[F],
    g: Operation[G],
    h: Operation[H],
    /,
) -> Operation[tuple[A, B, C, D, E, F, G, H]]: ...
@overload
def gather(*operations: Operation[T]) -> Operation[tuple[T, ...]]: ...
def gather(*operations: Operation[Any]) -> Operation[tuple[Any, ...]]:
    """Carry out `operations`, at once where the driver does so; return all their values, in the order given.

    A failure stops none of the others: all are carried out to their end, as a `Fork` says. `sequence` carries them out
    one after another, and ends with the first failure. How many requests are in flight at once is the driver's to say:
    `concurrency` of `run` and `run_async`.

    Args:
        operations: Any number of them, of types of their own; those of a list are unpacked: `gather(*operations)`. The
            types of up to eight are kept apart, beyond that they are one.

    Errors: of those that failed, that of the first in the order given, and not in time. What is no operation is a
    `TypeError` that says which.

    >>> from puresponse.core import succeed
    >>> gather(succeed(1), succeed("two"))
    Done(result=<Success: (1, 'two')>)
    """
    return _forked("gather", operations, ReturnValues())


@overload
def gather_all() -> Operation[tuple[()]]: ...
@overload
def gather_all(a: Operation[A], /) -> Operation[tuple[Result[A, Error]]]: ...
@overload
def gather_all(a: Operation[A], b: Operation[B], /) -> Operation[tuple[Result[A, Error], Result[B, Error]]]: ...
@overload
def gather_all(
    a: Operation[A], b: Operation[B], c: Operation[C], /
) -> Operation[tuple[Result[A, Error], Result[B, Error], Result[C, Error]]]: ...
@overload
def gather_all(
    a: Operation[A], b: Operation[B], c: Operation[C], d: Operation[D], /
) -> Operation[tuple[Result[A, Error], Result[B, Error], Result[C, Error], Result[D, Error]]]: ...
@overload
def gather_all(
    a: Operation[A], b: Operation[B], c: Operation[C], d: Operation[D], e: Operation[E], /
) -> Operation[tuple[Result[A, Error], Result[B, Error], Result[C, Error], Result[D, Error], Result[E, Error]]]: ...
@overload
def gather_all(
    a: Operation[A], b: Operation[B], c: Operation[C], d: Operation[D], e: Operation[E], f: Operation[F], /
) -> Operation[
    tuple[Result[A, Error], Result[B, Error], Result[C, Error], Result[D, Error], Result[E, Error], Result[F, Error]]
]: ...
@overload
def gather_all(
    a: Operation[A],
    b: Operation[B],
    c: Operation[C],
    d: Operation[D],
    e: Operation[E],
    f: Operation[F],
    g: Operation[G],
    /,
) -> Operation[
    tuple[
        Result[A, Error],
        Result[B, Error],
        Result[C, Error],
        Result[D, Error],
        Result[E, Error],
        Result[F, Error],
        Result[G, Error],
    ]
]: ...
@overload
def gather_all(
    a: Operation[A],
    b: Operation[B],
    c: Operation[C],
    d: Operation[D],
    e: Operation[E],
    f: Operation[F],
    g: Operation[G],
    h: Operation[H],
    /,
) -> Operation[
    tuple[
        Result[A, Error],
        Result[B, Error],
        Result[C, Error],
        Result[D, Error],
        Result[E, Error],
        Result[F, Error],
        Result[G, Error],
        Result[H, Error],
    ]
]: ...
@overload
def gather_all(*operations: Operation[T]) -> Operation[tuple[Result[T, Error], ...]]: ...
def gather_all(*operations: Operation[Any]) -> Operation[tuple[Result[Any, Error], ...]]:
    """Carry out `operations` as `gather` does; return the `Result` of each, in the order given.

    Args:
        operations: Those of `gather`.

    Errors: none of its own: it succeeds. What is no operation is a `TypeError` that says which.

    >>> from puresponse.core import NotSent, fail, succeed
    >>> gather_all(fail(NotSent("dns", "no such host")), succeed(2)).result.unwrap()[1]
    <Success: 2>
    """
    return _forked("gather_all", operations, ReturnResults())


def _forked(
    who: str, operations: tuple[Any, ...], resume: Callable[[tuple[Any, ...]], Operation[Any]]
) -> Operation[Any]:
    check_operations(who, operations)
    if all(isinstance(operation, Done) for operation in operations):
        return resume(tuple([operation.result for operation in operations]))
    if len(operations) == 1:
        alone: Operation[Any] = operations[0]
        return alone.then(Alone(resume))
    return Fork(operations, resume)


class ReturnValues(Struct, frozen=True, tag=True):
    """Returns the values of all results, or the first failure in their order."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[tuple[Any, ...]]:
        for result in results:
            if isinstance(result, Failure):
                return Done(result)
        return Done(Success(tuple([result.unwrap() for result in results])))


class ReturnResults(Struct, frozen=True, tag=True):
    """Returns all results as they are."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[tuple[Result[Any, Error], ...]]:
        return Done(Success(results))


class Alone(Struct, frozen=True, tag=True):
    """Goes on behind an operation that is alone as behind a fork."""

    resume: Callable[[tuple[Result[Any, Error], ...]], Operation[Any]]

    def __call__(self, result: Result[Any, Error]) -> Operation[Any]:
        return self.resume((result,))
