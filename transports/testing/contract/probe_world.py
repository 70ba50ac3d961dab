"""The world that hosts are checked in: a clock that takes no time, a transport that keeps a record, what it carries.

What it carries is all that a host might be tempted to tidy up, to judge, to follow or to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ....codecs.lossless.errors import DecodeError
from ....core.errors import ApiError, Error, Interrupted, InvalidArgument, NoRecording, NotSent, WaitExpired
from ....core.http import HttpRequest, HttpResponse
from ....core.results import is_failure
from ....core.steps import Answer
from ....core.streams import Chunk
from ...clock import Clock, VirtualClock
from ...contract import Body, Transport

ODD_REQUESTS = (
    HttpRequest("GET", "/responses/a%2Fb", (("include[]", "x"), ("after", "a b&c"), ("include[]", "y"))),
    HttpRequest("POST", "/responses", (), (("X-1", "1"), ("X-1", "é"), ("x-1", "")), b'{"model":"m"}'),
    HttpRequest("POST", "/responses/resp_1/cancel", body=b"", idempotent=True),
    HttpRequest("DELETE", "/responses/resp_1", idempotent=True, timeout=2.5),
    HttpRequest("DELETE", "/responses/resp_1", idempotent=True, timeout=2.5),
    HttpRequest("POST", "/bytes", body=bytes(range(256))),
)
"""Requests that a host may not tidy up."""

RESPONSES = (
    *(HttpResponse(status=status) for status in (200, 204, 304, 404)),
    HttpResponse(status=299, headers=(("X-Twice", "1"), ("x-twice", "2")), body=bytes(range(256))),
    HttpResponse(status=404, body=b'{"error":{"message":"not found"}}', after_interruption=True),
    *(
        HttpResponse(status=status, headers=(("Retry-After", "0"), ("x-should-retry", "true")), body=b"{}")
        for status in (408, 409, 429, 500, 502, 503)
    ),
    *(HttpResponse(status=status, headers=(("Location", "/elsewhere"),)) for status in (301, 302, 307, 308)),
)
"""Answers that a host may not judge, follow, or repeat."""

ERRORS: tuple[Error, ...] = (
    InvalidArgument("base_url", "given ''; allowed is a URL"),
    NotSent("refused", "nobody listens"),
    Interrupted("read_timeout", "no answer for 30 seconds"),
    ApiError(status=429, code="rate_limit_exceeded", retry_after=0.0, body=b"{}"),
    DecodeError(status=200, reason="not JSON", body=b"\xff"),
    WaitExpired(elapsed=1.5, polls=2),
    NoRecording(request=HttpRequest("GET", "/responses/resp_1"), differences=("path",)),
)
"""One error of each kind."""


def ok(request: HttpRequest) -> Answer:
    """An answer that says what was asked."""
    return Success(HttpResponse(status=200, headers=(("X-Path", request.path),), body=request.path.encode()))


def get(path: str) -> HttpRequest:
    """A request that reads."""
    return HttpRequest("GET", path, idempotent=True)


class Always(Struct, frozen=True):
    """Answers every request alike."""

    answer: Answer

    def __call__(self, request: HttpRequest) -> Answer:
        return self.answer


class SuiteClock(VirtualClock):
    """A virtual clock that lets the event loop go on while it sleeps; once `stopped`, a task sleeps for ever.

    `blocking` lists the sleeps that would have blocked the thread, in seconds.
    """

    def __init__(self, *, now: float = 0.0, chance: float = 0.0) -> None:
        super().__init__(now=now, chance=chance)
        self.blocking: list[float] = []
        self.stopped = False

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`."""
        self.blocking.append(seconds)
        super().sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let others run, and move the time on by `seconds`."""
        import asyncio

        if self.stopped:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        super().sleep(seconds)


class OpensNothing(Struct, frozen=True):
    """A transport that performs exchanges, and is not asked to open a body."""

    transport: Transport

    def __call__(self, request: HttpRequest) -> Answer:
        return self.transport(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Fail."""
        return Failure(NotSent("invalid_request", "an operation opens no body"))


class World:
    """A transport that answers as a law says, and notes each request, its time, and how many bodies were open then.

    `lasting` is how many seconds an exchange takes. `chunks` are those of every body that is opened.
    """

    def __init__(
        self,
        clock: Clock,
        answers: Callable[[HttpRequest], Answer] = ok,
        *,
        lasting: float = 0.0,
        chunks: Sequence[Chunk] = (Success(b"all of it"),),
        status: int = 200,
    ) -> None:
        self.requests: list[HttpRequest] = []
        self.times: list[float] = []
        self.open_then: list[int] = []
        self.bodies: list[Tap] = []
        self._clock = clock
        self._answers = answers
        self._lasting = lasting
        self._chunks = chunks
        self._status = status

    def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange; for a path that begins with `/body`, of a body as it would be opened."""
        self._note(request)
        if request.path.startswith("/body"):
            return self._whole()
        return self._answers(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Open a body; for a path that does not begin with `/body`, fail as an exchange does."""
        self._note(request)
        if request.path.startswith("/body"):
            self.bodies.append(Tap(self._status, self._chunks))
            return Success(self.bodies[-1])
        answer = self._answers(request)
        if isinstance(answer, Failure):
            return answer
        response = answer.unwrap()
        is_open = response.is_success
        tap = Tap(response.status, (Success(response.body),) if is_open and response.body else ())
        tap.answer = replace(response, body=b"") if is_open else response
        self.bodies.append(tap)
        return Success(tap)

    @property
    def paths(self) -> list[str]:
        """The paths of the requests so far."""
        return [request.path for request in self.requests]

    @property
    def open_bodies(self) -> int:
        """How many bodies were opened and not closed."""
        return sum(not body.closed for body in self.bodies)

    def _note(self, request: HttpRequest) -> None:
        self.requests.append(request)
        self.times.append(self._clock.monotonic())
        self.open_then.append(self.open_bodies)
        if self._lasting and isinstance(self._clock, VirtualClock):
            self._clock.now += self._lasting
        elif self._lasting:
            self._clock.sleep(self._lasting)

    def _whole(self) -> Answer:
        broken = next((chunk for chunk in self._chunks if is_failure(chunk)), None)
        if broken is not None:
            return broken
        return Success(HttpResponse(status=self._status, body=b"".join(chunk.unwrap() for chunk in self._chunks)))


class Tap:
    """A body in chunks, that counts how often it was read and notes for how long, and with what time it was closed."""

    def __init__(self, status: int, chunks: Sequence[Chunk]) -> None:
        self.answer = HttpResponse(status=status)
        self.reads = 0
        self.times: list[float | None] = []
        self.closings: list[float] = []
        self.read_after_closing = False
        self._chunks = list(chunks)

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return bool(self.closings)

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end."""
        self.reads += 1
        self.times.append(within)
        self.read_after_closing = self.read_after_closing or self.closed
        return self._chunks.pop(0) if self._chunks else Success(b"")

    def close(self, within: float = 0.0) -> None:
        """Note it."""
        self.closings.append(within)
