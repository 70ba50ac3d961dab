"""Bodies as they are framed (RFC 9112, sections 6.3 and 7.1): takes bytes as they are received, returns the body's.

Law: wherever the bytes are cut, the body is the same. Nothing here reads a network, and what is not framed as it says
is refused: `Malformed`. Where bytes of the body precede what is refused, they are returned first, and `error` is what
to raise then. `surplus` is what was received behind the end: it is none of this answer.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from .failures import Malformed

_CHUNK = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*(?:\r[^\n][^\r\n]*)*)?\r?\n")
"""RFC 9112, section 7.1, with a line that ends in LF alone; what an extension says is ignored."""

_USUAL_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
"""The size of a chunk as nearly all are: what is read of those in a row."""

_LONGEST_LINE = 65536
_LONGEST_TRAILER = 65536
"""Bytes; of the trailer altogether."""


class SizedBody:
    """A body of a known length in bytes."""

    def __init__(self, length: int) -> None:
        self.ended = length == 0
        self.surplus = b""
        self.error: Malformed | None = None
        self._length = length
        self._left = length

    def take(self, data: bytes) -> bytes:
        """Return what `data` has of the body."""
        left = self._left - len(data)
        if left > 0:
            self._left = left
            return data
        self.ended = True
        if left:
            self.surplus = data[self._left :]
            data = data[: self._left]
        self._left = 0
        return data

    def finish(self) -> None:
        """Take the end of the connection. Raises `Malformed` where the body is not whole."""
        received = self._length - self._left
        raise Malformed("truncated", f"the body broke off after {received} of {self._length} bytes")


class ClosingBody:
    """A body that ends with its connection."""

    surplus = b""
    error: Malformed | None = None

    def __init__(self) -> None:
        self.ended = False

    def take(self, data: bytes) -> bytes:
        """Return all of it."""
        return data

    def finish(self) -> None:
        """Take the end of the connection, which is that of the body."""
        self.ended = True


class ChunkedBody:
    """A body in the chunked transfer coding. All chunks that are there are returned as one.

    A chunk that says that it has more than `most` bytes is refused at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.ended = False
        self.surplus = b""
        self.error: Malformed | None = None
        self._line = b""
        self._left = 0  # of a chunk; with the line break after it
        self._trailer: int | None = None

    def take(self, data: bytes) -> bytes:
        """Return what `data` has of the body. Raises `Malformed` where it is not chunked."""
        if self._line:
            data = self._line + data
            self._line = b""
        chunks: list[bytes] = []
        try:
            self._split(data, chunks)
        except Malformed as error:
            if not chunks:
                raise
            self.error = error
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _split(self, data: bytes, chunks: list[bytes]) -> None:
        start, left, end = 0, self._left, len(data)
        while start < end:
            if left > 2:
                stop = start + left - 2
                chunks.append(data[start:stop])
                if stop > end:
                    left, start = stop - end + 2, end
                    break
                left, start = 2, stop
                continue
            if left:
                stop = start + left
                if not (b"\r\n"[2 - left :]).startswith(data[start:stop]):
                    raise Malformed("protocol", "a chunk does not end where it says")
                left, start = max(0, stop - end), stop
                continue
            if self._trailer is None:
                start = self._skip_whole_chunks(data, start, chunks)
                size = _CHUNK.match(data, start)
                if size is None:
                    self._keep_line(data[start:])
                    break
                start = size.end()
                left = int(size[1], 16)
                if left > self._most:
                    raise Malformed("limit", f"the body is longer than {self._most} bytes")
                if left:
                    left += 2
                else:
                    self._trailer = 0
            elif not (start := self._skip_trailer(data, start)):
                break
        self._left = left

    def _skip_whole_chunks(self, data: bytes, start: int, chunks: list[bytes]) -> int:
        """Take the chunks that are there whole, as nearly all of a stream are: where the first begins that is not.

        It says nothing that `_split` does not, and takes half the time.
        """
        match, most = _USUAL_CHUNK.match, self._most
        while (size := match(data, start)) is not None:
            begins = size.end()
            ends = begins + int(size[1], 16)
            if ends == begins or ends - begins > most or data[ends : ends + 2] != b"\r\n":
                break
            chunks.append(data[begins:ends])
            start = ends + 2
        return start

    def _keep_line(self, line: bytes) -> None:
        if b"\n" not in line and len(line) > _LONGEST_LINE:
            raise Malformed("limit", f"the size of a chunk takes more than {_LONGEST_LINE} bytes")
        if b"\n" in line:
            if line[:1] == b"-":
                raise Malformed("protocol", "a chunk of less than no bytes")
            begins = line.partition(b"\n")[0][:40].decode("latin-1")
            raise Malformed("protocol", f"no size of a chunk: {begins!r}")
        self._line = line

    def _skip_trailer(self, data: bytes, start: int) -> int:
        """Skip a line of the trailer: where the next begins, 0 where the line, or the body, has ended."""
        after = data.find(b"\n", start) + 1
        line = data[start : after or len(data)]
        self._trailer = (self._trailer or 0) + (len(line) if after else 0)
        if self._trailer + (0 if after else len(line)) > _LONGEST_TRAILER:
            raise Malformed("limit", f"the trailer is longer than {_LONGEST_TRAILER} bytes")
        if not after:
            self._line = line
        elif line in {b"\r\n", b"\n"}:
            self.ended = True
            self.surplus = data[after:]
            return 0
        return after

    def finish(self) -> None:
        """Take the end of the connection. Raises `Malformed` where the last chunk is missing; a trailer may be."""
        if self._trailer is None:
            raise Malformed("truncated", "the body broke off before its last chunk")
        self.ended = True


Framing: TypeAlias = SizedBody | ChunkedBody | ClosingBody


def framing_of(length: int | None, *, chunked: bool, most: int) -> Framing:
    """How a body is framed of which the head says so, and which has at most so many bytes."""
    if chunked:
        return ChunkedBody(most)
    return ClosingBody() if length is None else SizedBody(length)
