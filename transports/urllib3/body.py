"""Bodies that are read from their connection, in chunks or whole, and return the connection at their end.

A connection whose body was read to the end serves further requests; one whose body was abandoned, or broke off, is
closed. Either way another call can have its place.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from time import monotonic

from returns.result import Failure, Success
from urllib3 import BaseHTTPResponse

from ...core.errors import Interrupted
from ...core.http import HttpResponse
from ...core.streams import NOT_OPEN, Chunk
from .chunked import IncrementalResponse
from .failures import BREAKS
from .http_client import response_beneath

_MOST = 65536
"""Bytes of a chunk: what the system is likely to hold of a fast stream, in one call."""

_END: Chunk = Success(b"")


def read_all(source: BaseHTTPResponse, ends: float | None, *, decode: bool) -> tuple[bytes, Exception | None]:
    """All of a body; where it breaks off, what was received of it, and the exception that says why.

    Args:
        source: The answer, of whose body nothing was read.
        ends: When the body has to be there, by `time.monotonic`; None sets no limit.
        decode: Whether to remove a content coding.
    """
    chunks: list[bytes] = []
    if ends is not None:
        _framed(source).end_at(ends)
    try:
        while chunk := source.read1(_MOST, decode):
            chunks.append(chunk)
            if not decode and source.closed:
                break  # which is known without asking for no bytes
    except BREAKS as error:
        _give_up(source)
        return b"".join(chunks), error
    return chunks[0] if len(chunks) == 1 else b"".join(chunks), None


class ConnectedBody:
    """The body of `source`, whose status and headers are `answer`.

    `failed` says what an exception means, of a read that waits at most so many seconds, None for as long as any does.
    `ends` is when the body has to be there, by `time.monotonic`. `decode` says whether to remove a content coding. To
    read is for one thread at a time, but any may close: a `read` that waits ends then.
    """

    def __init__(
        self,
        answer: HttpResponse,
        source: BaseHTTPResponse,
        failed: Callable[[Exception, float | None], Failure[Interrupted]],
        ends: float | None,
        *,
        decode: bool,
    ) -> None:
        self.answer = answer
        self._source = source
        self._failed = failed
        self._ends = ends
        self._decode = decode
        self._over: Chunk | None = None
        self._closed = False
        self._busy = Lock()
        if ends is not None:
            _framed(source).end_at(ends)

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
                chunk = self._source.read1(_MOST, self._decode) if within is None else self._read_within(within)
            except BREAKS as error:
                _give_up(self._source)
                self._over = self._failed(error, within)
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
            # Another thread waits for a chunk, perhaps for minutes.
            with suppress(RuntimeError, ValueError, OSError):
                self._source.shutdown()
            self._busy.acquire()
        try:
            if self._over is None:
                self._over = NOT_OPEN
                if not self._closed:
                    self._read_on(within)
            self._closed = True
            _give_up(self._source)
        finally:
            self._busy.release()

    def _read_within(self, within: float) -> bytes:
        framed = _framed(self._source)
        ends = monotonic() + within
        framed.end_at(ends if self._ends is None else min(ends, self._ends))
        try:
            return self._source.read1(_MOST, self._decode)
        finally:
            framed.end_at(self._ends)

    def _read_on(self, within: float) -> None:
        """Read on for the end of the body, and for nothing else, for `within` seconds altogether."""
        framed = _framed(self._source)
        if framed.ends_connection:
            return  # with its connection, which serves no other request
        ends = monotonic() + within
        framed.end_at(ends)
        with suppress(*BREAKS):
            while self._source.read1(_MOST, self._decode) and monotonic() < ends and not self._closed:
                pass


def _framed(source: BaseHTTPResponse) -> IncrementalResponse:
    """The response whose body can be read in time, beneath one of urllib3."""
    framed: IncrementalResponse = response_beneath(source)
    return framed


def _give_up(source: BaseHTTPResponse) -> None:
    with suppress(OSError):
        source.close()
    source.release_conn()
