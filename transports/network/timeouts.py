"""The times that a transport takes as limits, and which of them an exchange exceeded."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from msgspec import Struct

from ...core.errors import Interrupted, InvalidArgument
from ...core.http import LONGEST_TIMEOUT, HttpRequest


class Limits(Struct, frozen=True):
    """How many seconds an exchange may take to connect, to wait for bytes, and in `total`.

    `ends` is when the total is used up, by `time.monotonic`; both are None where there is no such limit.
    """

    connecting: float
    read_timeout: float
    total: float | None = None
    ends: float | None = None

    def of(self, request: HttpRequest, total: float | None = None) -> Limits:
        """Those of an exchange that begins now, in `total` where its request says nothing of that.

        Raises `ValueError` for what is no time.
        """
        read_timeout = self.read_timeout
        if request.timeout is not None:
            check_time("timeout", request.timeout)
            read_timeout = request.timeout
        if request.total is not None:
            check_time("total", request.total)
            total = request.total
        if total is None:
            return Limits(self.connecting, read_timeout)
        return Limits(min(self.connecting, total), min(read_timeout, total), total, monotonic() + total)

    def left(self, ends: float | None) -> float:
        """How many seconds an answer is still waited for, at most until `ends`, by `time.monotonic`; 0 for none."""
        until = [time for time in (ends, self.ends) if time is not None]
        return min(self.read_timeout, max(0.0, min(until) - monotonic())) if until else self.read_timeout

    def explain(self, error: Interrupted, within: float | None) -> Interrupted:
        """The error of a read that had `within` seconds (None: as many as any), which says what limit was exceeded."""
        if error.kind != "read_timeout":
            return error
        if self.total is not None and self.ends is not None and monotonic() >= self.ends:
            return took_longer(self.total)
        return error if within is None or within >= self.read_timeout else was_silent(within)


def took_longer(total: float) -> Interrupted:
    """The error of an exchange whose `total` seconds are over."""
    return Interrupted("read_timeout", f"the exchange took longer than {total:g} s")


def was_silent(seconds: float) -> Interrupted:
    """The error of a read that waited for `seconds`."""
    return Interrupted("read_timeout", f"the server was silent for {seconds:g} s")


def check_time(parameter: str, seconds: object) -> None:
    """Raise `ValueError` for what is no number of seconds greater than 0, or is more than any system can count."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST_TIMEOUT:
        reason = f"it is {seconds!r}; it must be a number of seconds greater than 0, up to {LONGEST_TIMEOUT:.0f}"
        raise ValueError(str(InvalidArgument(parameter, reason)))


def check_limits(
    *, times: Mapping[str, float], optional: Mapping[str, float | None], counts: Mapping[str, int]
) -> None:
    """Raise `ValueError` for what a transport cannot take as a limit, by the name of the argument.

    Args:
        times: Seconds; see `check_time`.
        optional: The same, or None for no limit.
        counts: Whole numbers, 1 or more.
    """
    for name, seconds in (*times.items(), *optional.items()):
        if seconds is not None or name in times:
            check_time(name, seconds)
    for name, count in counts.items():
        if type(count) is not int or count < 1:
            reason = f"it is {count!r}; it must be a whole number, 1 or more"
            raise ValueError(str(InvalidArgument(name, reason)))
