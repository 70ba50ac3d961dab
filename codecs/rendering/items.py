"""Items as blocks: what each kind says to people. A kind that is not in the table is shown as its JSON.

Law: every kind that `codecs/types` names has its reader here, or in `calls.py`, which a test sees to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..lossless.wire import Unknown
from .blocks import Block, Code, Facts, Folded, Part, Words
from .calls import CALLS
from .contents import content, content_part, further, picture
from .fields import Fields, is_object_like, json_text
from .tools import tools_of

_ABOUT = "status id call_id namespace created_by approval_request_id"
"""What is said of an item beside its title."""


def block_of(value: Any) -> Block:
    """An item as a block, whatever it is."""
    if not is_object_like(value):
        return Block("unknown", "Unknown item", parts=(Code(json_text(value)),))
    fields = Fields(value)
    kind = fields.text("type") or ("message" if "role" in fields else "item_reference" if fields.only("id") else "")
    read = READERS.get(kind)
    if read is None:
        return Block("unknown", f"Unknown item {kind}".rstrip(), parts=(Code(json_text(value)),))
    looks, title, parts = read(fields)
    about = [*fields.words(_ABOUT), *_caller(fields)]
    mismatch = value.mismatch if isinstance(value, Unknown) else None
    if mismatch is not None:
        about.append(("does not fit its type", mismatch))
    return Block(looks, title, tuple(about), (*parts, *further(fields)), open=kind not in _CLOSED)


_CLOSED = {"mcp_list_tools", "tool_search_output", "additional_tools", "compaction"}
"""The kinds of which most readers want the title alone."""


def _caller(fields: Fields) -> Iterator[tuple[str, str]]:
    caller = fields.fields("caller")
    if caller is not None:
        said = " ".join(filter(None, (caller.text("type"), caller.text("caller_id"))))
        rest = caller.rest()
        yield "caller", f"{said} {json_text(rest)}" if rest else said
    yield from fields.words("async")


Read = tuple[str, str, tuple[Part, ...]]
"""The kind of a block, its title and its parts."""


def _message(fields: Fields) -> Read:
    role = fields.text("role")
    phase = fields.text("phase")
    title = f"{role[:1].upper()}{role[1:]}" or "Message"
    return "message", f"{title} ({phase})" if phase else title, content(fields.take("content"))


def _reasoning(fields: Fields) -> Read:
    summary = tuple(part for one in fields.list("summary") for part in content_part(one))
    thought = tuple(part for one in fields.list("content") for part in content_part(one))
    parts = (*summary, *((Folded("in full", thought),) if summary and thought else thought), *_encrypted(fields))
    return "reasoning", "Reasoning", parts or (Words("not shown by the service", quiet=True),)


def _encrypted(fields: Fields) -> Iterator[Part]:
    encrypted = fields.text("encrypted_content")
    if encrypted:
        yield Words(f"encrypted, {len(encrypted):,} characters", quiet=True)


def _compaction(fields: Fields) -> Read:
    return "note", "The conversation so far, compacted", tuple(_encrypted(fields))


def _compaction_trigger(fields: Fields) -> Read:
    return "note", "The context before this is to be compacted", ()


def _item_reference(fields: Fields) -> Read:
    return "note", f"Item {fields.text('id')}".rstrip(), ()


def _configuration_update(fields: Fields) -> Read:
    return "note", "From here on", tuple(further(fields))


def _additional_tools(fields: Fields) -> Read:
    role = fields.text("role")
    return "tools", f"More tools, from {role}" if role else "More tools", tools_of(fields.list("tools"))


def _image_generation(fields: Fields) -> Read:
    about = fields.words("size output_format quality background action")
    parts: list[Part] = []
    prompt = fields.text("revised_prompt")
    if prompt:
        parts += (Words("The prompt, as it was revised:", quiet=True), Words(prompt))
    result = fields.text("result")
    if result:
        parts += picture(result if result[:5].lower() == "data:" else f"data:;base64,{result}", about)
    elif about:
        parts.append(Facts(about))
    error = fields.fields("error")
    if error is not None:
        parts += (Words(f"Error: {error.text('message')}".rstrip()), *further(error))
    return "image", "Image generation", tuple(parts)


READERS: dict[str, Callable[[Fields], Read]] = {
    "message": _message,
    "reasoning": _reasoning,
    "compaction": _compaction,
    "compaction_trigger": _compaction_trigger,
    "item_reference": _item_reference,
    "configuration_update": _configuration_update,
    "additional_tools": _additional_tools,
    "image_generation_call": _image_generation,
    **CALLS,
}
"""What reads an item, by its `type`."""
