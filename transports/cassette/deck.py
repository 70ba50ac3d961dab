"""The recordings of a cassette, and which of them are next: requests are looked for here, whoever asks.

Law: the n-th time that a request is asked it gets the n-th answer that was recorded for it; many threads may ask at
once. Looking for one takes as long however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from ...core.credentials import hide_in_request
from ...core.errors import NoRecording
from ...core.http import HttpRequest
from .format import Recording
from .request_matching import Key, no_recording, request_key


class Deck:
    """Recordings, in their order, of which some have been replayed."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self.recordings = tuple(recordings)
        self._unused = dict.fromkeys(range(len(self.recordings)))
        self._places: dict[Key, list[int]] = {}
        for place, recording in enumerate(self.recordings):
            self._places.setdefault(request_key(hide_in_request(recording.request)), []).append(place)
        self._replayed: dict[Key, int] = {}
        self._lock = Lock()

    @property
    def unused(self) -> tuple[Recording, ...]:
        """The recordings that were not replayed yet."""
        with self._lock:
            return tuple(self.recordings[place] for place in self._unused)

    def take(self, asked: HttpRequest) -> Recording | NoRecording:
        """The next recording of a request, which has no credential; or the error that says that there is none."""
        key = request_key(asked)
        places = self._places.get(key, [])
        with self._lock:
            turn = self._replayed.get(key, 0)
            if turn < len(places):
                self._replayed[key] = turn + 1
                del self._unused[places[turn]]
        if turn < len(places):
            return self.recordings[places[turn]]
        if not places:
            return no_recording(asked, (recording.request for recording in self.recordings))
        nearest = hide_in_request(self.recordings[places[-1]].request)
        times = "once" if len(places) == 1 else f"{len(places)} times"
        spent = f"it was recorded {times}, and has been replayed as often"
        return NoRecording(request=asked, nearest=nearest, differences=(spent,))
