"""The events of a response that was made with `stream`: a function of what it was at first and what it is at its end.

Nothing of them is stored: they are made again, the same, whenever they are asked for. Names, order and members are as
recorded; where nothing is recorded, as the specification has them.
https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from msgspec import Struct, json

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from . import shell_events
from .dialect import OPENAI, Dialect
from .items import body_shown
from .state import Streaming
from .tokens import cut


class _Streamed(Struct, frozen=True):
    """How items of a type are streamed: in phases `before` and `after` the text of `member`, in events of `event`.

    `blank` is what the item has in it at first.
    """

    before: tuple[str, ...] = ()
    member: str = ""
    event: str = ""
    after: tuple[str, ...] = ()
    blank: JsonObject = {}


_STREAMED = {
    "function_call": _Streamed(member="arguments", event="response.function_call_arguments", blank={"arguments": ""}),
    "custom_tool_call": _Streamed(member="input", event="response.custom_tool_call_input", blank={"input": ""}),
    "mcp_call": _Streamed(
        before=("response.mcp_call.in_progress",),
        member="arguments",
        event="response.mcp_call_arguments",
        after=("response.mcp_call.completed",),
        blank={"arguments": "", "output": None},
    ),
    "code_interpreter_call": _Streamed(
        before=("response.code_interpreter_call.in_progress",),
        member="code",
        event="response.code_interpreter_call_code",
        after=("response.code_interpreter_call.interpreting", "response.code_interpreter_call.completed"),
        blank={"code": "", "outputs": None},
    ),
    "web_search_call": _Streamed(
        before=("response.web_search_call.in_progress", "response.web_search_call.searching"),
        after=("response.web_search_call.completed",),
        blank={"action": {"type": "search"}},
    ),
    "file_search_call": _Streamed(
        before=("response.file_search_call.in_progress", "response.file_search_call.searching"),
        after=("response.file_search_call.completed",),
        blank={"results": None},
    ),
    "image_generation_call": _Streamed(
        before=("response.image_generation_call.in_progress", "response.image_generation_call.generating"),
        after=("response.image_generation_call.completed",),
        blank={"result": None},
    ),
    "mcp_list_tools": _Streamed(
        before=("response.mcp_list_tools.in_progress",),
        after=("response.mcp_list_tools.completed",),
        blank={"tools": []},
    ),
}
"""Other types are streamed as a whole: added, and done."""

_PLAIN = _Streamed()
_BEGUN_WHOLE = ("computer_call_output", "apply_patch_call_output", "program_output")
"""Types that have no status for what is in progress."""

_FAILED = {
    "response.mcp_call.completed": "response.mcp_call.failed",
    "response.mcp_list_tools.completed": "response.mcp_list_tools.failed",
}
"""The last phase of what ends with an error."""

_PADDED = 16
"""Deltas are padded to a multiple of so many characters. Recorded that they are; how far is unknown."""


Timed: TypeAlias = tuple[float, JsonObject]
"""An event, and the time at which it is due, in seconds since 1970."""

_TURN = 256
"""How many events are counted before others may have a turn."""


def events(
    body: JsonObject, streaming: Streaming, include: Collection[str] = (), dialect: Dialect = OPENAI
) -> Iterator[Timed | None]:
    """All events of the response that was `body` at first, each made as it is asked for.

    Those that a cut or a life without end leaves out are not among them. `include` shows what is hidden otherwise. None
    is no event: it says that the next one takes long to make.
    """
    number = 0
    for timed in _timed(body, streaming, include, dialect):
        if timed is None:
            yield None
            continue
        at, event = timed
        if streaming.cut is not None and at > streaming.cut:
            return
        yield at, {"type": event["type"], "sequence_number": number, **event}
        number += 1


def _timed(
    body: JsonObject, streaming: Streaming, include: Collection[str], dialect: Dialect
) -> Iterator[Timed | None]:
    created, started, ended = streaming.created, streaming.started, streaming.ended
    if not dialect.stream_states:
        body = {**body, "status": "in_progress"}
    yield created, {"type": "response.created", "response": body}
    if body["status"] == "queued":
        yield created, {"type": "response.queued", "response": body}
    if started is None:
        return
    running = {**body, "status": "in_progress"}
    yield started, {"type": "response.in_progress", "response": running}
    if ended is None:
        return
    final = body_shown({**running, **streaming.fields}, include)
    count = 1
    if ended > started:
        for count, _ in enumerate(_of_output(final), 2):
            if count % _TURN == 0:
                yield None
    step = (ended - started) / count
    for number, part in enumerate(_of_output(final), 1):
        yield started + step * number, part
    as_completed = final["status"] == "incomplete" and not dialect.stream_states
    ending = "completed" if as_completed else final["status"]
    yield ended, {"type": f"response.{ending}", "response": final}


def _of_output(body: JsonObject) -> Iterator[JsonObject]:
    for index, item in enumerate(body["output"]):
        yield from _of_item(item, index)


def event_bytes(event: JsonObject, dialect: Dialect, *, obfuscated: bool) -> bytes:
    """An event as it is sent (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    delta = event.get("delta")
    if obfuscated and dialect.pads_deltas and isinstance(delta, str):
        event = {**event, "obfuscation": "x" * (_PADDED - len(delta) % _PADDED)}
    if "response" in event:
        event = {**event, "response": dialect.shown(event["response"])}
    data = json.encode(event)
    return (
        b"event: %b\ndata: %b\n\n" % (event["type"].encode(), data) if dialect.event_names else b"data: %b\n\n" % data
    )


def _of_item(item: JsonObject, index: int) -> Iterator[JsonObject]:
    """The events of an output item. All but its first and last name it by `item_id`."""
    kind = item.get("type")
    streamed = _STREAMED.get(str(kind), _PLAIN)
    begun = {**item, **streamed.blank}
    if "status" in item and kind not in _BEGUN_WHOLE:
        begun["status"] = "in_progress"
    where: JsonObject = {"item_id": item.get("id"), "output_index": index}
    if kind == "message":
        begun["content"] = []
        inner = _of_parts(item.get("content"), where, "content_index", _CONTENT, "response.content_part")
    elif kind == "shell_call":
        begun |= shell_events.call_begun(item)
        inner = shell_events.of_call(item, where)
    elif kind == "shell_call_output":
        begun["output"] = []
        inner = shell_events.of_output(item, where)
    elif kind == "reasoning":
        begun["summary"] = []
        begun.pop("content", None)
        inner = _of_reasoning(item, where)
    else:
        inner = _of_call(item, streamed, where)
    yield {"type": "response.output_item.added", "output_index": index, "item": begun}
    yield from inner
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _of_call(item: JsonObject, streamed: _Streamed, where: JsonObject) -> Iterator[JsonObject]:
    for phase in streamed.before:
        yield {"type": phase, **where}
    text = item.get(streamed.member)
    if isinstance(text, str):
        yield from _deltas(text, streamed.event, where)
        done: JsonObject = {"type": f"{streamed.event}.done", **where, streamed.member: text}
        yield {**done, "name": item.get("name")} if item.get("type") == "function_call" else done
    for phase in streamed.after:
        yield {"type": phase if item.get("error") is None else _FAILED.get(phase, phase), **where}


class _Part(Struct, frozen=True):
    """How the parts of a type are streamed: their `event`, the `member` with the text, and what both events have."""

    event: str
    member: str
    both: JsonObject = {}


_CONTENT = {
    "output_text": _Part("response.output_text", "text", {"logprobs": []}),
    "refusal": _Part("response.refusal", "refusal"),
}
_SUMMARY = {"summary_text": _Part("response.reasoning_summary_text", "text")}


def _of_reasoning(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    yield from _of_parts(item.get("summary"), where, "summary_index", _SUMMARY, "response.reasoning_summary_part")
    content: Any = item.get("content")
    for number, part in enumerate(content if is_array(content) else ()):
        text = part.get("text") if is_object(part) else None
        if isinstance(text, str):
            there = {**where, "content_index": number}
            yield from _deltas(text, "response.reasoning_text", there)
            yield {"type": "response.reasoning_text.done", **there, "text": text}


def _of_parts(parts: Any, where: JsonObject, index: str, known: dict[str, _Part], event: str) -> Iterator[JsonObject]:
    """The events of the parts of a message, or of a summary."""
    for number, part in enumerate(parts if is_array(parts) else ()):
        there = {**where, index: number}
        streamed = known.get(str(part.get("type"))) if is_object(part) else None
        text = part.get(streamed.member) if streamed else None
        if streamed is None or not isinstance(text, str):
            yield {"type": f"{event}.added", **there, "part": part}
        else:
            blank: JsonObject = {**part, streamed.member: "", **{name: [] for name in _FOLLOWING if name in part}}
            yield {"type": f"{event}.added", **there, "part": blank}
            told = [_logprob_told(each) for each in part.get("logprobs") or ()]
            both = {**streamed.both, "logprobs": told} if told else streamed.both
            deltas = _deltas(text, streamed.event, {**there, **streamed.both})
            yield from _with_logprobs(deltas, text, told) if told else deltas
            for place, annotation in enumerate(part.get("annotations") or ()):
                added = {**there, "annotation_index": place, "annotation": annotation}
                yield {"type": "response.output_text.annotation.added", **added}
            yield {"type": f"{streamed.event}.done", **there, streamed.member: text, **both}
        yield {"type": f"{event}.done", **there, "part": part}


_FOLLOWING = ("annotations", "logprobs")
"""What a part has in its end only."""


def _logprob_told(given: JsonObject) -> JsonObject:
    """The log-probability of a token, and of others in its place, as events have them: without bytes."""
    others = given.get("top_logprobs") or ()
    return {**_without_bytes(given), "top_logprobs": [_without_bytes(other) for other in others]}


def _without_bytes(given: JsonObject) -> JsonObject:
    return {name: value for name, value in given.items() if name != "bytes"}


def _deltas(text: str, event: str, where: JsonObject) -> Iterator[JsonObject]:
    for token in cut(text):
        yield {"type": f"{event}.delta", **where, "delta": token}


def _with_logprobs(deltas: Iterator[JsonObject], text: str, logprobs: list[JsonObject]) -> Iterator[JsonObject]:
    """The deltas of a text, each with the log-probabilities of the tokens that end in it, if they are the text's."""
    tokens = [str(each.get("token")) for each in logprobs]
    waiting = list(zip(tokens, logprobs, strict=True))[::-1] if "".join(tokens) == text else []
    said, due = 0, 0
    for delta in deltas:
        said += len(delta["delta"])
        ended: list[JsonObject] = []
        while waiting and due + len(waiting[-1][0]) <= said:
            token, logprob = waiting.pop()
            ended.append(logprob)
            due += len(token)
        yield {**delta, "logprobs": ended} if ended else delta
