"""`puresponse cassette list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command
from .options import FILES

if TYPE_CHECKING:
    from .shown import Shown


@command(FILES, *FORMS)
def list(given: Invocation, *, paths: tuple[str, ...]) -> ExitCode | str:
    """List the files of a folder: their recordings, date, size and format."""
    from ..tables import Column, View
    from .files import LEFT_OVER, paths_in, read, size_of
    from .shown import showing

    def described(path: str) -> dict[str, Any]:
        row: dict[str, Any] = {"path": path, "recordings": None, "recorded": None, "bytes": size_of(path)}
        if path.endswith(LEFT_OVER):
            return {**row, "format": None, "error": "left by a recorder that was not closed"}
        try:
            loaded = read(path)
        except ValueError as error:
            return {**row, "format": None, "error": str(error)}
        found = loaded.imported
        count = len(found.recordings)
        return {**row, "recordings": count, "recorded": found.recorded, "format": loaded.format, "error": None}

    def act(shown: Shown) -> ExitCode:
        rows = [described(path) for path in paths_in(paths)]
        if shown.as_json:
            for row in rows:
                shown.result(row)
        else:
            columns = (Column("PATH"), Column("RECORDINGS", 10), Column("RECORDED", 16), Column("BYTES", 9))
            shown.table(View((*columns, Column("FORMAT")), cells), rows)
        return ExitCode.OK

    return showing(given, act)


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of a file."""
    from ..tables import date_of

    count = "" if row["recordings"] is None else str(row["recordings"])
    return row["path"], count, date_of(row["recorded"]), str(row["bytes"]), row["error"] or row["format"]
