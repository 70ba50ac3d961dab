"""`puresponse cassette diff`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..failures import ExitCode
from ..parameters import FORMS, Argument, Invocation, command, flag

if TYPE_CHECKING:
    from .comparison import Change
    from .shown import Shown

OLD = Argument("old", "The file before.", "OLD", type=click.Path(exists=True, dir_okay=False))
NEW = Argument("new", "The file after.", "NEW", type=click.Path(exists=True, dir_okay=False))
NORMALISE = flag("--normalise", "Leave out ids, times and rate limits, which differ from run to run.")

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@command(OLD, NEW, NORMALISE, *FORMS)
def diff(given: Invocation, *, old: str, new: str, normalise: bool) -> ExitCode | str:
    """Compare two files as traffic: what was added, removed and changed, path by path. Exit 13 where they differ."""
    from msgspec import to_builtins

    from .comparison import changes
    from .files import load
    from .shown import showing

    def act(shown: Shown) -> ExitCode:
        recordings = [load(path).imported.recordings for path in (old, new)]
        found = changes(*recordings, normalise=normalise)
        for change in found:
            if shown.as_json:
                shown.result(to_builtins(change))
            else:
                shown.lines([*lines_of(change)])
        return ExitCode.CASSETTE if found else ExitCode.OK

    return showing(given, act)


def lines_of(change: Change) -> Iterator[str]:
    """A change as lines for people."""
    from ..output import printable

    places = " -> ".join(str(place) for place in (change.old, change.new) if place is not None)
    yield printable(f"{_SIGNS[change.change]} {places}  {change.method} {change.path}")
    for difference in change.differences:
        yield printable(f"    {difference.path}: {_written(difference.old)} -> {_written(difference.new)}")


def _written(value: Any) -> str:
    from msgspec import json

    from .comparison import ABSENT

    if value == ABSENT:
        return ABSENT
    text = json.encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


_LONGEST = 160
"""Characters of a value that are shown; JSON has all of it."""
