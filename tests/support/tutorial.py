"""The tutorial, done as a reader does it: files pasted into an empty folder, commands run, what they print compared.

`python tests/support/tutorial.py PYTHON` does it with another interpreter, that of an environment into which the wheel
was installed with the extras of the first page: its `python`, `pytest` and `puresponse` are what the commands
find. It needs nothing but the standard library, and a POSIX shell.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "tutorial").glob("[0-9]*.md"))

_BLOCK = re.compile(r"^```(python title=(?P<name>\S+)|console)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)

_READERS = (
    "CI",
    "NO_COLOR",
    "COLUMNS",
    "TERM",
    "FORCE_COLOR",
    "PYTEST_",
    "PYTHON",
    "COV",
    "OPENAI_",
    "AZURE_",
    "PURESPONSE_",
)
"""Variables that would make of a reader's shell that of a build or of a developer of this project."""

_SET = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "puresponse_pytest",
    "PYTEST_ADDOPTS": "-p no:cacheprovider",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""The plugin alone: others that a developer has installed take a second to load."""


@dataclass(frozen=True)
class File:
    """What is pasted under a name, in place of what is there."""

    page: str
    name: str
    content: str


@dataclass(frozen=True)
class Command:
    """A line of a shell, and what it is said to print: `…` is anything, and a line of it any lines."""

    page: str
    line: str
    shown: str


class Differs(AssertionError):
    """A command printed something else than its page shows."""


def parts() -> Iterator[File | Command]:
    """What there is to paste and to run, in order."""
    for page in PAGES:
        for block in _BLOCK.finditer(page.read_text()):
            if block["name"]:
                yield File(page.name, block["name"], block["content"])
                continue
            for command in re.split(r"^\$ ", block["content"], flags=re.MULTILINE)[1:]:
                line, _, shown = command.partition("\n")
                yield Command(page.name, line, shown)


def do_tutorial(folder: Path, python: str = sys.executable) -> int:
    """Do the whole tutorial in an empty folder; return how many commands there were, or raise `Differs` at one."""
    scripts = Path(python).absolute().parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_READERS)}
    environment = {**kept, **_SET, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    count = 0
    for part in parts():
        if isinstance(part, File):
            (folder / part.name).write_text(part.content)
            continue
        finished = subprocess.run(
            part.line,
            shell=True,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        count += 1
        if not re.fullmatch(pattern_of(part.shown), finished.stdout):
            raise Differs(f"{part.page}: $ {part.line}\n--- shown\n{part.shown}--- printed\n{finished.stdout}")
    return count


def pattern_of(shown: str) -> str:
    """An expression for what a page shows."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", r"[^\n]*") + r"\n" for line in shown.splitlines()
    ]
    return "".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _empty:
        print(f"the tutorial: {do_tutorial(Path(_empty), *sys.argv[1:2])} commands print what its pages show")
