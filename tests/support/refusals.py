"""What each function that builds a program takes, says of what it does not take, and asks for: one text to compare."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from places import ROOT

from puresponse import core
from puresponse.core import InvalidArgument, Perform

FILE = ROOT / "tests" / "core" / "refusals.txt"

WORKING: dict[str, Any] = {
    "response_id": "resp_1",
    "conversation_id": "conv_1",
    "item_id": "msg_1",
    "model": "gpt-5",
    "models": "gpt-5",
    "input": "Hi",
    "items": [{"type": "message", "role": "user", "content": "Hi"}],
    "metadata": {"a": "b"},
    "response_ids": ["resp_1"],
    "size": 2,
    "count": 2,
    "seconds": 2.0,
}
"""What is given for a parameter that has no default."""

ODD: tuple[Any, ...] = (
    *(None, "", "odd value", "a/b", 5, 0, -1, 101, 1.5, float("nan"), True, b"odd"),
    *(
        [],
        ["odd"],
        [""],
        [5],
        {},
        {"a": "b"},
        {"a": 5},
        {"": "b"},
        {"content-length": "5"},
        {"a": b"x"},
        [{"type": "message"}],
        int,
    ),
)
"""Values, each of which some parameter takes, and others do not."""

SHARED = {"extra_headers", "extra_query", "extra_body", "timeout", "idempotency_key"}
IN_FULL = {"create_response", "stream_response", "retrieve_response", "all_input_items"}
"""One law holds for these parameters wherever they are: of other functions it is shown that they have them, no more."""


def refusals(name: str, build: Callable[..., Any]) -> str:
    """For each parameter of a function: what it takes of the odd values, and what is said of the others."""
    return "".join(f"{line}\n" for line in _told(name, build))


def builders() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions that need no more than what `WORKING` has."""
    for name in dir(core):
        build = getattr(core, name)
        if inspect.isfunction(build):
            parameters = inspect.signature(build).parameters.values()
            needed = {each.name for each in parameters if each.default is each.empty and each.kind < each.VAR_KEYWORD}
            if needed <= set(WORKING) and parameters:
                yield name, build


def _told(name: str, build: Callable[..., Any]) -> Iterator[str]:
    parameters = inspect.signature(build).parameters
    working = {each: WORKING[each] for each in parameters if parameters[each].default is inspect.Parameter.empty}
    yield f"{name}: {_outcome(build, working)}"
    for parameter in parameters:
        said: dict[str, list[str]] = {}
        for value in ODD if name in IN_FULL or parameter not in SHARED else ({"a": "b"}, 5):
            outcome = _outcome(build, {**working, parameter: value}).replace(f"given {value!r}; ", "")
            said.setdefault(outcome, []).append(repr(value))
        for outcome, values in said.items():
            yield f"  {parameter} = {', '.join(values)}: {outcome}"


def _outcome(build: Callable[..., Any], arguments: dict[str, Any]) -> str:
    try:
        step: Any = build(**arguments)
    except TypeError as error:
        return f"TypeError: {error}"
    if isinstance(step, Perform):
        step = step.operation
    kind: str = step.__class__.__name__
    if kind in {"Done", "End"}:
        refused = step.result.failure()
        return f"{refused.parameter}: {refused.reason}" if isinstance(refused, InvalidArgument) else repr(refused)
    if kind in {"Send", "Open"}:
        return f"{kind} {step.request!r}"
    return kind if kind in {"Wait", "Fork"} else repr(step)
