"""A growing row of values, as data.

Law: adding n values one after another costs O(n log n) altogether, and no row that was before is changed.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Gathered(Struct, Generic[T], frozen=True, tag=True):
    """Values so far, in chunks each longer than the next: adding copies a value only as often as they double."""

    chunks: tuple[tuple[T, ...], ...] = ()

    def __repr__(self) -> str:
        return f"<{sum(map(len, self.chunks)):,} values>"

    def adding(self, values: tuple[T, ...]) -> Gathered[T]:
        """These values, and `values` after them."""
        chunks = self.chunks
        while chunks and len(chunks[-1]) <= len(values):
            values = chunks[-1] + values
            chunks = chunks[:-1]
        return Gathered((*chunks, values))

    def all(self) -> tuple[T, ...]:
        """All the values, as one tuple."""
        return tuple(value for chunk in self.chunks for value in chunk)
