"""The commands of the playground's README do what it says: one serves the page, one writes its folder."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from serve import PAGE, PLAYGROUND, POLICY, ROOT, NotInstalledError, assemble, listen, main

COMMANDS = [
    line
    for token in MarkdownIt().parse((PLAYGROUND / "README.md").read_text())
    if token.type == "fence" and token.info == "sh"
    for line in token.content.splitlines()
    if not line.startswith("#")  # what it needs
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("playground")
    assemble(folder)
    return folder


def test_the_readme_shows_three_commands() -> None:
    serve = "python3 docs/playground/serve.py"
    assert ["tests/run setup", serve, f"{serve} --out /tmp/playground"] == COMMANDS
    assert os.access(ROOT / "tests" / "run", os.X_OK)


def test_the_command_that_serves_answers_on_loopback_under_the_policy() -> None:
    _, *arguments = shlex.split(COMMANDS[1])
    command = [sys.executable, *arguments, "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
            assert found is not None
            for name, kind in [
                ("", "text/html"),
                ("worker.js", "text/javascript"),
                ("pyodide/pyodide.asm.wasm", "wasm"),
            ]:
                with urllib.request.urlopen(found.group() + name) as answer:
                    assert kind in answer.headers["Content-Type"]
                    assert answer.headers["Content-Security-Policy"] == POLICY
        finally:
            server.send_signal(signal.SIGINT)  # as Ctrl+C does
    assert server.returncode == 0


def test_the_command_that_writes_the_folder_writes_the_same_one(folder: Path, tmp_path: Path) -> None:
    _, *arguments = shlex.split(COMMANDS[2])
    command = [sys.executable, *arguments[:-1], str(tmp_path / "out")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    written = {path.relative_to(tmp_path / "out"): path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {name.as_posix() for name in written} >= {*PAGE, "manifest.json", "puresponse.zip"}
    assert set(written) == {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert all((folder / name).read_bytes() == path.read_bytes() for name, path in written.items())


def test_every_file_of_the_page_is_in_the_folder() -> None:
    page = {path.name for path in PLAYGROUND.iterdir() if path.suffix in (".html", ".css", ".js", ".svg", ".py")}
    assert page - {"serve.py", "screenshot.py"} == set(PAGE)


def test_what_is_not_installed_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(NotInstalledError, match="tests/run setup"):
        assemble(tmp_path / "out", runtime=tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_port_that_is_taken_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with listen(folder) as taken:
        assert main(["--port", str(taken.server_port)]) == 1
    assert "in use" in capsys.readouterr().err


def test_the_manifest_names_what_is_loaded_with_its_size(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert all((folder / name).stat().st_size == size for name, size in manifest["sizes"].items())
    assert {"puresponse.zip", "pyodide/pyodide.asm.wasm", "playground.py", *manifest["wheels"]} <= set(
        manifest["sizes"]
    )
    assert [name.split("-")[0] for name in manifest["wheels"]] == [
        "wheels/msgspec",
        "wheels/returns",
        "wheels/typing_extensions",
    ]


def test_the_library_is_in_its_zip_as_it_is(folder: Path) -> None:
    with zipfile.ZipFile(folder / "puresponse.zip") as zipped:
        assert zipped.read("puresponse/core/steps.py") == (ROOT / "core" / "steps.py").read_bytes()
        packages = {name.split("/")[1] for name in zipped.namelist()}
    assert packages == {"__init__.py", "codecs", "core", "transports"}
