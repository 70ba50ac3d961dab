"""Ctrl-C while a response is made: the command ends at once, and says how to go on."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from ..bulk.interruption import Interruption, Shield
from ..failures import ExitCode
from ..output import JsonLines, Sentences
from ..settings import shows_json
from ..streams import Stopped, write

if TYPE_CHECKING:
    from ..parameters import Invocation


def interruptible(
    given: Invocation, onward: Callable[[], str | None], act: Callable[[], ExitCode | str]
) -> ExitCode | str:
    """Do what a command does; when a signal ends it, say how to go `onward`, if there is something to say."""
    shield = Shield()
    try:
        shield.raise_signals()
        return act()
    except Interruption as interruption:
        shield.leave_signals()  # another signal ends it at once
        said = onward()
        if said is not None:
            _say(given, said)
        return ExitCode.CTRL_C if interruption.number == signal.SIGINT else ExitCode.TERMINATED
    finally:
        shield.leave_signals()


def _say(given: Invocation, said: str) -> None:
    terminal = given.process.stdout.isatty()
    form = JsonLines() if shows_json(given.options, terminal=terminal) else Sentences()
    apart = "\n" if terminal else ""  # ends the line that the text, or the terminal's ^C, is on
    with suppress(Stopped):
        write(given.process.stderr, apart + form.note(said))
