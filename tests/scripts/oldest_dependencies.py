"""Prints the oldest release of each dependency that pyproject.toml admits, as pip's constraints: `msgspec==0.20`.

    python tests/scripts/oldest_dependencies.py > constraints.txt

Law: what pyproject.toml says a dependency is at least is a release, so that it can be installed and tried.
`tests/run deep` makes an environment of them. What only the tests need (`dev`, `mutants`) is not among them.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_TESTS = {"dev", "docs", "mutants", "release", "threads"}
"""The extras that no user installs."""


def oldest(dependencies: Iterable[str], extras: Mapping[str, Iterable[str]]) -> list[str]:
    """One line for each requirement of the library and of the extras that a user installs."""
    lines = [*dependencies, *(line for extra, needed in extras.items() if extra not in OF_TESTS for line in needed)]
    for line in lines:
        if line.count(">=") != 1:
            raise ValueError(f"{line!r} does not say which release is the oldest: name>=release")
    return sorted(line.replace(">=", "==") for line in lines)


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = oldest(project["dependencies"], project["optional-dependencies"])
    sys.stdout.write("".join(f"{line}\n" for line in found))
