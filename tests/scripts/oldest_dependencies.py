"""Prints the oldest release of each dependency that pyproject.toml admits, as pip's constraints: `msgspec==0.20`.

    python tests/scripts/oldest_dependencies.py > constraints.txt

Law: what pyproject.toml says a dependency is at least is a release, so that it can be installed and tried.
`tests/run deep` makes an environment of them. What only the tests need (`dev`, `mutants`) is not among them.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_TESTS = {"dev", "docs", "mutants", "release", "threads"}
"""The extras that no user installs."""


def oldest(project: dict[str, object]) -> list[str]:
    """One line for each requirement of the library and its extras, from the table `project` of a pyproject.toml."""
    needed, extras = project["dependencies"], project["optional-dependencies"]
    assert isinstance(needed, list)
    assert isinstance(extras, dict)
    lines: list[str] = [*needed]
    for extra, requirements in extras.items():
        lines += [] if extra in OF_TESTS else requirements
    for line in lines:
        if line.count(">=") != 1:
            raise ValueError(f"{line!r} does not say which release is the oldest: name>=release")
    return sorted(line.replace(">=", "==") for line in lines)


if __name__ == "__main__":
    read = tomllib.loads((ROOT / "pyproject.toml").read_text())
    sys.stdout.write("".join(f"{line}\n" for line in oldest(read["project"])))
