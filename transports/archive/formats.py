"""The formats of archives, told by the name of a file and by its first bytes; and what is wrong with a file."""

from __future__ import annotations

import os
from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

ArchiveFormat: TypeAlias = Literal["jsonl", "jsonl.gz", "sqlite", "parquet"]
"""How an archive is written: JSON Lines, the same compressed by gzip, an SQLite database, or Apache Parquet."""

FORMATS: tuple[ArchiveFormat, ...] = get_args(ArchiveFormat)

_SUFFIXES: dict[str, ArchiveFormat] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "jsonl.gz",
    ".ndjson.gz": "jsonl.gz",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    ".parquet": "parquet",
}
SUFFIXES = tuple(_SUFFIXES)
"""What the names of archives end in."""

_BEGINNINGS: tuple[tuple[bytes, ArchiveFormat], ...] = (
    (b"SQLite format 3\0", "sqlite"),
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "jsonl.gz"),
    (b"{", "jsonl"),
)
_LONGEST_BEGINNING = 64

_IN_WORDS = {
    "jsonl": "JSON Lines",
    "jsonl.gz": "JSON Lines in gzip",
    "sqlite": "an SQLite database",
    "parquet": "a Parquet file",
}


class ArchiveDamage(Struct, frozen=True, kw_only=True):
    """Something in an archive that cannot be read: in which file (`path`), at which place of it, and why (`reason`).

    `place` is a line of JSON Lines, a response of a database, a row of a Parquet file, or `the file`, where nothing
    more can be read.
    """

    path: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.place}: {self.reason}"


WHOLE = "the file"
"""The place of what is wrong with all of it."""


def format_named(path: str) -> ArchiveFormat | None:
    """The format that the name of a file says; None where it says none."""
    name = os.path.basename(path).lower()
    for suffix, form in _SUFFIXES.items():
        if name.endswith(suffix):
            return form
    return None


def format_found(path: str) -> ArchiveFormat | None:
    """The format that a file is in by its first bytes; None for one that is empty, or of another kind.

    Raises `OSError` where it cannot be read.
    """
    with open(path, "rb") as file:
        beginning = file.read(_LONGEST_BEGINNING)
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, form in _BEGINNINGS:
        if (text if form == "jsonl" else beginning).startswith(start):
            return form
    return None


def format_for(path: str, named: Any) -> ArchiveFormat:
    """The format to write in: the one that is `named`, or that of the suffix. Raises `ValueError` for neither."""
    if named is None:
        form = format_named(path)
        if form is None:
            allowed = f"a name that ends in {', '.join(SUFFIXES)}, or a format: {', '.join(FORMATS)}"
            raise ValueError(f"path: given {path!r}; allowed is {allowed}")
        return form
    return checked(named)


def checked(named: Any) -> ArchiveFormat:
    """The format of that name. Raises `ValueError` where there is none."""
    for form in FORMATS:
        if named == form:
            return form
    raise ValueError(f"format: given {named!r}; allowed is one of {', '.join(FORMATS)}")


def mismatch(wanted: ArchiveFormat, path: str) -> str | None:
    """Why the file `path`, which is not empty, is not in the format `wanted`; None where it is, as far as it seems."""
    found = format_found(path)
    if found == wanted:
        return None
    is_one = "it is none of the formats of an archive" if found is None else f"it is {_IN_WORDS[found]}"
    return f"{is_one}, not {_IN_WORDS[wanted]}"


def has_content(path: str) -> bool:
    """Whether there is a file with anything in it."""
    return os.path.exists(path) and os.path.getsize(path) > 0
