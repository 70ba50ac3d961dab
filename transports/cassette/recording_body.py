"""Bodies that are recorded while they are read, chunk by chunk."""

from __future__ import annotations

from time import monotonic

from returns.result import Failure

from ...core.errors import Interrupted
from ...core.streams import Chunk
from ..contract import Body
from .canned_answers import StreamedResponse

LEFT_UNREAD = Interrupted("truncated", "the body was not read any further when it was recorded")
"""How a recording ends whose body was closed before its end."""


class RecordingBody:
    """Reads a body, and keeps what was received of it."""

    def __init__(self, body: Body) -> None:
        self.answer = body.answer
        self._body = body
        self._chunks: list[bytes] = []
        self._error: Interrupted | None = LEFT_UNREAD
        self._over = False

    @property
    def recorded(self) -> StreamedResponse:
        """What was received so far."""
        answer = self.answer
        return StreamedResponse(
            status=answer.status, headers=answer.headers, chunks=tuple(self._chunks), error=self._error
        )

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, as the body returns it."""
        chunk = self._body.read(within)
        if self._over:
            return chunk
        if isinstance(chunk, Failure):
            self._over = True
            error = chunk.failure()
            self._error = error if isinstance(error, Interrupted) else LEFT_UNREAD
        elif chunk.unwrap():
            self._chunks.append(chunk.unwrap())
        else:
            self._over = True
            self._error = None
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read; what was read on to the end of the body, in `within` seconds, is recorded too."""
        if within > 0 and not self._over:
            self._read_on(within)
        self._over = True
        self._body.close()

    def _read_on(self, within: float) -> None:
        ends = monotonic() + within
        chunks: list[bytes] = []
        while (left := ends - monotonic()) > 0 and not self._over:
            chunk = self._body.read(left)
            if isinstance(chunk, Failure):
                return
            if not chunk.unwrap():
                self._chunks += chunks
                self._error = None
                return
            chunks.append(chunk.unwrap())
