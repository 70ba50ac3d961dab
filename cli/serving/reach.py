"""How the server is reached: `--path`, `--allow-host` and `--cors`, as the options of an application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ...transports.serving.cors import check_origins
from ...transports.serving.front import FrontOptions, check_path
from ...transports.serving.host_check import ANY, check_hosts
from ..failures import ExitCode
from ..streams import Stopped

G = TypeVar("G")
T = TypeVar("T")


def reach(path: str, allowed: Sequence[str], cors: Sequence[str], *, address: str, local: bool) -> FrontOptions:
    """The options of an application on a server that listens on `address`, which only this machine can reach or not."""
    names = _checked("--allow-host", check_hosts, allowed)
    checked = names if local else names | named(address)
    hosts = None if ANY in names or (not local and not names) else checked
    return FrontOptions(
        path=_checked("--path", check_path, path), hosts=hosts, cors=_checked("--cors", check_origins, cors)
    )


def named(address: str) -> frozenset[str]:
    """The name that the base URL of a server has which listens on `address`."""
    return check_hosts([address]) if address else frozenset()


def _checked(option: str, check: Callable[[G], T], given: G) -> T:
    """What `check` makes of a value. Raises `Stopped` for what it refuses, which it begins to say with its own name."""
    try:
        return check(given)
    except ValueError as error:
        raise Stopped(ExitCode.USAGE, f"{option}: {str(error).partition(': ')[2]}") from None
