"""Files that options name: read, and written so that they are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TypeVar

from ..failures import ExitCode
from ..streams import Stopped

T = TypeVar("T")


def read_file(option: str, path: str, load: Callable[[bytes], T]) -> T:
    """What `load` makes of a file. Raises `Stopped` where it cannot be read, or `load` raises `ValueError`."""
    try:
        return load(Path(path).read_bytes())
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"{option}: cannot read {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise Stopped(ExitCode.USAGE, f"{option}: {path}: {error}") from None


def write_file(option: str, path: str, content: bytes) -> None:
    """Put `content` in the place of the file, in one step. Raises `Stopped` where that cannot be."""
    place = Path(os.path.realpath(path))
    made = None
    try:
        descriptor, made = mkstemp(prefix=f".{place.name}.", dir=place.parent)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(made, place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask())
        os.replace(made, place)
    except OSError as error:
        if made is not None:
            with suppress(OSError):
                os.unlink(made)
        raise Stopped(ExitCode.LOCAL_IO, f"{option}: cannot write {path}: {error.strerror or error}") from None


def _umask() -> int:
    """What a new file of this process is not to be allowed; it can be read only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
