"""What went wrong: as a line for people, as an object for programs, and as an exit code."""

from __future__ import annotations

from msgspec import Struct

from ..core import (
    ApiError,
    DecodeError,
    Error,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    WaitExpired,
)
from .exits import ExitCode
from .text import encodable, one_line


class Problem(Struct, frozen=True):
    """An error as the JSON form shows it: all fields always, null where they do not apply.

    `id` is the response that was asked for, null where the trouble is not about one. `error` is the name of the error
    in `puresponse.core`, or `Stopped` where standard input or output failed. `code` is the API's, or the kind of a
    `NotSent` or `Interrupted`.
    """

    id: str | None
    error: str
    status: int | None
    code: str | None
    message: str | None
    request_id: str | None


def problem_of(response_id: str, error: Error) -> Problem:
    """Lay out `error`, which came of an operation on `response_id`."""
    name = type(error).__name__
    response_id = encodable(response_id)
    match error:
        case ApiError():
            return Problem(response_id, name, error.status, error.code, error.message, error.request_id)
        case NotSent() | Interrupted():
            return Problem(response_id, name, None, error.kind, error.reason, None)
        case DecodeError():
            return Problem(response_id, name, error.status, None, f"{error.path}: {error.reason}", error.request_id)
        case InvalidArgument():
            return Problem(response_id, name, None, None, f"{error.parameter}: {error.reason}", None)
        case _:
            return Problem(response_id, name, None, None, str(error), None)


def problem_line(response_id: str, error: Error) -> str:
    """Say in one line what went wrong."""
    return one_line(f"puresponse: {response_id}: {error}")


def exit_code_of(error: Error) -> ExitCode:
    """The code for one error."""
    match error:
        case InvalidArgument():
            return ExitCode.INVALID_ARGUMENT
        case NotSent():
            return ExitCode.NOT_SENT
        case Interrupted():
            return ExitCode.INTERRUPTED
        case ApiError(status=404, no_such_route=False):
            return ExitCode.NOT_FOUND
        case ApiError(status=401 | 403):
            return ExitCode.REFUSED_KEY
        case ApiError(status=429):
            return ExitCode.RATE_LIMITED
        case ApiError():
            return ExitCode.API_ERROR
        case DecodeError():
            return ExitCode.NOT_UNDERSTOOD
        case WaitExpired():
            return ExitCode.WAIT_EXPIRED
        case NoRecording():
            return ExitCode.NO_RECORDING
