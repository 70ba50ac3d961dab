"""Archives are opened here, to be written and to be read, in whichever format they are."""

from __future__ import annotations

import os
from collections.abc import Generator

from returns.result import Failure, Result

from ...codecs import ResponseAudit
from .formats import (
    WHOLE,
    ArchiveDamage,
    ArchiveFormat,
    checked,
    format_for,
    format_found,
    format_named,
    has_content,
    mismatch,
)
from .writer import ArchiveWriter


def open_archive(
    path: str | os.PathLike[str], format: ArchiveFormat | None = None, *, replace: bool = False
) -> ArchiveWriter:
    """Open an archive of responses with all their input items, to write `ResponseAudit`s into it.

    What is in the file already stays, and more is added; in a database a response that is written again takes the place
    of what was there of it.

    Args:
        path: The file. It is made where it is not there.
        format: `jsonl`, `jsonl.gz`, `sqlite` or `parquet`. Default: what the name ends in says: .jsonl, .ndjson, .gz
            after one of these, .sqlite, .sqlite3, .db, .parquet.
        replace: Begin anew: what is in the file goes.

    Raises `ValueError` for a name that says no format, a format that there is none of, and a file that holds something
    else; `OSError` where it cannot be written; `ImportError` for Parquet without the extra `parquet`.

    >>> import tempfile
    >>> from puresponse.core import audit_response
    >>> from puresponse.transports import MemoryTransport, run
    >>> audit = run(audit_response("resp_chat"), MemoryTransport()).unwrap()
    >>> path = tempfile.mkdtemp() + "/export.jsonl"
    >>> with open_archive(path) as archive:
    ...     archive.write(audit)
    >>> [read.unwrap() == audit for read in read_archive(path)]
    [True]
    """
    name = os.fspath(path)
    form = format_for(name, format)
    if replace and os.path.exists(name):
        os.truncate(name, 0)
    elif has_content(name):
        wrong = mismatch(form, name)
        if wrong is not None:
            raise ValueError(f"{name}: {wrong}")
    match form:
        case "jsonl" | "jsonl.gz":
            from .json_lines import LinesWriter

            return LinesWriter(name, form)
        case "sqlite":
            from .database import DatabaseWriter

            return DatabaseWriter(name)
        case "parquet":
            from .parquet import ParquetWriter

            return ParquetWriter(name)


def read_archive(
    path: str | os.PathLike[str], format: ArchiveFormat | None = None
) -> Generator[Result[ResponseAudit, ArchiveDamage]]:
    """Read the responses of an archive one after another: each equals what was written.

    What cannot be read is a `Failure` with its place and the reason, and the rest is read as far as that can be: of a
    file that was left by a process that was killed, all but what was torn.

    Args:
        path: The file.
        format: Its format. Default: what it begins with, or else its name.

    Raises `OSError` where the file cannot be read, `ValueError` for a format that there is none of, and `ImportError`
    for Parquet without the extra `parquet`. Errors: `ArchiveDamage` for what cannot be read.

    >>> import tempfile
    >>> from puresponse import MemoryTransport, audit_response, run
    >>> path = tempfile.mkdtemp() + "/export.jsonl"
    >>> with open_archive(path) as archive:
    ...     archive.write(run(audit_response("resp_chat"), MemoryTransport()).unwrap())
    >>> with open(path, "a") as torn:  # by a process that was killed
    ...     _ = torn.write('{"response": ')
    >>> [read.map(lambda audit: audit.response.id).value_or("damaged") for read in read_archive(path)]
    ['resp_chat', 'damaged']
    """
    name = os.fspath(path)
    wanted = None if format is None else checked(format)
    if not has_content(name):
        with open(name, "rb"):
            pass
        return _nothing(name, wanted or format_named(name))
    wrong = None if wanted is None else mismatch(wanted, name)
    form = wanted or format_found(name)
    if form is None:
        wrong = "it is none of JSON Lines, gzip, SQLite and Parquet"
    if wrong is not None or form is None:
        return _damaged(name, wrong or "")
    match form:
        case "jsonl" | "jsonl.gz":
            from .json_lines import read_lines

            return read_lines(name, form)
        case "sqlite":
            from .database import read_database

            return read_database(name)
        case "parquet":
            from .parquet import read_parquet

            return read_parquet(name)


def _nothing(path: str, form: ArchiveFormat | None) -> Generator[Result[ResponseAudit, ArchiveDamage]]:
    """An empty file is an archive of nothing, but for a Parquet file, which has a directory."""
    if form == "parquet":
        yield Failure(ArchiveDamage(path=path, place=WHOLE, reason="it is empty, and a Parquet file never is"))


def _damaged(path: str, reason: str) -> Generator[Result[ResponseAudit, ArchiveDamage]]:
    yield Failure(ArchiveDamage(path=path, place=WHOLE, reason=reason))
