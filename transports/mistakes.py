"""Mistakes told by name where a program is carried out: what is no operation, no stream, no transport, no Result.

Law: what is right passes at the cost of a look-up; `core/mistakes.py` says what is wrong, and is loaded for that. A
transport that is asynchronous where a blocking one is needed has sent nothing by then, and leaves no coroutine that was
never awaited. One that is blocking where an asynchronous one is needed is refused before anything is sent, if it opens
bodies by a plain function: that tells. Of a plain function nobody can know before it was called.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from functools import lru_cache
from types import CoroutineType
from typing import Any, TypeVar

from returns.result import Failure, Success

from ..core.streams import STREAM_STEPS, Close, Emit, End, Open, Perform, Read
from .asynchrony import is_async_function, never_returns

R = TypeVar("R")
S = TypeVar("S")

RESULTS: frozenset[type[Any]] = frozenset({Success, Failure})
"""The types of what a transport returns, for a check that costs next to nothing."""


def transport_refused(who: str, transport: object, program: object) -> TypeError:
    """The error that says why `transport` can be none, or that it and the program are the other way round."""
    from ..core import mistakes

    if not isinstance(transport, type) and callable(program):
        return mistakes.no_operation(who, program, transport)
    return mistakes.no_transport(who, transport)


def met(kind: type[Any], who: str, step: S, transport: object = None) -> S:
    """The step that a driver met, which is of `kind` if of any; or the `TypeError` is raised that says what it is."""
    given: Any = step
    if isinstance(given, kind):
        return step
    from ..core import mistakes

    if kind is End:
        raise mistakes.no_stream(who, given, met=True)
    raise mistakes.no_operation(who, given, transport, met=True)


def check_stream(who: str, stream: object, transport: object) -> None:
    """Raise the `TypeError` for what is no stream, and for what can be no transport."""
    if type(stream) in STREAM_STEPS and callable(transport) and not isinstance(transport, type):
        return
    from ..core import mistakes

    if not isinstance(stream, Emit | Perform | Open | Read | Close | End):
        raise mistakes.no_stream(who, stream, transport)
    if not callable(transport) or isinstance(transport, type):
        raise mistakes.no_transport(who, transport)


def check_operations(who: str, operations: object, transport: object) -> None:
    """Raise the `TypeError` for what is no iterable of operations, and for what can be no transport."""
    from ..core import mistakes

    if not isinstance(operations, Iterable):
        raise mistakes.no_operations(who, operations, transport)
    if not callable(transport) or isinstance(transport, type):
        raise mistakes.no_transport(who, transport)


def check_async_transport(who: str, transport: Any, program: object) -> None:
    """Raise the `TypeError` for what can be no asynchronous transport, as far as that can be told before it is used."""
    if _may_be_async(transport.__class__):
        return
    from ..core import mistakes

    if isinstance(transport, type) or not callable(transport):
        raise transport_refused(who, transport, program)
    raise mistakes.no_async_transport(who, transport)


def check_observer(who: str, observe: object) -> None:
    """Raise the `TypeError` for what is no function that can be told what a run does."""
    if callable(observe) and not isinstance(observe, type) and not is_async_function(observe):
        return
    from ..core import mistakes

    raise mistakes.no_observer(who, observe)


@lru_cache(64)
def _may_be_async(kind: Any) -> bool:
    """Whether what is of this type may be an asynchronous transport: it is called, and does not block by its `open`."""
    if issubclass(kind, type) or not any("__call__" in vars(base) for base in kind.__mro__):
        return False
    opening = getattr(kind, "open", None)
    return opening is None or any(map(is_async_function, (opening, kind.__call__))) or never_returns(opening)


def result_of(who: str, transport: object, answer: R) -> R:
    """What `transport` returned to `who`: a `Result`, or the `TypeError` is raised that says what it is instead."""
    given: Any = answer
    if isinstance(given, Success | Failure):
        return answer
    from ..core import mistakes

    if isinstance(transport, type):
        raise mistakes.no_transport(who, transport)
    if _given_up(given):
        raise mistakes.no_blocking_transport(who, transport)
    raise mistakes.returned_no_result(who, transport, answer)


def awaitable_of(who: str, transport: object, answer: R) -> R:
    """What `transport` returned to `who`, to be awaited; or the `TypeError` is raised that says what it is instead."""
    given: Any = answer
    if type(given) is CoroutineType or isinstance(given, Awaitable):
        return answer
    from ..core import mistakes

    if isinstance(given, Success | Failure):
        raise mistakes.no_async_transport(who, transport, asked=True)
    raise mistakes.returned_no_result(who, transport, answer)


def _given_up(answer: Any) -> bool:
    """Whether `answer` is to be awaited, by whom it will not be: a coroutine is closed, a task is cancelled."""
    is_awaited = isinstance(answer, Awaitable)
    for name in ("close", "cancel") if is_awaited else ():
        give_up: Any = getattr(answer, name, None)
        if give_up is not None:
            give_up()
    return is_awaited
