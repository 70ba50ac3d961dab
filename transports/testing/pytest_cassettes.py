"""A pytest plugin: a cassette for each test, and tests that reach no network; registered by the extra `pytest`.

| fixture | is |
|---|---|
| `cassette` | a function from a transport to the same one with a cassette before it, in the mode of the run |

| marker | says |
|---|---|
| `cassette("name", mode=…, match=…)` | the file, beside the test's, and the parameters of `use_cassette` |
| `block_network(allowed_hosts=[…])` | that the test reaches no network while cassettes are only replayed |

The file is `cassettes/MODULE/TEST.json` beside the module. The mode is that of `--cassette-mode`, or of the variable
`PURESPONSE_CASSETTE_MODE`, or of the marker, or `none`. Where the variable `CI` is set it is `none`, always. A test
that fails keeps the file that was there.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ...core.errors import NoRecording

MODE = "PURESPONSE_CASSETTE_MODE"
"""The variable that says the mode."""

_MODES = ("none", "once", "new_episodes", "all")
_MARKER = "cassette"
_FOLDER = "cassettes"
_LONGEST_NAME = 100
_FAILED = pytest.StashKey[bool]()
_USED = pytest.StashKey["CassetteFixture"]()
_EXPECTED = pytest.StashKey[set[Path]]()
_PROPERTY = "puresponse_cassette"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("cassettes", "cassettes of puresponse")
    group.addoption("--cassette-mode", choices=_MODES, help="replay (none), once, new_episodes, or all: record anew")
    group.addoption("--cassette-verdicts", action="store_true", help="say of each test: hit, partial, miss, live")
    group.addoption("--cassette-orphans", action="store_true", help="list cassettes that no collected test has")
    group.addoption("--block-network", action="store_true", help="as the marker `block_network` on every test")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and refuse to record where `CI` is set."""
    config.addinivalue_line("markers", f"{_MARKER}(name, **options): how the fixture `cassette` is to be")
    config.addinivalue_line("markers", "block_network(allowed_hosts): reach no network but loopback")
    if _is_ci() and config.getoption("--cassette-mode") not in {None, "none"}:
        raise pytest.UsageError("--cassette-mode: the variable CI is set, and cassettes are only replayed there")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say in which mode cassettes are, where that is not `none`."""
    mode = _mode_of(config, None)
    return None if mode == "none" else f"cassettes: {mode}"


class CassetteFixture:
    """What the fixture `cassette` is: called with a transport, it returns the one to be used.

    It is a `CassetteTransport` or a `CassetteRecorder`, or one of these for an event loop, and is closed when the test
    has ended.
    """

    def __init__(self, path: Path, mode: str, options: dict[str, Any]) -> None:
        self.path = path
        self.mode = mode
        self._options = options
        self._transport: Any = None

    def __call__(self, transport: Any, **options: Any) -> Any:
        """Lay the cassette before `transport`; `options` are those of `use_cassette`, besides the marker's."""
        from ..cassette.sessions.modes import use_cassette

        if self._transport is not None:
            raise pytest.UsageError("the fixture `cassette` is called once in a test: it has one file")
        how = "record it: run this test with `--cassette-mode=new_episodes` (or `all`: anew), where CI is not set"
        given: Any = {"how_to_record": how, **self._options, **options}
        untyped: Any = use_cassette
        self._transport = untyped(self.path, transport, mode=self.mode, **given)
        return self._transport

    @property
    def unused(self) -> tuple[Any, ...]:
        """The recordings that were not replayed yet: `assert cassette.unused == ()`."""
        unused: tuple[Any, ...] = getattr(self._transport, "unused", ())
        return unused

    @property
    def misses(self) -> tuple[NoRecording, ...]:
        """What was asked in vain."""
        misses: tuple[NoRecording, ...] = getattr(self._transport, "misses", ())
        return misses

    @property
    def verdict(self) -> str | None:
        """`hit` where all was replayed, `partial` where not all was; `miss` after a miss; `live` if recorded."""
        if self._transport is None:
            return None
        if hasattr(self._transport, "abandon"):
            return "live"
        return "miss" if self.misses else "partial" if self.unused else "hit"

    def end(self, *, failed: bool) -> str | None:
        """Close it; return what was recorded, in words, None for nothing."""
        if not hasattr(self._transport, "abandon"):
            return None
        if failed:
            self._transport.abandon()
            return None
        count = len(self._transport.recordings)
        self._transport.close()
        return f"{self.path}: {count} recordings"


@pytest.fixture
def cassette(request: pytest.FixtureRequest) -> Generator[CassetteFixture]:
    """A function from a transport to the same one with the test's cassette before it."""
    name, options = _marked(request.node)
    mode = _mode_of(request.config, options.pop("mode", None))
    fixture = CassetteFixture(_path_of(request.node, name), mode, options)
    request.node.stash[_USED] = fixture
    yield fixture
    verdict = fixture.verdict
    recorded = fixture.end(failed=request.node.stash.get(_FAILED, False))
    if recorded is not None:
        request.node.user_properties.append((_PROPERTY, f"recorded {recorded}"))
    if verdict is not None and request.config.getoption("--cassette-verdicts"):
        request.node.user_properties.append((_PROPERTY, f"{verdict:8}{request.node.nodeid}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test failed, and show what it asked in vain."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
        used = item.stash.get(_USED, None)
        if used is not None and report.when == "call":
            for missed in used.misses:
                report.sections.append((f"{used.path.name}: not recorded", diff_of(missed)))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test reach no network that is marked so, unless cassettes may be recorded."""
    marker = item.get_closest_marker("block_network")
    if (marker is None and not item.config.getoption("--block-network")) or _mode_of(item.config, None) != "none":
        return (yield)
    from .blocked_network import blocked_network

    with blocked_network(() if marker is None else marker.kwargs.get("allowed_hosts", ())):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note which cassettes the tests have, before any is deselected."""
    if config.getoption("--cassette-orphans"):
        using = [item for item in items if _MARKER in getattr(item, "fixturenames", ())]
        config.stash[_EXPECTED] = {_path_of(item, _marked(item)[0]) for item in using}


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was recorded, and what else was asked for."""
    reports: list[Any] = [report for found in terminalreporter.stats.values() for report in found]
    told = [
        str(text)
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, text in report.user_properties
        if name == _PROPERTY
    ]
    told += [f"orphan {path}" for path in _orphans(config.stash.get(_EXPECTED, set[Path]()))]
    if told:
        terminalreporter.section("cassettes")
        for line in told:
            terminalreporter.line(line)


def diff_of(missed: NoRecording) -> str:
    """What was asked, and the nearest that was recorded, as a diff for people."""
    from difflib import unified_diff

    from ..cassette.sessions.transcript import request_lines

    if missed.nearest is None or request_lines(missed.request) == request_lines(missed.nearest):
        return str(missed)
    recorded, asked = request_lines(missed.nearest), request_lines(missed.request)
    lines = unified_diff(recorded, asked, "recorded", "asked", lineterm="")
    return "\n".join([*lines, *([missed.hint] if missed.hint else [])])


def _orphans(expected: set[Path]) -> list[Path]:
    folders = {path.parent for path in expected}
    return sorted(path for folder in folders for path in folder.glob("*.json*") if path not in expected)


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def _mode_of(config: pytest.Config, marked: str | None) -> str:
    if _is_ci():
        return "none"
    given: str | None = config.getoption("--cassette-mode")
    mode = given or os.environ.get(MODE) or marked or "none"
    if mode not in _MODES:
        raise pytest.UsageError(f"the mode of cassettes is {mode!r}; allowed are {', '.join(_MODES)}")
    return mode


def _marked(node: Any) -> tuple[str | None, dict[str, Any]]:
    """The name, and the options, of the marker: a nearer one adds to those further away."""
    name: str | None = None
    options: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(_MARKER))):
        options.update(marker.kwargs)
        name = options.pop("name", marker.args[0] if marker.args else name)
    return name, options


def _path_of(node: Any, name: str | None) -> Path:
    beside = Path(node.path).parent / _FOLDER
    if name is not None:
        return beside / (name if Path(name).suffix in {".json", ".jsonl"} else f"{name}.json")
    test = node.nodeid.partition("::")[2].replace("::", ".")
    return beside / Path(node.path).stem / f"{_file_name(test)}.json"


def _file_name(test: str) -> str:
    """The name of a test as that of a file, everywhere; two tests have two."""
    safe = "".join(letter if letter.isalnum() or letter in "_.-[]=," else "-" for letter in test)
    if safe == test and len(safe) <= _LONGEST_NAME:
        return safe
    from hashlib import sha256

    return f"{safe[:_LONGEST_NAME]}-{sha256(test.encode()).hexdigest()[:8]}"
