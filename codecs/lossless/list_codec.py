"""Decodes lists of items, and gets used to items that have no struct.

Law: it returns what a plain `Codec` returns. But a `Codec` goes over a list with one unknown item more than twice; this
one does so only the first time that it meets an item's `type`. From then on it skips items of that `type`, and reads
again only those. What it has met changes how long a list takes, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Raw, Struct, defstruct, json
from msgspec.structs import replace
from returns.result import Result, Success

from .building import building, decoder, decoder_of, once
from .codec import Again, either, result_of
from .errors import UNREAD, DecodeError
from .lists import ItemList
from .mismatch import element_of
from .wire import Kept, Unknown

T = TypeVar("T")

_Reading: TypeAlias = tuple[Callable[[bytes], Any], frozenset[type[Struct]]]
"""A decoder, and the structs that what it skips is decoded into: one value, so that threads see both change at once."""

_MOST_TYPES = 16
"""It gets used to no more types than these: a server cannot make it grow for ever."""


class ListCodec(Generic[T]):
    """Decodes an `ItemList` of `T`, a union of wire structs."""

    __slots__ = ("_again", "_decode_raw", "_item", "_reading", "shape")

    def __init__(self, item: Any) -> None:
        self._item = item
        self.shape: Any = ItemList[item]
        decode = decoder(self.shape)
        self._again = Again(self.shape, decode)
        self._reading: _Reading = decode, frozenset()
        self._decode_raw = decoder_of(ItemList[Raw])

    def decode(self, data: bytes) -> Result[ItemList[T], DecodeError]:
        """Read `data` as a list. Returns a value or a `DecodeError`, whatever the bytes are."""
        decode, skipped = self._reading
        try:
            page = decode(data)
            if skipped and not skipped.isdisjoint(map(type, page.data)):
                page = self._filled(page, data, skipped)
            return Success(page)
        except UNREAD as refusal:
            return result_of(self._read_again(data, refusal))

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
        index = element_of(refusal)
        if index is None:
            return None
        decode, skipped = self._reading
        try:
            listing = self._decode_raw(data)
            items = listing.data
            others = decode(b'{"data":[%b]}' % b",".join((*items[:index], *items[index + 1 :]))).data
            odd = self._again.lenient.read_element(items[index])
        except (*UNREAD, IndexError):
            return None
        if odd is None or (skipped and not skipped.isdisjoint(map(type, others))):
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
