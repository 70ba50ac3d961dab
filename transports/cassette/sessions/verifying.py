"""Whether a cassette still says what the service says: its requests are asked live, and the answers compared.

Laws: a request that changes something is asked only where it creates, or is about what this very run created; any other
is listed, with the reason. An id that a live answer has takes the place of the recorded one in what is asked after.
What is asked is the same for `run` as for `run_async`: this is a plan, of which the two functions are drivers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from ....codecs.lossless.errors import REFUSALS
from ....codecs.lossless.plain import is_array, is_object
from ....core.credentials import REDACTED
from ....core.errors import Error, Interrupted, NotSent
from ....core.http import SAFE_METHODS, HttpRequest, HttpResponse
from ....core.results import is_failure
from ....core.steps import Answer
from ...contract import AsyncTransport, Transport
from ...mistakes import awaitable_of, result_of
from ..canned_answers import as_called
from ..event_texts import events_in
from ..format import Recording
from ..safe_file import read_file

_ID = re.compile(r"(?<![A-Za-z0-9_-])([a-z]{2,12})[_-](?=[A-Za-z_]*[0-9])[A-Za-z0-9_]{4,}(?![A-Za-z0-9_-])")
_OF_A_PATH = re.compile(r"[a-z]{2,12}_[A-Za-z0-9_-]+")
_COLLECTIONS = frozenset({"responses", "conversations", "input_items", "input_tokens", "items", "cancel", "compact"})

_CREATING = frozenset({"/responses", "/conversations"})
_COUNTING = frozenset({"/responses/input_tokens", "/responses/compact"})
"""What is sent by POST, and changes nothing."""


class Drift(Struct, frozen=True):
    """A difference between what was recorded and what is answered now, of which recording, from 1, and where."""

    recording: int
    request: HttpRequest
    place: str
    recorded: str
    live: str

    def __str__(self) -> str:
        asked = f"recording {self.recording} ({self.request.method} {self.request.path})"
        return f"{asked}: {self.place}: recorded {self.recorded}, now {self.live}"


class NotVerified(Struct, frozen=True):
    """A recording whose request was not asked, and why."""

    recording: int
    request: HttpRequest
    reason: str

    def __str__(self) -> str:
        return f"recording {self.recording} ({self.request.method} {self.request.path}): not verified: {self.reason}"


class Verification(Struct, frozen=True):
    """How many recordings were `verified`, what has drifted (`drifts`), and what was `not_verified`, and why."""

    verified: int
    drifts: tuple[Drift, ...] = ()
    not_verified: tuple[NotVerified, ...] = ()

    @property
    def has_drifted(self) -> bool:
        """Whether any answer is another than was recorded."""
        return bool(self.drifts)

    def __str__(self) -> str:
        counts = f"{self.verified} verified, {len(self.drifts)} drifts, {len(self.not_verified)} not verified"
        return "\n".join([counts, *map(str, self.drifts), *map(str, self.not_verified)])


def verify_cassette(
    path: str | os.PathLike[str], transport: Transport, *, fields: Collection[str] = ()
) -> Verification:
    """Ask `transport` what is on the cassette at `path`, and compare the answers with those that were recorded.

    Compared are the status, the members of JSON and the types of their values, the types of the events of a stream, and
    the values of members that are called as one of `fields`. Requests that change something are asked only where they
    create, or are about what this run created. Raises `OSError` and `ValueError` for a file that is no cassette.

    >>> import os, tempfile
    >>> from puresponse import CassetteTransport, MemoryTransport, retrieve_response, run
    >>> path = os.path.join(tempfile.mkdtemp(), "retrieve.json")
    >>> with CassetteTransport.recording(MemoryTransport(), path) as recorder:
    ...     _ = run(retrieve_response("resp_chat"), recorder)
    >>> print(verify_cassette(path, MemoryTransport()))
    1 verified, 0 drifts, 0 not verified
    """
    plan = _Plan(read_file(os.fspath(path)).recordings, fields)
    for request in plan:
        plan.answered(result_of("verify_cassette", transport, transport(request)))
    return plan.verification


async def verify_cassette_async(
    path: str | os.PathLike[str], transport: AsyncTransport, *, fields: Collection[str] = ()
) -> Verification:
    """The same by an asynchronous transport: the arguments are those of `verify_cassette`.

    Raises `OSError` and `ValueError` for a file that is no cassette.

    >>> import asyncio, os, tempfile
    >>> from puresponse import CassetteTransport, MemoryTransport, in_threads, retrieve_response, run
    >>> path = os.path.join(tempfile.mkdtemp(), "retrieve.json")
    >>> with CassetteTransport.recording(MemoryTransport(), path) as recorder:
    ...     _ = run(retrieve_response("resp_chat"), recorder)
    >>> print(asyncio.run(verify_cassette_async(path, in_threads(MemoryTransport()))))
    1 verified, 0 drifts, 0 not verified
    """
    plan, who = _Plan(read_file(os.fspath(path)).recordings, fields), "verify_cassette_async"
    for request in plan:
        answer: Answer = await awaitable_of(who, transport, transport(request))
        plan.answered(result_of(who, transport, answer))
    return plan.verification


class _Plan:
    """The requests to be asked, one after another, each made of what was answered before it."""

    def __init__(self, recordings: tuple[Recording, ...], fields: Collection[str]) -> None:
        self._recordings = recordings
        self._fields = frozenset(fields)
        self._ids: dict[str, str] = {}
        self._created: set[str] = set()
        self._drifts: list[Drift] = []
        self._not_verified: list[NotVerified] = []
        self._verified = 0
        self._asked: tuple[int, HttpRequest, Answer] | None = None

    @property
    def verification(self) -> Verification:
        """What was found."""
        return Verification(self._verified, tuple(self._drifts), tuple(self._not_verified))

    def __iter__(self) -> Iterator[HttpRequest]:
        issued: set[str] = set()
        for number, recording in enumerate(self._recordings, start=1):
            answer = as_called(recording.answer)
            reason = self._reason_not_to_ask(recording, answer, issued)
            if reason is None:
                request = self._with_live_ids(recording.request)
                self._asked = number, request, answer
                yield request
            else:
                self._not_verified.append(NotVerified(number, recording.request, reason))
            if not is_failure(answer) and _creates(recording.request):
                issued |= _ids_of(answer.unwrap())

    def answered(self, live: Answer) -> None:
        """Compare what was answered with what was recorded."""
        if self._asked is None:
            return
        number, request, recorded = self._asked
        self._verified += 1
        known = recorded.unwrap()
        if is_failure(live):
            self._drifted(number, request, "status", str(known.status), str(live.failure()))
            return
        answer = live.unwrap()
        if answer.is_success and _creates(request):
            self._created |= _ids_of(answer)
        if known.status != answer.status:
            self._drifted(number, request, "status", str(known.status), str(answer.status))
            return
        for place, ours, theirs in _differences(_value_of(known), _value_of(answer), self._fields, self._ids):
            self._drifted(number, request, place, ours, theirs)

    def _drifted(self, number: int, request: HttpRequest, place: str, recorded: str, live: str) -> None:
        self._drifts.append(Drift(number, request, place, recorded, live))

    def _reason_not_to_ask(self, recording: Recording, answer: Answer, issued: set[str]) -> str | None:
        request = recording.request
        if is_failure(answer):
            error: Error = answer.failure()
            kind = error.kind if isinstance(error, NotSent | Interrupted) else type(error).__name__
            return f"a failure was recorded ({kind})"
        if REDACTED in repr((request.path, request.query)) or REDACTED.encode() in (request.body or b""):
            return "something was redacted in it"
        named = _ids_named(request)
        lost = sorted(named & issued - self._ids.keys())
        if lost:
            return f"it is about {lost[0]}, which this run did not create"
        if request.method in SAFE_METHODS or request.path in _COUNTING:
            return None
        others = sorted(name for name in named if self._ids.get(name, name) not in self._created)
        if others:
            return f"it changes {others[0]}, which this run did not create"
        return None if named or _creates(request) else "it is not known what it changes"

    def _with_live_ids(self, request: HttpRequest) -> HttpRequest:
        body = request.body
        if body is not None:
            body = self._live(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        query = tuple((name, self._live(value)) for name, value in request.query)
        return replace(request, path=self._live(request.path), query=query, body=body)

    def _live(self, text: str) -> str:
        return _ID.sub(self._live_id, text)

    def _live_id(self, match: re.Match[str]) -> str:
        return self._ids.get(match[0], match[0])


def _creates(request: HttpRequest) -> bool:
    """Whether a request makes something new."""
    return request.method == "POST" and request.path in _CREATING


def _ids_named(request: HttpRequest) -> set[str]:
    """The ids of what a request is about: in its path, and the conversation that it adds to."""
    named = {segment for segment in request.path.split("/") if _OF_A_PATH.fullmatch(segment)} - _COLLECTIONS
    try:
        body = json.decode(request.body or b"null")
    except REFUSALS:
        return named
    if is_object(body):
        conversation = body.get("conversation")
        conversation = conversation.get("id") if is_object(conversation) else conversation
        if isinstance(conversation, str):
            named.add(conversation)
    return named


def _ids_of(response: HttpResponse) -> set[str]:
    """The ids of what an answer says was created: its own, or that of the response in its first event."""
    value = _value_of(response)
    if is_array(value):
        value = value[0].get("response") if value and is_object(value[0]) else None
    found = value.get("id") if is_object(value) else None
    return {found} if isinstance(found, str) else set()


def _value_of(response: HttpResponse) -> Any:
    """A body as plain JSON; a stream of events as the list of the first of each type; None for what is neither."""
    try:
        return json.decode(response.body)
    except REFUSALS:
        return [event.value for event in events_in(response.body.decode("utf-8", "replace"))] or None


def _differences(
    recorded: Any, live: Any, fields: frozenset[str], ids: dict[str, str], place: str = "$"
) -> Iterator[tuple[str, str, str]]:
    """Where, what was recorded, what is now; and learn which id stands for which."""
    ours, theirs = _kind(recorded), _kind(live)
    if ours != theirs:
        yield place, ours, theirs
    elif is_object(recorded) and is_object(live):
        for name in dict.fromkeys((*recorded, *live)):
            where = f"{place}.{name}"
            if name not in live:
                yield where, _kind(recorded[name]), "left out"
            elif name not in recorded:
                yield where, "left out", _kind(live[name])
            else:
                yield from _differences(recorded[name], live[name], fields, ids, where)
                if name in fields and recorded[name] != live[name]:
                    yield where, _written(recorded[name]), _written(live[name])
    elif is_array(recorded) and is_array(live):
        known, now = _firsts(recorded), _firsts(live)
        for name in dict.fromkeys((*known, *now)):
            where = f"{place}[{name}]"
            if name not in now:
                yield where, "there", "left out"
            elif name not in known:
                yield where, "left out", "there"
            else:
                yield from _differences(known[name], now[name], fields, ids, where)
    elif isinstance(recorded, str) and isinstance(live, str):
        known_id, live_id = _ID.fullmatch(recorded), _ID.fullmatch(live)
        if known_id is not None and live_id is not None and known_id[1] == live_id[1]:
            ids.setdefault(recorded, live)


def _firsts(items: list[Any]) -> dict[str, Any]:
    """The first item of each type: how many there are differs from answer to answer."""
    firsts: dict[str, Any] = {}
    for item in items:
        firsts.setdefault(_type(item), item)
    return firsts


def _type(value: Any) -> str:
    """What an item is: by its `type`, where it has one."""
    told = value.get("type") if is_object(value) else None
    return told if isinstance(told, str) else _kind(value)


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int | float):
        return "a number"
    return "an array" if is_array(value) else "an object"


def _written(value: Any) -> str:
    text = json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:60]}…"
