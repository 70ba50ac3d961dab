"""Requests and answers as JSON, for a host whose sending half is somewhere else: another process, another language.

Law: what is read is what was written, to the last header and byte. A body is base64, as JSON has no bytes; a request
still holds neither host nor credential. An answer is an object with a `status`, or one with an `error` that names a
member of `Error`.

>>> from puresponse.core import delete_response
>>> encode_request(delete_response("resp_1").request).unwrap()[:47]
b'{"method":"DELETE","path":"/responses/resp_1","'
>>> decode_answer(b'{"error":"NotSent","kind":"dns","reason":"no such host"}')
<Failure: not sent (dns): no such host>
"""

from __future__ import annotations

from math import isfinite
from typing import Any, TypeVar

from msgspec import Struct, json
from returns.result import Failure, Result, Success

from ..codecs.errors import DecodeError
from ..codecs.lossless import REFUSALS
from .errors import Error, InvalidArgument
from .http import HttpRequest, HttpResponse
from .steps import Answer

T = TypeVar("T")

_encode = json.Encoder(decimal_format="number").encode
_decode_request = json.Decoder(HttpRequest).decode
_decode_response = json.Decoder(HttpResponse).decode
_decode_error = json.Decoder[Error](Error).decode


class _Kind(Struct):
    """What tells an error from a response."""

    error: str | None = None


_decode_kind = json.Decoder(_Kind).decode


def encode_request(request: HttpRequest) -> Result[bytes, Error]:
    """Write a request as a JSON object with the fields of `HttpRequest`; its body, if any, in base64.

    Errors: `InvalidArgument` for one that no JSON holds: with half a surrogate pair in it, or an infinite timeout.
    """
    if request.timeout is not None and not isfinite(request.timeout):
        return Failure(InvalidArgument("request", f"given a timeout of {request.timeout}; allowed is a finite one"))
    return _encoded("request", request)


def decode_request(data: bytes) -> Result[HttpRequest, Error]:
    """Read a request that `encode_request` wrote, or another host in its way: a field may be left out.

    Errors: `DecodeError`.
    """
    try:
        return Success(_decode_request(data))
    except REFUSALS as refusal:
        return Failure(_undecodable(data, refusal))


def encode_answer(answer: Answer) -> Result[bytes, Error]:
    """Write an answer as a JSON object: the fields of `HttpResponse`, or those of an error with its name in `error`.

    Errors: `InvalidArgument` for one that no JSON holds: with half a surrogate pair, or with values of a caller's own.
    """
    return _encoded("answer", answer.failure() if isinstance(answer, Failure) else answer.unwrap())


def decode_answer(data: bytes) -> Answer:
    """Read an answer that `encode_answer` wrote, or another host in its way: what has a default may be left out.

    What cannot be read is a `Failure` too, of a `DecodeError`: resume with it, as the server may have acted.
    """
    try:
        if _decode_kind(data).error is None:
            return Success(_decode_response(data))
        return Failure(_decode_error(data))
    except REFUSALS as refusal:
        return Failure(_undecodable(data, refusal))


def _encoded(parameter: str, value: Any) -> Result[bytes, Error]:
    try:
        return Success(_encode(value))
    except (TypeError, ValueError, RecursionError) as error:  # of which UnicodeEncodeError is one
        return Failure(InvalidArgument(parameter, f"given one that JSON cannot hold: {error}"))


def _undecodable(data: bytes, refusal: Exception) -> DecodeError:
    return DecodeError(reason=str(refusal), body=data)
