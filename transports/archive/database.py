"""Archives in SQLite: a table of responses, and tables of their input and output items, with columns to ask about.

Laws: the JSON of a response and of each of its input items is in a column, whole, and only that is read back. Writing a
response again takes the place of what was there of it. What was committed is whole, however the process ends: it is
committed after so many responses, and at `flush`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from returns.result import Failure, Result, Success

from ...codecs import ResponseAudit
from .formats import WHOLE, ArchiveDamage
from .rows import audit_of, item_row, joined, named, output_parts, parts_of, response_row
from .writer import ArchiveWriter

APPLICATION_ID = 0x70757265
"""Which program a database is of, by SQLite's header: `pure`."""

VERSION = 1

_COMMITTED_EVERY = 256
"""Responses. Those that were not committed are lost with the process."""

_CREATE = (
    """
    CREATE TABLE responses (
        id TEXT NOT NULL PRIMARY KEY, created_at INTEGER, status TEXT, model TEXT, background INTEGER,
        previous_response_id TEXT, conversation_id TEXT, input_item_count INTEGER NOT NULL,
        output_item_count INTEGER NOT NULL, input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER,
        reasoning_tokens INTEGER, total_tokens INTEGER, error TEXT, output_text TEXT NOT NULL,
        json TEXT NOT NULL, others TEXT
    )
    """,
    """
    CREATE TABLE input_items (
        response_id TEXT NOT NULL REFERENCES responses (id), position INTEGER NOT NULL,
        id TEXT, type TEXT, role TEXT, status TEXT, call_id TEXT, name TEXT, text TEXT,
        json TEXT NOT NULL, PRIMARY KEY (response_id, position)
    )
    """,
    """
    CREATE TABLE output_items (
        response_id TEXT NOT NULL REFERENCES responses (id), position INTEGER NOT NULL,
        id TEXT, type TEXT, role TEXT, status TEXT, call_id TEXT, name TEXT, text TEXT,
        json TEXT NOT NULL, PRIMARY KEY (response_id, position)
    )
    """,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)

_WRITE = """
INSERT INTO responses VALUES (
    :id, :created_at, :status, :model, :background, :previous_response_id, :conversation_id, :input_item_count,
    :output_item_count, :input_tokens, :cached_tokens, :output_tokens, :reasoning_tokens, :total_tokens, :error,
    :output_text, :json, :others
)
ON CONFLICT (id) DO UPDATE SET
    created_at = excluded.created_at, status = excluded.status, model = excluded.model,
    background = excluded.background, previous_response_id = excluded.previous_response_id,
    conversation_id = excluded.conversation_id, input_item_count = excluded.input_item_count,
    output_item_count = excluded.output_item_count, input_tokens = excluded.input_tokens,
    cached_tokens = excluded.cached_tokens, output_tokens = excluded.output_tokens,
    reasoning_tokens = excluded.reasoning_tokens, total_tokens = excluded.total_tokens, error = excluded.error,
    output_text = excluded.output_text, json = excluded.json, others = excluded.others
"""
_REMOVE_INPUT = "DELETE FROM input_items WHERE response_id = ?"
_REMOVE_OUTPUT = "DELETE FROM output_items WHERE response_id = ?"
_WRITE_INPUT = """
INSERT INTO input_items VALUES (:response_id, :position, :id, :type, :role, :status, :call_id, :name, :text, :json)
"""
_WRITE_OUTPUT = """
INSERT INTO output_items VALUES (:response_id, :position, :id, :type, :role, :status, :call_id, :name, :text, :json)
"""

_READ = "SELECT id, json, others, input_item_count FROM responses ORDER BY rowid"
_READ_ITEMS = "SELECT json FROM input_items WHERE response_id = ? ORDER BY position"


class DatabaseWriter(ArchiveWriter):
    """Puts responses into a database."""

    format = "sqlite"

    def __init__(self, path: str) -> None:
        self.path = path
        self._uncommitted = 0
        with _as_os_error(path):
            self._database: sqlite3.Connection | None = sqlite3.connect(path, isolation_level=None)
        try:
            with _as_os_error(path):
                refused = _refusal(self._database)
                if refused is None and not _tables(self._database):
                    self._database.execute("BEGIN IMMEDIATE")
                    for statement in _CREATE:
                        self._database.execute(statement)
                    self._database.execute("COMMIT")
            if refused is not None:
                raise ValueError(f"{path}: {refused}")
        except BaseException:
            self._database.close()
            raise

    def write(self, audit: ResponseAudit) -> None:
        """Put a response with its items into the database, in the place of what was there of it."""
        parts, row = parts_of(audit), response_row(audit)
        outputs = output_parts(parts.response)
        items = _item_rows(row.id, audit.input_items, parts.input_items)
        output = _item_rows(row.id, audit.response.output if outputs else (), outputs)
        database = self._opened()
        with _as_os_error(self.path):
            if not database.in_transaction:
                database.execute("BEGIN IMMEDIATE")
            database.execute("SAVEPOINT response")
            try:
                database.execute(_WRITE, {**named(row), "json": parts.response, "others": parts.others})
                database.execute(_REMOVE_INPUT, (row.id,))
                database.execute(_REMOVE_OUTPUT, (row.id,))
                database.executemany(_WRITE_INPUT, items)
                database.executemany(_WRITE_OUTPUT, output)
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK TO response")
                raise
            database.execute("RELEASE response")
        self._uncommitted += 1
        if self._uncommitted >= _COMMITTED_EVERY:
            self.flush()

    def __contains__(self, response_id: object) -> bool:
        if not isinstance(response_id, str):
            return False
        with _as_os_error(self.path):
            found = self._opened().execute("SELECT 1 FROM responses WHERE id = ?", (response_id,)).fetchone()
        return found is not None

    def flush(self) -> None:
        """Commit all that was written."""
        self._uncommitted = 0
        if self._database is not None and self._database.in_transaction:
            with _as_os_error(self.path):
                self._database.execute("COMMIT")

    def close(self) -> None:
        """Commit, and close the database."""
        database = self._database
        if database is not None:
            try:
                self.flush()
            finally:
                self._database = None
                database.close()

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            raise ValueError(f"the archive {self.path} is closed")
        return self._database


def read_database(path: str) -> Generator[Result[ResponseAudit, ArchiveDamage]]:
    """Read the responses of a database, in the order in which they were first written."""
    place = WHOLE
    try:
        with closing(_opened_to_read(path)) as database:
            refused = _refusal(database)
            if refused is not None:
                yield Failure(ArchiveDamage(path=path, place=WHOLE, reason=refused))
                return
            if not _tables(database):
                return
            for response_id, response, others, count in database.execute(_READ):
                place = f"response {response_id}"
                items = [text for (text,) in database.execute(_READ_ITEMS, (response_id,))]
                if len(items) == count:
                    yield _read(path, place, [response, *items], others)
                else:
                    reason = f"{count} input items were written, and {len(items)} are there"
                    yield Failure(ArchiveDamage(path=path, place=place, reason=reason))
    except sqlite3.Error as error:
        after = "" if place == WHOLE else f"after {place}: "
        yield Failure(ArchiveDamage(path=path, place=WHOLE, reason=f"{after}{error}"))


def _read(path: str, place: str, texts: list[Any], others: Any) -> Result[ResponseAudit, ArchiveDamage]:
    if not all(isinstance(text, str) for text in [*texts, others or ""]):
        return Failure(ArchiveDamage(path=path, place=place, reason="a column of JSON holds no text"))
    read = audit_of(joined(texts[0], texts[1:], others))
    if isinstance(read, Success):
        return Success(read.unwrap())
    error = read.failure()
    return Failure(ArchiveDamage(path=path, place=place, reason=f"{error.path}: {error.reason}"))


def _item_rows(response_id: str, items: Sequence[Any], texts: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of items, which are in the order of their JSON."""
    return [
        {**named(item_row(item)), "response_id": response_id, "position": position, "json": text}
        for position, (item, text) in enumerate(zip(items, texts, strict=True))
    ]


def _opened_to_read(path: str) -> sqlite3.Connection:
    """A connection that changes nothing but what a killed process left undone, where the file may be written."""
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    name = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    database = sqlite3.connect(f"file:{name}?mode={mode}", uri=True)
    try:
        database.execute("PRAGMA query_only = ON")
    except BaseException:
        database.close()
        raise
    return database


def _refusal(database: sqlite3.Connection) -> str | None:
    """Why a database is no archive; None for one, and for one that is empty."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION_ID:
        return None if version == VERSION else f"it was written in version {version}; known is version {VERSION}"
    return "it is a database of another program" if application or _tables(database) else None


def _tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]


@contextmanager
def _as_os_error(path: str) -> Generator[None]:
    """What the file refuses is an `OSError`, as of any file; what is no database is a `ValueError`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(None, str(error), path) from error
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{path}: {error}") from error
