"""Files that are there whole, or as they were: with the mode that they had, and where a symbolic link led to.

Law: whatever happens to the process or the disk, the file has its old bytes or its new ones. They are written beside it
to the disk, and then take its place in one step.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from .format import Cassette, read_cassette


def read_file(path: str) -> Cassette:
    """Read the cassette in a file. Raises `OSError`, and `ValueError` that names the file for what is no cassette."""
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError(f"the cassette {path} is no file")
        data = file.read()
    try:
        return read_cassette(data)
    except ValueError as error:
        raise ValueError(f"the cassette {path} {error}") from None


def check_place(path: str) -> str:
    """Where a file at `path` is to be written: beyond symbolic links, in a folder that is made if it is not there.

    Raises `OSError` where nothing can be written: for a folder, and for a file that may only be read.
    """
    real = os.path.realpath(path)
    if os.path.isdir(real):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if os.path.exists(real) and not (os.path.isfile(real) and os.stat(real).st_mode & _WRITABLE):
        raise PermissionError(errno.EACCES, "the file may only be read", path)
    os.makedirs(os.path.dirname(real), exist_ok=True)
    return real


def write_whole(path: str, data: bytes) -> None:
    """Let `data` take the place of the file `path`, which is no link. Raises `OSError`; the file is as it was then."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    try:
        with open(temporary, "xb") as file:
            keep_mode(file.fileno(), path)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.remove(temporary)
        raise


def keep_mode(descriptor: int, path: str) -> None:
    """Give an open file the mode, and where that is allowed the owner, of the file `path`, if there is one."""
    try:
        known = os.stat(path)
    except FileNotFoundError:
        return
    if hasattr(os, "fchown"):  # as Windows has not
        with suppress(OSError):
            os.fchown(descriptor, known.st_uid, known.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(known.st_mode))


_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def _open_at_once(path: str, flags: int) -> int:
    """Open what may be a pipe, without waiting for whoever writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
