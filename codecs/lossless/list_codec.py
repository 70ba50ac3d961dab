"""Decodes lists of items.

Law: it returns what a plain `Codec` returns. But what is amiss at the end of a list is found when all else has been
read, and that is lost. So where something was amiss in one of the last lists, or there was none, it reads a long list
in parts: that takes a fifth longer, but little more if something is amiss again. What it has met changes how long a
list takes, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from msgspec import Raw
from msgspec.structs import force_setattr
from returns.result import Result, Success

from .building import decoder, decoder_of, once
from .codec import Again, BareCodec, result_of
from .errors import UNREAD, DecodeError
from .lists import ItemList
from .mismatch import UNKNOWN_FIELD, names_along, told

T = TypeVar("T")

_PART = 8_192
"""Bytes of a part: about twenty items."""

_CAREFUL = 16
"""It reads so many lists in parts after one in which something was amiss."""


class ListCodec(Generic[T]):
    """Decodes an `ItemList` of `T`, a union of wire structs."""

    __slots__ = ("_again", "_careful", "_decode", "_decode_raws", "_item", "_items", "shape")

    def __init__(self, item: Any) -> None:
        self.shape: Any = ItemList[item]
        self._decode = decoder(self.shape)
        self._items = decoder(tuple[item, ...])
        self._item = BareCodec[T](item)
        self._again = Again(self.shape, self._decode)
        self._decode_raws = decoder_of(tuple[Raw, ...])
        self._careful = _CAREFUL

    def decode(self, data: bytes) -> Result[ItemList[T], DecodeError]:
        """Read `data` as a list. Returns a value or a `DecodeError`, whatever the bytes are."""
        careful = self._careful
        if careful > 0:
            self._careful = careful - 1
            page = self._read_in_parts(data)
            if page is not None:
                return Success(page)
        try:
            return Success(self._decode(data))
        except UNREAD as refusal:
            self._careful = _CAREFUL
            return result_of(self._again.read(data, refusal))

    def _odd_items(self, raws: tuple[Raw, ...], names: list[str]) -> tuple[T, ...] | None:
        """Read items that something is amiss in, along these names first; None where one cannot be read."""
        read = self._item.read
        items: list[Any]
        try:
            index = int(names[0])
            others = self._items(b"[%b]" % b",".join((*raws[:index], *raws[index + 1 :])))
            items = [*others[:index], read(bytes(raws[index])), *others[index:]]
        except (*UNREAD, LookupError, ValueError):
            items = [read(bytes(raw)) for raw in raws]
        return None if DecodeError in map(type, items) else tuple(items)

    def _read_in_parts(self, data: bytes) -> ItemList[T] | None:
        """Read a long list in parts; None where it is short, or that cannot be done."""
        page: ItemList[T] | None = None
        items: list[T] = []
        try:
            for part in parts_of(data, _PART):
                if page is None:
                    page = self._decode(part)
                else:
                    items += self._read_part(part)
        except UNREAD:
            return None
        if page is not None:
            force_setattr(page, "data", tuple(items))
        return page

    def _read_part(self, data: bytes) -> tuple[T, ...]:
        """Read a part of a list. Raises as decoding does where an item cannot be read."""
        items: Any
        try:
            items = self._items(data)
        except UNREAD as refusal:
            self._careful = _CAREFUL
            said = told(refusal)
            items = self._again.lenient.read_but_one(self._items, data, said) if said[0] == UNKNOWN_FIELD else None
            if items is None:
                items = self._odd_items(self._decode_raws(data), names_along(said))
            if items is None:
                raise
        read: tuple[T, ...] = items
        return read


list_codec_for: Callable[[Any], ListCodec[Any]] = once(ListCodec)
"""The codec of lists of a type of the library itself, made once for all who ask."""


_BEGIN = rb'\s*+\{\s*+(?:"object"\s*+:\s*+"list"\s*+,\s*+)?"data"\s*+:\s*+\[(\s*+\{\s*+"[^"\\]*+"\s*+:)'
"""Up to the name of the first member of the first object: how it is written tells objects of the list from others."""


def parts_of(data: bytes, size: int) -> Iterator[bytes]:
    """The list without its elements, and arrays of the elements, each of about `size` bytes; none where it is short.

    If each part is JSON, so is the list, and it holds what they hold, one after the other. For what is cut begins with
    the list's own `{` and the `[` of its `data`, and ends with the last `]` there is. Between, it is cut after a `}`
    where the next object begins as the first one did. That may be within an object, or a string; then what is before it
    is no array of whole elements, and no JSON.
    """
    begin = re.match(_BEGIN, data) if data.__class__ is bytes and len(data) > 2 * size else None
    if begin is None:
        return
    between = b"}," + begin[1]
    start, end = begin.start(1), data.rfind(b"]")
    view = memoryview(data)
    yield data[:start] + data[end:]
    for near in range(start + size, end - size, size):
        cut = data.find(between, near, end) + 1
        if cut > start:
            yield b"".join((b"[", view[start:cut], b"]"))
            start = cut + 1
    yield b"".join((b"[", view[start:end], b"]"))
