"""`import puresponse`: everything public in one place, loaded when it is asked for, and nothing before."""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import pytest
from interpreters import printed_by
from places import ROOT

import puresponse

PACKAGES = {name: importlib.import_module(f"puresponse.{name}") for name in ("codecs", "core", "transports")}


def public(package: str) -> list[str]:
    names: list[str] = vars(PACKAGES[package])["__all__"]
    return names


def everything() -> set[str]:
    return {name for package in PACKAGES for name in public(package)}


def test_importing_it_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import puresponse; print(*sorted(set(sys.modules) - before))"
    assert printed_by(code) == "puresponse"


def test_a_name_of_the_core_loads_no_transport() -> None:
    code = "from puresponse import cancel_response\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(printed_by(code)))
    assert "puresponse.core.endpoints.responses" in loaded
    assert [name for name in loaded if name.startswith("puresponse.transports")] == []
    assert loaded & {"socket", "ssl", "urllib3", "threading", "asyncio"} == set()


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_what_is_public_in_a_package_is_the_same_thing_here(package: str) -> None:
    assert [name for name in public(package) if getattr(puresponse, name) is not getattr(PACKAGES[package], name)] == []


def test_no_name_is_two_things() -> None:
    for one, other in combinations(PACKAGES, 2):
        for name in set(public(one)) & set(public(other)):
            assert getattr(PACKAGES[one], name) is getattr(PACKAGES[other], name), name


def test_no_name_is_a_builtin() -> None:
    # `from puresponse import *` would displace it.
    assert everything() & set(dir(builtins)) == set()


def test_completion_shows_what_is_public_and_nothing_else() -> None:
    assert {name for name in dir(puresponse) if not name.startswith("__")} == everything()
    assert dir(puresponse) == sorted(set(dir(puresponse)))
    assert "__version__" in dir(puresponse)
    shown = printed_by("import puresponse; print(*(name for name in dir(puresponse) if not name.startswith('__')))")
    assert set(shown.split()) == everything()


def test_a_star_import_gives_everything() -> None:
    code = "before = set(globals())\nfrom puresponse import *\nprint(*sorted(set(globals()) - before - {'before'}))"
    assert set(printed_by(code).split()) == everything()


def test_the_packages_are_there_too() -> None:
    code = (
        "import puresponse; print(puresponse.core.__name__, puresponse.codecs.__name__, puresponse.transports.__name__)"
    )
    assert printed_by(code) == "puresponse.core puresponse.codecs puresponse.transports"
    assert printed_by("from puresponse import cli, core; print(cli.__name__)") == "puresponse.cli"


def test_a_name_that_there_is_not_is_told() -> None:
    for name in ("no_such_name", "_PUBLIC", "__wrapped__"):
        with pytest.raises(AttributeError, match=f"^module 'puresponse' has no attribute '{name}'$"):
            getattr(puresponse, name)
    with pytest.raises(ImportError, match="cannot import name 'no_such_name' from 'puresponse'"):
        exec("from puresponse import no_such_name")


def test_it_says_its_version() -> None:
    assert puresponse.__version__ == version("puresponse")


def test_a_copy_that_is_not_installed_says_that_its_version_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "puresponse").symlink_to(ROOT / "facade")
    code = f"import sys; sys.path = [{str(tmp_path)!r}, *(path for path in sys.path if 'site-packages' not in path)]"
    assert printed_by(f"{code}; import puresponse; print(puresponse.__version__)", "-S") == "0+unknown"


def test_what_type_checkers_see_is_what_they_see_of_the_packages() -> None:
    body = ast.parse((ROOT / "facade" / "__init__.pyi").read_text()).body[1:]
    assert [ast.unparse(node) for node in body] == [
        *(f"from puresponse import {package} as {package}" for package in PACKAGES),
        *(f"from puresponse.{package} import *" for package in PACKAGES),
        "__version__: str",
    ]


@pytest.mark.parametrize("file", ["__init__.py", "__init__.pyi"])
def test_it_lists_no_name(file: str) -> None:
    words = set(re.findall(r"\w+", (ROOT / "facade" / file).read_text().partition('"""\n\n')[2]))
    assert words & everything() == set()


def test_it_imports_nothing_when_it_is_loaded() -> None:
    body = ast.parse((ROOT / "facade" / "__init__.py").read_text()).body
    assert [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))] == []


def test_python_m_is_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "puresponse", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"puresponse {version('puresponse')}\n"


def test_python_m_without_the_extra_says_what_to_install(tmp_path: Path) -> None:
    package = tmp_path / "puresponse"
    package.mkdir()
    for path in (*(ROOT / "facade").glob("*.py"), ROOT / "cli"):
        (package / path.name).symlink_to(path)
    done = subprocess.run(
        [sys.executable, "-S", "-m", "puresponse", "delete", "x"],  # -S: no site-packages, and so no click
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "puresponse: the command line needs click and rich: pip install 'puresponse[cli]'\n"
