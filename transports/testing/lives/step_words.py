"""A step of a life in words: what was asked for, what was answered, what was emitted, and how it ended.

Law: what is shown is one line, of bounded length, and without credentials.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct, json
from returns.result import Failure, Result

from ....codecs.lossless.errors import REFUSALS
from ....codecs.lossless.plain import is_array, is_object
from ....codecs.lossless.shortened_repr import brief
from ....codecs.rendering.visible import one_line
from ....core.credentials import REDACTED, hide_pairs, names_a_credential
from ....core.errors import Error, Interrupted, NotSent
from ....core.http import HttpRequest, HttpResponse
from ...memory.faults import QuotaUsedUp, RateLimited, Refused, ServerError
from .fault_words import in_words, said_of
from .lives import LifeStep

BODY = 60
"""Characters of a body that are shown."""

VALUE = 110
"""Characters of a value that are shown."""

EMITTED = 3
"""How many different values that were emitted at once are named."""


def request_words(request: HttpRequest) -> str:
    """A request: its method, its path with its query, and the beginning of its body."""
    query = hide_pairs(request.query)
    asked = f"{request.method} {request.path}{'?' if query else ''}{urlencode(query, safe='[]')}"
    return f"{cut(asked, 2 * BODY)} {_body(request.body)}".rstrip()


def answer_words(step: LifeStep) -> str:
    """How a step that asked for something went: its answer, and what went wrong with it."""
    mishap = step.mishap
    if mishap is None:
        return _answer(step)
    said = said_of(mishap, step.kind)
    failed = error_of(step.answer) is not None
    if said.is_all and (step.answer is None or failed):
        return in_words(mishap, step.kind)
    if isinstance(mishap, ServerError | RateLimited | QuotaUsedUp | Refused) and not failed:
        return f"{said.what}, {said.beside}"
    return f"{_answer(step)} ({said.beside or said.what})"


def error_of(answer: Any) -> Any:
    """The error that an answer or a chunk is; None where it is none."""
    return answer.failure() if isinstance(answer, _FAILURE) else None


_FAILURE: Any = Failure


def emitted_words(values: tuple[Any, ...]) -> str:
    """What was emitted; of more than a few values, how many of each kind."""
    if len(values) <= EMITTED:
        return ", ".join(_emitted(value) for value in values)
    numbers = [number for value in values if isinstance(number := getattr(value, "sequence_number", None), int)]
    if len(numbers) == len(values):
        in_a_row = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        which = f"{numbers[0]} to {numbers[-1]}" if in_a_row else ", ".join(map(str, numbers))
        return cut(f"{len(values)} events, numbers {which}", VALUE)
    kinds = Counter(_kind(value) for value in values)
    named = [kind if count == 1 else f"{count} {kind}" for kind, count in kinds.most_common(EMITTED)]
    more = len(kinds) - len(named)
    return ", ".join([*named, *([f"{more} more kinds"] if more else [])])


def result_words(result: Result[Any, Error]) -> str:
    """How a program ended."""
    if isinstance(result, Failure):
        return f"it fails: {cut(str(result.failure()), 2 * VALUE)}"
    value: Any = result.unwrap()
    return "it ends well" if value is None else f"it succeeds: {_value(value)}"


def cut(text: str, most: int) -> str:
    """A text on one line, cut after so many characters."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _answer(step: LifeStep) -> str:
    answer = step.answer
    error = error_of(answer)
    if error is not None:
        return _failure(error)
    if step.kind == "read":
        chunk: bytes = answer.unwrap()
        return f"{len(chunk)} bytes" if chunk else "the body ends"
    response: HttpResponse = answer.unwrap()
    shown = "its body can be read" if step.kind == "open" and response.is_success else _contents(response)
    return f"{response.status}{', ' if shown and response.is_success else ': ' if shown else ''}{shown}"


def _failure(error: Error) -> str:
    if isinstance(error, Interrupted):
        return _INTERRUPTED.get(error.kind) or str(error)
    if isinstance(error, NotSent):
        return f"not sent ({error.kind})"
    return cut(str(error), VALUE)


_INTERRUPTED: dict[str, str] = {
    "read_timeout": "no answer in time",
    "reset": "the connection is reset",
    "truncated": "the answer breaks off",
}


def _contents(response: HttpResponse) -> str:
    """What an answer is about."""
    try:
        content: Any = json.decode(response.body)
    except REFUSALS:
        return f"{response.header('content-type') or 'a body'}, {len(response.body)} bytes"
    if not is_object(content):
        return _body(response.body)
    error = content.get("error")
    if not response.is_success and is_object(error):
        return cut(str(error.get("message") or error.get("code") or error.get("type")), VALUE).rstrip(".")
    data = content.get("data")
    if is_array(data):
        return f"a list of {len(data)}{', and there is more' if content.get('has_more') else ''}"
    named = [content.get("id"), content.get("status"), "deleted" if content.get("deleted") is True else None]
    return cut(", ".join(str(part) for part in named if part), VALUE) or _body(response.body)


def _body(body: bytes | None) -> str:
    """The beginning of a body, without what is a credential by its name."""
    if not body:
        return ""
    try:
        text = json.encode(_hidden(json.decode(body))).decode()
    except REFUSALS:
        text = repr(body)[2:-1]
    return cut(text, BODY)


def _hidden(value: Any) -> Any:
    if is_object(value):
        return {name: REDACTED if names_a_credential(name) else _hidden(member) for name, member in value.items()}
    return [_hidden(member) for member in value] if is_array(value) else value


def _emitted(value: Any) -> str:
    number = getattr(value, "sequence_number", None)
    return f"{_kind(value)} (number {number})" if isinstance(number, int) else _value(value)


def _value(value: Any) -> str:
    """A value: what of the API has an id by that, or has a response that has one, and how it is."""
    about = value if hasattr(value, "id") else getattr(value, "response", value)
    named = getattr(about, "id", None)
    if not isinstance(value, Struct) or not isinstance(named, str):
        return cut(brief(value), VALUE)
    status = getattr(about, "status", None)
    return cut(f"{_kind(value)} {named}{f' ({status})' if isinstance(status, str) else ''}", VALUE)


def _kind(value: Any) -> str:
    kind = getattr(value, "type", None)
    return kind if isinstance(value, Struct) and isinstance(kind, str) else type(value).__name__
