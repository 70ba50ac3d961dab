"""What the archives of a release hold: all that they should, nothing else, and nothing of who built them or where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from .comparison import Member

REGISTRY = re.compile(rb"registry\.|pypi\.|python[h]osted|npm[j]s")
"""Names of servers that packages are fetched from. Who builds has others."""

MADE = "PKG-INFO"
"""What a build adds to a source distribution."""

NOT_PUBLISHED = (".ci/", ".gitignore")
"""What is of use in a repository alone."""

WRITTEN = {"RECORD", "WHEEL", "entry_points.txt", "top_level.txt"}
"""What builds write, and none of whose words are prose."""

SUFFIXES = {".py", ".pyi", ".typed", ".json"}
DESCRIBING = {
    "METADATA",
    "RECORD",
    "WHEEL",
    "entry_points.txt",
    "licenses/LICENSE",
    "licenses/NOTICE",
    "sboms/puresponse.cdx.json",
    "top_level.txt",
}
LARGEST = {".whl": 1_500_000, ".gz": 6_000_000}
"""Bytes. Who adds more to a release should know."""


def within(sdist: Iterable[Member]) -> dict[str, bytes]:
    """The files of a source distribution, without the folder that they are in and what a build adds."""
    named = {member.name.partition("/")[2]: member.content for member in sdist}
    return {name: content for name, content in named.items() if name != MADE}


def amiss_in_sdist(sdist: Iterable[Member], tracked: Iterable[str]) -> list[str]:
    """What a source distribution has too much or too little, beside the files that are under version control."""
    held, wanted = set(within(sdist)), {name for name in tracked if not name.startswith(NOT_PUBLISHED)}
    return [f"stray: {name}" for name in sorted(held - wanted)] + [f"missing: {name}" for name in sorted(wanted - held)]


def expected_in_wheel(project: Mapping[str, Any], files: Iterable[str]) -> set[str]:
    """What a wheel of these files should hold: the packages, and what the format of wheels has beside them."""
    folders: dict[str, str] = project["tool"]["setuptools"]["package-dir"]
    # A package may lie in the folder of another, and is in its own then.
    nearest = sorted(((f"{folder}/", package) for package, folder in folders.items()), key=lambda one: -len(one[0]))
    about = f"puresponse-{project['project']['version']}.dist-info/"
    expected = {f"{about}{name}" for name in DESCRIBING}
    for name in files:
        if PurePosixPath(name).suffix in SUFFIXES:
            for folder, package in nearest:
                if name.startswith(folder):
                    expected.add(f"{package.replace('.', '/')}/{name.removeprefix(folder)}")
                    break
    return expected


def amiss_in_wheel(wheel: Iterable[Member], expected: set[str]) -> list[str]:
    """What a wheel has too much or too little; each package at its top says that it is typed."""
    held = {member.name for member in wheel}
    tops = {name.partition("/")[0] for name in held if ".dist-info/" not in name}
    return (
        [f"stray: {name}" for name in sorted(held - expected)]
        + [f"missing: {name}" for name in sorted(expected - held)]
        + [f"not typed: {name}" for name in sorted(tops) if f"{name}/py.typed" not in held]
    )


def traces(archive: Iterable[Member], date: tuple[int, ...], places: Iterable[str], machine: str) -> list[str]:
    """What tells when, where or by whom an archive was built: its files' dates, modes and owners, and their text."""
    named = re.compile(rb"\b" + re.escape(machine.encode()) + rb"\b")
    paths = tuple(place.encode() for place in places)
    found: list[str] = []
    for name, when, mode, owner, content in archive:
        if when != date:
            found.append(f"{name} is of {when}")
        if mode & 0o777 not in {0o644, 0o755} or owner != (0, 0, "", ""):
            found.append(f"{name} has the mode {mode:o} and the owner {owner}")
        found += [f"{name} names {path.decode()}" for path in paths if path in content]
        if PurePosixPath(name).name in WRITTEN and named.search(content):
            found.append(f"{name} names the machine {machine}")
        if (registry := REGISTRY.search(content)) is not None:
            found.append(f"{name} names a registry: {registry[0].decode()}")
    return found
