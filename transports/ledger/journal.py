"""The events of a ledger, each with the hash of the one before, written by many threads at once.

Law: an event is in the chain once it is added, and in the file once it is committed: `commit` returns when all that was
added before is there. Threads that wait for a commit share it: whoever is first writes for all. What could not be
written stays next in the chain, and is tried again by whoever commits next; nothing is skipped.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from msgspec import json

from .fates import FateName
from .hold import Hold
from .known_keys import KnownKeys
from .tables import FIRST, open_database

Row: TypeAlias = tuple[int, int, str, str, str, str | None, str]
"""An event as it is in the file: seq, at, key, fate, known, program, hash."""

_encode = json.Encoder().encode

_AT_ONCE = 64
_VALUES = "(?, ?, ?, ?, ?, ?, ?)"
_INSERTS = [" ".join(("INSERT INTO events VALUES", ", ".join([_VALUES] * rows))) for rows in range(1, _AT_ONCE + 1)]
"""Statements for one row and more: a thread that writes lets others run, and waits for them, once a statement."""

_PAGE = 500
"""Rows that are read at a time, so that what is written in between is waited for by nobody."""


class Event(NamedTuple):
    """An event that was read."""

    seq: int
    at: int
    key: str
    fate: FateName
    known: str
    program: str | None
    hash: str


def hash_of(before: str, row: tuple[Any, ...]) -> str:
    """The hash of an event: SHA-256 of the hash before it, and of its other columns as a JSON array."""
    return sha256(before.encode() + _encode(row)).hexdigest()


class Journal:
    """The events at `path`, held by this process unless it only reads. `now` is the time in seconds since 1970."""

    def __init__(self, path: str, *, now: Callable[[], float] = time.time, read_only: bool, durable: bool) -> None:
        self._now = now
        self._hold = None if read_only else Hold(path)
        try:
            self._database = open_database(path, read_only=read_only, durable=durable)
        except BaseException:
            self._release()
            raise
        last: tuple[int, str] | None = self._database.execute(
            "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        self._seq, self._hash = last or (0, FIRST)
        self._committed, self.head = self._seq, self._hash
        self._chain = Lock()
        self._database_lock = Lock()
        self._is_writing = False
        self._waiting: list[Lock] = []
        self._queue: list[Row] = []
        self._keys: KnownKeys | None = None

    def add(self, key: str, fate: FateName, known: bytes, program: bytes | None = None) -> int:
        """Put an event into the chain, in any thread; its number, which `commit` takes."""
        at = int(self._now() * 1000)
        text, saved = known.decode(), None if program is None else program.decode()
        with self._chain:
            seq = self._seq + 1
            hashed = hash_of(self._hash, (seq, at, key, fate, text, saved))
            self._queue.append((seq, at, key, fate, text, saved, hashed))
            self._seq, self._hash = seq, hashed
        if self._keys is not None:
            self._keys.put(key)
        return seq

    def commit(self, seq: int | None = None) -> None:
        """Return when all events up to `seq` are in the file; by default, all that were added."""
        wanted = self._seq if seq is None else seq
        while self._committed < wanted:
            gate = None
            with self._chain:
                if self._committed >= wanted:  # by who has just written for all
                    return
                if self._is_writing:
                    gate = Lock()
                    gate.acquire()
                    self._waiting.append(gate)
                self._is_writing = True
            if gate is None:
                self._write_for_all()
            else:
                gate.acquire()

    def _write_for_all(self) -> None:
        try:
            self._write()
        finally:
            with self._chain:
                self._is_writing = False
                waiting, self._waiting = self._waiting, []
            for gate in waiting:
                gate.release()

    def _write(self) -> None:
        with self._chain:
            rows, self._queue = self._queue, []
        while rows:
            chunk = rows[:_AT_ONCE]  # a transaction of one statement, which is all there or not at all
            try:
                with self._database_lock:
                    self._database.execute(_INSERTS[len(chunk) - 1], list(chain.from_iterable(chunk)))
            except BaseException:
                self._put_back(rows)
                raise
            self._committed, self.head = chunk[-1][0], chunk[-1][-1]
            del rows[:_AT_ONCE]

    def _put_back(self, rows: list[Row]) -> None:
        """Keep what was not written; an interrupt may have met what was."""
        written: tuple[int | None] = self._database.execute("SELECT max(seq) FROM events").fetchone()
        kept = [row for row in rows if row[0] > (written[0] or 0)]
        for row in rows[: len(rows) - len(kept)]:
            self._committed, self.head = row[0], row[-1]
        with self._chain:
            self._queue[:0] = kept

    def read(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query, of what is in the file."""
        with self._database_lock:
            return self._database.execute(query, values).fetchall()

    def last(self, key: str) -> Event | None:
        """The last event of a key that is in the file."""
        if self._keys is None:
            self._keys = KnownKeys()
            for (known,) in self.read("SELECT DISTINCT key FROM events"):
                self._keys.put(known)
        if key not in self._keys:
            return None
        rows = self.read("SELECT * FROM events WHERE key = ? ORDER BY seq DESC LIMIT 1", key)
        return Event(*rows[0]) if rows else None

    def all(self, key: str) -> list[Event]:
        """All events of a key that are in the file."""
        return [Event(*row) for row in self.read("SELECT * FROM events WHERE key = ? ORDER BY seq", key)]

    def latest(self, names: tuple[str, ...]) -> Iterator[Event]:
        """The last event of each key, of those that are in the file now and have such a fate; in their order."""
        until, after = self._committed, 0
        wanted = json.encode(names).decode()
        query = (
            "SELECT * FROM events WHERE seq > ? AND seq <= ? AND fate IN (SELECT value FROM json_each(?)) "
            "AND NOT EXISTS (SELECT 1 FROM events AS later WHERE later.key = events.key AND later.seq > events.seq) "
            "ORDER BY seq LIMIT ?"
        )
        while rows := self.read(query, after, until, wanted, _PAGE):
            yield from (Event(*row) for row in rows)
            after = rows[-1][0]

    @property
    def database(self) -> sqlite3.Connection:
        """The open database, for who verifies it."""
        return self._database

    def close(self) -> None:
        """Write what was added, and let others have the file."""
        try:
            self.commit()
        finally:
            with self._database_lock:
                self._database.close()
            self._release()

    def _release(self) -> None:
        if self._hold is not None:
            self._hold.release()
            self._hold = None
