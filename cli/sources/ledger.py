"""Ids that a ledger holds, as the keys of what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...transports.ledger.fates import FATES, FateName
from ...transports.ledger.hold import LedgerRefused
from ...transports.ledger.ledger import Ledger
from ..failures import ExitCode
from ..streams import Stopped


def ids_of_ledger(path: str, fates: Sequence[str]) -> Iterator[str]:
    """The keys of the ledger at `path` with one of these fates, or all; the file is read alone.

    Raises `Stopped` for what is no ledger.
    """
    names: list[FateName] = [name for name in FATES if name.replace(" ", "_") in fates]
    try:
        with Ledger(path, read_only=True) as ledger:
            for fate in ledger.fates(*names):
                yield fate.key
    except LedgerRefused as refused:
        raise Stopped(ExitCode.LOCAL_IO, str(refused)) from None
