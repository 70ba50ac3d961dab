"""What a run has come to so far: how many of each outcome, what went wrong, and how long each took.

Law: an operation takes from when it is taken, which is when there is room for it, until its outcome is told.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import ceil
from typing import Any

from msgspec import Struct

from ...transports.batch.progress import Progress, error_kind
from ..failures import ExitCode, exit_code_of
from .outcomes import IN_FLIGHT, Outcome


class Latency(Struct, frozen=True):
    """Seconds within which half of the operations, 95 % and 99 % of them had ended."""

    p50: float
    p95: float
    p99: float


class Tally:
    """Counts the outcomes of a run as they are told."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._began = now()
        self._taken_at = dict[str, float]()
        self._took = array("d")
        # Made anew with each count, and never touched again: another thread may be reading them.
        self.outcomes: Mapping[str, int] = {}
        self.failures: Mapping[str, int] = {}
        self.codes = set[ExitCode]()
        self.progress = Progress()

    def begin(self, total: int | None) -> None:
        """The first operation is begun, of so many, where that is known."""
        self._began = self._now()
        self.progress = Progress(total=total)

    def taking(self, pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        """The pairs, each noted as it is taken."""
        for pair in pairs:
            self._taken_at[pair[0]] = self._now()
            yield pair

    def ended(self, name: str) -> None:
        """The operation of that name has ended."""
        taken_at = self._taken_at.pop(name, None)
        if taken_at is not None:
            self._took.append(self._now() - taken_at)

    def count(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.outcomes = {**self.outcomes, outcome.word: self.outcomes.get(outcome.word, 0) + 1}
        if outcome.error is not None:
            kind = error_kind(outcome.error)
            self.failures = {**self.failures, kind: self.failures.get(kind, 0) + 1}
            self.codes.add(exit_code_of(outcome.error))

    def told(self, progress: Progress) -> None:
        """Keep how far the run is."""
        self.progress = progress

    @property
    def seconds(self) -> float:
        """How long the run has lasted."""
        return self._now() - self._began

    @property
    def ended_count(self) -> int:
        """How many have ended."""
        return sum(self.outcomes.values()) - self.outcomes.get(IN_FLIGHT, 0)

    @property
    def failed_count(self) -> int:
        """How many of them are failures."""
        return sum(self.failures.values())

    def latency(self) -> Latency | None:
        """How long the operations took; None where none was taken and told."""
        ordered = sorted(self._took)
        return Latency(*(_within(share, ordered) for share in (50, 95, 99))) if ordered else None


def _within(percent: int, ordered: list[float]) -> float:
    """The percentile by the nearest rank: a time that one of them took."""
    return ordered[max(0, ceil(percent * len(ordered) / 100) - 1)]


def most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What was counted, the most frequent first."""
    return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
