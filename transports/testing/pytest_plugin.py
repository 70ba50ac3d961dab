"""A pytest plugin: the service in memory as a fixture, registered by the extra `pytest`.

| fixture | is |
|---|---|
| `puresponse_service` | a `MemoryTransport` of its own for each test: empty, and by a clock that never sleeps |
| `puresponse_clock` | that clock, to move the time on |
| `puresponse_server` | the base URL under which the same service is served on loopback (extra `serve`) |
| `puresponse_control` | a `ServiceControl` of a scope of its own for each test, on one server for all (extra `serve`) |
| `puresponse_shared_server` | the base URL of that server, which runs as long as the session |
| `puresponse_forbidden` | a transport that fails the test that makes it be asked anything |
| `puresponse_explore` | `explore`, for programs that are values: every fault at every step |

The marker `puresponse` says how the service is to be: `@pytest.mark.puresponse(script=["Hello!"], faults=…, state=…,
dialect=…)`, with the parameters of `MemoryTransport`; that of `puresponse_control` takes the first three, that of
`puresponse_explore` all but `faults`. The marker `every_fault` is in `pytest_every_fault`.

The shared server is one in this process; or, where the variable `PURESPONSE_SERVER` of the environment has a base URL,
the `puresponse serve --control` that is there: for pytest-xdist, whose workers then share it, each test in its scope.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Generator
from itertools import count
from os import environ, getpid
from typing import TYPE_CHECKING, Any

import pytest

from .every_fault import clock_of_lives, exploring, options_of, service_of_lives

if TYPE_CHECKING:
    from ..clock import VirtualClock
    from ..control.client import ServiceControl
    from ..memory.service import State
    from ..memory.transport import MemoryTransport
    from .forbidden import ForbiddenTransport
    from .lives.findings import Exploration

BEGINNING = 1_750_000_000.0
"""The time at which every test begins: 15 June 2025."""

_MARKER = "puresponse"
_OPTIONS = frozenset({"script", "faults", "state", "dialect", "new_id"})
_SENT_OPTIONS = frozenset({"script", "faults", "state"})
_NUMBERS = count(1)

SERVER_VARIABLE = "PURESPONSE_SERVER"
"""The variable of the environment with the base URL of a server that is there already."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    line = f"{_MARKER}(script, faults, state, dialect, new_id): how the service of `puresponse_service` is to be"
    config.addinivalue_line("markers", line)


@pytest.fixture
def puresponse_clock(request: pytest.FixtureRequest) -> VirtualClock:
    """The clock of the service: sleeping takes no time, and moves it on."""
    from ..clock import VirtualClock

    if (every_fault := options_of(request.node)) is not None:
        return clock_of_lives(BEGINNING, every_fault)
    return VirtualClock(now=BEGINNING)


@pytest.fixture
def puresponse_service(request: pytest.FixtureRequest, puresponse_clock: VirtualClock) -> MemoryTransport:
    """The service in memory: transport and simulation. `requests` says what was asked, `state` what it knows."""
    from ..memory.transport import MemoryTransport

    options = _options_of(request, _OPTIONS)
    state = _first_state(options)
    if (every_fault := options_of(request.node)) is not None:
        return service_of_lives(state, puresponse_clock, options, every_fault)
    return MemoryTransport(state, clock=puresponse_clock, **options)


@pytest.fixture
def puresponse_explore(request: pytest.FixtureRequest) -> Callable[..., Exploration]:
    """`explore(program, …)` of the service that the marker `puresponse` says, by the marker `every_fault`."""
    options = _options_of(request, frozenset({"script", "state", "dialect"}))
    return exploring(_first_state(options), options, options_of(request.node) or {})


@pytest.fixture
def puresponse_server(puresponse_service: MemoryTransport) -> Generator[str]:
    """The base URL under which `puresponse_service` is served on loopback, for a client in any library."""
    from ..serving.server import serve

    with serve(puresponse_service) as url:
        yield url


@pytest.fixture(scope="session")
def puresponse_shared_server() -> Generator[str]:
    """The base URL of one server for all tests, each of which is a scope of it: `puresponse_control`."""
    given = environ.get(SERVER_VARIABLE)
    if given:
        yield given
        return
    from ..control.endpoint import ControlEndpoint
    from ..control.scopes import Scopes
    from ..memory.service import State, sample_models
    from ..serving.server import serve

    scopes = Scopes(State(models=sample_models()))
    with serve(scopes.default, choose=scopes.choose, early=ControlEndpoint(scopes)) as url:
        yield url


@pytest.fixture
def puresponse_control(request: pytest.FixtureRequest, puresponse_shared_server: str) -> Generator[ServiceControl]:
    """Steers a scope of the shared server that no other test has; it is deleted when the test is over.

    A client is of it that uses its `base_url`, and its `headers` or its `api_key`.
    """
    from ..control.client import ServiceControl

    options = _options_of(request, _SENT_OPTIONS)
    test = re.sub(r"[^A-Za-z0-9]+", "-", str(request.node.name)).strip("-")[:60]
    scope = f"{environ.get('PYTEST_XDIST_WORKER', 'main')}-{getpid()}-{next(_NUMBERS)}-{test}"
    with ServiceControl(puresponse_shared_server, scope=scope) as control:
        if "state" in options:
            control.load_state(options["state"])
        if "script" in options:
            control.load_script(options["script"])
        if "faults" in options:
            control.load_faults(options["faults"])
        yield control


@pytest.fixture
def puresponse_forbidden() -> ForbiddenTransport:
    """A transport for what must not ask anything."""
    from .forbidden import ForbiddenTransport

    return ForbiddenTransport()


def _first_state(options: dict[str, Any]) -> State:
    """What a service knows at first, by `options`, of which that is taken."""
    from msgspec.structs import replace

    from ..memory.service import State, sample_models

    state = options.pop("state", None) or State(models=sample_models())
    dialect = options.pop("dialect", None)
    return state if dialect is None else replace(state, dialect=dialect)


def _options_of(request: pytest.FixtureRequest, taken: Collection[str]) -> dict[str, Any]:
    """What the markers of a test say, the nearest last."""
    options: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        options.update(marker.kwargs)
        unknown = sorted(set(marker.kwargs) - set(taken))
        if unknown or marker.args:
            what = unknown[0] if unknown else marker.args[0]
            raise pytest.UsageError(f"the marker {_MARKER} takes {', '.join(sorted(taken))}, and not {what!r}")
    return options
