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
from .codec import either, result_of
from .errors import UNREAD, DecodeError
from .lists import ItemList
from .wire import Kept, Unknown

T = TypeVar("T")

_Reading: TypeAlias = tuple[Callable[[bytes], Any], frozenset[type[Struct]]]
"""A decoder, and the structs that what it skips is decoded into: one value, so that threads see both change at once."""

_MOST_TYPES = 16
"""It gets used to no more types than these: a server cannot make it grow for ever."""


class _RawList(Struct, frozen=True):
    data: tuple[Raw, ...]


class ListCodec(Generic[T]):
    """Decodes an `ItemList` of `T`, a union of wire structs."""

    __slots__ = ("_decode_raw", "_item", "_reading", "shape")

    def __init__(self, item: Any) -> None:
        self._item = item
        self.shape: Any = ItemList[item]
        self._reading: _Reading = decoder(self.shape), frozenset()
        self._decode_raw = decoder_of(_RawList)

    def decode(self, data: bytes) -> Result[ItemList[T], DecodeError]:
        """Read `data` as a list. Returns a value or a `DecodeError`, whatever the bytes are."""
        decode, skipped = self._reading
        try:
            page = decode(data)
            if skipped and not skipped.isdisjoint(map(type, page.data)):
                page = self._filled(page, data, skipped)
            return Success(page)
        except UNREAD as refusal:
            from .lenient import read_again

            value: ItemList[T] | DecodeError = read_again(self.shape, data, refusal)
            if not isinstance(value, DecodeError):
                self._get_used_to(value)
            return result_of(value)

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

    def _get_used_to(self, page: ItemList[T]) -> None:
        found = {item.type for item in page.data if isinstance(item, Unknown) and item.type is not None}
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
