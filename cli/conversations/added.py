"""The items that are added to a conversation: a text of the user's, and those of a file."""

from __future__ import annotations

from typing import Any, BinaryIO

from ..requests.arguments import json_items, text_of


def added_items(text: str | None, path: str | None, stdin: BinaryIO | None) -> list[Any]:
    """The items of the file, and then the text. Raises `Stopped`."""
    items = [] if path is None else json_items("--items", path)
    return items if text is None else [*items, text_of(text, stdin)]
