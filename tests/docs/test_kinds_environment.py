"""The page on the environment has every variable that the code reads, where it reads it, and no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from places import ROOT
from told_tables import spans, tables_of

PAGE = ROOT / "docs" / "reference" / "environment.md"
PACKAGES = ("codecs", "core", "transports", "cli", "facade")

READERS = {"environ", "getenv"}
BY_NAME = {"setting", "given_or", "Variable"}
"""Functions of ours that are given the name of a variable."""

BY_OTHERS = {
    "getproxies": {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"},
    "home": {"HOME"},
}
"""Functions of Python, and what they read. https://docs.python.org/3/library/urllib.request.html"""

WSGI = "transports/serving/wsgi.py"
"""Where `environ` is that of a request (PEP 3333), and not of the process."""


def module_of(path: Path) -> str:
    inner = path.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
    return f"puresponse.{inner}" if inner != "facade" else "puresponse"


def called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def asked(tree: ast.AST) -> Iterator[ast.expr]:
    """What variables are asked for by, in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and called(node.value) in READERS:
            yield node.slice
        elif isinstance(node, ast.Call):
            function = node.func
            got = isinstance(function, ast.Attribute) and function.attr == "get" and called(function.value) in READERS
            if got or called(function) in {"getenv", "Variable"}:
                yield node.args[0]
            elif called(function) == "map" and ast.unparse(node.args[0]) == "environ.get":
                yield from node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]


def variables(path: Path) -> tuple[set[str], set[str]]:
    """The variables that a module reads; and what it asks for by a name that is known only when it runs."""
    source = path.read_text(encoding="utf-8")
    names: set[str] = set()
    others: set[str] = set()
    if not any(word in source for word in (*READERS, *BY_NAME, *BY_OTHERS)):
        return names, others
    tree = ast.parse(source)
    for expression in asked(tree):
        found: object = expression.value if isinstance(expression, ast.Constant) else None
        if isinstance(expression, ast.Name):
            found = vars(import_module(module_of(path))).get(expression.id)
        names |= {str(found)} if isinstance(found, str) else set()
        others |= set() if isinstance(found, str) else {ast.unparse(expression)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            names |= BY_OTHERS.get(called(node.func), set())
    return names, others


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[set[str], set[str]]]:
    """What each module reads."""
    modules = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    found = {str(path.relative_to(ROOT)): variables(path) for path in modules}
    return {name: what for name, what in found.items() if name != WSGI and any(what)}


def told() -> set[str]:
    return {name for table in tables_of(PAGE) for row in table for name in spans(row["variable"])}


def test_the_page_has_every_variable_that_is_read_and_no_other(read: dict[str, tuple[set[str], set[str]]]) -> None:
    assert told() == {each for names, _ in read.values() for each in names}


def test_what_is_read_by_a_name_of_the_users_is_said_to_be(read: dict[str, tuple[set[str], set[str]]]) -> None:
    ours = "transports/network/environment.py"  # the functions that are given the names above
    others = {f"{name}: {what}" for name, (_, asked_by) in read.items() if name != ours for what in asked_by}
    assert len(others) >= 3
    assert {other for other in others if not other.endswith("variable")} == set()
    text = PAGE.read_text(encoding="utf-8")
    assert all(option in text for option in ("`key_variable`", "`serve --key-variable`", "`record --token-variable`"))


def test_the_core_and_the_codecs_read_none(read: dict[str, tuple[set[str], set[str]]]) -> None:
    assert {name for name in read if name.startswith(("core/", "codecs/", "facade/"))} == set()


@pytest.mark.parametrize(("heading", "folder"), [("## The command line", "cli/"), ("## Tests", "transports/testing/")])
def test_a_section_has_what_is_read_there_alone(
    heading: str, folder: str, read: dict[str, tuple[set[str], set[str]]]
) -> None:
    (table,) = tables_of(PAGE, heading)
    rows = {name for row in table for name in spans(row["variable"])}
    there = {each for name, (names, _) in read.items() if name.startswith(folder) for each in names}
    elsewhere = {each for name, (names, _) in read.items() if not name.startswith(folder) for each in names}
    assert rows == there - elsewhere
