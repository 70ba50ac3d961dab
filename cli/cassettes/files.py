"""Files of recordings, of whatever format: which there are, and what is in each.

Law: what cannot be read is a `Stopped`, or told with the file; nothing is changed here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from ...transports.cassette.formats.carried import Imported
from ...transports.cassette.formats.other_formats import FormatName, detect_format, read_recordings
from ..failures import ExitCode
from ..streams import Stopped

SUFFIXES = (".json", ".jsonl", ".yaml", ".yml", ".har")
"""Of what is in a folder, files whose names end so are looked at."""

LEFT_OVER = (".partial", ".partial.old")
"""What recorders leave that were not closed."""


class Loaded(Struct, frozen=True):
    """A file, and what is in it."""

    path: str
    format: FormatName
    data: bytes
    imported: Imported


def paths_in(paths: Sequence[str]) -> Iterator[str]:
    """The files among `paths`, and those in folders among them, in order."""
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((*SUFFIXES, *LEFT_OVER)))


def read_bytes(path: str) -> bytes:
    """The bytes of a file. Raises `Stopped` where it cannot be read."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Stopped(ExitCode.LOCAL_IO, f"{path} is no file")
            return file.read()
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read {path}: {error.strerror or error}") from None


def load(path: str, form: FormatName | None = None) -> Loaded:
    """Read a file, to be shown. Raises `Stopped` that says what is wrong with it."""
    try:
        return read(path, form)
    except ValueError as error:
        raise Stopped(ExitCode.CASSETTE, f"{path}: {error}") from None


def read(path: str, form: FormatName | None = None) -> Loaded:
    """Read a file, to be shown. Raises `ValueError` for what is wrong in it, and `Stopped` where it cannot be read."""
    data = read_bytes(path)
    found = form or detect_format(data)
    with naming_the_extra():
        return Loaded(path, found, data, read_recordings(data, found))


def size_of(path: str) -> int:
    """How many bytes a file has. Raises `Stopped` where it cannot be looked at."""
    try:
        return os.path.getsize(path)
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read {path}: {error.strerror or error}") from None


@contextmanager
def naming_the_extra() -> Generator[None, None, None]:
    """Stop where an extra is not installed."""
    try:
        yield
    except ImportError as error:
        raise Stopped(ExitCode.USAGE, str(error)) from None


def _open_at_once(path: str, flags: int) -> int:
    """Open what may be a pipe, without waiting for whoever writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
