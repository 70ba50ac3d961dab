"""`--output FILE`: what goes to standard output goes to a file.

Laws: a file that is there is not replaced unless that was asked for, and not before there is something to write. Each
line is in the file as soon as it is known, so that a run that is interrupted keeps what it has.
"""

from __future__ import annotations

import io
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from typing import IO, Any

from .streams import Process, with_output


def cannot_be_written(path: str, read: Iterable[str], process: Process, *, force: bool, resume: bool) -> str | None:
    """Why the file cannot be the output; None where it can. `read` are files that the command takes ids from."""
    if os.path.isdir(path):
        return f"{path} is a folder"
    if os.path.exists(path):
        if _is_read(path, read, process):
            return f"{path} is what the ids are read from"
        if not (force or resume):
            return (
                f"{path} is there already: --force replaces it, and --resume, which goes on with a ledger, adds to it"
            )
        return None if os.access(path, os.W_OK) else f"{path} cannot be written"
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    return None if os.access(folder, os.W_OK) else f"nothing can be written in {folder}"


def _is_read(path: str, read: Iterable[str], process: Process) -> bool:
    status = os.stat(path)
    for name in read:
        with suppress(OSError):
            if os.path.samestat(status, os.stat(name)):
                return True
    with suppress(OSError, AttributeError, ValueError):  # a standard input that is no file
        return process.stdin is not None and os.path.samestat(status, os.fstat(process.stdin.fileno()))
    return False


@contextmanager
def written_to(path: str, process: Process, *, resume: bool) -> Generator[Process]:
    """The process with the file as its standard output, while the block runs. With `resume` it is added to."""
    raw = LateFile(path, resume=resume)
    with io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", write_through=True) as stdout:
        yield with_output(process, stdout)


class LateFile(io.RawIOBase):
    """A file that is opened when there is something to write."""

    def __init__(self, path: str, *, resume: bool) -> None:
        super().__init__()
        self._path = path
        self._resume = resume
        self._file: IO[bytes] | None = None

    def writable(self) -> bool:
        """It is written to, and not read."""
        return True

    def write(self, data: Any, /) -> int | None:
        """Write, as to any file."""
        if self._file is None:
            self._file = self._opened()
        return self._file.write(data)

    def _opened(self) -> IO[bytes]:
        if self._resume:
            _end_the_line(self._path)
        return open(self._path, "ab" if self._resume else "wb", buffering=0)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()
        super().close()


def _end_the_line(path: str) -> None:
    """Let a line that was cut off stay one of its own."""
    with suppress(FileNotFoundError), open(path, "rb+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
