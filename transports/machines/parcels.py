"""What travels: programs as checkpoints, the transport as its settings or its name, outcomes as they are.

Law: no credential travels. A program holds none, a pickle of a transport leaves them out (`http1/settings`), and what
has no such pickle is made in the worker, by the name of a function.

Programs are checkpoints, and no pickles, though a worker unpickles what its executor brings it anyway: so what a lost
worker held is in the form that a ledger keeps, a version of the library that has other frames refuses it rather than
misread it, and what cannot be saved is told by its place in the program. Results are pickles, since they may be
anything.
"""

from __future__ import annotations

import pickle
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Result

from ...core.errors import Error
from ...core.http import HttpResponse
from ...core.interchange.checkpoints import Names
from .marks import Mark

NextRequest: TypeAlias = tuple[str, str, bool]
"""Method, path, and whether it is neither safe nor idempotent."""


class Equipment(Struct, frozen=True, kw_only=True):
    """What is the same for a whole batch: the transport or its name, its base URL, and what the caller's are called."""

    transport: Any
    base_url: str | None = None
    names: Names | str | None = None


class Held(Struct, frozen=True, kw_only=True, array_like=True):
    """An operation that is handed out, at a `Send`.

    `elapsed` are the seconds that its run has lasted; `is_again` is whether what it sends may have been sent by a
    worker that was lost.
    """

    program: bytes
    elapsed: float
    is_again: bool = False


class Parcel(Struct, frozen=True, kw_only=True, array_like=True):
    """Operations that travel together, to be carried out in so many `threads`.

    `requests` is how many each may send; None for as many as there are.
    """

    equipment: bytes
    held: tuple[Held, ...]
    requests: int | None = None
    mark: Mark | None = None
    threads: int = 1


class Carried(Struct, frozen=True, kw_only=True, array_like=True):
    """How far an operation was carried, in one of these ways.

    - `result`: to its end, with its result.
    - `program` and `wait`: to a wait of so many seconds and a spread.
    - `program` and `next`: to a request that is not sent in the same parcel.
    - `is_left`: not at all, since what it would send may have been sent, and must not be again.
    - `raised`: to a function of the caller's that raised, with a pickle of that.

    `heard` is what was received: status, what the headers say about the pace, and the body of a 429.
    """

    result: Result[Any, Error] | None = None
    program: bytes | None = None
    wait: tuple[float, float] | None = None
    next: NextRequest | None = None
    is_left: bool = False
    raised: bytes | None = None
    heard: tuple[HttpResponse | None, ...] = ()


class Back(Struct, frozen=True, kw_only=True, array_like=True):
    """What a worker returns for a parcel: how far each operation was carried, and whether the mark was left."""

    carried: tuple[Carried, ...]
    is_marked: bool = False


class CannotTravel(TypeError):
    """Something that was to be sent to another process, or back, does not pickle: the `reason` says what and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


def packed(what: str, value: Any, instead: str = "") -> bytes:
    """A pickle of `value`. Raises `CannotTravel`, which says what it is of, and what is to be done."""
    try:
        return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # whatever a class of somebody's raises
        reason = f"{what} cannot travel to another process: {type(error).__name__}: {error}"
        raise CannotTravel(reason + (f"; {instead}" if instead else "")) from None


def unpacked(data: bytes) -> Any:
    """The value of a pickle, which a process of the same batch has made."""
    return pickle.loads(data)
