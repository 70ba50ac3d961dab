"""The site that `tests/run docs` makes of the pages: nothing is missing in it, and nothing leads nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from built_site import pages, site
from markdown_it import MarkdownIt
from markdown_it.token import Token
from site_build import ROOT, SITE
from sphinx.util.inventory import InventoryFile

import puresponse

DOCS = ROOT / "docs"
FRONT = DOCS / "README.md"


@cache
def text_of(name: str) -> str:
    return (site() / name).read_text()


def address_of(page: Path) -> str:
    """Where a page of the repository is in the site."""
    name = page.relative_to(DOCS if page.is_relative_to(DOCS) else ROOT).with_suffix(".html").as_posix()
    if name == "playground/README.html":
        return "playground/about.html"
    return re.sub(r"(^|/)README\.html$", r"\1index.html", name)


def tokens(page: Path) -> list[Token]:
    return MarkdownIt().enable("table").parse(page.read_text())


def test_every_page_is_in_the_site_and_so_are_those_of_the_root() -> None:
    there = [*DOCS.rglob("*.md"), *(ROOT / f"{name}.md" for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY"))]
    assert {address_of(page) for page in there} - set(pages()) == set()
    assert {"404.html", "LICENSE.html", "genindex.html", "search.html"} <= set(pages())


def test_the_navigation_is_what_the_front_page_links_to_by_its_headings() -> None:
    expected: list[str] = []
    group = ""
    for before, token in zip([None, *tokens(FRONT)], tokens(FRONT), strict=False):
        if before is not None and before.type == "heading_open":
            group = token.content if before.tag == "h2" else ""
            expected += [group] if group else []
        elif group:
            for child in token.children or []:
                target = str(child.attrs.get("href", ""))
                if target.endswith(".md"):
                    expected.append(address_of((DOCS / target).resolve()))
    expected.insert(expected.index("Every public name"), "genindex.html")  # the last of the group before
    sidebar = text_of("index.html").split('<div class="sidebar-tree">')[1].split("</div>")[0]
    shown = re.findall(r'class="caption-text">([^<]+)<|class="reference internal" href="([^"]+)"', sidebar)
    assert [unescape(caption or target) for caption, target in shown] == list(dict.fromkeys(expected))
    assert len(shown) > 50


def test_every_link_of_the_site_leads_to_a_file_and_an_id() -> None:
    ids = {name: set(re.findall(r'\sid="([^"]+)"', text_of(name))) for name in pages()}
    nowhere: set[str] = set()
    for name in pages():
        if name == "404.html":
            continue
        for found in re.findall(r'<(?:a|img|link|script|iframe)\s[^>]*?(?:href|src)="([^"]*)"', text_of(name)):
            target = unescape(found)
            if re.match(r"[a-z]+:|//", target):
                continue
            path, _, anchor = urljoin(name, target).partition("#")
            path = unquote(path.partition("?")[0])
            if not (site() / path).is_file() or (anchor and path in ids and unquote(anchor) not in ids[path]):
                nowhere.add(f"{name}: {target}")
    assert nowhere == set()


def test_a_page_loads_nothing_from_elsewhere() -> None:
    for name in pages():
        loaded = re.findall(r'<(?:img|script|iframe|link)\s[^>]*?(?:src|href)="((?:https?:)?//[^"]*)"', text_of(name))
        assert loaded == [], name
    for style in site().rglob("*.css"):
        assert re.findall(r"url\([\"']?(?:https?:)?//[^)]*\)|@import", style.read_text()) == [], style


def reference_rows() -> list[tuple[str, str]]:
    """What the tables of the reference have a row for: a page, and each name that its first cell has."""
    found: list[tuple[str, str]] = []
    for page in (DOCS / "reference").rglob("*.md"):
        parsed = tokens(page)
        for row, cell, said in zip(parsed, parsed[1:], parsed[2:], strict=False):
            children = said.children or []
            if (row.type, cell.type) == ("tr_open", "td_open") and children and children[0].type == "code_inline":
                found += [(page.name, child.content) for child in children if child.type == "code_inline"]
    return found


def test_the_index_has_what_the_tables_of_the_reference_have_rows_for() -> None:
    shown = re.findall(r">([^<]+)<", text_of("genindex.html"))
    said = {unescape(re.sub(r" \([^()]*\)$", "", entry.strip())) for entry in shown}
    rows = reference_rows()
    assert len(rows) > 100
    missing = [
        (page, name) for page, name in rows if (name.split(maxsplit=1)[0] if name.startswith("-") else name) not in said
    ]
    assert missing == []


def inventory() -> dict[str, dict[str, str]]:
    loaded = InventoryFile.loads((site() / "objects.inv").read_bytes(), uri="")
    return {kind: {name: item.uri for name, item in found.items()} for kind, found in loaded.data.items()}


def test_public_names_with_a_heading_in_the_reference_are_objects_that_other_projects_can_link_to() -> None:
    objects = {
        name: uri for kind, found in inventory().items() if kind.startswith("py:") for name, uri in found.items()
    }
    headed: set[str] = set()
    for page in [*(DOCS / "reference" / "names").glob("*.md"), *(DOCS / "reference" / "values").glob("*.md")]:
        for heading in re.findall(r"^### (\w+)(?: class)?$", page.read_text(), re.MULTILINE):
            if heading in dir(puresponse):
                headed.add(heading)
                assert objects[f"puresponse.{heading}"].startswith(address_of(page)), heading
    assert len(headed) > 600
    assert {name.rpartition(".")[2] for name in objects} == headed


def test_the_words_of_the_glossary_are_terms() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (DOCS / "reference" / "glossary.md").read_text(), re.MULTILINE)
    words = {row.strip("`").lower() for row in rows if row not in {"word", "---"}}
    assert {"operation", "cursor", "result", "idempotency key"} <= words
    assert {word.lower() for word in inventory()["std:term"]} == words


def test_a_link_to_a_file_leads_to_a_page_that_shows_it() -> None:
    shown = re.sub(r"<[^>]+>", "", text_of("source/docs/examples/batch.py.html"))
    assert "".join((DOCS / "examples" / "batch.py").read_text().split()) in "".join(unescape(shown).split())
    assert 'href="examples/batch.py.html"' in text_of("source/docs/examples.html")
    assert "Permission is hereby granted" in text_of("LICENSE.html")


def test_a_link_to_a_page_of_html_leads_to_the_page_as_it_is() -> None:
    assert 'href="../pictures/transcript.html"' in text_of("guides/showing.html")
    assert text_of("pictures/transcript.html") == (DOCS / "pictures" / "transcript.html").read_text()


def test_the_playground_is_in_the_site_and_its_page_loads_it_when_it_is_asked_to() -> None:
    assert {"index.html", "manifest.json", "puresponse.zip"} <= {
        path.name for path in (site() / "playground").iterdir()
    }
    page = text_of("playground/about.html")
    assert re.search(r'<details class="playground">.*<iframe src="index.html"[^>]* loading="lazy">', page, re.DOTALL)


MISTAKES = {
    "README.md": "# Front\n\n## Group\n\n[a page](page.md)\n",
    "page.md": "# A page\n\n[nowhere](none.md), [no heading](README.md#none), [no file](../none.py), [well](#a-page)\n",
    "lonely.md": "# In no group\n\n```json\n{not json\n```\n",
    "reference/names/twice.md": "# Names\n\n## Two\n\n### run\n\n[front](../../README.md#group)\n\n### run\n",
}

WITHOUT_A_NETWORK = """
import os, sys
sys.addaudithook(lambda event, _: os._exit(9) if event in ("socket.connect", "socket.getaddrinfo") else None)
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""


def sphinx(source: Path, out: Path, mistakes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in mistakes.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY"):
        (source.parent / f"{name}.md").write_text(f"# {name}\n")
    command = ["-c", WITHOUT_A_NETWORK, "-b", "html", "-q", "-n", "-W", "--keep-going", "-c", str(SITE)]
    return subprocess.run(
        [sys.executable, *command, str(source), str(out)], capture_output=True, text=True, check=False
    )


def test_what_leads_nowhere_is_in_no_group_or_is_not_what_it_says_fails_the_build(tmp_path: Path) -> None:
    done = sphinx(tmp_path / "docs", tmp_path / "out", MISTAKES)
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if "WARNING" in line]
    for page, words in [
        ("page.md", "the link leads nowhere: none.md"),
        ("page.md", "local id not found in doc 'index': 'none'"),
        ("page.md", "the link leads nowhere: ../none.py"),
        ("lonely.md", "document isn't included in any toctree"),
        ("CHANGELOG.md", "document isn't included in any toctree"),
        ("lonely.md", "Lexing literal_block"),
        ("twice.md", "duplicate object description of puresponse.run"),
    ]:
        assert [line for line in told if page in line and words in line], (page, words, done.stderr)
    assert not [line for line in told if "a-page" in line or "'group'" in line]


@pytest.mark.deep
@pytest.mark.timeout(1200)
def test_the_same_pages_make_the_same_site_byte_for_byte(tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for number in (1, 2):
        out = tmp_path / str(number) / "site"
        subprocess.run([sys.executable, str(SITE / "site_build.py"), "--out", str(out)], check=True)
        made.append({str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    first, second = made
    assert first.keys() == second.keys()
    assert [name for name, content in first.items() if content != second[name]] == []
