"""What is public: that it is there, documented, seen by type-checkers, and light to import."""

import ast
import builtins
import importlib
import json
import runpy
from itertools import zip_longest
from pathlib import Path

import pytest
from interpreters import modules_after, printed_by
from places import ROOT

HEAVY = {"socket", "ssl", "http.client", "urllib3", "threading", "asyncio", "concurrent", "selectors", "queue", "email"}


def heavy(modules: set[str]) -> set[str]:
    return {name for name in modules if name in HEAVY or name.split(".")[0] in HEAVY}


# --- importing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["core", "codecs"])
def test_importing_loads_nothing_heavy(package: str) -> None:
    assert heavy(modules_after(f"import puresponse.{package}")) == set()


@pytest.mark.parametrize("package", ["core", "codecs"])
def test_using_all_that_is_public_loads_nothing_heavy(package: str) -> None:
    code = f"import puresponse.{package} as it\nfor name in dir(it): getattr(it, name)"
    modules = modules_after(code)
    assert heavy(modules) == set()
    assert {name for name in modules if name.startswith("puresponse.")} > {f"puresponse.{package}"}


@pytest.mark.parametrize("package", ["core", "codecs"])
def test_importing_every_module_loads_nothing_heavy(package: str) -> None:
    names = [f"puresponse.{package}.{module}" for module in modules_in(package)]
    assert len(names) > 30
    assert heavy(modules_after(f"import {', '.join(names)}")) == set()


def test_a_heavy_import_would_be_noticed() -> None:
    assert heavy(modules_after("import urllib3, asyncio")) >= {"urllib3", "asyncio", "socket", "ssl", "threading"}


def test_importing_the_core_loads_no_transport() -> None:
    assert not {name for name in modules_after("import puresponse.core") if name.startswith("puresponse.transports")}


def test_running_an_operation_through_a_function_loads_nothing_heavy() -> None:
    code = """
from puresponse.core import HttpResponse, delete_response, retrying
from puresponse.transports import VirtualClock, run
from returns.result import Success
assert run(retrying(delete_response("resp_1")), lambda _: Success(HttpResponse(status=204))).unwrap().deleted
"""
    assert heavy(modules_after(code)) == set()


def test_importing_the_transports_loads_neither_urllib3_nor_threads_nor_an_event_loop() -> None:
    assert heavy(modules_after("import puresponse.transports")) == set()


# --- what is public ------------------------------------------------------------------------------

PACKAGES = {name: importlib.import_module(f"puresponse.{name}") for name in ("codecs", "core", "transports")}
each_package = pytest.mark.parametrize("package", sorted(PACKAGES))


def public_names(package: str) -> dict[str, list[str]]:
    """The names that a package promises, by the module that holds them."""
    promised: dict[str, str] = vars(PACKAGES[package])["_PUBLIC"]
    return {home: sorted(names.split()) for home, names in promised.items()}


def all_names(package: str) -> list[str]:
    return [name for names in public_names(package).values() for name in names]


def stub_of(package: str) -> list[ast.stmt]:
    """What type-checkers see of a package, after what it says of itself."""
    return ast.parse((ROOT / package / "__init__.pyi").read_text()).body[1:]


@each_package
def test_what_is_public_exists_and_is_listed(package: str) -> None:
    module = PACKAGES[package]
    for name in all_names(package):
        assert getattr(module, name) is getattr(module, name)
    assert set(all_names(package)) <= set(dir(module))


@each_package
def test_no_name_is_promised_twice(package: str) -> None:
    assert len(all_names(package)) == len(set(all_names(package)))


@each_package
def test_no_public_name_is_a_builtin(package: str) -> None:
    # Whoever imported it would have displaced `map`, `filter` or `sum` in the whole module.
    assert set(all_names(package)) & set(dir(builtins)) == set()


@each_package
def test_no_public_name_is_that_of_a_module(package: str) -> None:
    # The module, once something else had imported it, would stand where the name is looked for; in a room inside the
    # package it would not, but a reader would take the one for the other.
    modules = {name for module in modules_in(package) for name in module.split(".")}
    assert modules & set(all_names(package)) == set()


@each_package
def test_what_type_checkers_see_is_what_is_public(package: str) -> None:
    seen: dict[str, list[str]] = {}
    for statement in stub_of(package):
        assert isinstance(statement, ast.ImportFrom), "a `__getattr__` would have them take any name, misspelt ones too"
        home = "." * (statement.level - 1) + (statement.module or "")
        for alias in statement.names:
            assert alias.asname == alias.name, "an explicit re-export names itself"
            seen.setdefault(home, []).append(alias.name)
    assert {home: sorted(names) for home, names in seen.items()} == public_names(package)


@pytest.mark.parametrize("package", [*sorted(PACKAGES), "transports.testing.contract"])
def test_what_type_checkers_see_is_what_the_script_writes(package: str) -> None:
    before = ROOT.joinpath(*package.split("."), "__init__.pyi").read_text()
    assert runpy.run_path(str(ROOT / "tests" / "scripts" / "write_stubs.py"))["stub_of"](package) == before


@each_package
def test_completion_shows_what_is_public_and_nothing_else(package: str) -> None:
    # Not the modules either, which stand in the package as soon as they are loaded.
    for module in modules_in(package):
        if not module.endswith(("pytest_plugin", "pytest_entry")):
            importlib.import_module(f"puresponse.{package}.{module}")
    shown = dir(PACKAGES[package])
    assert [name for name in shown if not name.startswith("__")] == sorted(all_names(package))
    assert {"__all__", "__doc__", "__getattr__", "__path__"} <= set(shown)


@each_package
def test_a_name_that_is_not_public_cannot_be_imported(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'puresponse.{package}' has no attribute 'no_such_name'"):
        vars(PACKAGES[package])["__getattr__"]("no_such_name")
    with pytest.raises(ImportError):
        exec(f"from puresponse.{package} import no_such_name")


@each_package
def test_a_star_import_gives_what_is_public(package: str) -> None:
    told = f"from puresponse.{package} import *\nimport json\nprint(json.dumps(sorted(globals())))"
    assert set(all_names(package)) <= set(json.loads(printed_by(told)))


# --- docstrings ----------------------------------------------------------------------------------


def modules_of(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def modules_in(package: str) -> list[str]:
    """The modules and packages inside a package, as it names them."""
    found = (path.relative_to(ROOT / package).with_suffix("").parts for path in modules_of(package))
    return sorted({".".join(parts).removesuffix(".__init__") for parts in found} - {"__init__"})


def docstrings_of(statements: list[ast.stmt], prefix: str = "") -> dict[str, str | None]:
    """What each public definition says of itself, be it a class, a function, or a name that is assigned to."""
    found: dict[str, str | None] = {}
    for statement, following in zip_longest(statements, statements[1:]):
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not any(ast.unparse(mark).endswith("overload") for mark in statement.decorator_list):
                    found[prefix + name] = ast.get_docstring(statement)
            case ast.ClassDef(name=name):
                found[prefix + name] = ast.get_docstring(statement)
                methods = [node for node in statement.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
                found.update(docstrings_of(list[ast.stmt](methods), f"{prefix}{name}."))
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                match following:
                    case ast.Expr(ast.Constant(str(text))):
                        found[prefix + name] = text
                    case _:
                        found[prefix + name] = None
            case _:
                pass
    return found


@each_package
def test_every_module_says_what_it_is(package: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules_of(package)
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


@each_package
def test_whatever_is_public_says_what_it_is(package: str) -> None:
    silent: list[str] = []
    for home, names in public_names(package).items():
        path = (ROOT if home.startswith(".") else ROOT / package) / Path(*home.strip(".").split("."))
        sources = sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        said = docstrings_of([statement for source in sources for statement in ast.parse(source.read_text()).body])
        for name in names:
            members = {member for member in said if member.startswith(f"{name}.") and "._" not in member}
            silent += [f"{home}.{member}" for member in sorted({name, *members}) if not said.get(member)]
    assert silent == []


def test_a_definition_without_a_docstring_would_be_noticed() -> None:
    said = docstrings_of(ast.parse("def f(): ...\nx = 1\ny = 2\n'y'\nclass C:\n    def m(self): 'm'").body)
    assert said == {"f": None, "x": None, "y": "y", "C": None, "C.m": "m"}
