"""The ordinary way to test for faults: a thousand lives of a program, in which it meets them by chance.

Law: a life is a function of the seed, the mix and its number. Every kind of fault has the same share of the chance that
something goes wrong with a request; the particulars (which status, after how many events, how slow) are drawn for each
life, and so is what share of the spread of its waits is waited. A step is one at which the process dies as seldom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeAlias

from flawed import Flawed
from lives import Death, Lived, live
from msgspec import Struct

from puresponse import CutStream, Delay, FaultPlan, LateConsistency, RateLimited, Refused, Reset, Rule, ServerError
from puresponse.transports.memory.faults import Fault, Truncated

STATUSES = (408, 500, 502, 503, 504)

KINDS: tuple[Callable[[Random], Fault], ...] = (
    lambda drawn: Reset(),
    lambda drawn: Reset(acted=True),
    lambda drawn: RateLimited(),
    lambda drawn: Refused(409),
    lambda drawn: ServerError(drawn.choice(STATUSES)),
    lambda drawn: ServerError(drawn.choice(STATUSES), acted=True),
    lambda drawn: Truncated(drawn.randrange(200)),
    lambda drawn: CutStream(drawn.randrange(15), inside=drawn.random() < 0.5),
    lambda drawn: LateConsistency(since="created"),
    lambda drawn: LateConsistency(since="ended"),
    lambda drawn: Delay(drawn.choice((0.5, 2.0, 30.0))),
)
"""The faults of the service. Beside them, a request may not be sent, and a process may die."""

SHARES = len(KINDS) + 2


class Mix(Struct, frozen=True):
    """How often something goes wrong: the chance that one request meets a fault, of any of the kinds.

    With `swarms`, each life has a chance of its own, up to that, and about half of the kinds: so the others, which
    would end it early, do not hide what these find.
    """

    title: str
    chance: float
    swarms: bool = False


MIXES = (
    Mix("2 %", 0.02),
    Mix("10 %", 0.10),
    Mix("30 %", 0.30),
    Mix("swarms", 0.60, swarms=True),
)


class RandomLuck:
    """The luck of one life."""

    def __init__(self, mix: Mix, seed: int, number: int) -> None:
        drawn = self._drawn = Random(f"{seed}:{mix.title}:{number}")
        chance = mix.chance * drawn.random() if mix.swarms else mix.chance
        shares = [chance / SHARES if not mix.swarms or drawn.random() < 0.5 else 0.0 for _ in range(SHARES)]
        self._unsent, self._deadly, *others = shares
        rules = [Rule(make(drawn), chance=share) for make, share in zip(KINDS, others, strict=True)]
        self.plan = FaultPlan(tuple(rules), seed=drawn.getrandbits(32))
        self.spread = drawn.random()

    def is_sent(self, number: int) -> bool:
        return self._drawn.random() >= self._unsent

    def dies(self, step: int) -> Death | None:
        if self._drawn.random() >= self._deadly:
            return None
        return self._drawn.choice(("between two steps", "in flight"))

    def turn(self, branches: tuple[int, ...]) -> int:
        return self._drawn.choice(branches)


class Found(Struct, frozen=True):
    """What a number of lives showed: how often the promise was `broken`, and in which life `first`, counted from 1."""

    lives: int
    broken: int
    first: int | None = None
    words: str | None = None

    def __str__(self) -> str:
        return "not found" if self.first is None else f"{self.broken} of {self.lives:,}, first {self.first}"


def random_life(flawed: Flawed, mix: Mix, seed: int, number: int, *, correct: bool = False) -> Lived:
    """The life of a number, again and again the same."""
    return live(flawed, RandomLuck(mix, seed, number), correct=correct)


def search_by_chance(flawed: Flawed, mix: Mix, lives: int, *, seed: int = 0, correct: bool = False) -> Found:
    """Live a program so many times, and say how often its promise was broken."""
    words: dict[int, str] = {}
    for number in range(1, lives + 1):
        broken = random_life(flawed, mix, seed, number, correct=correct).broken(flawed)
        if broken is not None:
            words[number] = broken
    first = min(words, default=None)
    return Found(lives, len(words), first, None if first is None else words[first])


Column: TypeAlias = Mapping[str, object]
"""What is said in a column of the table of each bug, by its name."""


def columns_by_chance(bugs: Sequence[Flawed], lives: int, *, seed: int = 0) -> dict[str, Mapping[str, Found]]:
    """What so many lives of each bug showed, by the title of the mix and the name of the bug."""
    return {mix.title: {bug.name: search_by_chance(bug, mix, lives, seed=seed) for bug in bugs} for mix in MIXES}


def table(bugs: Sequence[Flawed], columns: Mapping[str, Column]) -> str:
    """A table with a row for each bug, and a column for each way in which it was searched for."""
    head = ("seeded bug", *columns)
    rows = [(bug.name, *(str(column.get(bug.name, "-")) for column in columns.values())) for bug in bugs]
    widths = [max(map(len, cells)) for cells in zip(head, *rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    lines.insert(1, "-|-".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" if index != 1 else f"|-{line}-|" for index, line in enumerate(lines))
