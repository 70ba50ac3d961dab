"""The bodies of code that is carried out life by life: at each chunk that is read, the body may break off.

Law: a body that has ended, broke off or was closed stays so, and nothing more is chosen of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from returns.result import Failure, Success

from ....core.errors import Interrupted
from ....core.results import is_failure
from ....core.streams import Chunk
from ...contract import AsyncBody, Body
from ...memory.faults import CutStream
from ..lives.lives import Mishap
from .chosen import Choice
from .life import ReplayedLife, StepTaken

_CUT: Chunk = Failure(Interrupted("truncated", "the body broke off, by a fault plan"))


class ReadOn:
    """What happens while the body is read that was opened in a step."""

    def __init__(self, life: ReplayedLife, opened: StepTaken, *, cuts: bool) -> None:
        self._life = life
        self._request = opened.request
        self._cuts = cuts
        self._count = 0
        self._step = opened
        self._is_cut_inside = False
        self.end: Chunk | None = None
        """What each read returns from here on; None where there may be more."""

    def begins(self) -> bool:
        """A chunk is to be read; whether it is."""
        life = self._life
        life.check_alive()
        if self.end is not None:
            return False
        step = self._step = life.step("read", self._request)
        choice = life.take_step(f"read {self._count}", step, self._alternatives)
        life.took(step)
        step.acted = True
        self._is_cut_inside = isinstance(choice, CutStream) and choice.inside
        if choice is not None and not self._is_cut_inside:
            step.answer = self.end = _CUT
        return self.end is None

    def ends(self, chunk: Chunk) -> Chunk:
        """It was read."""
        self._life.check_alive()
        self._count += 1
        if is_failure(chunk) or not chunk.unwrap():
            chunk = self.end = _CUT if self._is_cut_inside else chunk
        elif self._is_cut_inside:
            self.end = _CUT
            half = chunk.unwrap()[: len(chunk.unwrap()) // 2]
            chunk = Success(half) if half else _CUT
        self._step.answer, self._step.ended = chunk, self._life.clock.now
        return chunk

    def _alternatives(self) -> Iterable[Choice]:
        cuts: tuple[Mishap, ...] = (CutStream(self._count, inside=False), CutStream(self._count)) if self._cuts else ()
        return (*cuts, *self._life.deaths_only())


class ReplayedBody:
    """A body that a thread reads."""

    def __init__(self, body: Body, reading: ReadOn) -> None:
        self.answer = body.answer
        self._body = body
        self._reading = reading

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, or what went wrong."""
        reading = self._reading
        if reading.begins():
            return reading.ends(self._body.read(within))
        if reading.end is _CUT:
            self._body.close()
        return _CUT if reading.end is None else reading.end

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._body.close(within)
        self._reading.end = self._body.read()


class AsyncReplayedBody:
    """A body that a task reads."""

    def __init__(self, body: AsyncBody, reading: ReadOn) -> None:
        self.answer = body.answer
        self._body = body
        self._reading = reading

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, or what went wrong."""
        reading = self._reading
        if reading.begins():
            return reading.ends(await self._body.read(within))
        if reading.end is _CUT:
            await self._body.close()
        return _CUT if reading.end is None else reading.end

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        await self._body.close(within)
        self._reading.end = await self._body.read()
