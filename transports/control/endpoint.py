"""The control endpoint: what a test in any language steers the service in memory with, over HTTP.

Law: it is beside the API, never under its path; it changes the scope that a request names and no other; it answers in
JSON, at once, and waits for nothing. It is for programs on this machine: a web page has no use of it, unless its origin
was allowed.

| method and path | what it does | takes | answers |
|---|---|---|---|
| `PUT`, `POST script` | replies by another script from now on | a script | the scope |
| `PUT`, `POST faults` | misbehaves by another plan from now on | a plan | the scope |
| `POST reset` | is as at first: state, script, faults, journal and clock | nothing | the scope |
| `GET journal` | what was asked and answered | `method`, `path`, `status`, `since` in the query | entries |
| `DELETE journal` | forgets it | nothing | the scope |
| `GET state`, `PUT state` | what the service knows | a state | the state |
| `GET clock`, `PUT clock` | what time it is | `freeze`, `run`, `move` or `set` | the clock |
| `GET scopes` | which scopes there are | nothing | the scopes |
| `DELETE scopes`, `DELETE scopes/NAME` | forgets all, or one | nothing | their names |
| `GET schema` | what is taken, as JSON Schema | nothing | a schema for each |
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from hmac import compare_digest
from typing import Any, NamedTuple

from msgspec import json

from ...core.http import HttpResponse, Pairs
from ..network.secret import Secret
from ..serving.cors import check_origins
from ..serving.front import check_path
from ..serving.host_check import check_hosts, refuse_host
from ..serving.received import Received
from .forms import ClockMove, Misfit, Nothing, read, read_faults, read_script, read_state
from .journal import Entry, Wanted
from .schemas import schemas
from .scope_names import PREFIX, NoScopeName, checked_name, scope_of
from .scopes import Scope, Scopes, TooManyScopes

ALL = "*"
"""In the place of a scope's name: all of them."""

MOST_BYTES = 16 << 20
"""No body is larger."""


class Refusal(Exception):
    """The answer to a control request that is not done."""

    def __init__(self, status: int, message: str, *, place: str, headers: Pairs = ()) -> None:
        super().__init__(message)
        self.status = status
        self.place = place
        self.headers = headers


class Order(NamedTuple):
    """A control request: what follows its route in the path, its query and its body, and the scope it names."""

    rest: str
    query: dict[str, str]
    body: bytes
    scope: str


class ControlEndpoint:
    """Answers what is under `prefix`: the `early` of an application, whose `choose` is that of `scopes`.

    - `path`: that of the API, which `prefix` is not under. At the root, `prefix` is none of the API's own paths.
    - `api_key`: with one, what does not carry it as a bearer's is refused.
    - `origins`: of which web pages requests are taken, such as `http://localhost:5173`; by default of none.
    - `hosts`: which names of the server are answered to besides those of this machine alone; with `*`, any.

    Raises `ValueError` for a prefix under the path, or above it, and for an origin or a name that is none.
    """

    def __init__(
        self,
        scopes: Scopes,
        *,
        path: str = "/v1",
        prefix: str = PREFIX,
        api_key: str | None = None,
        origins: Collection[str] = (),
        hosts: Collection[str] = (),
    ) -> None:
        api, own = f"{check_path(path)}/", f"{check_path(prefix)}/"
        if (api != "/" and own.startswith(api)) or api.startswith(own):
            raise ValueError(f"prefix: {prefix!r} is not beside the path of the API, {path!r}")
        self._prefix = own[:-1]
        self._hosts = check_hosts(hosts)
        self._scopes = scopes
        self._key = None if api_key is None else Secret(api_key)
        # `*` allows none: any page of anybody's would be too many.
        self._origins = check_origins(origins)
        self._routes: dict[str, dict[str, Callable[[Order], Any]]] = {
            "": {"GET": self._overview},
            "script": {"PUT": self._load_script, "POST": self._load_script},
            "faults": {"PUT": self._load_faults, "POST": self._load_faults},
            "reset": {"POST": self._reset},
            "journal": {"GET": self._journal, "DELETE": self._clear_journal},
            "state": {"GET": self._state, "PUT": self._load_state},
            "clock": {"GET": self._clock, "PUT": self._move_clock},
            "scopes": {"GET": self._list_scopes, "DELETE": self._delete_scopes},
            "schema": {"GET": self._schema},
        }

    def __repr__(self) -> str:
        return f"ControlEndpoint({self._scopes!r}, prefix={self._prefix!r})"

    @property
    def prefix(self) -> str:
        """What precedes its paths."""
        return self._prefix

    def takes(self, received: Received) -> bool:
        """Whether a request that was `received` is one of control.

        A journal and a state may be large: an event loop does not wait for them.
        """
        return received.path_under(self._prefix) is not None

    def __call__(self, received: Received) -> HttpResponse | None:
        """Answer a control request that was `received`; None for a request that is none."""
        path = received.path_under(self._prefix)
        if path is None:
            return None
        try:
            self._admit(received)
            return _answer(200, self._done(received, path))
        except Refusal as refusal:
            error = {"message": str(refusal), "place": refusal.place}
            return _answer(refusal.status, {"error": error}, refusal.headers)

    def _admit(self, received: Received) -> None:
        if refuse_host(received, self._hosts) is not None:
            message = "this is no name of this machine alone, and was not allowed: puresponse serve --allow-host NAME"
            raise Refusal(421, message, place="header host")
        origin = received.header("origin")
        if origin is not None and origin.lower() not in self._origins:
            message = "a web page of this origin may not steer the service: puresponse serve --cors ORIGIN"
            raise Refusal(403, message, place="header origin")
        if origin is None and received.header("sec-fetch-site") in ("cross-site", "same-site"):
            raise Refusal(403, "a web page of another origin may not steer the service", place="header sec-fetch-site")
        if self._key is not None:
            given = received.bearer() or ""
            if not compare_digest(given.encode(), self._key.reveal().encode()):
                raise Refusal(401, "the key of the server is to be sent as a bearer's", place="header authorization")
        if len(received.body or b"") > MOST_BYTES:
            raise Refusal(413, f"a body has no more than {MOST_BYTES} bytes", place="$")

    def _done(self, received: Received, path: str) -> Any:
        name, _, rest = path.removeprefix("/").partition("/")
        methods = self._routes.get(name)
        if methods is None or (rest and name != "scopes"):
            known = ", ".join(f"{self._prefix}/{route}" for route in self._routes if route)
            raise Refusal(404, f"there is no {received.path}: there are {known}", place="path")
        do = methods.get(received.method)
        if do is None:
            allowed = ", ".join(methods)
            headers = (("allow", allowed),)
            raise Refusal(
                405, f"{received.method} is not for {received.path}: {allowed}", place="method", headers=headers
            )
        query = dict(received.query)
        try:
            named = query.pop("scope", None)
            scope = ALL if named == ALL else scope_of(received) if named is None else checked_name(named, "query scope")
            taken = _QUERY if do == self._journal else ()
            for unknown in (parameter for parameter in query if parameter not in taken):
                raise Misfit(f"query {unknown}", f"there is no parameter {unknown!r} here")
            return do(Order(rest, query, received.body or b"", scope))
        except (Misfit, NoScopeName) as error:
            raise Refusal(400, str(error), place=error.place) from None
        except TooManyScopes as error:
            raise Refusal(409, f"{error}: DELETE {self._prefix}/scopes/NAME", place="scope") from None

    def _scope(self, order: Order) -> Scope:
        if order.scope == ALL:
            raise Misfit("query scope", "one scope is to be named here")
        return self._scopes.of(order.scope)

    # What each route does

    def _overview(self, order: Order) -> Any:
        return {f"{self._prefix}/{name}": [*methods] for name, methods in self._routes.items() if name}

    def _load_script(self, order: Order) -> Any:
        script = read_script(order.body)
        scope = self._scope(order)
        scope.transport.load_script(script)
        return {"scope": scope.name}

    def _load_faults(self, order: Order) -> Any:
        plan = read_faults(order.body)
        scope = self._scope(order)
        scope.transport.load_faults(plan)
        return {"scope": scope.name}

    def _reset(self, order: Order) -> Any:
        read(Nothing, order.body or b"{}")
        for scope in (scopes := self._scopes.all() if order.scope == ALL else (self._scope(order),)):
            scope.reset()
        return {"scope": order.scope, "scopes": [scope.name for scope in scopes]}

    def _journal(self, order: Order) -> Any:
        wanted = _wanted(order.query)
        if order.scope != ALL:
            scope = self._scope(order)
            found = scope.journal.entries(wanted)
            return {"scope": scope.name, "dropped": scope.journal.dropped, "entries": _shown(scope, found)}
        if wanted.since:
            raise Misfit("query since", "numbers are counted in each scope: one is to be named")
        scopes = self._scopes.all()
        shown = [(entry.order, *_shown(scope, [entry])) for scope in scopes for entry in scope.journal.entries(wanted)]
        shown.sort(key=_order_of)
        dropped = sum(scope.journal.dropped for scope in scopes)
        return {"scope": ALL, "dropped": dropped, "entries": [entry for _, entry in shown]}

    def _clear_journal(self, order: Order) -> Any:
        scope = self._scope(order)
        scope.journal.clear()
        return {"scope": scope.name}

    def _state(self, order: Order) -> Any:
        return self._scope(order).transport.state

    def _load_state(self, order: Order) -> Any:
        state = read_state(order.body)
        scope = self._scope(order)
        scope.transport.load_state(state)
        return {"scope": scope.name}

    def _clock(self, order: Order) -> Any:
        return _time_of(self._scope(order))

    def _move_clock(self, order: Order) -> Any:
        move: ClockMove = read(ClockMove, order.body)
        scope = self._scope(order)
        try:
            move.apply(scope.clock)
        except ValueError as error:
            raise Misfit("$", str(error)) from None
        return _time_of(scope)

    def _list_scopes(self, order: Order) -> Any:
        self._no_rest(order)
        return {"scopes": [_time_of(scope) for scope in self._scopes.all()]}

    def _delete_scopes(self, order: Order) -> Any:
        names = [checked_name(order.rest, "path")] if order.rest else [scope.name for scope in self._scopes.all()]
        deleted = [name for name in names if self._scopes.delete(name)]
        if order.rest and not deleted:
            raise Refusal(404, f"there is no scope {order.rest!r}", place="path")
        return {"deleted": deleted}

    def _schema(self, order: Order) -> Any:
        return schemas()

    def _no_rest(self, order: Order) -> None:
        if order.rest:
            raise Refusal(405, "a scope is deleted, and nothing else", place="method", headers=(("allow", "DELETE"),))


_QUERY = ("method", "path", "status", "since")


def _wanted(query: dict[str, str]) -> Wanted:
    status, since = (_number(name, query[name]) if name in query else None for name in ("status", "since"))
    return Wanted(query.get("method"), query.get("path", "*"), status, since or 0)


def _number(name: str, given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Misfit(f"query {name}", f"{name} is a number, and not {given[:50]!r}")
    return int(given)


def _shown(scope: Scope, entries: list[Entry]) -> list[Any]:
    now = scope.clock.monotonic()
    return [entry.shown(now) for entry in entries]


def _order_of(numbered: tuple[int, Any]) -> int:
    return numbered[0]


def _time_of(scope: Scope) -> Any:
    clock = scope.clock
    return {"scope": scope.name, "now": clock.monotonic(), "frozen": clock.is_frozen, "waiting": clock.waiting}


def _answer(status: int, value: Any, headers: Pairs = ()) -> HttpResponse:
    about = (("content-type", "application/json"), ("cache-control", "no-store"), *headers)
    return HttpResponse(status=status, headers=about, body=json.encode(value))
