"""A copy of the house to build from, and environments to install into: nothing here reaches a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("cli", "codecs", "core", "docs", "facade", "tests", "transports")
FILES = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "SECURITY.md",
    "build_backend.py",
    "pyproject.toml",
)
MADE_BY_TOOLS = shutil.ignore_patterns("__pycache__", "node_modules", "wheels", ".*_cache", ".hypothesis")


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house as a clone has it, with what an earlier build has left: builds write beside the sources."""
    copy = tmp_path_factory.mktemp("clone") / "puresponse"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=MADE_BY_TOOLS)
    for file in FILES:
        shutil.copy(ROOT / file, copy / file)
    left = copy / "build" / "lib" / "puresponse" / "core"
    left.mkdir(parents=True)
    (left / "removed_since.py").touch()
    return copy


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a fresh environment with all that is installed here but this library, and returns its Python."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder)
        have = Path(sysconfig.get_paths()["purelib"])
        gets = Path(sysconfig.get_paths("venv", vars={"base": str(folder)})["purelib"])
        for entry in have.iterdir():
            if "puresponse" not in entry.name:
                (gets / entry.name).symlink_to(entry)
        return folder / "bin" / Path(sys.executable).name

    return make


@pytest.fixture(scope="session")
def shell() -> Callable[..., str]:
    """Runs a command, without the variables that would hide what it does by itself, and returns what it printed."""

    def run(*command: str | Path, cwd: Path) -> str:
        done = subprocess.run(
            command, cwd=cwd, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run
