"""What becomes of each response that a command was given: a word, and what there is to show.

Law: every response has one outcome. A word says what is so now: one that is gone is `deleted` or `already_absent`, and
one of which nobody knows is `in_flight`. An outcome with an error is a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field
from returns.result import Result

from ...core import ApiError, Error
from ...core.results import is_failure

FAILED = "failed"
ABSENT = "already_absent"
IN_FLIGHT = "in_flight"


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one response.

    Attributes:
        id: The response, as it was asked for; of what creates one, whatever names it.
        word: What is so now: `deleted`, `already_absent`, `cancelled`, `already_terminal`, `ended`, `failed`,
            `in_flight`, and others that a command has.
        value: What the server sent, where a command shows that: its row of the table, and its line of JSON.
        facts: What the line of the outcome has besides, as JSON: values that `codecs.encode` writes, or plain ones.
        error: What went wrong; None where nothing did.
    """

    id: str
    word: str
    value: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error: Error | None = None


OutcomeOf: TypeAlias = Callable[[str, Result[Any, Error]], Outcome]
"""What a result means to a command. It is called once for each response, in the order in which they end, in one thread:
so it may also write what was received to where it belongs. It may raise `Stopped`."""


def failure(response_id: str, error: Error, *, missing_ok: bool = False) -> Outcome:
    """The outcome of an error: `already_absent` for a response that is not there, which may be all right."""
    if is_absence(error):
        return Outcome(id=response_id, word=ABSENT, error=None if missing_ok else error)
    return Outcome(id=response_id, word=FAILED, error=error)


def is_absence(error: Error | None) -> bool:
    """Whether the server said that there is no such response: not one that has no such route."""
    return isinstance(error, ApiError) and error.status == 404 and not error.no_such_route


class Received(Struct, frozen=True):
    """The outcomes of a command that shows what it receives."""

    word: str
    missing_ok: bool = False

    def __call__(self, response_id: str, result: Result[Any, Error]) -> Outcome:
        if is_failure(result):
            return failure(response_id, result.failure(), missing_ok=self.missing_ok)
        return Outcome(id=response_id, word=self.word, value=result.unwrap())
