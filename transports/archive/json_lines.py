"""Archives in JSON Lines: a response with all its input items a line, plain or in gzip.

Laws: each line is written whole, at one stroke where it is not compressed, so that of a process that was killed at most
the last line is torn. A torn line is told, and the others are read. Who goes on writing cuts it off first, so that no
line is glued to it.
"""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Generator
from io import FileIO
from typing import IO, Any, cast

from msgspec import Raw, Struct
from returns.result import Failure, Result, Success

from ...codecs import ResponseAudit
from ...codecs.lossless.building import decoder, once
from ...codecs.lossless.errors import UNREAD
from .formats import ArchiveDamage, ArchiveFormat, has_content
from .replacing import Replacement
from .rows import audit_of, line_of
from .writer import ArchiveWriter

CUT_OFF = (EOFError, zlib.error, gzip.BadGzipFile)
"""What Python raises where compressed data ends too early, or is damaged."""

_FLUSHED_EVERY = 64
"""Responses. Compressed data that was not flushed is lost with the process: so are at most this many."""

_BOM = b"\xef\xbb\xbf"
_BLOCK = 1 << 16


class _Named(Struct):
    id: str


class _Line(Struct):
    """What is read of a line to know which response is in it: the rest is passed over."""

    response: _Named
    input_items: list[Raw] | None = None


_reading: Any = once(decoder)


def read_lines(path: str, form: ArchiveFormat) -> Generator[Result[ResponseAudit, ArchiveDamage]]:
    """Read an archive line by line."""
    for number, line, is_whole in _lines(path, form):
        place = f"line {number}"
        if line is None:
            yield Failure(ArchiveDamage(path=path, place=place, reason="the compressed data is cut off or damaged"))
            return
        if not line.strip():
            continue
        read = audit_of(line)
        if isinstance(read, Success):
            yield Success(read.unwrap())
            continue
        error = read.failure()
        reason = f"{error.path}: {error.reason}"
        if not is_whole:
            reason = f"the file ends within the line, as a process leaves it that is killed ({reason})"
        yield Failure(ArchiveDamage(path=path, place=place, reason=reason))


def _lines(path: str, form: ArchiveFormat) -> Generator[tuple[int, bytes | None, bool]]:
    """The lines of a file with their numbers, and whether each has its end; None for what cannot be decompressed."""
    number = 0
    with _opened(path, form) as file:
        while True:
            try:
                line = file.readline()
            except CUT_OFF:
                yield number + 1, None, False
                return
            if not line:
                return
            number += 1
            yield number, line.removeprefix(_BOM) if number == 1 else line, line.endswith(b"\n")


def _opened(path: str, form: ArchiveFormat) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if form == "jsonl.gz" else open(path, "rb")


def _id_in(line: bytes) -> str | None:
    """The id of the response in a line; None where it is no line of an archive."""
    try:
        read: _Line = _reading(_Line)(line)
    except UNREAD:
        return None
    return None if read.input_items is None else read.response.id


class LinesWriter(ArchiveWriter):
    """Adds lines to a file."""

    def __init__(self, path: str, form: ArchiveFormat) -> None:
        self.path = path
        self.format = form
        self._ids: set[str] | None = None
        self._unflushed = 0
        if has_content(path):
            self.mended = _mended(path, form)
        self._raw = FileIO(path, "ab")
        self._zipped = gzip.GzipFile(fileobj=self._raw, mode="ab", mtime=0) if form == "jsonl.gz" else None

    def write(self, audit: ResponseAudit) -> None:
        """Put a response with its items into the archive."""
        line = line_of(audit)
        if self._zipped is None:
            self._write_whole(line)
        else:
            self._zipped.write(line)
            self._unflushed += 1
            if self._unflushed >= _FLUSHED_EVERY:
                self.flush()
        if self._ids is not None:
            self._ids.add(audit.response.id)

    def _write_whole(self, line: bytes) -> None:
        """Write a line, or, where the disk refuses a part of it, none of it."""
        left = memoryview(line)
        try:
            while left:
                left = left[self._raw.write(left) :]
        except OSError:
            self._raw.truncate(os.fstat(self._raw.fileno()).st_size - (len(line) - len(left)))
            raise

    def __contains__(self, response_id: object) -> bool:
        if self._ids is None:
            self.flush()
            found = (_id_in(line) for _, line, _ in _lines(self.path, self.format) if line is not None)
            self._ids = {found_id for found_id in found if found_id is not None}
        return response_id in self._ids

    def flush(self) -> None:
        """Hand all that was written to the operating system."""
        self._unflushed = 0
        if self._zipped is not None and not self._zipped.closed:
            self._zipped.flush()

    def close(self) -> None:
        """Write what is left, to the disk, and close the file."""
        if self._raw.closed:
            return
        try:
            if self._zipped is not None:
                self._zipped.close()
            if stat.S_ISREG(os.fstat(self._raw.fileno()).st_mode):  # of no use for /dev/null and the like
                os.fsync(self._raw.fileno())
        finally:
            self._raw.close()


# --- what a process left that was killed ----------------------------------------------------------


def _mended(path: str, form: ArchiveFormat) -> ArchiveDamage | None:
    """Cut off what is torn at the end of a file, and say what that was; a last line that only lacks its end gets it."""
    return _mend_zipped(path) if form == "jsonl.gz" else _mend_plain(path)


def _mend_plain(path: str) -> ArchiveDamage | None:
    with open(path, "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        last = _last_line(file, end)
        if not last:
            return None
        if _id_in(last.removeprefix(_BOM)) is not None:
            file.seek(end)
            file.write(b"\n")
            return None
        file.truncate(end - len(last))
    return _cut_off(path, len(last))


def _last_line(file: IO[bytes], end: int) -> bytes:
    """What follows the last end of a line."""
    last, start = b"", end
    while start and b"\n" not in last:
        size = min(_BLOCK, start)
        start -= size
        file.seek(start)
        last = file.read(size) + last
    return last.rpartition(b"\n")[2]


def _mend_zipped(path: str) -> ArchiveDamage | None:
    """Compressed data cannot be cut at a line: where it is torn, its whole lines are written anew."""
    if all(is_whole for _, _, is_whole in _lines(path, "jsonl.gz")):
        return None
    torn: ArchiveDamage | None = None
    with Replacement(path) as replacement, gzip.GzipFile(fileobj=replacement.file, mode="wb", mtime=0) as zipped:
        for _, line, is_whole in _lines(path, "jsonl.gz"):
            if line is not None and (is_whole or _id_in(line) is not None):
                zipped.write(line if is_whole else line + b"\n")
            else:
                torn = _cut_off(path, len(line or b""))
    return torn


def _cut_off(path: str, size: int) -> ArchiveDamage:
    reason = f"{size} bytes were cut off: a process that was killed had left a part of a line"
    return ArchiveDamage(path=path, place="the end", reason=reason)
