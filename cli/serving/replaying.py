"""`puresponse serve --replay`: the answers of cassettes in place of the simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...transports.cassette.format import Recording
from ...transports.cassette.matching import Matching
from ...transports.cassette.partial_file import left_over
from ...transports.cassette.safe_file import read_file
from ...transports.cassette.transport import AsyncCassetteTransport
from ...transports.clock import SystemClock
from ...transports.serving.passed_on import PassedOn
from ..failures import ExitCode
from ..streams import Stopped

OF_THE_SIMULATION = (
    "dialect",
    "accept",
    "retention",
    "script",
    "faults",
    "empty",
    "control",
    "life",
    "models",
    "refuse_unknown_models",
    "state",
)
"""The options that say what the simulation is to do, by their names in a program."""


def refuse_the_simulations(served: Any, default: Any) -> None:
    """Raise `Stopped` where options were given that a replay has no use for; `default` has none of them."""
    given = [name for name in OF_THE_SIMULATION if getattr(served, name) != getattr(default, name)]
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise Stopped(ExitCode.USAGE, f"{names}: of no use with --replay, which answers from recordings alone")


def replay(files: Sequence[str], *, repeat_last: bool) -> PassedOn:
    """What answers from the recordings of these files, as of one. Raises `Stopped` for a file that is none."""
    recordings: list[Recording] = []
    for file in files:
        recordings += _read(file)
    hint = f"to record it: puresponse record --to {files[-1]} --mode new_episodes"
    if not repeat_last:
        hint += "; to have the last answers repeated: --repeat-last"
    for left in filter(None, map(left_over, files)):
        hint += f"; what an unfinished recording left is in {left}"
    match = Matching(repeat_last=repeat_last)
    return PassedOn(AsyncCassetteTransport(recordings, clock=SystemClock(), match=match, how_to_record=hint))


def _read(file: str) -> tuple[Recording, ...]:
    try:
        return read_file(file).recordings
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"--replay: cannot read {file}: {error.strerror or error}") from None
    except ValueError as error:
        raise Stopped(ExitCode.USAGE, f"--replay: {error}") from None
