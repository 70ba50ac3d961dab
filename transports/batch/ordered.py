"""Outcomes in the order in which the operations were given, though they finish in any other.

Law: no more than `AHEAD` operations for each of the `concurrency` are held, those under way and those that have
finished before their turn. So a slow first one lets so many others begin and finish; then all wait for it.
"""

from __future__ import annotations

from collections import deque

from .taken import Taken

AHEAD = 16
"""How many times the concurrency are taken from the iterable before the first of them is yielded."""


class InOrder:
    """What has ended, by its number, until its turn is there."""

    def __init__(self) -> None:
        self._next = 0
        self._early: dict[int, Taken] = {}

    def put(self, taken: Taken, ready: deque[Taken]) -> None:
        """Add one that has ended, and append to `ready` all whose turn it is now."""
        self._early[taken.number] = taken
        while (first := self._early.pop(self._next, None)) is not None:
            self._next += 1
            ready.append(first)
