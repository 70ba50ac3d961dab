"""Ctrl-C while a response is made: it ends the process as of that signal, but how to go on is said before.

Law: a signal that is ignored stays ignored, and one that somebody else handles is theirs.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..output import Sentences
from ..streams import Stopped, write

if TYPE_CHECKING:
    from ..streams import Process


def interruptible(
    process: Process, onward: Callable[[], str | None], act: Callable[[], ExitCode | str]
) -> ExitCode | str:
    """Do what a command does; when Ctrl-C ends it, say how to go `onward`, if there is something to say."""
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        return act()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return act()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends it at once
        said = onward()
        if said is not None:
            _say(process, said)
        os.kill(os.getpid(), signal.SIGINT)
        return ExitCode.CTRL_C
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _say(process: Process, said: str) -> None:
    apart = "\n" if process.stdout.isatty() else ""  # the line that the text, or the terminal's ^C, is on
    try:
        write(process.stderr, apart + Sentences().note(said))
    except Stopped:
        return
