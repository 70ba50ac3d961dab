"""A recording as a transcript: who said what, which tools were called, and how it ended.

Law: what cannot be read as the API's JSON is shown shortened, as it is; nothing is left out without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import JsonObject, is_array, is_object
from ...core.credentials import hide_in_request
from ...core.errors import Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse, find_header
from ...transports.cassette.event_texts import EventData, delta_text, deltas_in, events_in
from ...transports.cassette.format import Recording

_LONGEST = 400
"""Characters of a body that is no JSON of the API."""

_DELTAS = {
    "response.output_text.delta": "assistant",
    "response.refusal.delta": "refusal",
    "response.reasoning_summary_text.delta": "reasoning",
    "response.reasoning_text.delta": "reasoning",
    "response.function_call_arguments.delta": "call",
    "response.custom_tool_call_input.delta": "call",
}
"""Whose texts are sent in deltas."""


class Line(Struct, frozen=True):
    """A line of a transcript, or several: `who` says it (`user`, `assistant`, `call`, `status`, `error`), and what."""

    who: str
    text: str


class Transcript(Struct, frozen=True):
    """A recording to be read: the request in a line, and what was said."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int | None
    lines: tuple[Line, ...]


def transcript_of(recording: Recording) -> Transcript:
    """Make a transcript of a recording."""
    request, answer = hide_in_request(recording.request), recording.answer
    lines = [*_asked(request), *_answered(recording)]
    partial = answer.partial if isinstance(answer, Interrupted) else None
    status = getattr(partial if partial is not None else answer, "status", None)
    return Transcript(request.method, request.path, request.query, status, tuple(lines))


def plain(transcript: Transcript, number: int) -> JsonObject:
    """A transcript as JSON."""
    return {
        "recording": number,
        "method": transcript.method,
        "path": transcript.path,
        "query": [list(pair) for pair in transcript.query],
        "status": transcript.status,
        "lines": [{"who": line.who, "text": line.text} for line in transcript.lines],
    }


def _asked(request: HttpRequest) -> Iterator[Line]:
    if not request.body:
        return
    body = _json(request.body)
    if not is_object(body):
        yield Line("body", _shortened(_text(request.body)))
        return
    told = [f"{name} {body[name]}" for name in ("model", "previous_response_id") if isinstance(body.get(name), str)]
    told += [name for name in ("background", "stream") if body.get(name) is True]
    tools = body.get("tools")
    if is_array(tools) and tools:
        told.append(f"tools {', '.join(_name_of(tool) for tool in tools)}")
    if told:
        yield Line("asked", ", ".join(told))
    if isinstance(body.get("instructions"), str):
        yield Line("instructions", body["instructions"])
    yield from _input(body.get("input", body.get("items")))
    known = {"model", "previous_response_id", "background", "stream", "tools", "instructions", "input", "items"}
    rest = {name: value for name, value in body.items() if name not in known}
    if rest:
        yield Line("further", _shortened(_written(rest)))


def _input(given: Any) -> Iterator[Line]:
    if isinstance(given, str):
        yield Line("user", given)
    elif is_array(given):
        for item in given:
            yield from _item(item, "user")


def _answered(recording: Recording) -> Iterator[Line]:
    answer = recording.answer
    if isinstance(answer, NotSent):
        yield Line("failure", str(answer))
        return
    if isinstance(answer, Interrupted):
        if answer.partial is not None:
            yield from _response(answer.partial, 0)
        yield Line("failure", str(answer))
        return
    if isinstance(answer, HttpResponse):
        yield from _response(answer, 0)
        return
    whole = HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.chunks))
    yield from _response(whole, len(answer.chunks))
    if answer.error is not None:
        yield Line("failure", str(answer.error))


def _response(response: HttpResponse, chunks: int) -> Iterator[Line]:
    request_id = find_header(response.headers, "x-request-id")
    about = f" (request {request_id})" if request_id else ""
    body = _json(response.body)
    if is_object(body):
        yield Line("status", f"{response.status}{about}{_state(body)}")
        yield from _object(body)
        return
    events = events_in(response.body.decode("utf-8", "replace"))
    if not events:
        yield Line("status", f"{response.status}{about}")
        if response.body:
            yield Line("body", _shortened(_text(response.body)))
        return
    cut = f" in {chunks} chunks" if chunks > 1 else ""
    last = [event.value["response"] for event in events if is_object(event.value) and "response" in event.value][-1:]
    ended = last[0] if last and is_object(last[0]) else {}
    yield Line("status", f"{response.status}{about}, {len(events)} events{cut}{_state(ended)}")
    yield from _streamed(events, ended)


def _streamed(events: list[EventData], ended: JsonObject) -> Iterator[Line]:
    output = ended.get("output")
    if is_array(output) and output:
        yield from _object(ended)
    else:
        for parts in deltas_in(events):
            kind = str(parts[0].value.get("type"))
            yield Line(_DELTAS.get(kind, kind), delta_text(parts))
        yield from _error(ended.get("error"))
    for event in events:
        if is_object(event.value) and event.value.get("type") == "error":
            yield from _error(event.value.get("error", event.value))


def _state(body: JsonObject) -> str:
    """What a response says of itself."""
    told = [str(body[name]) for name in ("id", "status") if isinstance(body.get(name), str)]
    if body.get("deleted") is True:
        told.append("deleted")
    usage = body.get("usage")
    if is_object(usage) and isinstance(usage.get("total_tokens"), int):
        told.append(f"{usage['total_tokens']} tokens")
    return f": {', '.join(told)}" if told else ""


def _object(body: JsonObject) -> Iterator[Line]:
    """What the JSON of an answer says: output items, items of a list, an error."""
    items = body.get("output", body.get("data"))
    said = False
    if is_array(items):
        for item in items:
            said = True
            yield from _item(item, "assistant")
    if body.get("error") is not None:
        said = True
        yield from _error(body["error"])
    details = body.get("incomplete_details")
    if is_object(details):
        yield Line("incomplete", str(details.get("reason")))
    known = {"object", "id", "status", "deleted"}
    if not said and not known & set(body):
        yield Line("body", _shortened(_written(body)))


def _error(error: Any) -> Iterator[Line]:
    if is_object(error):
        told = [str(error[name]) for name in ("code", "type") if error.get(name)][:1]
        yield Line("error", ": ".join([*told, str(error.get("message", _written(error)))]))
    elif error is not None:
        yield Line("error", str(error))


def _item(item: Any, speaker: str) -> Iterator[Line]:
    if not is_object(item):
        yield Line("item", _shortened(_written(item)))
        return
    kind = str(item.get("type", "message"))
    if "content" in item and kind in ("message", "reasoning"):
        role = item.get("role")
        texts = list(_texts(item["content"]))
        if texts:
            yield Line(str(role) if role else "reasoning" if kind == "reasoning" else speaker, "\n".join(texts))
            return
    if kind == "reasoning":
        yield Line("reasoning", "\n".join(_texts(item.get("summary"))) or "[encrypted or empty]")
    elif kind.rpartition("_")[2] == "output" and "output" in item:
        output = item.get("output")
        said = output if isinstance(output, str) else "\n".join(_texts(output)) or _written(output)
        yield Line("output", f"{item.get('call_id', '')}: {said}")
    elif "name" in item and ("arguments" in item or "input" in item):
        yield Line("call", f"{item['name']}({item.get('arguments', item.get('input'))}) as {item.get('call_id', '?')}")
    else:
        rest = {name: value for name, value in item.items() if name != "type"}
        yield Line(kind, _shortened(_written(rest)))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for part in content if is_array(content) else ():
        if is_object(part):
            found = part.get("text", part.get("refusal"))
            yield found if isinstance(found, str) else f"[{part.get('type')}]"


def _name_of(tool: Any) -> str:
    return str(tool.get("name", tool.get("type"))) if is_object(tool) else str(tool)


def _json(body: bytes) -> Any:
    try:
        return json.decode(body)
    except REFUSALS:
        return None


def _written(value: Any) -> str:
    return json.encode(value).decode()


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"[{len(body)} bytes]"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
