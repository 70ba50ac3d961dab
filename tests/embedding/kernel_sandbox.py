"""A process that steps programs and can do nothing else: the kernel kills it if it tries.

Start-up, in this order: what is to be stepped is imported, and what this file needs itself; `preload` loads the rest
of the core and the codecs; root is given up; the door is closed. Everything after that, from building a program on, is
done with two pipes and memory. What is said through them stands in `kernel_protocol.py`.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import kernel_protocol as told
from calls import CALLS
from msgspec import Raw
from programs import PROGRAMS, Program
from returns.result import Result

from puresponse import core
from puresponse.core import (
    HttpRequest,
    HttpResponse,
    Operation,
    decode_answer,
    delete_response,
    encode_request,
    preload,
    succeed,
)

NOBODY = 65534


def called(call: Callable[[], Any]) -> Operation[Any]:
    """A call as a program: it sends nothing, and succeeds with what the call gives."""
    return succeed(call())


def opens_a_file(response: Any) -> Operation[Any]:
    """What no part of the library does."""
    with open(os.devnull, "rb") as file:
        return succeed(file.read())


def imports(response: Any) -> Operation[Any]:
    """What no part of the library does after `preload`."""
    return succeed(__import__("colorsys").__name__)


def raises(response: Any) -> Operation[Any]:
    """What no part of the library does, and a caller's function may."""
    raise ArithmeticError("by the caller")


def loaded() -> frozenset[str]:
    """The names of the modules that are loaded."""
    return frozenset(sys.modules)


WORK: dict[str, Callable[[], Program]] = {
    **PROGRAMS,
    **{f"call of {name}": partial(called, call) for name, call in CALLS.items()},
    "what is loaded": lambda: succeed(loaded()),
    "a program that opens a file": lambda: delete_response("resp_completed").bind(opens_a_file),
    "a program that imports": lambda: delete_response("resp_completed").bind(imports),
    "a program that raises": lambda: delete_response("resp_completed").bind(raises),
    "a program that opens a file as it is built": lambda: opens_a_file(None),
}
"""What the host can ask for."""


def main(*, preloads: bool) -> None:
    """Start up, close the door, and carry out what the host asks for until it asks no more."""
    if preloads:
        preload()
    ours = loaded()
    from kernel_door import close_the_door

    give_up_root()
    close_the_door()
    # What only the filter was made with is forgotten: an import of it in the midst of a program would open files.
    forgotten = [sys.modules.pop(name) for name in loaded() - ours]
    try:
        say(told.Ready(loaded(), len(forgotten)))
        while asked := sys.stdin.buffer.readline():
            step(WORK[told.read_name(asked)]())
    except Exception as error:
        # A traceback would show lines of files.
        os.write(2, f"{type(error).__name__}: {error}".encode())
        os._exit(1)
    os._exit(0)


def give_up_root() -> None:
    """Be nobody: no part of this, the filter included, needs a privilege."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def step(program: Program) -> Result[Any, core.Error]:
    """Step a program to its end, and have the host do all that is to be done."""
    tell(program)
    return gone_on(program)


def tell(program: Program) -> None:
    """Say what is to be done next; of a fork, and of an operation within a stream, what is to be done first."""
    match program:
        case core.Send(request):
            say(told.Send(written(request)))
        case core.Wait(seconds, spread):
            say(told.Wait(seconds, spread))
        case core.Fork(operations):
            say(told.Fork(len(operations)))
            for operation in operations:
                tell(operation)
        case core.Emit(values):
            say(told.Emit(pickle.dumps(values)))
        case core.Perform(operation):
            say(told.Perform())
            tell(operation)
        case core.Open(request):
            say(told.Open(written(request)))
        case core.Read(_, within):
            say(told.Read(within))
        case core.Close(_, within):
            say(told.Close(within))
        case core.Done(result):
            say(told.Done(pickle.dumps(result)))
        case core.End(result):
            say(told.End(pickle.dumps(result)))


def gone_on(program: Program) -> Result[Any, core.Error]:
    """Step a program whose first step was said."""
    while True:
        match program:
            case core.Send(_, resume) | core.Open(_, resume):
                program = resume(decode_answer(heard()))
            case core.Wait(_, _, resume):
                program = resume(told.read_seconds(heard()))
            case core.Fork(operations, resume):
                results = tuple([gone_on(operation) for operation in operations])
                heard()
                program = resume(results)
            case core.Perform(operation, resume):
                result = gone_on(operation)
                heard()
                program = resume(result)
            case core.Read(resume):
                program = resume(decode_answer(heard()).map(body_of))
            case core.Emit(_, rest) | core.Close(rest):
                program = rest
            case core.Done(result) | core.End(result):
                return result
        tell(program)


def written(request: HttpRequest) -> Raw:
    return Raw(encode_request(request).unwrap())


def body_of(answer: HttpResponse) -> bytes:
    return answer.body


def heard() -> bytes:
    """The host's answer."""
    return sys.stdin.buffer.readline()


def say(line: told.Line) -> None:
    sys.stdout.buffer.write(told.written(line))
    sys.stdout.buffer.flush()
