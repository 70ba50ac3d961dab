"""The programs of the library, each with the service that it meets and what is claimed of it: all are explored."""

from __future__ import annotations

from explored import Explored
from explored_creations import CREATIONS, STREAMS
from explored_deletions import CHAINS, DELETIONS, LISTS, MANY_DELETIONS
from explored_waits import CANCELLATIONS, WAITS

PROGRAMS: tuple[Explored, ...] = (
    *DELETIONS,
    *CHAINS,
    *MANY_DELETIONS,
    *LISTS,
    *WAITS,
    *CANCELLATIONS,
    *CREATIONS,
    *STREAMS,
)


def program_of(name: str) -> Explored:
    """The one of that name."""
    (found,) = [explored for explored in PROGRAMS if explored.name == name]
    return found
