"""Every link of the pages leads somewhere, and every file of the house that they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = "cli|codecs|core|docs|facade|tests|transports"


def inline(page: Path) -> list[Token]:
    return [child for token in MarkdownIt().enable("table").parse(page.read_text()) for child in token.children or ()]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as those who show Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(page: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    path = (page.parent / file).resolve() if file else page
    return not path.exists() or (bool(anchor) and anchor not in anchors(path))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    targets = [str(token.attrs.get("href") or token.attrs.get("src")) for token in inline(page) if token.attrs]
    local = [target for target in targets if not target.startswith(("https://", "http://"))]
    assert [target for target in local if leads_nowhere(page, target)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    spans = [token.content for token in inline(page) if token.type == "code_inline"]
    named = [span.split()[0] for span in spans if re.match(rf"(?:{FOLDERS})/", span)]
    assert [name for name in named if not any(ROOT.glob(name.rstrip("/")))] == []


def test_every_name_that_contributing_and_the_architecture_mention_is_in_the_code() -> None:
    folders = [ROOT / folder for folder in FOLDERS.split("|") if folder not in {"docs", "tests"}]
    code = {
        word for folder in folders for path in folder.rglob("*.py") for word in re.findall(r"\w+", path.read_text())
    }
    code |= set(re.findall(r"\w+", (ROOT / "pyproject.toml").read_text()))
    pages = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "reasons" / "architecture.md"]
    spans = {token.content for page in pages for token in inline(page) if token.type == "code_inline"}
    named = {span for span in spans if re.fullmatch(r"_*[A-Za-z]\w+", span)}
    assert {"check_id", "COMMANDS", "Then"} <= named
    assert named - code == {"test_what_is_promised"}  # how a test is named, and no test


def test_the_pages_are_all_named_in_the_index_of_the_docs() -> None:
    docs = ROOT / "docs"
    linked = {str(token.attrs["href"]) for token in inline(docs / "README.md") if "href" in token.attrs}
    assert {str(page.relative_to(docs)) for page in docs.rglob("*.md")} - {"README.md"} <= linked
