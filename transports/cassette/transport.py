"""Cassettes that are replayed: exchanges that were recorded once, without network ever after.

A `CassetteTransport` never asks anything. What is not on the cassette is a `NoRecording`, which names the nearest
recording and the differences, and says how to record.

No cassette holds a key: requests do not know it, of headers only harmless ones are kept (`format`), and what a
request that was made by hand has of credentials is `[redacted]`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from types import TracebackType
from typing import Self

from returns.result import Failure, Result

from ...core.errors import Error, NoRecording
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..clock import Clock
from ..contract import AsyncBody, Body, Exchange
from ..exchanges import CallExchange, close_body
from .deck import HOW_TO_RECORD, Deck
from .format import Recording, read_cassette
from .matching import Matching
from .partial_file import left_over
from .recorder import CassetteRecorder
from .replay import called, opened, opened_async
from .safe_file import read_file


class _Replay:
    """What is replayed, and how; of which the transports below are two faces."""

    def __init__(
        self,
        recordings: Iterable[Recording],
        *,
        scrub: Callable[[HttpRequest], HttpRequest] | None = None,
        clock: Clock | None = None,
        match: Matching | None = None,
        how_to_record: str | None = None,
    ) -> None:
        self._deck = Deck(recordings, match, how_to_record=how_to_record)
        self._scrub = scrub
        self._clock = clock

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        *,
        scrub: Callable[[HttpRequest], HttpRequest] | None = None,
        clock: Clock | None = None,
        match: Matching | None = None,
        how_to_record: str | None = None,
    ) -> Self:
        """Replay the cassette that `data` holds. Raises `ValueError` if it is damaged or of a newer version.

        The other parameters are those of `CassetteTransport`.
        """
        try:
            cassette = read_cassette(data)
        except ValueError as error:
            raise ValueError(f"the cassette {error}") from None
        return cls(cassette.recordings, scrub=scrub, clock=clock, match=match, how_to_record=how_to_record)

    @classmethod
    def replaying(
        cls,
        path: str | os.PathLike[str],
        *,
        scrub: Callable[[HttpRequest], HttpRequest] | None = None,
        clock: Clock | None = None,
        match: Matching | None = None,
        how_to_record: str | None = None,
    ) -> Self:
        """Replay the cassette in the file `path`.

        The other parameters are those of `CassetteTransport`. Raises `ValueError` if it is damaged or of a newer
        version, and `OSError` if it cannot be read.
        """
        known = os.fspath(path)
        cassette, left = read_file(known), left_over(known)
        if left is not None:
            how_to_record = f"{how_to_record or HOW_TO_RECORD}; what an unfinished recording left is in {left}"
        return cls(cassette.recordings, scrub=scrub, clock=clock, match=match, how_to_record=how_to_record)

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """All recordings, in the order of the cassette."""
        return self._deck.recordings

    @property
    def misses(self) -> tuple[NoRecording, ...]:
        """What was asked in vain so far."""
        return tuple(self._deck.misses)

    @property
    def unused(self) -> tuple[Recording, ...]:
        """The recordings that were not replayed yet: `assert cassette.unused == ()` once all should have been."""
        return self._deck.unused

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.recordings)} recordings, {len(self.unused)} unused)"

    def _found(self, request: HttpRequest) -> Recording | NoRecording:
        return self._deck.take(request if self._scrub is None else self._scrub(request))


class CassetteTransport(_Replay):
    """Answers from recordings, without network.

    The n-th time that a request is asked it gets the n-th answer that was recorded for it, and a `NoRecording` after
    the last. Requests are the same if method, path, query and body are (`request_matching` says how exactly).

    A body that was recorded in chunks is opened in these chunks, and breaks off where it did; any other is opened in
    one chunk. Called, each is returned with all of its body; where it broke off, as the `partial` of the `Interrupted`.

    - `recordings`: what is replayed; `replaying` and `from_bytes` read it from a file.
    - `scrub`: is applied to a request before it is looked for: pass what was passed to the recorder.
    - `clock`: where times were recorded, each answer and each chunk takes its time by this clock; by None, every answer
      is there at once, whatever `timeout` or `total` a request has.
    - `match`: what counts, by None a `Matching()`.
    - `how_to_record`: what a miss says of that; by None, how to do it in a program.

    `replaying` and `from_bytes` raise `ValueError` for what is no cassette.

    >>> pairs = [Recording(HttpRequest("DELETE", "/responses/resp_1"), HttpResponse(status=404))]
    >>> cassette = CassetteTransport(pairs)
    >>> cassette(HttpRequest("DELETE", "/responses/resp_1")).unwrap().status
    404
    >>> cassette.unused
    ()
    """

    recording = CassetteRecorder
    """Records what is asked of a transport into a file: `CassetteTransport.recording(transport, path)`."""

    def __call__(self, request: HttpRequest) -> Answer:
        found = self._found(request)
        if isinstance(found, NoRecording):
            return Failure(found)
        seconds, answer = called(found, request, self._clock)
        self._sleep(seconds)
        return answer

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin to replay a recording, and leave the body of a 2xx to be read."""
        found = self._found(request)
        if isinstance(found, NoRecording):
            return Failure(found)
        seconds, body = opened(found, request, self._clock)
        self._sleep(seconds)
        return body

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would, and that can be given up."""
        return CallExchange(partial(self, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would, and that can be given up."""
        return CallExchange(partial(self.open, request), close=close_body)

    def close(self) -> None:
        """Do nothing: a cassette that is replayed holds nothing open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _sleep(self, seconds: float) -> None:
        if seconds and self._clock is not None:
            self._clock.sleep(seconds)


class AsyncCassetteTransport(_Replay):
    """The same, for an event loop: what `CassetteTransport` answers, without blocking.

    The parameters are those of `CassetteTransport`, and so is what is raised: `ValueError`, and `OSError` for a file.

    >>> import asyncio
    >>> pairs = [Recording(HttpRequest("DELETE", "/responses/resp_1"), HttpResponse(status=404))]
    >>> asyncio.run(AsyncCassetteTransport(pairs)(HttpRequest("DELETE", "/responses/resp_1"))).unwrap().status
    404
    """

    async def __call__(self, request: HttpRequest) -> Answer:
        found = self._found(request)
        if isinstance(found, NoRecording):
            return Failure(found)
        seconds, answer = called(found, request, self._clock)
        await self._sleep(seconds)
        return answer

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin to replay a recording, and leave the body of a 2xx to be read."""
        found = self._found(request)
        if isinstance(found, NoRecording):
            return Failure(found)
        seconds, body = opened_async(found, request, self._clock)
        await self._sleep(seconds)
        return body

    async def aclose(self) -> None:
        """Do nothing: a cassette that is replayed holds nothing open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _sleep(self, seconds: float) -> None:
        if seconds and self._clock is not None:
            await self._clock.sleep_async(seconds)
