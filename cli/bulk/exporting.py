"""An export: responses with all their input items go into an archive as they are received.

Laws: what is wrong with the file is said before anything is sent. Whatever ends the run, the archive is closed, and
what was told as exported is in it. The archive itself says what was done: `--resume` passes over what is in it.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator
from typing import Any

from returns.result import Result

from ...core import Error, Operation
from ...core.results import is_failure
from ...transports import ArchiveFormat, ArchiveWriter, open_archive, read_archive
from ...transports.archive.formats import format_for, has_content
from ..failures import ExitCode
from ..streams import Stopped
from ..tables import Column, View, response_cells
from .outcomes import Outcome, failure


class Export:
    """The archive that a run writes into. As a function it is what a result means: it writes it.

    Attributes:
        skipped: How many responses were passed over so far, being in the archive.
    """

    def __init__(
        self,
        path: str,
        form: ArchiveFormat | None,
        *,
        resume: bool,
        replace: bool,
        missing_ok: bool = False,
        dry_run: bool = False,
    ) -> None:
        """Raises `ValueError` for a file that cannot be gone on with, and `ImportError` without what it needs.

        With `dry_run` the file is read, and stays as it is.
        """
        self._path = path
        self._form: ArchiveFormat = format_for(path, form)
        self._replace = replace
        self._missing_ok = missing_ok
        self._archive: ArchiveWriter | None = None
        self._held: Container[str] = ()
        self.skipped = 0
        self.mended: str | None = None
        if has_content(path):
            if not (resume or replace):
                raise ValueError(f"{path} is there: --resume goes on with it, --replace begins anew")
            if not replace and dry_run:
                self._held = _ids_in(path, self._form)
            elif not replace:
                self._held = self._opened()
        elif not os.path.isdir(os.path.dirname(os.path.abspath(path))):
            raise ValueError(f"{path}: its folder is not there")
        if self._form == "parquet":
            from ...transports.archive.parquet import check_installed

            check_installed()

    def left(self, pairs: Iterable[tuple[str, Operation[Any]]]) -> Iterator[tuple[str, Operation[Any]]]:
        """Those that are not in the archive."""
        for response_id, operation in pairs:
            if response_id in self._held:
                self.skipped += 1
            else:
                yield response_id, operation

    def __call__(self, response_id: str, result: Result[Any, Error]) -> Outcome:
        if is_failure(result):
            return failure(response_id, result.failure(), missing_ok=self._missing_ok)
        audit = result.unwrap()
        try:
            self._opened().write(audit)
        except (OSError, ValueError) as error:
            raise self._stopped(error) from None
        facts = {"input_items": len(audit.input_items)}
        return Outcome(id=response_id, word="exported", facts=facts, value=audit)

    def close(self) -> None:
        """Write what is left, and close the archive. Raises `Stopped` where that cannot be."""
        archive, self._archive = self._archive, None
        if archive is not None:
            try:
                archive.close()
            except OSError as error:
                raise self._stopped(error) from None

    def _opened(self) -> ArchiveWriter:
        if self._archive is None:
            try:
                self._archive = open_archive(self._path, self._form, replace=self._replace)
            except OSError as error:
                raise self._stopped(error) from None
            mended = self._archive.mended
            self.mended = None if mended is None else str(mended)
        return self._archive

    def _stopped(self, error: Exception) -> Stopped:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        return Stopped(ExitCode.LOCAL_IO, f"cannot write {self._path}: {reason}")


def _ids_in(path: str, form: ArchiveFormat) -> Container[str]:
    """The responses that an archive has, whole."""
    return {read.unwrap().response.id for read in read_archive(path, form) if not is_failure(read)}


def exported_cells(outcome: Any) -> tuple[str, ...]:
    """Show the outcome of an export."""
    if outcome.value is None:
        return outcome.id, outcome.word.replace("_", " "), "", "", "", ""
    return (
        outcome.id,
        outcome.word,
        str(len(outcome.value.input_items)),
        *(response_cells(outcome.value.response)[place] for place in (1, 3, 4)),
    )


EXPORTED_VIEW = View(
    (
        Column("ID"),
        Column("RESULT", 14, needed=True),
        Column("ITEMS", 6),
        Column("STATUS", 11),
        Column("CREATED", 16),
        Column("MODEL"),
    ),
    exported_cells,
)
