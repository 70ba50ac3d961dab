"""The page for those who come from VCR.py: all its settings are there, and what stands beside them is to be had."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from places import ROOT

import puresponse
from puresponse import HttpRequest, MemoryTransport, retrieve_response, run, use_cassette

pytestmark = pytest.mark.unmeasured

PAGE = (ROOT / "docs" / "coming-from" / "vcr.md").read_text(encoding="utf-8")
VCR: Any = import_module("vcr.config").VCR
CASSETTE: Any = import_module("vcr.cassette").Cassette


def rows(section: str) -> list[tuple[list[str], list[str]]]:
    """The code in the two columns of the table of a section."""
    begin = PAGE.index(f"\n## {section}\n")
    table = re.search(r"^\|---\|---\|\n((?:\|.*\n)+)", PAGE[begin:], re.MULTILINE)
    assert table is not None
    cells = [line.strip("| ").split(" | ") for line in table[1].splitlines()]
    return [(re.findall(r"`([^`]+)`", left), re.findall(r"`([^`]+)`", right)) for left, right in cells]


ROWS = [*rows("VCR.py"), *rows("pytest-recording")]


def same(request: HttpRequest) -> HttpRequest:
    return request


def names_in(codes: list[str]) -> set[str]:
    """The words at the beginning of what is shown."""
    return {re.split(r"[^\w.]", code)[0] for code in codes}


def test_every_setting_of_vcr_is_in_the_left_column_and_no_other() -> None:
    taken = {*inspect.signature(VCR.__init__).parameters} - {"self"}
    later = {"allow_playback_repeats"}  # of `use_cassette`, which takes the rest by its name too
    methods = {name for name in dir(VCR) if name.startswith("register_")}
    wrote = {name for left, _ in rows("VCR.py") for name in names_in(left)}
    spoken = {"with", "once", "new_episodes", "all", "cassette.all_played", "cassette.play_count"}
    assert wrote - spoken == taken | later | methods
    assert all(hasattr(CASSETTE, name) for name in ("all_played", "play_count"))


@pytest.mark.parametrize("writes", [right for _, right in ROWS if right], ids=lambda right: right[0])
def test_what_is_written_in_its_place_is_taken(writes: list[str], tmp_path: Path) -> None:
    names: dict[str, Any] = {name: getattr(puresponse, name) for name in dir(puresponse)}
    names |= {
        "function": same,
        "pytest": pytest,
        "live": MemoryTransport(),
    }
    for code in writes:
        given = re.fullmatch(r"@?(?:pytestmark = )?(?:pytest\.mark\.cassette|cassette)\((.*=.*)\)", code)
        options = given[1].removeprefix("live, ") if given else code if re.match(r"\w+=", code) else ""
        if options:
            asked: Any = eval(f"dict({options})", names)
            untyped: Any = use_cassette
            with untyped(tmp_path / "one.json", MemoryTransport(), **{"mode": "once", **asked}) as transport:
                run(retrieve_response("resp_chat"), transport)
        elif re.match(r"[A-Z]\w+\(", code):
            eval(code, names)
        elif code.startswith("with "):
            ast.parse(f"{code}:\n    pass")


def test_each_marker_and_option_of_the_right_column_is_the_plugin_s() -> None:
    codes = [code for _, right in ROWS for code in right]
    markers = {mark for code in codes for mark in re.findall(r"pytest\.mark\.(\w+)", code)} | {"block_network"}
    options = {option for code in codes for option in re.findall(r"--[a-z-]+", code)}
    plugin = (ROOT / "transports" / "testing" / "pytest_cassettes.py").read_text(encoding="utf-8")
    assert {name for name in markers if f'"markers", "{name}(' not in plugin and f"{name}(" not in plugin} == set()
    assert options == {"--cassette-mode", "--cassette-verdicts"}
    assert {name for name in options | {"--block-network"} if f'addoption("{name}"' not in plugin} == set()
    fixture = import_module("puresponse.transports.testing.pytest_cassettes").CassetteFixture
    instance = fixture(Path("x"), "none", {})
    used = {name for code in codes for name in re.findall(r"\bcassette\.(\w+)", code)} - {"mark"}
    assert {name for name in used if not hasattr(instance, name)} == set()
