"""Bodies that are read from their connection in an event loop, in chunks or whole, and return it at their end.

A connection whose body was read to the end serves further requests; one whose body was abandoned, or broke off, or
whose reading was cancelled, is closed. Either way another call can have its place.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic

from returns.result import Failure, Success

from ...core.errors import Interrupted
from ...core.http import HttpResponse
from ...core.streams import NOT_OPEN, Chunk
from ..http1.incoming import Incoming
from ..network.credentials import Identity
from .exchange import BREAKS, Line, failure, read

_END: Chunk = Success(b"")


async def read_all(incoming: Incoming[Line]) -> tuple[bytes, Interrupted | None]:
    """All of a body; where it breaks off, what was received of it, and the error that says why."""
    chunks: list[bytes] = []
    try:
        while chunk := await read(incoming):
            chunks.append(chunk)
    except BREAKS as error:
        return b"".join(chunks), failure(error, incoming.line)
    finally:
        incoming.line.release(keep=False)  # which the end of the body has done already
    return chunks[0] if len(chunks) == 1 else b"".join(chunks), None


class ConnectedBody:
    """The body that is `incoming`, whose status and headers are `answer`, and whose errors `identity` redacts.

    To read is for one task at a time, but any may close: a `read` that waits ends then.
    """

    def __init__(self, answer: HttpResponse, incoming: Incoming[Line], identity: Identity) -> None:
        self.answer = answer
        self._incoming = incoming
        self._identity = identity
        self._over: Chunk | None = None
        self._closed = False
        self._busy = asyncio.Lock()

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or an `Interrupted`; the latter two again and again.

        What is there already is returned even if `within`, the seconds to wait for it, is 0. Who is cancelled while it
        waits closes the connection.
        """
        async with self._busy:
            if self._over is not None:
                return self._over
            # What any other exception breaks off here, a cancellation above all, has not ended.
            self._over = NOT_OPEN
            line = self._incoming.line
            is_open = False
            try:
                if within is not None:
                    line.end_at(monotonic() + within)
                chunk = await read(self._incoming)
                if within is not None:
                    line.end_at(None)
                is_open = bool(chunk)
            except BREAKS as error:
                told = failure(error, line, within)
                reason = self._identity.redact_text(told.reason)
                self._over = NOT_OPEN if self._closed else Failure(Interrupted(told.kind, reason))
                return self._over
            finally:
                if not is_open:
                    line.release(keep=False)  # which the end of the body has done already
            if chunk:
                self._over = None
                return Success(chunk)
            self._over = NOT_OPEN if self._closed else _END
            return self._over

    async def close(self, within: float = 0.0) -> None:
        """Abandon what was not read, and close the connection; at the end of the body it was returned already.

        Where the end is received while it is read on for it, for `within` seconds altogether, the connection is
        returned.
        """
        lingers = within > 0 and not self._closed and not self._busy.locked()
        if not lingers:
            self._closed = True
            if self._over is None or self._busy.locked():
                self._incoming.line.shut()  # another task may wait for a chunk, perhaps for minutes
        async with self._busy:
            line = self._incoming.line
            try:
                if self._over is None:
                    self._over = NOT_OPEN
                    if not self._closed and not self._incoming.ends_connection:
                        await self._read_on(monotonic() + within)
            finally:
                self._closed = True
                line.release(keep=False)

    async def _read_on(self, ends: float) -> None:
        """Read on for the end of the body, and for nothing else."""
        self._incoming.line.end_at(ends)
        with suppress(*BREAKS):
            while await read(self._incoming) and monotonic() < ends and not self._closed:
                pass
