"""What the marker `every_fault` says of a test, and what the fixtures of the plugin are then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..clock import VirtualClock
    from ..memory.service import State
    from ..memory.transport import MemoryTransport
    from .lives.findings import Exploration

MARKER = "every_fault"

ONLY = "--only-life"
"""The option that says which life is carried out alone."""

OPTIONS = frozenset({"faults", "kinds", "claims", "cuts", "other_waits", "most_lives", "only"})
_OF_THE_SERVICE = frozenset({"kinds", "cuts"})
_OF_THE_CLOCK = frozenset({"other_waits"})
_OF_CODE = frozenset({"most_lives", "only"})


def options_of(item: pytest.Item) -> dict[str, Any] | None:
    """What the markers of a test say, the nearest last; None for one that has none."""
    options: dict[str, Any] | None = None
    for marker in reversed(list(item.iter_markers(MARKER))):
        unknown = sorted(set(marker.kwargs) - OPTIONS)
        if unknown or marker.args:
            what = unknown[0] if unknown else marker.args[0]
            raise pytest.UsageError(f"the marker {MARKER} takes {', '.join(sorted(OPTIONS))}, and not {what!r}")
        options = {**(options or {}), **marker.kwargs}
    if options is not None and (only := item.config.getoption(ONLY)) is not None:
        options["only"] = only
    return options


def clock_of_lives(now: float, options: dict[str, Any]) -> VirtualClock:
    """The clock of a test that is marked."""
    from .replays.life_clock import LifeClock

    return LifeClock(now=now, **{name: value for name, value in options.items() if name in _OF_THE_CLOCK})


def service_of_lives(
    state: State, clock: VirtualClock, service: dict[str, Any], options: dict[str, Any]
) -> MemoryTransport:
    """The service of a test that is marked: `service` says how it is, `options` what may go wrong."""
    from ..memory.scripts.script import as_script, echo
    from .exploration.alternatives import EVERY_FAULT
    from .replays.life_clock import LifeClock
    from .replays.service import ReplayedService

    if not isinstance(clock, LifeClock):
        raise pytest.UsageError(f"the marker {MARKER} goes by the fixture puresponse_clock of the plugin, not another")
    tried: dict[str, Any] = {"kinds": EVERY_FAULT}
    tried |= {name: value for name, value in options.items() if name in _OF_THE_SERVICE}
    script = as_script(service.pop("script", echo))
    return ReplayedService(state, clock=clock, script=script, **service, **tried)


def exploring(state: State, service: dict[str, Any], options: dict[str, Any]) -> Callable[..., Exploration]:
    """`explore` of a service that `service` says, with the `options` of the marker."""
    from ..memory.scripts.script import as_script
    from .exploration.searching import explore

    given = {name: value for name, value in options.items() if name not in _OF_CODE}
    if "script" in service:
        given["script"] = as_script(service["script"])

    def explored(program: Any, known: State | None = None, **wishes: Any) -> Exploration:
        return explore(program, state if known is None else known, **{**given, **wishes})

    return explored


def searched(options: dict[str, Any]) -> dict[str, Any]:
    """What of the `options` says which lives are carried out."""
    return {name: value for name, value in options.items() if name not in _OF_THE_SERVICE | _OF_THE_CLOCK}
