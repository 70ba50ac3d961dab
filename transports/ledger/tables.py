"""The file of a ledger: one SQLite database that any SQLite tool reads.

Law: the table `events` only grows: triggers refuse all else to honest tools, and the hashes show what others did. The
view `fates` has the last event of each key, which is its present state. The file says of itself that it is a ledger,
and in which format; a file that is none, or of another format, is refused.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from .hold import LedgerRefused

FORMAT = 1
"""The form in which a ledger is written: SQLite's `user_version`."""

APPLICATION = 0x7075726C
"""What SQLite's `application_id` is for a ledger: `purl`."""

FIRST = "0" * 64
"""The hash before that of the first event."""

SCHEMA: dict[str, str] = {
    "events": """
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, -- 1, 2, 3, ...
  at INTEGER NOT NULL,     -- milliseconds since 1970-01-01 UTC
  key TEXT NOT NULL,       -- what the caller calls the operation
  fate TEXT NOT NULL,      -- planned, in flight, done, absent, failed, unknown
  known TEXT NOT NULL,     -- what is known, as JSON
  program TEXT,            -- the checkpoint to go on from, as JSON; null: that of the event before
  hash TEXT NOT NULL       -- SHA-256 of the hash before, and of this row as a JSON array
)""",
    "events_by_key": "CREATE INDEX events_by_key ON events (key)",
    "fates": """
CREATE VIEW fates AS
SELECT key, fate, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, known, seq
FROM events
WHERE NOT EXISTS (SELECT 1 FROM events AS later WHERE later.key = events.key AND later.seq > events.seq)""",
    "events_stay_as_they_are": """
CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events of a ledger are never changed'); END""",
    "events_stay": """
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events of a ledger are never deleted'); END""",
}
"""All that is defined in a ledger, by its name, as SQLite has it."""


def open_database(path: str, *, read_only: bool, durable: bool) -> sqlite3.Connection:
    """Open the ledger at `path`; make it where there is none. Raises `LedgerRefused`."""
    try:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0)
    except sqlite3.Error as error:
        raise LedgerRefused(path, f"cannot be opened: {error}") from None
    try:
        _set_up(database, path, read_only=read_only, durable=durable)
    except sqlite3.DatabaseError as error:
        database.close()
        raise LedgerRefused(path, f"cannot be read: {error}") from None
    except BaseException:
        database.close()
        raise
    return database


def _set_up(database: sqlite3.Connection, path: str, *, read_only: bool, durable: bool) -> None:
    application = _pragma(database, "application_id")
    if application == 0 and not _pragma(database, "user_version") and not definitions(database):
        if read_only:
            raise LedgerRefused(path, "is an empty file: nothing was written to it yet")
        _make(database)
    elif application != APPLICATION:
        raise LedgerRefused(path, "is another program's database: it was left as it is")
    found = _pragma(database, "user_version")
    if found != FORMAT:
        raise LedgerRefused(path, f"is of format {found}; this version reads format {FORMAT}")
    if read_only:
        database.execute("PRAGMA query_only = ON")
        return
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def _make(database: sqlite3.Connection) -> None:
    """Define all in one transaction, so that a process that is killed leaves a ledger or an empty file."""
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    try:
        for definition in SCHEMA.values():
            database.execute(definition)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def definitions(database: sqlite3.Connection) -> dict[str, str]:
    """What is defined in a database, by its name, but for what SQLite defines for itself."""
    rows = database.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    return {str(name): str(sql) for name, sql in rows}


def _pragma(database: sqlite3.Connection, name: str) -> int:
    found: tuple[int] = database.execute(f"PRAGMA {name}").fetchone()
    return found[0]
