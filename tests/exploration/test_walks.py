"""Random walks: the same from the same seed, finding what is planted, and nothing in our own programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace
from returns.result import Success
from walk import line_of, main, repeated, tallied, walked
from walk_digest import digest
from walked_errands import ERRANDS
from walked_frames import DeleteIt
from walked_service import ServiceKeepsItsWord

from puresponse import (
    Answer,
    Continue,
    HttpRequest,
    HttpResponse,
    Operation,
    Reset,
    Send,
    ServerError,
    State,
    Unsent,
    create_response,
    delay,
    loop,
    retrieve_response,
    stored,
)
from puresponse.transports import Claim, Moment, always, finally_, nothing_unsafe_twice
from puresponse.transports.testing.exploration.claims import Broken
from puresponse.transports.testing.lives.lives import LifeStep
from puresponse.transports.testing.lives.passing_time import NOW
from puresponse.transports.testing.walks.shrinking import shrunk
from puresponse.transports.testing.walks.swarms import WALKED_FAULTS, Swarm, drawn_swarm
from puresponse.transports.testing.walks.walked import Errand, Walk
from puresponse.transports.testing.walks.walking import walk

SEED = 18
CALM = Swarm()
TEN = reduce(State.having, [stored({"id": f"resp_{number}"}) for number in range(10)], State())


# --- our own programs -----------------------------------------------------------------------------


def test_a_few_hundred_lives_of_our_own_programs_find_nothing() -> None:
    tally = tallied(SEED, range(8))
    assert not tally.found, "\n".join([f"{line_of(SEED, number)}: {what}" for number, what in tally.found.items()])
    assert tally.lives == 480
    assert all(tally.ended[errand.name] for errand in ERRANDS), tally.ended
    assert {"Dies", "ServerError", "Reset", "Unsent", "Refused", "Delay", "CutStream"} <= tally.mishaps.keys()


def test_a_chain_may_take_for_deleted_what_is_hidden_after_an_interruption() -> None:
    assert walked(SEED, 10_390).holds, "refused behind a 503, and hidden when it was repeated"


PRINTS_THE_DIGEST = f"from walk_digest import digest; from walk import walked; print(digest(walked({SEED}, 4)))"


def test_a_walk_is_the_same_in_another_process() -> None:
    here = os.fspath(Path(__file__).parent)
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": here}
    command = [sys.executable, "-c", PRINTS_THE_DIGEST]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    assert told == digest(walked(SEED, 4))
    assert told != digest(walked(SEED, 5))


def test_the_command_tells_of_one_walk(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", str(SEED), "--walk", "4"]) == 0
    assert capsys.readouterr().out.endswith("All that is claimed holds.\n")
    assert line_of(SEED, 4).endswith(f"--seed {SEED} --walk 4")


# --- what is planted is found ---------------------------------------------------------------------


class SendTwice(Struct, frozen=True):
    """A retry that repeats whatever fails, once, in the belief that a server that failed has done nothing."""

    request: HttpRequest
    resume: Any

    def __call__(self, answer: Answer) -> Operation[Any]:
        failed = isinstance(answer, Success) and answer.unwrap().status >= 500
        return Send(self.request, self.resume) if failed else self.resume(answer)


def created_twice(chance: Random, state: State) -> Operation[Any]:
    create = create_response(model="m", input="two words")
    assert isinstance(create, Send)
    return Send(create.request, SendTwice(create.request, create.resume))


REPEATS = Errand("a retry that repeats a create", created_twice, 3, (nothing_unsafe_twice(),))


def test_a_bug_is_found_by_few_lives_and_found_again_by_its_line() -> None:
    errands = (*ERRANDS[:6], REPEATS)
    found = next(number for number in range(40) if not walked(SEED, number, errands=errands).holds)
    one = walked(SEED, found, errands=errands)
    again = repeated(SEED, found, errands=errands)
    for each in (one, again):
        (strayed,) = each.strayed
        assert (strayed.errand, strayed.violation.claim) == (REPEATS.name, "nothing unsafe is sent twice")
    assert len(again.clients) == 1
    kinds = [fault for fault in again.swarm.faults if fault is not None]
    assert any(isinstance(fault, ServerError) for fault in kinds)
    assert len(kinds) < len(one.swarm.faults) / 2
    assert "POST /responses" in again.story
    with pytest.raises(AssertionError, match="was sent again, and may have been acted on before"):
        again.check()


class AtTheEnd(Struct, frozen=True):
    """Claims that ten responses are there in the end."""

    name: str = "ten in the end"
    is_local: bool = False

    def begin(self) -> None: ...

    def after(self, memory: None, step: LifeStep, moment: Moment) -> None: ...

    def end(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        return None if has_ten(moment) else Broken("some are gone")


def is_success(moment: Moment) -> bool:
    return moment.result is None or isinstance(moment.result, Success)


def deleted_after_a_look(chance: Random, state: State) -> Operation[Any] | None:
    names = list(state.responses)
    return retrieve_response(chance.choice(names)).bind(DeleteIt()) if names else None


def test_what_one_client_does_to_another_is_found_and_told() -> None:
    errand = Errand("delete what is there", deleted_after_a_look, 1, (finally_(is_success, name="it is deleted"),))
    slow = replace(CALM, latency=5.0)

    def again(clients: Sequence[int], swarm: Swarm, lives: int) -> Walk:
        return walk((errand,), TEN, seed=7, clients=clients, swarm=swarm, lives=lives)

    found = again(range(6), slow, 60)
    small = shrunk(found, again)
    assert [strayed.violation.claim for strayed in found.strayed] == ["it is deleted"]
    assert len(small.clients) == 2
    assert small.swarm.latency > 0
    assert "Meanwhile:" in small.story


def has_ten(moment: Moment) -> bool:
    return len(moment.state.responses) == 10


@pytest.mark.parametrize("law", [always(has_ten), AtTheEnd()], ids=["of every step", "of the end"])
def test_a_law_of_the_service_is_checked_through_all_clients(law: Claim) -> None:
    errand = Errand("delete what is there", deleted_after_a_look)
    (strayed,) = walk((errand,), TEN, seed=7, clients=range(3), swarm=CALM, lives=4, laws=(law,)).strayed
    assert strayed.violation.claim == law.name


class Again(Struct, frozen=True):
    """Waits, and begins again."""

    def __call__(self, state: float) -> Operation[Continue[float]]:
        return delay(1.0).map(Continue)


def raising(answer: object) -> Operation[Any]:
    raise KeyError("nobody expected that")


def test_a_life_that_never_ends_is_found() -> None:
    endless = Errand("wait for ever", lambda chance, state: loop(0.0, Again()))
    one = walk((endless,), seed=1, clients=(0,), swarm=CALM, lives=1)
    (strayed,) = one.strayed
    assert strayed.violation.claim == "every life ends"


def test_what_a_program_raises_is_found() -> None:
    errand = Errand("raise", lambda chance, state: retrieve_response("resp_none").lash(raising))
    (strayed,) = walk((errand,), seed=1, clients=(0,), swarm=CALM, lives=1).strayed
    assert strayed.violation.claim == "nothing is raised"
    assert "nobody expected that" in strayed.violation.why
    assert "in raising" in strayed.violation.why


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("lives: must be an integer from 1 on, got 0", {"lives": 0}),
        ("clients: there must be at least one", {"clients": ()}),
        ("errands: there must be at least one", {"errands": ()}),
        (
            "errands: a weight must be more than 0, got 0.0 of 'nothing'",
            {"errands": (Errand("nothing", created_twice, 0.0),)},
        ),
    ],
)
def test_what_cannot_be_walked_is_refused_by_name(what: str, given: dict[str, Any]) -> None:
    arguments: dict[str, Any] = {"errands": (REPEATS,), "seed": 1, **given}
    with pytest.raises(ValueError, match=f"^{what}$"):
        walk(**arguments)


# --- the service ----------------------------------------------------------------------------------

RUNNING = State().having(
    stored(
        {"id": "resp_1", "status": "in_progress", "background": True},
        [{"id": "msg_1", "type": "message", "role": "user", "content": "Hi"}],
    )
)
DONE = State().having(stored({"id": "resp_1"}))


def seen(method: str, before: State, after: State, *, status: int = 200) -> LifeStep:
    """What a service made of a request for the response."""
    answer = Success(HttpResponse(status=status))
    request = HttpRequest(method, "/responses/resp_1")
    return LifeStep(kind="send", request=request, answer=answer, acted=True, before=before, after=after)


BREACHES: dict[str, tuple[LifeStep, ...]] = {
    "resp_1 was deleted, and is there again": (seen("DELETE", DONE, State()), seen("POST", State(), DONE)),
    "resp_1 is gone, and nobody has deleted it": (seen("POST", DONE, State()),),
    "GET /responses/resp_1 has changed something": (seen("GET", RUNNING, DONE),),
    "POST /responses/resp_1 has changed something": (seen("POST", RUNNING, DONE, status=400),),
    "resp_1 was completed, and is in_progress": (seen("POST", RUNNING, DONE), seen("POST", DONE, RUNNING)),
    "one request has changed resp_1, resp_2": (seen("POST", State(), DONE.having(stored({"id": "resp_2"}))),),
}


class Nobody(Struct, frozen=True):
    """A moment of which nothing is asked."""

    result: None = None
    state: State = State()
    now: float = NOW
    emitted: tuple[Any, ...] = ()
    requests: tuple[LifeStep, ...] = ()
    seconds: float = 0.0


@pytest.mark.parametrize("why", BREACHES)
def test_what_the_service_must_not_do_is_noticed(why: str) -> None:
    law = ServiceKeepsItsWord()
    memory: Any = law.begin()
    for step in BREACHES[why]:
        assert not isinstance(memory, Broken)
        memory = law.after(memory, step, Nobody())
    assert isinstance(memory, Broken)
    assert memory.why.startswith(why)


def test_positions_that_are_not_those_of_the_items_are_noticed() -> None:
    wrong = RUNNING.having(replace(RUNNING.responses["resp_1"], positions={}))
    law = ServiceKeepsItsWord()
    broken = law.after(law.begin(), seen("POST", RUNNING, wrong), Nobody())
    assert broken == Broken("the positions of the input items of resp_1 are not theirs")


# --- mixes ----------------------------------------------------------------------------------------


def test_mixes_differ_and_leave_out_half_of_all_kinds() -> None:
    mixes = [drawn_swarm(Random(number)) for number in range(200)]
    assert len({mix.meets for mix in mixes}) > 3
    assert {mix.waits for mix in mixes} == {"least", "most", "any"}
    counts = [len(mix.faults) / len(WALKED_FAULTS) for mix in mixes]
    assert 0.4 < sum(counts) / len(counts) < 0.6
    for kind in WALKED_FAULTS:
        assert 50 < sum(kind in mix.faults for mix in mixes) < 150


def test_a_mix_without_a_kind_draws_the_same_for_the_others() -> None:
    request = HttpRequest("GET", "/responses/resp_1")
    mix = Swarm(faults=(Reset(), Unsent()), shares=(1.0, 2.0), meets=0.5, latency=1.0)
    whole = [mix.fault(Random(number), request, State()) for number in range(100)]
    less = [mix.without(0).fault(Random(number), request, State()) for number in range(100)]
    assert less == [None if fault == Reset() else fault for fault in whole]
    assert {Reset(), Unsent()} <= {*whole}


def test_clocks_wake_a_hair_early_or_late_and_tell_the_time_at_once() -> None:
    mix = Swarm(waits="most", hair=0.009)
    waits = [mix.seconds(Random(number), 1.0, 2.0) for number in range(100)]
    assert 2.991 <= min(waits) < 2.995
    assert 3.005 < max(waits) <= 3.009
    assert {mix.seconds(Random(number), 0.0, 0.0) for number in range(100)} == {0.0}
    assert min(mix.seconds(Random(number), 0.001, 0.0) for number in range(100)) == 0.0
