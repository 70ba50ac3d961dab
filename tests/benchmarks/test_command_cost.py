"""What a command costs beside a bare interpreter: whole processes, in turns in one run.

The bounds are on CPU time, of the process and the kernel for it. That is the time by the clock where a core is free,
for nothing is waited for; the clock's own figures stand beside it, and are those of whatever else the machine does.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest
from msgspec import Struct

pytestmark = pytest.mark.benchmark

PROGRAM = str(Path(sys.executable).with_name("puresponse"))
BARE = "python -c pass"
HELP = "puresponse --help"
HELP_OF_ONE = "puresponse cancel --help"
HELP_OF_GROUP = "puresponse conversations --help"
VERSION = "puresponse --version"
CANCEL = "puresponse --memory cancel resp_in_progress"
CREATE = "puresponse --memory create Hello. --model m"
TABLE = f"{CANCEL} (on a terminal)"

COMMANDS = {
    BARE: [sys.executable, "-c", "pass"],
    HELP: [PROGRAM, "--help"],
    HELP_OF_ONE: [PROGRAM, "cancel", "--help"],
    HELP_OF_GROUP: [PROGRAM, "conversations", "--help"],
    VERSION: [PROGRAM, "--version"],
    CANCEL: [PROGRAM, "--memory", "cancel", "resp_in_progress"],
    CREATE: [PROGRAM, "--memory", "create", "Hello.", "--model", "m"],
    TABLE: [PROGRAM, "--memory", "cancel", "resp_in_progress"],
}
BOUNDS = {
    BARE: 0.0,
    **dict.fromkeys((HELP, HELP_OF_ONE, HELP_OF_GROUP, VERSION), 0.100),
    **dict.fromkeys((CANCEL, CREATE, TABLE), 0.180),
}
"""Seconds that each may take longer than the bare interpreter."""

ROUNDS = 21


class Cost(Struct, frozen=True):
    """Seconds by the clock, from the start of a process to its end, and of CPU."""

    wall: float
    cpu: float


@contextmanager
def output(command: str) -> Generator[int]:
    """What a command writes to: a terminal of our own, or a pipe, which hold what it says."""
    ours, theirs = pty.openpty() if command == TABLE else os.pipe()
    if command == TABLE:
        termios.tcsetwinsize(theirs, (24, 100))
    try:
        yield theirs
    finally:
        os.close(theirs)
        os.close(ours)


def cost(command: str, environment: dict[str, str]) -> Cost:
    with output(command) as theirs:
        started = time.perf_counter()
        process = subprocess.Popen(
            COMMANDS[command], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(wall, used.ru_utime + used.ru_stime)


def test_help_comes_at_once_and_a_command_soon() -> None:
    hidden = ("OPENAI_", "PYTHONDONTWRITEBYTECODE", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment = {**kept, "TERM": "xterm"}
    for command in COMMANDS:
        cost(command, environment)  # writes the bytecode
    rounds = [{command: cost(command, environment) for command in COMMANDS} for _ in range(ROUNDS)]
    # What it costs where nobody else is at work: on a busy machine everything costs more, and a bare start hardly more.
    least = {command: min(costs[command].cpu for costs in rounds) for command in COMMANDS}
    over = {command: least[command] - least[BARE] for command in COMMANDS}
    for command in COMMANDS:
        wall = [costs[command].wall for costs in rounds]
        beyond = median(costs[command].wall - costs[BARE].wall for costs in rounds)
        print(
            f"{command}: {median(costs[command].cpu for costs in rounds) * 1e3:.0f} ms of CPU, "
            f"{over[command] * 1e3:.0f} at best over bare (at most {BOUNDS[command] * 1e3:.0f}); by the clock "
            f"{median(wall) * 1e3:.0f} ms, {min(wall) * 1e3:.0f} at best, {beyond * 1e3:.0f} over bare"
        )
    assert {command: took for command, took in over.items() if took > BOUNDS[command]} == {}
