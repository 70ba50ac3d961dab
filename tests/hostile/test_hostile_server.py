"""Each misbehaviour of a server has one value, over plain HTTP and TLS, alone and under `retrying`."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import chunks
import codings
import handshakes
import heads
import lengths
import limits
import proxies
import pytest
import resets
import statuses
from behaviour import Answer, Behaviour, Broken, Scene, Unsent, mismatch, ok
from certificates import Certificates
from msgspec.structs import replace
from returns.result import Failure, Success
from server import Play, Say, playing

from puresponse.core import Done, HttpRequest, HttpResponse, Interrupted, Send, retrying
from puresponse.core.steps import Answer as Result
from puresponse.transports import Body, StreamingTransport, Urllib3Transport, VirtualClock, run
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
CASES = [(behaviour, scene) for behaviour in BEHAVIOURS for scene in behaviour.scenes]
cases = pytest.mark.parametrize(
    ("behaviour", "scene"), [pytest.param(*case, id=f"{case[0].name}, {case[1]}") for case in CASES]
)


class Place(NamedTuple):
    """What the servers of all behaviours have in common. `elsewhere` is a port, `strays` who connected to it."""

    certificates: Certificates
    elsewhere: int
    strays: list[object]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    strays: list[object] = []

    def attend(connection: socket.socket) -> None:
        strays.append(connection)

    with listening(attend) as port:
        yield Place(Certificates(tmp_path_factory.mktemp("certificates")), port, strays)


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


class Meeting:
    """A transport that has met a server that misbehaves so. `then` has more to be asked of the transport."""

    make: Callable[..., Any] = Urllib3Transport

    def __init__(self, behaviour: Behaviour, scene: Scene, place: Place) -> None:
        self.behaviour = directed(behaviour, place.elsewhere)
        self._tls: list[ssl.SSLContext | None] = [None]
        if scene != "plain":
            server = place.certificates.server
            self._tls = [server(behaviour.handshake)] * len(behaviour.rows) + [server("good")]
        self._scheme = "http" if scene == "plain" else "https"
        self._proxy = scene == "proxy"
        self._settings = {"timeout": PATIENCE, "connect_timeout": PATIENCE, "max_connections": 1, **behaviour.settings}
        self._ca = place.certificates.ca

    def __enter__(self) -> tuple[StreamingTransport, Play]:
        self._playing = playing(self.behaviour.rows, *self._tls, proxy=self._proxy)
        port, play = self._playing.__enter__()
        place = f"127.0.0.1:{port}"
        self._transport: Any = self.make(
            api_key=KEY,
            base_url=f"{self._scheme}://{'127.0.0.1' if self._proxy else place}",
            proxy=f"http://{place}" if self._proxy else "",
            ca_file=self._ca,
            **self._settings,
        )
        for _ in range(self.behaviour.warm):
            assert self._transport(OWN).unwrap().status == 200
        play.asked.set()
        if self.behaviour.warm:
            assert play.ready.wait(PATIENCE)
        return self._transport, play

    def __exit__(self, *raised: object) -> None:
        self._transport.close()
        self._playing.__exit__(None, None, None)


def directed(behaviour: Behaviour, port: int) -> Behaviour:
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
        value = value._replace(headers=tuple((name, text.replace("ELSEWHERE", place)) for name, text in value.headers))
    return replace(behaviour, rows=rows, value=value)


def ours(request: HttpRequest) -> Answer:
    """What the good server answers."""
    return ok(request.path.encode() if request.method != "HEAD" else b"", f"Content-Length: {len(request.path)}")


@cases
def test_a_call_has_its_one_value_and_the_next_its_own_answer(behaviour: Behaviour, scene: Scene, place: Place) -> None:
    meeting = Meeting(behaviour, scene, place)
    with meeting as (transport, play):
        result = transport(meeting.behaviour.request)
        own = transport(OWN)
    assert mismatch(meeting.behaviour.value, result) == ""
    assert KEY not in repr(result)
    assert mismatch(ours(OWN), own) == ""
    assert play.connections == behaviour.connections + (not behaviour.kept)
    assert len(play.requests) == behaviour.seen + 1
    assert place.strays == []


@cases
@pytest.mark.parametrize("idempotent", [True, False], ids=["idempotent", "any other"])
def test_retrying_repeats_what_may_be_repeated(
    behaviour: Behaviour, scene: Scene, place: Place, idempotent: bool
) -> None:
    meeting = Meeting(behaviour, scene, place)
    clock = VirtualClock()
    with meeting as (transport, play):
        request = replace(meeting.behaviour.request, idempotent=idempotent)
        result = run(retrying(Send(request, Done)), transport, clock=clock)
    repeated = behaviour.repeated == "all" or (behaviour.repeated == "idempotent" and idempotent)
    assert len(play.requests) == behaviour.seen + repeated
    assert place.strays == []
    if repeated:
        assert result.unwrap().after_interruption == leaves_open(behaviour)
        again = Success(replace(result.unwrap(), after_interruption=False))
        assert mismatch(ours(request), again) == ""
        assert clock.slept == [0.375 if behaviour.waits is None else behaviour.waits]
    else:
        assert mismatch(meeting.behaviour.value, result) == ""
        assert clock.slept == []


def leaves_open(behaviour: Behaviour) -> bool:
    """Whether a repeated request may have been acted upon before."""
    if behaviour.request.method in {"GET", "HEAD"} or isinstance(behaviour.value, Unsent):
        return False
    return isinstance(behaviour.value, Broken) or behaviour.repeated == "idempotent"


@cases
def test_a_body_that_is_opened_is_the_same_in_chunks(behaviour: Behaviour, scene: Scene, place: Place) -> None:
    meeting = Meeting(behaviour, scene, place)
    with meeting as (transport, play):
        opened = transport.open(limited(meeting.behaviour))
        result = opened if isinstance(opened, Failure) else read(opened.unwrap())
        own = transport(OWN)
    assert mismatch(meeting.behaviour.value, result) == ""
    assert mismatch(ours(OWN), own) == ""
    assert play.connections == behaviour.connections + (not behaviour.kept)


def limited(behaviour: Behaviour) -> HttpRequest:
    """The request, with the time for the whole that the transport does not allot to a stream by itself."""
    total = behaviour.settings.get("total")
    return behaviour.request if total is None else replace(behaviour.request, total=total)


def read(body: Body) -> Result:
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
