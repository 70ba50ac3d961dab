"""Values as plain JSON in which everything is tagged with what it is: the form of a checkpoint.

Law: `read` makes of it the value that was written, to the type of every part. Text, numbers, true, false and null are
themselves, and a tuple is an array. Whatever else there is becomes an object whose `$` says what it is:

| object | value |
|---|---|
| `{"$": "HttpRequest", "method": "DELETE", …}` | a struct of the library: its fields without defaults |
| `{"$": "bytes", "text": "{}"}` | bytes; `base64` where they are no text |
| `{"$": "Success", "value": …}`, `{"$": "Failure", "error": …}` | results |
| `{"$": "Frames", "frames": […], "ends": […]}` | frames in a row and under rules, and what ends behind each |
| `{"$": "Emit", "chunks": […], "rest": …}` | `Emit`s in a row |
| `{"$": "dict", "json": {…}}`, `list`, `Kept`, `Untagged` | JSON as received; if it is none, its `members` |
| `{"$": "UNSET"}` | what is absent |
| `{"$": "BigNumber", "text": "1e400"}` | a number that is out of range |
| `{"$": "float", "text": "inf"}`, `{"$": "str", "base64": "…"}` | what JSON has no form for |
| `{"$": "name", "name": "succeed"}` | a function or a type of the library itself |
| `{"@": "Weather"}` | what the caller named so |
| `{"@": "Weather", "fields": {…}}`, `{"@": "date", "value": …}` | a struct or any value of the type of that name |

Rows of frames and of `Emit`s are written flat, because they may be longer than any nesting of JSON is deep.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from msgspec import UNSET, MsgspecError, Struct, json, to_builtins
from returns.result import Failure, Success

from ...codecs.lossless.big_numbers import BigNumber
from ...codecs.lossless.building import converted, once
from ...codecs.lossless.self_reading import plain_of_model, reads_itself
from ...codecs.lossless.wire import Kept, Untagged
from ..frame_trees import RuleEnd, Then, Under, flattened
from ..streams import Emit, emitted_by
from .names import Names, library_name
from .path_errors import PathError


class Unwritable(PathError):
    """`value` cannot be written."""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value


def write(value: Any, names: Names) -> Any:
    """Make plain JSON of a value. Raises `Unwritable`, and `RecursionError` for one that is nested too deeply."""
    kind: type[Any] = value.__class__
    if value is None or kind is bool or kind is int:
        return value
    writer = _WRITERS.get(kind)
    if writer is not None:
        return writer(value, names)
    if isinstance(value, Struct) and library_name(kind) is not None:
        return {"$": kind.__name__} | _fields(value, names)
    name = names.name_of(value)
    if name is not None:
        return {"@": name}
    name = library_name(value)
    if name is not None:
        return {"$": "name", "name": name}
    return _of_named_type(value, kind, names)


def _of_named_type(value: Any, kind: type[Any], names: Names) -> Any:
    name = names.name_of(kind)
    if name is None:
        raise Unwritable(value)
    if isinstance(value, Struct):
        return {"@": name, "fields": _fields(value, names)}
    try:
        if reads_itself(kind):
            return {"@": name, "value": write(plain_of_model(value), names)}
        plain = to_builtins(value)
        again = converted(plain, kind)
    except (MsgspecError, TypeError, ValueError):
        raise Unwritable(value) from None
    if again != value:
        raise Unwritable(value)
    return {"@": name, "value": write(plain, names)}


def _fields(value: Struct, names: Names) -> dict[str, Any]:
    written: dict[str, Any] = {}
    name = ""
    try:
        for name, default in defaults_of(type(value)):
            member = getattr(value, name)
            if member is not default:
                written[name] = write(member, names)
    except Unwritable as problem:
        problem.inside(name)
        raise
    return written


@once
def defaults_of(struct: type[Struct]) -> tuple[tuple[str, Any], ...]:
    """A struct's fields with their defaults; what msgspec has in place of none is nobody's value."""
    defaults = struct.__struct_defaults__
    fields = struct.__struct_fields__
    return tuple(zip(fields, (*[object()] * (len(fields) - len(defaults)), *defaults), strict=True))


def _part(value: Any, names: Names, *steps: str | int) -> Any:
    """Write a part of a whole, to which `steps` lead."""
    try:
        return write(value, names)
    except Unwritable as problem:
        problem.inside(*steps)
        raise


def _write_str(value: str, names: Names) -> Any:
    if value.isascii() or _is_unicode(value):
        return value
    return {"$": "str", "base64": _base64(value.encode("utf-8", "surrogatepass"))}


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _base64(value: bytes) -> str:
    return b2a_base64(value, newline=False).decode()


def _write_float(value: float, names: Names) -> Any:
    return value if isfinite(value) else {"$": "float", "text": repr(value)}


def _write_bytes(value: bytes, names: Names) -> Any:
    try:
        return {"$": "bytes", "text": value.decode()}
    except UnicodeDecodeError:
        return {"$": "bytes", "base64": _base64(value)}


def _write_tuple(value: tuple[Any, ...], names: Names) -> Any:
    return [_part(element, names, index) for index, element in enumerate(value)]


def _write_list(value: list[Any], names: Names) -> Any:
    if _is_json(value):
        return {"$": "list", "json": value}
    return {"$": "list", "members": [_part(element, names, index) for index, element in enumerate(value)]}


def _write_dict(value: dict[Any, Any], names: Names) -> Any:
    return {"$": "dict", "json": value} if _is_json(value) else {"$": "dict", "members": _members(value, names)}


def _write_kept(value: Kept, names: Names) -> Any:
    kind = type(value).__name__
    members = value.to_dict()
    return {"$": kind, "json": members} if _is_json(members) else {"$": kind, "members": _members(members, names)}


def _members(value: Mapping[Any, Any], names: Names) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, member in value.items():
        if type(name) is not str or not _is_unicode(name):
            raise Unwritable(name)
        members[name] = _part(member, names, name)
    return members


def _is_json(value: Any) -> bool:
    """Whether a value is JSON as it is, and is read back as what it is: no tuple, no enumeration, no infinity.

    Raises `RecursionError` for one that holds itself.
    """
    try:
        json.encode(value)
    except (TypeError, ValueError):
        return False
    pending = [value]
    while pending:
        part: Any = pending.pop()
        kind: type[Any] = part.__class__
        if kind is dict:
            if not all(name.__class__ is str for name in part):
                return False
            pending.extend(part.values())
        elif kind is list:
            pending.extend(part)
        elif kind is float:
            if not isfinite(part):
                return False
        elif kind not in _PLAIN:
            return False
    return True


_PLAIN = frozenset({str, int, bool, type(None)})


def _write_big_number(value: BigNumber, names: Names) -> Any:
    return {"$": "BigNumber", "text": value.text}


def _write_unset(value: Any, names: Names) -> Any:
    return {"$": "UNSET"}


def _write_success(value: Success[Any], names: Names) -> Any:
    return {"$": "Success", "value": _part(value.unwrap(), names, "value")}


def _write_failure(value: Failure[Any], names: Names) -> Any:
    return {"$": "Failure", "error": _part(value.failure(), names, "error")}


def _write_frames(value: Then | Under, names: Names) -> Any:
    frames, ends = flattened(value)
    written = [_part(frame, names, "frames", index) for index, frame in enumerate(frames)]
    behind = [end if isinstance(end, int) else _end(end, names, "ends", index) for index, end in enumerate(ends)]
    return {"$": "Frames", "frames": written, "ends": behind}


def _end(ends: tuple[RuleEnd | None, ...], names: Names, *steps: str | int) -> list[Any]:
    """Each `Then` that ends as null, each rule as it is; one that sees what is resumed with says so."""
    parts = [end if end is None or end.sees else end.rule for end in ends]
    return [_part(part, names, *steps, index) for index, part in enumerate(parts)]


def _write_emit(value: Emit[Any], names: Names) -> Any:
    emitted, rest = emitted_by(value)
    chunks = [_part(values, names, "chunks", index) for index, values in enumerate(emitted)]
    return {"$": "Emit", "chunks": chunks, "rest": _part(rest, names, "rest")}


_WRITERS: dict[type, Callable[[Any, Names], Any]] = {
    str: _write_str,
    tuple: _write_tuple,
    float: _write_float,
    bytes: _write_bytes,
    list: _write_list,
    dict: _write_dict,
    Kept: _write_kept,
    Untagged: _write_kept,
    BigNumber: _write_big_number,
    type(UNSET): _write_unset,
    Success: _write_success,
    Failure: _write_failure,
    Then: _write_frames,
    Under: _write_frames,
    Emit: _write_emit,
}
