"""Many operations as one, one after another.

Law: the operations are carried out in order, each once, and what they return is in their order. So many of them cost
linear time and constant stack, whether they send, wait or are done already. `gathering` has those that may be carried
out at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeGuard, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from ..errors import Error
from ..frame_trees import Then
from ..steps import Done, Fork, Operation, Send, Wait, operation_of
from .gathered import Gathered

T = TypeVar("T")
U = TypeVar("U")


def traverse(items: Iterable[T], function: Callable[[T], Operation[U]]) -> Operation[tuple[U, ...]]:
    """Carry out the operation that `function` makes of each item, in order; return all their values.

    Args:
        items: What the operations are made of; taken whole, at once.
        function: Makes an operation of an item, when it is that one's turn, and is called once for each.

    Errors: the first of an operation, which ends it all. What is no iterable, no function, or no operation is a
    `TypeError` that says so.

    >>> from puresponse.core import succeed
    >>> traverse((1, 2, 3), succeed)
    Done(result=<Success: (1, 2, 3)>)
    """
    if not callable(function):
        from ..mistakes import no_function

        raise no_function("traverse", function)
    if not _is_iterable(items):
        from ..mistakes import no_items

        raise no_items("traverse", items)
    frame: Traverse[T, U] = Traverse(function, tuple(items))
    return frame.onward(0, Gathered())


def sequence(operations: Iterable[Operation[T]]) -> Operation[tuple[T, ...]]:
    """Carry out `operations` in order; return all their values.

    Args:
        operations: Any iterable of operations; taken whole, at once.

    Errors: the first of an operation, which ends it all. What is no operation is a `TypeError` that says which.

    >>> from puresponse.core import succeed
    >>> sequence([succeed(1), succeed(2)])
    Done(result=<Success: (1, 2)>)
    """
    frame: Traverse[Operation[T], T] = Traverse(Itself(), operations_in("sequence", operations))
    return frame.onward(0, Gathered())


def all_outcomes(operations: Iterable[Operation[T]]) -> Operation[tuple[Result[T, Error], ...]]:
    """Carry out `operations` in order, all of them, and return the `Result` of each: no failure stops the others.

    Args:
        operations: Any iterable of operations; taken whole, at once.

    Errors: none of its own: it succeeds. What is no operation is a `TypeError` that says which.

    >>> from puresponse.core import NotSent, fail, succeed
    >>> all_outcomes([succeed(1), fail(NotSent("dns", "no such host")), succeed(3)]).result.unwrap()[2]
    <Success: 3>
    """
    frame: Outcomes[T] = Outcomes(operations_in("all_outcomes", operations))
    return frame.onward(0, Gathered())


def sequentially(fork: Fork[T]) -> Operation[T]:
    """The operations of `fork` one after another, and what follows it: for a host that does one thing at a time.

    Errors: those of what follows the fork: its own operations end in results.

    >>> from puresponse.core import delete_response, gather
    >>> sequentially(gather(delete_response("resp_1"), delete_response("resp_2"))).request.path
    '/responses/resp_1'
    """
    frame: Outcomes[Any] = Outcomes(fork.operations)
    return frame.onward(0, Gathered()).then(Then(Join(), fork.resume))


def operations_in(who: str, operations: Any) -> tuple[Operation[Any], ...]:
    """The operations of an iterable. Raises the `TypeError` that tells what `who` was given instead."""
    if not _is_iterable(operations):
        from ..mistakes import no_operations

        raise no_operations(who, operations)
    found: tuple[Any, ...] = tuple(operations)
    check_operations(who, found)
    return found


def _is_iterable(value: Any) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable)


def check_operations(who: str, operations: tuple[Any, ...]) -> None:
    """Raise the `TypeError` for the first of `operations` that is none."""
    for index, operation in enumerate(operations):
        if not isinstance(operation, (Done, Send, Wait, Fork)):
            from ..mistakes import no_operation_at

            raise no_operation_at(who, index, operation)


class Itself(Struct, frozen=True, tag=True):
    """Takes an operation as it is."""

    def __call__(self, operation: Operation[T]) -> Operation[T]:
        return operation


class Traverse(Struct, Generic[T, U], frozen=True, tag=True):
    """Receives the result of the operation before item `turn`, and goes on with that one."""

    function: Callable[[T], Operation[U]]
    items: tuple[T, ...]
    turn: int = 0
    values: Gathered[U] = Gathered()

    def __call__(self, result: Result[U, Error]) -> Operation[tuple[U, ...]]:
        if isinstance(result, Failure):
            return Done(result)
        return self.onward(self.turn, self.values.adding((result.unwrap(),)))

    def onward(self, turn: int, values: Gathered[U]) -> Operation[tuple[U, ...]]:
        """Go on with the item at `turn`, up to the next operation that is not done already."""
        while turn < len(self.items):
            operation = self.function(self.items[turn])
            turn += 1
            if not isinstance(operation, Done):
                rest: Traverse[T, U] = Traverse(self.function, self.items, turn, values)
                return operation_of("traverse", self.function, operation).then(rest)
            if isinstance(operation.result, Failure):
                return Done(operation.result)
            values = values.adding((operation.result.unwrap(),))
        return Done(Success(values.all()))


class Outcomes(Struct, Generic[T], frozen=True, tag=True):
    """Receives the result of the operation before `turn`, and goes on with that one."""

    operations: tuple[Operation[T], ...]
    turn: int = 0
    results: Gathered[Result[T, Error]] = Gathered()

    def __call__(self, result: Result[T, Error]) -> Operation[tuple[Result[T, Error], ...]]:
        return self.onward(self.turn, self.results.adding((result,)))

    def onward(self, turn: int, results: Gathered[Result[T, Error]]) -> Operation[tuple[Result[T, Error], ...]]:
        """Go on with the operation at `turn`, up to the next that is not done already."""
        while turn < len(self.operations):
            operation = self.operations[turn]
            turn += 1
            if not isinstance(operation, Done):
                return operation.then(Outcomes(self.operations, turn, results))
            results = results.adding((operation.result,))
        return Done(Success(results.all()))


class Join(Struct, frozen=True, tag=True):
    """Hands the frame behind it what a `Fork` does: the results themselves, and not the `Success` of them."""

    def __call__(self, results: Result[tuple[Result[Any, Error], ...], Error]) -> Operation[Any]:
        themselves: Any = results.unwrap()
        return Done(themselves)
