"""`puresponse cassette check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command
from .options import FILES, HARMLESS

if TYPE_CHECKING:
    from .shown import Shown


@command(FILES, HARMLESS, *FORMS)
def check(given: Invocation, *, paths: tuple[str, ...], harmless: tuple[str, ...]) -> ExitCode | str:
    """Check files: that they can be read, hold no secret, and that no recorder left one unfinished. For CI: exit 13."""
    from .files import paths_in
    from .problems import problems_in
    from .shown import showing

    def act(shown: Shown) -> ExitCode:
        wrong = 0
        checked = 0
        for path in paths_in(paths):
            count, problems = problems_in(path, harmless)
            checked += 1
            wrong += bool(problems)
            if shown.as_json:
                shown.result({"path": path, "recordings": count, "problems": problems})
            else:
                shown.lines([f"{path}: {problem}" for problem in problems])
        if not shown.as_json:
            shown.lines([f"{checked} files, {wrong} with problems" if wrong else f"{checked} files, all well"])
        return ExitCode.CASSETTE if wrong else ExitCode.OK

    return showing(given, act)
