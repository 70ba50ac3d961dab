"""`puresponse ledger`: commands for the ledgers of runs, each in a file of `cli/ledgers`."""

from __future__ import annotations

from ..groups import Commands
from ..ledgers import LEDGER_COMMANDS, PACKAGE

ledger = Commands(
    "ledger",
    names=LEDGER_COMMANDS,
    package=PACKAGE,
    help="Show, settle and prove what a run with --ledger has written of each response.",
)
