"""Reading a body as it is received, in time: all chunks that are there at once, as one piece (RFC 9112, section 7.1).

http.client reads one chunk at a time, with half a dozen calls for each; a stream of events has a chunk for each event.
What is a body and what is none is the same as there, so that a body is the same whether it is read whole or in pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException, IncompleteRead, LineTooLong
from time import monotonic
from typing import Any

from .response_head import WholeHeadResponse

_LONGEST_LINE = 65536
"""Bytes, as of http.client."""

_LOOK = 0.001
"""Seconds for taking what is there already. No seconds would mean to a socket that nothing there is the end."""


class ChunkedDecoder:
    """What has been read of a chunked body: takes the bytes as they are received, and returns those of the body.

    Where bytes that are not chunked follow ones that are, the latter are returned first: `error` is what to raise then.
    """

    def __init__(self) -> None:
        self.ended = False
        self.error: Exception | None = None
        self._line = b""
        self._left = 0  # of a chunk and the line break after it
        self._in_trailer = False

    def take(self, data: bytes) -> bytes:
        """Return what `data` has of the body. Raises `IncompleteRead` and others where it is not chunked."""
        if self._line:
            data = self._line + data
            self._line = b""
        pieces: list[bytes] = []
        try:
            self._split(data, pieces)
        except (HTTPException, ValueError) as error:
            if not pieces:
                raise
            self.error = error
        return b"".join(pieces)

    def _split(self, data: bytes, pieces: list[bytes]) -> None:
        start, left, end = 0, self._left, len(data)
        while start < end:
            if left:
                if left > 2:
                    pieces.append(data[start : start + left - 2])
                start, left = start + left, max(0, start + left - end)
                continue
            after = data.find(b"\n", start) + 1
            if not after:
                self._line = data[start:]
                if len(self._line) > _LONGEST_LINE:
                    raise LineTooLong("chunk size")
                break
            line = data[start:after]
            start = after
            if not self._in_trailer:
                size = _size(line)
                self._in_trailer = not size
                left = size + 2 if size else 0
            elif line in {b"\r\n", b"\n"}:
                self.ended = True
                break
        self._left = left

    def finish(self) -> None:
        """Take the end of the connection. Raises `IncompleteRead` where the last chunk is missing."""
        if not self._in_trailer and (self._left or _size(self._line)):
            raise IncompleteRead(b"")
        self.ended = True


class IncrementalResponse(WholeHeadResponse):
    """A response whose body can also be read in pieces as they are received, whatever its framing."""

    _chunks: ChunkedDecoder | None = None
    _ends: float | None = None
    _looked = False

    def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._socket = sock

    def end_at(self, ends: float | None) -> None:
        """From now on wait no longer than until `ends`, by `time.monotonic`; None is as long as the socket does.

        A read that is later than that takes what is there, once, and then raises `TimeoutError`.
        """
        self._ends = ends
        self._looked = False

    def read1(self, n: int = -1) -> bytes:
        """Read what is there, of at most `n` bytes on the way, and wait only where nothing is; no bytes at the end."""
        if self.isclosed() or not self.is_chunked or self.answers_head:
            return self._in_time(super().read1, n)
        chunks = self._chunks = self._chunks or ChunkedDecoder()
        piece = b""
        while not piece and not chunks.ended:
            if chunks.error is not None:
                raise chunks.error
            data = self._in_time(self.file.read1, n)
            if data:
                piece = chunks.take(data)
            else:
                chunks.finish()
        if chunks.ended:
            self.close()
        return piece

    def _in_time(self, read: Callable[[int], bytes], n: int) -> bytes:
        if self._ends is None:
            return read(n)
        left = self._ends - monotonic()
        if left <= 0 and self._looked:
            raise TimeoutError
        self._looked = True
        timeout = self._socket.gettimeout()
        left = max(left, _LOOK)
        self._socket.settimeout(left if timeout is None else min(left, timeout))
        try:
            return read(n)
        finally:
            # Before the connection is given back, and has another exchange's time. At its end it may be closed.
            with suppress(OSError):
                self._socket.settimeout(timeout)


def _size(line: bytes) -> int:
    try:
        size = int(line.partition(b";")[0], 16)
    except ValueError:
        raise IncompleteRead(b"") from None
    if size < 0:
        raise ValueError("a chunk of less than no bytes")
    return size
