"""Whole values as documents: responses, audits, pages and lists of either or of items, and anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ..lossless.plain import is_sequence
from .blocks import Block, Document, Facts, Part, Section, Words
from .contents import content, counted, further
from .fields import Fields, is_object_like, json_text
from .items import block_of
from .tools import tools_of


def document_of(value: Any) -> Document:
    """What `value` is to people: a response, an audit, a page or a list of them or of items, an item, or JSON."""
    value = getattr(value, "listing", value)  # a page of the core is a list and what is next
    if is_sequence(value):
        return Document("", (), _entries(value))
    fields = Fields(value)
    if _is_audit(fields):
        return _audit(fields)
    if _is_response(fields):
        return _response(fields, None)
    if "type" not in fields and is_sequence(fields.peek("data")):
        sections = _entries(fields.list("data"))
        about = fields.words("first_id last_id has_more")
        fields.text("object")
        rest = tuple(further(fields))
        beside = (Section("", (Block("settings", "Further", parts=rest),)),) if rest else ()
        return Document("", about, (*sections, *beside))
    return Document("", (), (Section("", (_block(value),)),))


def _is_audit(fields: Fields) -> bool:
    return is_object_like(fields.peek("response")) and is_sequence(fields.peek("input_items"))


def _is_response(fields: Fields) -> bool:
    return "type" not in fields and is_sequence(fields.peek("output"))


def _block(value: Any) -> Block:
    """An item; or what else the API has, by its names and values."""
    fields = Fields(value)
    if "type" in fields or "role" in fields or "object" not in fields:
        return block_of(value)
    title = " ".join(filter(None, (fields.text("object"), fields.text("id"))))
    return Block("note", title, parts=tuple(further(fields)))


def _entries(values: Sequence[Any]) -> tuple[Section, ...]:
    """What a list holds: a section for each response, and items in sections between them."""
    sections: list[Section] = []
    blocks: list[Block] = []
    for value in values:
        fields = Fields(value)
        if not (_is_audit(fields) or _is_response(fields)):
            blocks.append(_block(value))
            continue
        if blocks:
            sections.append(Section("", tuple(blocks)))
            blocks = []
        inner = document_of(value)
        facts = Block("note", "About", parts=(Facts(inner.about),))
        parts = tuple(block for section in inner.sections for block in section.blocks)
        sections.append(Section(inner.title, (facts, *parts)))
    return (*sections, Section("", tuple(blocks))) if blocks or not sections else tuple(sections)


def _audit(fields: Fields) -> Document:
    document = _response(fields.fields("response") or Fields({}), fields.list("input_items"))
    rest = tuple(further(fields))
    beside = (Section("", (Block("settings", "Further", parts=rest),)),) if rest else ()
    return Document(document.title, document.about, (*document.sections, *beside))


def _response(fields: Fields, items: Sequence[Any] | None) -> Document:
    """A response, and the items that it was made from, where they are known."""
    title = f"Response {fields.text('id')}".rstrip()
    if fields.text("object") == "response.compaction":
        title = title.replace("Response", "Compacted conversation", 1)
    about = [*fields.words("status model"), *_times(fields), *fields.words("previous_response_id"), *_places(fields)]
    troubles = tuple(_troubles(fields))
    given = [*_instructions(fields), *map(block_of, items or ())]
    output = tuple(block_of(one) for one in fields.list("output"))
    sections = [Section("", troubles)] if troubles else []
    sections += [Section("Input", tuple(given))] if given else []
    sections += [Section("Output", output or (Block("note", "No output"),))]
    return Document(title, tuple(about), (*sections, Section("About the response", tuple(_beside(fields)))))


def _places(fields: Fields) -> Iterator[tuple[str, str]]:
    conversation = fields.fields("conversation")
    if conversation is not None:
        yield "conversation", conversation.text("id")
    for place, named in (("conversation", conversation), ("metadata", fields.fields("metadata"))):
        for name, value in named.rest().items() if named is not None else ():
            yield f"{place}.{name}", value if isinstance(value, str) else json_text(value)


def _troubles(fields: Fields) -> Iterator[Block]:
    """What kept a response from being complete."""
    error = fields.fields("error")
    if error is not None:
        code, message = error.word("code"), error.word("message")
        said = (Words(message),) if message else ()
        yield Block("error", f"Error {code}".rstrip(), parts=(*said, *further(error)))
    incomplete = fields.fields("incomplete_details")
    if incomplete is not None:
        yield Block("error", f"Incomplete: {incomplete.text('reason')}".rstrip(": "), parts=tuple(further(incomplete)))


def _instructions(fields: Fields) -> Iterator[Block]:
    instructions = fields.take("instructions")
    if is_sequence(instructions):
        yield from map(block_of, instructions)
    elif instructions:
        yield Block("message", "Instructions", parts=content(instructions))


def _beside(fields: Fields) -> Iterator[Block]:
    """What is known of a response beside what was said."""
    usage = fields.fields("usage")
    if usage is not None:
        yield Block("usage", "Usage", parts=tuple(_usage(usage)))
    tools = fields.list("tools")
    if tools:
        yield Block("tools", counted(len(tools), "tool"), parts=tools_of(tools), open=False)
    rest = tuple(further(fields))
    if rest:
        yield Block("settings", "Settings", parts=rest, open=False)


_TOKENS = (
    ("input_tokens", "input_tokens_details", "input"),
    ("output_tokens", "output_tokens_details", "output"),
    ("total_tokens", "", "total"),
)


def _usage(usage: Fields) -> Iterator[Part]:
    """The tokens, and what kinds of them there were."""
    rows: list[tuple[str, str]] = []
    for name, beside, called in _TOKENS:
        count, details = usage.peek(name), usage.fields(beside)
        said = f"{count:,} tokens" if isinstance(count, int) and not isinstance(count, bool) else ""
        kinds = (
            [f"{kind.removesuffix('tokens').rstrip('_')} {_counted(value)}" for kind, value in details.rest().items()]
            if details
            else []
        )
        if said or kinds:
            rows.append((called, f"{said} ({', '.join(kinds)})" if kinds else said))
        if said:
            usage.take(name)
    if rows:
        yield Facts(tuple(rows))
    yield from further(usage)


def _counted(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else json_text(value)


# --- times ----------------------------------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _times(fields: Fields) -> Iterator[tuple[str, str]]:
    created, completed = fields.peek("created_at"), fields.peek("completed_at")
    for name in ("created_at", "completed_at"):
        said = moment(fields.peek(name))
        if said:
            fields.take(name)
            yield name[:-3], said
    if isinstance(created, int | float) and isinstance(completed, int | float) and 0 <= completed - created < 1e9:
        yield "took", f"{completed - created:,} s"


def moment(seconds: Any) -> str:
    """A time in seconds since 1970, in UTC; nothing for what is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return ""
    try:
        return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError):
        return ""
