"""A pool of connections that a forked process does not share with its parent.

Law: a connection belongs to the process that opened it. Two that read from one would get each other's answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from weakref import WeakSet

from .connections import Pool


class OwnPool:
    """Holds what `open_pool` makes, and in a child process what it makes there."""

    def __init__(self, open_pool: Callable[[], Pool]) -> None:
        self._open_pool = open_pool
        self.current = open_pool()
        _pools.add(self)

    def start_afresh(self) -> None:
        """Leave the connections to the parent process. What is closed stays closed."""
        _inherited.append(self.current)
        if not self.current.is_closed:
            self.current = self._open_pool()


_pools: WeakSet[OwnPool] = WeakSet()
_inherited: list[Pool] = []
"""Pools of the parent process. Kept, because closing one takes a lock that another of its threads may have held."""


def after_fork_in_child() -> None:
    """Let every pool start afresh: what the interpreter calls in a child process."""
    for pool in list(_pools):
        pool.start_afresh()


with suppress(AttributeError):  # a system that does not fork
    os.register_at_fork(after_in_child=after_fork_in_child)
