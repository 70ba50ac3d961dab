"""Shells are taught to complete: the script is shown or installed, once, and does what it is for."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from puresponse.cli.process import run_program
from puresponse.cli.streams import Process

LIMIT = 60


class Ran(Struct):
    """What a command line gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line for a user whose home is `tmp_path`."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def run_for(*arguments: str, shell: str = "") -> Ran:
        written = io.BytesIO()
        stderr = io.TextIOWrapper(written, encoding="utf-8")
        code = run_program(arguments, Process(None, sys.stdout, stderr, {"SHELL": shell}))
        return Ran(code, capfd.readouterr().out, written.getvalue().decode())

    return run_for


def completed_by_bash(script: Path, words: str, home: Path) -> list[str]:
    """What bash offers for the last of the words, having read `script`."""
    program = home / "puresponse"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m puresponse.cli "$@"\n')
    program.chmod(0o755)
    asking = f"""
        source "$0"
        COMP_WORDS=({words}) COMP_CWORD={len(words.split()) - 1}
        _puresponse_completion {program}
        printf "%s\\n" "${{COMPREPLY[@]}}"
    """
    told = subprocess.run(
        ["bash", "-c", asking, str(script)], capture_output=True, text=True, timeout=LIMIT, check=True
    )
    assert told.stderr == ""
    return told.stdout.split()


def test_bash_reads_what_was_installed_and_completes(run: Run, tmp_path: Path) -> None:
    ran = run("--install-completion", shell="/bin/bash")
    script = tmp_path / ".bash_completions" / "puresponse.sh"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == f"bash completion installed in {script}"
    assert completed_by_bash(script, "puresponse can", tmp_path) == ["cancel"]
    assert completed_by_bash(script, "puresponse input-items --al", tmp_path) == ["--all"]
    assert completed_by_bash(script, "puresponse input-items --order a", tmp_path) == ["asc"]


def test_what_a_user_had_in_a_file_stays_and_is_added_to_once(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / ".bashrc"
    settings.write_bytes(b"alias l=ls # \xff, and no line end")
    for _ in range(2):
        assert run("--install-completion", "bash").code == 0
    assert settings.read_bytes() == (b"alias l=ls # \xff, and no line end\nsource ~/.bash_completions/puresponse.sh\n")


@pytest.mark.parametrize(
    ("shell", "script", "settings"),
    [
        ("zsh", ".zfunc/_puresponse", {".zshrc": "fpath+=~/.zfunc; autoload -Uz compinit; compinit\n"}),
        ("fish", ".config/fish/completions/puresponse.fish", {}),
    ],
)
def test_other_shells_find_it_where_they_look(
    shell: str, script: str, settings: dict[str, str], run: Run, tmp_path: Path
) -> None:
    assert run("--install-completion", shell, shell="/bin/bash").code == 0
    assert (tmp_path / script).read_text() == run("--show-completion", shell=f"/bin/{shell}").out
    assert f"_PURESPONSE_COMPLETE={shell}_complete" in (tmp_path / script).read_text()
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()} == settings


@pytest.mark.parametrize(("arguments", "shell"), [([], ""), ([], "/bin/tcsh"), (["tcsh"], "/bin/bash")])
def test_a_shell_that_cannot_be_taught_is_a_usage_error(
    arguments: list[str], shell: str, run: Run, tmp_path: Path
) -> None:
    for option in ("--install-completion", "--show-completion"):
        ran = run(option, *arguments, shell=shell)
        assert (ran.code, ran.out) == (2, "")
        assert "name one of bash, zsh, fish" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".bash_completions").write_text("")
    ran = run("--install-completion", "bash")
    assert ran.code == 74
    assert ran.err.startswith("puresponse: cannot write: ")
