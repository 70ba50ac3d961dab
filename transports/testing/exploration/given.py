"""What a search is given, checked before anything is searched.

Law: what is no program, no fault or no claim is refused by name: a search that tried less than it was asked to would
say that all claims hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ....codecs.lossless.plain import is_sequence
from ....core.steps import OPERATION_STEPS
from ....core.streams import STREAM_STEPS
from ...memory.faults import Fault, Rule
from ...memory.service import State
from .alternatives import AnyFault
from .claims import Claim

_FAULTS: tuple[type[Any], ...] = (*get_args(Fault), Rule)


def check_program(who: str, program: Any) -> None:
    """Raise `TypeError` for what is neither an operation nor a stream."""
    if type(program) not in OPERATION_STEPS and type(program) not in STREAM_STEPS:
        raise TypeError(f"{who}: program must be an operation or a stream, got {program!r}")


def check_count(who: str, name: str, value: Any, *, least: int) -> None:
    """Raise `TypeError` for what is no integer from `least` on."""
    if type(value) is not int or value < least:
        raise TypeError(f"{who}: {name} must be an integer from {least} on, got {value!r}")


def state_of(who: str, state: Any) -> State:
    """What the service knows at first: nothing, where nothing was said."""
    if state is None:
        return State()
    if not isinstance(state, State):
        raise TypeError(f"{who}: state must be a State, such as MemoryTransport has, got {state!r}")
    return state


def check_names(who: str, names: Any) -> None:
    """Raise `TypeError` for what names nothing in checkpoints."""
    if not (names is None or isinstance(names, Mapping)):
        raise TypeError(f"{who}: names must be a mapping from names to functions and types, or None, got {names!r}")


def kinds_of(who: str, kinds: Any) -> tuple[AnyFault, ...]:
    """The faults that are tried."""
    return _all_of(who, "kinds", kinds, _FAULTS, "a fault or a Rule with one, such as Reset()")


def claims_of(who: str, claims: Any) -> tuple[Claim, ...]:
    """The claims that are checked."""
    return _all_of(who, "claims", claims, Claim, "a claim, such as always(check)")


def _all_of(who: str, name: str, values: Any, kind: type[Any] | tuple[type[Any], ...], what: str) -> tuple[Any, ...]:
    if isinstance(values, str) or not is_sequence(values):
        raise TypeError(f"{who}: {name} must be a list, each {what}, got {values!r}")
    given = tuple(values)
    for index, value in enumerate(given):
        if isinstance(value, type) or not isinstance(value, kind):
            raise TypeError(f"{who}: {name}[{index}] must be {what}, got {value!r}")
    return given
