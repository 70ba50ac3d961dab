"""A client of a walk: where its program is, by its own clock, and what it has lived through in this life."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from returns.result import Result

from ....core.errors import Error
from ...memory.service import State
from ..exploration.claims import Broken, Claim
from ..exploration.exchanged import OpenBody
from ..exploration.lines import Tree
from ..lives.findings import Violation
from ..lives.lives import Life, LifeStep
from ..lives.passing_time import NOW
from ..lives.passing_time import later as state_later

_BROKEN = object()


class Walker:
    """A client. `tree` and `body` are as they are when it goes on next, and None between two lives.

    `elapsed` is how long its program has run by then, as it is told: without the time for which its process was away.
    """

    __slots__ = (
        "body",
        "chance",
        "claims",
        "elapsed",
        "errand",
        "life",
        "lives",
        "memories",
        "number",
        "tree",
    )

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.chance = Random(seed)
        self.lives = 0
        self.tree: Tree | None = None
        self.body: OpenBody | None = None
        self.elapsed = 0.0
        self.errand = ""
        self.life: list[LifeStep] = []
        self.claims: Sequence[Claim] = ()
        self.memories: list[Any] = []

    def begins(self, errand: str) -> None:
        """Another life begins."""
        self.errand = errand
        self.elapsed = 0.0
        self.life = []
        self.body = None

    def holds_to(self, claims: Sequence[Claim]) -> None:
        """What is claimed of this life."""
        self.claims = claims
        self.memories = [claim.begin() for claim in claims]

    def judged(self, step: LifeStep, moment: WalkMoment) -> list[Violation]:
        """What does not hold after a step."""
        found: list[Violation] = []
        for index, claim in enumerate(self.claims):
            memory = self.memories[index]
            if memory is _BROKEN:
                continue
            remembered = claim.after(memory, step, moment)
            if not isinstance(remembered, Broken) and step.result is not None:
                ended = claim.end(remembered, step, moment)
                remembered = remembered if ended is None else ended
            if isinstance(remembered, Broken):
                found.append(self.violation(claim.name, remembered.why))
                remembered = _BROKEN
            self.memories[index] = remembered
        return found

    def violation(self, claim: str, why: str) -> Violation:
        """That something does not hold of this life."""
        return Violation(claim=claim, why=why, life=tuple(self.life), node=0)


class WalkMoment:
    """The `Moment` of a life of a walk."""

    __slots__ = ("_state", "_until", "_walker", "result")

    def __init__(self, walker: Walker, state: State, until: float, result: Result[Any, Error] | None) -> None:
        self._walker = walker
        self._state = state
        self._until = until
        self.result = result

    @property
    def state(self) -> State:
        """What the service knows."""
        if self._until:
            self._state, self._until = state_later(self._state, self._until), 0.0
        return self._state

    @property
    def now(self) -> float:
        """The time of the service, in seconds since 1970."""
        return NOW

    @property
    def emitted(self) -> tuple[Any, ...]:
        """All values that were emitted."""
        return tuple([value for step in self._walker.life for value in step.emitted])

    @property
    def requests(self) -> Life:
        """All steps that were requests, in order."""
        return tuple([step for step in self._walker.life if step.kind in ("send", "open")])

    @property
    def seconds(self) -> float:
        """How long the life has lasted."""
        return self._walker.elapsed
