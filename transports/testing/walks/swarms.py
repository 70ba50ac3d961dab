"""Mixes of what goes wrong, drawn by chance: each walk has its own.

Law: a mix that has everything hides what only shows where something is absent: cancels that always fail never undo
anything. So each walk leaves out about half of all kinds, and what is left is frequent in one and rare in another
(Groce et al., "Swarm Testing", ISSTA 2012). A mix is a value: one with fewer kinds draws the same for those that stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from ....core.http import HttpRequest
from ...memory.faults import (
    Delay,
    Fault,
    FaultPlan,
    Garbage,
    RateLimited,
    Rule,
    SlowStream,
    Truncated,
    Unsent,
)
from ...memory.service import CancelUndone, LateConsistency, State
from ..exploration.alternatives import EVERY_FAULT, AnyFault
from ..lives.passing_time import NOW

Waits: TypeAlias = Literal["least", "most", "any"]
"""How long waits are: all their least, all their most, or each anything between."""

WALKED_FAULTS: tuple[AnyFault, ...] = (
    *EVERY_FAULT,
    Unsent("dns"),
    RateLimited(30.0, "tokens"),
    RateLimited(300.0),
    Truncated(0),
    Truncated(400),
    Garbage(),
    Garbage(b"<html>bad gateway</html>", status=502),
    Delay(0.3),
    Delay(100.0),
    SlowStream(0.2),
    SlowStream(30.0),
    Rule(LateConsistency(33.0, "created"), method="POST", path="/responses"),
    Rule(LateConsistency(33.0, "ended"), method="POST", path="/responses"),
    Rule(CancelUndone(3.0), method="POST", path="/responses/*/cancel"),
    Rule(CancelUndone(120.0), method="POST", path="/responses/*/cancel"),
)
"""What the requests of a walk may meet: what a search tries, and more of the same kinds."""

_CHANCES = (0.0, 0.01, 0.05, 0.15, 0.35, 0.7)
_RARE = (0.0, 0.0, 0.005, 0.02, 0.1)
_LATENCIES = (0.0, 0.0, 0.05, 1.0, 8.0)


class Swarm(Struct, frozen=True, kw_only=True):
    """What goes wrong in a walk, and how often.

    Chances are from 0 to 1, times in seconds, 0 or more.

    - `faults`: what a request may meet; one that is None was taken out, and then nothing goes wrong.
    - `shares`: how often each of these is met: a number for each, 0 or more, added up.
    - `meets`: the chance from 0 to 1 that a request meets any of them.
    - `latency`: the seconds, 0 or more, that the answer to any other request takes at most.
    - `dies`: the chance from 0 to 1 that the process dies at a step.
    - `away`: the seconds, 0 or more, within which it is back.
    - `cuts`: the chance from 0 to 1 that a chunk is cut.
    - `waits`: how long waits are: all their least, all their most, or each anything between.
    - `hair`: by how many seconds, 0 or more, clocks wake too early or late.
    """

    faults: tuple[AnyFault | None, ...] = ()
    shares: tuple[float, ...] = ()
    meets: float = 0.0
    latency: float = 0.0
    dies: float = 0.0
    away: float = 0.0
    cuts: float = 0.0
    waits: Waits = "any"
    hair: float = 0.0

    def fault(self, chance: Random, request: HttpRequest, state: State) -> Fault | None:
        """What `request` meets, by `chance`, where the service is in `state`; None for nothing."""
        meets, late = chance.random() < self.meets, chance.random()
        if meets and self.faults:
            (fault,) = chance.choices(self.faults, cum_weights=self.shares)
            if not isinstance(fault, Rule):
                return fault
            _, met = FaultPlan((fault,)).met((), 1, request, state, NOW)
            return met[0] if met else None
        if self.latency:
            return Delay(round(late * self.latency, 3))
        return None

    def seconds(self, chance: Random, least: float, spread: float) -> float:
        """How long a wait of `least` seconds, and up to `spread` more, is by `chance`; one of 0 only asks the time."""
        share, off = chance.random(), chance.random()
        if self.waits != "any":
            share = 0.0 if self.waits == "least" else 1.0
        seconds = least + share * spread
        return max(0.0, seconds + (2 * off - 1) * self.hair) if seconds else 0.0

    def without(self, *numbers: int) -> Swarm:
        """The mix without the faults of these `numbers`; what else goes wrong goes wrong at the same times."""
        return replace(
            self, faults=tuple([None if number in numbers else fault for number, fault in enumerate(self.faults)])
        )


def drawn_swarm(chance: Random, kinds: Sequence[AnyFault] = WALKED_FAULTS) -> Swarm:
    """Draw the mix of a walk from faults of these kinds."""
    chosen = tuple([kind for kind in kinds if chance.random() < 0.5])
    shares: list[float] = []
    for _ in chosen:
        shares.append((shares[-1] if shares else 0.0) + chance.expovariate(1.0) + 0.01)
    waits: tuple[Waits, ...] = ("least", "most", "any", "any")
    return Swarm(
        faults=chosen,
        shares=tuple(shares),
        meets=chance.choice(_CHANCES),
        latency=chance.choice(_LATENCIES),
        dies=chance.choice(_RARE),
        away=chance.choice((0.0, 5.0, 90.0)),
        cuts=chance.choice(_RARE),
        waits=chance.choice(waits),
        hair=chance.choice((0.0, 0.0, 0.009)),
    )
