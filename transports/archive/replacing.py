"""A file that takes the place of another when it is whole: until then the other stays as it is."""

from __future__ import annotations

import os
from contextlib import suppress
from io import BufferedWriter, FileIO
from types import TracebackType
from typing import BinaryIO, Self


class Replacement:
    """A file beside `path`, open for writing: it takes its place where the block ends well, else it is removed."""

    def __init__(self, path: str) -> None:
        self._path = os.path.realpath(path)
        folder, name = os.path.split(self._path)
        self._made = os.path.join(folder, f".{name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
        self.file: BinaryIO = BufferedWriter(FileIO(self._made, "xb"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.take_place()
        else:
            self.give_up()

    def take_place(self) -> None:
        """Write it to the disk, and put it where the other was. Raises `OSError`; the other stays then."""
        try:
            if os.path.exists(self._path):
                os.chmod(self._made, os.stat(self._path).st_mode & 0o777)
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            os.replace(self._made, self._path)
        except BaseException:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Remove it."""
        self.file.close()
        with suppress(OSError):
            os.remove(self._made)
