"""Functions that take the keys of a TypedDict as keywords: what they show of them, and what they are given.

Law: `inspect.signature`, `help` and completion show each keyword with its type and its default, as if it were written
out; an unknown one is a `TypeError`, as of any function. The order of keywords in a call makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

from msgspec import UNSET

from ..combinators.additions import RequestOptions

_FIRST = ("model", "input", "instructions")

OPTIONS = ("idempotency_key", "extra_headers", "extra_query", "extra_body", "timeout")
"""The keywords that are no members of the body. They are None by default, and all others `UNSET`."""


def names_of(arguments: Any) -> tuple[str, ...]:
    """The keys of a TypedDict as they are shown and sent: by the alphabet, but for the first and last."""
    names = arguments.__annotations__
    between = sorted(names.keys() - {*_FIRST, *OPTIONS})
    return tuple(name for name in (*_FIRST, *between, *OPTIONS) if name in names)


def show_keywords(function: Any, arguments: Any) -> None:
    """Let `function` show the keys of the TypedDict `arguments`, which it takes as `**arguments`."""
    shown, hints = signature(function), arguments.__annotations__
    own = [parameter for parameter in shown.parameters.values() if parameter.kind is not Parameter.VAR_KEYWORD]
    names = names_of(arguments)
    keywords = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=None if name in OPTIONS else UNSET,
            annotation=hints[name].__forward_arg__,
        )
        for name in names
    ]
    # What evaluates a signature looks in the module of the function: the names in these types come along.
    for hint in {hints[name] for name in names}:
        known = vars(import_module(hint.__forward_module__))
        for name in re.findall(r"[A-Za-z_]\w*", hint.__forward_arg__):
            if name in known:
                function.__globals__.setdefault(name, known[name])
    function.__signature__ = shown.replace(parameters=(*own, *keywords))
    written = function.__annotations__
    # What evaluates hints finds the names in the module of the TypedDict.
    function.__annotations__ = {
        **{parameter.name: written[parameter.name] for parameter in own},
        **{name: hints[name] for name in names},
        "return": written["return"],
    }


def show_options(*functions: Any) -> None:
    """Let `functions` show the options of any request, which they take as `**options: Unpack[RequestOptions]`."""
    for function in functions:
        show_keywords(function, RequestOptions)


def given_of(caller: str, arguments: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The keywords that were given, without those that are `UNSET`.

    Raises `TypeError`, as a call of `caller` would, for one that is not among `names`.
    """
    given: dict[str, Any] = {}
    for name, value in arguments.items():
        if name not in names:
            raise TypeError(f"{caller}() got an unexpected keyword argument {name!r}")
        if value is not UNSET:
            given[name] = value
    return given


def in_order(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What was `given`, in the order of `names`."""
    return {name: given[name] for name in names if name in given}


def options_of(given: dict[str, Any]) -> Any:
    """Take the `RequestOptions` out of what was `given`."""
    return {name: given.pop(name) for name in RequestOptions.__annotations__ if name in given}
