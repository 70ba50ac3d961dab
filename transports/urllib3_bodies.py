"""A body that is read from its connection in pieces, and gives the connection back at its end.

A connection whose body was read to the end serves further requests; one whose body was given up, or broke off, is
closed. Either way another call can have its place.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from returns.result import Failure, Success
from urllib3 import BaseHTTPResponse

from ..core.errors import Interrupted
from ..core.http import HttpResponse
from ..core.streams import NOT_OPEN, Piece
from .urllib3_failures import BREAKS

_MOST = 65536
"""Bytes of a piece: what the system is likely to hold of a fast stream, in one call."""

_END: Piece = Success(b"")


class ConnectedBody:
    """The body of `source`, whose status and headers are `answer`.

    `failed` says what an exception means; `decode` whether to remove a content coding. To read is for one thread at a
    time, but any may close: a `read` that waits ends then.
    """

    def __init__(
        self,
        answer: HttpResponse,
        source: BaseHTTPResponse,
        failed: Callable[[Exception], Failure[Interrupted]],
        *,
        decode: bool,
    ) -> None:
        self.answer = answer
        self._source = source
        self._failed = failed
        self._decode = decode
        self._over: Piece | None = None
        self._closed = False
        self._busy = Lock()

    def read(self) -> Piece:
        """The next piece, no bytes at the end, or an `Interrupted`; the latter two again and again."""
        with self._busy:
            if self._over is not None:
                return self._over
            # What any other exception (a KeyboardInterrupt, say) breaks off here has not come to its end.
            self._over = NOT_OPEN
            try:
                piece = self._source.read1(_MOST, self._decode)
            except BREAKS as error:
                self._give_up()
                self._over = self._failed(error)
                return self._over
            if piece:
                self._over = None
                return Success(piece)
            # A connection that `close` has shut ends too, but not the body.
            self._over = NOT_OPEN if self._closed else _END
            return self._over

    def close(self) -> None:
        """Give up what was not read, and close the connection; at the end of the body it was given back already."""
        self._closed = True
        if not self._busy.acquire(blocking=False):
            # Another thread waits for a piece, perhaps for minutes.
            with suppress(RuntimeError, ValueError, OSError):
                self._source.shutdown()
            self._busy.acquire()
        try:
            if self._over is None:
                self._over = NOT_OPEN
            self._give_up()
        finally:
            self._busy.release()

    def _give_up(self) -> None:
        with suppress(OSError):
            self._source.close()
        self._source.release_conn()
