"""What is measured of the ten programs: lines of code, bytes of the file, what a changed request gives, seconds."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import openai
import pytest
import test_with_puresponse as with_puresponse
import test_with_vcr as with_vcr
from msgspec import Struct
from served_service import KEY

from puresponse.transports import Urllib3Transport
from puresponse.transports.testing.pytest_cassettes import CassetteFixture, diff_of

HERE = Path(__file__).parent
VCR_FILES = HERE / "cassettes" / "vcr"
OUR_FILES = HERE / "cassettes" / "test_with_puresponse"

PROGRAMS = {
    "test_create": "create",
    "test_stream": "stream",
    "test_tool_loop": "tool loop",
    "test_background": "background with wait",
    "test_paging": "paging",
    "test_cancel": "cancel",
    "test_delete": "delete",
    "test_error": "error",
    "test_retry": "retry",
    "test_async": "async",
}
"""The programs, by the function that has one, in both modules."""

MATCHED_BY_DEFAULT = ["method", "path", "query"]
"""What VCR.py matches by, where nothing is said, but for scheme, host and port, which are others here."""


class Changed(Struct, frozen=True):
    """What a test says once the program asks another model, or for another response."""

    passes: bool
    """Whether it passes, as if nothing was changed."""

    message: str = ""
    """What is raised, with its causes, and for a cassette of ours what pytest shows with it."""

    @property
    def names_both(self) -> bool:
        """Whether it says what was asked, and what was recorded."""
        asked = _CHANGED["MODEL"] in self.message or _CHANGED["MISSING"] in self.message
        recorded = with_vcr.MODEL in self.message or with_vcr.MISSING in self.message
        return asked and recorded


_CHANGED = {"MODEL": "gpt-5-mini", "MISSING": "resp_other"}


# What is run


def run_with_vcr(name: str, client: openai.OpenAI, folder: Path = VCR_FILES, mode: str = "none") -> None:
    """Run a program of VCR.py's, in a mode, with its cassette in a folder; what the test asserts is asserted."""
    with _vcr_in(folder, mode):
        _calling(getattr(with_vcr, name), client)()


def run_with_puresponse(name: str, live: Urllib3Transport, folder: Path = OUR_FILES, mode: str = "none") -> None:
    """Run a program of ours, the same way. What it asked in vain is raised with what it raises, as pytest shows it."""
    cassette = CassetteFixture(folder / f"{name}.json", mode, {})
    test: Callable[[CassetteFixture, Urllib3Transport], None] = getattr(with_puresponse, name)
    try:
        test(cassette, live)
    except Exception as error:
        cassette.end(failed=True)
        # What a failed assertion says, pytest adds, and not in every run the same.
        cause = None if isinstance(error, AssertionError) else error
        raise AssertionError("\n".join(map(diff_of, cassette.misses))) from cause
    cassette.end(failed=False)


@contextmanager
def _vcr_in(folder: Path, mode: str, match_on: list[str] | None = None) -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(with_vcr.recorder, "cassette_library_dir", str(folder))
        patch.setattr(with_vcr.recorder, "record_mode", mode)
        if match_on is not None:
            patch.setattr(with_vcr.recorder, "match_on", match_on)
        patch.setattr("time.sleep", _no_sleep)
        yield


def _calling(test: Callable[..., None], client: openai.OpenAI) -> Callable[[], None]:
    return partial(test, client) if inspect.signature(test).parameters else test


def _no_sleep(seconds: float) -> None:
    """Return at once: a pause of the official client, before it tries again."""


# What is measured


def lines(module: Any) -> dict[str, int]:
    """How many lines with code each test has, and in `""` the rest of the module; docstrings are none."""
    source = inspect.getsource(module)
    tree = ast.parse(source)
    held = _lines_with_code(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            held -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    counted: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in PROGRAMS:
            own = held & set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            counted[node.name] = len(own)
            held -= own
    return {**counted, "": len(held)}


def _lines_with_code(source: str) -> set[int]:
    without = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {line for token in tokens if token.type not in without for line in range(token.start[0], token.end[0] + 1)}


def sizes(name: str) -> tuple[int, int]:
    """The bytes of the cassettes: VCR.py's, and ours."""
    return (VCR_FILES / f"{name}.yaml").stat().st_size, (OUR_FILES / f"{name}.json").stat().st_size


def changed_with_vcr(name: str, client: openai.OpenAI, *, matching_bodies: bool) -> Changed:
    """What VCR.py gives for a changed program: as it is by default, and where bodies are matched."""
    match_on = [*MATCHED_BY_DEFAULT, "body"] if matching_bodies else MATCHED_BY_DEFAULT
    with _changed(with_vcr), _vcr_in(VCR_FILES, "none", match_on):
        return _told(_calling(getattr(with_vcr, name), client))


def changed_with_puresponse(name: str, live: Urllib3Transport) -> Changed:
    """What this library gives for the same."""
    with _changed(with_puresponse):
        return _told(partial(run_with_puresponse, name, live))


@contextmanager
def _changed(module: Any) -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _CHANGED.items():
            patch.setattr(module, name, value)
        yield


def _told(test: Callable[[], None]) -> Changed:
    try:
        test()
    except Exception as raised:
        told: list[str] = []
        error: BaseException | None = raised
        while error is not None:
            told.append(str(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return Changed(passes=False, message="\n".join(told))
    return Changed(passes=True)


def seconds(name: str, client: openai.OpenAI, live: Urllib3Transport, times: int = 5) -> tuple[float, float]:
    """How long a replay takes, at best: with VCR.py and the client, and with this library."""
    with _vcr_in(VCR_FILES, "none"):
        theirs = _best(_calling(getattr(with_vcr, name), client), times)
    return theirs, _best(partial(run_with_puresponse, name, live), times)


def _best(test: Callable[[], None], times: int) -> float:
    best = float("inf")
    for _ in range(times):
        begun = perf_counter()
        test()
        best = min(best, perf_counter() - begun)
    return best


@contextmanager
def clients(base_url: str = "http://127.0.0.1:9/v1") -> Generator[tuple[openai.OpenAI, Urllib3Transport]]:
    """The official client, and the transport, of a service; by default of one that is not there."""
    with (
        openai.OpenAI(api_key=KEY, base_url=base_url) as client,
        Urllib3Transport(api_key=KEY, base_url=base_url) as live,
    ):
        yield client, live


def counted_row(name: str, client: openai.OpenAI, live: Urllib3Transport) -> list[str]:
    """A row of the table in `docs/coming-from/vcr.md`, but for the times."""
    told = (
        changed_with_vcr(name, client, matching_bodies=False),
        changed_with_vcr(name, client, matching_bodies=True),
        changed_with_puresponse(name, live),
    )
    counts = (lines(with_vcr)[name], lines(with_puresponse)[name], *sizes(name))
    changed = ["passes" if one.passes else _characters(one.message) for one in told]
    return [PROGRAMS[name], *(f"{count:,}" for count in counts), *changed]


def _characters(message: str) -> str:
    """How long a message is, wherever the files are."""
    return f"{len(message.replace(str(HERE), 'HERE')):,}"
