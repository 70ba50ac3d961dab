"""Decodes lists of items, and gets used to items that have no struct.

Law: it returns what a plain `Codec` returns. But a `Codec` goes over a list with one unknown item more than twice; this
one does so only the first time that it meets an item's `type`. From then on it skips items of that `type`, and reads
again only those.

What is amiss at the end of a list is found when all else has been read, and that is lost. So it reads a long list in
parts if it has met something amiss in one of the last, or has read none: that takes a fifth longer, but half as long
where there is something amiss again.

What it has met changes how long a list takes, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Raw, Struct, defstruct, json
from msgspec.structs import force_setattr, replace
from returns.result import Result, Success

from .building import building, decoder, decoder_of, once
from .codec import Again, either, result_of
from .errors import UNREAD, DecodeError
from .list_parts import parts_of
from .lists import ItemList
from .mismatch import UNKNOWN_FIELD, names_along, told
from .wire import Kept, Unknown

T = TypeVar("T")

_Reading: TypeAlias = tuple[Callable[[bytes], Any], Callable[[bytes], Any], frozenset[type[Struct]]]
"""Decoders of a list and of its elements, and the structs that what they skip is decoded into: one value, so that
threads see all change at once.
"""

_MOST_TYPES = 16
"""It gets used to no more types than these: a server cannot make it grow for ever."""

_PART = 8_192
"""Bytes of a part: about twenty items."""

_CAREFUL = 16
"""It reads that many lists in parts after one in which something was amiss."""


class ListCodec(Generic[T]):
    """Decodes an `ItemList` of `T`, a union of wire structs."""

    __slots__ = ("_again", "_careful", "_decode_raw", "_decode_raws", "_item", "_reading", "shape")

    def __init__(self, item: Any) -> None:
        self._item = item
        self.shape: Any = ItemList[item]
        self._reading: _Reading = *_decoders(item), frozenset()
        self._again = Again(self.shape, self._reading[0])
        self._decode_raw = decoder_of(ItemList[Raw])
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
        return result_of(self._read(data))

    def _read(self, data: bytes) -> ItemList[T] | DecodeError:
        decode, _, skipped = self._reading
        try:
            page: ItemList[T] = decode(data)
            if skipped and not skipped.isdisjoint(map(type, page.data)):
                page = replace(page, data=_filled(page.data, self._decode_raw(data).data, skipped))
        except UNREAD as refusal:
            self._careful = _CAREFUL
            return self._read_again(data, refusal)
        return page

    def _read_again(self, data: bytes, refusal: Exception) -> ItemList[T] | DecodeError:
        page: Any = None
        if data.__class__ is bytes:
            said = told(refusal)
            names = names_along(said)
            if said[0] == UNKNOWN_FIELD:
                page = self._again.lenient.read_but_one(self._again.decode, data, said)
            if page is None and names[:1] == ["data"]:
                page = self._with_one_odd(data, said, names)
        if page is None:
            page = self._again.lenient.read(data, refusal)
            if not isinstance(page, DecodeError):
                self._get_used_to(page.data)
        read: ItemList[T] | DecodeError = page
        return read

    def _with_one_odd(self, data: bytes, said: list[str], names: list[str]) -> ItemList[T] | None:
        """The page where only one item is as no struct says, which is the usual case; None where it is another."""
        try:
            page: ItemList[Any] = self._decode_raw(data)
        except UNREAD:
            return None
        items = self._all_but_one(page.data, said, names[1:])
        if items is not None:
            force_setattr(page, "data", items)
        return page if items is not None else None

    def _all_but_one(self, items: tuple[Raw, ...], said: list[str], names: list[str]) -> tuple[T, ...] | None:
        """The items where this is said of only one of them; None where that is not all."""
        _, decode, skipped = self._reading
        try:
            index = int(names[0])
            others = decode(b"[%b]" % b",".join((*items[:index], *items[index + 1 :])))
            odd = self._again.lenient.read_element(bytes(items[index]), said, names[1:])
        except (*UNREAD, LookupError, ValueError):
            return None
        if odd is None or (skipped and not skipped.isdisjoint(map(type, others))):
            return None
        if isinstance(odd, Unknown):
            self._get_used_to((odd,))
        return (*others[:index], odd, *others[index:])

    def _read_in_parts(self, data: bytes) -> ItemList[T] | None:
        """Read a long list in parts; None where it is short, or that cannot be done."""
        page: ItemList[T] | None = None
        items: list[T] = []
        for part in parts_of(data, _PART) if data.__class__ is bytes else ():
            if page is None:
                read = self._read(part)
                if isinstance(read, DecodeError):
                    return None
                page = read
            else:
                more = self._read_elements(part)
                if more is None:
                    return None
                items += more
        if page is not None:
            force_setattr(page, "data", tuple(items))
        return page

    def _read_elements(self, data: bytes) -> tuple[T, ...] | None:
        """Read a part of a list; None where more than one of its elements is as no struct says."""
        _, decode, skipped = self._reading
        elements: tuple[T, ...] | None
        try:
            elements = decode(data)
            if skipped and not skipped.isdisjoint(map(type, elements)):
                elements = _filled(elements, self._decode_raws(data), skipped)
        except UNREAD as refusal:
            self._careful = _CAREFUL
            said = told(refusal)
            elements = None
            if said[0] == UNKNOWN_FIELD and not skipped:
                elements = self._again.lenient.read_but_one(decode, data, said)
            if elements is None:
                try:
                    elements = self._all_but_one(self._decode_raws(data), said, names_along(said))
                except UNREAD:
                    return None
        return elements

    @property
    def reads_in_parts(self) -> bool:
        """Whether it reads a long list in parts."""
        return self._careful > 0

    @property
    def used_to(self) -> frozenset[str]:
        """The types without a struct that it has met and skips."""
        return _tags(self._reading[2])

    def _get_used_to(self, items: tuple[Any, ...]) -> None:
        found = {item.type for item in items if isinstance(item, Unknown) and item.type and item.mismatch is None}
        if not found:
            return
        with building:  # so that two threads that meet the same types do not both begin
            skipped = self._reading[2]
            new = found - _tags({Unknown, *skipped})
            if new and len(skipped) + len(new) <= _MOST_TYPES:
                skipped |= {defstruct("Skipped", (), tag_field="type", tag=name) for name in new}
                self._reading = *_decoders(either(self._item, *skipped)), skipped


list_codec_for: Callable[[Any], ListCodec[Any]] = once(ListCodec)
"""The codec of lists of a type of the library itself, made once for all who ask."""


def _decoders(item: Any) -> tuple[Callable[[bytes], Any], Callable[[bytes], Any]]:
    """Decoders of a list and of an array of `item`."""
    return decoder(ItemList[item]), decoder(tuple[item, ...])


def _filled(items: tuple[Any, ...], raws: tuple[Raw, ...], skipped: frozenset[type[Struct]]) -> tuple[Any, ...]:
    """The items with an `Unknown` for each that was skipped."""
    pairs = zip(items, raws, strict=True)
    return tuple(Unknown(Kept(json.decode(raw))) if type(item) in skipped else item for item, raw in pairs)


def _tags(structs: Iterable[type[Struct]]) -> frozenset[str]:
    return frozenset(str(struct.__struct_config__.tag) for struct in structs)
