"""README: a screen or two, whose command and code print what it shows, on a package index as in the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def below(language: str) -> tuple[str, str]:
    """The first block of a language, and what is shown below it."""
    number = next(number for number, (name, _) in enumerate(FENCES) if name == language)
    name, shown = FENCES[number + 1]
    assert name == "text"
    return FENCES[number][1], shown


def printed(*words: str, folder: Path) -> str:
    finished = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, cwd=folder)
    assert finished.stderr == ""
    return finished.stdout


def test_it_is_a_screen_or_two_that_an_index_shows_as_it_is() -> None:
    assert len(README.splitlines()) <= 100
    assert README.isascii()
    assert re.findall(r"!\[|<\w+[ >]", README) == []  # a picture would need an address
    assert [line for name, shown in FENCES if name != "sh" for line in shown.splitlines() if len(line) > 90] == []


def test_the_command_prints_what_is_shown(tmp_path: Path) -> None:
    command, shown = below("sh")
    words = command.split("&&")[-1].split()
    assert words[0] == ".venv/bin/puresponse"
    # On a terminal it is a table anyway.
    assert printed("-m", "puresponse", *words[1:], "--table", folder=tmp_path) == shown


def test_the_screen_of_code_prints_what_is_shown(tmp_path: Path) -> None:
    code, shown = below("python")
    assert len(code.splitlines()) < 25
    assert printed("-c", code, folder=tmp_path) == shown


def test_one_command_does_the_main_job_and_one_runs_the_tests() -> None:
    commands = [content.strip() for name, content in FENCES if name == "sh"]
    assert "--memory cancel" in commands[0]
    assert commands[-1] == "tests/run"


def test_it_leads_to_every_part_of_the_docs() -> None:
    named = set(re.findall(r"`(docs/[\w/.-]+)`", README))
    parts = {"tutorial", "how-to", "guides", "transports", "service", "reference", "reasons"}
    assert {name.split("/")[1] for name in named} == {*parts, "README.md"}
