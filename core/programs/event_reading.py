"""Reading the events of a response to their end, from one answer or from several.

Law: every event comes once and in order, or the stream ends with an error; `event_position` says how that is judged. A
stream is over with the last event of the response, at once, and what follows it is not read. A body that ends before
that has broken off, whatever ended it.

- A stream that breaks off is opened again after the last event received, if the response was created with `background`
  and its events are numbered.
- After a replay without any event, the response is retrieved: its status says whether it has ended. If it has, the
  stream ends well: with the event for that end, unless the caller asked for what follows an event.
- An answer that is the response itself, in JSON, becomes the event for its end. For one that still runs, and where a
  replay is refused, the response is waited for.
- Where all attempts to open it again are used up, the response is retrieved once, and waited for only if it runs.
- After an error that the service sends in mid-stream, what is received soon after is still read (see `after_error`).

Any other stream that breaks off ends with the error that it broke off with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ...codecs.event_decoder import StreamDecoder, StreamError
from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.server_sent_events import EventStream, Rope, appended, length
from ...codecs.on_demand import public_type
from ...codecs.types.response import Response
from ..arguments import response_path
from ..delays import delay
from ..endpoints.answers import api_error, placed
from ..endpoints.responses import retrieve_response
from ..errors import ApiError, Error, Interrupted
from ..http import HttpRequest, HttpResponse, Pairs
from ..retry_policy import backoff, pause_before
from ..steps import Answer
from ..streams import END, Chunk, Emit, Open, Perform, Read, Stream, break_off
from .after_error import read_after_error
from .answer_kinds import end_event, head_of, kind_of, no_events, response_in, says_events, without_margin
from .event_position import Following, StopReason, ended, failed, follow
from .waiting import wait_for_response

if TYPE_CHECKING:
    from ...codecs.types.events.union import StreamEvent
else:
    StreamEvent = public_type("StreamEvent")

EVENT_STREAM: Pairs = (("Accept", "text/event-stream"),)

_LARGEST = EventStream().limit
"""Bytes of an answer that holds no events, as of one event."""

_OK = 200


class ReceiveStream(Struct, frozen=True, tag=True):
    """Receives the answer to the creation of a streamed response."""

    following: Following

    def __call__(self, answer: Answer) -> Stream[StreamEvent]:
        if isinstance(answer, Failure):
            return break_off(answer.failure())
        response = answer.unwrap()
        return _begun(self.following, response) if response.is_success else break_off(api_error(response))


class ReceiveReplay(Struct, frozen=True, tag=True):
    """Receives the answer to a request to replay the events after those received."""

    following: Following

    def __call__(self, answer: Answer) -> Stream[StreamEvent]:
        if isinstance(answer, Failure):
            return _broke_off(self.following, answer.failure())
        response = answer.unwrap()
        if response.is_success:
            return _begun(self.following, response)
        error = api_error(response)
        return _broke_off(self.following, error) if error.retryable else _refused(self.following, error)


class SniffAnswer(Struct, frozen=True, tag=True):
    """Receives the beginning of an answer whose content type is no event stream, until that shows what it is."""

    following: Following
    answer: HttpResponse
    seen: Rope = ()
    head: bytes = b""

    def __call__(self, chunk: Chunk) -> Stream[StreamEvent]:
        if isinstance(chunk, Failure):
            return _broke_off(self.following, chunk.failure())
        data = chunk.unwrap()
        if not data:
            return _ended_early(self.following, empty=not self.head)
        seen, head = appended(self.seen, data), head_of(self.head + data)
        kind = kind_of(head)
        if kind is None:
            return Read(SniffAnswer(self.following, self.answer, seen, head))
        if kind == "events":
            return ReadEvents(self.following, StreamDecoder())(Success(without_margin(b"".join(seen))))
        return Read(ReadAnswer(self.following, self.answer, seen, kind == "json"))


class ReadAnswer(Struct, frozen=True, tag=True):
    """Receives the rest of an answer that holds no events, and takes it for the response if it is `in_json`."""

    following: Following
    answer: HttpResponse
    seen: Rope
    in_json: bool

    def __call__(self, chunk: Chunk) -> Stream[StreamEvent]:
        data = b"" if isinstance(chunk, Failure) else chunk.unwrap()
        seen = appended(self.seen, data)
        if length(seen) > _LARGEST:
            too_large = DecodeError(reason=f"expected an answer of at most {_LARGEST:,} bytes, got a larger one")
            return failed(self.following, placed(too_large, self.answer))
        if data:
            return Read(ReadAnswer(self.following, self.answer, seen, self.in_json))
        answer = structs.replace(self.answer, body=b"".join(seen))
        if not self.in_json:
            return failed(self.following, no_events(answer))
        found = response_in(answer)
        if isinstance(found, Response):
            return _in_place_of_events(self.following, found)
        if isinstance(chunk, Failure) and isinstance(found, DecodeError):
            return _broke_off(self.following, chunk.failure())  # in the midst of it
        return failed(self.following, found)


class ReadEvents(Struct, frozen=True, tag=True):
    """Receives the next chunk of the events; `received` is whether this opening has brought one."""

    following: Following
    decoder: StreamDecoder
    received: bool = False

    def __call__(self, chunk: Chunk) -> Stream[StreamEvent]:
        if isinstance(chunk, Failure):
            return _broke_off(self.following, chunk.failure())
        data = chunk.unwrap()
        if not data:
            return _ended_early(self.following, empty=not self.received)
        decoder, events = self.decoder.feed(data)
        following, fresh, stop = follow(self.following, events)
        if stop is not None:
            rest = _stopped(following, stop)
        elif decoder.error is not None:
            rest = _after_decoder_error(following, decoder, decoder.error)
        elif decoder.done:
            rest = _ended_early(following, empty=not (self.received or events))
        else:
            rest = Read(ReadEvents(following, decoder, self.received or bool(events)))
        return Emit(fresh, rest) if fresh else rest


class Resume(Struct, frozen=True, tag=True):
    """Opens the stream again, once the wait before it is over."""

    following: Following

    def __call__(self, waited: Result[float, Error]) -> Stream[StreamEvent]:
        return reopen(self.following)


class EmitEnd(Struct, frozen=True, tag=True):
    """Receives the response that was waited for, and emits the event for its end."""

    following: Following

    def __call__(self, result: Result[Response, Error]) -> Stream[StreamEvent]:
        if isinstance(result, Failure):
            return failed(self.following, result.failure())
        end = end_event(result.unwrap())
        return failed(self.following, _RUNS) if end is None else ended(self.following, end)


class EmitEndIfEnded(Struct, frozen=True, tag=True):
    """Receives the response whose stream broke off permanently with `error`; waits for it if it runs."""

    following: Following
    error: Error

    def __call__(self, result: Result[Response, Error]) -> Stream[StreamEvent]:
        if isinstance(result, Failure):
            return failed(self.following, self.error)
        return _in_place_of_events(self.following, result.unwrap())


class JudgeEmpty(Struct, frozen=True, tag=True):
    """Receives the response of which a replay brought no events."""

    following: Following

    def __call__(self, result: Result[Response, Error]) -> Stream[StreamEvent]:
        if isinstance(result, Failure):
            return _broke_off(self.following, result.failure())
        end = end_event(result.unwrap())
        if end is None:
            return _broke_off(self.following, _TRUNCATED)
        asked_after_it = not self.following.begun and self.following.after is not None
        return END if asked_after_it else ended(self.following, end)


_TRUNCATED = Interrupted("truncated", "the stream of events ended before the response did")
_RUNS = Interrupted("truncated", "the response was given in place of its events, and has not ended")


def reopen(following: Following) -> Stream[StreamEvent]:
    """Request the events after the last one received."""
    query: Pairs = (("stream", "true"),)
    if following.after is not None:
        query += (("starting_after", str(following.after)),)
    path = response_path(following.response_id or "")
    request = HttpRequest("GET", path, query + following.query, EVENT_STREAM, idempotent=True)
    return Open(request, ReceiveReplay(structs.replace(following, replayed=True, floor=following.after)))


def _begun(following: Following, answer: HttpResponse) -> Stream[StreamEvent]:
    following = structs.replace(following, request_id=answer.header("x-request-id"))
    return Read(ReadEvents(following, StreamDecoder()) if says_events(answer) else SniffAnswer(following, answer))


def _broke_off(following: Following, error: Error) -> Stream[StreamEvent]:
    """Go on with a stream that broke off: by opening it again, if that can be and can help."""
    hint = error.retry_after if isinstance(error, ApiError) else None
    pause = pause_before(following.resumption, following.failures, hint)
    if pause is None or not following.can_be_resumed or not error.retryable:
        return failed(following, error)
    if following.failures >= following.resumption.max_retries:
        if following.fallback is None:
            return failed(following, error)
        return _retrieved(following, EmitEndIfEnded(following, error))
    return Perform(delay(*pause), Resume(structs.replace(following, failures=following.failures + 1)))


def _ended_early(following: Following, *, empty: bool) -> Stream[StreamEvent]:
    """Go on after a body that ended before the response did."""
    if empty and following.replayed:
        return _retrieved(following, JudgeEmpty(following))
    return _broke_off(following, _TRUNCATED)


def _refused(following: Following, error: ApiError) -> Stream[StreamEvent]:
    """Go on where a replay is refused permanently: by waiting for the response, if it may be waited for.

    A 404 to the very first request is an unknown id; to a later one, it may be a transient fault of the service.
    """
    unknown = error.status == 404 and not following.begun and following.failures == 0
    return failed(following, error) if unknown else _waited_for(following, error)


def _in_place_of_events(following: Following, response: Response) -> Stream[StreamEvent]:
    """Emit the end of a response that was received in place of its events, or wait for it."""
    end = end_event(response)
    if end is not None:
        return ended(following, end)
    following = structs.replace(following, response_id=following.response_id or response.id)
    return _waited_for(following, _RUNS, response)


def _waited_for(following: Following, error: Error, response: Response | None = None) -> Stream[StreamEvent]:
    """Wait for the response, or fail with `error` where nothing is to be waited for.

    A `response` that was received a moment ago is not asked for again at once.
    """
    if following.fallback is None or following.response_id is None:
        return failed(following, error)
    waited = wait_for_response(response or following.response_id, following.fallback, include=following.include)
    return Perform(waited, EmitEnd(following))


def _retrieved(following: Following, judge: EmitEndIfEnded | JudgeEmpty) -> Stream[StreamEvent]:
    """Retrieve the response, once."""
    return Perform(retrieve_response(following.response_id or "", include=following.include), judge)


def _stopped(following: Following, stop: StopReason) -> Stream[StreamEvent]:
    if isinstance(stop, DecodeError):
        return failed(following, structs.replace(stop, status=_OK, request_id=following.request_id))
    if stop == "ended":
        return END
    pause = backoff(following.resumption, following.failures)
    return Perform(delay(*pause), Resume(following))


def _after_decoder_error(
    following: Following, decoder: StreamDecoder, error: StreamError | DecodeError
) -> Stream[StreamEvent]:
    """Go on after an error of the decoder.

    An error that the service sends in mid-stream is an `ApiError`, though the status of the answer was 200.
    """
    if isinstance(error, DecodeError):
        return failed(following, structs.replace(error, status=_OK, request_id=following.request_id))
    body = error.body
    api_error = ApiError(
        status=_OK,
        type=body.type,
        code=body.code,
        message=body.message,
        param=body.param,
        request_id=following.request_id,
        body=error.data,
    )
    return read_after_error(following, api_error, decoder, (), None)
