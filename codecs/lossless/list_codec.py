"""Decodes lists of items.

Law: it returns what a plain `Codec` returns. But what is amiss at the end of a list is found when all else has been
read, and that is lost. So where something was amiss in one of the last lists, or there was none, it reads a long list
in parts: that takes up to a third longer, but little more if something is amiss again. What it has met changes how long
a list takes, and nothing else.
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
from .mismatch import UNKNOWN_FIELD, told, told_of_element

T = TypeVar("T")

_PART = 4_096
"""Bytes of a part: about a dozen items. Smaller ones cost more than is lost with one of them."""

_CAREFUL = 16
"""It reads so many lists in parts after one in which something was amiss."""


class ListCodec(Generic[T]):
    """Decodes an `ItemList` of `T`, a union of wire structs.

    Args:
        item: The type of the items, `T`.

    >>> from puresponse.codecs import DeletedModel
    >>> ListCodec(DeletedModel).decode(b'{"data":[{"id":"gpt-5","deleted":true}]}')
    <Success: ItemList(data=(DeletedModel(id='gpt-5', deleted=True),))>
    """

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
            page = None
            if careful <= 0 and told(refusal)[0] != UNKNOWN_FIELD:  # with a field more it is read quicker at once
                page = self._read_in_parts(data)
            return result_of(self._again.read(data, refusal)) if page is None else Success(page)

    def _odd_items(self, raws: tuple[Raw, ...], said: list[str]) -> tuple[T, ...] | None:
        """Read items of which decoding all said this (see `told`); None where one cannot be read."""
        read = self._item.read
        items: list[Any]
        try:
            index, within = told_of_element(said)
            others = self._items(b"[%b]" % b",".join((*raws[:index], *raws[index + 1 :])))
        except (*UNREAD, LookupError, ValueError):
            items = [read(bytes(raw)) for raw in raws]
            return None if DecodeError in map(type, items) else tuple(items)
        odd = bytes(raws[index])
        lenient = self._item.again.lenient
        item: Any = lenient.fit_one(lenient.form, odd, within) if within else None
        if item is None:
            item = read(odd)
        return None if item.__class__ is DecodeError else (*others[:index], item, *others[index:])

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

    def _read_part(self, part: bytes | memoryview) -> tuple[T, ...]:
        """Read a part of a list. Raises as decoding does where an item cannot be read."""
        items: Any
        try:
            items = self._items(part)
        except UNREAD as refusal:
            self._careful = _CAREFUL
            data = bytes(part)
            said = told(refusal)
            items = self._again.lenient.read_but_one(self._items, data, said) if said[0] == UNKNOWN_FIELD else None
            if items is None:
                items = self._odd_items(self._decode_raws(data), said)
            if items is None:
                raise
        read: tuple[T, ...] = items
        return read


list_codec_for: Callable[[Any], ListCodec[Any]] = once(ListCodec)
"""The codec of lists of a type of the library itself, made once for all who ask."""


_BEGIN = rb'\s*+\{\s*+(?:"object"\s*+:\s*+"list"\s*+,\s*+)?"data"\s*+:\s*+\[(\s*+\{\s*+"[^"\\]*+"\s*+:)'
"""Up to the name of the first member of the first object: how it is written tells objects of the list from others."""


def parts_of(data: bytes, size: int) -> Iterator[bytes | memoryview]:
    """The list without its elements, and arrays of the elements, each of about `size` bytes; none where it is short.

    A part holds until the next is asked for.

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
    yield data[:start] + data[end:]
    copy = bytearray(data)  # of which each part is a slice: the commas between are brackets in turn
    view = memoryview(copy)
    start -= 1
    for near in range(start + size, end - size, size):
        cut = data.find(between, near, end) + 1
        if cut > start:
            copy[cut] = _CLOSE
            yield view[start : cut + 1]
            copy[cut] = _OPEN
            start = cut
    yield view[start : end + 1]


_OPEN, _CLOSE = b"[]"
