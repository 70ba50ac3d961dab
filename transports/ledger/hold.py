"""One process at a time writes a ledger.

Law: the hold is the system's own lock on a file beside the ledger, and ends with the process, however it ends. Who is
refused is told who holds it.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

_SUFFIX = "-lock"
_FAR = 1 << 30
"""The byte that is locked where a lock keeps others from reading, too."""


class LedgerRefused(Exception):
    """A file cannot be used as a ledger: `path`, and the `reason`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"the ledger {path} {reason}")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[LedgerRefused], tuple[str, str]]:
        return type(self), (self.path, self.reason)


class LedgerInUse(LedgerRefused):
    """Another process, or another `Ledger` of this one, holds the ledger at `path`: the `reason` says who."""


class Hold:
    """The hold on the ledger at `path`, until it is released."""

    def __init__(self, path: str) -> None:
        beside = os.path.realpath(path) + _SUFFIX
        self._file = os.open(beside, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        try:
            _lock(self._file)
        except OSError:
            os.close(self._file)
            raise LedgerInUse(path, f"is in use by {_holder(beside)}") from None
        os.ftruncate(self._file, 0)
        os.write(self._file, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())

    def release(self) -> None:
        """Let others have it."""
        os.close(self._file)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(beside: str) -> str:
    try:
        return Path(beside).read_text() or "another process"
    except OSError:
        return "another process"
