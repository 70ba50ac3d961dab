"""Requests and answers as JSON, for a host whose sending half is somewhere else: another process, another language.

Law: what is read is what was written, to the last header and byte; what JSON cannot hold is refused before it is sent.
A body is base64, as JSON has no bytes; a request still names neither server nor credential. An answer is an object with
a `status`, or one with an `error` that names a member of `Error`. Members that are not known are ignored, so that the
other half may know more than this one.

Two things are read in another form: the `last` of a `WaitExpired`, which may be anything, and the `response` of an
`ApiError` are plain JSON when they are read.

>>> from puresponse.core import delete_response
>>> encode_request(delete_response("resp_1").request).unwrap()[:47]
b'{"method":"DELETE","path":"/responses/resp_1","'
>>> decode_answer(b'{"error":"NotSent","kind":"dns","reason":"no such host"}')
<Failure: not sent (dns): no such host>
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from msgspec import Struct, json
from msgspec.structs import astuple
from returns.result import Failure, Result, Success

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import UNREAD, UNWRITTEN, DecodeError, bytes_of, explained
from ..arguments import invalid_argument
from ..errors import ApiError, Error, Interrupted, InvalidArgument, NoRecording, WaitExpired
from ..http import HttpRequest, HttpResponse
from ..steps import Answer

_LEAST_STATUS = 100
_LARGEST_STATUS = 999
"""Three digits (RFC 9110, section 15): what no HTTP server sends, the other half has made up."""

_encode_request = json.Encoder().encode


class _Kind(Struct):
    """What distinguishes an error from a response."""

    error: str | None = None


def build_all() -> None:
    """Build the decoders of this module: for `preload`."""
    for kind in (HttpRequest, HttpResponse, Error, _Kind):
        decoder_of(kind)


def encode_request(request: HttpRequest) -> Result[bytes, Error]:
    """Write `request` as a JSON object with the fields of `HttpRequest`; its body, if any, in base64.

    Errors: `InvalidArgument` for one that no JSON holds: with half a surrogate pair in it, or an infinite timeout.

    >>> encode_request(HttpRequest("DELETE", "/responses/resp_1", idempotent=True)).unwrap()
    b'{"method":"DELETE","path":"/responses/resp_1","query":[],"headers":[],"body":null,...}'
    """
    given: Any = request
    if not isinstance(given, HttpRequest):
        return Failure(invalid_argument("request", given, "an HttpRequest"))
    return _encoded("request", given, _encode_request)


def decode_request(data: bytes) -> Result[HttpRequest, Error]:
    """Read a request that `encode_request` wrote, or another host in its way: what has a default may be left out.

    Errors: `DecodeError` for `data` that is no such JSON.

    >>> decode_request(b'{"method":"GET","path":"/models"}').unwrap()
    HttpRequest(method='GET', path='/models')
    """
    try:
        return Success(decoder_of(HttpRequest)(data))
    except UNREAD as refusal:
        path, reason = explained(refusal, data)
        return Failure(DecodeError(path=path, reason=reason, body=bytes_of(data) or b""))


def encode_answer(answer: Answer) -> Result[bytes, Error]:
    """Write `answer` as a JSON object: the fields of `HttpResponse`, or those of an error with its name in `error`.

    Errors: `InvalidArgument` for one that no JSON holds: with half a surrogate pair, an infinite time, a status that is
    not of three digits, or with values of a caller's own.

    >>> encode_answer(Success(HttpResponse(status=204))).unwrap()
    b'{"status":204,"headers":[],"body":"","after_interruption":false}'
    """
    if not _is_answer(answer):
        return Failure(
            invalid_argument("answer", answer, "a Success of an HttpResponse, or a Failure of one of the errors")
        )
    if isinstance(answer, Failure):
        return _encoded("answer", answer.failure(), encode)
    response = answer.unwrap()
    if type(response.status) is not int or not _LEAST_STATUS <= response.status <= _LARGEST_STATUS:
        return Failure(InvalidArgument("answer", f"given a status of {response.status}; allowed is 100 to 999"))
    return _encoded("answer", response, encode)


def decode_answer(data: bytes) -> Answer:
    """Read an answer that `encode_answer` wrote, or another host in its way: what has a default may be left out.

    Whatever it is, resume with it. `data` that cannot be read is a `Failure` of an `Interrupted` (`protocol`): the
    other half has, or may have, sent the request, and what the server did is not known.

    >>> decode_answer(b'{"status":200,"body":"e30="}').unwrap().body
    b'{}'
    """
    try:
        if decoder_of(_Kind)(data).error is not None:
            return Failure(decoder_of(Error)(data))
        response: HttpResponse = decoder_of(HttpResponse)(data)
    except UNREAD as refusal:
        path, reason = explained(refusal, data)
        return _unreadable(f"{reason} at {path}")
    if not _LEAST_STATUS <= response.status <= _LARGEST_STATUS:
        return _unreadable("Expected a status from 100 to 999 at $.status")
    return Success(response)


def _is_answer(given: Any) -> bool:
    if isinstance(given, _SUCCESS):
        return isinstance(given.unwrap(), HttpResponse)
    return isinstance(given, _FAILURE) and isinstance(given.failure(), Error)


_SUCCESS: Any = Success
_FAILURE: Any = Failure


def _encoded(parameter: str, value: Struct, written: Callable[[Any], bytes]) -> Result[bytes, Error]:
    if not _is_finite(value):
        return Failure(InvalidArgument(parameter, "given one with a number that is not finite; JSON has none"))
    try:
        return Success(written(value))
    except UNWRITTEN as error:
        return Failure(InvalidArgument(parameter, f"given one that JSON cannot hold: {error}"))


def _is_finite(value: Any) -> bool:
    """False where msgspec would write null in place of a number."""
    if isinstance(value, HttpRequest | ApiError | WaitExpired | NoRecording):
        return all(map(_is_finite, astuple(value)))
    return not isinstance(value, float) or isfinite(value)


def _unreadable(reason: str) -> Answer:
    return Failure(Interrupted("protocol", f"the answer that was handed over cannot be read: {reason}"))
