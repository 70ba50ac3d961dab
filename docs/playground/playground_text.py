"""Texts as the page shows them: of a length that a person reads, whatever the visitor's own objects say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

LONGEST = 20_000
"""Characters of a text that are shown."""

LINE = 110
"""Characters of what is shown in one line."""


def clipped(text: str, most: int = LONGEST) -> str:
    """The text, cut after `most` characters, without halves of surrogate pairs: JSON holds none."""
    if len(text) > most:
        text = f"{text[:most]}… ({len(text) - most:,} more characters)"
    return text.encode(errors="replace").decode()


def in_line(text: str) -> str:
    """The text, cut to what fits into a line or two."""
    return clipped(text if len(text) <= LINE else f"{text[:LINE]}…")


def said_by(says: Callable[[Any], str], value: Any) -> str:
    """What `says` makes of a value; where the value is a visitor's own, it may well raise instead."""
    try:
        return says(value)
    except Exception as error:
        return f"<{type(value).__name__}, of which nothing can be shown: {type(error).__name__}>"
