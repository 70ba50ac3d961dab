"""Programs for a Pyodide that has the core and the codecs alone, and a host that steps them by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from returns.result import Result, Success

from puresponse.core import (
    NOT_OPEN,
    Answer,
    Chunk,
    Close,
    Done,
    Emit,
    End,
    Fork,
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
    sequentially,
    stream_response,
    succeed,
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
    "fork": lambda: Fork((delete_response("resp_completed"), retrying(cancel_response("resp_limited"))), succeed),
    "close": lambda: Close(stream_response(model="gpt-5-mini", input="One two three.").then(close_and_read)),
}


def close_and_read(ended: Result[None, Any]) -> Stream[Any]:
    """Give up the body, and see that nothing is open."""
    return Close(Read(tell))


def tell(chunk: Chunk) -> Stream[Any]:
    """Hand over what was read."""
    return Emit((chunk,), End(Success(None)))


def stepped(program: Program, send: Callable[[HttpRequest], Answer], sleep: Callable[[float], None]) -> list[str]:
    """Carry out a program by hand, its bodies in one chunk, and show what it emitted and what came of it."""
    shown: list[str] = []
    elapsed = 0.0
    rest: Chunk = NOT_OPEN
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
                rest = rest if rest is NOT_OPEN else Success(b"")
            case Fork():
                program = sequentially(program)
            case Close(others):
                rest = NOT_OPEN
                program = others
            case Done(result) if outer:
                program = outer.pop()(result)
            case Done(result) | End(result):
                return [*shown, repr(result)]
