"""The house speaks the words of its field: RFC 9110, returns, msgspec, pytest; and ten of its own, in a glossary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = ["operation", "stream", "step", "frame", "rule", "driver", "host", "transport", "layer", "law", "cassette"]

ROOMS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs",
    "facade",
    "core",
    "codecs",
    "transports",
    "cli",
)
"""What is held to the words. A room whose text is in these words is added here."""

SAY: dict[str, str] = {
    r"\bsilence\b": "read timeout in seconds",
    r"\bbears?\b": "has",
    r"\bgo(es)? before the\b": "extra headers; they override the defaults",
    r"\bfor good\b": "permanently",
    r"\bunheard\b": "abandoned",
    r"\bwhat came\b": "what was received; the answer or error",
    r"\bas (it|they) came\b": "as it was received",
    r"\bstands? in\b(?! for)": "is in",
    r"\btells? of\b": "says, has, is for",
    r"\btalk(s|ed)\b": "answered, sent",
    r"\b(look(s|ed) (at )?once|each look|looked until)\b": "poll",
}
"""What is not said, and what is said in its place."""


def texts(room: str) -> dict[str, str]:
    path = ROOT / room
    paths = (
        [path] if path.is_file() else [one for one in path.rglob("*") if one.suffix in {".md", ".py", ".js", ".html"}]
    )
    return {str(one.relative_to(ROOT)): one.read_text() for one in sorted(paths)}


@pytest.mark.parametrize("room", ROOMS)
def test_what_has_a_word_in_the_field_is_called_by_it(room: str) -> None:
    assert texts(room)
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r}: say {instead!r}"
        for name, text in texts(room).items()
        for unsaid, instead in SAY.items()
        for match in re.finditer(unsaid.replace(" ", r"\s+"), text)
    ]
    assert found == []


def test_the_glossary_has_the_eleven_words_of_the_house_and_no_more() -> None:
    page = (ROOT / "docs" / "reference" / "glossary.md").read_text()
    section = page[page.index("\n## Words of the house\n") : page.index("\n## Words of the API\n")]
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", section, re.MULTILINE)[1:]
    assert [word for word, _ in rows] == WORDS
    assert {word: meaning for word, meaning in rows if not meaning.endswith(".") or meaning.count(". ") > 1} == {}
