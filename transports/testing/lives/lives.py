"""Lives: what happens to a program from its beginning to its end, step by step, as values."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct
from returns.result import Result

from ....core.errors import Error
from ....core.http import HttpRequest
from ...memory.faults import Fault
from ...memory.service import State


class Dies(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """The process dies here, and another goes on from its checkpoint, which was written before this step.

    A request was in flight where the step is one; `acted` says that the service did what it was asked.
    """

    acted: bool = False


class OtherWait(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """This wait takes its most, in a life whose waits take their least; or the other way round."""


Mishap: TypeAlias = Fault | Dies | OtherWait
"""What may go wrong at a step of a life: a fault as plans have them, the end of a process, or another wait."""

Kind: TypeAlias = Literal["send", "open", "read", "wait", "begin"]
"""What a step was: a request, a request whose body is read in chunks, such a chunk, or a wait.

`begin` is the one before all others: what a program does before it asks for anything.
"""


class LifeStep(Struct, frozen=True, kw_only=True):
    """One step of a life: what the program asked for, what became of it, and what followed from that.

    - `kind`, `request`: what was asked for; the request of a `read` is the one whose body it is; None for a wait.
    - `branch`: which of the branches of forks asked, outermost first, each counted from 0; empty outside of forks.
    - `mishap`: what went wrong; None where nothing did.
    - `answer`: the `Result` that the program was resumed with; of a wait the seconds since its run began; None where
      the process died.
    - `acted`: whether the service did what it was asked, or refused it for reasons of its own.
    - `began`, `ended`: seconds since the life began.
    - `before`, `after`: what the service knew.
    - `emitted`: the values that the program emitted then, in order.
    - `result`: how the whole program ended, where it ended with this step.
    """

    kind: Kind
    request: HttpRequest | None = None
    branch: tuple[int, ...] = ()
    mishap: Mishap | None = None
    answer: Any = None
    acted: bool = False
    began: float = 0.0
    ended: float = 0.0
    before: State
    after: State
    emitted: tuple[Any, ...] = ()
    result: Result[Any, Error] | None = None


Life: TypeAlias = tuple[LifeStep, ...]
"""A life, or its beginning; the first step is a `begin`."""
