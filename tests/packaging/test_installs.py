"""What is installed works: as the README says, and from a clone with the type-checkers and pytest at its root."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from clone import VERSION, clone, environment, shell

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet")
"""What a test adds to the words that are shown: the environment has what they would fetch."""

SHOWN = [
    line
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    for line in block.splitlines()
    if "/path/to/puresponse" in line
]
PROGRAM = """
from puresponse import MemoryTransport, delete_response, run
print(run(delete_response("resp_chat"), MemoryTransport()).unwrap().deleted)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("clone"))


@pytest.mark.parametrize("line", SHOWN, ids=["clone", "requirement", "wheel"])
def test_what_the_readme_shows_installs_the_library_and_its_command(line: str, tree: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "environment")
    words = line.split("#", maxsplit=1)[0]
    words = words.replace("/path/to/puresponse", str(tree)).replace("pip ", f"{python} -m pip ")
    offline = shlex.join(OFFLINE)
    shell("sh", "-ec", " && ".join(f"{command} {offline}" for command in words.split(" && ")), cwd=tmp_path)
    assert shell(python, "-c", PROGRAM, cwd=tmp_path) == "True\n"
    assert shell(python, "-m", "puresponse", "--version", cwd=tmp_path) == f"puresponse {VERSION}\n"
    assert shell(python.parent / "puresponse", "--version", cwd=tmp_path) == f"puresponse {VERSION}\n"
    where = shell(python, "-c", "import puresponse.core; print(puresponse.core.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(python.parents[1])


@pytest.fixture(scope="module")
def editable(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with a plain editable install of the clone."""
    python = environment(tmp_path_factory.mktemp("environment"))
    # pip asks this first, but where a build is not isolated.
    shell(python, "-c", "import build_backend; build_backend.get_requires_for_build_editable()", cwd=tree)
    shell(python, "-m", "pip", "install", "-e", ".", *OFFLINE, cwd=tree)
    return python


def test_pytest_runs_at_the_root_of_an_editable_install_however_it_is_started(editable: Path, tree: Path) -> None:
    # Without PYTHONSAFEPATH: with `-m`, the root and so the folder `codecs` is on the path.
    told = shell(editable, "-m", "pytest", "-q", "tests/core/test_http.py", cwd=tree)
    assert re.search(r"^\d+ passed", told, re.MULTILINE)
    script = "import sys; from pytest import console_main; sys.exit(console_main())"  # what the command `pytest` does
    (tree.parent / "pytest_command.py").write_text(script)
    told = shell(editable, tree.parent / "pytest_command.py", "-q", "tests/core/test_http.py", cwd=tree)
    assert re.search(r"^\d+ passed", told, re.MULTILINE)


SEEN = """
from puresponse.core.http import HttpRequest

reveal_type(HttpRequest("GET", "/models").path)
"""


def test_both_type_checkers_follow_an_editable_install(editable: Path, tree: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(SEEN)
    told = shell(editable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), program, cwd=tree)
    assert 'Revealed type is "str"' in told.replace("builtins.", "")
    told = shell(editable, "-m", "pyright", "--pythonpath", str(editable), program, cwd=tmp_path)
    assert 'is "str"' in told
    assert "0 errors" in told
