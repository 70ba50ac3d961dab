"""A response as a stream of events: the request for it, and the request for a replay.

Law: the stream emits every event once and in order, or ends in an error (see `event_reading`). A replay is requested
with all that the stream was requested with, but for what belongs to the creation alone (`configured` says what does).

https://platform.openai.com/docs/guides/streaming-responses
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from msgspec import UNSET, UnsetType, structs

from ...codecs.lossless.plain import is_mapping
from ...codecs.on_demand import public_type
from ..arguments import check_id, check_include, invalid_argument
from ..combinators.additions import RequestOptions
from ..combinators.configuring import with_options
from ..endpoints.create import creation
from ..endpoints.create_arguments import CreateArguments, JsonMapping
from ..endpoints.keywords import options_of, show_keywords, show_options
from ..endpoints.request_options import include_query
from ..errors import InvalidArgument
from ..retry_policy import RetryPolicy, check_policy
from ..streams import Open, Stream, break_off
from .event_position import Following
from .event_reading import ReceiveStream, reopen
from .wait_policy import WaitPolicy, check_wait_policy

if TYPE_CHECKING:
    from ...codecs.types.create import StreamOptions
    from ...codecs.types.events.union import StreamEvent
else:
    StreamOptions = public_type("StreamOptions")
    StreamEvent = public_type("StreamEvent")

RESUMPTION = RetryPolicy(max_retries=5)
"""How a stream that breaks off is opened again, by default."""

FALLBACK = WaitPolicy(deadline=600.0)
"""How long a response is waited for whose events are not received, by default."""


def stream_response(
    *,
    stream_options: StreamOptions | JsonMapping | UnsetType | None = UNSET,
    resumption: RetryPolicy = RESUMPTION,
    fallback: WaitPolicy | None = FALLBACK,
    **arguments: Unpack[CreateArguments],
) -> Stream[StreamEvent]:
    """Create a response, and emit its events as they are received.

    Args:
        stream_options: What the events are to hold, such as `include_obfuscation`.
        resumption: How often in a row, and after which delays, a background stream that breaks off is opened again
            without bringing anything new.
        fallback: How the response is waited for where the service refuses to replay its events, answers with the
            running response in their place, or has been asked for them in vain; None ends the stream with the error.
        **arguments: Those of `create_response`.

    The last event is `response.completed`, `response.failed` or `response.incomplete`, and with it the stream is over.
    A response that was waited for and found cancelled ends with an `Unknown` event of type `response.cancelled`, as
    the service has none. `collect` makes an operation of the stream, and `response_so_far` a response of its events.

    Errors: those of `create_response`; `Interrupted` for a stream that broke off permanently; `ApiError` for an error
    that the service sends in mid-stream, with the failed response if that was received soon after; `DecodeError` for an
    event that cannot be decoded, an answer that holds neither events nor the response, and events that are out of
    order, or missing where the last one has no output; `WaitExpired`. Each has the `response_id` as soon as that is
    known.
    https://platform.openai.com/docs/api-reference/responses-streaming

    >>> stream_response(model="gpt-5", input="Say this is a test", background=True).request.body
    b'{"model":"gpt-5","input":"Say this is a test","background":true,"stream":true}'
    """
    request = _check(resumption, fallback) or creation(
        arguments, caller="stream_response", stream=True, stream_options=stream_options
    )
    if isinstance(request, InvalidArgument):
        return break_off(request)
    following = _following(resumption, fallback, arguments.get("include"), _obfuscation(stream_options))
    stream: Stream[StreamEvent] = Open(request, ReceiveStream(following))
    return with_options(stream, options_of({**arguments}), stream_response)


show_keywords(stream_response, CreateArguments)


def resume_stream(
    response_id: str,
    *,
    starting_after: int | None = None,
    include: Sequence[str] | None = None,
    include_obfuscation: bool | None = None,
    resumption: RetryPolicy = RESUMPTION,
    fallback: WaitPolicy | None = FALLBACK,
    **options: Unpack[RequestOptions],
) -> Stream[StreamEvent]:
    """Emit the events of a background response that was created to be streamed, from the first or after another.

    Where none are left after `starting_after`, the stream is empty and ends well.

    Args:
        response_id: The id of the response.
        starting_after: The `sequence_number` after which to go on, 0 or more; None begins with the first event.
        include: What to add to the events, as for `retrieve_response`.
        include_obfuscation: False leaves out the padding that hides how long a delta is.
        resumption: As for `stream_response`.
        fallback: As for `stream_response`: also where the very first replay is refused because it is too late.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `stream_response`; `ApiError` 404 for an unknown id.
    https://platform.openai.com/docs/guides/background#streaming-a-background-response

    >>> resume_stream("resp_1", starting_after=41).request.query
    (('stream', 'true'), ('starting_after', '41'))
    """
    invalid = (
        check_id("response_id", response_id)
        or _check_number(starting_after)
        or check_include("include", include)
        or _check_flag(include_obfuscation)
        or _check(resumption, fallback)
    )
    stream: Stream[StreamEvent]
    if invalid is not None:
        stream = break_off(invalid)
    else:
        following = _following(resumption, fallback, include, include_obfuscation)
        stream = reopen(structs.replace(following, response_id=response_id, background=True, after=starting_after))
    return with_options(stream, options, resume_stream)


def _following(
    resumption: RetryPolicy,
    fallback: WaitPolicy | None,
    include: Sequence[str] | UnsetType | None,
    include_obfuscation: bool | None,
) -> Following:
    """Begin to follow a stream. A replay is asked for with what the stream was, or would be, asked for with."""
    included = () if include is None or include is UNSET else tuple(include)
    query = include_query(included)
    if include_obfuscation is not None:
        query += (("include_obfuscation", "true" if include_obfuscation else "false"),)
    return Following(resumption=resumption, fallback=fallback, query=query, include=included)


def _obfuscation(stream_options: Any) -> bool | None:
    name = "include_obfuscation"
    given = stream_options.get(name) if is_mapping(stream_options) else getattr(stream_options, name, None)
    return given if isinstance(given, bool) else None


def _check(resumption: Any, fallback: Any) -> InvalidArgument | None:
    return check_policy(resumption) or (None if fallback is None else check_wait_policy(fallback))


def _check_number(value: Any) -> InvalidArgument | None:
    if value is None or (type(value) is int and value >= 0):
        return None
    return invalid_argument(
        "starting_after", value, "the sequence_number of an event, an integer of 0 or more, or None"
    )


def _check_flag(value: Any) -> InvalidArgument | None:
    return (
        None
        if value is None or isinstance(value, bool)
        else invalid_argument("include_obfuscation", value, "a bool or None")
    )


show_options(resume_stream)
