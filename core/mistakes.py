"""Mistakes told by name: what the `TypeError` says of a value that is not what a function takes.

Law: it says which function was called, what it takes and what it was given, by kind and type. It never shows the value,
which may hold anything, a secret among it. `_TEXTS` has all the sentences.

Only what is wrong reaches this module: it is loaded when there is something to tell.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from returns.result import Failure, Success

from .steps import Done, Fork, Send, Wait
from .streams import Close, Emit, End, Open, Perform, Read

_LONGEST_NAME = 60

_FUNCTIONS = {
    "Answered": ("with_response", "operation"),
    "Beginning": ("within", "program"),
    "Configured": ("configured", "program"),
    "Retrying": ("retrying", "program"),
    "ReadWhole": ("collect", "stream"),
    "MapValues": ("map_values", "stream"),
    "Keep": ("keep", "stream"),
    "Scan": ("scan", "stream"),
    "Numbered": ("numbered", "stream"),
    "Take": ("take", "stream"),
    "TakeWhile": ("take_while", "stream"),
    "Chunks": ("chunk", "stream"),
    "FlatMap": ("flat_map", "stream"),
    "ForEach": ("for_each", "stream"),
}
"""The public function of a rule, and what it takes. Any other rule is a function itself, and takes any program."""

_TEXTS = {
    # what a function takes
    "operation": "{who} takes an operation, not {given}",
    "stream": "{who} takes a stream, not {given}",
    "program": "{who} takes an operation or a stream, not {given}",
    "operations": "{who} takes an iterable of operations, not {given}",
    "operation at": "{who} takes operations, and operations[{index}] is {given}",
    "pair": "{who} takes (key, operation) pairs, not {given}",
    "mixed": "{who} takes operations or (key, operation) pairs, and not both: after {before} it was given {given}",
    "key": "{who} with a ledger takes (key, operation) pairs, not {given}",
    "items": "{who} takes an iterable of items, not {given}",
    "function": "{who} takes a function, not {given}",
    "transport": "{who} takes a transport, not {given}",
    "blocking transport": "{who} takes a blocking transport, and {given} is asynchronous",
    "async transport": "{who} takes an asynchronous transport, and {given} is blocking",
    "asked transport": "{who} takes an asynchronous transport, and {given} is blocking, and was asked already",
    "observer": "{who} takes a plain function as its observer, not {given}",
    # what a function returns
    "met operation": "{who} was given {given} in place of an operation; or then, or a resume, returned it",
    "met stream": "{who} met {given} in place of a stream: then, or a resume, returned it",
    "returned operation": "the function of {who} is to return an operation; {function} returned {given}",
    "returned stream": "the function of {who} is to return a stream; {function} returned {given}",
    "returned program": "what then is given, or resumes a step, is to return a program; {function} returned {given}",
    "returned verdict": "the step of loop is to return Continue or Stop, in an operation; {function} returned {given}",
    "returned result": "a transport is to return a Result; {function} returned {given} to {who}",
    # what to do
    "call": "call it, and give what it returns",
    "instance": "make an instance of it: {name}(…)",
    "swapped": "the arguments are the other way round: {who}({wanted}, transport)",
    "run": "run carries out operations, as run_async does",
    "iterate": "iterate carries out streams, as iterate_async does; collect makes an operation of one",
    "result": "Done(result) is the operation that returns a Result",
    "value": "map is for a function that returns a plain value; succeed(value) is an operation",
    "many": "run_many carries out many operations",
    "one": "run carries out one",
    "unpack": "{who}(*operations) takes those of a list",
    "list": "{who} takes a list of them",
    "key first": "the key is the first of the two",
    "answer": "Success(HttpResponse(…)) is an answer, Failure(error) is none",
    "run async": "run_async and iterate_async take one",
    "in threads": "in_threads(transport) makes an asynchronous one of it; run and iterate take it as it is",
    "lambda": "lambda value: … is a function that returns it",
}


def no_operation(who: str, given: object, other: object = None, *, met: bool = False) -> TypeError:
    """`who` takes an operation. `other` is its other argument; `met` is for what may have been returned by a step."""
    hint = _hint(who, given, other, "operation")
    return _told("met operation" if met and not hint else "operation", hint, who=who, given=described(given))


def no_stream(who: str, given: object, other: object = None, *, met: bool = False) -> TypeError:
    """`who` takes a stream. `other` is its other argument; `met` is for what a step returned."""
    hint = _hint(who, given, other, "stream")
    return _told("met stream" if met else "stream", hint, who=who, given=described(given))


def no_program(rule: object, given: object) -> TypeError:
    """The function that applies `rule` takes an operation or a stream."""
    who, wanted = _FUNCTIONS.get(type(rule).__name__, (type(rule).__name__, "program"))
    return _told(wanted, _hint(who, given, None, wanted), who=who, given=described(given))


def no_operations(who: str, given: object, other: object = None) -> TypeError:
    """`who` takes an iterable of operations."""
    one = "one" if who.startswith("run") else "list"
    hint = _TEXTS[one].format(who=who) if _is_operation(given) else _hint(who, given, other, "operations")
    return _told("operations", hint, who=who, given=described(given))


def no_operation_at(who: str, index: int, given: object) -> TypeError:
    """`who` takes operations, and one of them is none."""
    unpacked = who.startswith("gather") and issubclass(type(given), (list, tuple))
    hint = _TEXTS["unpack"].format(who=who) if unpacked else _hint(who, given, None, "operations")
    return _told("operation at", hint, who=who, index=str(index), given=described(given))


def no_pair(who: str, given: tuple[Any, ...]) -> TypeError:
    """`who` takes (key, operation) pairs, and this tuple is none."""
    held = ", ".join(map(described, given[:3])) + (", …" if len(given) > 3 else "")
    hint = _TEXTS["key first"] if len(given) == 2 and _is_operation(given[0]) else ""
    return _told("pair", hint, who=who, given=f"a tuple of {len(given)} ({held})" if given else "an empty tuple")


def mixed(who: str, given: object, *, keyed: bool) -> TypeError:
    """`who` takes operations or pairs; it was given one sort, pairs if `keyed`, and now the other."""
    before = "pairs" if keyed else "operations"
    return _told("mixed", "", who=who, before=before, given=described(given))


def no_key(who: str, given: object) -> TypeError:
    """`who` keeps a ledger, for which each operation needs a key."""
    return _told("key", "", who=who, given=described(given))


def no_items(who: str, given: object) -> TypeError:
    """`who` takes an iterable."""
    return _told("items", "", who=who, given=described(given))


def no_function(who: str, given: object) -> TypeError:
    """`who` takes a function."""
    return _told("function", _TEXTS["lambda"] if _is_operation(given) else "", who=who, given=described(given))


def returned_no_operation(who: str, function: object, given: object) -> TypeError:
    """`function`, which `who` was given, is to return an operation."""
    hint = _hint(who, given, None, "operation") or _TEXTS["value"]
    return _told("returned operation", hint, who=who, function=described(function), given=described(given))


def returned_no_stream(who: str, function: object, given: object) -> TypeError:
    """`function`, which `who` was given, is to return a stream."""
    hint = _hint(who, given, None, "stream")
    return _told("returned stream", hint, who=who, function=described(function), given=described(given))


def returned_no_program(function: object, given: object) -> TypeError:
    """`function`, which `then` was given, or which is the `resume` of a step, is to return a program."""
    hint = _hint("", given, None, "program")
    return _told("returned program", hint, function=described(function), given=described(given))


def returned_no_verdict(step: object, given: object) -> TypeError:
    """`step`, which `loop` was given, is to return an operation of a `Continue` or a `Stop`."""
    return _told("returned verdict", "", function=described(step), given=described(given))


def no_transport(who: str, given: object) -> TypeError:
    """`who` takes a transport, and `given` can be none."""
    hint = _TEXTS["instance"].format(name=_name(given)) if isinstance(given, type) else ""
    return _told("transport", hint, who=who, given=described(given))


def no_observer(who: str, given: object) -> TypeError:
    """`who` tells a plain function what it does, and `given` is none."""
    hint = _TEXTS["instance"].format(name=_name(given)) if isinstance(given, type) else ""
    return _told("observer", hint, who=who, given=described(given))


def no_blocking_transport(who: str, given: object) -> TypeError:
    """`who` takes a blocking transport, and `given` is asynchronous."""
    return _told("blocking transport", _TEXTS["run async"], who=who, given=described(given))


def no_async_transport(who: str, given: object, *, asked: bool = False) -> TypeError:
    """`who` takes an asynchronous transport, and `given` is blocking, which may be known only once it was `asked`."""
    return _told(
        "asked transport" if asked else "async transport", _TEXTS["in threads"], who=who, given=described(given)
    )


def returned_no_result(who: str, transport: object, given: object) -> TypeError:
    """`transport` is to return a `Result`."""
    return _told("returned result", _TEXTS["answer"], who=who, function=described(transport), given=described(given))


def described(value: object) -> str:
    """What kind of thing a value is, and its type; never what it holds.

    >>> described(Done(Success(1))), described(Success(1)), described(len), described(7), described(None)
    ('an operation (Done)', 'a Result (Success)', 'the function len', 'an object of type int', 'None')
    """
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {_name(value)}"
    name = _name(type(value))
    if _is_operation(value):
        return f"an operation ({name})"
    if _is_stream(value):
        return f"a stream ({name})"
    if isinstance(value, Success | Failure):
        return f"a Result ({name})"
    if isinstance(value, FunctionType | BuiltinFunctionType | MethodType):
        return f"the function {_name(value)}{_place(value)}"
    return f"an object of type {name}"


def _hint(who: str, given: Any, other: object, wanted: str) -> str:
    """What to do instead, where that is known."""
    if callable(given) and other is not None and not callable(other):
        return _TEXTS["swapped"].format(who=who, wanted=wanted)
    if isinstance(given, type):
        return _TEXTS["instance"].format(name=_name(given))
    if isinstance(given, FunctionType | BuiltinFunctionType | MethodType):
        return _TEXTS["call"]
    if isinstance(given, Success | Failure):
        return _TEXTS["result"]
    if _is_stream(given) and wanted != "stream":
        return _TEXTS["iterate"]
    if _is_operation(given) and wanted == "stream":
        return _TEXTS["run"]
    if isinstance(given, list | tuple) and wanted == "operation":
        return _TEXTS["many"]
    return ""


def _is_operation(value: object) -> bool:
    return isinstance(value, Done | Send | Wait | Fork)


def _is_stream(value: object) -> bool:
    return isinstance(value, Emit | Perform | Open | Read | Close | End)


def _name(value: Any) -> str:
    name = str(getattr(value, "__qualname__", type(value).__qualname__)).rpartition("<locals>.")[2]
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _place(function: Any) -> str:
    """Where a function of one's own is written, which its name may not tell."""
    code = getattr(function, "__code__", None)
    if code is None or _name(function) != "<lambda>":
        return ""
    return f" ({code.co_filename.replace(chr(92), '/').rpartition('/')[2]}, line {code.co_firstlineno})"


def _told(text: str, hint: str, **words: str) -> TypeError:
    return TypeError(f"{_TEXTS[text].format(**words)}{': ' if hint else ''}{hint}")
