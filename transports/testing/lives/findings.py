"""What a search has found, as values: what was searched, what does not hold, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from returns.result import Result

from ....core.errors import Error
from ....core.steps import Operation
from ....core.streams import Stream
from .lives import Life, Mishap


class Violation(Struct, frozen=True, kw_only=True):
    """A `claim` that does not hold, and a `life` in which it does not: with the fewest faults, and the fewest steps.

    `why` says in a sentence what is wrong. `node` is its place in the graph of the search. `program` is what was
    explored; None where that is code, and no value.
    """

    claim: str
    why: str
    life: Life
    node: int
    program: Operation[Any] | Stream[Any] | None = None

    def __str__(self) -> str:
        return self.story

    def __repr__(self) -> str:
        return f"<Violation: {self.claim}; a life of {len(self.life) - 1} steps>"

    @property
    def story(self) -> str:
        """The life, for people to read: a line for each step."""
        from .story import story_of

        return story_of(self)

    @property
    def script(self) -> str:
        """Python that makes a `ScriptedTransport` with the answers of this life, to be pasted into a test."""
        from .script import script_of

        return script_of(self)


class Edge(Struct, frozen=True):
    """A step from one state of a search to another; `mishap` is what went wrong in it."""

    source: int
    target: int
    mishap: Mishap | None = None


class Graph(Struct, frozen=True):
    """The states of a search, numbered from 0, where each was reached from first, and all steps between them.

    `labels` says in a few words what the program waits for in a state; `ends` are those in which it has ended.
    """

    labels: tuple[str, ...]
    edges: tuple[Edge, ...]
    parents: tuple[int, ...]
    ends: frozenset[int]


class Ending(Struct, frozen=True):
    """A way in which lives end: `result`, by the least number of `faults` with which it is met, and one such life.

    `node` is the place of its end in the graph of the search.
    """

    result: Result[Any, Error]
    faults: int
    node: int


class Exploration(Struct, frozen=True, kw_only=True):
    """What a search has found.

    - `faults`: how many things went wrong in a life at most.
    - `states`, `steps`: how many different states were met, and how many steps were taken between them.
    - `seconds`: how long it took.
    - `endings`: the different ways in which lives end, by their results.
    - `violations`: for each claim that does not hold, one with the shortest life.
    - `limit`: the bound that was met, in a sentence; None where all was searched.
    - `opaque`: the parts of the program that are no data. States that hold different ones are different, and nothing
      was claimed of a process that dies: no checkpoint can have them.
    - `looked_at`: which parts of the past the program and the claims have looked at, and which therefore distinguish
      states: `time`, `requests`, `emitted`, `seconds`.
    - `together`: the branches of forks that were carried out in every order, since they have to do with each other.
    - `graph`: all states and steps; None where it was not kept.
    """

    faults: int
    states: int
    steps: int
    seconds: float
    endings: tuple[Ending, ...] = ()
    violations: tuple[Violation, ...] = ()
    limit: str | None = None
    opaque: tuple[str, ...] = ()
    looked_at: tuple[str, ...] = ()
    together: Mapping[tuple[int, ...], tuple[tuple[int, ...], ...]] = {}
    graph: Graph | None = None

    def __str__(self) -> str:
        from .story import report_of

        return report_of(self)

    def __repr__(self) -> str:
        return f"<Exploration: {str(self).partition(chr(10))[0]}>"

    @property
    def holds(self) -> bool:
        """Whether all claims hold of all lives: nothing was found, and no bound was met."""
        return not self.violations and self.limit is None

    def check(self) -> None:
        """Raise `AssertionError` with the stories where a claim does not hold, or where a bound was met."""
        if not self.holds:
            raise AssertionError(str(self))

    def page(self) -> str:
        """A page of HTML that shows the states, the steps, and the lives in which a claim does not hold."""
        from .page import page_of

        return page_of(self)
