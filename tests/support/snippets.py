"""The snippets of README and docs/: the fenced blocks of each page, and what a page says of one in words that show.

- "title=NAME" behind the language, or a comment as its first line, is the name of the file into which it is pasted.
  That line says which other files of the page are to be beside it: `# test_people.py, beside conftest.py`. A block
  without a name may say that as well: `# beside tidy.py`.
  What no block of the page is, is a file of the repository that the page links to, or one of `GIVEN`.
- A first line `# From workflows/temporal_host.py:` says that a block is a part of that file of docs/, as it is there.
- A first line `# Needs: …` (`// Needs: …`) says that a block cannot run alone, and what it needs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from places import ROOT

_TITLE = re.compile(r"\btitle=(\S+)")
_FIRST_LINE = re.compile(r"# ([\w-]+\.py)(?:,.*)?\n")
_BESIDE = re.compile(r"(?:>>> )?# (?:\S+, )?beside (.+)\n")
_FROM = re.compile(r"# From (\S+):\n")
_NEEDS = re.compile(r"(?:#|//) Needs: (.+)\n")


GIVEN = {"ids.txt": "resp_chat\nresp_long\n"}
"""Files that are at hand where a block names them: what a reader has in such a file."""


class Snippet(NamedTuple):
    """A fenced block."""

    page: Path
    line: int
    """The line of the page on which its content starts, counted from 1."""
    language: str
    title: str
    """The name of its file, or nothing."""
    content: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def needs(self) -> str:
        """What it cannot run without, as it says itself."""
        found = _NEEDS.match(self.content)
        return found[1] if found else ""

    @property
    def quoted(self) -> str:
        """The file of docs/ of which it is a part."""
        found = _FROM.match(self.content)
        return found[1] if found else ""

    @property
    def beside(self) -> list[str]:
        """The files of the page that are to be in its folder."""
        found = _BESIDE.match(self.content)
        return re.split(r", | and ", found[1]) if found else []


@cache
def snippets(page: Path) -> tuple[Snippet, ...]:
    """The blocks of a page, in order."""
    found: list[Snippet] = []
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.map is not None:
            title = _TITLE.search(token.info) or _FIRST_LINE.match(token.content)
            language = token.info.split()[0] if token.info else ""
            found.append(Snippet(page, token.map[0] + 2, language, title[1] if title else "", token.content))
    return tuple(found)


def pages() -> list[Path]:
    """README and every page of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def copied(content: str) -> str:
    """What the button of the site copies of an interactive session: the lines that have a prompt, without it."""
    lines = [line[4:] for line in content.splitlines() if line.startswith((">>> ", "... "))]
    return "".join(f"{line}\n" for line in lines)


def folder_of(snippet: Snippet, default: str) -> dict[str, str]:
    """The files of the folder into which a block is pasted, by their names: itself first, and those it names."""
    titled = {other.title: other for other in snippets(snippet.page) if other.title}
    files = {snippet.title or default: snippet.content}
    wanted = list(snippet.beside)
    while wanted:
        name = wanted.pop()
        if name not in titled:
            files[name] = _linked(snippet.page, name)
        elif name not in files:
            files[name] = titled[name].content
            wanted += titled[name].beside
    return files


def _linked(page: Path, name: str) -> str:
    """A file that a page links to, or one that is at hand."""
    found = re.search(rf"\]\(([^)\s]*/{re.escape(name)})\)", page.read_text(encoding="utf-8"))
    return (page.parent / found[1]).read_text(encoding="utf-8") if found else GIVEN[name]
