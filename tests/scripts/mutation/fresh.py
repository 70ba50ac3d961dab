"""Judges a mutant in a process of its own, which imports it: for what a function does while modules are imported.

`python -m mutation.fresh <pickled mutant, or -> <arguments of pytest> …` is that process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from .judging import Verdict
from .session import SameExamples
from .targets import Mutant

TOLD = "the test that fails: "


def judge(mutant: Mutant, root: Path, tests: Sequence[str], arguments: Sequence[str], seconds: float) -> Verdict:
    """Run tests, whose time without the mutant is `seconds`."""
    limit, began, there = 60 + 10 * seconds, time.perf_counter(), [*tests]
    with tempfile.TemporaryDirectory() as folder:
        pickled, listed = Path(folder, "mutant"), Path(folder, "tests")
        pickled.write_bytes(pickle.dumps((root, mutant)))
        arguments = (f"--basetemp={folder}/temporary", *arguments)
        while True:
            listed.write_text("\n".join(there))
            end, by = _run(root, str(pickled), (*arguments, f"@{listed}"), limit)
            alone = (by,) if by else (f"@{listed}", "--collect-only")
            if end != "killed" or _run(root, "-", (*arguments, *alone), limit)[0] == "survived":
                return Verdict(end, by, len(there), round(time.perf_counter() - began, 3))
            if by not in there:
                raise RuntimeError(f"the tests of {mutant.name} cannot be run without it")
            there.remove(by)  # what fails without the mutant as well has noticed nothing


def _run(root: Path, mutant: str, arguments: Sequence[str], limit: float) -> tuple[str, str]:
    """How a run ends, and the test that fails; none where the mutant cannot even be imported."""
    command = [sys.executable, "-m", "mutation.fresh", mutant, "-x", "-q", *arguments]
    environment = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return "timeout", ""
    if done.returncode == 0:
        return "survived", ""
    told = [line.removeprefix(TOLD) for line in done.stdout.splitlines() if line.startswith(TOLD)]
    return "killed", told[0] if told else ""


class FirstFailure:
    """A plugin: tells which test fails."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            print(f"\n{TOLD}{report.nodeid}", file=sys.__stdout__)


class MutatedLoader(SourceFileLoader):
    """Loads the mutant's source, and not what is in its file."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class MutatedFinder:
    """Finds what Python finds, but the mutant where that is its file."""

    def __init__(self, root: Path, mutant: Mutant) -> None:
        self.path, self.source = str(root / mutant.file), mutant.source

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin is not None and os.path.realpath(spec.origin) == self.path:
            spec.loader = MutatedLoader(name, spec.origin, self.source)
        return spec


def main(mutant: str, *arguments: str) -> int:
    """Run pytest where the mutant, if there is one, takes the place of its file."""
    if mutant != "-":
        sys.meta_path.insert(0, MutatedFinder(*pickle.loads(Path(mutant).read_bytes())))
    return int(pytest.main([*arguments], plugins=[SameExamples(), FirstFailure()]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
