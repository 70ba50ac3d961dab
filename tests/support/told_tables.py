"""The tables of a page, as rows by the names of their columns."""

from __future__ import annotations

import re
from pathlib import Path


def tables_of(page: Path, heading: str | None = None) -> list[list[dict[str, str]]]:
    """The tables of a page, or of what is under one of its headings: their rows, by the names of the columns."""
    text = page.read_text(encoding="utf-8")
    if heading is not None:
        text = section_of(text, heading)
    found: list[list[dict[str, str]]] = []
    for match in re.finditer(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        rows = [cells(line) for line in match[0].splitlines()]
        columns = [column.strip("`") for column in rows[0]]
        found.append([dict(zip(columns, row, strict=True)) for row in rows[2:]])
    return found


def section_of(text: str, heading: str) -> str:
    """What is under a heading, up to the next one."""
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    end = re.search(r"^#+ ", text[start:], re.MULTILINE)
    return text[start:] if end is None else text[start : start + end.start()]


def cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def spans(text: str) -> list[str]:
    """What is set as code."""
    return re.findall(r"`([^`]+)`", text)
