"""Writes what type-checkers see of the packages: each `__init__.pyi`, from the table `_PUBLIC` in the `__init__.py`.

    python tests/scripts/write_stubs.py

A test says when they are not what this writes.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("codecs", "core", "transports", "transports.testing.contract")
WIDTH = 120


def stub_of(package: str) -> str:
    """What type-checkers see of a package: every public name, imported from the module that holds it, as itself."""
    table: dict[str, str] = vars(import_module(f"puresponse.{package}"))["_PUBLIC"]
    lines = ['"""Written by tests/scripts/write_stubs.py; what is public is said in `__init__.py`."""', ""]
    for home in sorted(table, key=lambda home: (not home.startswith("."), home)):
        names = [f"{name} as {name}" for name in sorted(table[home].split())]
        line = f"from .{home} import {', '.join(names)}"
        lines += [line] if len(line) <= WIDTH else [f"from .{home} import (", *(f"    {name}," for name in names), ")"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in PACKAGES:
        path = ROOT.joinpath(*name.split("."), "__init__.pyi")
        path.write_text(stub_of(name))
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
