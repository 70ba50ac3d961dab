"""From what a transport returned to what it means: a status other than 2xx is an `ApiError`, a 2xx body is decoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import structs
from returns.result import Failure, Result

from ...codecs.lossless.errors import DecodeError
from ..errors import ApiError, Error
from ..http import HttpResponse
from ..steps import Answer

T = TypeVar("T")


def receive(answer: Answer, decode: Callable[[bytes], Result[T, DecodeError]]) -> Result[T, Error]:
    """Check the status of `answer`, and decode its body.

    Errors: what the transport met; `ApiError` for any status but 2xx; `DecodeError` for a body that is not understood.
    """
    if isinstance(answer, Failure):
        return answer
    response = answer.unwrap()
    if not response.is_success:
        return Failure(api_error(response))
    decoded: Result[Any, Any] = decode(response.body)
    if isinstance(decoded, Failure):
        return Failure(placed(decoded.failure(), response))
    return decoded


def placed(error: DecodeError, response: HttpResponse) -> DecodeError:
    """`error` with the status, the request id and the body of the `response` that it is about."""
    return structs.replace(
        error, status=response.status, request_id=response.header("x-request-id"), body=response.body
    )


def api_error(response: HttpResponse) -> ApiError:
    """The error of an answer other than 2xx, whatever its body."""
    from ...codecs.types.error_body import decode_error_body  # for errors alone
    from ..retry_hints import retry_after

    body = decode_error_body(response.body)
    return ApiError(
        status=response.status,
        type=body.type,
        code=body.code,
        message=body.message,
        param=body.param,
        request_id=response.header("x-request-id"),
        retry_after=retry_after(response.headers),
        headers=response.headers,
        body=response.body,
        after_interruption=response.after_interruption,
    )
