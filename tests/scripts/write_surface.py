"""Writes what is promised, one promise a line, into docs/reference/public-surface.txt.

    python tests/scripts/write_surface.py          # writes it
    python tests/scripts/write_surface.py --check  # shows how it differs, and ends with 1 if it does

A test compares. A line that changes is a change of what users may rely on: CHANGELOG.md says what they are to change.
"""

from __future__ import annotations

import sys
from difflib import unified_diff
from pathlib import Path

from surface_names import Surface
from surface_programs import programs

SURFACE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "public-surface.txt"

_HEAD = """\
# What puresponse promises, one promise a line. Written by tests/scripts/write_surface.py; a test compares.
#
# A name is of the package before it: `core.run` would be `from puresponse.core import run`, and of `puresponse` itself
# too; `contract` is puresponse.transports.testing.contract. `X(...) -> T` is followed by a line for each parameter, and
# `*` is where those begin that are given by name; `X#2` is its second overload. `[keyword]` is a field that is given by
# name. `X | member` is a member of the union or a text that X may be. docs/reference/versions.md says what may change.
"""


def surface() -> str:
    """All of it, as the file has it."""
    return "\n".join([*_HEAD.splitlines(), *Surface().lines(), *programs(), ""])


def difference(before: str, now: str) -> str:
    """How what is promised differs from what the file has; empty where it does not."""
    found = unified_diff(before.splitlines(), now.splitlines(), "promised", "now", lineterm="", n=0)
    return "\n".join(line for line in found if not line.startswith("@@"))


if __name__ == "__main__":
    text = surface()
    if sys.argv[1:] == ["--check"]:
        changed = difference(SURFACE.read_text(), text)
        sys.stdout.write(changed and f"{changed}\n")
        sys.exit(bool(changed))
    SURFACE.write_text(text)
    sys.stdout.write(f"{SURFACE}\n")
