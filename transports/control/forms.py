"""What the control endpoint takes, as JSON: read, or refused with the place.

Law: a member that nobody knows is refused, as is a value of another type or out of range. What is refused has changed
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.errors import REFUSALS, explained
from ..memory.faults import FaultPlan, load_faults
from ..memory.scripts.script import Script
from ..memory.scripts.script_file import load_script
from ..memory.service import State
from ..memory.service.saved_state import load_state
from .clock import SteeredClock

T = TypeVar("T")


class Misfit(Exception):
    """What was given is not what is taken, at a `place`: a JSON path, or the name of a header or of a parameter."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place


class ClockMove(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a clock: one of these. After `move` and `set` it is frozen or runs, as before.

    - `freeze`: true, to let no time pass from now on; or from which time on, in seconds since 1970.
    - `run`: true, to let time pass again.
    - `move`: the seconds by which it is moved.
    - `set`: the time to which it is moved, in seconds since 1970.
    """

    freeze: bool | float | None = None
    run: bool | None = None
    move: float | None = None
    set: float | None = None

    def __post_init__(self) -> None:
        # By identity: a time may be 0, which equals False.
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        given = [name for name, value in values.items() if value is not None and value is not False]
        if len(given) != 1:
            raise ValueError(f"one of freeze, run, move, set is to be given, got {' and '.join(given) or 'none'}")

    def apply(self, clock: SteeredClock) -> None:
        """Do so. Raises `ValueError` for a time that is none."""
        if self.move is not None:
            clock.move(self.move)
        elif self.set is not None:
            clock.set(self.set)
        elif self.run:
            clock.run()
        else:
            clock.freeze(None if self.freeze is True else self.freeze)


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """An object without members: all that is to be said is in the method and the path."""


def read(form: Any, data: bytes) -> Any:
    """Read a value of the type `form` out of JSON. Raises `Misfit`."""
    try:
        return decoder_of(form)(data)
    except REFUSALS as error:
        raise Misfit(*explained(error, data)) from None


def read_script(data: bytes) -> Script:
    """Read a script: what is replied where a model would. Raises `Misfit`."""
    return _located(load_script, data)


def read_faults(data: bytes) -> FaultPlan:
    """Read a fault plan. Raises `Misfit`."""
    return _located(load_faults, data)


def read_state(data: bytes) -> State:
    """Read a state of the service. Raises `Misfit`."""
    return _located(load_state, data)


_PLACED = r"((?:\.?[\w$-]+|\[[0-9]+\]|\[(?:\"(?:[^\"\\]|\\.)*\"|'[^']*')\])+): (.*)"
"""What is said of a script, a plan or a state: the place of a mistake, where it has one, and the reason."""


def _located(load: Callable[[bytes], T], data: bytes) -> T:
    try:
        return load(data)
    except ValueError as error:
        placed = re.fullmatch(_PLACED, str(error), re.DOTALL)
        raise Misfit(*(("$", str(error)) if placed is None else (_from_the_root(placed[1]), placed[2]))) from None


def _from_the_root(place: str) -> str:
    return place if place.startswith("$") else f"$.{place}"
