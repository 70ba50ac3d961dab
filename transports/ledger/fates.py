"""What became of an operation, and what a ledger says of it.

Law: a fate is one of six, and nothing between them. *done*, *absent* and *failed* are what the server said; *unknown*
is what nobody but a person can find out: the server may have acted on a request that must not be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

FateName: TypeAlias = Literal["planned", "in flight", "done", "absent", "failed", "unknown"]
"""What became of an operation.

- `planned`: nothing was sent that does more than read.
- `in flight`: it was begun, and had not ended.
- `done`: it succeeded.
- `absent`: a 404 of what it was about, and not of the route.
- `failed`: any other error; nothing is left open that must not be repeated.
- `unknown`: the server may have acted, and the request must not be repeated.
"""

FATES: tuple[FateName, ...] = get_args(FateName)

Settled: TypeAlias = Literal["done", "retry"]
"""What a person found out about an operation whose fate is unknown: that it was done, or that it may be done again."""


class Fate(Struct, frozen=True, kw_only=True):
    """What became of the operation of a key, by the last event of it.

    - `key`: what the caller calls the operation.
    - `fate`: what became of it.
    - `at`: when that was written.
    - `known`: all that is known, as JSON: the request, the attempt, ids, the error.
    - `seq`: the number of the event, from 1.
    """

    key: str
    fate: FateName
    at: datetime
    known: Mapping[str, Any]
    seq: int


class Receipt(Struct, frozen=True, kw_only=True):
    """What a ledger holds of one operation, to be kept or handed on as JSON (`msgspec.json.encode`).

    - `key`, `fate`: the operation, and what became of it.
    - `acknowledged`: the 2xx to the last request that does more than read: the request, status and request id; None
      where there was none.
    - `absence`: what the 404 said: status, code, message and request id; None where there was none.
    - `events`: all events of the key, the first one first.
    - `head`: the hash of the ledger's last event: `verify(head)` proves that what this receipt says is unchanged.
    """

    key: str
    fate: FateName
    acknowledged: Mapping[str, Any] | None
    absence: Mapping[str, Any] | None
    events: tuple[Fate, ...]
    head: str


class Verified(Struct, frozen=True, kw_only=True):
    """No event was changed, removed, inserted or moved, as far as the `covered` ones go.

    - `events`: how many there are.
    - `head`: the hash of the last.
    - `covered`: how many are proven whole and unchanged by the head that was given; None where none was: then only
      damage would have been found. Whoever cuts off the last events, or writes all of them anew, leaves no trace
      without a head to compare with.
    """

    events: int
    head: str
    covered: int | None = None

    def __str__(self) -> str:
        if self.covered is None:
            return (
                f"no damage found in {self.events:,} events; without a head that was kept elsewhere nobody can tell "
                "whether the last ones are missing, or whether all were written anew"
            )
        later = self.events - self.covered
        return f"{self.covered:,} events are whole and unchanged up to the head given; {later:,} were added since"


class Damaged(Struct, frozen=True, kw_only=True):
    """The ledger is not what was written, for this `reason`.

    `seq` is the first event that shows it, None for the file as a whole.
    """

    reason: str
    seq: int | None = None

    def __str__(self) -> str:
        where = "" if self.seq is None else f" at event {self.seq:,}"
        return f"damaged{where}: {self.reason}"


def moment(at: int) -> datetime:
    """When an event was written, of its milliseconds since 1970."""
    return datetime.fromtimestamp(at / 1000, UTC)
