"""Types that read JSON themselves: pydantic's models and adapters, known by the methods they have and by nothing else.

Law: whatever such a type raises becomes a `DecodeError`. What pydantic says of a fault is said without the input.

Of pydantic nothing is imported. A class with `model_json_schema` and `model_validate_json` is a model; what is no
class and has `json_schema` and `validate_json`, as a `TypeAdapter`, is an adapter. Both run code of the caller's, so
that neither is called under the lock of `building.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from msgspec import json
from returns.result import Failure, Result, Success

from .errors import UNREAD, DecodeError, bytes_of, explained
from .plain import is_array, is_object, is_sequence

T_co = TypeVar("T_co", covariant=True)

_LONGEST = 500
"""Characters of a reason: a model may raise an error of any length."""


_MODEL = ("model_json_schema", "model_validate_json")
_ADAPTER = ("json_schema", "validate_json")


class Adapter(Protocol[T_co]):
    """What reads JSON as values of a type, and describes them, as pydantic's `TypeAdapter` does."""

    def json_schema(self) -> dict[str, Any]: ...

    def validate_json(self, data: bytes, /) -> T_co: ...


def reads_itself(kind: Any) -> bool:
    """Whether `kind` is a model or an adapter."""
    schema, read = _MODEL if isinstance(kind, type) else _ADAPTER
    try:
        return callable(getattr(kind, read, None)) and callable(getattr(kind, schema, None))
    except Exception:  # whatever a caller's own `__getattr__` may raise
        return False


def reads_only_by_adapter(kind: Any) -> bool:
    """Whether `kind` is a pydantic dataclass: it has validators, which msgspec would pass over, and no methods."""
    return isinstance(kind, type) and hasattr(kind, "__pydantic_validator__") and not reads_itself(kind)


def is_value_of_model(value: Any) -> bool:
    """Whether `value` is one that a model made, in place of the model."""
    return not isinstance(value, type) and reads_itself(type(value))


def own_schema(kind: Any) -> Any:
    """The JSON Schema that a model or an adapter gives of itself. Raises what it raises."""
    schema, _ = _MODEL if isinstance(kind, type) else _ADAPTER
    return getattr(kind, schema)()


def read_itself(kind: Any, data: Any) -> Result[Any, DecodeError]:
    """Have a model or an adapter read `data`."""
    given = bytes_of(data)
    if given is None:
        return Failure(DecodeError(reason=f"expected bytes, got {type(data).__name__}"))
    _, read = _MODEL if isinstance(kind, type) else _ADAPTER
    try:
        return Success(getattr(kind, read)(given))
    except Exception as error:
        return Failure(_refused(error, given))


def plain_of_model(value: Any) -> Any:
    """The plain JSON of which `model_of` makes a value of a model again. Raises `TypeError` where there is none.

    A model may be written under other names than it is read by; then its own names for its fields are tried. A secret
    is written as asterisks, so that no value with one is written at all.
    """
    for by_alias in (True, False):
        with suppress(Exception):  # whatever the model raises, or a method of that name that is another's
            plain = json.decode(value.model_dump_json(by_alias=by_alias, round_trip=True))
            if model_of(type(value), plain) == value:
                return plain
    raise TypeError(f"{type(value).__name__} is not read as it is written")


def model_of(kind: Any, plain: Any) -> Any:
    """The value of the model `kind` that was written as `plain`. Raises `ValueError` for what is none."""
    read = read_itself(kind, json.encode(plain))
    if isinstance(read, Failure):
        error = read.failure()
        raise ValueError(f"{error.reason} (at {error.path})")
    return read.unwrap()


def raised(error: Exception) -> str:
    """What an error of the caller's own says: its name, and its first line."""
    try:
        message = str(error)
    except Exception:
        message = ""
    message = message.strip().partition("\n")[0]
    return _bounded(f"{type(error).__name__}: {message}" if message else type(error).__name__)


def _refused(error: Exception, data: bytes) -> DecodeError:
    """What is no JSON is told as of any other type, and what the type refuses as the type tells it."""
    try:
        plain = json.decode(data)
    except UNREAD as refusal:
        path, reason = explained(refusal, data)
        return DecodeError(path=path, reason=reason)
    faults = _faults(error)
    if not faults:
        return DecodeError(reason=raised(error))
    path, rest = _place(plain, faults[0]["loc"])
    said = str(faults[0]["msg"]).partition("\n")[0]  # more lines are of another error, and may repeat the input
    reason = f"{rest}: {said}" if rest else said
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return DecodeError(path=path, reason=_bounded(reason) + more)


def _faults(error: Exception) -> Sequence[Any]:
    """The faults that a pydantic `ValidationError` lists, without the input; none for any other error."""
    listing: Any = getattr(error, "errors", None)
    try:
        faults: Any = listing(include_url=False, include_context=False, include_input=False)
        told = bool(faults) and all(is_sequence(fault["loc"]) and fault["msg"] for fault in faults)
    except Exception:
        return ()
    return faults if told else ()


def _place(plain: Any, steps: Sequence[Any]) -> tuple[str, str]:
    """The path that `steps` lead along in what was read, and the last of them that lead no further.

    Between them are steps that are no members: the name of one type of a union, for example.
    """
    path, rest = "$", list[str]()
    for step in steps:
        if is_object(plain) and step in plain:
            plain, path, rest = plain[step], f"{path}.{step}", []
        elif is_array(plain) and isinstance(step, int) and 0 <= step < len(plain):
            plain, path, rest = plain[step], f"{path}[{step}]", []
        else:
            rest.append(str(step))
    return path, ".".join(rest)


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
