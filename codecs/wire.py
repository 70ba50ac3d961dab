"""What every wire struct has in common: it is frozen, it is strict, and it loses nothing.

Law: `encode(decode(x))` is `x` as JSON. A struct that meets only fields it knows costs nothing extra for that: it
is strict (`forbid_unknown_fields`), so that plain msgspec decoding succeeds exactly when there is nothing to keep.
Only when that fails does `lossless.py` read the payload again and keep what was not expected: a field in
`unknown_fields` of the struct where it stood, a whole object as an `Unknown`. Both hold a `Kept`, a type that plain
msgspec can neither decode nor encode: so no payload can smuggle one in, and none can be left out of an export.

Absent, null and empty stay apart: an absent field is `UNSET` (which is falsy), null is `None`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType


class Kept(Mapping[str, Any]):
    """JSON members kept as they came: a read-only mapping from names to plain Python values."""

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = dict(members)

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        return f"Kept({self._members!r})"

    def __reduce__(self) -> tuple[type[Kept], tuple[dict[str, Any]]]:
        return Kept, (self._members,)


class Wire(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    repr_omit_defaults=True,
):
    """A JSON object of the API.

    `unknown_fields` holds the fields that this version of the library does not name, where there were any.
    """

    unknown_fields: Kept | UnsetType = UNSET


class Unknown(Struct, frozen=True, tag_field="type", tag="(unknown)"):
    """An object whose `type` this version of the library does not know, kept whole in `raw`."""

    raw: Kept

    @property
    def type(self) -> str | None:
        """What the object calls itself in its `type` field; None where it does not say."""
        name = self.raw.get("type")
        return name if isinstance(name, str) else None
