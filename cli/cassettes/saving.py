"""Writing files of recordings, and saying what was not carried over into them.

Law: a file is written whole, or is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ...transports.cassette.formats.carried import NotCarried
from ...transports.cassette.formats.exchanges import A_CREDENTIAL, OTHER_HEADER
from ...transports.cassette.safe_file import check_place, write_whole
from ..failures import ExitCode
from ..streams import Stopped

_INDEX = re.compile(r"\[\d+\]")


def save(path: str, data: bytes) -> None:
    """Write a file. Raises `Stopped` where it cannot be written."""
    try:
        write_whole(check_place(path), data)
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot write {path}: {error.strerror or error}") from None


def grouped(several: Iterable[NotCarried]) -> list[str]:
    """What was not carried over, in sentences: alike ones in one, with how many they are; headers by their names."""
    counts: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], str] = {}
    headers: dict[str, dict[str, None]] = {A_CREDENTIAL: {}, OTHER_HEADER: {}}
    for one in several:
        if one.reason in headers:
            headers[one.reason][one.place.rpartition(".")[2]] = None
            continue
        alike = _INDEX.sub("[*]", one.place), one.reason
        counts[alike] = counts.get(alike, 0) + 1
        firsts.setdefault(alike, one.place)
    told: list[str] = []
    for alike, count in counts.items():
        place = firsts[alike] if count == 1 else f"{alike[0]} ({count} times)"
        told.append(f"not carried over: {place}: {alike[1]}")
    for reason, names in headers.items():
        what = "credentials" if reason == A_CREDENTIAL else "headers that are not among those kept"
        if names:
            told.append(f"not carried over: {what}: {', '.join(names)}")
    return told


def secret_places(places: Sequence[str]) -> str:
    """What is said where secrets keep a file from being written."""
    most = 5
    more = f", and {len(places) - most} more" if len(places) > most else ""
    return (
        f"it would hold a secret, and was not written: {'; '.join(places[:most])}{more}. "
        "Take it out by --member or --pattern; what is no secret is named by --harmless"
    )
