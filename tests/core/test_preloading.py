"""Loading at once what is loaded on demand: that nothing is left to be loaded."""

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest
from interpreters import modules_after
from places import ROOT

import puresponse.codecs
import puresponse.core
from puresponse.core import preload

FILES = [path for layer in ("codecs", "core") for path in sorted((ROOT / layer).rglob("*.py"))]


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """What is loaded in a process that did nothing but preload."""
    return modules_after("from puresponse.core import preload; preload()")


def name_of(path: Path) -> str:
    return ".".join(("puresponse", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def imports_in_functions(path: Path) -> Iterator[str]:
    """The modules that a file imports when one of its functions is called."""
    package = ".".join(("puresponse", *path.parent.relative_to(ROOT).parts))
    for function in ast.walk(ast.parse(path.read_text())):
        for node in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield resolve_name("." * node.level + (node.module or ""), package)


def test_every_module_of_the_core_and_the_codecs_is_loaded(loaded: set[str]) -> None:
    assert len(FILES) > 80
    assert {name_of(path) for path in FILES} - loaded == set()


def test_what_functions_import_is_loaded(loaded: set[str]) -> None:
    wanted = {name for path in FILES for name in imports_in_functions(path)}
    assert {
        "hashlib",
        "difflib",
        "puresponse.codecs.lossless.lenient",
        "puresponse.codecs.lossless.shortened_repr",
    } <= wanted
    assert wanted - loaded == set()


def test_importing_alone_does_not_do_that() -> None:
    assert modules_after("import puresponse.core") & {"hashlib", "puresponse.codecs.lossless.lenient"} == set()


def test_no_transport_socket_or_thread_is_loaded(loaded: set[str]) -> None:
    heavy = ("puresponse.transports", "socket", "ssl", "urllib3", "threading", "asyncio", "subprocess", "select")
    assert {name for name in loaded if name.startswith(heavy)} == set()


def test_all_public_names_are_there_and_it_may_be_called_again() -> None:
    preload()
    preload()
    for package in (puresponse.core, puresponse.codecs):
        assert set(vars(package)["__all__"]) <= vars(package).keys()
