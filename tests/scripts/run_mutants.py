"""Applies each of the changes of `mutants.py` to a copy of the library, and runs the tests that must fail.

    .venv/bin/python tests/scripts/run_mutants.py [part of a name] …

The working tree is not touched. The exit code is 1 where a change survives, or its text is not found.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree, ignore_patterns

from mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("codecs", "core", "transports", "cli")
LIMIT = 300
"""Seconds in which a test file fails; one that hangs instead proves nothing."""


def main(*parts: str) -> int:
    """Run the mutants whose names hold one of `parts`, or all of them."""
    chosen = [mutant for mutant in MUTANTS if not parts or any(part in mutant.name for part in parts)]
    with tempfile.TemporaryDirectory(prefix="puresponse-mutants-") as folder:
        library = copy_library(Path(folder))
        for tests in sorted({mutant.tests for mutant in chosen}):
            if run_tests(tests, library) != "passed":
                print(f"tests/{tests} fails without any change: what it says of a mutant proves nothing")
                return 1
        ends = [told(mutant, library) for mutant in chosen]
    print(f"{ends.count('failed')} of {len(ends)} die")
    return 0 if set(ends) == {"failed"} else 1


def copy_library(folder: Path) -> Path:
    """Lay out the library as it is installed: `facade` is the package, with the layers in it."""
    package = folder / "puresponse"
    leave = ignore_patterns("__pycache__")
    copytree(ROOT / "facade", package, ignore=leave)
    for layer in LAYERS:
        copytree(ROOT / layer, package / layer, ignore=leave)
    return folder


def told(mutant: Mutant, library: Path) -> str:
    """Apply one change, run its tests, take it back, and say in a line how that ended."""
    path = library / "puresponse" / mutant.file
    text = path.read_text()
    found = text.count(mutant.old)
    if found != 1:
        end = f"its text is {found} times in {mutant.file}: {mutant.old!r}"
    else:
        path.write_text(text.replace(mutant.old, mutant.new))
        end = run_tests(mutant.tests, library)
        path.write_text(text)
    shown = {"failed": "dies", "passed": "SURVIVES"}.get(end, f"NOT TRIED: {end}")
    print(f"{shown}: {mutant.name} ({mutant.file}, tests/{mutant.tests})", flush=True)
    return end


def run_tests(tests: str, library: Path) -> str:
    """Run a test file with the library of that folder: `passed`, `failed`, or what else happened."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(library),  # goes before what is installed
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    check = f"import puresponse.core as core; assert core.__file__.startswith({str(library)!r}), core.__file__"
    subprocess.run([sys.executable, "-c", check], env=environment, cwd=ROOT, check=True)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"tests/{tests}"]
    try:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no end after {LIMIT} s"
    return {0: "passed", 1: "failed"}.get(done.returncode, f"pytest: exit code {done.returncode}\n{done.stdout}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
