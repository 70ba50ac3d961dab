"""What a worker has for the parcels of a batch: a transport that is made once, and what the caller's are called.

Law: as long as the parcels bring the same, the same transport serves, with its connections; a process that was forked
or restarted makes its own. A key is read where the transport is made: from the environment of the worker, or from the
function that is named.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import Any

from msgspec import Struct

from ...core.interchange.checkpoints import Names
from ..contract import Transport
from ..network.named_key import check_name, value_called
from .parcels import Equipment, packed, unpacked

_MOST_KEPT = 4
"""Transports of batches that are kept at once."""


class Equipped(Struct, frozen=True):
    """A transport, and the names of the caller's types and functions."""

    transport: Transport
    names: Names | None


def equipment(transport: Transport | str, names: Names | str | None) -> bytes:
    """What travels of a transport and of names. Raises `CannotTravel`; `ValueError` for a name that is none."""
    for parameter, name in (("transport", transport), ("names", names)):
        if isinstance(name, str):
            check_name(parameter, name)
    if isinstance(transport, str):
        return packed("names", Equipment(transport=transport, names=names))
    instead = "give the name of a function that makes it there, as 'package.module:function'"
    packed(f"transport {type(transport).__name__}", transport, instead)
    base_url = getattr(transport, "base_url", None)
    base_url = base_url if isinstance(base_url, str) else None
    return packed("names", Equipment(transport=transport, base_url=base_url, names=names), instead)


class Shelf:
    """What this process has made for the last batches, by what was brought."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, as a process that was forked does: with a lock that no thread of its parent holds."""
        self._lock = Lock()
        self._made: OrderedDict[bytes, Equipped] = OrderedDict()

    def of(self, brought: bytes) -> Equipped:
        """What is made of what was brought, or is there. Raises what making it raises, and `ValueError`."""
        with self._lock:
            made = self._made.get(brought)
            if made is None:
                made = self._made[brought] = _made(unpacked(brought))
                while len(self._made) > _MOST_KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(brought)
            return made


SHELF = Shelf()
"""That of this process."""

with suppress(AttributeError):  # a system that does not fork
    os.register_at_fork(after_in_child=SHELF.forget)


def _made(brought: Equipment) -> Equipped:
    transport: Any = brought.transport
    names: Any = brought.names
    if isinstance(transport, str):
        transport = value_called(transport)()
    if isinstance(names, str):
        names = value_called(names)
    here = getattr(transport, "base_url", None)
    if brought.base_url is not None and here != brought.base_url:
        raise ValueError(
            f"base_url: by the environment of the worker it is {here}, by the caller's {brought.base_url}; "
            "give it to the transport as an argument, or set it for the workers too"
        )
    return Equipped(transport, names)
