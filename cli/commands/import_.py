"""`puresponse import`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..failures import ExitCode
from ..parameters import FORMS, Argument, Invocation, command, flag, option
from .export import FORMAT_NAMES, stopped_by

if TYPE_CHECKING:
    from ...transports import ArchiveFormat

FILE = Argument("file", "The file that `export` wrote.", "FILE", type=click.Path(exists=True, dir_okay=False))
FORMAT = option("--format", "Its format. Default: what it looks like.", type=click.Choice(FORMAT_NAMES))
TO = option("--to", "Write the responses into this file.", "FILE", type=click.Path(dir_okay=False))
TO_FORMAT = option(
    "--to-format",
    "The format of that. Default: by its suffix: .jsonl, .jsonl.gz, .sqlite, .db, .parquet.",
    type=click.Choice(FORMAT_NAMES),
)
STATE = option(
    "--state",
    "Put the responses into this state of the service in memory, which `serve --state FILE` serves.",
    "FILE",
    type=click.Path(dir_okay=False),
)
REPLACE = flag("--replace", "With --to: begin a file anew that is there.")


@command(FILE, FORMAT, TO, TO_FORMAT, STATE, REPLACE, *FORMS)
def import_(
    given: Invocation,
    *,
    file: str,
    format: ArchiveFormat | None,
    to: str | None,
    to_format: ArchiveFormat | None,
    state: str | None,
    replace: bool,
) -> ExitCode | str:
    """Read back what `export` wrote: check it, show it, convert it, or serve it. It puts nothing back: no API can."""
    import os

    from ..execute import execute
    from ..importing import IMPORTED_VIEW, Conversion, Import, Place
    from ..service import InMemory
    from ..streams import Stopped

    if to is None and (to_format is not None or replace):
        return f"{'--replace' if to_format is None else '--to-format'}: of no use without --to"
    if to is not None and os.path.exists(to) and os.path.samefile(to, file):
        return f"--to: {to} is the file that is read"
    places: list[Place] = []
    try:
        if state is not None:
            from ..serving.loading import StateLoading

            places.append(StateLoading(state))
        if to is not None:
            places.append(Conversion(to, to_format, replace=replace))
    except Stopped as stopped:
        return stopped_by(given, stopped)
    return execute(given, Import(file, format, places), IMPORTED_VIEW, service=InMemory())
