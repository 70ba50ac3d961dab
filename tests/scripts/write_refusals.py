"""Writes what each function that builds a program takes, what it says of what it does not take, and what it asks for.

    PYTHONPATH=tests/support .venv/bin/python tests/scripts/write_refusals.py

A test compares `tests/core/refusals.txt` with what is said. Write it anew after a change of `core/endpoints/` that is
meant, and read the difference.
"""

from __future__ import annotations

from refusals import FILE, builders, refusals

if __name__ == "__main__":
    FILE.write_text("".join(refusals(name, build) for name, build in builders()))
