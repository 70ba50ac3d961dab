"""A client of the control endpoint, for tests in Python: on the standard library, and blocking."""

from __future__ import annotations

from collections.abc import Sequence
from http.client import HTTPConnection, HTTPSConnection
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from msgspec import Struct, json

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.plain import JsonObject, is_object
from ..memory.faults import FaultPlan
from ..memory.scripts.replies import Reply
from ..memory.scripts.script import Scripted, as_script
from ..memory.service import State
from ..network.secret import Secret
from .scope_names import DEFAULT, HEADER, KEY_PREFIX, PREFIX, checked_name


class ClockReading(Struct, frozen=True):
    """The clock of a `scope`: `now`, whether it is `frozen`, and the times for which somebody is `waiting`.

    Times are in seconds since 1970.
    """

    scope: str
    now: float
    frozen: bool
    waiting: tuple[float, ...] = ()


class JournalRequest(Struct, frozen=True):
    """What was asked, without credentials.

    Attributes:
        method: The method, such as `POST`.
        path: Relative to the base URL.
        query: The values of each parameter, in order.
        headers: By their names in lower case.
        body: JSON, or text where it is none; None where there was none.
    """

    method: str
    path: str
    query: dict[str, list[str]] = {}
    headers: dict[str, str] = {}
    body: Any = None


class JournalEvent(Struct, frozen=True):
    """An event of a stream: its name (`event`) and its `data`, sent `at` a time, in seconds since 1970."""

    at: float
    event: str
    data: Any = None


class JournalResponse(Struct, frozen=True):
    """What was answered `at` a time, in seconds since 1970: a `body`, or `events`, all of them if the stream `ended`.

    `status` and `headers` are those of the answer. `broken` says how it broke off: `reset` for a connection without an
    answer, whose `status` is None.
    """

    at: float
    status: int | None = None
    headers: dict[str, str] = {}
    body: Any = None
    events: tuple[JournalEvent, ...] = ()
    ended: bool = True
    broken: str | None = None


class JournalEntry(Struct, frozen=True):
    """A `request`, its `number` in its `scope`, counted from 1, and the `response`; None while that is awaited.

    It was asked `at` a time, in seconds since 1970.
    """

    number: int
    scope: str
    at: float
    request: JournalRequest
    response: JournalResponse | None = None


class ControlRefused(Exception):
    """The control endpoint did not do what it was asked: the `message` says why, `place` where in what was given.

    `status` is that of its answer: 400 for what is not understood, 401 for the key, 403 and 421 for who asks, 404 and
    405 for what there is not, 409 for too many scopes, 413 for too large a body. `place` is None where there is no
    control endpoint at all.
    """

    def __init__(self, status: int, message: str, place: str | None) -> None:
        super().__init__(f"HTTP {status}: {message}" if place is None else f"HTTP {status}: {message} - at {place}")
        self.status = status
        self.place = place


class ServiceControl:
    """Steers one scope of a served service in memory: `puresponse serve --control`, or an application with `Scopes`.

    - `base_url`: that of the API, such as `http://127.0.0.1:8080/v1`.
    - `scope`: which scope. Requests are of it that are sent with `headers`, or with `api_key` as their key.
    - `server_key`: the key that the server asks for, where it asks for one: scopes are then named by `headers` only.
    - `timeout`: seconds for which an answer is awaited, more than 0.

    As a context it deletes the scope at its end. Its methods raise `ControlRefused` for what the server does not do,
    and `OSError` where it cannot be reached; `load_script` raises `ValueError` for a function. Raises `ValueError` for
    a base URL and a name of a scope that are none.
    """

    def __init__(
        self, base_url: str, *, scope: str = DEFAULT, server_key: str | None = None, timeout: float = 30.0
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"base_url: must be like http://127.0.0.1:8080/v1, got {base_url!r}")
        self.base_url = base_url
        self.scope = checked_name(scope, "scope")
        self._server = parts
        self._key = None if server_key is None else Secret(server_key)
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"ServiceControl({self.base_url!r}, scope={self.scope!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.delete()

    @property
    def headers(self) -> dict[str, str]:
        """What a client sends with each request to be of this scope."""
        return {HEADER: self.scope}

    @property
    def api_key(self) -> str:
        """The key with which a client is of this scope."""
        return f"{KEY_PREFIX}{self.scope}"

    def load_script(self, script: Scripted | Sequence[Reply | str | JsonObject] | JsonObject | Reply | str) -> None:
        """Reply by `script` from now on: a script, replies in order, or one reply for all; or their JSON."""
        given: Any = as_script(script) if isinstance(script, str | Reply) else script
        if callable(given) and not isinstance(given, Scripted):
            raise ValueError("script: a function cannot be sent to a server; replies with `when` can")
        self._ask("PUT", "script", given)

    def load_faults(self, faults: FaultPlan | JsonObject) -> None:
        """Misbehave by the plan `faults`, or its JSON, from now on. `FaultPlan()` ends all misbehaviour."""
        self._ask("PUT", "faults", faults)

    def reset(self) -> None:
        """Be as at first: state, script, faults, journal and clock. What is still awaited is there at once."""
        self._ask("POST", "reset")

    def journal(
        self, *, method: str | None = None, path: str | None = None, status: int | None = None, since: int = 0
    ) -> tuple[JournalEntry, ...]:
        """What was asked and answered, the oldest first: all of this `method`, `path` and `status`.

        In `path`, `*` matches any text. `since` is the number after which they are.
        """
        wanted = {"method": method, "path": path, "status": status, "since": since or None}
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        answer: _Journal = decoder_of(_Journal)(self._ask("GET", f"journal?{query}"))
        return answer.entries

    def clear_journal(self) -> None:
        """Forget what was asked, and count from 1 again."""
        self._ask("DELETE", "journal")

    def state(self) -> State:
        """What the service knows now."""
        state: State = decoder_of(State)(self._ask("GET", "state"))
        return state

    def load_state(self, state: State | JsonObject) -> None:
        """Know from now on what `state` says. The dialect stays that of the server."""
        self._ask("PUT", "state", state)

    def clock(self) -> ClockReading:
        """What time it is."""
        return self._read_clock(self._ask("GET", "clock"))

    def freeze(self, at: float | None = None) -> ClockReading:
        """Let no time pass, from the time `at` on, in seconds since 1970; by default from now on."""
        return self._read_clock(self._ask("PUT", "clock", {"freeze": True if at is None else at}))

    def run(self) -> ClockReading:
        """Let time pass again."""
        return self._read_clock(self._ask("PUT", "clock", {"run": True}))

    def move(self, seconds: float) -> ClockReading:
        """Move the clock on by `seconds`. What is awaited until then is there."""
        return self._read_clock(self._ask("PUT", "clock", {"move": seconds}))

    def set_time(self, at: float) -> ClockReading:
        """Move the clock to the time `at`, in seconds since 1970, which may be earlier."""
        return self._read_clock(self._ask("PUT", "clock", {"set": at}))

    def scopes(self) -> tuple[str, ...]:
        """The names of all scopes of the server."""
        answer: _Scopes = decoder_of(_Scopes)(self._ask("GET", "scopes"))
        return tuple(scope.scope for scope in answer.scopes)

    def delete(self) -> None:
        """Forget this scope; a request that names it makes a new one."""
        self._ask("DELETE", f"scopes/{quote(self.scope)}", missing_ok=True)

    def _read_clock(self, answer: bytes) -> ClockReading:
        reading: ClockReading = decoder_of(ClockReading)(answer)
        return reading

    def _ask(self, method: str, path: str, given: Any = None, *, missing_ok: bool = False) -> bytes:
        kind = HTTPSConnection if self._server.scheme == "https" else HTTPConnection
        connection = kind(str(self._server.hostname), self._server.port, timeout=self._timeout)
        headers = {**self.headers, "content-type": "application/json", "connection": "close"}
        if self._key is not None:
            headers["authorization"] = f"Bearer {self._key.reveal()}"
        try:
            body = None if given is None else json.encode(given)
            connection.request(method, f"{PREFIX}/{path}", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status == 200 or (missing_ok and answer.status == 404):
            return content
        raise _refused(answer.status, content)


class _Journal(Struct, frozen=True):
    entries: tuple[JournalEntry, ...]


class _Scopes(Struct, frozen=True):
    scopes: tuple[ClockReading, ...]


def _refused(status: int, content: bytes) -> ControlRefused:
    try:
        answer = json.decode(content)
    except ValueError:
        answer = None
    error = answer.get("error") if is_object(answer) else None
    if not is_object(error) or not isinstance(place := error.get("place"), str):
        return ControlRefused(status, "there is no control endpoint here: puresponse serve --control", None)
    return ControlRefused(status, str(error.get("message")), place)
