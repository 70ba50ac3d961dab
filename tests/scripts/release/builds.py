"""Builds of one commit, each in a way of its own: Python, folder, umask, zone, language, clock, hash seed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

KEPT = ("PATH", "HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")

CLOCK = """
import time

_now, _now_ns = time.time, time.time_ns
time.time = lambda: _now() + {seconds}
time.time_ns = lambda: _now_ns() + {seconds} * 10**9
"""
"""What a build's Python loads first: its clock is wrong."""


class Way(NamedTuple):
    """How a build is made. `folder` is where its checkout is, `words` are what `python -m build` is told besides."""

    folder: str
    words: tuple[str, ...]
    umask: int
    variables: dict[str, str]
    clock: int


WAYS = (
    # The wheel of the source distribution, by the setuptools that pip chooses.
    Way("one", (), 0o022, {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"}, 0),
    # Both of the checkout, by the setuptools that is installed.
    Way(
        "another place/deep down",
        ("--sdist", "--wheel", "--no-isolation"),
        0o077,
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711", "USER": "somebody"},
        400 * 86_400,
    ),
)


def environment(variables: dict[str, str] | None = None) -> dict[str, str]:
    """What a process is told of this one: how packages are fetched, and nothing of this project's own set-up."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("PIP_")}
    return {**kept, **(variables or {})}


def ran(*words: str | Path, cwd: Path, variables: dict[str, str] | None = None, umask: int = -1) -> str:
    """Run a command and return what it printed; where it fails, the program ends with what it printed."""
    done = subprocess.run(
        words, cwd=cwd, env=environment(variables), umask=umask, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def built(root: Path, commit: str, python: Path, way: Way, folder: Path) -> Path:
    """Check a commit out, build it, and return the folder with the two archives."""
    place = folder / way.folder
    place.mkdir(parents=True)
    tree, out, site = place / "puresponse", place / "out", place / "site"
    ran("git", "clone", "--quiet", "--no-checkout", root, tree, cwd=folder, umask=way.umask)
    ran("git", "checkout", "--quiet", commit, cwd=tree, umask=way.umask)
    for count, name in enumerate(sorted(tree.rglob("*"))):  # a checkout's files are of its time: these are of many
        os.utime(name, (1_000_000_000, 1_000_000_000 + count * way.umask))
    site.mkdir()
    (site / "sitecustomize.py").write_text(CLOCK.format(seconds=way.clock))
    told = {**way.variables, "PYTHONPATH": str(site)}
    ran(python, "-m", "build", *way.words, "--outdir", out, tree, cwd=place, variables=told, umask=way.umask)
    return out
