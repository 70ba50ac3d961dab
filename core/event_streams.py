"""A response as a stream of events, followed to its end.

Law: every event comes once and in order, or the stream ends with an error. A stream that breaks off is opened again
after the last event that came, if the response was created with `background` and its events are numbered; events that
a replay repeats are dropped. An event without a number among others that have one (a sign of life, say) marks no place
in the stream. Where the service refuses the replay, the response is waited for, and its end given as the event that
stands for it. Any other stream that breaks off ends with the error that broke it.

https://platform.openai.com/docs/guides/streaming-responses
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from msgspec import UNSET, Struct, UnsetType, structs
from returns.result import Failure, Result

from ..codecs.errors import DecodeError
from ..codecs.lossless import to_plain
from ..codecs.plain import is_mapping
from ..codecs.response import Response
from ..codecs.response_events import ResponseCompletedEvent, ResponseFailedEvent, ResponseIncompleteEvent
from ..codecs.stream_decoder import StreamDecoder, StreamError
from ..codecs.wire import Kept, Unknown
from .arguments import check_id, check_include, path_segment, refused
from .create import CreateArguments, Json, create_request
from .delays import delay
from .errors import ApiError, Error, Interrupted, InvalidArgument
from .following import Following, follow
from .http import HttpRequest, HttpResponse, Pairs
from .receive import api_error
from .requests import ExtraHeaders, ExtraQuery, include_query, with_extras
from .retry import RetryPolicy, backoff, check_policy
from .steps import Answer, fail
from .streams import END, Emit, Open, Perform, Piece, Read, Stream
from .wait import WaitPolicy, check_wait_policy, wait_for_response

if TYPE_CHECKING:
    from ..codecs.create import StreamOptions
    from ..codecs.events import StreamEvent

RESUMPTION = RetryPolicy(max_retries=5)
"""How a stream that breaks off is opened again, where the caller does not say."""

FALLBACK = WaitPolicy(deadline=600.0)
"""How long a response is waited for whose replay is refused, where the caller does not say."""

_EVENT_STREAM: Pairs = (("Accept", "text/event-stream"),)
_OF_THE_CREATION = frozenset({"content-type", "idempotency-key"})
_OK = 200


def stream_response(
    *,
    stream_options: StreamOptions | Json | UnsetType | None = UNSET,
    resumption: RetryPolicy = RESUMPTION,
    fallback: WaitPolicy | None = FALLBACK,
    **arguments: Unpack[CreateArguments],
) -> Stream[StreamEvent]:
    """Create a response, and give its events as they arrive.

    Args:
        stream_options: What the events are to hold, such as `include_obfuscation`.
        resumption: How often in a row, and after which delays, a background stream that breaks off is opened again
            without bringing anything new.
        fallback: How the response is waited for where the service refuses to replay its events; None gives up.
        **arguments: Those of `create_response`.

    The last event is `response.completed`, `response.failed` or `response.incomplete`. A response that was waited for
    and found cancelled ends with an `Unknown` event of type `response.cancelled`, as the service has none. `collect`
    makes an operation of the stream, and `response_so_far` a response of its events.

    Errors: those of `create_response`; `Interrupted` for a stream that broke off for good; `ApiError` for an error
    that the service sends in mid-stream; `DecodeError` for an event that is not understood; `WaitExpired`.
    https://platform.openai.com/docs/api-reference/responses-streaming
    """
    request = _check(resumption, fallback) or create_request(arguments, stream=True, stream_options=stream_options)
    if isinstance(request, InvalidArgument):
        return fail(request)
    include = arguments.get("include")
    following = _following(
        None,
        resumption,
        fallback,
        include=None if include is UNSET else include,
        include_obfuscation=_obfuscation(stream_options),
        extra_headers=arguments.get("extra_headers"),
        extra_query=arguments.get("extra_query"),
        timeout=arguments.get("timeout"),
    )
    return fail(following) if isinstance(following, InvalidArgument) else Open(request, ReceiveStream(following))


def resume_stream(
    response_id: str,
    *,
    starting_after: int | None = None,
    include: Sequence[str] | None = None,
    include_obfuscation: bool | None = None,
    resumption: RetryPolicy = RESUMPTION,
    fallback: WaitPolicy | None = FALLBACK,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    timeout: float | None = None,
) -> Stream[StreamEvent]:
    """Give the events of a background response that was created to be streamed, from the first or after another.

    Args:
        response_id: The id of the response.
        starting_after: The `sequence_number` after which to go on, 0 or more; None begins with the first event.
        include: What to add to the events, as for `retrieve_response`.
        include_obfuscation: False leaves out the padding that hides how long a delta is.
        resumption: As for `stream_response`.
        fallback: As for `stream_response`: also where the very first replay is refused because it comes too late.
        extra_headers: Headers that go before the library's and the transport's; no credentials.
        extra_query: Query parameters; no credentials.
        timeout: Seconds of silence after which a request is given up, in place of the transport's.

    Errors: those of `stream_response`; `ApiError` 404 for an unknown id.
    https://platform.openai.com/docs/guides/background#streaming-a-background-response
    """
    invalid = (
        check_id("response_id", response_id)
        or _check_number(starting_after)
        or check_include("include", include)
        or _check_flag(include_obfuscation)
        or _check(resumption, fallback)
    )
    if invalid is not None:
        return fail(invalid)
    following = _following(
        response_id,
        resumption,
        fallback,
        include=include,
        include_obfuscation=include_obfuscation,
        extra_headers=extra_headers,
        extra_query=extra_query,
        timeout=timeout,
    )
    if isinstance(following, InvalidArgument):
        return fail(following)
    return _reopen(structs.replace(following, after=starting_after))


class ReceiveStream(Struct, frozen=True, tag=True):
    """Receives the answer to the creation of a streamed response."""

    following: Following

    def __call__(self, answer: Answer) -> Stream[StreamEvent]:
        if isinstance(answer, Failure):
            return fail(answer.failure())
        response = answer.unwrap()
        if not response.is_success:
            return fail(api_error(response))
        return _begun(self.following, response)


class ReceiveReplay(Struct, frozen=True, tag=True):
    """Receives the answer to a request to replay the events after those that came."""

    following: Following

    def __call__(self, answer: Answer) -> Stream[StreamEvent]:
        if isinstance(answer, Failure):
            return _broken(self.following, answer.failure())
        response = answer.unwrap()
        if response.is_success:
            return _begun(self.following, response)
        error = api_error(response)
        return _broken(self.following, error) if error.retryable else _refused(self.following, error)


class ReadEvents(Struct, frozen=True, tag=True):
    """Receives the next piece of the stream."""

    following: Following
    decoder: StreamDecoder

    def __call__(self, piece: Piece) -> Stream[StreamEvent]:
        if isinstance(piece, Failure):
            return END if self.following.ended else _broken(self.following, piece.failure())
        data = piece.unwrap()
        if not data:
            early = Interrupted("truncated", "the stream of events ended before the response did")
            return END if self.following.ended else _broken(self.following, early)
        decoder, events = self.decoder.feed(data)
        following, fresh = follow(self.following, events)
        rest: Stream[StreamEvent] = Read(ReadEvents(following, decoder))
        if decoder.error is not None:
            rest = fail(_error(decoder.error, following.request_id))
        elif decoder.done:
            rest = END
        return Emit(fresh, rest) if fresh else rest


class Resume(Struct, frozen=True, tag=True):
    """Opens the stream again, once the wait before it is over."""

    following: Following

    def __call__(self, waited: Result[float, Error]) -> Stream[StreamEvent]:
        return _reopen(self.following)


class GiveEnd(Struct, frozen=True, tag=True):
    """Receives the response that was waited for, and gives its end as an event."""

    def __call__(self, result: Result[Response, Error]) -> Stream[StreamEvent]:
        return fail(result.failure()) if isinstance(result, Failure) else Emit((_end_event(result.unwrap()),), END)


def _begun(following: Following, response: HttpResponse) -> Stream[StreamEvent]:
    request_id = response.header("x-request-id")
    return Read(ReadEvents(structs.replace(following, request_id=request_id), StreamDecoder()))


def _broken(following: Following, error: Error) -> Stream[StreamEvent]:
    """Go on with a stream that broke off: by opening it again, if that can be and can help."""
    policy = following.resumption
    resumable = following.response_id is not None and (following.after is not None or not following.begun)
    if not resumable or not error.retryable or following.failures >= policy.max_retries:
        return fail(error)
    pause = backoff(policy, following.failures)
    hint = error.retry_after if isinstance(error, ApiError) else None
    if hint is not None and hint > 0:
        if hint > policy.max_server_delay:
            return fail(error)
        pause = (hint, 0.0)
    return Perform(delay(*pause), Resume(structs.replace(following, failures=following.failures + 1)))


def _refused(following: Following, error: ApiError) -> Stream[StreamEvent]:
    """Go on where a replay is refused for good: by waiting for the response, if that may be.

    A 404 to the very first request is an unknown id; to a later one, it may be the service's passing fault.
    """
    unknown = error.status == 404 and following.failures == 0
    if following.fallback is None or following.response_id is None or unknown:
        return fail(error)
    waited = wait_for_response(following.response_id, following.fallback, include=following.include)
    return Perform(waited, GiveEnd())


def _reopen(following: Following) -> Stream[StreamEvent]:
    query: Pairs = (("stream", "true"),)
    if following.after is not None:
        query += (("starting_after", str(following.after)),)
    request = HttpRequest(
        "GET",
        f"/responses/{path_segment(following.response_id or '')}",
        query + following.query,
        following.headers,
        idempotent=True,
        timeout=following.timeout,
    )
    return Open(request, ReceiveReplay(structs.replace(following, replayed=True)))


def _following(
    response_id: str | None,
    resumption: RetryPolicy,
    fallback: WaitPolicy | None,
    *,
    include: Sequence[str] | None,
    include_obfuscation: bool | None,
    extra_headers: ExtraHeaders | None,
    extra_query: ExtraQuery | None,
    timeout: float | None,
) -> Following | InvalidArgument:
    """Begin to follow a stream. A replay is asked for with what the stream was, or would be, asked for with."""
    query = include_query(include)
    if include_obfuscation is not None:
        query += (("include_obfuscation", "true" if include_obfuscation else "false"),)
    asked = with_extras(HttpRequest("GET", "/", query, _EVENT_STREAM), extra_headers, extra_query, timeout)
    if isinstance(asked, InvalidArgument):
        return asked
    return Following(
        resumption=resumption,
        fallback=fallback,
        headers=tuple(pair for pair in asked.headers if pair[0].lower() not in _OF_THE_CREATION),
        query=asked.query,
        include=tuple(include or ()),
        timeout=asked.timeout,
        response_id=response_id,
    )


def _obfuscation(stream_options: Any) -> bool | None:
    name = "include_obfuscation"
    given = stream_options.get(name) if is_mapping(stream_options) else getattr(stream_options, name, None)
    return given if isinstance(given, bool) else None


def _error(error: StreamError | DecodeError, request_id: str | None) -> Error:
    """An error that the service sends in mid-stream is an `ApiError`, though the status of the answer was 200."""
    if isinstance(error, DecodeError):
        return structs.replace(error, status=_OK, request_id=request_id)
    said = error.body
    return ApiError(
        status=_OK,
        type=said.type,
        code=said.code,
        message=said.message,
        param=said.param,
        request_id=request_id,
        body=error.data,
    )


def _end_event(response: Response) -> StreamEvent:
    match response.status:
        case "completed":
            return ResponseCompletedEvent(response=response)
        case "failed":
            return ResponseFailedEvent(response=response)
        case "incomplete":
            return ResponseIncompleteEvent(response=response)
        case status:
            # The service has no event for this end. The name that it would have is the one that `fold_event` knows.
            return Unknown(raw=Kept({"type": f"response.{status}", "response": to_plain(response)}))


def _check(resumption: Any, fallback: Any) -> InvalidArgument | None:
    return check_policy(resumption) or (None if fallback is None else check_wait_policy(fallback))


def _check_number(value: Any) -> InvalidArgument | None:
    if value is None or (type(value) is int and value >= 0):
        return None
    return refused("starting_after", value, "the sequence_number of an event, an integer of 0 or more, or None")


def _check_flag(value: Any) -> InvalidArgument | None:
    return None if value is None or isinstance(value, bool) else refused("include_obfuscation", value, "a bool or None")
