"""A pytest plugin: every fault for a test, registered by the extra `pytest`.

The marker `every_fault` has the function of a test carried out once for each life in which no more than so many things
go wrong: `@pytest.mark.every_fault(faults=2, kinds=…, claims=…, cuts=…, other_waits=…, most_lives=…, only=…)`, with the
parameters of `replay_lives`. The test uses `puresponse_service`; the marker `puresponse` says how that is at first. A
test that fails tells the story of the shortest life in which it does, and the text that carries out that life alone:
for `only`, or for the option `--only-life`.

| fixture | in each life it is |
|---|---|
| `puresponse_service`, `puresponse_clock` | as new: all that was set up with them has the same ones |
| `puresponse_server` | the same URL, of that service: for a client in any library, which asks one thing at a time |
| `tmp_path` | what it was when the test was set up |
| `puresponse_life` | the life: its points and choices, and a folder (`tmp_path`, where that is used) |
| any other | what it is: it is set up once for all lives |

In a test that takes `puresponse_life` the process may die, at each request, chunk, wait and point. The function is then
called again, as another process, and finds the service and the folder as they were left; `puresponse_life.deaths` says
how often. An `async def` has an event loop of its own in each life; fixtures of other plugins for loops are not for it.

A test that uses `puresponse_explore`, for programs that are values, is carried out once: the marker's parameters are
those of `explore` then.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from .every_fault import MARKER, ONLY, options_of, searched

if TYPE_CHECKING:
    from pathlib import Path

    from .replays.life import ReplayedLife
    from .replays.replaying import Replays


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("puresponse", "every fault, by puresponse")
    group.addoption(ONLY, metavar="TEXT", help=f"the life that tests with the marker `{MARKER}` carry out alone")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    line = f"{MARKER}(faults, kinds, claims, cuts, other_waits, most_lives, only): carry out the test for every fault"
    config.addinivalue_line("markers", line)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Have the function of a test that is marked carried out for each life."""
    used = set(pyfuncitem.fixturenames)
    options = options_of(pyfuncitem)
    if options is None or "puresponse_explore" in used:
        return (yield)
    if "puresponse_service" not in used:
        raise pytest.UsageError(f"the marker {MARKER} is for tests that use puresponse_service or puresponse_explore")
    function = pyfuncitem.obj
    pyfuncitem.obj = partial(_carried_out, pyfuncitem, function, options)
    try:
        return (yield)
    finally:
        pyfuncitem.obj = function


@pytest.fixture
def puresponse_life(request: pytest.FixtureRequest, puresponse_service: Any, puresponse_clock: Any) -> ReplayedLife:
    """The life that is carried out. What is set up with it sees one in which nothing goes wrong."""
    from .replays.course import Course
    from .replays.life import ReplayedLife
    from .replays.surviving import Folder

    if options_of(request.node) is None:
        raise pytest.UsageError(f"puresponse_life is for tests that have the marker {MARKER}")
    return ReplayedLife(Course(), puresponse_service, puresponse_clock, Folder(), may_die=False)


def _carried_out(item: pytest.Function, function: Callable[..., Any], options: dict[str, Any], /, **given: Any) -> None:
    __tracebackhide__ = True
    _replayed(item, function, options, given).check()


def _replayed(
    item: pytest.Function, function: Callable[..., Any], options: dict[str, Any], given: dict[str, Any]
) -> Replays:
    from .replays.replaying import Replaying
    from .replays.surviving import Folder

    used: dict[str, Any] = getattr(item, "funcargs", {})
    tmp_path: Path | None = used.get("tmp_path")
    replaying = Replaying(used["puresponse_service"], used["puresponse_clock"], Folder(tmp_path))
    may_die = "puresponse_life" in given

    def body(life: ReplayedLife) -> Any:
        __tracebackhide__ = True
        returned = function(**given, **({"puresponse_life": life} if may_die else {}))
        if inspect.iscoroutine(returned):
            import asyncio

            return asyncio.run(returned)
        return returned

    given.pop("puresponse_life", None)
    body.__name__ = item.name
    failures = (Exception, pytest.fail.Exception)
    return replaying.carry_out(body, again=body if may_die else None, failures=failures, **searched(options))
