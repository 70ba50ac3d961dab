"""Decodes lists of items, and gets used to items that have no struct.

Law: it returns what a plain `Codec` returns. But a `Codec` goes over a list with one unknown item more than twice; this
one does so only the first time that it meets an item's `type`. From then on it skips items of that `type`, and reads
again only those. What it has met changes how long a list takes, and nothing else.

Where something was amiss in one of the last lists, or there were none, it reads a long one in parts. That takes a tenth
longer; but what is amiss at the end of a list read at once is found when all else was read, and that is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Raw, Struct, defstruct, json
from msgspec.structs import force_setattr, replace
from returns.result import Result, Success

from .building import building, decoder, decoder_of, once
from .codec import Again, codec_for, either, result_of
from .errors import UNREAD, DecodeError
from .list_parts import parts_of
from .lists import ItemList
from .mismatch import names_along, told
from .wire import Kept, Unknown

T = TypeVar("T")

_Reading: TypeAlias = tuple[Callable[[bytes], Any], frozenset[type[Struct]]]
"""A decoder, and the structs that what it skips is decoded into: one value, so that threads see both change at once."""

_MOST_TYPES = 16
"""It gets used to no more types than these: a server cannot make it grow for ever."""


_PART = 8192
"""Bytes of a part: about twenty items."""

_CAREFUL = 16
"""It reads that many lists in parts after one in which something was amiss."""


class ListCodec(Generic[T]):
    """Decodes an `ItemList` of `T`, a union of wire structs."""

    __slots__ = ("_again", "_careful", "_decode_raw", "_item", "_reading", "shape")

    def __init__(self, item: Any) -> None:
        self._item = item
        self.shape: Any = ItemList[item]
        decode = decoder(self.shape)
        self._again = Again(self.shape, decode)
        self._reading: _Reading = decode, frozenset()
        self._decode_raw = decoder_of(ItemList[Raw])
        self._careful = _CAREFUL

    def decode(self, data: bytes) -> Result[ItemList[T], DecodeError]:
        """Read `data` as a list. Returns a value or a `DecodeError`, whatever the bytes are."""
        if self._careful:
            self._careful -= 1
            page = self._read_in_parts(data)
            if page is not None:
                return Success(page)
        return result_of(self._read(data))

    def _read_in_parts(self, data: bytes) -> Any:
        """Read a long list in parts; None where it is short, or that cannot be done."""
        parts = parts_of(data, _PART) if data.__class__ is bytes else ()
        page: Any = None
        items: tuple[T, ...] = ()
        for part in parts:
            read = self._read(part)
            if isinstance(read, DecodeError):
                return None
            page = page or read
            items += read.data
        if page is not None:
            force_setattr(page, "data", items)
        return page

    def _read(self, data: bytes) -> ItemList[T] | DecodeError:
        decode, skipped = self._reading
        try:
            page: ItemList[T] = decode(data)
            if skipped and not skipped.isdisjoint(map(type, page.data)):
                page = self._filled(page, data, skipped)
        except UNREAD as refusal:
            self._careful = _CAREFUL
            return self._read_again(data, refusal)
        return page

    def _read_again(self, data: bytes, refusal: Exception) -> ItemList[T] | DecodeError:
        lenient = self._again.lenient
        page: ItemList[T] | DecodeError = lenient.read_but_one(data, refusal) or self._with_one_odd(data, refusal)
        if not page:
            page = lenient.read(data, refusal)
            if not isinstance(page, DecodeError):
                self._get_used_to(page.data)
        return page

    def _with_one_odd(self, data: bytes, refusal: Exception) -> Any:
        """The page where only one item is as no struct says, which is the usual case; None where it is another."""
        decode, skipped = self._reading
        try:
            said = told(refusal)
            member, number = names_along(said)[:2]
            if member != "data":
                return None
            index = int(number)
            listing = self._decode_raw(data)
            items = listing.data
            others = decode(b'{"data":[%b]}' % b",".join((*items[:index], *items[index + 1 :]))).data
            odd = codec_for(self._item).read(bytes(items[index]))
        except (*UNREAD, IndexError, ValueError):
            return None
        if isinstance(odd, DecodeError) or (skipped and not skipped.isdisjoint(map(type, others))):
            return None
        self._get_used_to((odd,))
        return replace(listing, data=(*others[:index], odd, *others[index:]))

    @property
    def used_to(self) -> frozenset[str]:
        """The types without a struct that it has met and skips."""
        return _tags(self._reading[1])

    def _filled(self, page: Any, data: bytes, skipped: frozenset[type[Struct]]) -> Any:
        """The page with an `Unknown` for each item that was skipped."""
        items = zip(page.data, self._decode_raw(data).data, strict=True)
        return replace(
            page, data=tuple(Unknown(Kept(json.decode(raw))) if type(item) in skipped else item for item, raw in items)
        )

    def _get_used_to(self, items: tuple[Any, ...]) -> None:
        found = {item.type for item in items if isinstance(item, Unknown) and item.type and item.mismatch is None}
        if not found:
            return
        with building:  # so that two threads that meet the same types do not both begin
            skipped = self._reading[1]
            new = found - _tags({Unknown, *skipped})
            if new and len(skipped) + len(new) <= _MOST_TYPES:
                skipped |= {defstruct("Skipped", (), tag_field="type", tag=name) for name in new}
                shape: Any = ItemList
                self._reading = decoder(shape[either(self._item, *skipped)]), skipped


list_codec_for: Callable[[Any], ListCodec[Any]] = once(ListCodec)
"""The codec of lists of a type of the library itself, made once for all who ask."""


def _tags(structs: Iterable[type[Struct]]) -> frozenset[str]:
    return frozenset(str(struct.__struct_config__.tag) for struct in structs)
