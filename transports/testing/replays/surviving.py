"""The folder that survives a process: as it was in the moment in which the process died, whatever was done then.

Law: what a dying process still does, in a `finally` for example, changes nothing: a process that is killed does
nothing. Files are other files after that: no lock on them is held any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from os import W_OK, access
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeAlias

Kept: TypeAlias = Mapping[Path, bytes | None]
"""What a folder has: the bytes of files, and None for folders."""


_MEMORY = Path("/dev") / "shm"
"""Where files are in memory, on Linux: what is made anew thousands of times is better off there."""


class Folder:
    """A folder, made when it is first asked for, or given at `path`, which is as it was in each life then."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._is_given = path is not None
        self._first: Kept = {} if path is None else _kept(path)

    @property
    def path(self) -> Path:
        """Where it is."""
        if self._path is None:
            self._path = Path(mkdtemp(prefix="puresponse-life-", dir=_MEMORY if access(_MEMORY, W_OK) else None))
        return self._path

    def keep(self) -> Kept:
        """What is in it now."""
        return {} if self._path is None else _kept(self._path)

    def restore(self, kept: Kept | None = None) -> None:
        """Have in it what was kept, or what was at first, and nothing else."""
        if self._path is None:
            return
        for path in self._path.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        for path, data in (self._first if kept is None else kept).items():
            if data is None:
                path.mkdir()
            else:
                path.write_bytes(data)

    def remove(self) -> None:
        """Remove it; one that was given is as it was again."""
        if self._is_given:
            self.restore()
        elif self._path is not None:
            shutil.rmtree(self._path)
            self._path = None


def _kept(folder: Path) -> Kept:
    found = sorted(folder.rglob("*"))
    return {path: None if path.is_dir() else path.read_bytes() for path in found}
