"""Cassettes: exchanges recorded once through any transport, and replayed without network ever after.

Two modes and no mixture of them: a `CassetteRecorder` always asks the transport that it records through, and a
`CassetteTransport` never asks anything. What is not on the cassette is a `NoRecording`, which names the nearest
recording and the differences; record the cassette anew when the program asks something else.

No cassette holds a key: requests do not know it, of headers only harmless ones are kept (`format`), and what a
request that was made by hand has of credentials is `[redacted]`. Bodies are kept as they are; what is secret in them is
yours to `scrub`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import partial
from threading import Lock
from types import TracebackType

from returns.result import Failure, Result, Success

from ...core.credentials import hide_in_request
from ...core.errors import Error, Interrupted, NoRecording, NotSent
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..bodies import open_body
from ..contract import Body, Exchange, Transport
from ..exchanges import CallExchange, SeenExchange, beginning_calls, beginning_to_open, close_body
from .canned_answers import CannedAnswer, as_called, as_opened
from .format import Recording, check_headers, dump_cassette, load_cassette
from .recording_body import RecordingBody
from .request_matching import Key, no_recording, request_key


class CassetteTransport:
    """Answers from recordings, without network.

    The n-th time that a request is asked it gets the n-th answer that was recorded for it, and a `NoRecording` after
    the last. Requests are the same if method, path, query and body are (`request_matching` says how exactly).

    A body that was recorded in chunks is opened in these chunks, and breaks off where it did; any other is opened in
    one chunk. Called, each is returned with all of its body; where it broke off, as the `partial` of the `Interrupted`.
    No time is recorded, so every answer is there at once: whatever `timeout` or `total` a request has, none is late.

    `scrub` is applied to a request before it is looked for: pass what was passed to the recorder.

    >>> pairs = [Recording(HttpRequest("DELETE", "/responses/resp_1"), HttpResponse(status=404))]
    >>> cassette = CassetteTransport(pairs)
    >>> cassette(HttpRequest("DELETE", "/responses/resp_1")).unwrap().status
    404
    >>> cassette.unused
    ()
    """

    def __init__(
        self, recordings: Iterable[Recording], *, scrub: Callable[[HttpRequest], HttpRequest] | None = None
    ) -> None:
        self._recordings = tuple(recordings)
        self._scrub = scrub
        self._unused = dict.fromkeys(range(len(self._recordings)))
        self._places: dict[Key, list[int]] = {}
        for place, recording in enumerate(self._recordings):
            self._places.setdefault(request_key(hide_in_request(recording.request)), []).append(place)
        self._replayed: dict[Key, int] = {}
        self._lock = Lock()

    @classmethod
    def from_bytes(cls, data: bytes, *, scrub: Callable[[HttpRequest], HttpRequest] | None = None) -> CassetteTransport:
        """Replay the cassette that `data` holds. Raises `ValueError` if it is damaged or of a newer version."""
        try:
            return cls(load_cassette(data), scrub=scrub)
        except ValueError as error:
            raise ValueError(f"the cassette {error}") from None

    @classmethod
    def replaying(
        cls, path: str | os.PathLike[str], *, scrub: Callable[[HttpRequest], HttpRequest] | None = None
    ) -> CassetteTransport:
        """Replay the cassette in the file `path`.

        Raises `ValueError` if it is damaged or of a newer version, and `OSError` if it cannot be read.
        """
        with open(path, "rb") as file:
            data = file.read()
        try:
            return cls(load_cassette(data), scrub=scrub)
        except ValueError as error:
            raise ValueError(f"the cassette {os.fspath(path)} {error}") from None

    @staticmethod
    def recording(
        transport: Transport,
        path: str | os.PathLike[str],
        *,
        keep_headers: Collection[str] = (),
        scrub: Callable[[HttpRequest], HttpRequest] | None = None,
    ) -> CassetteRecorder:
        """Record what is asked of `transport` into the file `path`. Parameters as of `CassetteRecorder`."""
        return CassetteRecorder(transport, path, keep_headers=keep_headers, scrub=scrub)

    def __call__(self, request: HttpRequest) -> Answer:
        return as_called(self._answer(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin to replay a recording, and leave the body of a 2xx to be read."""
        return as_opened(self._answer(request))

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would, and that can be given up."""
        return CallExchange(partial(self, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would, and that can be given up."""
        return CallExchange(partial(self.open, request), close=close_body)

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """All recordings, in the order of the cassette."""
        return self._recordings

    @property
    def unused(self) -> tuple[Recording, ...]:
        """The recordings that were not replayed yet: `assert cassette.unused == ()` once all should have been."""
        with self._lock:
            return tuple(self._recordings[place] for place in self._unused)

    def __repr__(self) -> str:
        return f"CassetteTransport({len(self._recordings)} recordings, {len(self._unused)} unused)"

    def _answer(self, request: HttpRequest) -> CannedAnswer:
        asked = hide_in_request(request if self._scrub is None else self._scrub(request))
        key = request_key(asked)
        places = self._places.get(key, [])
        with self._lock:
            turn = self._replayed.get(key, 0)
            if turn < len(places):
                self._replayed[key] = turn + 1
                del self._unused[places[turn]]
        if turn < len(places):
            return self._recordings[places[turn]].answer
        if not places:
            return no_recording(asked, (recording.request for recording in self._recordings))
        nearest = hide_in_request(self._recordings[places[-1]].request)
        times = "once" if len(places) == 1 else f"{len(places)} times"
        spent = f"it was recorded {times}, and has been replayed as often"
        return NoRecording(request=asked, nearest=nearest, differences=(spent,))


class CassetteRecorder:
    """Asks `transport`, passes on what it returns, and records both; saves to `path` when it is closed.

    Recorded are responses of any status, and the failures `NotSent` and `Interrupted`: whatever a server or network
    did. Any other failure is passed on unrecorded, and so is that of an exchange which its caller gave up. A body that
    is opened is recorded in the chunks in which it is read; if it is closed before its end, the recording breaks off
    there.

    As a context manager it closes itself, but keeps the file as it was if the block was left by an exception. The
    transport stays open: it belongs to whoever made it.

    - `keep_headers`: names of headers to keep besides those that always are; one that holds secrets is a `ValueError`.
    - `scrub`: what is recorded of a request; it is sent as it is.

    The directory of `path` is made if it is not there. Many threads may call it at once; the recordings are in the
    order in which they were asked for.
    """

    def __init__(
        self,
        transport: Transport,
        path: str | os.PathLike[str],
        *,
        keep_headers: Collection[str] = (),
        scrub: Callable[[HttpRequest], HttpRequest] | None = None,
    ) -> None:
        check_headers(keep_headers)
        self._transport = transport
        self._begin_call = beginning_calls(transport)
        self._begin_to_open = beginning_to_open(transport)
        self._path = os.fspath(path)
        self._keep_headers = tuple(keep_headers)
        self._scrub = scrub
        self._answers: dict[int, tuple[HttpRequest, HttpResponse | NotSent | Interrupted | RecordingBody]] = {}
        self._asked = 0
        self._closed = False
        self._lock = Lock()
        # At once: a place that cannot be written to is better known before the exchanges than after.
        os.makedirs(os.path.dirname(self._path) or ".", exist_ok=True)

    def __call__(self, request: HttpRequest) -> Answer:
        keep = self._calling(request)
        return keep(self._transport(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Open a body, in one chunk where the transport cannot do better, and record what is read of it."""
        keep = self._opening(request)
        return keep(open_body(self._transport, request))

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs and records, and that is given up as the transport's is."""
        return SeenExchange(self._begin_call(request), partial(self._calling, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, of which is recorded what is read, and that can be given up."""
        return SeenExchange(self._begin_to_open(request), partial(self._opening, request))

    def _calling(self, request: HttpRequest) -> Callable[[Answer], Answer]:
        """What keeps the result of a call that is asked for now."""
        return partial(self._called, *self._asked_now(request))

    def _opening(self, request: HttpRequest) -> Callable[[Result[Body, Error]], Result[Body, Error]]:
        """What keeps the result of an opening that is asked for now."""
        return partial(self._opened, *self._asked_now(request))

    def _called(self, place: int, asked: HttpRequest, result: Answer) -> Answer:
        self._keep(place, asked, result.failure() if isinstance(result, Failure) else result.unwrap())
        return result

    def _opened(self, place: int, asked: HttpRequest, opened: Result[Body, Error]) -> Result[Body, Error]:
        if isinstance(opened, Failure):
            self._keep(place, asked, opened.failure())
            return opened
        body = opened.unwrap()
        if not body.answer.is_success:
            self._keep(place, asked, body.answer)
            return opened
        recording = RecordingBody(body)
        self._keep(place, asked, recording)
        return Success(recording)

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """What was recorded so far, in the order in which it was asked for."""
        with self._lock:
            answers = [self._answers[place] for place in sorted(self._answers)]
        return tuple(
            Recording(asked, answer.recorded if isinstance(answer, RecordingBody) else answer)
            for asked, answer in answers
        )

    def save(self) -> None:
        """Write what was recorded so far: the file is there whole, or as it was."""
        data = dump_cassette(self.recordings, keep_headers=self._keep_headers)
        temporary = f"{self._path}.{os.getpid()}.{id(self):x}.tmp"
        try:
            with open(temporary, "xb") as file:
                file.write(data)
            os.replace(temporary, self._path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.remove(temporary)
            raise

    def close(self) -> None:
        """Save, once; what is asked from now on is refused with a `ValueError`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self.save()

    def __enter__(self) -> CassetteRecorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        with self._lock:
            self._closed = True

    def __repr__(self) -> str:
        return f"CassetteRecorder({self._path!r}, {len(self._answers)} recordings)"

    def _asked_now(self, request: HttpRequest) -> tuple[int, HttpRequest]:
        """The place of the recording of an exchange that begins now, and the request as it is recorded."""
        asked = hide_in_request(request if self._scrub is None else self._scrub(request))
        with self._lock:
            if self._closed:
                raise ValueError(f"the recording of {self._path} is closed")
            self._asked += 1
            return self._asked, asked

    def _keep(self, place: int, asked: HttpRequest, answer: HttpResponse | Error | RecordingBody) -> None:
        if isinstance(answer, NotSent | Interrupted) and answer.kind == "given_up":
            return
        if isinstance(answer, HttpResponse | NotSent | Interrupted | RecordingBody):
            with self._lock:
                self._answers[place] = asked, answer
