"""The modes of VCR.py: what is replayed, what is asked and recorded, and what happens to a cassette that is old."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path
from typing import Any

import pytest
from returns.result import Success

from puresponse.core import Answer, HttpRequest, HttpResponse, NoRecording
from puresponse.transports import (
    AsyncCassetteRecorder,
    AsyncCassetteTransport,
    CassetteRecorder,
    CassetteTransport,
    Matching,
    Redaction,
    StaleCassette,
    in_threads,
    use_cassette,
)
from puresponse.transports.cassette.format import read_cassette
from puresponse.transports.cassette.sessions.modes import DAY
from puresponse.transports.testing.forbidden import ForbiddenTransport

ONE = HttpRequest("GET", "/responses/resp_1")
TWO = HttpRequest("GET", "/responses/resp_2")
NOW = 1_764_158_400.0


def clock(days: float = 0.0) -> Any:
    return lambda: NOW + days * DAY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.json"


class Service:
    """Answers with how many times it was asked; each run is another."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.asked: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request)
        return Success(HttpResponse(status=200, body=f"{self.run}{len(self.asked)}".encode()))


def ask(path: Path, service: Any, *requests: HttpRequest, **options: Any) -> list[str]:
    """What a program receives that uses the cassette."""
    using: Any = use_cassette
    with using(path, service, **{"now": clock(), **options}) as transport:
        answers: list[Answer] = [transport(request) for request in requests]
    return [answer.unwrap().body.decode() if isinstance(answer, Success) else "missed" for answer in answers]


def on(path: Path) -> list[str]:
    answers = [recording.answer for recording in read_cassette(path.read_bytes()).recordings]
    return [answer.body.decode() for answer in answers if isinstance(answer, HttpResponse)]


FIRST = ["a1", "a2"]


@pytest.mark.parametrize(
    ("mode", "received", "asked", "kept"),
    [
        ("none", ["a1", "missed"], 0, FIRST[:1]),
        ("once", ["a1", "missed"], 0, FIRST[:1]),
        ("new_episodes", ["a1", "b1"], 1, ["a1", "b1"]),
        ("all", ["b1", "b2"], 2, ["b1", "b2"]),
    ],
)
def test_a_cassette_that_is_there(path: Path, mode: str, received: list[str], asked: int, kept: list[str]) -> None:
    assert ask(path, Service("a"), ONE, mode="all") == ["a1"]
    service = Service("b")
    assert ask(path, service, ONE, TWO, mode=mode) == received
    assert len(service.asked) == asked
    assert on(path) == kept


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
def test_a_cassette_that_is_not_there_is_recorded(path: Path, mode: str) -> None:
    assert ask(path, Service("a"), ONE, TWO, mode=mode) == on(path) == FIRST


def test_a_cassette_that_is_not_there_is_no_cassette_to_replay(path: Path) -> None:
    with use_cassette(path, ForbiddenTransport(), how_to_record="run it with X") as transport:
        assert str(transport(ONE).failure()).endswith(f"there is no cassette {path}: run it with X")
    assert not path.exists()


@pytest.mark.parametrize("mode", ["none", "once"])
def test_replay_never_touches_the_transport(path: Path, mode: Any) -> None:
    ask(path, Service("a"), ONE, mode="all")
    with use_cassette(path, ForbiddenTransport(), mode=mode) as transport:
        assert isinstance(transport, CassetteTransport)
        assert transport(ONE).unwrap().body == b"a1"
        for answer in (transport(ONE), transport(TWO), transport.open(TWO), transport.begin(TWO).result()):
            assert isinstance(answer.failure(), NoRecording)
    assert len(transport.misses) == 4


def test_new_episodes_are_added_in_any_way_in_which_they_are_asked(path: Path) -> None:
    ask(path, Service("a"), ONE, ONE, ONE, mode="all")
    service = Service("b")
    with use_cassette(path, service, mode="new_episodes") as transport:
        assert isinstance(transport, CassetteRecorder)
        body = transport.open(ONE).unwrap()
        assert [body.read(), body.read()] == [Success(b"a1"), Success(b"")]
        assert transport.begin(ONE).result().unwrap().body == b"a2"
        known = transport.begin_open(ONE).result().unwrap()
        assert [known.read(), known.read()] == [Success(b"a3"), Success(b"")]
        assert transport.begin(TWO).result().unwrap().body == b"b1"
        opened = transport.begin_open(TWO).result().unwrap()
        assert [opened.read(), opened.read()] == [Success(b"b2"), Success(b"")]
    assert service.asked == [TWO, TWO]
    assert len(read_cassette(path.read_bytes()).recordings) == 5


def test_new_episodes_are_matched_and_redacted_as_the_recorder_is_told(path: Path) -> None:
    options: dict[str, Any] = {"match": Matching(headers=("x-a",)), "redact": [Redaction(pattern="resp_1")]}
    asked = [HttpRequest("GET", "/x/resp_1", (), (("x-a", value),)) for value in "cbb"]
    assert ask(path, Service("a"), *asked[1:2], mode="all", **options) == ["a1"]
    assert ask(path, Service("b"), *asked, mode="new_episodes", **options) == ["b1", "a1", "b2"]
    assert b"resp_1" not in path.read_bytes()


# Age


@pytest.mark.parametrize(
    ("days", "mode", "received"),
    [(0.9, "once", ["a1"]), (1.1, "once", ["b1"]), (1.1, "new_episodes", ["b1"]), (1.1, "none", ["a1"])],
)
def test_a_cassette_that_is_older_is_recorded_anew(path: Path, days: float, mode: str, received: list[str]) -> None:
    ask(path, Service("a"), ONE, mode="all")
    assert ask(path, Service("b"), ONE, mode=mode, refresh_after=DAY, now=clock(days)) == received
    assert on(path) == received


def test_a_cassette_that_is_older_warns_or_fails_as_is_chosen(path: Path) -> None:
    ask(path, Service("a"), ONE, mode="all")
    told = r"a\.json was recorded 2\.5 days ago, and may be 1\.0 days old$"
    with pytest.warns(StaleCassette, match=told):
        assert ask(path, Service("b"), ONE, refresh_after=DAY, if_older="warn", now=clock(2.5)) == ["a1"]
    with pytest.raises(ValueError, match=told):
        ask(path, Service("b"), ONE, refresh_after=DAY, if_older="fail", now=clock(2.5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ask(path, Service("b"), ONE, refresh_after=DAY * 3, if_older="fail", now=clock(2.5)) == ["a1"]


def test_what_is_added_makes_a_cassette_no_younger(path: Path) -> None:
    ask(path, Service("a"), ONE, mode="all")
    ask(path, Service("b"), ONE, TWO, mode="new_episodes", now=clock(5))
    assert read_cassette(path.read_bytes()).recorded == NOW


def test_a_cassette_without_a_date_is_old(path: Path) -> None:
    path.write_text('{"version":1,"recordings":[]}')
    with pytest.raises(ValueError, match="does not say when it was recorded"):
        ask(path, Service("b"), refresh_after=DAY, if_older="fail")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mode": "replay"}, "mode is 'replay'; allowed are none, once, new_episodes, all"),
        ({"if_older": "x"}, "if_older is 'x'; allowed are record, warn, fail"),
    ],
)
def test_a_mode_that_there_is_not_is_refused(path: Path, options: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ask(path, Service("a"), **options)


# In an event loop


@pytest.mark.parametrize("mode", ["none", "once", "new_episodes", "all"])
def test_the_modes_are_the_same_in_an_event_loop(path: Path, mode: Any) -> None:
    ask(path, Service("a"), ONE, mode="all")
    service = Service("b")

    async def received() -> list[str]:
        async with use_cassette(path, in_threads(service), mode=mode) as transport:
            wanted = AsyncCassetteTransport if mode in {"none", "once"} else AsyncCassetteRecorder
            assert isinstance(transport, wanted)
            first, second = await transport(ONE), await transport(TWO)
            opened = await transport.open(TWO)
            if isinstance(opened, Success):
                body = opened.unwrap()
                await body.read()
                await body.read()
        return [
            answer.unwrap().body.decode() if isinstance(answer, Success) else "missed" for answer in (first, second)
        ]

    expected = {"new_episodes": ["a1", "b1"], "all": ["b1", "b2"]}
    assert asyncio.run(received()) == expected.get(mode, ["a1", "missed"])
    assert len(read_cassette(path.read_bytes()).recordings) == (3 if mode in expected else 1)
