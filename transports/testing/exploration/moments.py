"""The life that leads to a state, as claims see it: what they look at of the past is noted."""

from __future__ import annotations

from typing import Any

from returns.result import Result

from ....core.errors import Error
from ...memory.service import State
from ..lives.lives import Life, LifeStep
from ..lives.passing_time import NOW
from .looking import Looks


class Place:
    """A state of the search, and how it was reached first: `step` led to it from `parent`."""

    __slots__ = (
        "body",
        "depth",
        "elapsed",
        "faults",
        "is_done",
        "is_most",
        "memories",
        "number",
        "parent",
        "past",
        "state",
        "step",
        "tree",
        "tree_number",
    )

    def __init__(
        self,
        *,
        tree: Any,
        state: State,
        body: Any,
        elapsed: float,
        is_most: bool | None,
        faults: int,
        parent: Place | None,
        step: LifeStep,
    ) -> None:
        self.tree = tree
        self.tree_number = -1
        self.state = state
        self.body = body
        self.elapsed = elapsed
        self.is_most = is_most
        self.faults = faults
        self.parent = parent
        self.step = step
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.past: tuple[int, ...] = ()
        self.memories: tuple[Any, ...] = ()
        self.number = -1
        self.is_done = False
        """Whether it was gone on from."""

    def is_before(self, other: Place) -> bool:
        """Whether it was reached with fewer faults, or with as many in fewer steps."""
        return (self.faults, self.depth) < (other.faults, other.depth)

    def reach_as(self, other: Place) -> None:
        """Take over how the other, which is the same place, was reached."""
        self.faults, self.depth = other.faults, other.depth
        self.parent, self.step, self.elapsed = other.parent, other.step, other.elapsed

    @property
    def life(self) -> Life:
        """All steps from the beginning."""
        steps: list[LifeStep] = []
        place: Place | None = self
        while place is not None:
            steps.append(place.step)
            place = place.parent
        return tuple(reversed(steps))


class PlaceMoment:
    """The `Moment` of a place."""

    __slots__ = ("_looks", "_place")

    def __init__(self, place: Place, looks: Looks) -> None:
        self._place = place
        self._looks = looks

    @property
    def result(self) -> Result[Any, Error] | None:
        """How the program has ended; None while it has not."""
        return self._place.step.result

    @property
    def state(self) -> State:
        """What the service knows."""
        return self._place.state

    @property
    def now(self) -> float:
        """The time of the service, in seconds since 1970."""
        return NOW

    @property
    def emitted(self) -> tuple[Any, ...]:
        """All values that were emitted."""
        self._looks.look("emitted")
        return tuple([value for step in self._place.life for value in step.emitted])

    @property
    def requests(self) -> tuple[LifeStep, ...]:
        """All steps that were requests, in order."""
        self._looks.look("requests")
        return tuple([step for step in self._place.life if step.kind in ("send", "open")])

    @property
    def seconds(self) -> float:
        """How long the life has lasted."""
        self._looks.look("seconds")
        return self._place.elapsed
