"""What a program and its claims look at of the past: found out by letting them look.

Law: what nobody looks at does not distinguish two states. Where somebody looks at a thing for the first time, the
search begins anew, and keeps it apart from then on: nothing that was found before is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PASTS = ("time", "seconds", "requests", "emitted")
"""The time that a program is told, and the parts of a `Moment` that are of the past."""


class Looks:
    """Which parts of the past were looked at."""

    def __init__(self) -> None:
        self.at: dict[str, None] = {}
        self.is_new = False

    def look(self, what: str) -> None:
        """Somebody looks at it."""
        if what not in self.at:
            self.at[what] = None
            self.is_new = True


class WatchedTime(float):
    """A time that tells when it is used for anything but being passed on."""

    __slots__ = ("look",)

    look: Callable[[str], None]

    @classmethod
    def of(cls, seconds: float, look: Callable[[str], None]) -> WatchedTime:
        """That many seconds; `look` is called with `time` when they are used."""
        time = cls(seconds)
        time.look = look
        return time


def _telling(name: str) -> Any:
    plain = getattr(float, name)

    def used(self: WatchedTime, *others: Any) -> Any:
        self.look("time")
        return plain(self, *others)

    used.__name__ = name
    return used


_USES = """
    __add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__
    __rmod__ __divmod__ __rdivmod__ __pow__ __rpow__ __neg__ __pos__ __abs__ __bool__ __int__ __float__ __trunc__
    __floor__ __ceil__ __round__ __lt__ __le__ __gt__ __ge__ __eq__ __ne__ __hash__ __str__ __repr__ __format__
    is_integer as_integer_ratio hex
"""

for _name in _USES.split():
    setattr(WatchedTime, _name, _telling(_name))
