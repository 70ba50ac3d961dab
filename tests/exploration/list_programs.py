"""Prints what it takes to explore each program: states, steps, seconds and memory, by the number of faults.

    PYTHONPATH=tests/exploration .venv/bin/python tests/exploration/list_programs.py 1 2 3 -- wait "delete, retried"

Each search has a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from explored_programs import PROGRAMS, program_of


def measured(name: str, faults: int) -> str:
    """A row of the table, of the program of that name."""
    explored = program_of(name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = explored.explored(faults, most_states=5_000_000)
    seconds = time.process_time() - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    broken = [violation.claim for violation in found.violations]
    noted = "; ".join([*broken, *([found.limit] if found.limit else []), *found.opaque, ",".join(found.looked_at)])
    return (
        f"| {name} | {faults} | {found.states:,} | {found.steps:,} | {found.steps / max(seconds, 1e-9):,.0f} "
        f"| {seconds:.2f} | {memory:.0f} | {noted} |"
    )


def main(given: list[str]) -> None:
    """Print the table, or the row that was asked for."""
    if given[:1] == ["one"]:
        print(measured(given[1], int(given[2])), flush=True)
        return
    counts = [int(word) for word in given if word.isdigit()] or [1, 2, 3]
    names = given[given.index("--") + 1 :] if "--" in given else [one.name for one in PROGRAMS]
    print("| program | faults | states | steps | steps/s | seconds | MB | noted |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for name in names:
        for faults in counts:
            subprocess.run([sys.executable, __file__, "one", name, str(faults)], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
