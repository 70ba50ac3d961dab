"""The transport of a run that is observed: it reports each attempt, and asks the driver's own transport.

Law: it opens bodies as the driver would, and its calls can be given up where those of that transport can. What it is
given are requests that `watching` has marked; they are handed on as they were. Whatever an observer raises, no body
stays open.
"""

from __future__ import annotations

from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any

from returns.result import Result, Success

from ..core.errors import Error
from ..core.http import HttpRequest, HttpResponse
from ..core.results import is_failure
from ..core.steps import Answer
from ..core.streams import Chunk
from .bodies import open_body, open_body_async
from .contract import AbandonableTransport, AsyncBody, AsyncTransport, Body, Exchange, Transport
from .mistakes import awaitable_of, result_of
from .run_events import AttemptAnswered, AttemptBegan, AttemptRaised, BodyEnded, Branch

if TYPE_CHECKING:
    from .watching import WatchedRun


class Attempt:
    """One attempt at a request, which has been reported; what is raised within it is reported."""

    def __init__(self, run: WatchedRun, began: AttemptBegan) -> None:
        self._run = run
        self._began = began
        self.request = began.request

    def __enter__(self) -> Attempt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            run = self._run
            run.report(AttemptRaised(run=run.number, elapsed=run.elapsed(), attempt=self._began, exception=error))

    def answered(self, answer: Answer) -> None:
        """Report what the transport returned."""
        run = self._run
        if not is_failure(answer) and answer.unwrap().is_success:
            run.settle(self.request)
        run.report(AttemptAnswered(run=run.number, elapsed=run.elapsed(), attempt=self._began, answer=answer))

    def ended(self, size: int, chunks: int, *, is_whole: bool, error: Error | None) -> None:
        """Report how the body ended that was opened."""
        run = self._run
        ended = BodyEnded(
            run=run.number,
            elapsed=run.elapsed(),
            attempt=self._began,
            size=size,
            chunks=chunks,
            is_whole=is_whole,
            error=error,
        )
        run.report(ended)


class Marked(HttpRequest, frozen=True, kw_only=True):
    """What an observed run sends: the `request`, and the run and the branch that send it."""

    request: HttpRequest
    by: WatchedRun
    branch: Branch


def original_of(marked: Any) -> HttpRequest:
    """The request as it was, of one that an observed run has marked."""
    request: HttpRequest = marked.request
    return request


def attempt_of(marked: Any, *, opens: bool = False) -> Attempt:
    """Report that a request is about to be sent, which an observed run has marked."""
    run: WatchedRun = marked.by
    return run.attempt(marked.request, marked.branch, opens=opens)


def watched(transport: Transport) -> Transport:
    """The transport of an observed run, around the one that it is given."""
    if isinstance(transport, AbandonableTransport):
        return WatchedAbandonableTransport(transport)
    return WatchedTransport(transport)


class WatchedTransport:
    """Reports attempts through a blocking transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def __call__(self, request: HttpRequest) -> Answer:
        with attempt_of(request) as attempt:
            answer = result_of("run", self._transport, self._transport(attempt.request))
        attempt.answered(answer)
        return answer

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Open the body as a driver does."""
        with attempt_of(request, opens=True) as attempt:
            opened = open_body(self._transport, attempt.request)
        if is_failure(opened):
            attempt.answered(opened)
            return opened
        body = opened.unwrap()
        try:
            attempt.answered(Success(body.answer))
        except BaseException:
            body.close()
            raise
        return Success(WatchedBody(body, attempt)) if body.answer.is_success else opened


class WatchedAbandonableTransport(WatchedTransport):
    """The same of a transport whose calls can be given up."""

    def __init__(self, transport: AbandonableTransport) -> None:
        super().__init__(transport)
        self._abandonable = transport

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that reports the attempt when it is performed."""
        return WatchedExchange(self._abandonable, request)


class WatchedExchange:
    """An exchange that can be given up, reported by the thread that performs it."""

    def __init__(self, transport: AbandonableTransport, marked: HttpRequest) -> None:
        self._transport = transport
        self._marked = marked
        self._exchange = transport.begin(original_of(marked))
        self._lock = Lock()
        self._is_told = False

    def result(self) -> Answer:
        """Perform the exchange, and report it; whoever asks again gets the same."""
        with self._lock:
            is_told, self._is_told = self._is_told, True
        if is_told:
            return self._exchange.result()
        with attempt_of(self._marked) as attempt:
            answer = result_of("run", self._transport, self._exchange.result())
        attempt.answered(answer)
        return answer

    def give_up(self) -> None:
        """End it now."""
        self._exchange.give_up()


class WatchedAsyncTransport:
    """Reports attempts through an asynchronous transport."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def __call__(self, request: HttpRequest) -> Answer:
        with attempt_of(request) as attempt:
            awaitable = awaitable_of("run_async", self._transport, self._transport(attempt.request))
            answer = result_of("run_async", self._transport, await awaitable)
        attempt.answered(answer)
        return answer

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Open the body as a driver does."""
        with attempt_of(request, opens=True) as attempt:
            opened = await open_body_async(self._transport, attempt.request)
        if is_failure(opened):
            attempt.answered(opened)
            return opened
        body = opened.unwrap()
        try:
            attempt.answered(Success(body.answer))
        except BaseException:
            await body.close()
            raise
        return Success(WatchedAsyncBody(body, attempt)) if body.answer.is_success else opened


class Received:
    """What was received of a body that is watched, until it ends."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._size = 0
        self._chunks = 0
        self._is_over = False

    def count(self, chunk: Chunk) -> None:
        """Count a chunk; report the end, where it is that."""
        if is_failure(chunk):
            self.end(error=chunk.failure())
        elif data := chunk.unwrap():
            self._size += len(data)
            self._chunks += 1
        else:
            self.end(is_whole=True)

    def end(self, *, is_whole: bool = False, error: Error | None = None) -> None:
        """Report the end, once."""
        if not self._is_over:
            self._is_over = True
            self._attempt.ended(self._size, self._chunks, is_whole=is_whole, error=error)


class WatchedBody:
    """A body that reports when it has ended."""

    def __init__(self, body: Body, attempt: Attempt) -> None:
        self.answer = body.answer
        self._body = body
        self._received = Received(attempt)

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk of the body."""
        chunk = self._body.read(within)
        self._received.count(chunk)
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Close the body."""
        self._body.close(within)
        self._received.end()


class WatchedAsyncBody:
    """The same in an event loop."""

    def __init__(self, body: AsyncBody, attempt: Attempt) -> None:
        self.answer = body.answer
        self._body = body
        self._received = Received(attempt)

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk of the body."""
        chunk = await self._body.read(within)
        self._received.count(chunk)
        return chunk

    async def close(self, within: float = 0.0) -> None:
        """Close the body."""
        await self._body.close(within)
        self._received.end()
