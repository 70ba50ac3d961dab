"""The how-to pages: the answer first, which runs as it is pasted and prints what is shown, on a screen or two."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from places import ROOT
from tutorial import pattern_of

PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))

_PRINTS = re.compile(
    r"^```python\n(?P<code>(?:(?!```).*\n)*)```\n\n```text\n(?P<shown>(?:(?!```).*\n)*)```$", re.MULTILINE
)
"""A snippet, and right below it what it prints."""

ALONE = ("import-cost.md", "logging.md")
"""What these show is that of a process of its own."""

ASKED = {
    "how do I delete a thousand ids and go on after a crash": ("delete-thousands.md", "Ledger"),
    "how do I test without a network": ("test-without-network.md", "MemoryTransport"),
    "what can cancel_response give me": ("cancel.md", "what `cancel_response` can give you"),
    "what does may_have_acted mean": ("lost-connection.md", "Every error has `may_have_acted`: False where"),
    "how do I run this under Azure with a proxy": ("azure-and-proxies.md", "proxy="),
    "what does it cost to import": ("import-cost.md", "costs next to nothing"),
}


def title_of(page: Path) -> str:
    return page.read_text().splitlines()[0].removeprefix("# ")


def shown() -> list[tuple[str, str, str]]:
    return [
        (page.name, match["code"], match["shown"]) for page in PAGES for match in _PRINTS.finditer(page.read_text())
    ]


@pytest.mark.parametrize(("page", "code", "printed"), shown(), ids=lambda value: value if value.endswith(".md") else "")
def test_a_snippet_prints_what_is_shown_below_it(page: str, code: str, printed: str) -> None:
    with redirect_stdout(io.StringIO()) as out:
        exec(compile(code, page, "exec"), {"__name__": "__main__"})
    assert re.fullmatch(pattern_of(printed), out.getvalue()), out.getvalue()


@pytest.mark.parametrize("page", ALONE)
def test_a_snippet_about_its_process_shows_what_a_fresh_one_prints(page: str) -> None:
    text = (ROOT / "docs" / "how-to" / page).read_text()
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (printed,) = re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    finished = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    assert finished.stdout == printed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_answers_first_and_then_says_what_to_vary_and_where_there_is_more(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert len(lines) <= 80
    code = next(number for number, line in enumerate(lines) if line.startswith("```"))
    table = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    assert code <= 10
    assert code < table
    assert re.search(r"\]\(\.\./(guides|reference|transports|service|tutorial)/", page.read_text())


def test_the_front_page_has_each_page_by_its_title_and_no_folder_has_more_than_22() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    assert len(PAGES) <= 22
    assert [page.name for page in PAGES if f"[{title_of(page)}](how-to/{page.name})" not in index] == []


@pytest.mark.parametrize(("question", "answer"), ASKED.items(), ids=list(ASKED))
def test_what_a_stranger_asks_is_answered_at_the_top_of_a_page(question: str, answer: tuple[str, str]) -> None:
    page, words = answer
    top = "\n".join((ROOT / "docs" / "how-to" / page).read_text().splitlines()[:30])
    assert words in top, question
