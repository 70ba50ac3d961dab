"""The page on pytest has every fixture, marker and option of the plugin, and no other."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from typing import Any

import pytest
from places import ROOT
from told_tables import spans, tables_of

from puresponse.transports.testing.every_fault import OPTIONS

PAGE = ROOT / "docs" / "reference" / "pytest.md"
ENTRY: Any = import_module("puresponse_pytest")
MODULES: list[Any] = [ENTRY, *map(import_module, ENTRY.pytest_plugins)]


def rows(heading: str) -> list[dict[str, str]]:
    return tables_of(PAGE, heading)[0]


class Parser:
    """Notes which options a plugin adds."""

    def __init__(self) -> None:
        self.options: dict[str, dict[str, Any]] = {}

    def getgroup(self, *_: str) -> Parser:
        return self

    def addoption(self, name: str, **settings: Any) -> None:
        self.options[name] = settings


def fixtures(module: Any) -> dict[str, str]:
    """The fixtures that a module defines, with their scopes."""
    found: dict[str, str] = {}
    functions = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.FunctionDef)]
    for node in functions:
        for decorator in node.decorator_list:
            if ast.unparse(decorator).startswith("pytest.fixture"):
                scope = re.search(r"scope='(\w+)'", ast.unparse(decorator))
                found[node.name] = "function" if scope is None else scope[1]
    return found


def test_every_fixture_is_told_with_its_scope_and_no_other() -> None:
    plugin = import_module("puresponse.transports.testing.pytest_plugin")
    found = {name: scope for module in (plugin, *MODULES) for name, scope in fixtures(module).items()}
    assert {row["fixture"].strip("`"): row["scope"] for row in rows("## Fixtures")} == found
    assert set(fixtures(plugin)) <= set(dir(ENTRY))


def test_every_marker_is_told_as_it_is_registered_and_no_other(pytestconfig: pytest.Config) -> None:
    registered: list[str] = pytestconfig.getini("markers")
    ours = {
        line.partition(":")[0]
        for line in registered
        if line.startswith(("puresponse(", "every_fault(", "cassette(", "block_network("))
    }
    assert {row["marker"].strip("`") for row in rows("## Markers")} == ours
    (every_fault,) = [line for line in ours if line.startswith("every_fault")]
    assert set(re.findall(r"\w+", every_fault)) - {"every_fault"} == OPTIONS


def test_the_markers_of_the_plugin_are_those_that_its_modules_register() -> None:
    lines: list[str] = []

    class Config:
        def addinivalue_line(self, _: str, line: str) -> None:
            lines.append(line.partition("(")[0])

        def getoption(self, _: str) -> None:
            return None

    for module in MODULES:
        configure: Any = getattr(module, "pytest_configure", None)
        if configure is not None:
            configure(Config())
    assert {row["marker"].strip("`").partition("(")[0] for row in rows("## Markers")} == set(lines)


def test_every_option_is_told_with_what_it_takes_and_no_other() -> None:
    parser = Parser()
    for module in MODULES:
        add: Any = getattr(module, "pytest_addoption", None)
        if add is not None:
            add(parser)
    told = {row["option"].strip("`"): row for row in rows("## Options")}
    assert told.keys() == parser.options.keys()
    for name, settings in parser.options.items():
        assert set(spans(told[name]["value"])) == set(settings.get("choices", ()))
        assert (told[name]["value"] == "") is (settings.get("action") == "store_true")


def test_what_the_fixture_cassette_has_is_told() -> None:
    fixture: Any = import_module("puresponse.transports.testing.pytest_cassettes").CassetteFixture
    made = fixture(ROOT / "a.json", "none", {})
    public = {name for name, _ in inspect.getmembers(made) if not name.startswith("_")} - {"end"}
    text = PAGE.read_text(encoding="utf-8")
    assert {name for name in public if f"`{name}`" not in text} == set()
