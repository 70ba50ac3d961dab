"""`puresponse ledger show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command
from .options import FILE

if TYPE_CHECKING:
    from ..tasks import Events


@command(FILE, *FORMS)
def show(given: Invocation, file: str) -> ExitCode | str:
    """Show how many responses have which fate, and the hash of the last event."""
    from ..settings import shows_json
    from ..tables import Column, View
    from ..tasks import Notice, Values
    from .opening import opened
    from .opening import show as shown

    as_json = shows_json(given.options, terminal=given.process.stdout.isatty())

    def events() -> Events:
        with opened(file) as ledger:
            counts, head = dict(ledger.counts()), ledger.head
        if as_json:
            yield Values(({"file": file, "fates": counts, "head": head},))
            return
        yield Values(tuple({"fate": fate, "count": count} for fate, count in counts.items()))
        yield Notice(f"the head of {file} is {head}")

    return shown(given, events(), View((Column("FATE"), Column("RESPONSES")), cells))


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of a fate."""
    return row["fate"], f"{row['count']:,}"
