"""Makes processes in which nothing of puresponse was loaded or built yet: `python fresh_zygote.py`.

Loading what the library stands on takes most of the time that a new interpreter takes, so that is loaded here, once.
Reads a `Task` from each line of JSON, forks a process that does it, and writes an `End` as a line of JSON: what it
gave, or how the process died. One that takes too long is killed; before that it writes where its threads stand.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import faulthandler
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import traceback
from importlib import import_module
from typing import Any, TypedDict


class Task(TypedDict):
    """The function of a module, its arguments, and how many seconds it may take."""

    module: str
    function: str
    arguments: list[Any]
    seconds: float


class End(TypedDict):
    """What a function gave; or a sentence on how its process died, with what it said."""

    given: Any
    died: str | None


STANDS_ON = ("msgspec", "msgspec.json", "returns.result", "urllib3", "click", "rich", "rich.table")
STANDARD = (asyncio, concurrent.futures, queue, threading)
OWN = "puresponse."


def main() -> None:
    """Do tasks until there are no more."""
    for name in STANDS_ON:
        import_module(name)
    for line in sys.stdin.buffer:
        loaded = [name for name in sys.modules if name.startswith(OWN)]
        end: End = {"given": None, "died": f"loaded already: {loaded}"} if loaded else in_a_fork(json.loads(line))
        sys.stdout.buffer.write(json.dumps(end).encode() + b"\n")
        sys.stdout.buffer.flush()


def in_a_fork(task: Task) -> End:
    """Do a task in a process of its own."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 2)
            faulthandler.enable()
            faulthandler.dump_traceback_later(task["seconds"], exit=False)
            threading.Timer(task["seconds"] + 1, os.kill, (os.getpid(), signal.SIGKILL)).start()
            do(task, given.fileno())
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        given.seek(0)
        said.seek(0)
        words = said.read().decode(errors="replace")
        if code == 0:
            return {"given": json.loads(given.read()), "died": None}
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        return {"given": None, "died": f"{how}\n{words}"}


def do(task: Task, given: int) -> None:
    """Do a task, and end the process."""
    status = 1
    try:
        result = getattr(import_module(task["module"]), task["function"])(*task["arguments"])
        os.write(given, json.dumps(result).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
