"""Bodies that are read from their connection, in chunks or whole, and return the connection at their end.

A connection whose body was read to the end serves further requests; one whose body was abandoned, or broke off, is
closed. Either way another call can have its place.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from time import monotonic

from returns.result import Failure, Success

from ...core.errors import Interrupted
from ...core.http import HttpResponse
from ...core.streams import NOT_OPEN, Chunk
from ..http1.failures import Malformed
from ..http1.incoming import Incoming
from ..network.credentials import Identity
from .exchange import Line, failure

BREAKS = (Malformed, OSError)
"""What reading a body may raise."""

_END: Chunk = Success(b"")


def read_all(incoming: Incoming[Line]) -> tuple[bytes, Interrupted | None]:
    """All of a body; where it breaks off, what was received of it, and the error that says why."""
    chunks: list[bytes] = []
    try:
        while chunk := incoming.read():
            chunks.append(chunk)
    except BREAKS as error:
        return b"".join(chunks), failure(error, incoming.line)
    finally:
        incoming.line.release(keep=False)  # which the end of the body has done already
    return chunks[0] if len(chunks) == 1 else b"".join(chunks), None


class ConnectedBody:
    """The body that is `incoming`, whose status and headers are `answer`, and whose errors `identity` redacts.

    To read is for one thread at a time, but any may close: a `read` that waits ends then.
    """

    def __init__(self, answer: HttpResponse, incoming: Incoming[Line], identity: Identity) -> None:
        self.answer = answer
        self._incoming = incoming
        self._identity = identity
        self._over: Chunk | None = None
        self._closed = False
        self._busy = Lock()

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or an `Interrupted`; the latter two again and again.

        What is there already is returned even if `within`, the seconds to wait for it, is 0.
        """
        with self._busy:
            if self._over is not None:
                return self._over
            # What any other exception (a KeyboardInterrupt, say) breaks off here has not ended.
            self._over = NOT_OPEN
            try:
                chunk = self._incoming.read() if within is None else self._read_within(within)
            except BREAKS as error:
                self._over = self._failed(error, within)
                self._incoming.line.release(keep=False)
                return self._over
            if chunk:
                self._over = None
                return Success(chunk)
            # A connection that `close` has shut ends too, but not the body.
            self._over = NOT_OPEN if self._closed else _END
            return self._over

    def close(self, within: float = 0.0) -> None:
        """Abandon what was not read, and close the connection; at the end of the body it was returned already.

        Where the end is received while it is read on for it, for `within` seconds altogether, the connection is
        returned.
        """
        lingers = within > 0 and not self._closed
        if not lingers:
            self._closed = True
        if not self._busy.acquire(blocking=False):
            self._closed = True
            self._incoming.line.shut()  # another thread waits for a chunk, perhaps for minutes
            self._busy.acquire()
        try:
            if self._over is None:
                self._over = NOT_OPEN
                if not self._closed:
                    self._read_on(within)
            self._closed = True
            self._incoming.line.release(keep=False)
        finally:
            self._busy.release()

    def end(self) -> None:
        """Close, without waiting for a thread that reads: it has an error, and closes the connection."""
        self._closed = True
        self._incoming.line.shut()
        if self._busy.acquire(blocking=False):
            try:
                if self._over is None:
                    self._over = NOT_OPEN
                self._incoming.line.release(keep=False)
            finally:
                self._busy.release()

    def _failed(self, error: Exception, within: float | None) -> Chunk:
        told = failure(error, self._incoming.line, within)
        return Failure(Interrupted(told.kind, self._identity.redact_text(told.reason)))

    def _read_within(self, within: float) -> bytes:
        line = self._incoming.line
        line.end_at(monotonic() + within)
        try:
            return self._incoming.read()
        finally:
            line.end_at(None)

    def _read_on(self, within: float) -> None:
        """Read on for the end of the body, and for nothing else, for `within` seconds altogether."""
        if self._incoming.ends_connection:
            return
        ends = monotonic() + within
        self._incoming.line.end_at(ends)
        with suppress(*BREAKS):
            while self._incoming.read() and monotonic() < ends and not self._closed:
                pass
