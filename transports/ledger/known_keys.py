"""Whether a key may be in a ledger already, in little memory: nearly all keys of a large batch are new.

Law: a key that was put in is always found; one that was not is hardly ever, and then the file says so. This is a Bloom
filter of 2 MiB: a million keys in, one in seventy that are not is found all the same.
"""

from __future__ import annotations

_BITS = 24


class KnownKeys:
    """The keys that were put in, and a few more."""

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def put(self, key: str) -> None:
        """Put in a key."""
        bits, hashed = self._bits, hash(key)
        first, second = hashed & _MASK, hashed >> _BITS & _MASK
        bits[first >> 3] |= 1 << (first & 7)
        bits[second >> 3] |= 1 << (second & 7)

    def __contains__(self, key: str) -> bool:
        bits, hashed = self._bits, hash(key)
        first, second = hashed & _MASK, hashed >> _BITS & _MASK
        return bool(bits[first >> 3] >> (first & 7) & bits[second >> 3] >> (second & 7) & 1)


_MASK = (1 << _BITS) - 1
