"""The bodies of recorded exchanges with the real service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, json
from returns.result import Result

from puresponse.codecs import Codec, CreateItems, DecodeError, Kept, Unknown, Wire, decode, decode_deleted_response
from puresponse.codecs.lossless.plain import is_sequence


class Body(Struct, frozen=True):
    """A body, and the schema that describes it: one of the specification, or the name of a struct."""

    schema: str
    body: Any


def _recorded() -> dict[str, list[Body]]:
    folder = Path(__file__).with_name("bodies")
    return {path.stem: json.decode(path.read_bytes(), type=list[Body]) for path in sorted(folder.glob("*.json"))}


RECORDED = _recorded()
"""The bodies of each record, by its name."""

STREAMED = "ResponseStreamEvent"
"""The schema of bodies that are event streams."""

PLAIN = [(name, body) for name, bodies in RECORDED.items() for body in bodies if body.schema != STREAMED]
"""All bodies that are JSON, with the names of their records."""

STREAMS = {name: body.body for name, bodies in RECORDED.items() for body in bodies if body.schema == STREAMED}
"""All bodies that are event streams, by the names of their records."""

_OTHERS: dict[str, Callable[[bytes], Result[Any, DecodeError]]] = {
    "DeletedResponse": decode_deleted_response,
    "CreateItems": Codec[CreateItems](CreateItems).decode,
}


def read(body: Body) -> Any:
    """The value that a recorded body is decoded into."""
    data = json.encode(body.body)
    result = _OTHERS[body.schema](data) if body.schema in _OTHERS else decode(body.schema, data)
    return result.unwrap()


def kept(value: Any, path: str = "$") -> Iterator[str]:
    """Where a value holds something that no struct names."""
    if isinstance(value, Unknown):
        yield f"{path}: {value.type}"
    elif isinstance(value, Wire):
        for name in value.__struct_fields__:
            member = getattr(value, name)
            if isinstance(member, Kept):
                yield from (f"{path}.{field}" for field in member)
            else:
                yield from kept(member, f"{path}.{name}")
    elif is_sequence(value):
        for index, element in enumerate(value):
            yield from kept(element, f"{path}[{index}]")
