"""What a ledger says: fates, counts, its head, receipts, and whether it is what was written.

Law: all is said of what is in the file, and what is said of a key holds for the last event of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import json

from ...core.arguments import invalid_argument
from .fates import FATES, Damaged, Fate, FateName, Receipt, Verified, moment
from .journal import Event, Journal
from .verifying import verify


class Readings:
    """What is read of a journal."""

    _journal: Journal

    @property
    def head(self) -> str:
        """The hash of the last event in the file, as 64 hexadecimal digits: keep it elsewhere, for `verify`."""
        return self._journal.head

    def counts(self) -> Mapping[FateName, int]:
        """How many keys have each fate."""
        rows = self._journal.read("SELECT fate, count(*) FROM fates GROUP BY fate")
        found: dict[FateName, int] = dict(rows)
        return {name: found.get(name, 0) for name in FATES}

    def fates(self, *names: FateName) -> Iterator[Fate]:
        """The keys with one of these fates, or all keys, in the order of their last events."""
        for name in names:
            if name not in FATES:
                raise ValueError(str(invalid_argument("names", name, ", ".join(FATES))))
        return (fate_of(event) for event in self._journal.latest(names or FATES))

    def fate(self, key: str) -> Fate | None:
        """What became of the operation of `key`; None where it is not known."""
        check_key(key)
        event = self._journal.last(key)
        return None if event is None else fate_of(event)

    def verify(self, head: str | None = None) -> Verified | Damaged:
        """Prove that all events up to the one with the hash `head` are whole and unchanged.

        Without a head only damage is found: see `Verified`.
        """
        return verify(self._journal.database, head)

    def receipt(self, key: str) -> Receipt:
        """What is known of `key`, with the head's hash. Raises `ValueError` for a key that is not known."""
        check_key(key)
        events = self._journal.all(key)
        if not events:
            raise ValueError(str(invalid_argument("key", key, "a key of the ledger")))
        fates = tuple(fate_of(event) for event in events)
        acknowledged = absence = None
        for fate in fates:
            acknowledged = fate.known.get("acknowledged", acknowledged)
            absence = fate.known.get("absence", fate.known if fate.known.get("status") == 404 else absence)
        return Receipt(
            key=key,
            fate=fates[-1].fate,
            acknowledged=acknowledged,
            absence=absence,
            events=fates,
            head=self._journal.head,
        )


def check_key(key: Any) -> None:
    """Raise `ValueError` for what cannot be a key: it is a string that is not empty, and Unicode."""
    if not isinstance(key, str) or not key or (not key.isascii() and key.encode(errors="ignore").decode() != key):
        raise ValueError(str(invalid_argument("key", key, "a string that is not empty")))


def fate_of(event: Event) -> Fate:
    """What an event says of its key."""
    return Fate(key=event.key, fate=event.fate, at=moment(event.at), known=json.decode(event.known), seq=event.seq)
