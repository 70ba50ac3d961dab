"""Every snippet of README and docs/ runs alone: pasted into an empty file or folder, it does what is shown."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from pasting import Desk, desk
from snippets import Snippet, copied, folder_of, pages, snippets

from puresponse import MemoryTransport, Reply, serve

KEY = "sk-of-the-pages-and-nothing-else"

FAILS = "# This test fails."
"""The first line of a block that is shown because it fails."""

PASTED = [
    snippet
    for page in pages()
    for snippet in snippets(page)
    if snippet.language in {"python", "pycon"} and not snippet.needs and not snippet.quoted
]


@pytest.fixture(scope="module")
def at() -> Generator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture(scope="module")
def service() -> Generator[str]:
    """What tests that are shown reach, with the key that is set for them."""
    with serve(MemoryTransport(script=Reply.text("Hello!"))) as url:
        yield url


def kind_of(snippet: Snippet) -> str:
    """How a block is run: by an interpreter, by pytest where there are tests in it, or as a program."""
    if snippet.language == "pycon":
        return "session"
    return "tests" if re.search(r"^(?:async )?def test_", snippet.content, re.MULTILINE) else "program"


@pytest.mark.unmeasured
@pytest.mark.parametrize("snippet", PASTED, ids=lambda snippet: snippet.name)
def test_a_snippet_that_is_pasted_runs_alone_and_gives_what_it_shows(
    snippet: Snippet, at: Desk, service: str, tmp_path: Path
) -> None:
    reached = {}
    if kind_of(snippet) == "tests" or "OPENAI_API_KEY" in "".join(folder_of(snippet, "").values()):
        reached = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": service, "PURESPONSE_CASSETTE_MODE": "once"}
    ran = at.run(snippet, kind_of(snippet), tmp_path, **reached)
    expected = int(snippet.content.startswith(FAILS))
    assert ran.code == expected, f"{snippet.name}\n{ran.output}"


@pytest.mark.deep
@pytest.mark.parametrize("snippet", [one for one in PASTED if kind_of(one) == "program"], ids=lambda one: one.name)
def test_a_program_that_is_pasted_runs_alone_in_a_process_of_its_own(
    snippet: Snippet, at: Desk, service: str, tmp_path: Path
) -> None:
    """A fork of a process that has loaded everything might have what a fresh one lacks."""
    files = folder_of(snippet, "pasted.py")
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    reached = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": service} if "OPENAI_API_KEY" in "".join(files.values()) else {}
    environment = at.environment(**reached) | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, snippet.title or "pasted.py"]
    finished = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{snippet.name}\n{finished.stderr}"


def test_what_the_site_copies_of_a_session_is_the_program_that_was_run() -> None:
    """Without prompts and outputs it is a file that Python reads, of the same statements in the same order."""
    sessions = [snippet for snippet in PASTED if snippet.language == "pycon"]
    assert len(sessions) > 300
    assert [snippet.name for snippet in sessions if not is_copied_whole(snippet.content)] == []


def is_copied_whole(session: str) -> bool:
    run = [example.source for example in doctest.DocTestParser().get_examples(session)]
    statements = [statement for source in run for statement in ast.parse(source).body]
    try:
        return ast.dump(ast.parse(copied(session))) == ast.dump(ast.Module(statements, []))
    except SyntaxError:
        return False


def test_a_session_of_which_a_part_is_not_copied_is_found_out() -> None:
    assert is_copied_whole(">>> if True:\n...     1\n...\n2\n")
    assert not is_copied_whole('>>> text = """one\n...\n... two"""\n')  # the empty line has no prompt
