"""What is taken from the caller's iterable: operations, or (key, operation) pairs; one or the other throughout.

Law: an iterable is taken one by one, as there is room. What is neither, and a mixture of both, is a `TypeError` that
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...core.steps import OPERATION_STEPS, Operation
from ..branches import Join

if TYPE_CHECKING:
    from ..watching import WatchedRun


class Taken(Join):
    """An operation that has begun: by what `key`, and the how manyth; what was `given`, and its run, if observed."""

    __slots__ = ("given", "is_recorded", "key", "number", "run")

    def __init__(self, key: Any, given: Operation[Any], number: int) -> None:
        super().__init__((given,), None)
        self.key = key
        self.given = given
        self.number = number
        self.is_recorded = False
        self.run: WatchedRun | None = None


def pairs(who: str, operations: Iterable[Any], *, needs_keys: bool) -> Iterator[tuple[Any, Operation[Any]]]:
    """The operations with their keys; one that was given without is its own."""
    is_keyed: bool | None = True if needs_keys else None
    for one in operations:
        has_key = isinstance(one, tuple)
        if has_key is not is_keyed:
            if is_keyed is not None:
                raise _mistaken(who, one, is_keyed, needs_keys)
            is_keyed = has_key
        if has_key:
            yield _pair(who, one)
        else:
            yield one, one


def _pair(who: str, one: Any) -> Any:
    if len(one) == 2 and type(one[1]) in OPERATION_STEPS:
        return one
    from ...core import mistakes

    raise mistakes.no_pair(who, one)


def _mistaken(who: str, one: object, is_keyed: bool, needs_keys: bool) -> TypeError:
    from ...core import mistakes

    return mistakes.no_key(who, one) if needs_keys else mistakes.mixed(who, one, keyed=is_keyed)
