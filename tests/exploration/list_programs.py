"""Prints what it takes to explore each program, as the table of `docs/reasons/checking-figures.md`.

    PYTHONPATH=tests/exploration .venv/bin/python tests/exploration/list_programs.py 2 3 -- wait "delete, retried"

The numbers are those of faults, 2 and 3 unless others are given; then the names of programs, all of them by default.
Each search has a process of its own: seconds are those of its CPU, and memory is what it has added to the process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from explored_programs import PROGRAMS, program_of

COLUMNS = ("states", "steps", "steps/s", "s", "MB")


def measured(name: str, faults: int) -> str:
    """The cells of a program, with so many faults."""
    explored = program_of(name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = explored.explored(faults, most_states=5_000_000)
    seconds = time.process_time() - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    unexpected = {one.claim for one in found.violations} ^ {*explored.refuted}
    if unexpected or found.limit or found.opaque:
        raise SystemExit(f"{name}, {faults} faults: {sorted(unexpected)} {found.limit} {found.opaque}")
    return f"{found.states:,} | {found.steps:,} | {found.steps / seconds:,.0f} | {seconds:.2f} | {memory:.0f}"


def main(given: list[str]) -> None:
    """Print the table, or the cells that a process of its own was asked for."""
    if given[:1] == ["one"]:
        print(measured(given[1], int(given[2])), flush=True)
        return
    names = given[given.index("--") + 1 :] if "--" in given else [one.name for one in PROGRAMS]
    counts = [int(word) for word in given if word.isdigit()] or [2, 3]
    print("| program |", " | ".join(f"{column}, {count}" for count in counts for column in COLUMNS), "|")
    print("|---|" + "---:|" * len(COLUMNS) * len(counts))
    for name in names:
        cells: list[str] = []
        for count in counts:
            done = subprocess.run(
                [sys.executable, __file__, "one", name, str(count)], check=True, stdout=subprocess.PIPE, text=True
            )
            cells.append(done.stdout.strip())
        print(f"| {name} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
