"""Whether two archives are the same, and where they are not: what who verifies a release asks.

    python tests/scripts/release/comparison.py dist/puresponse-0.2.0.tar.gz rebuilt/puresponse-0.2.0.tar.gz

It needs the standard library alone. Another zlib (zlib-ng, say) packs the same files in other bytes: then it says so,
and compares the files with their names, order, dates and modes. It exits with 1 where they differ.
"""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile


class Member(NamedTuple):
    """A file in an archive, with all that the archive says of it."""

    name: str
    date: tuple[int, ...]
    mode: int
    owner: tuple[int, int, str, str]
    content: bytes


def members(archive: Path) -> list[Member]:
    """The files of a wheel or a source distribution, in its order."""
    if archive.suffix == ".whl":
        with ZipFile(archive) as zipped:
            return [
                Member(one.filename, one.date_time, one.external_attr >> 16, (0, 0, "", ""), zipped.read(one))
                for one in zipped.infolist()
            ]
    with tarfile.open(archive) as packed:
        return [
            Member(
                one.name,
                (int(one.mtime),),
                one.mode,
                (one.uid, one.gid, one.uname, one.gname),
                content.read() if (content := packed.extractfile(one)) else b"",
            )
            for one in packed.getmembers()
        ]


def differences(first: Path, second: Path) -> list[str]:
    """What two archives do not have in common; nothing, if they are packed alike and hold the same."""
    one, other = members(first), members(second)
    mine, theirs = {member.name: member for member in one}, {member.name: member for member in other}
    found = [f"only {first}: {name}" for name in sorted(mine.keys() - theirs)]
    found += [f"only {second}: {name}" for name in sorted(theirs.keys() - mine)]
    found += [
        f"{name}: {', '.join(_unlike(mine[name], theirs[name]))}"
        for name in sorted(mine.keys() & theirs)
        if mine[name] != theirs[name]
    ]
    if not found and [member.name for member in one] != [member.name for member in other]:
        found.append("the order of the files")
    return found


def _unlike(one: Member, other: Member) -> Iterable[str]:
    return (field for field, mine, theirs in zip(Member._fields, one, other, strict=True) if mine != theirs)


def verdict(first: Path, second: Path) -> tuple[bool, str]:
    """Whether two archives are the same, and a sentence, or the list of what differs."""
    if first.read_bytes() == second.read_bytes():
        return True, f"{first.name}: the same bytes"
    found = differences(first, second)
    if not found:
        return True, f"{first.name}: the same files, dates and modes, which another zlib has packed"
    return False, "\n".join((f"{first.name}: not the same", *(f"  {line}" for line in found)))


if __name__ == "__main__":
    same, sentence = verdict(Path(sys.argv[1]), Path(sys.argv[2]))
    print(sentence)
    sys.exit(not same)
