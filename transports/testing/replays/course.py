"""The course of one life of code: at each of its points, what happens, and what might.

Law: the same row of choices makes the same course. Code that does something else where the same has happened is told
so: of such code nothing could be claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from .chosen import Choice, Row, text_of


class NotTheSame(Exception):
    """Code was carried out again, all the same happened to it, and it did something else: the `reason` says what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class Point(Struct, frozen=True):
    """A point of a course: what happened there, in a few words, and what else might have. `costs`: as a fault."""

    label: str
    alternatives: tuple[Choice, ...]
    costs: bool


Alternatives: TypeAlias = Callable[[], Iterable[Choice]]


class Course:
    """A course on which the choices of `row` are made; everywhere else nothing goes wrong.

    `before` is one that is the same up to the last of these. `explores` says whether one more thing may go wrong behind
    that: then the alternatives of each point are kept.
    """

    def __init__(self, row: Row = (), before: Sequence[Point] = (), *, explores: bool = False) -> None:
        self.row = row
        self.points: list[Point] = []
        self.refusal: NotTheSame | None = None
        self._chosen = dict(row)
        self._before = before
        self._last = row[-1][0] if row else -1
        self._explores = explores

    def take(self, label: str, alternatives: Alternatives, *, costs: bool = True) -> Choice | None:
        """What happens at the next point: None, or what was chosen."""
        position = len(self.points)
        if position <= self._last and self._before and self._before[position].label != label:
            raise self._refused(f"point {position} was {self._before[position].label!r}, and is {label!r} now")
        is_open = position > self._last and (self._explores or not costs)
        self.points.append(Point(label, tuple(alternatives()) if is_open else (), costs))
        return self._chosen.get(position)

    def check_end(self) -> None:
        """The life is over. Raises `NotTheSame` where it was another than it had to be."""
        if self._last >= len(self.points):
            self._refused(f"it ended after {len(self.points)} points")
        if self.refusal is not None:
            raise self.refusal

    def others(self, *, costs: bool) -> Iterator[Row]:
        """The rows of all courses that differ in one more place, behind the last: in what counts as a fault, or not."""
        for position in range(self._last + 1, len(self.points)):
            point = self.points[position]
            if point.costs is costs:
                for choice in point.alternatives:
                    yield (*self.row, (position, choice))

    def _refused(self, what: str) -> NotTheSame:
        happened = text_of(self.row) or "nothing went wrong"
        self.refusal = self.refusal or NotTheSame(f"a life ({happened}) was another the second time: {what}. {_MUST}")
        return self.refusal


_MUST = "Code that is carried out for every fault does the same each time: no threads, no time of its own, no chance."
