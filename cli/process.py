"""The process that the commands run in: its arguments, its streams, and its exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from typing import TextIO

import click

from .app import ASKED_BY, NAME, app
from .failures import ExitCode
from .streams import Process, Stopped, cannot_write, is_text, write


def run_process() -> int:
    """Run the command line of this process, and return its exit code."""
    with open(os.devnull, "w") as nowhere:
        stderr = nowhere if sys.stderr is None else sys.stderr
        if sys.stdout is None:
            return _give_up(Stopped(ExitCode.LOCAL_IO, "standard output is closed"), stderr)
        process = Process(
            stdin=None if sys.stdin is None else sys.stdin.buffer,
            stdout=sys.stdout,
            stderr=stderr,
            environ=os.environ,
        )
        code = run_program(sys.argv[1:], process)
        for stream in (sys.stdout, stderr):
            try:
                stream.flush()
            except OSError:
                # What could not be written would be tried again, and complained about, when the interpreter ends.
                os.dup2(nowhere.fileno(), stream.fileno())
        _end_as_of_a_signal(code)
        return code


_SIGNALS = {ExitCode.CTRL_C: signal.SIGINT, ExitCode.TERMINATED: signal.SIGTERM}


def _end_as_of_a_signal(code: int) -> None:
    """End as of the signal that stopped a run, now that all is told: a shell that sees it ends its loops too."""
    number = next((number for ending, number in _SIGNALS.items() if ending == code), None)
    if number is not None and os.name == "posix":
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def run_program(arguments: Sequence[str], process: Process) -> int:
    """Parse `arguments`, do what they say, and return the exit code. Help goes to its standard output."""
    for number, argument in enumerate(arguments, 1):
        if not is_text(argument):
            return _give_up(Stopped(ExitCode.USAGE, f"argument {number} is not UTF-8"), process.stderr)
    try:
        return _run(list(arguments), process)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.UsageError as error:
        return _say(error, process.stderr)
    except BrokenPipeError:
        return ExitCode.BROKEN_PIPE
    except OSError as error:
        return _give_up(cannot_write(error), process.stderr)
    except KeyboardInterrupt:
        return ExitCode.CTRL_C


def _run(arguments: list[str], process: Process) -> int:
    asked = process.environ.get(ASKED_BY)
    if asked:
        from click.shell_completion import shell_complete

        return shell_complete(app, {"obj": process}, NAME, ASKED_BY, asked)
    with app.make_context(NAME, arguments, obj=process) as context:
        code: object = app.invoke(context)
    return code if isinstance(code, int) else ExitCode.OK


def _say(error: click.UsageError, stderr: TextIO) -> ExitCode:
    """Say what makes no sense, where anyone can read it."""
    shown = StringIO()
    error.show(shown)
    with suppress(Stopped):
        write(stderr, shown.getvalue())
    return ExitCode.USAGE


def _give_up(stopped: Stopped, stderr: TextIO) -> ExitCode:
    from .execute import give_up
    from .output import Sentences

    return give_up(stopped, Sentences(), stderr)
