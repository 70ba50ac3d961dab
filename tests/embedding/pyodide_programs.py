"""Programs for a Pyodide that has the core and the codecs alone, and a host that steps them by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from returns.result import Result, Success

from puresponse.core import (
    Answer,
    Done,
    Emit,
    HttpRequest,
    Open,
    Operation,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    WaitPolicy,
    all_input_items,
    cancel_response,
    delete_response,
    list_input_items,
    retrying,
    stream_response,
    wait_for_response,
)

Program: TypeAlias = Operation[Any] | Stream[Any]

PROGRAMS: dict[str, Callable[[], Program]] = {
    "delete": lambda: delete_response("resp_completed"),
    "delete what is not there": lambda: delete_response("resp_unheard_of"),
    "cancel": lambda: cancel_response("resp_in_progress"),
    "list": lambda: list_input_items("resp_chat", limit=2, order="asc"),
    "paging": lambda: all_input_items("resp_long", limit=100),
    "retry": lambda: retrying(cancel_response("resp_limited"), RetryPolicy(max_retries=2)),
    "wait": lambda: wait_for_response("resp_running", WaitPolicy(deadline=60.0)),
    "stream": lambda: stream_response(model="gpt-5-mini", input="One two three."),
}


def stepped(program: Program, send: Callable[[HttpRequest], Answer], sleep: Callable[[float], None]) -> list[str]:
    """Carry out a program by hand, its bodies in one chunk, and show what it emitted and what came of it."""
    shown: list[str] = []
    elapsed = 0.0
    rest: Result[bytes, Any] = Success(b"")
    outer: list[Callable[[Any], Program]] = []
    while True:
        match program:
            case Send(request, resume):
                program = resume(send(request))
            case Wait(seconds, _, resume):
                elapsed += seconds
                sleep(seconds)
                program = resume(elapsed)
            case Emit(values, others):
                shown += map(repr, values)
                program = others
            case Perform(operation, resume):
                outer.append(resume)
                program = operation
            case Open(request, resume):
                answer = send(request)
                rest = answer.map(lambda response: response.body)
                program = resume(answer)
            case Read(resume):
                program = resume(rest)
                rest = Success(b"")
            case Done(result):
                if not outer:
                    return [*shown, repr(result)]
                program = outer.pop()(result)
