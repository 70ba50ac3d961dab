"""The same misbehaviours of a server, met in an event loop: each has the value that it has over urllib3."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from behaviour import Behaviour, Scene
from loops import InALoop
from meeting import BEHAVIOURS, Place, faults_of_a_call, faults_of_an_opening, place_in

OTHERWISE = {"sends a damaged record within the body"}
"""asyncio throws away what it received in the same moment as a record of TLS that is damaged."""

cases = pytest.mark.parametrize(
    ("behaviour", "scene"),
    [
        pytest.param(
            behaviour, scene, id=f"{behaviour.name}, {scene}", marks=[] if scene == "plain" else [pytest.mark.deep]
        )
        for behaviour in BEHAVIOURS
        for scene in behaviour.scenes
        if behaviour.name not in OTHERWISE
    ],
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place_in(tmp_path_factory.mktemp("certificates"), make=InALoop) as place:
        yield place


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@cases
def test_a_call_has_its_one_value_and_the_next_its_own_answer(behaviour: Behaviour, scene: Scene, place: Place) -> None:
    assert faults_of_a_call(behaviour, scene, place) == []


@pytest.mark.deep
@cases
def test_a_body_that_is_opened_is_the_same_in_chunks(behaviour: Behaviour, scene: Scene, place: Place) -> None:
    assert faults_of_an_opening(behaviour, scene, place) == []
