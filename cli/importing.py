"""Archives read back: each response of one is shown, or put somewhere else; what is damaged is told, and the rest read.

Law: nothing is asked of any service, and nothing is put back into one: the API has no endpoint for that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol

from msgspec import Struct

from ..codecs import ResponseAudit
from ..core import DecodeError
from ..core.results import is_failure
from ..transports import ArchiveFormat, ArchiveWriter, Clock, Transport, open_archive, read_archive
from .failures import ExitCode
from .streams import Stopped
from .tables import Column, View, response_cells
from .tasks import Events, Failed, Notice, Values


class Place(Protocol):
    """Where responses are put."""

    def put(self, audit: ResponseAudit) -> str | None:
        """Put a response there; a sentence where it has no place there."""
        ...

    def finish(self) -> str:
        """Write what is left, and say where all that is. Raises `Stopped` where that cannot be."""
        ...

    def leave(self) -> None:
        """Leave it, for the import has ended before its time."""
        ...


class Import(Struct, frozen=True):
    """Reads the archive `file`, and puts each response into all of the `places`; without any it is shown."""

    file: str
    format: ArchiveFormat | None
    places: Sequence[Place]

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        try:
            yield from self._put()
        except BaseException:
            for place in self.places:
                place.leave()
            raise

    def _put(self) -> Events:
        count = 0
        for found in self._read():
            if isinstance(found, Failed):
                yield found
                continue
            refused = [reason for reason in (place.put(found) for place in self.places) if reason is not None]
            if refused:
                yield self._failed(f"response {found.response.id}", "; ".join(refused))
                continue
            count += 1
            if not self.places:
                yield Values((found,))
        where = [place.finish() for place in self.places]
        told = f"{count} response{'' if count == 1 else 's'} of {self.file}"
        yield Notice(f"{told} {'is' if count == 1 else 'are'} in {' and in '.join(where)}" if where else told)

    def _read(self) -> Iterator[ResponseAudit | Failed]:
        try:
            for result in read_archive(self.file, self.format):
                if is_failure(result):
                    damage = result.failure()
                    yield self._failed(damage.place, damage.reason)
                else:
                    yield result.unwrap()
        except OSError as error:
            raise Stopped(ExitCode.LOCAL_IO, f"cannot read {self.file}: {error.strerror or error}") from None
        except ImportError as error:
            raise Stopped(ExitCode.USAGE, str(error)) from None

    def _failed(self, place: str, reason: str) -> Failed:
        return Failed(None, DecodeError(path=f"{self.file}, {place}", reason=reason))


class Conversion:
    """Another archive: a `Place`."""

    def __init__(self, path: str, form: ArchiveFormat | None, *, replace: bool) -> None:
        """Raises `Stopped` for a file that cannot be written, or is there already."""
        self._path = path
        if not replace and os.path.exists(path) and os.path.getsize(path):
            raise Stopped(ExitCode.USAGE, f"--to: {path} is there; --replace begins it anew")
        try:
            self._archive: ArchiveWriter = open_archive(path, form, replace=replace)
        except (ValueError, ImportError) as error:
            raise Stopped(ExitCode.USAGE, f"--to: {error}") from None
        except OSError as error:
            raise self._stopped(error) from None

    def put(self, audit: ResponseAudit) -> str | None:
        """Write a response."""
        try:
            self._archive.write(audit)
        except OSError as error:
            raise self._stopped(error) from None
        return None

    def finish(self) -> str:
        """Close the archive."""
        try:
            self._archive.close()
        except OSError as error:
            raise self._stopped(error) from None
        return self._path

    def leave(self) -> None:
        """Close the archive: what was written is in it."""
        with suppress(OSError):
            self._archive.close()

    def _stopped(self, error: OSError) -> Stopped:
        return Stopped(ExitCode.LOCAL_IO, f"cannot write {self._path}: {error.strerror or error}")


def _cells(audit: Any) -> tuple[str, ...]:
    response_id, status, _, created, model = response_cells(audit.response)
    return response_id, status, str(len(audit.input_items)), created, model


IMPORTED_VIEW = View(
    (Column("ID"), Column("STATUS", 11, needed=True), Column("ITEMS", 6), Column("CREATED", 16), Column("MODEL")),
    _cells,
)
