"""Which key created what: what a request is about, what an answer created, and who is asked next.

Law: a request about something whose key is known goes to that key, and to no other. About something unknown each key is
asked, in order, as long as the answer is the API's own word that it is not there; the one that knows it is remembered.
Whatever else is answered ends the search: a server without the route, or an error, says nothing of who created it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from urllib.parse import unquote

from msgspec import Struct

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.errors import UNREAD
from ...codecs.lossless.server_sent_events import EventStream
from ...core.arguments import check_count
from ...core.credentials import REDACTED
from ...core.endpoints.answers import api_error
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.streams import Chunk

_ROOMS = frozenset({"responses", "conversations"})
_NO_IDS = frozenset({"compact", "input_tokens"})
"""What follows `/responses/` in a path, of a POST, and is no id."""

_MOST_WATCHED = 1 << 20
"""Bytes of a body in which its id is looked for, while it is read in chunks."""


class _Id(Struct):
    id: str


class _Creation(Struct):
    """What a body says of what exists already."""

    previous_response_id: str | None = None
    conversation: str | _Id | None = None


class _Created(Struct):
    """An answer, or an event of a stream, as far as it says what was created."""

    id: str | None = None
    response: _Id | None = None


def subject_of(request: HttpRequest) -> str | None:
    """The id of what a request is about: in its path, or that of what it continues; None for neither."""
    _, room, identity, *_ = (*request.path.split("/"), "", "")
    if room not in _ROOMS:
        return None
    if identity and not (request.method == "POST" and identity in _NO_IDS):
        return unquote(identity)
    body = request.body
    if not body or (b"previous_response_id" not in body and b"conversation" not in body):
        return None
    try:
        said: _Creation = decoder_of(_Creation)(body)
    except UNREAD:
        return None
    continued = said.previous_response_id or said.conversation
    return continued.id if isinstance(continued, _Id) else continued


def creates(request: HttpRequest) -> bool:
    """Whether what is answered to a request may be new."""
    return request.method == "POST" and request.path.count("/") == 1 and request.path[1:] in _ROOMS


def is_not_there(response: HttpResponse) -> bool:
    """Whether an answer is the API's word that what was asked about is not there, for that key."""
    if response.status == 404:
        return not api_error(response).no_such_route
    return response.status == 400 and api_error(response).code == "previous_response_not_found"


class KeyTable:
    """The names of the keys, and the key that created each of the last ids. Many threads may use it at once."""

    def __init__(
        self, who: str, names: Sequence[str], choose: Callable[[HttpRequest], str] | None, remember: int
    ) -> None:
        invalid = check_count("remember", remember, 1)
        if invalid is not None:
            raise ValueError(str(invalid))
        self.names = tuple(names)
        self._who = who
        self._choose = choose
        self._most = remember
        self._lock = Lock()
        self._known: OrderedDict[str, str] = OrderedDict()
        self._turn = 0

    def begin(self, request: HttpRequest) -> Search:
        """Find out who is asked first. Raises `ValueError` for a chosen name that there is not."""
        subject = subject_of(request)
        if subject is not None:
            owner = self.owner_of(subject)
            return Search(self, request, subject, self.names if owner is None else (owner,))
        return Search(self, request, None, (self._next() if self._choose is None else self._chosen(request),))

    def owner_of(self, identity: str) -> str | None:
        """The name of the key that created it, as far as is remembered."""
        with self._lock:
            owner = self._known.get(identity)
            if owner is not None:
                self._known.move_to_end(identity)
            return owner

    def remember(self, identity: str, owner: str) -> None:
        """Note who created it; the one that was not asked about for the longest is forgotten for it."""
        with self._lock:
            self._known[identity] = owner
            self._known.move_to_end(identity)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def _next(self) -> str:
        with self._lock:
            self._turn += 1
            return self.names[(self._turn - 1) % len(self.names)]

    def _chosen(self, request: HttpRequest) -> str:
        name = self._choose(request) if self._choose is not None else ""
        if name not in self.names:
            allowed = ", ".join(map(repr, self.names))
            shown = repr(name) if len(repr(name)) <= _LONGEST_NAME else REDACTED
            raise ValueError(f"{self._who}: choose returned {shown}; it must be one of {allowed}")
        return name


_LONGEST_NAME = 40
"""Characters that are shown of what is no name: it may be a key."""


class Search:
    """For one request: who is asked, one after another, and what is learned of the answers."""

    def __init__(self, table: KeyTable, request: HttpRequest, subject: str | None, names: Sequence[str]) -> None:
        self._table = table
        self._subject = subject
        self._names = names
        self._asked = 0
        self._creates = creates(request)
        self._refusal: HttpResponse | None = None

    @property
    def name(self) -> str:
        """Whose turn it is."""
        return self._names[self._asked]

    def settled(self, response: HttpResponse) -> HttpResponse | None:
        """What is returned, of the answers up to this one; None where another key is asked before."""
        if self._subject is None or len(self._names) == 1 or response.is_success or not is_not_there(response):
            return response
        if self._refusal is None:
            self._refusal = response
        if self._asked + 1 == len(self._names):
            return self._refusal
        self._asked += 1
        return None

    def learn(self, response: HttpResponse) -> None:
        """Remember what an answer says of who created what; of a body that is read in chunks `watch` does."""
        if self._subject is not None and response.is_success and not self._creates:
            self._table.remember(self._subject, self.name)

    def watch(self, head: HttpResponse) -> Watch | None:
        """What finds the id of what is created in a body that is read in chunks; None where nothing is."""
        if not self._creates or not head.is_success:
            return None
        table, name = self._table, self.name
        is_stream = (head.header("content-type") or "").lower().startswith("text/event-stream")
        return Watch(table, name, EventStream(limit=_MOST_WATCHED) if is_stream else None)


class Watch:
    """Looks for the id of what is created in a body: in its JSON, or in the first events of a stream."""

    def __init__(self, table: KeyTable, name: str, events: EventStream | None) -> None:
        self._table = table
        self._name = name
        self._events = events
        self._read: list[bytes] = []
        self._length = 0
        self._is_over = False

    def take(self, chunk: Chunk) -> None:
        """Take what a read returned."""
        if self._is_over or is_failure(chunk):
            return
        data = chunk.unwrap()
        if data:
            self.feed(data)
        else:
            self.end()

    def feed(self, chunk: bytes) -> None:
        """Take what was read next."""
        self._length += len(chunk)
        if self._events is None:
            self._read.append(chunk)
        else:
            self._events, events = self._events.feed(chunk)
            self._is_over = any(self._finds(event.data) for event in events)
        if self._length > _MOST_WATCHED:
            self._give_up()

    def end(self) -> None:
        """Take the end of the body."""
        if not self._is_over and self._events is None:
            self._finds(b"".join(self._read))
        self._give_up()

    def _finds(self, data: bytes) -> bool:
        try:
            said: _Created = decoder_of(_Created)(data)
        except UNREAD:
            return False
        identity = said.id if said.response is None else said.response.id
        if not identity:
            return False
        self._table.remember(identity, self._name)
        return True

    def _give_up(self) -> None:
        self._is_over = True
        self._events, self._read = None, []
