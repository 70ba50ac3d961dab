"""What reading and writing another program's file returns: what was carried over, and what was not.

Law: nothing is dropped. What one file has and the other does not is a `NotCarried`, which names its place
and the reason, and not the value, which may be a secret.
"""

from __future__ import annotations

from msgspec import Struct

from ..format import Recording


class NotCarried(Struct, frozen=True):
    """What is in the one file, and not in the other: its `place`, as a path, and the `reason`."""

    place: str
    reason: str


class Imported(Struct, frozen=True):
    """What was read of a file.

    Attributes:
        recordings: The exchanges, in the order of the file.
        not_carried: What of the file is not in them.
        recorded: The date of the file, in seconds since 1970; None where it has none.
    """

    recordings: tuple[Recording, ...]
    not_carried: tuple[NotCarried, ...] = ()
    recorded: float | None = None


class Exported(Struct, frozen=True):
    """What was written: `data`, the bytes of the file, and what of the recordings is not in them (`not_carried`)."""

    data: bytes
    not_carried: tuple[NotCarried, ...] = ()
