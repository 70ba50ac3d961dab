"""Each misbehaviour of a server has one value, over plain HTTP, TLS and a proxy, alone and under `retrying`."""

from __future__ import annotations

import gzip
import tracemalloc
from collections import Counter
from collections.abc import Iterator

import pytest
from behaviour import Behaviour, Scene, said
from limits import HEAD, HEAD_LIMIT, LIMITS
from meeting import (
    BEHAVIOURS,
    Meeting,
    Place,
    faults_of_a_call,
    faults_of_an_opening,
    faults_of_retrying,
    place_in,
)
from returns.result import Failure


def cases(*marks: pytest.MarkDecorator) -> pytest.MarkDecorator:
    """Each behaviour wherever a server may show it; all but the first place of each has `marks`."""
    return pytest.mark.parametrize(
        ("behaviour", "scene"),
        [
            pytest.param(behaviour, scene, id=f"{behaviour.name}, {scene}", marks=marks if index else ())
            for behaviour in BEHAVIOURS
            for index, scene in enumerate(behaviour.scenes)
        ],
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place_in(tmp_path_factory.mktemp("certificates")) as place:
        yield place


@cases()
def test_a_call_has_its_one_value_and_the_next_its_own_answer(behaviour: Behaviour, scene: Scene, place: Place) -> None:
    assert faults_of_a_call(behaviour, scene, place) == []


@pytest.mark.unmeasured
@cases(pytest.mark.deep)  # what is repeated is judged by the core, which sees neither
@pytest.mark.parametrize("idempotent", [True, False], ids=["idempotent", "any other"])
def test_retrying_repeats_what_may_be_repeated(
    behaviour: Behaviour, scene: Scene, place: Place, idempotent: bool
) -> None:
    assert faults_of_retrying(behaviour, scene, place, idempotent=idempotent) == []


@pytest.mark.unmeasured
@cases()
def test_a_body_that_is_opened_is_the_same_in_chunks(behaviour: Behaviour, scene: Scene, place: Place) -> None:
    assert faults_of_an_opening(behaviour, scene, place) == []


def test_no_two_misbehaviours_have_one_name() -> None:
    names = Counter(behaviour.name for behaviour in BEHAVIOURS)
    assert [name for name, times in names.items() if times > 1] == []


def test_a_bomb_takes_no_more_memory_than_a_body_may(place: Place) -> None:
    packed = gzip.compress(bytes(2**25), mtime=0)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    bomb = said("sends a bomb", head + packed, HEAD_LIMIT, settings=LIMITS)
    with Meeting(bomb, "plain", place).held() as (transport, _):
        tracemalloc.start()
        try:
            result = transport(bomb.request)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(result, Failure)
    assert peak < 2**22, f"{peak / 2**20:.1f} MB"
