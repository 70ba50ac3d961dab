"""What a recorder has recorded so far, on the disk: `NAME.partial`, in the JSON Lines form.

Laws: each recording is there as soon as it has ended, so that a process that is killed leaves it. Two recorders do not
write for the same cassette at once: the second is refused. What an earlier one left is moved to `NAME.partial.old`,
and named in a warning.
"""

from __future__ import annotations

import errno
import os
import warnings
from contextlib import suppress
from typing import Any

from .format import dump_head
from .safe_file import keep_mode

SUFFIX = ".partial"
OLD = ".partial.old"


class LeftOverRecording(UserWarning):
    """An earlier recorder was not closed well; what it recorded is in the file that the `message` names."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class PartialFile:
    """The file beside the cassette `path`, open and locked for one recorder; it is empty until something is added."""

    def __init__(self, path: str, recorded: float) -> None:
        self.path = path + SUFFIX
        self._recorded = recorded
        self._process = os.getpid()
        self._is_empty = True
        self._descriptor: int | None = _opened(path, self.path)
        keep_mode(self._descriptor, path)

    def add(self, line: bytes) -> None:
        """Write one recording. Raises `OSError`, and leaves no part of it then, where the disk allows."""
        if self._descriptor is None:
            return
        written = dump_head(self._recorded) + line if self._is_empty else line
        size = os.fstat(self._descriptor).st_size
        try:
            view = memoryview(written)
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError:
            os.ftruncate(self._descriptor, size)
            raise
        self._is_empty = False

    def remove(self) -> None:
        """Close the file, which is of no more use."""
        self._close(is_of_use=False)

    def leave(self) -> None:
        """Close the file; what was recorded stays."""
        self._close(is_of_use=not self._is_empty)

    def _close(self, *, is_of_use: bool) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        if not is_of_use and os.getpid() == self._process:
            with suppress(OSError):
                os.remove(self.path)
        os.close(descriptor)

    def __del__(self) -> None:
        if getattr(self, "_descriptor", None) is not None:
            self.leave()


def left_over(path: str) -> str | None:
    """The file in which an earlier recorder of the cassette `path` left what it recorded; None where there is none."""
    found = os.path.realpath(path) + SUFFIX
    try:
        return found if os.path.getsize(found) else None
    except OSError:
        return None


def _opened(path: str, partial: str) -> int:
    """Open the file for one process. Raises `BlockingIOError` while another one has it, and any other `OSError`."""
    while True:
        descriptor = os.open(partial, _FLAGS, 0o666)
        try:
            _lock(descriptor, path)
            found = os.stat(partial)
            if not os.path.samestat(found, os.fstat(descriptor)):
                raise FileNotFoundError
            if not found.st_size:
                return descriptor
            os.replace(partial, path + OLD)
            warnings.warn(
                f"an earlier recording of {path} was not finished; what it recorded is in {path + OLD}",
                LeftOverRecording,
                stacklevel=2,
            )
        except FileNotFoundError:  # another process removed it, or moved it away, between opening and locking
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _lock(descriptor: int, path: str) -> None:
    try:
        import fcntl
    except ImportError:  # no Unix: a file that is open there can be neither moved nor removed by others
        return
    locks: Any = fcntl
    try:
        locks.flock(descriptor, locks.LOCK_EX | locks.LOCK_NB)
    except BlockingIOError:
        raise BlockingIOError(errno.EAGAIN, "the cassette is being recorded already", path) from None


_FLAGS = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_APPEND
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
