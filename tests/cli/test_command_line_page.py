"""What docs/reference/command-line.md shows is what happens: each example is run in a shell on a terminal."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from puresponse.cli.app import app
from puresponse.cli.cassettes import CASSETTE_COMMANDS
from puresponse.cli.commands import COMMANDS
from puresponse.cli.failures import ExitCode
from puresponse.cli.groups import Commands

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "command-line.md").read_text()
EXAMPLES = re.findall(r"^```console\n\$ (.*?)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
WIDTH = 100
LIMIT = 60


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The environment of a shell that finds `puresponse`, and knows of no key."""
    program = tmp_path / "puresponse"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m puresponse.cli "$@"\n')
    program.chmod(0o755)
    hidden = ("OPENAI_", "COLUMNS", "COVERAGE_", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TERM": "xterm", "NO_COLOR": "1"}


def chunks(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal, until nobody is left to write: which Linux tells as an error."""
    try:
        while chunk := os.read(terminal, 65536):
            yield chunk
    except OSError:
        return


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_gives_what_the_page_shows_in_an_empty_folder(
    command: str, shown: str, shell: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    for name in ("recordings", "examples"):
        if f"docs/{name}" in command:
            shutil.copytree(DOCS / name, folder / "docs" / name)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, WIDTH))
    with subprocess.Popen(
        ["sh", "-c", command], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=shell
    ) as process:
        os.close(theirs)
        seen = b"".join(chunks(ours)).decode()
        process.wait(LIMIT)
    os.close(ours)
    assert re.sub(r"\x1b\[[0-9;]*m", "", seen.replace("\r\n", "\n")) == shown


def test_the_page_has_examples_of_every_command_that_acts() -> None:
    commands = " ".join(command for command, _ in EXAMPLES)
    assert all(name in commands for name in ("samples", "cancel", "delete", "input-items", "--json", "convert"))


def test_the_page_lists_every_exit_code() -> None:
    listed = dict(re.findall(r"^\| (\d+) \| (.*?) \|$", PAGE, re.MULTILINE))
    assert listed == {str(code.value): code.meaning for code in ExitCode}


def test_the_page_names_every_option() -> None:
    context = click.Context(app)
    group = app.get_command(context, "cassette")
    assert isinstance(group, Commands)
    inner = [group.get_command(context, name) for name in CASSETTE_COMMANDS]
    declared = [app, *inner, *(app.get_command(context, name) for name in COMMANDS if name != "serve")]
    options = {name for command in declared if command for parameter in command.params for name in parameter.opts}
    assert "--all" in options
    assert {name for name in options if name.startswith("--") and not re.search(rf"{name}\b", PAGE)} == set()


def test_the_table_of_serving_has_its_options_with_their_defaults_and_no_others() -> None:
    command = app.get_command(click.Context(app), "serve")
    assert command is not None
    declared = {name: parameter for parameter in command.params for name in parameter.opts}
    section = PAGE[PAGE.index("\n## Serving\n") : PAGE.index("\n## Two forms\n")]
    rows = re.findall(r"^\| `(--[a-z-]+)[^`]*` \| .+? \| (.*?)\|$", section, re.MULTILINE)
    assert {name for name, _ in rows} == declared.keys() - {"--help"}
    for name, default in rows:
        if isinstance(parameter := declared[name], click.Option) and parameter.show_default:
            assert default.startswith(f"`{parameter.default}`"), name


def test_the_page_names_every_command() -> None:
    named = [*COMMANDS, *(f"cassette {name}" for name in CASSETTE_COMMANDS)]
    assert {name for name in named if f"| `{name}" not in PAGE} == set()
