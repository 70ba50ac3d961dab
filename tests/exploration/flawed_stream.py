"""A seeded bug in a copy of `stream_response`: where a stream that broke off is opened again."""

from __future__ import annotations

from typing import Any

from flawed import Flawed, Outcome
from msgspec import Struct, structs
from returns.result import Failure, Result

from puresponse import (
    END,
    Answer,
    ApiError,
    Chunk,
    DecodeError,
    Emit,
    Error,
    HttpRequest,
    Interrupted,
    Open,
    Pairs,
    Perform,
    Read,
    State,
    Stream,
    StreamDecoder,
    StreamEvent,
    break_off,
    create_request,
    delay,
    sequence_number,
)

ENDS = ("response.completed", "response.failed", "response.incomplete")


class Following(Struct, frozen=True):
    """How far a stream has been followed: of which response, and `after` which number. It breaks off `left` times."""

    response_id: str = ""
    after: int | None = None
    left: int = 5

    def begun(self, events: tuple[StreamEvent, ...]) -> Following:
        """The position behind these events."""
        response: Any = getattr(events[0], "response", None)
        return structs.replace(
            self, response_id=self.response_id or response.id, after=sequence_number(events[-1]), left=5
        )

    def starting_after(self) -> Pairs:
        return () if self.after is None else (("starting_after", str(self.after)),)

    def opened_again(self, error: Error) -> Stream[StreamEvent]:
        """Open the stream again, after a moment; or end with the error."""
        if not self.response_id or not self.left:
            return break_off(error)
        return Perform(delay(0.5), Reopen(structs.replace(self, left=self.left - 1)))


class FollowingFromTheFirst(Following, frozen=True):
    """The same, but for the number 0, which is as false as none."""

    def starting_after(self) -> Pairs:
        return (("starting_after", str(self.after)),) if self.after else ()


class Reopen(Struct, frozen=True):
    """Opens a stream again, once the wait before it is over."""

    following: Following

    def __call__(self, waited: Result[float, Error]) -> Stream[StreamEvent]:
        query = (("stream", "true"), *self.following.starting_after())
        path = f"/responses/{self.following.response_id}"
        return Open(HttpRequest("GET", path, query, idempotent=True), Opened(self.following))


class Opened(Struct, frozen=True):
    """Receives the answer to a request for events."""

    following: Following

    def __call__(self, answer: Answer) -> Stream[StreamEvent]:
        if isinstance(answer, Failure):
            return self.following.opened_again(answer.failure())
        response = answer.unwrap()
        if response.is_success:
            return Read(ReadOn(self.following, StreamDecoder()))
        error = ApiError(status=response.status, headers=response.headers, body=response.body)
        return self.following.opened_again(error) if error.retryable else break_off(error)


class ReadOn(Struct, frozen=True):
    """Receives the next chunk of the events."""

    following: Following
    decoder: StreamDecoder

    def __call__(self, chunk: Chunk) -> Stream[StreamEvent]:
        if isinstance(chunk, Failure):
            return self.following.opened_again(chunk.failure())
        data = chunk.unwrap()
        if not data:
            return self.following.opened_again(Interrupted("truncated", "the events ended before the response did"))
        decoder, events = self.decoder.feed(data)
        if decoder.error is not None:
            return break_off(DecodeError(reason="an event that is none"))
        if not events:
            return Read(ReadOn(self.following, decoder))
        rest: Stream[StreamEvent] = Read(ReadOn(self.following.begun(events), decoder))
        return Emit(events, END if events[-1].type in ENDS else rest)


def streamed(following: Following) -> Stream[StreamEvent]:
    creation = create_request({"model": "gpt-4o-mini", "input": "Tell it slowly.", "background": True}, stream=True)
    return Open(creation.unwrap(), Opened(following))


def repeated_or_missing(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    numbers = [sequence_number(event) for event in emitted]
    again = [number for index, number in enumerate(numbers) if number in numbers[:index]]
    if again:
        return f"the event with number {again[0]} was emitted twice"
    if not isinstance(result, Failure) and numbers != [*range(len(numbers))]:
        return f"the stream has ended well, and emitted the events {numbers}"
    return None


REPEATED_EVENT = Flawed(
    name="a resumption that repeats an event",
    program=streamed(FollowingFromTheFirst()),
    correct=streamed(Following()),
    service=State(),
    claim="Every event is emitted once, or there is an error.",
    broken=repeated_or_missing,
)

FRAMES = (Following, FollowingFromTheFirst, Reopen, Opened, ReadOn)
