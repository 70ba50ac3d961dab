"""Changing texts that are in chunks: what is found across a boundary is changed as one, and the other chunks stay.

Law: without edits the chunks are as they were; with edits there are as many of them, and together they are the text
that was edited. What takes the place of a text that was in several chunks is in the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

Edit: TypeAlias = tuple[int, int, str]
"""Where a text begins and ends that is to be replaced, in characters, and what takes its place."""


def edited(chunks: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """The chunks with `edits`, which are places in all of them together, in order, and do not overlap."""
    whole = "".join(chunks)
    ends: list[int] = []
    for chunk in chunks:
        ends.append((ends[-1] if ends else 0) + len(chunk))
    written: list[list[str]] = [[] for _ in chunks]
    place = index = 0

    def copy(until: int) -> None:
        nonlocal place, index
        while place < until:
            while ends[index] <= place:
                index += 1
            end = min(until, ends[index])
            written[index].append(whole[place:end])
            place = end

    for start, end, text in edits:
        copy(start)
        while start < end and ends[index] <= start:
            index += 1
        if chunks:
            written[index].append(text)
        place = end
    copy(len(whole))
    return ["".join(texts) for texts in written]


def edits_of(pattern: re.Pattern[str], text: str, replaced: Callable[[re.Match[str]], str]) -> list[Edit]:
    """An edit for each place that `pattern` finds something at; of nothing there is none."""
    return [(*match.span(), replaced(match)) for match in pattern.finditer(text) if match[0]]


def edited_bytes(chunks: tuple[bytes, ...], edit: Callable[[Sequence[str]], Sequence[str]]) -> tuple[bytes, ...]:
    """The chunks as `edit` changes them as texts; one that is cut by a boundary is in the chunk after."""
    texts = _texts(chunks)
    changed = edit(texts)
    if changed == texts:
        return chunks
    return tuple(text.encode("utf-8", "surrogateescape") for text in changed)


def _texts(chunks: tuple[bytes, ...]) -> list[str]:
    texts: list[str] = []
    rest = b""
    for index, chunk in enumerate(chunks):
        data = rest + chunk
        cut = 0 if index == len(chunks) - 1 else _begun(data)
        rest = data[len(data) - cut :]
        texts.append(data[: len(data) - cut].decode("utf-8", "surrogateescape"))
    return texts


def _begun(data: bytes) -> int:
    """How many bytes at the end begin a character, and do not end it."""
    for length in range(1, min(3, len(data)) + 1):
        byte = data[-length]
        if byte >= 0b1100_0000:
            needed = 2 if byte < 0b1110_0000 else 3 if byte < 0b1111_0000 else 4
            return length if needed > length else 0
        if byte < 0b1000_0000:
            return 0
    return 0
