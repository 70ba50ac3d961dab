"""Responses that say a text, and what answers with them: for the tests of structured output."""

from __future__ import annotations

from typing import Any

from msgspec import json
from returns.result import Result

from puresponse import (
    DecodeError,
    Error,
    HttpRequest,
    HttpResponse,
    Operation,
    Response,
    Send,
    StubTransport,
    decode_response,
    to_plain,
)


def answer(*output: dict[str, Any], **more: object) -> Response:
    body = {"id": "resp_1", "created_at": 1, "status": "completed", "model": "m", "output": output, **more}
    return decode_response(json.encode(body)).unwrap()


def message(*content: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": content, **more}


def text(said: str) -> dict[str, Any]:
    return {"type": "output_text", "text": said, "annotations": []}


def saying(said: str) -> Response:
    """The response whose one message says a text."""
    return answer(message(text(said)))


def error_of(result: Result[Any, Error]) -> DecodeError:
    error = result.failure()
    assert isinstance(error, DecodeError)
    return error


def request_of(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send), operation
    return operation.request


def replying(response: Response) -> StubTransport:
    body = json.encode(to_plain(response))
    return StubTransport(lambda _: HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=body))
