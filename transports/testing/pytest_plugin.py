"""A pytest plugin: the service in memory as a fixture, registered by the extra `pytest`.

| fixture | is |
|---|---|
| `puresponse_service` | a `MemoryTransport` of its own for each test: empty, and by a clock that never sleeps |
| `puresponse_clock` | that clock, to move the time on |
| `puresponse_server` | the base URL under which the same service is served on loopback (extra `serve`) |
| `puresponse_forbidden` | a transport that fails the test that makes it be asked anything |

The marker `puresponse` says how the service is to be: `@pytest.mark.puresponse(script=["Hello!"], faults=…, state=…,
dialect=…)`, with the parameters of `MemoryTransport`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..clock import VirtualClock
    from ..memory.transport import MemoryTransport
    from .forbidden import ForbiddenTransport

BEGINNING = 1_750_000_000.0
"""The time at which every test begins: 15 June 2025."""

_MARKER = "puresponse"
_OPTIONS = frozenset({"script", "faults", "state", "dialect", "new_id"})


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    line = f"{_MARKER}(script, faults, state, dialect, new_id): how the service of `puresponse_service` is to be"
    config.addinivalue_line("markers", line)


@pytest.fixture
def puresponse_clock() -> VirtualClock:
    """The clock of the service: sleeping takes no time, and moves it on."""
    from ..clock import VirtualClock

    return VirtualClock(now=BEGINNING)


@pytest.fixture
def puresponse_service(request: pytest.FixtureRequest, puresponse_clock: VirtualClock) -> MemoryTransport:
    """The service in memory: transport and simulation. `requests` says what was asked, `state` what it knows."""
    from msgspec.structs import replace

    from ..memory.service import State, sample_models
    from ..memory.transport import MemoryTransport

    options: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        options.update(marker.kwargs)
        unknown = sorted(set(marker.kwargs) - _OPTIONS)
        if unknown or marker.args:
            what = unknown[0] if unknown else marker.args[0]
            raise pytest.UsageError(f"the marker {_MARKER} takes {', '.join(sorted(_OPTIONS))}, and not {what!r}")
    state = options.pop("state", None) or State(models=sample_models())
    dialect = options.pop("dialect", None)
    if dialect is not None:
        state = replace(state, dialect=dialect)
    return MemoryTransport(state, clock=puresponse_clock, **options)


@pytest.fixture
def puresponse_server(puresponse_service: MemoryTransport) -> Generator[str]:
    """The base URL under which `puresponse_service` is served on loopback, for a client in any library."""
    from ..serving.server import serve

    with serve(puresponse_service) as url:
        yield url


@pytest.fixture
def puresponse_forbidden() -> ForbiddenTransport:
    """A transport for what must not ask anything."""
    from .forbidden import ForbiddenTransport

    return ForbiddenTransport()
