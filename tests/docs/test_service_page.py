"""The page on the service for tests in any language: a shell runs what it shows, and its table has every option."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Generator

import click
import pytest
from markdown_it import MarkdownIt
from msgspec import json
from places import ROOT

from puresponse.cli.app import app
from puresponse.cli.commands.serve import Served, start_server
from puresponse.transports.serving.server import running

PAGE = (ROOT / "docs" / "service" / "README.md").read_text()
FENCES = [(token.info, token.content) for token in MarkdownIt().parse(PAGE) if token.type == "fence"]
COMMANDS = [line for info, content in FENCES if info == "sh" for line in re.split(r"\n(?=curl )", content.strip())]


@pytest.fixture(scope="module")
def origin() -> Generator[str]:
    with running(start_server(Served(port=0, control=True), {})) as server:
        yield server.origin


def answer(command: str, origin: str) -> bytes:
    """What a command of the page prints in a shell, where the service is at `origin`."""
    line = command.replace("http://127.0.0.1:8080", origin).replace("curl ", "curl -sS --noproxy '*' ", 1)
    environ = {"PATH": "/usr/bin:/bin", "OPENAI_BASE_URL": f"{origin}/v1"}
    return subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=60, env=environ).stdout


def test_each_command_is_answered_and_the_one_refusal_is_that_which_is_shown(origin: str) -> None:
    assert shutil.which("curl"), "tests/run setup installs curl"
    refused = ""
    for command in COMMANDS:
        if not command.startswith("curl"):
            continue
        error = json.decode(answer(command, origin)).get("error")
        refused += "" if error is None else error["message"] + "\n"
    assert refused == next(content for info, content in FENCES if info == "text")


def test_the_script_and_the_faults_do_what_is_said_of_them(origin: str) -> None:
    script, faults = (next(c for c in COMMANDS if f"/_puresponse/{name}'" in c or f"/_puresponse/{name} " in c)
                      for name in ("script", "faults"))  # fmt: skip
    ask = (
        "curl -i $OPENAI_BASE_URL/responses -H 'content-type: application/json' "
        '-d \'{"model": "gpt-4o", "input": "The weather?"}\''
    )
    assert json.decode(answer(script, origin)) == {"scope": "default"}
    assert b"get_weather" in answer(ask, origin)
    assert json.decode(answer(faults, origin)) == {"scope": "default"}
    assert b" 429 " in answer(ask, origin).splitlines()[0]
    assert b"get_weather" in answer(ask, origin)


def test_the_table_of_settings_has_every_option_of_serve() -> None:
    command = app.get_command(click.Context(app), "serve")
    assert command is not None
    declared = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    section = PAGE[PAGE.index("## Settings") : PAGE.index("## For Python")]
    listed = {
        name for row in re.findall(r"^\| (`--.*?) \|", section, re.MULTILINE) for name in re.findall(r"--[\w-]+", row)
    }
    assert listed == declared - {"--help"}
