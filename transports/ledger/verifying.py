"""Whether a ledger is what was written: its chain of hashes, worked out anew.

Law: any event that was changed, removed, inserted or moved is found, unless all from there on were written anew, with
new hashes; and that, and events that are missing at the end, are found by a head that was kept elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from .fates import FATES, Damaged, Verified
from .journal import hash_of
from .tables import FIRST, INDEX, SCHEMA, definitions

_TYPES = (int, int, str, str, str, str | None, str)


def verify(database: sqlite3.Connection, head: str | None) -> Verified | Damaged:
    """Work out the hashes of all events anew, and find `head` among them."""
    try:
        return _verified(database, head)
    except (sqlite3.DatabaseError, UnicodeError) as error:
        return Damaged(reason=f"the file cannot be read: {error}")


def _verified(database: sqlite3.Connection, head: str | None) -> Verified | Damaged:
    found = definitions(database)
    known = SCHEMA | {name: INDEX[name] for name in INDEX.keys() & found.keys()}
    for name in sorted(found.keys() | known.keys()):
        if found.get(name) != known.get(name, "").strip():
            return Damaged(reason=f"{name} is not defined as this version defines it")
    checked = [str(row[0]) for row in database.execute("PRAGMA integrity_check(1)")]
    if checked != ["ok"]:
        return Damaged(reason=f"SQLite finds the file damaged: {checked[0]}")
    return _chained(database.execute("SELECT * FROM events ORDER BY seq"), head)


def _chained(rows: Iterable[tuple[Any, ...]], head: str | None) -> Verified | Damaged:
    hashed, expected = FIRST, 1
    covered = 0 if head == FIRST else None
    for row in rows:
        seq = row[0]
        if seq != expected:
            return Damaged(reason=f"event {expected:,} is missing", seq=expected)
        if not all(isinstance(value, kind) for value, kind in zip(row, _TYPES, strict=True)) or row[3] not in FATES:
            return Damaged(reason="it holds what no ledger writes", seq=seq)
        hashed = hash_of(hashed, row[:-1])
        if hashed != row[-1]:
            return Damaged(reason="it is not what was written, or does not follow the event before it", seq=seq)
        if hashed == head:
            covered = seq
        expected += 1
    if head is not None and covered is None:
        return Damaged(reason=f"no event has the head {head}: events at its end are missing, or were written anew")
    return Verified(events=expected - 1, head=hashed, covered=covered)
