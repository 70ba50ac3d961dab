"""Lives with faults at places that are named, and all lives with up to two of them, each from the beginning.

It is what the seeded bugs are checked by: naive, slow, and small enough to be believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from flawed import Flawed
from lives import Death, Lived, live
from msgspec import Struct

from puresponse import CutStream, Delay, FaultPlan, LateConsistency, RateLimited, Refused, Reset, Rule, ServerError
from puresponse.transports.memory.faults import Fault, Truncated

Turns: TypeAlias = Literal["in order", "in turn", "in reverse"]


class Unsent(Struct, frozen=True):
    """The request is not sent."""


class At(Struct, frozen=True):
    """A fault, and the number of the request that meets it; for a death, that of the step."""

    number: int
    fault: Fault | Unsent | Death


class PlacedLuck:
    """The luck of a life with faults at these places."""

    def __init__(self, *placed: At, spread: float = 0.0, turns: Turns = "in order") -> None:
        self._unsent = {at.number for at in placed if isinstance(at.fault, Unsent)}
        self._deaths: dict[int, Death] = {at.number: at.fault for at in placed if isinstance(at.fault, str)}
        faults = {at.number: at.fault for at in placed if not isinstance(at.fault, str | Unsent)}
        self._turns = turns
        self._turned = -1
        self.has_turned = False
        self.spread = spread
        # The service counts only the requests that reach it.
        self.plan = FaultPlan(
            tuple([Rule(fault, numbers=(number - self._unsent_before(number),)) for number, fault in faults.items()])
        )

    def _unsent_before(self, number: int) -> int:
        return sum(one < number for one in self._unsent)

    def is_sent(self, number: int) -> bool:
        return number not in self._unsent

    def dies(self, step: int) -> Death | None:
        return self._deaths.get(step)

    def turn(self, branches: tuple[int, ...]) -> int:
        self.has_turned = True
        if self._turns == "in turn":
            self._turned = next((branch for branch in branches if branch > self._turned), branches[0])
            return self._turned
        return branches[0 if self._turns == "in order" else -1]


STATUSES = (408, 500, 502, 503, 504)

ANY: tuple[Fault | Unsent, ...] = (
    Unsent(),
    Reset(),
    Reset(acted=True),
    RateLimited(),
    Refused(409),
    *[ServerError(status) for status in STATUSES],
    *[ServerError(status, acted=True) for status in STATUSES],
    Truncated(10),
    Delay(0.5),
    Delay(30.0),
)
CREATING: tuple[Fault, ...] = (LateConsistency(since="created"), LateConsistency(since="ended"))
STREAMING: tuple[Fault, ...] = tuple(
    [CutStream(count, inside=inside) for count in range(14) for inside in (False, True)]
)
DEATHS: tuple[Death, ...] = ("between two steps", "in flight")


def _one_more(lived: Lived, placed: tuple[At, ...]) -> Iterator[At]:
    """Each fault that may follow those of a life, in a place that it has reached."""
    unsent = sum(isinstance(at.fault, Unsent) for at in placed)
    requests = max([at.number for at in placed if not isinstance(at.fault, str)], default=0)
    steps = max([at.number for at in placed if isinstance(at.fault, str)], default=0)
    for number in range(requests + 1, len(lived.requests) + unsent + 1):
        yield from [At(number, fault) for fault in ANY]
        # Which of the others a request can meet is known of it where none before it was left out.
        request = lived.requests[number - 1 - unsent]
        if request.method == "POST":
            yield from [At(number, fault) for fault in CREATING]
        if b'"stream":true' in (request.body or b"") or ("stream", "true") in request.query:
            yield from [At(number, fault) for fault in STREAMING]
    for step in range(steps + 1, lived.steps):
        yield from [At(step, death) for death in DEATHS]


class Shown(Struct, frozen=True):
    """How many lives there are, and of those in which the promise is broken, one with the fewest faults."""

    lives: int
    broken: int
    placed: tuple[At, ...] | None = None
    turns: Turns = "in order"
    words: str | None = None


def all_lives(flawed: Flawed, faults: int, *, correct: bool = False) -> Shown:
    """Live all lives with up to so many faults, with all waits at their least and all at their most."""
    count, broken, shown = 0, 0, Shown(0, 0)
    kinds: tuple[Turns, ...] = ("in order", "in turn", "in reverse")
    pending: list[tuple[tuple[At, ...], float, Turns]] = [
        ((), spread, turns) for turns in kinds for spread in (0.0, 1.0)
    ]
    lived_before: set[tuple[frozenset[At], float, Turns]] = set()
    while pending:
        following: list[tuple[tuple[At, ...], float, Turns]] = []
        for placed, spread, turns in pending:
            life = (frozenset(placed), spread, turns)
            if life in lived_before:
                continue
            lived_before.add(life)
            luck = PlacedLuck(*placed, spread=spread, turns=turns)
            lived = live(flawed, luck, correct=correct)
            if turns != "in order" and not luck.has_turned:
                continue  # as in order
            count += 1
            words = lived.broken(flawed)
            if words is not None:
                broken += 1
                shown = shown if shown.words is not None else Shown(0, 0, placed, turns, words)
            if len(placed) < faults:
                for one in _one_more(lived, placed):
                    following.append(((*placed, one), spread, turns))
        pending = following
    return Shown(count, broken, shown.placed, shown.turns, shown.words)
