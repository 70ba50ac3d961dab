"""How a command that is given many responses carries that out: its options, and what they say."""

from __future__ import annotations

from os.path import exists
from typing import NamedTuple

import click

from ..parameters import Option, flag, option

_RUN = "Run"


class RunChoices(NamedTuple):
    """What the options say: see `RUN`."""

    ledger: str | None = None
    resume: bool = False
    retry_failed: bool = False
    rate: float | None = None
    max_failures: int | None = None
    missing_ok: bool = False


NO_CHOICES = RunChoices()
"""Those of a run of which nothing was said."""

RUN: tuple[Option, ...] = (
    option("--ledger", "Keep what becomes of each in this file, to go on from.", "FILE", section=_RUN),
    flag("--resume", "Go on with what the ledger has left.", section=_RUN),
    flag("--retry-failed", "With --resume: those that failed, once more.", section=_RUN),
    option(
        "--rate",
        "How many requests a second at most. Default: no limit.",
        "N",
        section=_RUN,
        type=click.FloatRange(min=0, min_open=True),
    ),
    option("--max-failures", "Begin no more after so many failures.", "N", section=_RUN, type=click.IntRange(min=1)),
    flag("--missing-ok", "A response that is not there is no failure.", section=_RUN),
)
"""The options of every command that is given many responses."""

YES = flag("--yes", "Do not ask before many are deleted: needed where there is no terminal.", section=_RUN)
"""The option of a command that asks first."""


def check_choices(choices: RunChoices) -> str | None:
    """A sentence where the options contradict each other."""
    if choices.resume and choices.ledger is None:
        return "--resume: of no use without --ledger FILE, which has what is left"
    if choices.retry_failed and not choices.resume:
        return "--retry-failed: of no use without --resume"
    if choices.resume and choices.ledger is not None and not exists(choices.ledger):
        return f"--resume: there is no ledger {choices.ledger}"
    return None
