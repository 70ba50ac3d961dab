"""What a seeded bug is: a program with it, the same program without it, and how it is seen that a promise is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Failure, Result

from puresponse import ApiError, Error, HttpRequest, Operation, State, Stream, stored
from puresponse.transports.memory.scripts.script import Script, echo

Outcome: TypeAlias = Result[Any, Error]

Broken: TypeAlias = Callable[[Outcome, tuple[Any, ...], tuple[HttpRequest, ...], State, float], str | None]
"""Says in a sentence how a life has broken the promise; None where it kept it.

It is given the result, the values that were emitted, the requests in the order in which they reached the service (one
that was in flight when the process died included), the service at the end, and the seconds that the life lasted.
"""


class Flawed(Struct, frozen=True):
    """A seeded bug. `claim` is the promise, in one sentence; `correct` keeps it, `program` does not always.

    The life begins with `service`, whose model replies by `script`, at the time 0.
    """

    name: str
    program: Operation[Any] | Stream[Any]
    correct: Operation[Any] | Stream[Any]
    service: State
    claim: str
    broken: Broken
    script: Script = echo


def holding(ids: Iterable[str], **members: Any) -> State:
    """A service that holds completed responses of these ids, or what the `members` of their bodies say."""
    state = State()
    for response_id in ids:
        state = state.having(stored({"id": response_id, **members}))
    return state


def is_not_found(result: Outcome) -> bool:
    """Whether it is the 404 of a response."""
    if not isinstance(result, Failure):
        return False
    error: Error = result.failure()
    return isinstance(error, ApiError) and error.status == 404
