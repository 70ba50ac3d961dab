"""Bytes to values and back, losing nothing and raising nothing.

Laws: `decode` is total (any bytes give a value or a `DecodeError`), and `encode(decode(x))` is `x` as JSON.

One pass of plain msgspec does both for payloads that hold only what the structs name. Whatever else arrives is read
a second time, by the walk at the end of this file, which follows the same structs and keeps what they do not name.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Generic, NoReturn, TypeVar

from msgspec import UNSET, MsgspecError, inspect, json
from returns.result import Failure, Result, Success

from .errors import DecodeError
from .wire import Kept, Unknown, Wire

T = TypeVar("T")

_UNREADABLE = (MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes it cannot read: the last two are no `MsgspecError` (msgspec 0.22)."""


class Codec(Generic[T]):
    """Decodes JSON into `T`, a wire struct, a union of them, or anything msgspec knows that is made of them."""

    __slots__ = ("_decode", "_shape")

    def __init__(self, shape: Any) -> None:
        self._shape = shape
        self._decode = json.Decoder[T](shape).decode

    def decode(self, data: bytes) -> Result[T, DecodeError]:
        """Read `data` as a `T`. Any bytes at all give a value or a `DecodeError`."""
        try:
            return Success(self._decode(data))
        except _UNREADABLE:
            return decode_open(self._shape, data)


def decode_open(shape: Any, data: bytes) -> Result[Any, DecodeError]:
    """Read `data` as `shape`, keeping the fields and objects that the structs of `shape` do not name."""
    try:
        return Success(_open(_layout(shape), json.decode(data)))
    except _Mismatch as mismatch:
        return Failure(DecodeError(path=mismatch.path(), reason=mismatch.reason, body=data))
    except RecursionError:
        return Failure(DecodeError(reason="nested too deeply", body=data))
    except _UNREADABLE as error:
        return Failure(DecodeError(reason=str(error), body=data))


def encode(value: Any) -> bytes:
    """Write a wire struct, or anything made of them, as JSON: what was decoded comes out as it came in."""
    try:
        return _ENCODER.encode(value)
    except _HoldsKept:
        return _ENCODER.encode(to_plain(value))


def to_plain(value: Any) -> Any:
    """Turn wire structs into dicts, lists and scalars, with what they kept merged back where it stood."""
    if isinstance(value, Wire):
        config = value.__struct_config__
        members: dict[str, Any] = {} if config.tag is None else {str(config.tag_field): config.tag}
        for attribute, name in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            member = getattr(value, attribute)
            if member is not UNSET and attribute != "unknown_fields":
                members[name] = to_plain(member)
        if value.unknown_fields:
            members.update(value.unknown_fields)
        return members
    if isinstance(value, Unknown):
        return dict(value.raw)
    if isinstance(value, Kept):
        return dict(value)
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


class _HoldsKept(Exception):
    """Thrown out of msgspec's encoder at the first `Kept`, which it cannot place."""


def _refuse_kept(value: Any) -> NoReturn:
    if isinstance(value, Kept):
        raise _HoldsKept
    raise TypeError(f"{type(value).__name__} has no JSON form")


_ENCODER = json.Encoder(enc_hook=_refuse_kept)


class _Mismatch(Exception):
    """A value that does not fit its place. Grows its path while it leaves the walk, from the inside out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []

    def path(self) -> str:
        return "$" + "".join(reversed(self.steps))


@cache
def _layout(shape: Any) -> inspect.Type:
    return inspect.type_info(shape)


def _open(layout: inspect.Type, value: Any) -> Any:
    """Fit plain Python values, as JSON gives them, into `layout`."""
    match layout:
        case inspect.StructType():
            return _open_struct(layout, value)
        case inspect.UnionType():
            return _open_union(layout, value)
        case inspect.VarTupleType() if isinstance(value, list):
            return tuple(_open_at(f"[{index}]", layout.item_type, item) for index, item in enumerate(value))
        case inspect.DictType() if isinstance(value, dict):
            return {key: _open_at(f".{key}", layout.value_type, item) for key, item in value.items()}
        case inspect.AnyType():
            return value
        case _ if _is_scalar(layout, value):
            return value
        case _:
            raise _Mismatch(f"expected {_name(layout)}, got {_kind(value)}")


def _open_at(step: str, layout: inspect.Type, value: Any) -> Any:
    try:
        return _open(layout, value)
    except _Mismatch as mismatch:
        mismatch.steps.append(step)
        raise


def _open_struct(layout: inspect.StructType, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _Mismatch(f"expected {_name(layout)}, got {_kind(value)}")
    rest: dict[str, Any] = dict(value)
    if layout.tag is not None and rest.pop(str(layout.tag_field), layout.tag) != layout.tag:
        raise _Mismatch(f"expected {_name(layout)}, got type {value[layout.tag_field]!r}")
    members: dict[str, Any] = {}
    for field in layout.fields:
        if field.name == "unknown_fields":
            continue
        if field.encode_name in rest:
            members[field.name] = _open_at(f".{field.encode_name}", field.type, rest.pop(field.encode_name))
        elif field.required:
            raise _Mismatch(f"{_name(layout)} lacks the field {field.encode_name!r}")
    if rest:
        members["unknown_fields"] = Kept(rest)
    return layout.cls(**members)


def _open_union(layout: inspect.UnionType, value: Any) -> Any:
    structs = [option for option in layout.types if isinstance(option, inspect.StructType)]
    if isinstance(value, dict) and structs:
        for struct in structs:
            if struct.cls is not Unknown and (struct.tag is None or value.get(struct.tag_field) == struct.tag):
                return _open(struct, value)
        if any(struct.cls is Unknown for struct in structs):
            return Unknown(raw=Kept(value))
        raise _Mismatch(f"expected {_name(layout)}, got type {value.get(structs[0].tag_field)!r}")
    for option in layout.types:
        if _fits_kind(option, value):
            return _open(option, value)
    raise _Mismatch(f"expected {_name(layout)}, got {_kind(value)}")


def _fits_kind(layout: inspect.Type, value: Any) -> bool:
    """True if `value` is of the JSON kind that `layout` stands for."""
    match layout:
        case inspect.VarTupleType():
            return isinstance(value, list)
        case inspect.DictType():
            return isinstance(value, dict)
        case inspect.StructType():
            return False
        case inspect.AnyType():
            return True
        case _:
            return _is_scalar(layout, value)


def _is_scalar(layout: inspect.Type, value: Any) -> bool:
    match layout:
        case inspect.NoneType():
            return value is None
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.StrType():
            return isinstance(value, str)
        case _:
            return False


def _name(layout: inspect.Type) -> str:
    """Name what stands in `layout`, in JSON's words."""
    match layout:
        case inspect.StructType():
            return layout.cls.__name__
        case inspect.UnionType():
            return " or ".join(_name(option) for option in layout.types)
        case inspect.VarTupleType():
            return "array"
        case inspect.DictType():
            return "object"
        case _:
            return type(layout).__name__.removesuffix("Type").lower()


def _kind(value: Any) -> str:
    """Name the JSON kind of a plain Python value."""
    if isinstance(value, bool):
        return "bool"
    kinds = {dict: "object", list: "array", str: "string", int: "integer", float: "number"}
    return kinds.get(type(value), "null")
