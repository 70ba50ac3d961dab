"""Marks that a worker leaves before it sends what must not be sent twice unnoticed, and that outlive it.

Law: of a parcel whose worker is lost, no mark means that nothing but what only reads was sent. A mark is there before
the request is; where it cannot be left, nothing is sent. Whoever finds one that it did not leave is carrying out the
parcel a second time, which some executors have done by themselves.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from msgspec import Struct


class Mark(Protocol):
    """A mark to be left: it travels with a parcel."""

    def __call__(self) -> bool:
        """Leave it, in a worker; whether it was there before."""
        ...


class Marks(Protocol):
    """Where the marks are, as whoever hands out the parcels sees them. A `token` names a parcel, of one batch."""

    def mark(self, token: str) -> Mark:
        """The mark of a parcel."""
        ...

    def is_left(self, token: str) -> bool:
        """Whether the mark was left; True where nobody knows."""
        ...

    def remove(self, token: str) -> None:
        """Remove the mark, for the parcel is back: now, or when it cannot be carried out anew any more."""
        ...

    def close(self) -> None:
        """Remove what is left, at the end of the batch."""
        ...


class FileMark(Struct, frozen=True):
    """A mark that is a file."""

    path: str

    def __call__(self) -> bool:
        """Make the file; whether it was there before."""
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return True
        return False


class FileMarks:
    """Marks that are files of one folder, for processes of one machine; the folder is there until `close`."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="puresponse-")

    def mark(self, token: str) -> FileMark:
        """The mark of a parcel."""
        return FileMark(str(Path(self._folder.name, token)))

    def is_left(self, token: str) -> bool:
        """Whether the mark was left."""
        return Path(self._folder.name, token).exists()

    def remove(self, token: str) -> None:
        """Remove the mark, for the parcel is back."""
        with suppress(FileNotFoundError):
            Path(self._folder.name, token).unlink()

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()
