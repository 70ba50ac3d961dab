"""What a recorder has recorded, and the file that it becomes: in memory, beside the file, and in its place.

Laws: the file has its old bytes until `save`, and those of all recordings after it. `close` saves; where that fails it
says so, and again whenever it is called again, until it is saved. Whatever happens, a recording that has ended is in
memory, and on the disk beside the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import partial
from threading import Lock

from msgspec import Struct

from ...core.credentials import hide_in_request
from ...core.errors import Error, Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse
from ..clock import Clock
from .deck import Deck
from .format import Recording, check_headers, dump_cassette, dump_line, to_entry, with_headers
from .leaks import LOOKS_LIKE_A_KEY, Leaks, SecretFound, secrets_in, shown
from .matching import Matching
from .normalising import Normaliser, Normalising
from .partial_file import PartialFile
from .recording_body import Notes
from .redaction import Redaction, Redactor
from .safe_file import check_place, write_whole

LINES = ".jsonl"
"""What the name of a cassette in the JSON Lines form ends with."""


class Asked(Struct, frozen=True):
    """A request that is being asked: its place, as what it is recorded, and when it began, by the recorder's clock."""

    place: int
    request: HttpRequest
    began: float


class Tape:
    """What is recorded for one file. Many threads may record at once."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        keep_headers: Collection[str],
        scrub: Callable[[HttpRequest], HttpRequest] | None,
        clock: Clock | None,
        now: Callable[[], float],
        redact: Collection[Redaction],
        normalise: Normalising | None,
        harmless: Collection[str],
        leaks: Leaks | None,
        known: Iterable[Recording],
        match: Matching | None,
    ) -> None:
        self._kept = check_headers(keep_headers)
        self.path = os.fspath(path)
        self._scrub = scrub
        self._clock = clock
        self._now = now
        self._answers: dict[int, tuple[Asked, HttpResponse | NotSent | Interrupted | Notes, float]] = {}
        self._rules = tuple(redact)
        self._normalise = normalise
        self._harmless = tuple(harmless)
        self._leaks = leaks
        self._deck = Deck(known, match)
        self._count = 0
        self._is_closed = False
        self._is_saved = False
        self._lock = Lock()
        # At once: a place that cannot be written to is better known before the exchanges than after.
        self._real_path = check_place(self.path)
        self._partial = PartialFile(self._real_path, now())
        self._writing = Lock()
        self._on_the_way = self._cleaning()

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """What was known, and what was recorded so far, in the order in which it was asked for."""
        with self._lock:
            answers = [self._answers[place] for place in sorted(self._answers)]
        recorded = [
            Recording(asked.request, answer.recorded if isinstance(answer, Notes) else answer, after)
            for asked, answer, after in answers
        ]
        return (*self._deck.recordings, *recorded)

    @property
    def has_known(self) -> bool:
        """Whether there are recordings that are replayed."""
        return bool(self._deck.recordings)

    def known(self, request: HttpRequest) -> Recording | None:
        """The recording that is to be replayed for a request; None where it is to be asked."""
        if not self.has_known or self._is_closed:
            return None
        found = self._deck.take(request if self._scrub is None else self._scrub(request))
        return found if isinstance(found, Recording) else None

    def redact(self, rules: Iterable[Redaction]) -> None:
        """Add rules, for what was recorded so far too."""
        with self._writing:
            self._rules = (*self._rules, *rules)
            self._on_the_way = self._cleaning()

    def __len__(self) -> int:
        return len(self._deck.recordings) + len(self._answers)

    def asked(self, request: HttpRequest) -> Asked:
        """A request that is asked now. Raises `ValueError` where the recording is closed."""
        recorded = hide_in_request(request if self._scrub is None else self._scrub(request))
        with self._lock:
            if self._is_closed:
                raise ValueError(f"the recording of {self.path} is closed")
            self._count += 1
            return Asked(self._count, recorded, self._time())

    def keep(self, asked: Asked, answer: HttpResponse | Error) -> None:
        """Record how a request was answered, unless neither server nor network did that."""
        if isinstance(answer, NotSent | Interrupted) and answer.kind == "given_up":
            return
        if isinstance(answer, HttpResponse | NotSent | Interrupted):
            after = self._seconds_since(asked.began)
            with self._lock:
                self._answers[asked.place] = asked, answer, after
            self._write(Recording(asked.request, answer, after))

    def notes(self, asked: Asked, head: HttpResponse) -> Notes:
        """What is to be told what is read of a body, which is recorded so far, and as a whole at its end."""
        after = self._seconds_since(asked.began)
        notes = Notes(head, self._stopwatch(), partial(self._ended, asked.place))
        with self._lock:
            self._answers[asked.place] = asked, notes, after
        return notes

    def save(self) -> None:
        """Write what was recorded so far: the file is there whole, or as it was."""
        cleaned = list(map(self._cleaning(), self.recordings))
        places = [
            f"recording {number} ({one.request.method} {shown(one.request.path, self._leaks)}): {place}"
            for number, one in enumerate(cleaned, start=1)
            for place in self._secrets_in(one)
        ]
        if places:
            raise SecretFound(self.path, places)
        lines = self.path.endswith(LINES)
        data = dump_cassette(cleaned, keep_headers=self._kept, recorded=self._now(), lines=lines)
        write_whole(self._real_path, data)

    def close(self) -> None:
        """Save, once that succeeds; nothing more is asked from now on."""
        with self._lock:
            self._is_closed = True
        with self._writing:
            if self._is_saved:
                return
            self.save()
            self._is_saved = True
            self._partial.remove()

    def abandon(self) -> None:
        """Leave the file as it was, and what was recorded beside it; nothing more is asked from now on."""
        with self._lock:
            self._is_closed = True
        with self._writing:
            self._is_saved = True
            self._partial.leave()

    def _ended(self, place: int) -> None:
        asked, answer, after = self._answers[place]
        if isinstance(answer, Notes):
            self._write(Recording(asked.request, answer.recorded, after))

    def _write(self, recording: Recording) -> None:
        """Put a recording on the disk, beside the file. Where that fails, it is in memory still, and saving says so."""
        with self._writing:
            cleaned = self._on_the_way(recording)
            if self._secrets_in(cleaned):
                cleaned = _MASK.redacted(cleaned)
                if self._secrets_in(cleaned):
                    return
            with suppress(OSError):
                self._partial.add(dump_line(to_entry(cleaned, self._kept)))

    def _cleaning(self) -> Callable[[Recording], Recording]:
        """What makes of each recording, in their order, what is written of it."""
        normaliser = None if self._normalise is None else Normaliser(self._normalise)
        return partial(_cleaned, self._kept, Redactor(self._rules), normaliser)

    def _secrets_in(self, cleaned: Recording) -> list[str]:
        return secrets_in(cleaned, self._leaks, self._harmless)

    def _time(self) -> float:
        return 0.0 if self._clock is None else self._clock.monotonic()

    def _seconds_since(self, began: float) -> float:
        return round(self._time() - began, 3)

    def _stopwatch(self) -> Callable[[], float] | None:
        return None if self._clock is None else _Stopwatch(self._clock)


def _cleaned(
    kept: frozenset[str], redactor: Redactor, normaliser: Normaliser | None, recording: Recording
) -> Recording:
    cleaned = redactor.redacted(with_headers(recording, kept))
    return cleaned if normaliser is None else normaliser.normalised(cleaned)


_MASK = Redactor([Redaction(pattern=LOOKS_LIKE_A_KEY.pattern)])
"""What lets a recording be kept beside the file that is not to be written as it is."""


class _Stopwatch:
    """How many seconds passed since it was asked last, to the millisecond."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.monotonic()

    def __call__(self) -> float:
        before, self._last = self._last, self._clock.monotonic()
        return round(self._last - before, 3)
