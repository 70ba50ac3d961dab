"""The fixtures of aimock (https://github.com/CopilotKit/aimock, `src/types.ts`), formerly llmock.

A fixture says what is answered to any request that it matches; a recording has one request. So a fixture with a
`userMessage` becomes a request to create a response from that text, answered as the service in memory does when it
replies what the fixture says; one that matches by anything else alone is listed, and so is each further condition.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import json

from ....codecs.lossless.plain import JsonObject, is_object
from ....core.http import HttpRequest, HttpResponse
from ...memory.scripts.model_input import ModelInput
from ...memory.scripts.replies import Reply
from ...memory.service import State, respond
from ..format import Recording
from .carried import Imported, NotCarried
from .members import Members

MODEL = "gpt-4o-mini"
"""The model of a request whose fixture is for any."""

_ERRORS = {"rate_limit_error": 429, "authentication_error": 401, "invalid_request_error": 400}


def read_aimock(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read a file of fixtures. Raises `ValueError` for what is none."""
    notes: list[NotCarried] = []
    whole = Members(json.decode(data), "", notes)
    recordings: list[Recording] = []
    seen: dict[bytes, int] = {}
    for fixture in whole.objects("fixtures"):
        recording = _recording(fixture, seen)
        if recording is not None:
            recordings.append(recording)
    whole.end()
    if recordings:
        reason = "a fixture answers again and again, a recording once: replay with Matching(repeat_last=True)"
        notes.append(NotCarried("fixtures", reason))
    return Imported(tuple(recordings), tuple(notes))


def _recording(fixture: Members, seen: dict[bytes, int]) -> Recording | None:
    match, response = fixture.object("match"), fixture.object("response")
    text = match.take("userMessage")
    endpoint = match.take("endpoint", "chat")
    what = _said(response)
    if not isinstance(text, str) or endpoint != "chat" or what is None:
        why = "no userMessage" if not isinstance(text, str) else "no answer of the Responses API"
        fixture.notes.append(NotCarried(fixture.place, f"it has {why}: the whole fixture"))
        return None
    match.note("userMessage", "a text that is found in a request; a recording has the whole input")
    model = match.take("model")
    if not isinstance(model, str):
        match.note("model", f"a fixture for any model; the recording is for {MODEL}")
    body: JsonObject = {"model": model if isinstance(model, str) else MODEL, "input": text}
    instructions = match.take("systemMessage")
    if isinstance(instructions, str):
        match.note("systemMessage", "a text that is found in a request; a recording has all instructions")
        body["instructions"] = instructions
    elif instructions is not None:
        match.note("systemMessage", "a recording has one text of instructions")
    written = json.encode(body)
    request = HttpRequest("POST", "/responses", headers=(("content-type", "application/json"),), body=written)
    count = seen.get(written, 0)
    if match.take("sequenceIndex", count) != count:
        match.note("sequenceIndex", "recordings of one request are replayed in the order of the file")
    seen[written] = count + 1
    answer = what if isinstance(what, HttpResponse) else _answer(what, request, response)
    after = fixture.number("latency", 0.0) / 1000
    for one in (match, response, fixture):
        one.end()
    return Recording(request, answer, max(after, 0.0))


def _said(response: Members) -> Reply | HttpResponse | None:
    """What a fixture answers; None for what the Responses API does not."""
    if "error" in response:
        return _error(response)
    reasoning = response.take("reasoning", "")
    reply = Reply.reasoning(reasoning) if isinstance(reasoning, str) and reasoning else Reply()
    if "blocks" in response:
        response.take("content")
        response.take("toolCalls")
        for block in response.objects("blocks"):
            kind = block.text("type")
            reply += _call(block) if kind == "toolCall" else Reply.text(block.text("text"))
            block.end()
    elif "content" in response or "toolCalls" in response:
        if "content" in response:
            content = response.take("content")
            reply += Reply.text(content if isinstance(content, str) else json.encode(content).decode())
        for call in response.objects("toolCalls", lacking=True):
            reply += _call(call)
            call.end()
    else:
        return None
    ended = response.take("finishReason")
    if ended in ("length", "content_filter"):
        reason = "max_output_tokens" if ended == "length" else "content_filter"
        reply += Reply(incomplete_details={"reason": reason})
    elif ended not in (None, "stop", "tool_calls"):
        response.note("finishReason", "a response has no such end")
    return reply


def _call(call: Members) -> Reply:
    arguments = call.take("arguments", "{}")
    written = arguments if isinstance(arguments, str) else json.encode(arguments).decode()
    call_id = call.take("id")
    return Reply.tool_call(call.text("name"), written, call_id=call_id if isinstance(call_id, str) else None)


def _error(response: Members) -> HttpResponse:
    error = response.object("error")
    kind = error.take("type")
    status = response.status("status") if "status" in response else _ERRORS.get(str(kind), 500)
    body = {
        "message": error.text("message"),
        "type": kind,
        "param": error.take("param"),
        "code": error.take("code"),
    }
    error.end()
    headers = [("content-type", "application/json")]
    if status == 429:
        headers.append(("retry-after", str(response.take("retryAfter", 1))))
    return HttpResponse(status=status, headers=tuple(headers), body=json.encode({"error": body}))


def _answer(reply: Reply, request: HttpRequest, response: Members) -> HttpResponse:
    usage = response.take("usage")
    created = response.number("created", 0)

    def script(asked: ModelInput) -> Reply:
        return reply

    _, answer = respond(State(), request, created, script=script)
    if answer.status != 200:
        raise ValueError(f"{response.place}: is no answer of the Responses API: {answer.body.decode()[:200]}")
    body: JsonObject = json.decode(answer.body)
    for name in ("id", "model"):
        given = response.take(name)
        if isinstance(given, str):
            body[name] = given
    if is_object(usage):
        body["usage"] = _usage(Members(usage, response.at("usage"), response.notes), body["usage"])
    return HttpResponse(status=200, headers=answer.headers, body=json.encode(body))


def _usage(usage: Members, counted: Any) -> JsonObject:
    """The usage that a fixture says, in the words of either API."""
    found: JsonObject = dict(counted)
    for ours, theirs in (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens")):
        for name in (theirs, ours):
            if name in usage:
                found[ours] = int(usage.number(name))
    found["total_tokens"] = int(usage.number("total_tokens", found["input_tokens"] + found["output_tokens"]))
    usage.end()
    return found
