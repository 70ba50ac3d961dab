"""A service that streams a response, for tests: what it sends, and how its streams break off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from msgspec import json
from returns.result import Failure, Result, Success

from puresponse.codecs import decode_stream_event
from puresponse.core import (
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    RetryPolicy,
    Stream,
    resume_stream,
    stream_response,
)
from puresponse.core.errors import about_response
from puresponse.core.programs.wait_policy import WaitPolicy
from puresponse.transports import Body, VirtualClock, iterate
from puresponse.transports.bodies import WholeBody

Chunks: TypeAlias = tuple[bytes | Error, ...]
"""A body in chunks, and perhaps how it breaks off."""

RESET = Interrupted("reset", "cut off")
TRUNCATED = Interrupted("truncated", "the stream of events ended before the response did")
LOST = NotSent("dns", "no such host")
EVEN = RetryPolicy(max_retries=3, jitter=0.0)
"""Openings after 0.5, 1 and 2 seconds."""
WAIT = WaitPolicy(deadline=60.0, initial_delay=1.0, factor=2.0, jitter=0.0, grace=10.0)


def response(status: str = "in_progress", *, background: bool = True, **fields: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "output": [],
        "background": background,
    }
    return {**base, "status": status, **fields}


def data_of(type_: str, number: int | None, **fields: object) -> bytes:
    numbered = {} if number is None else {"sequence_number": number}
    return json.encode({"type": type_, **numbered, **fields})


def sent(data: bytes) -> bytes:
    """An event on the wire."""
    return b"event: message\ndata: " + data + b"\n\n"


def delta(number: int | None, text: str = "x") -> bytes:
    return data_of("response.output_text.delta", number, item_id="m", output_index=0, content_index=0, delta=text)


def life(*, background: bool = True, numbered: bool = True, deltas: int = 6) -> list[bytes]:
    """The data of all events of a response, from its creation to its completion."""
    numbers = iter(range(deltas + 3) if numbered else [None] * (deltas + 3))
    events = [
        data_of("response.created", next(numbers), response=response("queued", background=background)),
        data_of("response.in_progress", next(numbers), response=response(background=background)),
    ]
    events += [delta(next(numbers), f"{index} ") for index in range(deltas)]
    return [*events, data_of("response.completed", next(numbers), response=response("completed"))]


LIFE = life()


def wire(events: Sequence[bytes]) -> bytes:
    return b"".join(map(sent, events))


def typed(events: Sequence[bytes]) -> list[Any]:
    return [decode_stream_event(data).unwrap() for data in events]


def refusal(status: int, message: str = "no", **headers: str) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        body=json.encode({"error": {"message": message, "type": "invalid_request_error"}}),
    )


TOO_OLD = refusal(400, "This response can no longer be streamed because it is more than 5 minutes old")


class ChunkedBody:
    """A body that comes in chunks, and perhaps breaks off."""

    def __init__(self, chunks: Chunks) -> None:
        self.answer = HttpResponse(status=200, headers=(("x-request-id", "req_1"),))
        self._chunks = list(chunks)
        self.closed = 0

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        chunk = self._chunks.pop(0) if self._chunks else b""
        return Success(chunk) if isinstance(chunk, bytes) else Failure(chunk)

    def close(self, within: float | None = None) -> None:
        self.closed += 1

    @property
    def left(self) -> int:
        """How many chunks were not read."""
        return len(self._chunks)


class Service:
    """Answers the openings and the polls in turn, the last of each again and again."""

    def __init__(
        self,
        *openings: Chunks | HttpResponse | Error,
        polls: Sequence[HttpResponse | Error] = (),
        clock: VirtualClock | None = None,
    ) -> None:
        self.openings = list(openings)
        self.polls = list(polls)
        self.clock = clock or VirtualClock()
        self.opened: list[HttpRequest] = []
        self.polled: list[HttpRequest] = []
        self.bodies: list[ChunkedBody] = []

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        answer = self.openings[min(len(self.opened), len(self.openings) - 1)]
        self.opened.append(request)
        if isinstance(answer, tuple):
            self.bodies.append(ChunkedBody(answer))
            return Success(self.bodies[-1])
        return Success(WholeBody(answer)) if isinstance(answer, HttpResponse) else Failure(answer)

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        answer = self.polls[min(len(self.polled), len(self.polls) - 1)]
        self.polled.append(request)
        return Success(answer) if isinstance(answer, HttpResponse) else Failure(answer)

    def given(self, stream: Stream[Any]) -> list[Any]:
        return list(iterate(stream, self, clock=self.clock, results=True))

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(request.query) for request in self.opened]


def created(**arguments: Any) -> Stream[Any]:
    """A response that is streamed in the background, and resumed without chance."""
    given: dict[str, Any] = {"model": "m", "input": "hi", "background": True, "resumption": EVEN, "fallback": WAIT}
    return stream_response(**{**given, **arguments})


def resumed(**arguments: Any) -> Stream[Any]:
    given: dict[str, Any] = {"response_id": "resp_1", "resumption": EVEN, "fallback": WAIT}
    return resume_stream(**{**given, **arguments})


def error_in(given: Sequence[Any]) -> Any:
    last: Failure[Any] = given[-1]
    return last.failure()


def about(error: Error) -> Failure[Error]:
    """The last value of a stream of `resp_1` that ends with `error`."""
    return Failure(about_response(error, "resp_1"))
