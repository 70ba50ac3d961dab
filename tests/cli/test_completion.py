"""Shells are taught to complete: the script is shown or installed, once, and does what it is for."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest
from msgspec import Struct

from puresponse.cli.help import completing
from puresponse.cli.process import run_program
from puresponse.cli.streams import Process
from puresponse.transports.memory.service import sample_state

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
    assert completed_by_bash(script, "puresponse cancel --memory resp_q", tmp_path) == ["resp_queued"]


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


SERVICES = """
[services.work]
base_url = "https://gateway.example.com/v1"

[services.worst]
memory = true
"""


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What is offered for the last of the words: bash is told the kind of each, and what it is."""
    configuration = tmp_path / "services.toml"
    configuration.write_text(SERVICES)
    broken = tmp_path / "broken.toml"
    broken.write_text("[")

    def offer(words: str, **environ: str) -> str:
        asking = {"COMP_WORDS": words.replace(" .", ""), "COMP_CWORD": str(len(words.split()) - 1)}
        for name, value in asking.items():  # which click reads from the environment of the process
            monkeypatch.setenv(name, value)
        places = {"PURESPONSE_CONFIG": str(broken if "broken" in environ else configuration)}
        asked = {"_PURESPONSE_COMPLETE": "bash_complete", **places, **environ}
        capfd.readouterr()
        assert run_program([], Process(None, sys.stdout, io.TextIOWrapper(io.BytesIO()), asked)) == 0
        return " ".join(capfd.readouterr().out.replace("plain,", "").split())

    return offer


def test_ids_of_the_samples_are_offered_in_memory_and_no_others(offered: Callable[..., str]) -> None:
    assert offered("puresponse delete --memory resp_ch") == "resp_chat"
    assert offered("puresponse --memory retrieve resp_l") == "resp_long"
    assert offered("puresponse stream --memory --from resp_f") == "resp_failed"
    assert offered("puresponse cancel resp_ch", PURESPONSE_MEMORY="1") == "resp_chat"
    assert offered("puresponse delete resp_ch") == ""
    assert offered("puresponse conversations retrieve --memory c") == "conv_weather"
    assert offered("puresponse conversations item --memory conv_weather m") == "msg_weather_1 msg_weather_2"
    assert offered("puresponse create --memory --model o") == "o4-mini"


def test_what_is_offered_in_memory_is_what_is_there() -> None:
    state = sample_state()
    assert set(completing.SAMPLES) == set(state.responses)
    assert set(completing.CONVERSATIONS) == set(state.conversations)
    items = state.conversations["conv_weather"].items(0.0)
    assert [item["id"] for item in items] == list(completing.CONVERSATION_ITEMS)
    assert {model["id"] for model in state.models} > set(completing.MODELS)


def test_services_are_offered_by_their_names(offered: Callable[..., str]) -> None:
    assert offered("puresponse delete --service wo") == "work worst"
    assert offered("puresponse --service work") == "work"
    assert offered("puresponse --service w", broken="") == ""


def test_commands_choices_and_files_are_offered(offered: Callable[..., str]) -> None:
    assert offered("puresponse conversations re") == "retrieve"
    assert offered("puresponse --color a") == "auto always"
    assert offered("puresponse create --tools to") == "file,to"
    assert offered("puresponse delete --from ids") == "file,ids"


@pytest.mark.parametrize("shell", [shell for shell in ("bash", "zsh", "fish") if which(shell)])
def test_the_shells_that_are_here_read_the_script(shell: str, run: Run, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(run("--show-completion", shell).out)
    assert subprocess.run([shell, "-n", str(script)], capture_output=True, timeout=LIMIT, check=True).stderr == b""
