"""Ids and times that differ from run to run, replaced by ones that do not: the same one by the same one, everywhere.

Laws: what was one id in several places is one afterwards, and two are two. What has been replaced is replaced by
itself, so that normalising twice is normalising once. An id keeps its prefix, so that it is still one of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from ...core.errors import Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse, Pairs
from .canned_answers import StreamedResponse
from .edits import edited, edited_bytes, edits_of
from .format import Recording

_ID = r"(?<![A-Za-z0-9_-])[a-z]{2,12}[_-](?=[A-Za-z]*[0-9])[A-Za-z0-9]{12,}(?![A-Za-z0-9_-])"
_UUID = r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F-])"
_MOMENT = r"(?<![0-9])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_UNIX = r"""(?<="created":)\d{10}(?:\.\d+)?|(?<=_at":)\d{10}(?:\.\d+)?|(?<=_at":\ )\d{10}(?:\.\d+)?"""

_BEGINNING = 946_684_800
"""The first second of 2000, in Unix time: replaced times are counted from there."""

_LAST = _BEGINNING + 10_000_000

_DIGITS = 24


class Normalising(Struct, frozen=True, kw_only=True):
    """What differs from run to run, and is to be the same in each: `ids`, `times`, and what own `patterns` find.

    An id is a text as `resp_68c9ef3acb748195` or a UUID. A time is a number in a member whose name ends with `_at`, a
    moment by RFC 3339, or the header `date`; the header `openai-processing-ms` is 0. The patterns are regular
    expressions; what they find becomes `same-1`, `same-2` and so on.

    Raises `ValueError` for a pattern that is no regular expression.
    """

    ids: bool = True
    times: bool = True
    patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"normalise: pattern {pattern!r} is no regular expression: {error}") from None


class Normaliser:
    """Replaces, and knows what it has replaced; what is in `kept` stays as it is."""

    def __init__(self, what: Normalising, kept: Collection[str] = ()) -> None:
        self._what = what
        self._kept = kept
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        kinds: list[tuple[str, Callable[[str], str]]] = []
        if what.ids:
            kinds += [(_UUID, self._uuid), (_ID, self._id)]
        if what.times:
            kinds += [(_UNIX, self._unix), (_MOMENT, self._moment)]
        self._kinds = [(re.compile(pattern), name) for pattern, name in kinds]
        self._kinds += [(re.compile(pattern), self._same) for pattern in what.patterns]

    def normalised(self, recording: Recording) -> Recording:
        """The recording with what differs replaced."""
        return Recording(self.request(recording.request), self._answer(recording.answer), recording.after)

    def request(self, request: HttpRequest) -> HttpRequest:
        """The request with what differs replaced."""
        (body,) = (None,) if request.body is None else self._bodies((request.body,))
        return replace(
            request,
            path=self.text(request.path),
            query=self._pairs(request.query),
            headers=self._pairs(request.headers),
            body=body,
        )

    def text(self, text: str) -> str:
        """The text with what differs replaced."""
        (changed,) = self._texts((text,))
        return changed

    def _answer(
        self, answer: HttpResponse | StreamedResponse | NotSent | Interrupted
    ) -> HttpResponse | StreamedResponse | NotSent | Interrupted:
        if isinstance(answer, HttpResponse):
            return self._response(answer)
        if isinstance(answer, StreamedResponse):
            error = None if answer.error is None else replace(answer.error, reason=self.text(answer.error.reason))
            chunks = self._bodies(answer.chunks) if answer.chunks else ()
            return replace(answer, headers=self._pairs(answer.headers), chunks=chunks, error=error)
        answer = replace(answer, reason=self.text(answer.reason))
        if isinstance(answer, Interrupted) and answer.partial is not None:
            return replace(answer, partial=self._response(answer.partial))
        return answer

    def _response(self, response: HttpResponse) -> HttpResponse:
        (body,) = self._bodies((response.body,))
        return replace(response, headers=self._pairs(response.headers), body=body)

    def _pairs(self, pairs: Pairs) -> Pairs:
        return tuple((name, self._header(name.lower(), value)) for name, value in pairs)

    def _header(self, name: str, value: str) -> str:
        if self._what.times and name == "date":
            return "Sat, 01 Jan 2000 00:00:00 GMT"
        if self._what.times and name == "openai-processing-ms":
            return "0"
        return self.text(value)

    def _bodies(self, chunks: tuple[bytes, ...]) -> tuple[bytes, ...]:
        return edited_bytes(chunks, self._texts)

    def _texts(self, chunks: Sequence[str]) -> Sequence[str]:
        for pattern, name in self._kinds:
            edits = edits_of(pattern, "".join(chunks), partial(self._replaced, name))
            chunks = edited(chunks, edits) if edits else list(chunks)
        return chunks

    def _replaced(self, name: Callable[[str], str], match: re.Match[str]) -> str:
        text = match[0]
        if text in self._kept:
            return text
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = name(text)
        return known

    def _number(self, kind: str, own: int | None = None) -> int:
        """The next number of a kind; where a text has its own already, the next is a later one."""
        self._counts[kind] = max(self._counts.get(kind, 0) + (own is None), own or 0)
        return self._counts[kind] if own is None else own

    def _id(self, text: str) -> str:
        place = max(text.rfind("_"), text.rfind("-")) + 1
        prefix, rest = text[:place], text[place:]
        own = int(rest) if len(rest) == _DIGITS and rest.isdigit() else None
        return f"{prefix}{self._number(prefix, own):0{_DIGITS}}"

    def _uuid(self, text: str) -> str:
        start = "00000000-0000-4000-8000-"
        rest = text[len(start) :]
        own = int(rest) if text.startswith(start) and rest.isdigit() else None
        return f"{start}{self._number(start, own):012}"

    def _unix(self, text: str) -> str:
        own = int(text) - _BEGINNING if text.isdigit() and _BEGINNING <= int(text) < _LAST else None
        return str(_BEGINNING + self._number("time", own))

    def _moment(self, text: str) -> str:
        first = datetime.fromtimestamp(_BEGINNING, UTC)
        try:
            seconds = (datetime.fromisoformat(text) - first).total_seconds()
        except ValueError:  # the 31st of February
            seconds = -1.0
        own = int(seconds) if seconds.is_integer() and 0 <= seconds < _LAST - _BEGINNING else None
        return (first + timedelta(seconds=self._number("moment", own))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _same(self, text: str) -> str:
        own = int(text[5:]) if text.startswith("same-") and text[5:].isdigit() else None
        return f"same-{self._number('same', own)}"


def ids_in(recording: Recording) -> Iterator[str]:
    """The ids, and the times, that an answer has: what is asked after it may be about these."""
    answer = recording.answer
    body = b""
    if isinstance(answer, HttpResponse):
        body = answer.body
    elif isinstance(answer, StreamedResponse):
        body = b"".join(answer.chunks)
    text = body.decode("utf-8", "replace")
    for pattern in (_ID, _UUID):
        yield from re.findall(pattern, text)
