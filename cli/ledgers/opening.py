"""A ledger, opened for a command, and what the table shows of it.

Law: whatever is wrong with a ledger is a `Stopped` with the exit code for that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...transports.ledger.hold import LedgerRefused
from ...transports.ledger.ledger import Ledger
from ..execute import execute
from ..failures import ExitCode
from ..service import InMemory
from ..streams import Stopped
from ..tables import Column, View
from ..tasks import Events, Values

if TYPE_CHECKING:
    from ...transports import Clock, Transport
    from ...transports.ledger.fates import Fate
    from ..parameters import Invocation

_AT_A_TIME = 100


@contextmanager
def opened(file: str, *, read_only: bool = True) -> Generator[Ledger]:
    """Open a ledger. Raises `Stopped` for what is none, and for what it refuses to do."""
    try:
        with Ledger(file, read_only=read_only) as ledger:
            yield ledger
    except (LedgerRefused, ValueError) as refused:
        raise Stopped(ExitCode.LEDGER, str(refused), "Ledger") from None
    except (OSError, sqlite3.Error) as error:
        raise Stopped(ExitCode.LEDGER, f"cannot use the ledger {file}: {error}", "Ledger") from None


def show(given: Invocation, events: Events, view: View) -> ExitCode | str:
    """Show the events of a command that asks no service."""

    def task(transport: Transport, clock: Clock, concurrency: int) -> Events:
        return events

    return execute(given, task, view, service=InMemory())


def fates_shown(fates: Iterable[Fate]) -> Events:
    """Fates as rows, some at a time."""
    rows: list[Any] = []
    for fate in fates:
        rows.append(row_of(fate))
        if len(rows) == _AT_A_TIME:
            yield Values(tuple(rows))
            rows.clear()
    if rows:
        yield Values(tuple(rows))


def row_of(fate: Fate) -> dict[str, Any]:
    """What is shown of a fate."""
    at = f"{fate.at:%Y-%m-%dT%H:%M:%S}.{fate.at.microsecond // 1000:03d}Z"
    return {"key": fate.key, "fate": fate.fate, "at": at, "seq": fate.seq, "known": dict(fate.known)}


def fate_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of a fate."""
    return row["key"], row["fate"], row["at"][:19].replace("T", " "), told_of(row["known"])


def told_of(known: dict[str, Any]) -> str:
    """What matters most of what is known."""
    told = [str(known[name]) for name in ("request", "status", "error") if known.get(name)]
    return " ".join(told)


FATE_VIEW = View((Column("KEY"), Column("FATE", 9, needed=True), Column("AT", 19), Column("KNOWN")), fate_cells)
