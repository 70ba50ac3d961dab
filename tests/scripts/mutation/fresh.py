"""Judges a mutant in a process of its own, which imports it: for what a function does while modules are imported.

`python -m mutation.fresh <pickled mutant, or -> <arguments of pytest> …` is that process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from .judging import Verdict
from .session import ARGUMENTS, SameExamples
from .targets import Mutant


def judge(mutant: Mutant, root: Path, tests: Sequence[str], seconds: float) -> Verdict:
    """Run tests, whose time without the mutant is `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        pickled, listed = Path(folder, "mutant"), Path(folder, "tests")
        pickled.write_bytes(pickle.dumps((root, mutant)))
        listed.write_text("\n".join(tests))
        end = _run(root, str(pickled), f"@{listed}", limit=60 + 10 * seconds)
        if end.end != "killed" or not end.by:
            return end
        alone = _run(root, "-", end.by, limit=60 + 10 * seconds)
        return end if alone.end == "survived" else Verdict("survived", f"and {end.by} fails without it")


def _run(root: Path, mutant: str, tests: str, *, limit: float) -> Verdict:
    command = [sys.executable, "-m", "mutation.fresh", mutant, "-x", "-q", *ARGUMENTS, tests]
    try:
        done = subprocess.run(
            command, cwd=root, env=dict(os.environ), capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return Verdict("timeout")
    failed = [line.partition(" ")[2] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    by = failed[0].partition(" - ")[0] if failed else ""
    if done.returncode == 0:
        return Verdict("survived")
    if done.returncode == 1:
        return Verdict("killed", by)
    return Verdict("killed", "" if mutant != "-" else "tests that cannot be collected")


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
    return int(pytest.main([*arguments, "-rfE"], plugins=[SameExamples()]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
