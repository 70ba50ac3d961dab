"""`puresponse ledger verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command, option
from .options import FILE

if TYPE_CHECKING:
    from ..tasks import Events

HEAD = option("--head", "The hash that was kept: of the summary of a run, or of a receipt.", "HASH")


@command(FILE, HEAD, *FORMS)
def verify(given: Invocation, *, file: str, head: str | None) -> ExitCode | str:
    """Prove that a ledger is unchanged and whole, as far as a hash that was kept covers it."""
    from msgspec.structs import asdict

    from ...transports.ledger.fates import Damaged
    from ..streams import Stopped
    from ..tables import Column, View
    from ..tasks import Notice, Values
    from .opening import opened, show

    def events() -> Events:
        with opened(file) as ledger:
            found = ledger.verify(head)
        if isinstance(found, Damaged):
            raise Stopped(ExitCode.LEDGER, f"{file}: {found}", "Ledger")
        yield Values(({"file": file, **asdict(found)},))
        yield Notice(f"{file}: {found}")

    return show(
        given, events(), View((Column("FILE"), Column("EVENTS", 9), Column("COVERED", 9), Column("HEAD")), cells)
    )


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of what was proven."""
    covered = "-" if row["covered"] is None else f"{row['covered']:,}"
    return row["file"], f"{row['events']:,}", covered, row["head"]
