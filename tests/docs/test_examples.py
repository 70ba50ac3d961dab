"""What README and docs/ show is what happens: examples of a page run in order, programs print what is shown."""

from __future__ import annotations

import ast
import doctest
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from places import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = sorted((ROOT / "docs" / "examples").glob("*.py"))


def blocks(page: Path, language: str | None = None) -> list[Token]:
    """The fenced blocks of a page, in order; of one language, where one is given."""
    tokens = MarkdownIt().parse(page.read_text())
    return [token for token in tokens if token.type == "fence" and language in (None, token.info)]


def line_of(token: Token) -> int:
    """The line of the page on which the block's content starts, counted from 0."""
    assert token.map is not None
    return token.map[0] + 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run_in_order_and_give_what_they_show(page: Path) -> None:
    namespace: dict[str, Any] = {"__name__": page.stem}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for block in blocks(page):
        if block.info == "python":
            exec(compile("\n" * line_of(block) + block.content, str(page), "exec"), namespace)
        elif block.info == "pycon":
            test = doctest.DocTestParser().get_doctest(block.content, namespace, page.name, str(page), line_of(block))
            report: list[str] = []
            runner.run(test, out=report.append, clear_globs=False)
            namespace = test.globs
            assert not report, "".join(report)


PUBLIC = {"puresponse", "puresponse.codecs", "puresponse.core", "puresponse.transports"}
CONTRACT = "puresponse.transports.testing.contract"
"""The one module besides that has a public surface of its own: the suites for whoever writes a transport or a host."""


def sources() -> dict[str, str]:
    """The code that README and docs/ show: whole programs, and the examples of each page, without what they print."""
    shown = {str(program.relative_to(ROOT)): program.read_text() for program in PROGRAMS}
    for page in PAGES:
        pycon = "\n".join(block.content for block in blocks(page, "pycon"))
        examples = "".join(example.source for example in doctest.DocTestParser().get_examples(pycon))
        shown[page.name] = examples + "\n".join(block.content for block in blocks(page, "python"))
    return shown


def test_docs_and_examples_import_only_what_is_public() -> None:
    found: dict[str, set[str]] = {}
    for name, source in sources().items():
        for node in ast.walk(ast.parse(source)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            found.setdefault(name, set()).update(module for module in modules if module.startswith("puresponse"))
    assert {module for modules in found.values() for module in modules} >= {"puresponse", CONTRACT}
    assert {name: hidden for name, modules in found.items() if (hidden := modules - PUBLIC - {CONTRACT})} == {}


def test_every_example_program_is_shown_on_the_page_of_patterns() -> None:
    shown = {word for block in blocks(ROOT / "docs" / "patterns.md", "console") for word in block.content.split()}
    assert {f"docs/examples/{program.name}" for program in PROGRAMS} <= shown


@pytest.mark.parametrize(
    "block", blocks(ROOT / "docs" / "patterns.md", "console"), ids=lambda block: block.content.split()[2]
)
def test_an_example_program_prints_what_its_page_shows(block: Token) -> None:
    command, expected = block.content.removeprefix("$ ").split("\n", 1)
    program = shlex.split(command)
    assert program[0] == "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    finished = subprocess.run(
        [sys.executable, *program[1:]], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    assert finished.stdout == expected
