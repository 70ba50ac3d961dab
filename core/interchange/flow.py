"""What a program hands from step to step, found without taking a step.

Law: each frame of a program that was read takes what it will be given: a `Send` goes on with what receives an answer, a
`Wait` with what receives the time, a `Then` with frames each of which takes what the one before it ends in. What is
somebody else's (a function or a frame that `names` has) takes and returns anything.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from types import NoneType
from typing import Any, Never, Union, get_args, get_origin

from msgspec import Struct
from returns.result import Failure, Result

from ...codecs.lossless.building import once
from ...codecs.lossless.plain import is_array
from ..combinators.answered import Answered, WithResponse
from ..combinators.collecting import Gather, ReturnHead
from ..combinators.many import Join
from ..combinators.stateful import reported_in
from ..errors import Error
from ..frame_trees import Ends, Then, Under, flattened
from ..http import HttpResponse
from ..retry import Afford, Attempt, InStream, Resend, Timed
from ..rules import ValueRule
from ..steps import Answer, Done, Fork, Operation, Send, Wait
from ..streams import Close, Emit, End, Open, Perform, Read, Stream
from .annotations import Bound, fields_of, fits, put_in, signature_of, signature_of_frame

_LIBRARY = f"{__name__.partition('.')[0]}."
_CALLABLE = get_origin(Callable[[Any], Any])
_STEPS = (Done, Send, Wait, Fork, Emit, Perform, Open, Read, Close, End)

# As values, for types are put together here that no type-checker can know.
_OPERATIONS: Any = Operation
_STREAMS: Any = Stream
_OPERATION: Any = _OPERATIONS[Any]
_STREAM: Any = _STREAMS[Any]
_RESULT: Any = Result
_UNION: Any = Union
_WITH_RESPONSE: Any = WithResponse
_TIME: Any = Result[float, Error]
_RESULTS: Any = tuple[Result[Any, Error], ...]


class Misplaced(Exception):
    """A frame is where it would be given what it does not take."""


class Returned:
    """What a frame returns: its type, whether that is an operation or a stream, and what the operation ends in."""

    __slots__ = ("ends_in", "is_operation", "is_stream", "kind")

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self.is_operation = fits(kind, _OPERATION, {})
        self.is_stream = fits(kind, _STREAM, {})
        self.ends_in = _value_in(kind) if self.is_operation else Never


def has_flow(struct: type[Struct]) -> bool:
    """Whether there is anything in such a struct that something goes through."""
    return bool(_links_of(struct))


def check_flow(struct: Struct) -> None:
    """Raise `Misplaced` where what `struct` holds does not go together."""
    if isinstance(struct, Perform):
        _expect(struct.resume, returned_by(struct.resume, _RESULT[_ends_in(struct.operation), Error]), _STREAM)
        return
    for link in _links_of(type(struct)):
        member = getattr(struct, link.name)
        if link.is_step:
            if isinstance(member, _STEPS):
                _expect(member, _type_of(member), link.returns)
        elif not link.is_open:
            _expect(member, returned_by(member, link.takes), link.returns)


class _Link(Struct, frozen=True):
    """A field that holds a step, or a function of one argument: what that takes and returns.

    It `is_open` where what it will be given is not known yet: such a function is checked where that is known.
    """

    name: str
    takes: Any
    needs: Any
    returns: Any
    is_step: bool
    is_open: bool


def _links_of(struct: type[Struct]) -> tuple[_Link, ...]:
    fields_of(struct)
    return _built_links_of(struct)


@once
def _built_links_of(struct: type[Struct]) -> tuple[_Link, ...]:
    links: list[_Link] = []
    for name, annotation in fields_of(struct).items():
        args: tuple[Any, ...] = get_args(annotation)
        if get_origin(annotation) is _CALLABLE and is_array(args[0]) and len(args[0]) == 1:
            takes: Any = args[0][0]
            needs: Any = args[1]
            is_open = takes is Any or bool(getattr(takes, "__parameters__", ())) or Any in get_args(takes)
            links.append(_Link(name, takes, needs, _closed(needs), is_step=False, is_open=is_open))
        elif any(get_origin(option) in _STEPS for option in (annotation, *args)):
            links.append(_Link(name, None, annotation, _closed(annotation), is_step=True, is_open=False))
    return tuple(links)


def _closed(annotation: Any) -> Any:
    closed = put_in(annotation, {})
    return _OPERATION if closed == _OPERATION else _STREAM if closed == _STREAM else closed


# --- programs ---------------------------------------------------------------------------------------


def _type_of(program: Any) -> Returned:
    kind: Any = program.__class__
    return _returned(kind[_ends_in(program)])


def _ends_in(program: Operation[Any] | Stream[Any]) -> Any:
    """The type of what an operation ends in, where it succeeds; anything, for a stream."""
    match program:
        case Done(result):
            return _class_in(result)
        case Send(_, resume):
            return _expect(resume, returned_by(resume, Answer), _OPERATION).ends_in
        case Wait(_, _, resume):
            return _expect(resume, returned_by(resume, float), _OPERATION).ends_in
        case Fork(_, resume):
            return _expect(resume, returned_by(resume, _RESULTS), _OPERATION).ends_in
        case _:
            return Any


def _class_in(result: Result[Any, Any]) -> Any:
    """The type of the value in a result; of one that was reported to a rule, of what that takes out of it."""
    if isinstance(result, Failure):
        return Never
    reported = reported_in(result)
    return result.unwrap().__class__ if reported is None else _class_in(reported.result)


def _value_in(kind: Any) -> Any:
    """What an operation of this type ends in, where it succeeds."""
    options = get_args(kind) if get_origin(kind) is Union else (kind,)
    values = [value for option in options for value in (get_args(option) or (Any,)) if value is not Never]
    return _UNION[tuple(values)] if values else Never


# --- frames and functions ----------------------------------------------------------------------------


def returned_by(frame: Any, given: Any) -> Returned:
    """What a frame or a function returns for what is `given`. Raises `Misplaced` where it takes no such thing."""
    kind: Any = frame.__class__
    plain = _plain(kind)
    if plain is not None and plain[0] is given:
        return plain[1]
    rule = _RULES.get(kind)
    if rule is not None:
        return rule(frame, given)
    if isinstance(frame, Struct) and kind.__module__.startswith(_LIBRARY):
        return _through_frame(frame, given)
    return _through_function(frame, given)


def _plain(frame: Any) -> tuple[Any, Returned] | None:
    """What a frame takes and returns, where its fields make no difference to that."""
    if not issubclass(frame, Struct) or not frame.__module__.startswith(_LIBRARY) or frame in _RULES:
        return None
    signature_of_frame(frame)
    fields_of(frame)
    return _built_plain(frame)


@once
def _built_plain(frame: Any) -> tuple[Any, Returned] | None:
    takes, returns = signature_of_frame(frame) or (None, None)
    generic = getattr(takes, "__parameters__", ()) or not all(link.is_step for link in _links_of(frame))
    return None if takes is None or generic else (takes, _returned(put_in(returns, {})))


def _through_frame(frame: Struct, given: Any) -> Returned:
    signature = signature_of_frame(type(frame))
    if signature is None:
        raise Misplaced(f"{_name(frame)} cannot be called")
    takes, returns = signature
    bound: Bound = {}
    if not fits(given, takes, bound):
        raise Misplaced(f"{_name(frame)} does not take {_shown(given)}")
    for link in _links_of(type(frame)):
        if not link.is_step:
            member = getattr(frame, link.name)
            if not fits(returned_by(member, put_in(link.takes, bound)).kind, link.needs, bound):
                raise Misplaced(f"{_name(member)} does not return what {_name(frame)} needs")
    return _returned(put_in(returns, bound))


def _through_function(called: Any, given: Any) -> Returned:
    if not callable(called):
        raise Misplaced(f"{_name(called)} cannot be called")
    if _is_anothers(called):
        return _returned(Any)
    signature = signature_of(called)
    if signature is None:
        raise Misplaced(f"{_name(called)} cannot be called with one argument")
    takes, returns = signature
    bound: Bound = {}
    if not fits(given, takes, bound):
        raise Misplaced(f"{_name(called)} does not take {_shown(given)}")
    if called is Done:
        return _returned(_OPERATIONS[(get_args(given) or (Any,))[0]])
    # Any is no step here: no function of the library returns one without saying so.
    return _returned(object if returns is Any else put_in(returns, bound))


def _is_anothers(called: Any) -> bool:
    module = str(getattr(called, "__module__", ""))
    return module != "builtins" and not module.startswith(_LIBRARY)


# --- frames whose annotations do not show what they return for what they take ---


def _through_tree(tree: Then | Under, given: Any) -> Returned:
    frames, ends = flattened(tree)
    found = _ruled(ends[0], _program(frames[0], returned_by(frames[0], given)))
    for (before, frame), behind in zip(pairwise(frames), ends[1:], strict=True):
        # A `Join` hands on the results of a fork as they are, and these streams end in an answer; any other in None.
        if isinstance(before, Join):
            result = _RESULTS
        elif found.is_operation:
            result = _result_of(found.ends_in)
        else:
            result = _result_of(Any if isinstance(before, _ANSWERING) else NoneType)
        program = _program(frame, returned_by(frame, result))
        if found.is_stream and not found.is_operation:  # it goes on as one
            program = _expect(frame, program, _STREAM)
        found = _ruled(behind, program)
    return found


_ANSWERING = (Afford, Attempt, InStream, Resend, ReturnHead, Timed)


def _ruled(behind: Ends, found: Returned) -> Returned:
    """What is returned under rules that end behind a frame: `with_response` alone changes what it ends in."""
    for end in () if isinstance(behind, int) else behind:
        rule = end and end.rule
        if isinstance(rule, ValueRule):
            _expect(rule, found, _STREAM)
        if isinstance(rule, Answered) and not rule.reports and found.is_operation:
            # One within the other is not followed: types would nest as deeply as rules may.
            value = Any if get_origin(found.ends_in) is WithResponse else found.ends_in
            found = _returned(_OPERATIONS[_WITH_RESPONSE[value]])
    return found


def _program(frame: Any, found: Returned) -> Returned:
    """What a frame of a tree returns: an operation or a stream. A stream ends in anything."""
    return found if found.is_stream else _expect(frame, found, _OPERATION)


def _through_attempt(frame: Attempt, given: Any) -> Returned:
    _expect(frame, _returned(given), Answer)
    return _returned(_STREAM if frame.opens else _OPERATIONS[HttpResponse])


def _through_pause(frame: Timed | Afford | Resend, given: Any) -> Returned:
    _expect(frame, _returned(given), float)
    return returned_by(frame.attempt, Answer)


def _through_in_stream(frame: InStream, given: Any) -> Returned:
    _expect(frame, _returned(given), _TIME)
    return _expect(frame.resume, returned_by(frame.resume, float), _STREAM)


def _through_gather(frame: Gather[Any], given: Any) -> Returned:
    if not (hasattr(frame.values, "adding") and hasattr(frame.values, "all")):
        raise Misplaced(f"{_name(frame)} cannot add values to {_name(frame.values)}")
    _expect(frame.resume, returned_by(frame.resume, given), _STREAM)
    return _returned(_OPERATIONS[tuple[Any, ...]])


_RULES: dict[type, Callable[[Any, Any], Returned]] = {
    Afford: _through_pause,
    Attempt: _through_attempt,
    Gather: _through_gather,
    InStream: _through_in_stream,
    Resend: _through_pause,
    Timed: _through_pause,
    Then: _through_tree,
    Under: _through_tree,
}


_returned = once(Returned, at_most=1024)


def _put_together(value: Any) -> Any:
    return _RESULT[value, Error]


_result_of = once(_put_together, at_most=1024)


def _expect(who: Any, found: Returned, wanted: Any) -> Returned:
    if wanted is _OPERATION:
        good = found.is_operation
    elif wanted is _STREAM:
        good = found.is_stream
    else:
        good = found.kind is wanted or fits(found.kind, wanted, {})
    if not good:
        raise Misplaced(f"{_name(who)} stands where {_shown(wanted)} is wanted, and is or returns {_shown(found.kind)}")
    return found


def _name(value: Any) -> str:
    return str(getattr(value, "__name__", type(value).__name__))


def _shown(annotation: Any) -> str:
    if annotation is _OPERATION or annotation is _STREAM:
        return "an operation" if annotation is _OPERATION else "a stream"
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"


_LONGEST_SHOWN = 60
