"""What walks are made of, and what they find, as values: errands, and the lives in which something was wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from msgspec import Struct

from ....core.steps import Operation
from ....core.streams import Stream
from ...memory.service import State
from ..exploration.claims import Claim
from ..lives.findings import Violation
from ..lives.lives import Kind, LifeStep
from .swarms import Swarm

Program: TypeAlias = Operation[Any] | Stream[Any]

Drawing: TypeAlias = Callable[[Random, State], Program | tuple[Program, Sequence[Claim]] | None]
"""Draws a program, from chance and what the service knows, or one and what is claimed of its life; None for nothing."""


class Errand(Struct, frozen=True):
    """What clients of a walk may be about.

    - `name`: what it is called.
    - `draw`: a function of chance and of what the service knows. It returns the program of one life; or that and
      what is claimed of it, in a pair; or None, where nothing is there to be done.
    - `weight`: how often it is drawn, more than 0, among all others.
    - `claims`: what is claimed of each such life.
    """

    name: str
    draw: Drawing
    weight: float = 1.0
    claims: Sequence[Claim] = ()


class Walked(Struct, frozen=True):
    """A `step` of a walk: of which `client`, in which `life` of its lives, both counted from 0, and when.

    `at` is the time of the walk, in seconds.
    """

    client: int
    life: int
    at: float
    step: LifeStep


class Strayed(Struct, frozen=True, kw_only=True):
    """A claim that does not hold of a life of a walk: of which `client`, and the `errand` that it was on.

    It was found `at` a time of the walk, in seconds; `life` is the number of the life among those of the client, and
    `violation` what does not hold.
    """

    client: int
    life: int
    errand: str
    at: float
    violation: Violation


class Walk(Struct, frozen=True, kw_only=True):
    """What a walk was like. It is the same whenever it is walked with the same `seed` and the same parameters.

    - `lives`: how many programs have ended, and `ended` how many of each errand.
    - `asked`: how many steps of each kind were taken, and `mishaps`: what went wrong in how many, by the fault's name.
    - `seconds`: how long the walk lasted, for its clients.
    - `clients`, `swarm`: who was under way, and what could go wrong.
    - `state`: what the service knew in the end.
    - `strayed`: what did not hold; the walk ends there.
    - `limit`: the bound that was met, in a sentence.
    - `steps`: all steps, in their order.
    """

    seed: int
    clients: tuple[int, ...]
    lives: int
    swarm: Swarm
    ended: Mapping[str, int]
    asked: Mapping[Kind, int]
    mishaps: Mapping[str, int]
    seconds: float
    state: State
    strayed: tuple[Strayed, ...] = ()
    limit: str | None = None
    steps: tuple[Walked, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether all claims hold, and no bound was met."""
        return not self.strayed and self.limit is None

    def check(self) -> None:
        """Raise `AssertionError` with the story where a claim does not hold, or where a bound was met."""
        if not self.holds:
            raise AssertionError(self.story)

    @property
    def story(self) -> str:
        """What was found, for people to read: the life, a line for each step, and what others did meanwhile."""
        from .telling import story_of_walk

        return story_of_walk(self)
