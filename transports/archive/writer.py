"""What all archives have in common for those who write them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from ...codecs import ResponseAudit
from .formats import ArchiveDamage, ArchiveFormat


class ArchiveWriter(ABC):
    """An archive that is open for writing: a context manager, for one thread at a time. Made by `open_archive`.

    `response_id in archive` tells whether a response is in the archive already, whole. `path` and `format` are those
    of the file. `mended` is what a process that was killed had left unfinished at its end, and was cut off; None where
    nothing was.
    """

    path: str
    format: ArchiveFormat
    mended: ArchiveDamage | None = None

    @abstractmethod
    def write(self, audit: ResponseAudit) -> None:
        """Put `audit`, a response with its items, into the archive.

        Raises `OSError` where the file cannot be written; what was written before is whole. Raises `ValueError` or
        `TypeError` for what has no form in JSON, which only a caller can have made.
        """

    @abstractmethod
    def __contains__(self, response_id: object) -> bool: ...

    @abstractmethod
    def flush(self) -> None:
        """Hand all that was written to the operating system, as far as the format allows that."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left, to the disk, and close the file. Nothing happens at a second call."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
