"""A command line on a terminal of its own: what it draws, and keys that are pressed there."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

LIMIT = 60.0
"""Seconds after which a test is given up."""

CTRL_C = b"\x03"

_TAKE_THE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_ERASE = "\r\x1b[2K"


class Terminal:
    """A terminal with a process on it. What is pressed there it hears as from a keyboard: Ctrl-C is a SIGINT."""

    def __init__(self, ours: int, process: subprocess.Popen[bytes]) -> None:
        self._ours = ours
        self.process = process
        self.seen = ""

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._ours, keys)

    def until(self, pattern: str) -> None:
        """Read until what is seen matches."""
        deadline = time.monotonic() + LIMIT
        while re.search(pattern, self.seen) is None:
            assert time.monotonic() < deadline, self.seen
            assert self._read(1.0), f"it has ended: {self.seen}"

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        deadline = time.monotonic() + LIMIT
        while self._read(1.0):
            assert time.monotonic() < deadline, self.seen
        return self.process.wait(LIMIT)

    def lines(self) -> list[str]:
        """What is on the screen, without colours: a line that was erased is gone."""
        shown: list[str] = []
        for line in self.seen.replace("\r\n", "\n").split("\n"):
            shown.append(_COLOURS.sub("", line.rpartition(_ERASE)[2]))
        return shown

    def _read(self, seconds: float) -> bool:
        """Read what there is within so many seconds; False where nobody is left to write."""
        readable, _, _ = select.select([self._ours], [], [], seconds)
        if not readable:
            return True
        try:
            chunk = os.read(self._ours, 65536)
        except OSError:  # by which Linux tells that it is closed
            return False
        self.seen += chunk.decode()
        return bool(chunk)


@contextmanager
def on_terminal(
    command: Sequence[str], environment: Mapping[str, str], *, columns: int = 100, folder: Path | None = None
) -> Generator[Terminal]:
    """Run a command on a terminal of that width, whose keys it hears, in a folder or where this process is."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", _TAKE_THE_TERMINAL, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment, "TERM": "xterm"},
        cwd=folder,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(LIMIT)
        os.close(ours)
