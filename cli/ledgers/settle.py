"""`puresponse ledger settle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from ..failures import ExitCode
from ..parameters import FORMS, Argument, Invocation, command
from .options import FILE, KEY

if TYPE_CHECKING:
    from ..tasks import Events

SETTLED = Argument(
    "settled",
    "What is so: that it was done, or that it may be done again.",
    "done|retry",
    type=click.Choice(("done", "retry")),
)


@command(FILE, KEY, SETTLED, *FORMS)
def settle(given: Invocation, *, file: str, key: str, settled: Literal["done", "retry"]) -> ExitCode | str:
    """Write what you have found out about a response whose fate is unknown, or failed."""
    from .opening import FATE_VIEW, fates_shown, opened, show

    def events() -> Events:
        with opened(file, read_only=False) as ledger:
            yield from fates_shown([ledger.settle(key, settled)])

    return show(given, events(), FATE_VIEW)
