"""Help teaches by examples: every command has some, they work as they are, and no line of help is cut.

A line that needs no shell is run in this process; one that does, and a server, in processes of their own. `tests/run
deep` runs every line in processes of its own.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command_lines import run

from puresponse.cli.app import app
from puresponse.cli.groups import Commands
from puresponse.cli.help.examples import EXAMPLES
from puresponse.cli.help.guide import SUMMARIES, Example, examples_of
from puresponse.cli.parameters import Command

LIMIT = 60
SERVING = re.compile(r"^puresponse (serve|record) (?!.*--schema)")


def commands(group: Commands, *path: str) -> Iterator[tuple[tuple[str, ...], Command | Commands]]:
    """A group, and every command in it, each with its path."""
    yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, Commands):
            yield from commands(found, *path, name)
        else:
            assert isinstance(found, Command)
            yield (*path, name), found


PATHS = [path for path, _ in commands(app)]


def help_of(path: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> str:
    """What a command says of itself. click writes it to the standard output of the process."""
    capfd.readouterr()
    assert run(*path, "--help").code == 0
    return capfd.readouterr().out


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The environment of a shell that finds `puresponse`, and knows of no key."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "puresponse"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m puresponse.cli "$@"\n')
    program.chmod(0o755)
    hidden = ("OPENAI_", "PURESPONSE_", "COLUMNS", "COVERAGE_", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "PATH": f"{programs}:{os.environ['PATH']}"}


def printed_by_shell(line: str, environ: dict[str, str], folder: Path) -> tuple[int, str]:
    """The exit code of a line, and all that it prints. A server is stopped when it has said where it is."""
    with subprocess.Popen(
        ["sh", "-c", line if not SERVING.match(line) else f"exec {line}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environ,
        cwd=folder,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        while SERVING.match(line) and "http://" not in said and (one := process.stdout.readline()):
            said += one
        if said:
            process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=LIMIT)
    return process.returncode, said + rest


def printed_here(line: str) -> tuple[int, str]:
    """The same for a line that needs no shell, in this process."""
    ran = run(*shlex.split(line)[1:])
    return ran.code, (ran.out + ran.err).decode()


def needs_shell(line: str) -> bool:
    """Whether a line has more than words, serves, or waits by the clock of the service in memory."""
    return re.search(r"[|<>;&$*]|^(?!puresponse )| --wait ", line) is not None or SERVING.match(line) is not None


def check(example: Example, prints: list[tuple[int, str]]) -> None:
    """Hold what the lines of an example print to what it says."""
    codes, texts = zip(*prints, strict=True)
    assert (codes[-1], {*codes[:-1]} - {0}) == (example.code, set()), texts
    assert example.prints in texts[-1]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_two_to_four_examples(path: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    examples = examples_of(" ".join(path))
    assert 2 <= len(examples) <= 5 if not path else 2 <= len(examples) <= 4
    shown = help_of(path, capfd)
    assert shown.endswith("".join(f"  # {one.does}\n{indented(one.line)}" for one in examples))


def indented(lines: str) -> str:
    return "".join(f"  {line}\n" for line in lines.split("\n"))


def test_there_are_examples_of_no_other_command() -> None:
    assert {tuple(path.split()) for path in EXAMPLES} == set(PATHS)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_the_examples_work_as_they_are(
    path: tuple[str, ...], shell: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for example in examples_of(" ".join(path)):
        lines = example.line.split("\n")
        check(
            example,
            [printed_by_shell(line, shell, folder) if needs_shell(line) else printed_here(line) for line in lines],
        )


@pytest.mark.deep
@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_the_examples_work_in_a_shell(path: tuple[str, ...], shell: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for example in examples_of(" ".join(path)):
        check(example, [printed_by_shell(line, shell, folder) for line in example.line.split("\n")])


def test_the_guide_says_of_a_command_what_it_says_itself() -> None:
    found = {" ".join(path): command for path, command in commands(app) if len(path) == 1}
    said = {name: " ".join((command.help or "").partition("\n\n")[0].split()) for name, command in found.items()}
    assert {name: line for name, line in SUMMARIES.items() if said.get(name) != line} == {}
    assert {name for name in said if name not in SUMMARIES} == set()


@pytest.mark.parametrize("columns", ["20", "40", "1000"])
@pytest.mark.parametrize("path", [(), ("create",), ("conversations",)], ids=" ".join)
def test_no_word_of_help_is_cut_whatever_columns_says(
    path: tuple[str, ...], columns: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    words = help_of(path, capfd).split()
    monkeypatch.setenv("COLUMNS", columns)
    assert help_of(path, capfd).split() == words


def test_no_row_of_a_table_is_cut_in_a_pipe_whatever_columns_and_force_color_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    for environ in ({}, {"FORCE_COLOR": "1"}):
        ran = run("input-items", "resp_chat", "--memory", "--table", environ=environ)
        assert b"What is the weather where this picture was taken?" in ran.out
        assert "…" not in ran.out.decode()
