"""What every wire struct has in common: it is frozen, it is strict, and it loses nothing.

Law: `encode(decode(x))` is `x` as JSON. A struct that meets only fields it knows costs nothing extra for that: it
is strict (`forbid_unknown_fields`), so that plain msgspec decoding succeeds exactly when there is nothing to keep.
Only when that fails does `unknown_fields.py` go over the payload and keep what was not expected: a field in
`unknown_fields` of the struct that it was in, a whole object as an `Unknown`. Both hold a `Kept`, a type that plain
msgspec can neither decode nor encode: so no payload can smuggle one in, and none can be left out of an export.

Absent, null and empty stay apart: an absent field is `UNSET` (which is falsy), null is `None`. A field that the
specification lets be absent may be null too, and the other way round: servers differ in which they send.

Fields have the order in which the service sends them, as far as that was recorded: the decoder looks for a field
first where it expects the next one.

Enumerations are open: they are plain strings, and a docstring lists the values that the specification knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from msgspec import UNSET, Struct, StructMeta, UnsetType, field

from .shown import shown

K = TypeVar("K", bound="Kept")
M = TypeVar("M", bound="_WireMeta")

UNKNOWN_FIELDS = "(unknown fields)"
"""What msgspec calls `unknown_fields` in JSON. Nobody sees it: it is never read, and taken out of what is written."""


class Kept(Mapping[str, Any]):
    """JSON members kept as they were read: a read-only mapping from names to plain Python values.

    Args:
        members: The names and their values, such as `{"type": "new_kind"}`.
    """

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = dict(members)

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def to_dict(self) -> dict[str, Any]:
        """The members as a dict of their own."""
        return self._members.copy()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Kept):
            return type(self) is type(other) and self._members == other._members
        return self._members == other

    def __hash__(self) -> int:
        return hash(frozenset(self._members))

    def __repr__(self) -> str:
        from .shortened_repr import brief

        return f"{type(self).__name__}({brief(self._members)})"

    def __reduce__(self) -> tuple[type[Kept], tuple[Any, ...]]:
        return type(self), (self._members,)


class Untagged(Kept):
    """The same for an object that was read without its `type`, though its struct has one, or with null for a `type`.

    So that it is written as it was read: where this is in `unknown_fields`, the struct's own `type` is not written. Its
    `members` are those of a `Kept`.
    """

    __slots__ = ()


class Unfit(Kept):
    """The same for an object of a type that is known, which it does not fit: where, and why, as msgspec said it."""

    __slots__ = ("said", "steps")

    def __init__(self, members: Mapping[str, Any], steps: Sequence[str | int], said: Sequence[str]) -> None:
        super().__init__(members)
        self.steps = steps
        self.said = said

    @property
    def mismatch(self) -> str:
        """Both as text, which is made when it is asked for."""
        from .mismatch import worded

        return worded(self.steps, self.said)

    def __reduce__(self) -> tuple[type[Kept], tuple[Any, ...]]:
        return Unfit, (self._members, self.steps, self.said)


def kept_of(kind: type[K], members: dict[str, Any]) -> K:
    """A `Kept` of members that nobody else has: they are not copied."""
    made = object.__new__(kind)
    kept: Any = made  # a checker would not have it set from outside
    kept._members = members
    return made


class Displaced(Kept):
    """The same where there are fields among them that the struct names: what was sent for them does not fit.

    Of the fields in `entries`, which are maps, only these entries do not fit. `untagged` is as for an `Untagged`.
    Where such a field is set all the same, it is written, and what is kept for it is not; of a map both.
    """

    __slots__ = ("entries", "untagged")

    def __init__(
        self, members: Mapping[str, Any], entries: frozenset[str] = frozenset(), untagged: bool = False
    ) -> None:
        super().__init__(members)
        self.entries = entries
        self.untagged = untagged

    @classmethod
    def beside(cls, kept: Kept | None, name: str, value: Any, *, entries: bool = False) -> Displaced:
        """What was kept, and the `value` that does not fit the field `name`."""
        members = {} if kept is None else kept.to_dict()
        others = kept.entries if isinstance(kept, Displaced) else frozenset[str]()
        untagged = kept.untagged if isinstance(kept, Displaced) else isinstance(kept, Untagged)
        return cls(members | {name: value}, others | {name} if entries else others - {name}, untagged)

    def __reduce__(self) -> tuple[type[Kept], tuple[Any, ...]]:
        return Displaced, (self._members, self.entries, self.untagged)


class _WireMeta(StructMeta):
    """Tells msgspec which annotations are those of class variables: of `type`, and of `untagged_by`.

    Annotations are strings. msgspec looks up what `ClassVar` is in them, in a `sys.modules` that has to be a dict; in
    the sandbox of a workflow engine (Temporal's) it is not, and a class variable would be taken for a field.
    """

    def __new__(mcs: type[M], name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any) -> M:
        annotations: dict[str, Any] = namespace.get("__annotations__", {})
        variables = {variable: annotations[variable] for variable in annotations.keys() & _CLASS_VARIABLES}
        for variable, said in variables.items():
            if str(said).startswith("ClassVar["):
                annotations[variable] = ClassVar
        made = super().__new__(mcs, name, bases, namespace, **config)
        annotations.update(variables)
        return made


_CLASS_VARIABLES = frozenset({"type", "untagged_by"})


class Wire(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
    metaclass=_WireMeta,
):
    """A JSON object of the API.

    `unknown_fields` holds the fields that this version of the library does not name, where there were any; the
    `repr` leaves out what is absent and shortens what is long. `gc=False`: a frozen struct made of JSON is never part
    of a cycle, and a page of thousands of them is nothing for the garbage collector to go through.
    """

    untagged_by: ClassVar[str | None] = None
    """The field by which an object that lacks a `type` is known to be of this struct; None where there is none."""

    unknown_fields: Kept | UnsetType = field(default=UNSET, name=UNKNOWN_FIELDS)

    __repr__ = shown

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        from .shortened_repr import rich_members

        return rich_members(self)


class Unknown(Struct, frozen=True, tag_field="type", tag="(unknown)", gc=False):
    """An object whose `type` this version of the library does not know, kept whole in `raw`.

    Made by decoding. To send an object that the library has no struct for, make one: `Unknown(Kept({"type": …}))`.
    """

    raw: Kept

    def __post_init__(self) -> None:
        kind = self.raw.__class__
        if kind is not Kept and kind is not Unfit:
            raise TypeError(f"raw: expected a Kept, got {type(self.raw).__name__}")

    @property
    def type(self) -> str | None:
        """What the object calls itself in its `type` field; None where it does not say."""
        return self._text("type")

    @property
    def id(self) -> str | None:
        """The object's `id`; None where it has none."""
        return self._text("id")

    @property
    def mismatch(self) -> str | None:
        """Where and why the object does not fit its `type`; None where the `type` is not known.

        It is a JSON path in the object, and what was expected there: `$.id: Expected `str`, got `int``.
        """
        return self.raw.mismatch if isinstance(self.raw, Unfit) else None

    def _text(self, name: str) -> str | None:
        value = self.raw.get(name)
        return value if isinstance(value, str) else None


def unknown_of(members: dict[str, Any], steps: Sequence[str | int], said: Sequence[str]) -> Unknown:
    """An object that does not fit its type, of members that nobody else has; the others are those of an `Unfit`."""
    made = object.__new__(Unfit)
    kept: Any = made
    kept._members = members
    made.steps, made.said = steps, said
    return Unknown(made)
