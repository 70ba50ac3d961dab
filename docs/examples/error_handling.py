"""Match on what went wrong: every error is a value of one closed union, and the type-checkers see to it that none is
forgotten. Run it: no key and no network are needed.
"""

from __future__ import annotations

from typing import assert_never

from puresponse import (
    ApiError,
    DecodeError,
    Error,
    Interrupted,
    InvalidArgument,
    MemoryTransport,
    NoRecording,
    NotSent,
    WaitExpired,
    cancel_response,
    fold,
    run,
)


def explain(error: Error) -> str:
    """Say what to do about `error`."""
    match error:
        case InvalidArgument(parameter, reason):
            return f"fix {parameter}: {reason}"
        case ApiError(status=404, no_such_route=False):
            return "there is no such response (any more)"
        case ApiError(status=400, message=message):
            return f"it cannot be cancelled: {message}"
        case ApiError(status=status, request_id=request_id):
            return f"the API answered {status}; ask support about {request_id}"
        case NotSent(kind):
            return f"nothing was sent ({kind}): try again"
        case Interrupted(kind):
            return f"broken off ({kind}): it may be cancelled, retrieve it before you try again"
        case DecodeError(path=path):
            return f"the answer made no sense at {path}"
        case WaitExpired() | NoRecording():
            return str(error)
    assert_never(error)


def main() -> None:
    """Cancel five responses, four of which cannot be cancelled."""
    transport = MemoryTransport()
    for response_id in ("resp_in_progress", "resp_chat", "resp_failed", "resp_unheard_of", ""):
        result = run(cancel_response(response_id), transport)
        print(f"{response_id!r}: {fold(result, lambda response: f'now {response.status}', explain)}")


if __name__ == "__main__":
    main()
