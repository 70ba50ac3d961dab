"""Applications whose connections are counted."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from threading import Event
from typing import Any

LATE = 0.002
"""Seconds."""


class Counting:
    """A WSGI application that counts the connections over which it was asked.

    The end of a body comes a moment after its last event, in a segment of its own, as it does over most networks.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self.connections: set[Any] = set()
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.connections.add((environ["REMOTE_ADDR"], environ["REMOTE_PORT"]))
        self.asked += 1
        return self._with_a_late_end(self._application(environ, start_response))

    @staticmethod
    def _with_a_late_end(chunks: Iterable[bytes]) -> Generator[bytes]:
        yield from chunks
        Event().wait(LATE)
