"""Which claims do not hold of a life that is over, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from returns.result import Result

from ....core.errors import Error
from ...memory.service import State
from ..exploration.claims import Broken, Claim
from ..lives.lives import Life, LifeStep


class LivedMoment:
    """The `Moment` of a life after so many of its steps."""

    def __init__(self, life: Life, began: float) -> None:
        self._life = life
        self._began = began

    @property
    def result(self) -> Result[Any, Error] | None:
        """How the code has ended, where that is a `Result`; None while it has not."""
        return self._life[-1].result

    @property
    def state(self) -> State:
        """What the service knows."""
        return self._life[-1].after

    @property
    def now(self) -> float:
        """The time of the service, in seconds since 1970."""
        return self._began + self.seconds

    @property
    def emitted(self) -> tuple[Any, ...]:
        """Nothing: what code does with values is its own."""
        return ()

    @property
    def requests(self) -> tuple[LifeStep, ...]:
        """All steps that were requests, in order."""
        return tuple([step for step in self._life if step.kind in ("send", "open")])

    @property
    def seconds(self) -> float:
        """How long the life has lasted."""
        return self._life[-1].ended


def broken_of(life: Life, claims: Sequence[Claim], began: float) -> Iterator[tuple[Claim, int, str]]:
    """Each claim that does not hold, after how many steps that is so, and why. The life `began` at that time."""
    moments = [LivedMoment(life[: count + 1], began) for count in range(len(life))] if claims else []
    for claim in claims:
        found = _broken(life, claim, moments)
        if found is not None:
            count, broken = found
            yield claim, count, broken.why


def _broken(life: Life, claim: Claim, moments: Sequence[LivedMoment]) -> tuple[int, Broken] | None:
    memory = claim.begin()
    for count, (step, moment) in enumerate(zip(life, moments, strict=True), 1):
        memory = claim.after(memory, step, moment)
        if isinstance(memory, Broken):
            return count, memory
    end = claim.end(memory, life[-1], moments[-1])
    return None if end is None else (len(life), end)
