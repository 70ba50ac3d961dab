"""A walk that has found something, made smaller: what is left is what it takes to find it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from .swarms import Swarm
from .walked import Walk

Repeated: TypeAlias = Callable[[Sequence[int], Swarm, int], Walk]
"""Walks again: with these clients, this mix, and so many lives."""


def shrunk(found: Walk, again: Repeated) -> Walk:
    """A small walk that breaks the same claim on the same errand: of one client or fewer, with less that goes wrong.

    It is found by trying, and need not be the smallest that there is.
    """
    if not found.strayed:
        return found
    wanted = _what(found)

    def still(clients: Sequence[int], swarm: Swarm, lives: int) -> Walk | None:
        tried = again(clients, swarm, lives)
        return tried if wanted & _what(tried) else None

    lives = 2 * found.asked["begin"]  # another walk may take longer; it ends with what it finds
    best = still(found.clients, found.swarm, lives) or found
    alone = (still((client,), best.swarm, lives) for client in best.clients)
    best = next((one for one in alone if one is not None), best)
    for client in best.clients:
        rest = tuple([number for number in best.clients if number != client])
        best = (still(rest, best.swarm, lives) if rest else None) or best
    numbers = range(len(best.swarm.faults))
    single = (still(best.clients, best.swarm.without(*numbers[:kept], *numbers[kept + 1 :]), lives) for kept in numbers)
    best = next((one for one in single if one is not None), best)
    for number in numbers:
        if best.swarm.faults[number] is not None:
            best = still(best.clients, best.swarm.without(number), lives) or best
    for part in ("latency", "dies", "cuts", "hair"):
        if getattr(best.swarm, part):
            best = still(best.clients, replace(best.swarm, **{part: 0.0}), lives) or best
    return best


def _what(walk: Walk) -> set[tuple[str, str]]:
    return {(strayed.errand, strayed.violation.claim) for strayed in walk.strayed}
