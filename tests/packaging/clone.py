"""A clone of the house to build from, and environments to install into: nothing here reaches a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("LICENSES", "cli", "codecs", "core", "docs", "facade", "tests", "transports")
FILES = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "MANIFEST.in",
    "NOTICE",
    "README.md",
    "REUSE.toml",
    "SECURITY.md",
    "build_backend.py",
    "puresponse.cdx.json",
    "pyproject.toml",
)
VERSION = str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
MADE_BY_TOOLS = shutil.ignore_patterns("__pycache__", "node_modules", "wheels", ".*_cache", ".hypothesis")


def clone(folder: Path) -> Path:
    """Copy the house as a clone has it, since builds write beside the sources; with what an earlier build has left."""
    copy = folder / "puresponse"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=MADE_BY_TOOLS)
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    left = copy / "build" / "lib" / "puresponse" / "core"
    left.mkdir(parents=True)
    (left / "removed_since.py").touch()
    return copy


def environment(folder: Path) -> Path:
    """Make a fresh environment with all that is installed here but this library, and return its Python."""
    venv.create(folder)
    have = Path(sysconfig.get_paths()["purelib"])
    gets = Path(sysconfig.get_paths("venv", vars={"base": str(folder)})["purelib"])
    for entry in have.iterdir():
        if "puresponse" not in entry.name:
            (gets / entry.name).symlink_to(entry)
    return folder / "bin" / Path(sys.executable).name


def shell(*command: str | Path, cwd: Path) -> str:
    """Run a command without the variables that would hide what it does by itself, and return what it printed."""
    done = subprocess.run(command, cwd=cwd, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
