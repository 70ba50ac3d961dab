"""Bodies whose chunks are returned when they are due.

Law: what is due, what is left out and how it ends is said in one place, `Unread`; a body adds who waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from returns.result import Failure, Success

from ...core.errors import Interrupted
from ...core.streams import Chunk
from .apply_faults import BrokenOff
from .pace import BlockingPace
from .service import Answered, TimedChunk


def _by_steps(exchange: Answered | BrokenOff) -> Iterator[TimedChunk | None]:
    """The chunks of a body, and None now and then where the next one takes long to make."""
    if isinstance(exchange, BrokenOff):
        return iter(exchange.chunks)
    return iter(()) if exchange.events is None else exchange.events.by_steps()


class Unread:
    """What was not read yet of a body, chunk by chunk, and the `end` that follows.

    `goes_on` says whether the events of a response go on until a time.
    """

    def __init__(self, exchange: Answered | BrokenOff, goes_on: Callable[[str, float], bool]) -> None:
        self._chunks = _by_steps(exchange)
        self._next: TimedChunk | None = None
        self._is_dropped = False
        self._follows = exchange.follows
        self._goes_on = goes_on
        self.end: Chunk = Success(b"")
        if isinstance(exchange, BrokenOff):
            self.end = Failure(Interrupted(exchange.kind, "the body broke off, by a fault plan"))

    def due(self) -> TimedChunk | None:
        """The chunk to wait for; None where only the end is left. It stays the next until it is `taken`."""
        while not self.made():
            pass
        return self._next

    def made(self) -> bool:
        """Make something of the next chunk, and return whether that is all of it, or only the end is left."""
        chunk = self._next
        if chunk is None:
            try:
                chunk = self._next = next(self._chunks)
            except StopIteration:
                return True
            except RecursionError:  # of JSON nested so deeply that it could just be written where it was asked for
                self.drop()
                self.end = Failure(Interrupted("truncated", "the next event is nested too deeply to be written"))
                return True
        if self._is_dropped or (chunk is not None and not self._goes(chunk)):
            self.drop()
            return True
        return chunk is not None

    def taken(self, late: Interrupted | None) -> Chunk:
        """The chunk that was waited for; or the end, where it was too `late`, or no longer goes on by now."""
        chunk = self._next
        if late is not None and chunk is not None:
            self.drop()
            self.end = Failure(late)
        elif chunk is not None and not self._goes(chunk):
            self.drop()
        elif chunk is not None:
            self._next = None
            return Success(chunk.data)
        return self.end

    def drop(self) -> None:
        """Give up what was not read."""
        self._is_dropped = True
        self._chunks = iter(())
        self._next = None
        self.end = Success(b"")

    def _goes(self, chunk: TimedChunk) -> bool:
        return self._follows is None or self._goes_on(self._follows, chunk.at)


class LiveBody:
    """A body that a thread reads."""

    def __init__(
        self, exchange: Answered | BrokenOff, pace: BlockingPace, goes_on: Callable[[str, float], bool]
    ) -> None:
        self.answer = exchange.head
        self._unread = Unread(exchange, goes_on)
        self._pace = pace

    def read(self, within: float | None = None) -> Chunk:
        """The next event, as soon as it is there."""
        chunk = self._unread.due()
        late = None if chunk is None else self._pace.until(chunk.at, within)
        return self._unread.taken(late)

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read, at once: there is no connection to be kept. A read that waits ends."""
        self._unread.drop()
        if self._pace.given_up is not None:
            self._pace.given_up.set()
