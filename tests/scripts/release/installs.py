"""Bare environments: what is released is installed there as a reader does it, and does what is shown."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

from .builds import ran

EXTRAS = "cli,pytest,serve"
"""What the tutorial's first page installs."""

PROGRAM = '''
"""What a user might write: nothing of this library is `Any` here."""

from puresponse import MemoryTransport, all_input_items, delete_response, fold, iterate, list_input_items, run

service = MemoryTransport()
count: int = sum(1 for item in iterate(all_input_items("resp_chat"), service) if item.type == "message")
reveal_type(run(delete_response("resp_chat"), service))
reveal_type(fold(run(list_input_items("resp_long"), service), len, lambda error: error.retryable))
'''


def bare(python: Path, folder: Path, *wanted: str) -> Path:
    """Make an environment with what is wanted, and no more, and return its Python."""
    ran(python, "-m", "venv", folder, cwd=folder.parent)
    own = folder / "bin" / "python"
    if wanted:
        ran(own, "-m", "pip", "install", "--quiet", *wanted, cwd=folder)
        ran(own, "-m", "pip", "check", cwd=folder)
    return own


def installed(python: Path) -> dict[str, str]:
    """The distributions of an environment, with their versions, but for what a new one has."""
    told = json.loads(ran(python, "-m", "pip", "list", "--format", "json", cwd=python.parent))
    have = {one["name"].lower().replace("_", "-"): one["version"] for one in told}
    return {name: version for name, version in have.items() if name not in {"pip", "setuptools"}}


def first_command(readme: str) -> list[str]:
    """The parts of the first command that the README shows."""
    (block, *_) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    return [part.strip() for part in block.replace("\\\n", " ").split("&&")]


def does_the_readmes_command(sdist: Path, python: Path, folder: Path) -> tuple[str, Path]:
    """Run the README's first command, word for word, in an unpacked sdist: what it printed, and the Python it made."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (tree,) = folder.iterdir()
    named = folder / "bin"
    named.mkdir()
    (named / "python3").symlink_to(python)
    command = " && ".join(first_command((tree / "README.md").read_text()))
    told = ran("sh", "-ec", f'PATH="{named}:$PATH"; {command}', cwd=tree)
    return told[told.index("{") :], tree / ".venv" / "bin" / "python"


def recorded(python: Path) -> set[str]:
    """The files of the library with their hashes, as pip has listed those that it installed."""
    (record,) = python.parents[1].glob("lib/*/site-packages/puresponse-*.dist-info/RECORD")
    rows = (line.rsplit(",", 2) for line in record.read_text().splitlines())
    # pip itself notes what it was told to install.
    own = ((name, digest) for name, digest, _ in rows if name.startswith("puresponse"))
    return {f"{name} {digest}" for name, digest in own if not name.endswith("/direct_url.json")}


def types(checker: Path, python: Path, folder: Path) -> list[str]:
    """What both type-checkers say of a user's program, beside an installed wheel and far from its sources."""
    folder.mkdir()
    (folder / "program.py").write_text(PROGRAM)
    bin_ = checker.parent
    told = ran(bin_ / "mypy", "--strict", "--python-executable", python, "program.py", cwd=folder)
    told += ran(bin_ / "pyright", "--pythonpath", python, "program.py", cwd=folder)
    return re.findall(r'(?:Revealed type is|Type of .*? is) "(.*)"', told)
