"""The process that the commands run in: its arguments, its streams, and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from typer.main import get_command

from .exits import ExitCode
from .host import Host, Stopped
from .program import Session, app
from .text import is_text


def run_process() -> int:
    """Run the command line of this process, and give its exit code."""
    with open(os.devnull, "w") as nowhere:
        stderr = nowhere if sys.stderr is None else sys.stderr
        if sys.stdout is None:
            return _give_up(Stopped(ExitCode.LOCAL_IO, "standard output is closed"), stderr)
        host = Host(
            stdin=None if sys.stdin is None else sys.stdin.buffer,
            stdout=sys.stdout,
            stderr=stderr,
            environ=os.environ,
        )
        code = run_program(sys.argv[1:], host)
        if code in (ExitCode.BROKEN_PIPE, ExitCode.LOCAL_IO):
            # What could not be written would be tried again, and complained about, when the interpreter ends.
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return code


def run_program(arguments: Sequence[str], host: Host) -> int:
    """Parse `arguments`, do what they say, and give the exit code.

    Help and usage errors are typer's: they go to the streams of the process.
    """
    for number, argument in enumerate(arguments, 1):
        if not is_text(argument):
            return _give_up(Stopped(ExitCode.USAGE, f"argument {number} is not UTF-8"), host.stderr)
    code: object = None
    try:
        get_command(app).main(args=list(arguments), prog_name="puresponse", obj=Session(host))
    except SystemExit as ending:
        code = ExitCode.BROKEN_PIPE if isinstance(ending.__context__, BrokenPipeError) else ending.code
    except OSError as error:
        stopped = Stopped(ExitCode.LOCAL_IO, f"cannot write: {error.strerror or error}")
        return _give_up(stopped, host.stderr)
    return code if isinstance(code, int) else ExitCode.OK


def _give_up(stopped: Stopped, stderr: TextIO) -> ExitCode:
    from .forms import Sentences
    from .work import give_up

    return give_up(stopped, Sentences(), stderr)
