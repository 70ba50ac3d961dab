"""What is taken out of what is recorded, by rules that are values; the defaults, to which rules add, and their work.

Laws: the defaults always hold: by the one predicate (`core.credentials`), credentials in the query, in headers, and in
the members of JSON bodies. A rule adds to them. What nothing was taken out of stays as it is, byte for byte; a JSON
text that something was taken out of is written anew, spaced as before. Redacting twice is redacting once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias

from msgspec import Struct, json
from msgspec.structs import replace

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_array, is_object
from ...core.credentials import REDACTED, hide_pairs, names_a_credential
from ...core.errors import Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse, Pairs
from .body_form import spaced_as
from .canned_answers import StreamedResponse
from .edits import Edit, edited, edited_bytes, edits_of
from .event_texts import change_events, events_in
from .format import Recording

Part: TypeAlias = Literal["query", "request", "answer", "event"]

PARTS: tuple[Part, ...] = ("query", "request", "answer", "event")

OF_THE_API = frozenset({"code", "key", "keys", "pass", "token", "tokens"})
"""Members that the API has for other things (a program, a filter, a key that is pressed, a part of a text)."""


class Redaction(Struct, frozen=True, kw_only=True):
    """A rule: what is replaced by `[redacted]` in what is recorded, in addition to what always is.

    - `member`: the value of a member of a JSON object, at any depth, or of a query parameter, of that name.
    - `pattern`: a regular expression; what it finds, in any string of a JSON body or event, in a text that was sent in
      deltas, in a body that is no JSON, in the value of a query parameter or a header, and in the reason of a failure.
    - `parts`: where: in the `query`, the body of a `request`, of an `answer`, or in each `event` of a streamed one.

    Raises `ValueError` for one without `member` and `pattern`, or with both, and for a pattern that is none.

    >>> Redaction(pattern=r"[0-9]{3}-[0-9]{4}").parts
    ('query', 'request', 'answer', 'event')
    """

    member: str | None = None
    pattern: str | None = None
    parts: tuple[Part, ...] = PARTS

    def __post_init__(self) -> None:
        if (self.member is None) == (self.pattern is None):
            raise ValueError("redact: a Redaction has either a member or a pattern")
        if not self.parts or not set(self.parts) <= set(PARTS):
            raise ValueError(f"redact: parts is {self.parts!r}; allowed are {', '.join(PARTS)}, at least one")
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"redact: pattern {self.pattern!r} is no regular expression: {error}") from None


class Redactor:
    """Takes out what the defaults and `rules` say."""

    def __init__(self, rules: Iterable[Redaction] = ()) -> None:
        self._rules = {part: _Rules([rule for rule in rules if part in rule.parts]) for part in PARTS}

    def redacted(self, recording: Recording) -> Recording:
        """The recording without what is to be taken out; itself where that is nothing."""
        request, answer = self.request(recording.request), self._answer(recording.answer)
        if request is recording.request and answer is recording.answer:
            return recording
        return Recording(request, answer, recording.after)

    def request(self, request: HttpRequest) -> HttpRequest:
        """The request without what is to be taken out; itself where that is nothing."""
        query = self._rules["query"].pairs(request.query)
        headers = self._rules["request"].pairs(request.headers)
        path = self._rules["request"].text(request.path)
        body = request.body
        if body:
            (body,) = self._bodies((body,), self._rules["request"])
        if (query, headers, path) == (request.query, request.headers, request.path) and body is request.body:
            return request
        return replace(request, path=path, query=query, headers=headers, body=body)

    def _answer(
        self, answer: HttpResponse | StreamedResponse | NotSent | Interrupted
    ) -> HttpResponse | StreamedResponse | NotSent | Interrupted:
        rules = self._rules["answer"]
        if isinstance(answer, HttpResponse):
            return self._response(answer)
        if isinstance(answer, StreamedResponse):
            headers, chunks = rules.pairs(answer.headers), self._bodies(answer.chunks, rules)
            error = None if answer.error is None else replace(answer.error, reason=rules.text(answer.error.reason))
            if headers == answer.headers and chunks is answer.chunks and error == answer.error:
                return answer
            return replace(answer, headers=headers, chunks=chunks, error=error)
        reason = rules.text(answer.reason)
        if isinstance(answer, Interrupted) and answer.partial is not None:
            partial_answer = self._response(answer.partial)
            if partial_answer is not answer.partial:
                return replace(answer, reason=reason, partial=partial_answer)
        return answer if reason == answer.reason else replace(answer, reason=reason)

    def _response(self, response: HttpResponse) -> HttpResponse:
        rules = self._rules["answer"]
        headers, body = rules.pairs(response.headers), response.body
        if body:
            (body,) = self._bodies((body,), rules)
        if headers == response.headers and body is response.body:
            return response
        return replace(response, headers=headers, body=body)

    def _bodies(self, chunks: tuple[bytes, ...], rules: _Rules) -> tuple[bytes, ...]:
        return edited_bytes(chunks, partial(self._edited, rules)) if chunks else chunks

    def _edited(self, rules: _Rules, chunks: Sequence[str]) -> Sequence[str]:
        text = "".join(chunks)
        edits: list[Edit]
        try:
            value = json.decode(text)
        except (*REFUSALS, UnicodeEncodeError):
            events = events_in(text)
            if events:
                of_events = self._rules["event"]
                edits = change_events(text, of_events.value, of_events.edits, decoded=events)
                edits = sorted([*edits, *_outside(of_events.edits(text), [(one.start, one.end) for one in events])])
            else:
                edits = rules.edits(text)
        else:
            changed = rules.value(value)
            if changed is value:
                return chunks
            edits = [(0, len(text), spaced_as(text, json.encode(changed)))]
        return edited(chunks, edits) if edits else chunks


class _Rules:
    """The rules for one part."""

    def __init__(self, rules: list[Redaction]) -> None:
        self._members = frozenset(rule.member for rule in rules if rule.member is not None)
        self._patterns = [re.compile(rule.pattern) for rule in rules if rule.pattern is not None]

    def pairs(self, pairs: Pairs) -> Pairs:
        """Headers, or parameters of a query."""
        return tuple(
            (name, REDACTED if name in self._members else self.text(value)) for name, value in hide_pairs(pairs)
        )

    def text(self, text: str) -> str:
        """A text."""
        for pattern in self._patterns:
            text = pattern.sub(_without, text)
        return text

    def edits(self, text: str) -> list[Edit]:
        """The places in a text at which something is taken out: of two that overlap, the first."""
        found: list[Edit] = []
        end = 0
        for edit in sorted(edit for pattern in self._patterns for edit in edits_of(pattern, text, _without)):
            if edit[0] >= end and text[edit[0] : edit[1]] != edit[2]:
                found.append(edit)
                end = edit[1]
        return found

    def value(self, value: Any) -> Any:
        """Plain JSON; itself where nothing is taken out."""
        if isinstance(value, str):
            text = self.text(value)
            return value if text == value else text
        if is_array(value):
            items = [self.value(item) for item in value]
            return items if any(map(_differs, items, value)) else value
        if is_object(value):
            members = {name: self._member(name, member) for name, member in value.items()}
            return members if any(map(_differs, members.values(), value.values())) else value
        return value

    def _member(self, name: str, value: Any) -> Any:
        if name in self._members:
            return value if value == REDACTED else REDACTED
        if isinstance(value, str) and value and name not in OF_THE_API and names_a_credential(name):
            return value if value == REDACTED else REDACTED
        return self.value(value)


def _without(match: re.Match[str]) -> str:
    return REDACTED


def _differs(ours: Any, theirs: Any) -> bool:
    return ours is not theirs


def _outside(edits: list[Edit], spans: list[tuple[int, int]]) -> list[Edit]:
    """The edits that are in none of the spans, which are in order."""
    found: list[Edit] = []
    index = 0
    for edit in edits:
        while index < len(spans) and spans[index][1] <= edit[0]:
            index += 1
        if index == len(spans) or edit[1] <= spans[index][0]:
            found.append(edit)
    return found
