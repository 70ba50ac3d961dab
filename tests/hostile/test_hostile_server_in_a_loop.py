"""The same misbehaviours of a server, met in an event loop: each has the value that it has over urllib3."""

from __future__ import annotations

from typing import Any

import pytest
import test_hostile_server
from behaviour import Behaviour, Scene, mismatch
from loops import InALoop
from returns.result import Failure
from test_hostile_server import CASES, KEY, OWN, Meeting, limited, ours, read

OTHERWISE = {"sends a damaged record within the body"}
"""asyncio throws away what it received in the same moment as a record of TLS that is damaged."""

cases = pytest.mark.parametrize(
    ("behaviour", "scene"),
    [
        pytest.param(*case, id=f"{case[0].name}, {case[1]}", marks=[] if case[1] == "plain" else [pytest.mark.deep])
        for case in CASES
        if case[0].name not in OTHERWISE
    ],
)


place = test_hostile_server.place


class MeetingInALoop(Meeting):
    make = InALoop


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@cases
def test_a_call_has_its_one_value_and_the_next_its_own_answer(behaviour: Behaviour, scene: Scene, place: Any) -> None:
    meeting = MeetingInALoop(behaviour, scene, place)
    with meeting as (transport, play):
        result = transport(meeting.behaviour.request)
        own = transport(OWN)
    assert mismatch(meeting.behaviour.value, result) == ""
    assert KEY not in repr(result)
    assert mismatch(ours(OWN), own) == ""
    assert play.connections == behaviour.connections + (not behaviour.kept)
    assert len(play.requests) == behaviour.seen + 1
    assert place.strays == []


@pytest.mark.deep
@cases
def test_a_body_that_is_opened_is_the_same_in_chunks(behaviour: Behaviour, scene: Scene, place: Any) -> None:
    meeting = MeetingInALoop(behaviour, scene, place)
    with meeting as (transport, play):
        opened = transport.open(limited(meeting.behaviour))
        result = opened if isinstance(opened, Failure) else read(opened.unwrap())
        own = transport(OWN)
    assert mismatch(meeting.behaviour.value, result) == ""
    assert mismatch(ours(OWN), own) == ""
    assert play.connections == behaviour.connections + (not behaviour.kept)
