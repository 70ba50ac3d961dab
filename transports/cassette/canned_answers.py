"""An answer whose body is received in chunks, as a value; and how any answer that is a value is called for, and opened.

Law: chunks say when bytes were received, not what they are. Called for, an answer in chunks is the answer with all of
them, and one that breaks off the error, with all of them as its `partial`; opened, an answer without chunks is one of a
single chunk, and so is such a `partial`.

Where it is said how long each took (`delays`), and there is a clock to wait by, a chunk is there no sooner: a read that
is given less time is a `read_timeout`, and so is an exchange whose request sets a limit.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ...core.errors import Error, Interrupted
from ...core.http import HttpResponse, Pairs
from ...core.results import is_failure
from ...core.steps import Answer
from ...core.streams import NOT_OPEN, Chunk
from ..bodies import AsyncWholeBody, WholeBody, cut_body
from ..clock import Clock
from ..contract import AsyncBody, Body


class StreamedResponse(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """A response whose body is received in `chunks`, and then ends, or breaks off with `error`.

    `status` and `headers` are those of any response; one that is no 2xx is opened whole. `delays` are the seconds
    before each of the chunks, and before the end; empty where they are not known, and then all is there at once.

    >>> cut = StreamedResponse(status=200, chunks=(b"one", b"two"), error=Interrupted("reset", "gone"))
    >>> from puresponse.core import HttpRequest
    >>> from puresponse.transports import StubTransport
    >>> body = StubTransport.answering(cut).open(HttpRequest("GET", "/responses/resp_1")).unwrap()
    >>> [body.read() for _ in range(3)]
    [<Success: b'one'>, <Success: b'two'>, <Failure: interrupted (reset): gone>]
    """

    status: int
    headers: Pairs = ()
    chunks: tuple[bytes, ...] = ()
    error: Interrupted | None = None
    delays: tuple[float, ...] = ()


CannedAnswer: TypeAlias = HttpResponse | StreamedResponse | Error
"""What a stub answers with: a response of any status, whole or in chunks, or an error, returned as a `Failure`."""


def as_called(answer: CannedAnswer) -> Answer:
    """What a transport returns that is called, and answers with `answer`."""
    if isinstance(answer, HttpResponse):
        return Success(answer)
    if not isinstance(answer, StreamedResponse):
        return Failure(answer)
    received = HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.chunks))
    if answer.error is not None:
        return Failure(replace(answer.error, partial=received))
    return Success(received)


def as_opened(answer: CannedAnswer, clock: Clock | None = None) -> Result[Body, Error]:
    """What a transport returns that is to open a body, and answers with `answer`, its delays slept by `clock`."""
    if isinstance(answer, StreamedResponse) and 200 <= answer.status < 300:
        return Success(ChunkwiseBody(answer, clock))
    called = as_called(answer)
    if not is_failure(called):
        return Success(WholeBody(called.unwrap()))
    cut = cut_body(called.failure())
    return called if cut is None else Success(WholeBody(*cut))


def as_opened_async(answer: CannedAnswer, clock: Clock | None = None) -> Result[AsyncBody, Error]:
    """The same, for an event loop."""
    if isinstance(answer, StreamedResponse) and 200 <= answer.status < 300:
        return Success(AsyncChunkwiseBody(answer, clock))
    called = as_called(answer)
    if not is_failure(called):
        return Success(AsyncWholeBody(called.unwrap()))
    cut = cut_body(called.failure())
    return called if cut is None else Success(AsyncWholeBody(*cut))


TOO_LATE = Interrupted("read_timeout", "nothing was received in time, by the times that were recorded")


class ChunkwiseBody:
    """The body of a `StreamedResponse`. Chunks of no bytes are left out: they would be its end.

    Without a clock the chunks are there already, and no `within` makes a difference.
    """

    def __init__(self, response: StreamedResponse, clock: Clock | None = None) -> None:
        self.answer = HttpResponse(status=response.status, headers=response.headers)
        self._clock = clock
        self._chunks = iter(_timed(response))
        self._end: Chunk = Success(b"") if response.error is None else Failure(response.error)
        self._over = False

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or the `Interrupted` that breaks the body off."""
        seconds, chunk = self.due(within)
        if self._clock is not None and seconds:
            self._clock.sleep(seconds)
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        if not self._over:
            self._give_up(NOT_OPEN)

    def due(self, within: float | None) -> tuple[float, Chunk]:
        """What a read returns, and after how many seconds; one that would take too long gives up the rest."""
        for chunk, delay in self._chunks:
            if self._clock is not None and within is not None and delay > within:
                self._give_up(Failure(TOO_LATE))
                return within, self._end
            if chunk:
                return delay, Success(chunk)
            self._over = True
            return delay, self._end
        self._over = True
        return 0.0, self._end

    def _give_up(self, end: Chunk) -> None:
        self._over = True
        self._chunks = iter(())
        self._end = end


class AsyncChunkwiseBody:
    """The same, for an event loop."""

    def __init__(self, response: StreamedResponse, clock: Clock | None = None) -> None:
        self._body = ChunkwiseBody(response, clock)
        self._clock = clock
        self.answer = self._body.answer

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or the `Interrupted` that breaks the body off."""
        seconds, chunk = self._body.due(within)
        if self._clock is not None and seconds:
            await self._clock.sleep_async(seconds)
        return chunk

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._body.close()


def _timed(response: StreamedResponse) -> list[tuple[bytes, float]]:
    """The chunks that have bytes, each with the seconds before it; and the end, as no bytes, where it took time."""
    delays = response.delays or (0.0,) * len(response.chunks)
    timed: list[tuple[bytes, float]] = []
    waiting = 0.0
    for chunk, delay in zip(response.chunks, delays, strict=False):
        waiting += delay
        if chunk:
            timed.append((chunk, waiting))
            waiting = 0.0
    waiting += sum(delays[len(response.chunks) :])
    return [*timed, (b"", waiting)] if waiting else timed
