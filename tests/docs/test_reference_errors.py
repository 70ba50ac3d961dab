"""What a function of the API ends with, whatever the network and the server do, its docstring tells."""

from __future__ import annotations

from typing import Any

import pytest
from reference_names import public_names, told
from reference_telling import OF_ANY_REQUEST, errors_told, sends
from returns.result import Failure, Result, Success

from puresponse import (
    Answer,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NoRecording,
    NotSent,
    VirtualClock,
    WaitPolicy,
    iterate,
    run,
)

SENDERS = [name for name in public_names() if sends(told(name))]

ARGUMENTS: dict[str, Any] = {
    "conversation_id": "conv_1",
    "input": "Hello.",
    "item_id": "msg_1",
    "items": "Hello.",
    "metadata": {"topic": "demo"},
    "model": "gpt-5",
    "output_type": list[str],
    "policy": WaitPolicy(deadline=5.0, grace=0.0),
    "response": "resp_1",
    "response_id": "resp_1",
}
RUNNING = b'{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"gpt-5","output":[]}'


def answers(request: HttpRequest) -> dict[str, Answer]:
    """What may become of a request, by what the program is expected to end with where that is all it meets."""
    return {
        "ApiError": Success(HttpResponse(status=404)),
        "DecodeError": Success(HttpResponse(status=200, body=b'{"id"')),
        "NotSent": Failure(NotSent("dns", "no such host")),
        "Interrupted": Failure(Interrupted("reset", "gone")),
        "NoRecording": Failure(NoRecording(request=request, nearest=None, differences=())),
        "running": Success(HttpResponse(status=200, body=RUNNING)),
    }


def program_of(name: str, **more: Any) -> Any:
    call = told(name).call
    assert call is not None
    given = {parameter: ARGUMENTS[parameter] for parameter in call.parameters if parameter in ARGUMENTS}
    return call.function(**given, **more)


def error_of(name: str, program: Any, what: str) -> str | None:
    """The error that the program ends with, by its name, where all its requests are answered so; None without one."""

    def transport(request: HttpRequest) -> Answer:
        return answers(request)[what]

    call = told(name).call
    result: Result[Any, Any]
    if call is not None and call.returns.startswith("Stream["):
        *_, result = [Success(None), *iterate(program, transport, clock=VirtualClock(), results=True)]
    else:
        result = run(program, transport, clock=VirtualClock())
    return type(result.failure()).__name__ if isinstance(result, Failure) else None


@pytest.mark.parametrize("name", SENDERS)
def test_every_error_that_a_function_ends_with_is_told(name: str) -> None:
    met = {error_of(name, program_of(name), what) for what in answers(HttpRequest("GET", "/"))}
    met.add(error_of(name, program_of(name, timeout=-1), "running"))
    assert met >= OF_ANY_REQUEST
    assert met - {None} <= errors_told(name)


def test_who_waits_tells_that_the_wait_may_expire() -> None:
    expired = [name for name in SENDERS if error_of(name, program_of(name), "running") == "WaitExpired"]
    assert sorted(expired) == [
        "cancel_and_wait",
        "resume_stream",
        "stream_response",
        "wait_for_response",
        "watch_response",
    ]
    assert all("WaitExpired" in errors_told(name) for name in expired)
