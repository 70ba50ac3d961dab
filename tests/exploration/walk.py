"""Random walks of our own programs: many of them, or one again.

    python tests/exploration/walk.py --seed 18 --lives 1000000    so many lives, on all processors
    python tests/exploration/walk.py --seed 18 --walk 4567        what one walk has found, made as small as may be

Law: the walk of a number is the same on every machine, in whichever process it is walked.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from functools import partial
from random import Random

from msgspec import Struct, field
from walked_errands import ERRANDS
from walked_frames import NAMES
from walked_service import LAWS, drawn_state, replied

from puresponse.transports.testing.walks.shrinking import shrunk
from puresponse.transports.testing.walks.swarms import Swarm
from puresponse.transports.testing.walks.walked import Errand, Walk
from puresponse.transports.testing.walks.walking import walk

LIVES = 60
"""Lives of a walk."""

_AT_ONCE = 25
"""Walks that a process is handed at once."""

_TOLD_EVERY = 20.0
"""Seconds."""


def walked(
    seed: int,
    number: int,
    clients: Sequence[int] | None = None,
    swarm: Swarm | None = None,
    lives: int = LIVES,
    *,
    errands: Sequence[Errand] = ERRANDS,
) -> Walk:
    """Walk `number` of a seed."""
    own = seed * 1_000_000_007 + number
    return walk(
        errands,
        drawn_state(Random(own)),
        seed=own,
        lives=lives,
        clients=clients,
        swarm=swarm,
        script=replied,
        laws=LAWS,
        names=NAMES,
    )


class Tally(Struct):
    """What many walks were like; `found` has the numbers of those in which something does not hold, and what."""

    walks: int = 0
    lives: int = 0
    steps: int = 0
    hours: float = 0.0
    ended: Counter[str] = field(default_factory=Counter[str])
    mishaps: Counter[str] = field(default_factory=Counter[str])
    found: dict[int, str] = field(default_factory=dict[int, str])

    def add(self, number: int, one: Walk) -> None:
        """Count a walk."""
        self.join(
            Tally(
                1,
                one.lives,
                len(one.steps),
                one.seconds / 3600,
                Counter(one.ended),
                Counter(one.mishaps),
                {} if one.holds else {number: _found(one)},
            )
        )

    def join(self, other: Tally) -> None:
        """Count what another has counted."""
        self.walks += other.walks
        self.lives += other.lives
        self.steps += other.steps
        self.hours += other.hours
        self.ended.update(other.ended)
        self.mishaps.update(other.mishaps)
        self.found.update(other.found)


def _found(one: Walk) -> str:
    said = [f"{strayed.errand}: {strayed.violation.claim}: {strayed.violation.why}" for strayed in one.strayed]
    return said[0] if said else str(one.limit)


def tallied(seed: int, numbers: Sequence[int]) -> Tally:
    """Some walks of a seed, one after another."""
    tally = Tally()
    for number in numbers:
        tally.add(number, walked(seed, number))
    return tally


def repeated(seed: int, number: int, *, errands: Sequence[Errand] = ERRANDS) -> Walk:
    """A walk, as small as it can be made while the same claim does not hold."""
    return shrunk(walked(seed, number, errands=errands), partial(walked, seed, number, errands=errands))


def line_of(seed: int, number: int) -> str:
    """What repeats a walk."""
    return f"python tests/exploration/walk.py --seed {seed} --walk {number}"


def _tallies(seed: int, walks: int) -> Iterator[Tally]:
    parts = [range(first, min(first + _AT_ONCE, walks)) for first in range(0, walks, _AT_ONCE)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        futures: list[Future[Tally]] = [pool.submit(tallied, seed, part) for part in parts]
        for future in as_completed(futures):
            yield future.result()


def _walk_all(seed: int, lives: int) -> int:
    """Walk until so many lives have begun, and say what was found. Returns the exit status."""
    tally, began = Tally(), time.monotonic()
    told = began
    for part in _tallies(seed, -(-lives // LIVES)):
        for number, what in part.found.items():
            print(f"{line_of(seed, number)}\n  {what}", flush=True)
        tally.join(part)
        if time.monotonic() - told > _TOLD_EVERY:
            told = time.monotonic()
            print(f"{tally.lives:,} lives, {tally.lives / (told - began):,.0f} a second", flush=True)
    seconds = time.monotonic() - began
    print(
        f"{tally.lives:,} lives in {tally.walks:,} walks by the seed {seed}: {tally.steps:,} steps, "
        f"{tally.hours:,.0f} hours of their clocks, in {seconds:,.0f} s ({tally.lives / seconds:,.0f} lives a second); "
        f"{len(tally.found)} walks have found something"
    )
    for title, counts in (("ended", tally.ended), ("went wrong", tally.mishaps)):
        print(f"{title}: {', '.join([f'{name} {count:,}' for name, count in counts.most_common()])}")
    return 1 if tally.found else 0


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Random walks of this library's own programs.")
    parser.add_argument("--seed", type=int, default=18)
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--lives", type=int, default=1_000_000, help="how many lives, in walks of 60")
    chosen.add_argument("--walk", type=int, help="the number of one walk, to be told of")
    given = parser.parse_args(arguments)
    if given.walk is None:
        return _walk_all(given.seed, given.lives)
    one = repeated(given.seed, given.walk)
    print(one.story)
    return 0 if one.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
