"""What README and docs/ show is imported from one place, and every example program is on a page.

That it runs is for test_snippets.py and test_snippets_shell.py to show.
"""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from places import ROOT

PROGRAMS = sorted((ROOT / "docs" / "examples").glob("*.py"))


def blocks(page: Path, language: str | None = None) -> list[Token]:
    """The fenced blocks of a page, in order; of one language, where one is given."""
    tokens = MarkdownIt().parse(page.read_text())
    return [token for token in tokens if token.type == "fence" and language in (None, token.info)]


CONTRACT = "puresponse.transports.testing.contract"
"""The one module besides `puresponse` that is imported from: the suites for whoever writes a transport or a host."""

OF_THE_PLAYGROUND = {
    "puresponse.transports.testing.exploration.lines",
    "puresponse.transports.testing.lives.literals",
}
"""What the playground steps a life with, which is to be as the search does it: nobody is shown it as an example."""

IMPORT = re.compile(r"^\s*(?:>>> |\.\.\. |code: `)?(?:from|import) (puresponse[\w.]*)", re.MULTILINE)
NO_EXAMPLES = {"names", "values", "site"}
"""Folders with pages that are made of docstrings, which import from the package that they are about; and the site."""

SHOWN = [
    path
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*")))
    if path.suffix in {".md", ".py", ".js"} and path.parent.name not in NO_EXAMPLES
]


def test_readme_docs_and_examples_import_from_puresponse_itself() -> None:
    imported = {str(path.relative_to(ROOT)): set(IMPORT.findall(path.read_text())) for path in SHOWN}
    expected = {
        "docs/examples/batch.py",
        "docs/guides/pyodide.md",
        "docs/workflows/temporal_host.py",
        "docs/playground/catalogue.js",
    }
    assert {name for name, modules in imported.items() if "puresponse" in modules} > {"README.md", *expected}
    others = {name: hidden for name, modules in imported.items() if (hidden := modules - {"puresponse"})}
    assert others == {"docs/guides/embedding.md": {CONTRACT}, "docs/playground/playground_life.py": OF_THE_PLAYGROUND}


def test_every_example_program_is_shown_on_the_page_of_patterns() -> None:
    shown = {
        word for block in blocks(ROOT / "docs" / "guides" / "patterns.md", "console") for word in block.content.split()
    }
    assert {f"docs/examples/{program.name}" for program in PROGRAMS} <= shown
