"""The recordings of a cassette, and which of them are next: requests are looked for here, whoever asks.

Law: the n-th time that a request is asked it gets the n-th answer that was recorded for it; many threads may ask at
once. Looking for one takes as long however many there are.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable
from threading import Lock

from msgspec.structs import replace

from ...core.credentials import hide_in_request
from ...core.errors import NoRecording
from ...core.http import HttpRequest
from .format import Recording
from .matching import Matching, Place, blanked, fits, redacted_places
from .normalising import Normaliser, ids_in
from .request_matching import no_recording

HOW_TO_RECORD = "record it anew: `CassetteTransport.recording(transport, path)`"


class Deck:
    """Recordings, in their order, of which some have been replayed."""

    def __init__(
        self, recordings: Iterable[Recording], match: Matching | None = None, *, how_to_record: str | None = None
    ) -> None:
        self.recordings = tuple(recordings)
        self.misses: list[NoRecording] = []
        self._match = match or Matching()
        self._how_to_record = how_to_record or HOW_TO_RECORD
        self._issued = frozenset[str]()
        if self._match.normalise is not None:
            self._issued = frozenset(found for recording in self.recordings for found in ids_in(recording))
        self._requests = [self._seen(recording.request) for recording in self.recordings]
        self._unused = dict.fromkeys(range(len(self.recordings)))
        # By the places that were redacted in them, of most recordings none: what is asked is blanked there.
        self._keys: list[tuple[tuple[Place, ...], Hashable]] = []
        self._places: dict[tuple[Place, ...], dict[Hashable, deque[int]]] = {(): {}}
        for index, request in enumerate(self._requests):
            places = redacted_places(request)
            known = (blanked(request, places) if places else None) or request
            key = self._match.key(known)
            self._places.setdefault(places, {}).setdefault(key, deque()).append(index)
            self._keys.append((places, key))
        self._counts = Counter(self._keys)
        self._last: dict[tuple[tuple[Place, ...], Hashable], int] = {}
        self._lock = Lock()

    @property
    def unused(self) -> tuple[Recording, ...]:
        """The recordings that were not replayed yet."""
        with self._lock:
            return tuple(self.recordings[index] for index in self._unused)

    def take(self, request: HttpRequest) -> Recording | NoRecording:
        """The next recording of a request; or the error that says that there is none."""
        asked = self._seen(request)
        spent: int | None = None
        for places, known in self._places.items():
            blank = blanked(asked, places) if places else asked
            if blank is None:
                continue
            key = self._match.key(blank)
            with self._lock:
                index = self._next(asked, known.get(key), bool(places))
                if index is not None:
                    self._last[places, key] = index
                    del self._unused[index]
                    return self.recordings[index]
                last = self._last.get((places, key))
            if last is not None and fits(asked, self._requests[last]):
                spent = last
        if spent is None:
            return self._missed(self._nothing_for(asked))
        if self._match.repeat_last:
            return self.recordings[spent]
        return self._missed(self._spent(asked, spent))

    def _seen(self, request: HttpRequest) -> HttpRequest:
        """The request as it is compared."""
        hidden = hide_in_request(request)
        if self._match.normalise is None:
            return hidden
        return Normaliser(self._match.normalise, self._issued).request(hidden)

    def _next(self, asked: HttpRequest, indices: deque[int] | None, is_redacted: bool) -> int | None:
        """Take the first that fits."""
        if not indices:
            return None
        if not is_redacted:
            return indices.popleft()
        for index in indices:
            if fits(asked, self._requests[index]):
                indices.remove(index)
                return index
        return None

    def _missed(self, error: NoRecording) -> NoRecording:
        self.misses.append(error)
        return error

    def _nothing_for(self, asked: HttpRequest) -> NoRecording:
        missing = no_recording(asked, self._requests)
        told = () if missing.nearest is None else self._match.differences(asked, missing.nearest)
        return replace(missing, differences=told, hint=self._how_to_record)

    def _spent(self, asked: HttpRequest, last: int) -> NoRecording:
        nearest = self._requests[last]
        count = self._counts[self._keys[last]]
        times = "once" if count == 1 else f"{count} times"
        spent = f"it was recorded {times}, and has been replayed as often"
        return NoRecording(request=asked, nearest=nearest, differences=(spent,), hint=self._how_to_record)
