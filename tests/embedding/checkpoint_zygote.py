"""Makes processes that take one step each, save, and are killed: `python checkpoint_zygote.py`.

Reads a task from a line of JSON and forks a process, which loads the checkpoint in it, steps, saves, and writes a line
with the new checkpoint. Then it is killed with SIGKILL: no two steps share a process, and none ends well.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

from catalogue import NAMES, PROGRAMS
from checkpoint_steps import Program, asked_by, stepped
from msgspec import Struct, json

from puresponse.core import Done, is_failure, load_operation, load_stream, preload, save_checkpoint


class Task(Struct, frozen=True):
    """Begin the program of that `name`; or go on from a `checkpoint` with what the host gave, saved as a `Done`."""

    name: str = ""
    checkpoint: bytes = b""
    given: bytes = b""


def main() -> None:
    """Take tasks until there are no more."""
    import puresponse.codecs
    import puresponse.core

    for package in (puresponse.core, puresponse.codecs):
        for name in dir(package):
            getattr(package, name)  # so that each process finds it loaded
    preload()  # and built
    gc.freeze()  # or each process would copy what its collector only looks at
    for line in sys.stdin.buffer:
        process = os.fork()
        if process == 0:
            take(json.decode(line, type=Task))
            signal.pause()  # until it is killed
        sys.stdin.buffer.readline()  # the parent has read what the process wrote
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        say(b"killed" if os.WIFSIGNALED(status) else b"ended")


def take(task: Task) -> None:
    """Take one step, and write where the program stands then."""
    try:
        say(save_checkpoint(begun(task) if task.name else gone_on(task), names=NAMES).unwrap())
    except BaseException as error:
        say(repr(error).encode())
        raise


def begun(task: Task) -> Program:
    return PROGRAMS[task.name]()


def gone_on(task: Task) -> Program:
    program = load(task.checkpoint)
    given = load_operation(task.given).unwrap().program
    if not isinstance(given, Done):
        raise TypeError("what a host gives is saved as a Done")
    return stepped(program, given.result.unwrap() if asked_by(program).kind == "Wait" else given.result)


def load(checkpoint: bytes) -> Program:
    operation = load_operation(checkpoint, names=NAMES)
    return (
        load_stream(checkpoint, names=NAMES).unwrap().program if is_failure(operation) else operation.unwrap().program
    )


def say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
