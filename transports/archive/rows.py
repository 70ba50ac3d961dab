"""Responses with their items as rows, and back: pure functions.

Law: the JSON of a response and of its items is that which `encode` writes, byte for byte, and `joined` makes the whole
of it again. What the columns beside it say is there for people who ask questions, and is never read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET, Raw, Struct, json
from returns.result import Result

from ...codecs import Response, ResponseAudit, decode, encode, output_text
from ...codecs.lossless.building import decoder, once
from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.plain import is_sequence
from ...codecs.lossless.sent import sent, sent_id, sent_number

_LARGEST = 2**63


class Parts(Struct, frozen=True):
    """The JSON of a response, of each of its input items, and of what else there is about it, if there is anything."""

    response: str
    input_items: tuple[str, ...]
    others: str | None = None


class ResponseRow(Struct, frozen=True, kw_only=True):
    """A response as a row of columns; None where it says nothing that fits there."""

    id: str
    created_at: int | None
    status: str | None
    model: str | None
    background: bool | None
    previous_response_id: str | None
    conversation_id: str | None
    input_item_count: int
    output_item_count: int
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    total_tokens: int | None
    error: str | None
    output_text: str


class ItemRow(Struct, frozen=True, kw_only=True):
    """An item as a row of columns: `text` is what it says, as far as it is text."""

    id: str | None
    type: str | None
    role: str | None
    status: str | None
    call_id: str | None
    name: str | None
    text: str | None


_decoder: Any = once(decoder)


def _read(kind: Any, data: bytes | Raw) -> Any:
    """Only what `encode` wrote is read here, so that it is JSON."""
    return _decoder(kind)(data)


def line_of(audit: ResponseAudit) -> bytes:
    """A response with all its input items as a line of JSON. Raises `ValueError` or `TypeError` where there is none."""
    return encode(audit) + b"\n"


def parts_of(audit: ResponseAudit) -> Parts:
    """The JSON of a response with its items, taken apart."""
    members: dict[str, Raw] = _read(dict[str, Raw], encode(audit))
    response, items = members.pop("response"), members.pop("input_items")
    return Parts(
        _text(response),
        tuple(map(_text, _read(list[Raw], items))),
        json.encode(members).decode() if members else None,
    )


def output_parts(response: str) -> tuple[str, ...]:
    """The JSON of each item of the output of a response; none where it has no list of them."""
    members: dict[str, Raw] = _read(dict[str, Raw], response.encode())
    output = members.get("output")
    if output is None or not isinstance(_read(Any, output), list):
        return ()
    return tuple(map(_text, _read(list[Raw], output)))


def joined(response: str, input_items: Iterable[str], others: str | None = None) -> bytes:
    """The JSON of a response with its items, put together again."""
    beside = "" if others is None else "," + others[1:-1]
    return f'{{"response":{response},"input_items":[{",".join(input_items)}]{beside}}}'.encode()


def audit_of(data: bytes) -> Result[ResponseAudit, DecodeError]:
    """Read the JSON of a response with its items, as it is in an archive."""
    return decode("ResponseAudit", data)


def response_row(audit: ResponseAudit) -> ResponseRow:
    """The columns of a response."""
    response = audit.response
    usage = sent(response, "usage")
    conversation = sent(response, "conversation")
    background = sent(response, "background")
    return ResponseRow(
        id=response.id,
        created_at=_number(response, "created_at"),
        status=_string(response, "status"),
        model=_string(response, "model"),
        background=background if isinstance(background, bool) else None,
        previous_response_id=_string(response, "previous_response_id"),
        conversation_id=conversation if isinstance(conversation, str) else sent_id(conversation, "id"),
        input_item_count=len(audit.input_items),
        output_item_count=_length(sent(response, "output")),
        input_tokens=_number(usage, "input_tokens"),
        cached_tokens=_number(sent(usage, "input_tokens_details"), "cached_tokens"),
        output_tokens=_number(usage, "output_tokens"),
        reasoning_tokens=_number(sent(usage, "output_tokens_details"), "reasoning_tokens"),
        total_tokens=_number(usage, "total_tokens"),
        error=_string(sent(response, "error"), "code"),
        output_text=_output_text(response),
    )


def item_row(item: Any) -> ItemRow:
    """The columns of an item of the input or of the output."""
    return ItemRow(
        id=_string(item, "id"),
        type=_string(item, "type"),
        role=_string(item, "role"),
        status=_string(item, "status"),
        call_id=_string(item, "call_id"),
        name=_string(item, "name"),
        text=text_of(item),
    )


_SAID = ("content", "summary", "arguments", "input", "output", "code", "query")
"""Where an item has what it says: the first of these that it has, and that is text or has text in it."""


def text_of(item: Any) -> str | None:
    """What an item says: a message its texts, a call its arguments, reasoning its summary; None where it has none."""
    for name in _SAID:
        said = "\n".join(_texts(sent(item, name)))
        if said:
            return said
    return None


def _texts(held: Any) -> Iterable[str]:
    if isinstance(held, str):
        yield held
    elif is_sequence(held):
        for part in held:
            text = part if isinstance(part, str) else sent(part, "text")
            if isinstance(text, str):
                yield text


def _output_text(response: Response) -> str:
    return output_text(response) if _length(sent(response, "output")) else ""


def _length(held: Any) -> int:
    return len(held) if is_sequence(held) else 0


def _string(value: Any, name: str) -> str | None:
    held = _sent(value, name)
    return held if isinstance(held, str) else None


def _number(value: Any, name: str) -> int | None:
    number = None if value is None or value is UNSET else sent_number(value, name)
    return None if number is None or not -_LARGEST <= number < _LARGEST else number


def _sent(value: Any, name: str) -> Any:
    return UNSET if value is None or value is UNSET else sent(value, name)


def _text(raw: Raw) -> str:
    return bytes(raw).decode()


def named(row: Struct) -> Mapping[str, Any]:
    """The columns of a row, by name."""
    return {name: getattr(row, name) for name in row.__struct_fields__}
