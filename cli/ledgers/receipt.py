"""`puresponse ledger receipt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command
from .options import FILE, KEY

if TYPE_CHECKING:
    from ..tasks import Events


@command(FILE, KEY, *FORMS)
def receipt(given: Invocation, *, file: str, key: str) -> ExitCode | str:
    """Show all that the ledger has of a response, with the hash that proves it."""
    from msgspec import to_builtins

    from ..settings import shows_json
    from ..tasks import Notice, Values
    from .opening import FATE_VIEW, fates_shown, opened, show, told_of

    as_json = shows_json(given.options, terminal=given.process.stdout.isatty())

    def events() -> Events:
        with opened(file) as ledger:
            found = ledger.receipt(key)
        if as_json:
            yield Values((to_builtins(found),))
            return
        yield from fates_shown(list(found.events))
        if found.acknowledged is not None:
            yield Notice(f"acknowledged: {told_of(dict(found.acknowledged))}")
        if found.absence is not None:
            yield Notice(f"absent: {told_of(dict(found.absence))}")
        yield Notice(f"the head of {file} is {found.head}")

    return show(given, events(), FATE_VIEW)
