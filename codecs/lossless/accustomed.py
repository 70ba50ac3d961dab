"""Decodes one of many kinds of objects, and gets used to a field that no struct names.

Law: it returns what a plain `BareCodec` returns. But a `BareCodec` reads an object with one field more a second time;
this one does so only the first time. From then on it reads such objects as a twin of their struct, which names the
field too, and makes of it what the struct is. What it has met changes how long an object takes, and nothing else.

It is for the events of a stream, which are small, and thousands are alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, get_args

from msgspec import UNSET, field
from msgspec.structs import asdict

from .building import building, decoder, once
from .codec import BareCodec, either
from .errors import UNREAD, DecodeError
from .wire import Kept, Wire

T = TypeVar("T")

_Reading: TypeAlias = "tuple[Callable[[bytes], Any], dict[type[Wire], _Twin]]"
"""A decoder, and the twins that it decodes into. One value, so that threads see both change at once."""

_MOST_FIELDS = 16
"""It gets used to no more fields than these: a server cannot make it grow without end."""


class _Twin:
    """A struct that names one field, or more, that another does not."""

    __slots__ = ("_names", "_struct", "struct")

    def __init__(self, struct: type[Wire], names: tuple[str, ...]) -> None:
        self._struct = struct
        self._names = {f"more_{number}": name for number, name in enumerate(names)}
        own: dict[str, Any] = {attribute: field(default=UNSET, name=name) for attribute, name in self._names.items()}
        namespace = {"__annotations__": dict.fromkeys(own, Any), "__module__": __name__, **own}
        metaclass: Any = type(struct)
        self.struct: type[Wire] = metaclass("Twin", (struct,), namespace, **_config_of(struct))

    def original(self, value: Any) -> Any:
        """What the struct is where `value` is of the twin; None where that does not tell in which order fields came."""
        members = asdict(value)
        more: dict[str, Any] = {}
        for attribute, name in self._names.items():
            held = members.pop(attribute)
            if held is not UNSET:
                more[name] = held
        if len(more) > 1:
            return None
        if more:
            members["unknown_fields"] = Kept(more)
        return self._struct(**members)


class AccustomedCodec(BareCodec[T]):
    """Decodes a union of wire structs, and gets used to what they do not name."""

    __slots__ = ("_accustomed", "_known", "_plain", "_reading")

    def __init__(self, shape: Any) -> None:
        super().__init__(shape)
        self._known: dict[type[Wire], tuple[str, ...]] = {}
        self._plain: _Reading = self.strict, {}
        self._reading = self._accustomed = self._plain

    def read(self, data: bytes) -> T | DecodeError:
        """Read `data` as a `T`. Returns a value or a `DecodeError`, whatever the bytes are."""
        decode, twins = self._reading
        value: Any
        try:
            value = decode(data)
        except UNREAD as refusal:
            value = self.again.read(data, refusal)
            self._get_used_to(value)
        else:
            twin = twins.get(value.__class__) if twins else None
            if twin is not None:
                value = twin.original(value) or super().read(data)
                if getattr(value, "unknown_fields", None) is UNSET:  # without a twin such events are read quicker
                    self._reading = self._plain
        read: T | DecodeError = value
        return read

    def _get_used_to(self, value: Any) -> None:
        kept = value.unknown_fields if isinstance(value, Wire) else UNSET
        if type(kept) is not Kept or len(kept) != 1:
            return
        (name,) = kept
        with building:  # so that two threads that meet the same field do not both begin
            self._add(value.__class__, name)

    def _add(self, struct: Any, name: str) -> None:
        names = self._known.get(struct, ())
        if name not in names:
            if not name.isidentifier() or sum(map(len, self._known.values())) >= _MOST_FIELDS:
                return
            self._known = {**self._known, struct: (*names, name)}
            twins = {original: _Twin(original, known) for original, known in self._known.items()}
            options: tuple[Any, ...] = get_args(self.shape)
            shape = either(*(twins[option].struct if option in twins else option for option in options))
            self._accustomed = decoder(shape), {twin.struct: twin for twin in twins.values()}
        self._reading = self._accustomed


accustomed_codec_for: Callable[[Any], AccustomedCodec[Any]] = once(AccustomedCodec)
"""The codec of a union of the library itself, made once for all who ask."""


def _config_of(struct: type[Wire]) -> dict[str, Any]:
    config = struct.__struct_config__
    return {"frozen": True, "kw_only": True, "gc": False, "tag_field": config.tag_field, "tag": config.tag}
