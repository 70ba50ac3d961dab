"""`puresponse ledger list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command, option
from .options import FILE

if TYPE_CHECKING:
    from ..tasks import Events

FATE = option(
    "--fate",
    "Only what has this fate. May be repeated.",
    type=click.Choice(("planned", "in_flight", "done", "absent", "failed", "unknown")),
    multiple=True,
)


@command(FILE, FATE, *FORMS)
def list(given: Invocation, *, file: str, fate: tuple[str, ...]) -> ExitCode | str:
    """List responses with their fates, and what is known of each."""
    from .opening import FATE_VIEW, fates_shown, opened, show

    names: Any = tuple(name.replace("_", " ") for name in fate)

    def events() -> Events:
        with opened(file) as ledger:
            yield from fates_shown(ledger.fates(*names))

    return show(given, events(), FATE_VIEW)
