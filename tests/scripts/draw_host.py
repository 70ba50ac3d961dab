"""The command line as `draw_runs.py` runs it on a terminal: the program itself, with a clock of its own.

`DRAWN_COUNT=N` puts a service in memory with so many responses in the place of the API, each of whose answers takes a
twentieth of a second of that clock. From the answer numbered `DRAWN_HOLD_AT` on it waits for the file `DRAWN_GO` to be
there, so that a run can be seen in its middle.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from puresponse.core import Answer, HttpRequest
    from puresponse.transports import Transport

NOW = 1_764_237_600.0
"""The time of day, in seconds since 1970: a ledger notes when each thing was done, and is hashed."""

SECONDS = 0.05
"""What an answer takes."""

REFUSED = "*0100"
"""The response that the service refuses, once."""


def main() -> int:
    """Run the command line that this process was given."""
    time.__dict__["time"] = lambda: NOW  # before anything of ours is loaded that asks for it
    from jobs import Service, ids_of

    from puresponse import FaultPlan
    from puresponse.cli.process import run_program
    from puresponse.cli.streams import Process
    from puresponse.transports import VirtualClock
    from puresponse.transports.memory.faults import Refused, Rule

    clock = VirtualClock()
    count = int(os.environ.get("DRAWN_COUNT", "0"))
    hold_at, go = int(os.environ.get("DRAWN_HOLD_AT", "0")), Path(os.environ.get("DRAWN_GO", "go"))
    service = Service(ids_of(count), FaultPlan((Rule(Refused(400), path=REFUSED, times=1),)))
    answered: list[HttpRequest] = []

    def answer(request: HttpRequest) -> Answer:
        answered.append(request)
        while hold_at and len(answered) >= hold_at and not go.exists():
            time.sleep(0.01)
        clock.sleep(SECONDS)
        return service.memory(request)

    @contextmanager
    def connect(*_: object) -> Generator[Transport, None, None]:
        yield answer

    process = Process(
        stdin=sys.stdin.buffer,
        stdout=sys.stdout,
        stderr=sys.stderr,
        environ=os.environ,
        connect=connect if count else None,
        clock=clock,
    )
    return run_program(sys.argv[1:], process)


if __name__ == "__main__":
    sys.exit(main())
