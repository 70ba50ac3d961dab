"""A transport meets a server that misbehaves: what of what it returns, and of what the server saw, is wrong.

Each check returns a line for each fault, and nothing where all is right.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import chunks
import codings
import handshakes
import heads
import lengths
import limits
import proxies
import resets
import statuses
from behaviour import Answer, Behaviour, Broken, Scene, Unsent, mismatch, ok
from certificates import Certificates
from msgspec.structs import replace
from returns.result import Failure, Success
from server import Close, Cut, Play, Reset, Say, playing

from puresponse.core import Done, HttpRequest, HttpResponse, Interrupted, Send, retrying
from puresponse.core.steps import Answer as Result
from puresponse.transports import Body, Urllib3Transport, VirtualClock, run
from puresponse.transports.testing.loopback import listening

BEHAVIOURS = tuple(
    behaviour
    for room in (resets, heads, lengths, chunks, codings, statuses, handshakes, proxies, limits)
    for behaviour in room.BEHAVIOURS
)
KEY = "sk-hostile-0123456789abcdef"
OWN = HttpRequest("GET", "/own")
PATIENCE = 5.0
"""Seconds that a call waits at most where no silence is meant."""


class Place(NamedTuple):
    """What the servers of all behaviours have in common. `elsewhere` is a port, `strays` who connected to it."""

    certificates: Certificates
    elsewhere: int
    strays: list[object]
    patience: float = PATIENCE
    make: Callable[..., Any] = Urllib3Transport


@contextmanager
def place_in(folder: Path, patience: float = PATIENCE, make: Callable[..., Any] = Urllib3Transport) -> Generator[Place]:
    """Make the certificates, and listen where nobody is to go."""
    strays: list[object] = []

    def attend(connection: socket.socket) -> None:
        strays.append(connection)

    with listening(attend) as port:
        yield Place(Certificates(folder), port, strays, patience, make)


class Meeting:
    """A transport that has met a server that misbehaves so."""

    def __init__(self, behaviour: Behaviour, scene: Scene, place: Place) -> None:
        self.behaviour = _directed(behaviour, place.elsewhere)
        self._place = place
        self._proxy = scene == "proxy"
        self._scheme = "http" if scene == "plain" else "https"
        self._tls: list[ssl.SSLContext | None] = [None]
        if scene != "plain":
            server = place.certificates.server
            self._tls = [*[server(behaviour.handshake)] * len(behaviour.rows), server("good")]

    @contextmanager
    def held(self) -> Generator[tuple[Any, Play]]:
        """Hold it, after the calls that precede what it is about."""
        patience = self._place.patience
        settings: dict[str, Any] = {"timeout": patience, "connect_timeout": patience, **self.behaviour.settings}
        with playing(self.behaviour.rows, *self._tls, proxy=self._proxy) as (port, play):
            place = f"127.0.0.1:{port}"
            with self._place.make(
                api_key=KEY,
                base_url=f"{self._scheme}://{'127.0.0.1' if self._proxy else place}",
                proxy=f"http://{place}" if self._proxy else "",
                ca_file=self._place.certificates.ca,
                max_connections=1,
                **settings,
            ) as transport:
                for _ in range(self.behaviour.warm):
                    assert transport(OWN).unwrap().status == 200
                play.asked.set()
                if self.behaviour.warm:
                    assert play.ready.wait(PATIENCE)
                yield transport, play


def faults_of_a_call(behaviour: Behaviour, scene: Scene, place: Place) -> list[str]:
    """What is wrong with the value of a call, or with the answer to the next request."""
    meeting = Meeting(behaviour, scene, place)
    with meeting.held() as (transport, play):
        began = monotonic()
        result = transport(meeting.behaviour.request)
        took = monotonic() - began
        _until_it_ended(behaviour, play)
        own = transport(OWN)
    return [
        *_named("value", mismatch(meeting.behaviour.value, result)),
        *_named("time", "" if took < PATIENCE else f"it took {took:.1f} s"),
        *_named("the key shows", "" if KEY not in repr(result) else repr(result)),
        *_next(behaviour, own, play, place),
        *_counted("requests", len(play.requests), behaviour.seen + 1),
    ]


def faults_of_an_opening(behaviour: Behaviour, scene: Scene, place: Place) -> list[str]:
    """What is wrong with the chunks of a body that is opened, all together."""
    meeting = Meeting(behaviour, scene, place)
    total = behaviour.settings.get("total")  # which a stream has only where it asks for it
    request = meeting.behaviour.request if total is None else replace(meeting.behaviour.request, total=total)
    with meeting.held() as (transport, play):
        result = transport.open(request).bind(_read)
        _until_it_ended(behaviour, play)
        own = transport(OWN)
    return [*_named("value", mismatch(meeting.behaviour.value, result)), *_next(behaviour, own, play, place)]


def faults_of_retrying(behaviour: Behaviour, scene: Scene, place: Place, *, idempotent: bool) -> list[str]:
    """What is wrong with what `retrying` makes of it, of a request that is idempotent, or is not."""
    meeting = Meeting(behaviour, scene, place)
    clock = VirtualClock()
    request = replace(meeting.behaviour.request, idempotent=idempotent)
    with meeting.held() as (transport, play):
        result = run(retrying(Send(request, Done)), transport, clock=clock)
    repeated = behaviour.repeated == "all" or (behaviour.repeated == "idempotent" and idempotent)
    faults = [*_counted("requests", len(play.requests), behaviour.seen + repeated), *_strayed(place)]
    if not repeated:
        return [*faults, *_named("value", mismatch(meeting.behaviour.value, result)), *_slept(clock, [])]
    last = mismatch(_good(request), result.map(_as_if_first))
    marked = result.map(lambda answer: answer.after_interruption).value_or(None)
    return [
        *faults,
        *_named("the last answer", last),
        *_named("left open", "" if marked == _leaves_open(behaviour) else f"{marked}"),
        *_slept(clock, [0.375 if behaviour.waits is None else behaviour.waits]),
    ]


def _directed(behaviour: Behaviour, port: int) -> Behaviour:
    """The behaviour, with an address in the place of ELSEWHERE."""
    place = f"127.0.0.1:{port}"
    rows = tuple(
        tuple(
            Say(action.data.replace(b"ELSEWHERE", place.encode())) if isinstance(action, Say) else action
            for action in row
        )
        for row in behaviour.rows
    )
    value = behaviour.value
    if isinstance(value, Answer):
        headers = tuple((name, text.replace("ELSEWHERE", place)) for name, text in value.headers)
        value = value._replace(headers=headers)
    return replace(behaviour, rows=rows, value=value)


def _until_it_ended(behaviour: Behaviour, play: Play) -> None:
    """Wait until the server has closed the connection, where it does: what is on its way to be closed may be used."""
    if behaviour.rows[-1] and isinstance(behaviour.rows[-1][-1], Close | Cut | Reset):
        assert play.ended.wait(PATIENCE)


def _good(request: HttpRequest) -> Answer:
    """What the good server answers."""
    return ok(request.path.encode() if request.method != "HEAD" else b"", f"Content-Length: {len(request.path)}")


def _as_if_first(answer: HttpResponse) -> HttpResponse:
    return replace(answer, after_interruption=False)


def _leaves_open(behaviour: Behaviour) -> bool:
    """Whether a repeated request may have been acted upon before."""
    if behaviour.request.method in {"GET", "HEAD"} or isinstance(behaviour.value, Unsent):
        return False
    return isinstance(behaviour.value, Broken) or behaviour.repeated == "idempotent"


def _next(behaviour: Behaviour, own: Result, play: Play, place: Place) -> list[str]:
    """What is wrong with the answer to the next request, or with the connection that it went over."""
    connections = behaviour.connections + (not behaviour.kept)
    return [
        *_named("the next answer", mismatch(_good(OWN), own)),
        *_counted("connections", play.connections, connections),
        *_strayed(place),
    ]


def _strayed(place: Place) -> list[str]:
    return [f"it went elsewhere, {len(place.strays)} times"] if place.strays else []


def _named(name: str, fault: str) -> list[str]:
    return [f"{name}: {fault}"] if fault else []


def _counted(name: str, found: int, expected: int) -> list[str]:
    return [] if found == expected else [f"{found} {name}, not {expected}"]


def _slept(clock: VirtualClock, expected: list[float]) -> list[str]:
    return [] if clock.slept == expected else [f"it waited {clock.slept}, not {expected}"]


def _read(body: Body) -> Result:
    """The answer with all chunks of its body; or the error, with those that were received."""
    answer, received = body.answer, b""
    while True:
        chunk = body.read()
        if isinstance(chunk, Failure):
            error = chunk.failure()
            assert body.read() == chunk
            assert isinstance(error, Interrupted)
            assert error.partial is None
            return Failure(replace(error, partial=replace(answer, body=received)))
        if not chunk.unwrap():
            assert body.read() == Success(b"")
            return Success(HttpResponse(status=answer.status, headers=answer.headers, body=received or answer.body))
        received += chunk.unwrap()
