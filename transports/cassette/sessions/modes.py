"""A cassette in one of the modes that VCR.py's users know: what is replayed, and what is asked and recorded.

| mode | a cassette that is there | none that is there |
|---|---|---|
| `none` | is replayed; what is not on it is a miss | all is a miss |
| `once` | is replayed; what is not on it is a miss | is recorded |
| `new_episodes` | is replayed; what is not on it is asked, and added | is recorded |
| `all` | is recorded anew | is recorded |

Law: what is replayed in the modes `none` and `once` never reaches the network.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Collection
from time import time
from typing import Any, Literal, TypeAlias, get_args, overload

from msgspec import Struct

from ....core.http import HttpRequest
from ...asynchrony import is_async
from ...clock import Clock
from ...contract import AsyncTransport, Transport
from ..format import Cassette
from ..matching import Matching
from ..normalising import Normalising
from ..partial_file import left_over
from ..recorder import AsyncCassetteRecorder, CassetteRecorder
from ..redaction import Redaction
from ..safe_file import read_file
from ..transport import AsyncCassetteTransport, CassetteTransport

Mode: TypeAlias = Literal["none", "once", "new_episodes", "all"]

IfOlder: TypeAlias = Literal["record", "warn", "fail"]

DAY = 86_400.0
"""Seconds."""


class StaleCassette(UserWarning):
    """A cassette is older than it is to be: the `message` says which, and how old."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


@overload
def use_cassette(
    path: str | os.PathLike[str],
    transport: Transport,
    *,
    mode: Mode = "none",
    refresh_after: float | None = None,
    if_older: IfOlder = "record",
    match: Matching | None = None,
    keep_headers: Collection[str] = (),
    redact: Collection[Redaction] = (),
    normalise: Normalising | None = None,
    harmless: Collection[str] = (),
    scrub: Callable[[HttpRequest], HttpRequest] | None = None,
    clock: Clock | None = None,
    now: Callable[[], float] = time,
    how_to_record: str | None = None,
) -> CassetteTransport | CassetteRecorder: ...
@overload
def use_cassette(
    path: str | os.PathLike[str],
    transport: AsyncTransport,
    *,
    mode: Mode = "none",
    refresh_after: float | None = None,
    if_older: IfOlder = "record",
    match: Matching | None = None,
    keep_headers: Collection[str] = (),
    redact: Collection[Redaction] = (),
    normalise: Normalising | None = None,
    harmless: Collection[str] = (),
    scrub: Callable[[HttpRequest], HttpRequest] | None = None,
    clock: Clock | None = None,
    now: Callable[[], float] = time,
    how_to_record: str | None = None,
) -> AsyncCassetteTransport | AsyncCassetteRecorder: ...
def use_cassette(
    path: str | os.PathLike[str],
    transport: Any,
    *,
    mode: Mode = "none",
    refresh_after: float | None = None,
    if_older: IfOlder = "record",
    match: Matching | None = None,
    keep_headers: Collection[str] = (),
    redact: Collection[Redaction] = (),
    normalise: Normalising | None = None,
    harmless: Collection[str] = (),
    scrub: Callable[[HttpRequest], HttpRequest] | None = None,
    clock: Clock | None = None,
    now: Callable[[], float] = time,
    how_to_record: str | None = None,
) -> Any:
    """Replay the cassette at `path`, or record it through `transport`, as `mode` says; a context manager.

    - `mode`: `none` replays, `once` records what is not there, `new_episodes` adds what is not on it, `all` records
      anew.
    - `refresh_after`: how many seconds old a cassette may be, 0 or more (a day has 86,400); None: any age. One without
      date is older.
    - `if_older`: what is done with one that is: `record` records it anew, in all modes but `none`; `warn` warns, by a
      `StaleCassette`; `fail` raises a `ValueError`.
    - `how_to_record`: what a miss says of that.

    The others are those of `CassetteRecorder` and of `CassetteTransport`. In an event loop pass an asynchronous
    transport; what is returned is one then, and an asynchronous context manager. Raises `ValueError` for a mode that
    there is not, and what recording and replaying raise.

    >>> import os, tempfile
    >>> from puresponse import MemoryTransport, delete_response, run
    >>> path = os.path.join(tempfile.mkdtemp(), "delete.json")
    >>> for _ in range(2):
    ...     with use_cassette(path, MemoryTransport(), mode="once") as transport:
    ...         print(type(transport).__name__, run(delete_response("resp_chat"), transport).unwrap().deleted)
    CassetteRecorder True
    CassetteTransport True
    """
    _check("mode", mode, get_args(Mode))
    _check("if_older", if_older, get_args(IfOlder))
    place = os.fspath(path)
    cassette = read_file(place) if mode != "all" and os.path.exists(place) else None
    if cassette is not None and refresh_after is not None:
        stale = _stale(place, cassette, refresh_after, now())
        if stale is not None and if_older == "fail":
            raise ValueError(stale)
        if stale is not None and if_older == "warn":
            warnings.warn(stale, StaleCassette, stacklevel=2)
        if stale is not None and if_older == "record" and mode != "none":
            cassette = None
    awaited = is_async(transport)
    recordings = () if cassette is None else cassette.recordings
    if mode == "none" or (mode == "once" and cassette is not None):
        replay = AsyncCassetteTransport if awaited else CassetteTransport
        hint = _hint(place, is_there=cassette is not None, how_to_record=how_to_record)
        return replay(recordings, scrub=scrub, clock=clock, match=match, how_to_record=hint)
    record = AsyncCassetteRecorder if awaited else CassetteRecorder
    date = None if cassette is None else cassette.recorded
    return record(
        transport,
        place,
        keep_headers=keep_headers,
        scrub=scrub,
        clock=clock,
        # What is added to a cassette makes what was on it no younger.
        now=now if date is None else _Then(date),
        redact=redact,
        normalise=normalise,
        harmless=harmless,
        known=recordings,
        match=match,
    )


class _Then(Struct, frozen=True):
    """A time that stays."""

    time: float

    def __call__(self) -> float:
        return self.time


def _check(name: str, given: str, allowed: Collection[str]) -> None:
    if given not in allowed:
        raise ValueError(f"{name} is {given!r}; allowed are {', '.join(allowed)}")


def _stale(path: str, cassette: Cassette, refresh_after: float, now: float) -> str | None:
    if cassette.recorded is None:
        return f"the cassette {path} does not say when it was recorded"
    age = now - cassette.recorded
    if age <= refresh_after:
        return None
    return f"the cassette {path} was recorded {age / DAY:.1f} days ago, and may be {refresh_after / DAY:.1f} days old"


def _hint(path: str, *, is_there: bool, how_to_record: str | None) -> str:
    told = how_to_record or "record it anew: mode='all', or mode='new_episodes' to add to it"
    left = left_over(path)
    if left is not None:
        told = f"{told}; what an unfinished recording left is in {left}"
    return told if is_there else f"there is no cassette {path}: {told}"
