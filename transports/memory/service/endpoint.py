"""What an endpoint takes and what it returns, and how ids are made."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from ....codecs.lossless.plain import JsonObject
from ....core.http import HttpRequest, HttpResponse, Pairs
from ..scripts.script import Script, echo
from .event_chunks import EventChunks
from .state import State

IdSource: TypeAlias = Callable[[str, int], str]
"""Makes an id from what it is to begin with (`resp`, `msg`, `req`, …) and a number that it is given only once."""


class LateConsistency(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """The response that the request makes is a 404 for so many `seconds`, counted from when it was created or ended.

    `since` says from which: `created` or `ended`.
    Seen in the wild: a finished background response is a 404 for up to 33 seconds.
    """

    seconds: float = 33.0
    since: Literal["created", "ended"] = "ended"


class CancelUndone(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """The response that the request cancels turns `completed` after so many `seconds`, 0 or more. Seen in the wild."""

    seconds: float = 120.0


Quirk: TypeAlias = LateConsistency | CancelUndone
"""Misbehaviour of the service itself, on one request."""


class Asked(Struct, frozen=True):
    """A request, with all that answering it depends on."""

    state: State
    request: HttpRequest
    now: float
    new_id: IdSource
    script: Script = echo
    quirks: tuple[Quirk, ...] = ()


class EndpointAnswer(Struct, frozen=True):
    """What an endpoint answers: JSON that is due `at` a time (None: at once), or events that are due one by one.

    `body` is None for an answer without a body. Events are those of the response `follows`, and end where it is
    cancelled or deleted before they are due; None for one that is not stored, which nothing can end.
    """

    body: JsonObject | None
    at: float | None = None
    headers: Pairs = ()
    events: EventChunks | None = None
    follows: str | None = None


class Answered(Struct, frozen=True):
    """An answer on its way: `head` is due `at` a time, with the body where no `events` follow it."""

    head: HttpResponse
    at: float
    events: EventChunks | None = None
    follows: str | None = None


Transition: TypeAlias = tuple[State, JsonObject | EndpointAnswer | None]
"""The next state, and what is answered."""

Endpoint: TypeAlias = Callable[[Asked, Any], Transition]


def numbered_id(prefix: str, number: int) -> str:
    """The ids that are made by default: readable, and the same in every run."""
    return f"{prefix}_{number:06d}"


class IdMaker:
    """Makes ids that nothing has yet. Lives for one exchange; `issued` goes back into the state."""

    def __init__(self, new_id: IdSource, issued: int) -> None:
        self._new_id = new_id
        self.issued = issued

    def make(self, prefix: str, taken: Collection[str]) -> str:
        """An id that is not among `taken`. Raises `ValueError` for a source that returns the same id again."""
        last = None
        while True:
            self.issued += 1
            made = self._new_id(prefix, self.issued)
            if made not in taken:
                return made
            if made == last:
                raise ValueError(f"new_id: gave {made!r} for two different numbers; ids must differ")
            last = made
