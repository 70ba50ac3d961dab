"""The values that were written as plain JSON in which everything is tagged with what it is.

Law: it is made of nothing but what `names` knows. A checkpoint, forged or damaged as it may be, is read or
refused; what is read is a program whose requests, frames and results are such, and the rest is as good as who kept it.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Callable
from typing import Any, TypeGuard

from msgspec import UNSET, MsgspecError, Struct
from returns.result import Failure, Success

from ...codecs.lossless.big_numbers import BigNumber
from ...codecs.lossless.building import converted, once
from ...codecs.lossless.plain import is_array, is_object
from ...codecs.lossless.self_reading import model_of, reads_itself
from ...codecs.lossless.wire import Kept, Untagged
from ..combinators.additions import check_timeout
from ..combinators.configuring import Configured
from ..credentials import names_a_credential
from ..delays import LONGEST
from ..frame_trees import RuleEnd, rebuilt
from ..http import HttpRequest
from ..http_syntax import check_request
from ..programs.wait_policy import WaitPolicy
from ..retry_policy import RetryPolicy
from ..rules import Rule
from ..steps import Done, Fork, Send, Wait
from ..streams import Read, emitting, is_step
from .annotations import Form, forms_of
from .flow import Misplaced, check_flow, has_flow
from .names import Names, is_frame, library_value
from .path_errors import PathError

_LONGEST_SHOWN = 60


class Unreadable(PathError):
    """What is there is nothing that is ever written; `reason` says what was expected."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(plain: Any, names: Names) -> Any:
    """Make the value that was written as this. Raises `Unreadable`, and `RecursionError` for what nests too deeply."""
    kind: type[Any] = plain.__class__
    if kind is dict:
        return _read_object(plain, names)
    if kind is list:
        return tuple([_part(element, names, index) for index, element in enumerate(plain)])
    return plain


def _read_object(plain: dict[str, Any], names: Names) -> Any:
    if "@" in plain:
        return _read_named(plain, names)
    name = plain.get("$")
    if not isinstance(name, str):
        raise Unreadable("expected an object to say in `$` what it is")
    reader = _READERS.get(name)
    if reader is not None:
        return reader(plain, names)
    struct = library_value(name)
    if not _is_struct(struct):
        raise Unreadable(f"expected the name of something that checkpoints hold, got {_shown(name)}")
    members = plain.copy()
    del members["$"]
    return _made_here(struct, members, names)


def _part(plain: Any, names: Names, *steps: str | int) -> Any:
    """Read a part of a whole, to which `steps` lead."""
    try:
        return read(plain, names)
    except Unreadable as problem:
        problem.inside(*steps)
        raise


def _made(struct: type[Struct], members: dict[str, Any], names: Names) -> Any:
    """Make what the caller calls so: its fields are its own."""
    fields: dict[str, Any] = {}
    name = ""
    try:
        for name, member in members.items():
            fields[name] = read(member, names)
    except Unreadable as problem:
        problem.inside(name)
        raise
    try:
        return struct(**fields)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{struct.__name__}: {error}") from error


def _made_here(struct: type[Struct], members: dict[str, Any], names: Names) -> Any:
    """Make a struct of the library, if it is one that the library could have made."""
    made: Any = _made(struct, members, names)
    forms, latest, checks = asked_of(struct)
    for name in members:
        field = getattr(made, name)
        form = forms[name]
        is_exactly = field.__class__ in form.exactly
        # Of what may be anything, no range is asked.
        in_range = latest is None or not form.exactly or _is_in_range(field, latest)
        if not (is_exactly or form.holds(field)) or not in_range:
            raise Unreadable(f"{_shown(field)} cannot be the {name} of {struct.__name__}")
    if checks is not None:
        try:
            checks(made)
        except (ValueError, Misplaced) as problem:
            raise Unreadable(f"{struct.__name__}: {problem}") from problem
    return made


def asked_of(struct: type[Struct]) -> tuple[dict[str, Form], float | None, Callable[[Any], None] | None]:
    """The forms of a struct's fields, the latest of its times, if its numbers are times, and what else to ask."""
    forms_of(struct)
    return _asked_of(struct)


@once
def _asked_of(struct: type[Struct]) -> tuple[dict[str, Form], float | None, Callable[[Any], None] | None]:
    latest = LONGEST if struct in _TIMED else _LATEST if is_frame(struct) else None
    checks = _CHECKS.get(struct) or (check_flow if has_flow(struct) else None)
    return forms_of(struct), latest, checks


def _check_request(request: HttpRequest) -> None:
    check_request(request)
    invalid = check_timeout("timeout", request.timeout) or check_timeout("total", request.total)
    if invalid is not None:
        raise ValueError(str(invalid))
    for name, _ in (*request.headers, *request.query):
        if names_a_credential(name):
            raise ValueError(f"{name!r} is a credential, and belongs to the transport")


def _check_configured(rule: Configured) -> None:
    """What it adds to requests is held to what they may have."""
    _check_request(HttpRequest("GET", "/", rule.query, rule.headers, timeout=rule.timeout))


_CHECKS: dict[type, Callable[[Any], None]] = {Configured: _check_configured, HttpRequest: _check_request}


def _is_in_range(field: Any, latest: float) -> bool:
    """Times and counts in steps, frames and policies are not below zero, and no greater than every timer takes."""
    kind = field.__class__
    return (kind is not float and kind is not int) or bool(0 <= field <= (_LARGEST if kind is int else latest))


_TIMED = (Read, RetryPolicy, Wait, WaitPolicy)
_LARGEST = 2**63 - 1
_LATEST = 4 * LONGEST
"""Seconds. When a frame is to be done by is the sum of times of which each is `LONGEST` at most."""


def _read_named(plain: dict[str, Any], names: Names) -> Any:
    name = plain["@"]
    if not isinstance(name, str) or name not in names.values:
        raise Unreadable(f"expected a name that `names` has, got {_shown(name)}")
    value: Any = names.values[name]
    if len(plain) == 1:
        return value
    if plain.keys() == {"@", "fields"} and _is_struct(value):
        return _made(value, _object(plain["fields"]), names)
    if plain.keys() == {"@", "value"} and isinstance(value, type):
        try:
            part = _part(plain["value"], names, "value")
            return model_of(value, part) if reads_itself(value) else converted(part, value)
        except (MsgspecError, TypeError, ValueError) as error:
            raise Unreadable(f"{name}: {error}") from error
    raise Unreadable(f"expected what {_shown(name)} can be, got {_shown(sorted(plain))}")


def _is_struct(value: Any) -> TypeGuard[type[Struct]]:
    return isinstance(value, type) and issubclass(value, Struct)


def _read_str(plain: dict[str, Any], names: Names) -> str:
    try:
        return _bytes_in(_only(plain, "base64")).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise Unreadable(f"expected UTF-8: {error}") from error


def _read_float(plain: dict[str, Any], names: Names) -> float:
    text = _only(plain, "text")
    if text not in ("inf", "-inf", "nan"):
        raise Unreadable(f"expected 'inf', '-inf' or 'nan', got {_shown(text)}")
    return float(text)


def _read_bytes(plain: dict[str, Any], names: Names) -> bytes:
    given = _only(plain, "text", "base64")
    return _string(given).encode() if "text" in plain else _bytes_in(given)


def _read_list(plain: dict[str, Any], names: Names) -> list[Any]:
    members = _array(_only(plain, "json", "members"))
    return members if "json" in plain else [_part(member, names, index) for index, member in enumerate(members)]


def _read_dict(plain: dict[str, Any], names: Names) -> dict[str, Any]:
    members = _object(_only(plain, "json", "members"))
    if "json" in plain:
        return members
    return {name: _part(member, names, name) for name, member in members.items()}


def _read_kept(plain: dict[str, Any], names: Names) -> Kept:
    return Kept(_read_dict(plain, names))


def _read_untagged(plain: dict[str, Any], names: Names) -> Untagged:
    return Untagged(_read_dict(plain, names))


def _read_big_number(plain: dict[str, Any], names: Names) -> BigNumber:
    try:
        return BigNumber(_string(_only(plain, "text")))
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _read_unset(plain: dict[str, Any], names: Names) -> Any:
    return UNSET


def _read_success(plain: dict[str, Any], names: Names) -> Success[Any]:
    return Success(_part(_only(plain, "value"), names, "value"))


def _read_failure(plain: dict[str, Any], names: Names) -> Failure[Any]:
    return Failure(_part(_only(plain, "error"), names, "error"))


def _read_library_name(plain: dict[str, Any], names: Names) -> Any:
    name = _string(_only(plain, "name"))
    value = library_value(name)
    if value is UNSET:
        raise Unreadable(f"expected the name of a function or a type of the library, got {_shown(name)}")
    return value


def _read_frames(plain: dict[str, Any], names: Names) -> Any:
    frames, ends = _array(plain.get("frames")), _array(plain.get("ends"))
    if len(frames) != len(ends) or len(plain) != 3:
        raise Unreadable("expected as many `ends` as `frames`")
    read_frames: list[Any] = []
    read_ends: list[Any] = []
    trees = 0
    for index, (frame, end) in enumerate(zip(frames, ends, strict=True)):
        read_frames.append(_part(frame, names, "frames", index))
        read_ends.append(end if type(end) is int else _end(_part(end, names, "ends", index)))
        trees += 1
        joins = _joins_in(read_ends[-1])
        if not callable(read_frames[-1]) or joins is None or not 0 <= joins < trees:
            raise Unreadable(f"expected frames, each with what ends behind it; number {index} is none such")
        trees -= joins
    if trees != 1:
        raise Unreadable(f"expected the `ends` to make one tree, got {trees}")
    return rebuilt(read_frames, read_ends)


def _end(parts: Any) -> Any:
    """What ends behind a frame; a rule that was written as it is does not see what is resumed with."""
    return tuple([RuleEnd(part) if isinstance(part, Rule) else part for part in parts]) if _is_tuple(parts) else parts


def _joins_in(end: Any) -> int | None:
    """How many `Then`s end behind a frame: a number, or the nulls among the rules that end there."""
    if type(end) is int:
        return end
    if _is_tuple(end) and all(part is None or _is_rule_end(part) for part in end):
        return end.count(None)
    return None


def _is_tuple(value: Any) -> TypeGuard[tuple[Any, ...]]:
    return type(value) is tuple


def _is_rule_end(part: Any) -> bool:
    return isinstance(part, RuleEnd) and isinstance(part.rule, Rule)


def _read_emit(plain: dict[str, Any], names: Names) -> Any:
    chunks = _array(plain.get("chunks"))
    if len(plain) != 3 or "rest" not in plain:
        raise Unreadable(f"expected chunks and rest, got {_shown(sorted(plain))}")
    values = [_part(chunk, names, "chunks", index) for index, chunk in enumerate(chunks)]
    stream = _part(plain["rest"], names, "rest")
    if (
        isinstance(stream, (Send, Wait, Fork, Done))
        or not is_step(stream)
        or not all(type(chunk) is tuple for chunk in values)
    ):
        raise Unreadable("expected chunks of values and then a stream")
    return emitting(values, stream)


_READERS: dict[str, Callable[[dict[str, Any], Names], Any]] = {
    "str": _read_str,
    "float": _read_float,
    "bytes": _read_bytes,
    "list": _read_list,
    "dict": _read_dict,
    "Kept": _read_kept,
    "Untagged": _read_untagged,
    "BigNumber": _read_big_number,
    "UNSET": _read_unset,
    "Success": _read_success,
    "Failure": _read_failure,
    "Frames": _read_frames,
    "Emit": _read_emit,
    "name": _read_library_name,
}


def _only(plain: dict[str, Any], *wanted: str) -> Any:
    """The one member that an object has besides its `$`."""
    found = [name for name in wanted if name in plain]
    if len(found) != 1 or len(plain) != 2:
        raise Unreadable(f"expected {' or '.join(wanted)} in {_shown(plain['$'])}, got {_shown(sorted(plain))}")
    return plain[found[0]]


def _array(value: Any) -> list[Any]:
    if not is_array(value):
        raise Unreadable(f"expected an array, got {_shown(value)}")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not is_object(value):
        raise Unreadable(f"expected an object, got {_shown(value)}")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"expected a string, got {_shown(value)}")
    return value


def _bytes_in(value: Any) -> bytes:
    try:
        return a2b_base64(_string(value), strict_mode=True)
    except ValueError as error:
        raise Unreadable(f"expected base64: {error}") from error


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
