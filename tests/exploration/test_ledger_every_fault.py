"""A batch with a ledger, and its recovery: whatever goes wrong, and wherever the process dies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

import pytest
from msgspec import Struct, json

from puresponse.codecs import Response
from puresponse.core import (
    Answer,
    HttpRequest,
    Operation,
    create_response,
    delete_response,
    erase_response,
    gather,
    retrieve_response,
    retrying,
)
from puresponse.transports import run, run_many
from puresponse.transports.contract import Transport
from puresponse.transports.ledger.fates import Fate, Verified
from puresponse.transports.ledger.ledger import Ledger
from puresponse.transports.memory.faults import Garbage, RateLimited, Refused, Reset
from puresponse.transports.memory.service import sample_state
from puresponse.transports.testing.exploration.alternatives import EVERY_FAULT, AnyFault
from puresponse.transports.testing.exploration.repetitions import may_have_been_acted_on, nothing_unsafe_twice
from puresponse.transports.testing.lives.lives import Dies, LifeStep
from puresponse.transports.testing.replays.life import ReplayedLife
from puresponse.transports.testing.replays.replaying import Replays, replay_lives

FEW: tuple[AnyFault, ...] = (RateLimited(), Reset(), Reset(acted=True), Refused(403))
"""An answer after which all is repeated, two that leave open what was done, and one that ends it."""


Way: TypeAlias = Literal["planned", "pairs", "elsewhere"]
"""How a batch is carried out."""


class DeleteMade(Struct, frozen=True):
    """Deletes what was created: the second half of a program."""

    def __call__(self, response: Response) -> Operation[Any]:
        return retrying(delete_response(response.id))


NAMES = {"DeleteMade": DeleteMade}


def made(key: str) -> Operation[Response]:
    return create_response(model="m", input="x", metadata={"key": key})


PROGRAMS: dict[str, Operation[Any]] = {
    "delete": retrying(delete_response("resp_chat")),
    "create": made("create"),
    "retried create": retrying(made("retried create")),
    "both": retrying(made("both")).bind(DeleteMade()),
    "erase": erase_response("resp_completed"),
    "gathered": gather(delete_response("resp_long"), made("gathered")),
    "gathered last": gather(made("gathered last"), retrying(delete_response("resp_failed"))),
    "read": retrieve_response("resp_queued"),
    "nowhere": delete_response("resp_nowhere"),
}
DELETED = {"delete": "resp_chat", "erase": "resp_completed", "gathered": "resp_long", "gathered last": "resp_failed"}


class Interrupted:
    """A service that is asked by somebody who is interrupted once: before a request is sent, or after its answer."""

    def __init__(self, life: ReplayedLife) -> None:
        self._life = life
        self._is_over = False

    def __call__(self, request: HttpRequest) -> Answer:
        self._meets("before a request")
        answer = self._life.transport(request)
        self._meets("after an answer")
        return answer

    def _meets(self, moment: str) -> None:
        if not self._is_over and self._life.choose(f"interrupt {moment}", (False, True), free=True):
            self._is_over = True
            raise KeyboardInterrupt


class Batch:
    """A batch of some of the programs: what a process does of it, and what is to be so when one has done all.

    It is carried out as it was planned, of pairs that are given anew, or elsewhere: as a whole, by somebody who tells
    the ledger when that is begun and has ended. Those that failed are then tried once more.
    """

    def __init__(self, *keys: str, way: Way = "planned", interrupts: bool = False) -> None:
        self._keys = keys
        self._way = way
        self._interrupts = interrupts

    def __call__(self, life: ReplayedLife) -> None:
        if not self._interrupts:
            self._carry_out(life, life.transport)
            return
        interrupted = Interrupted(life)
        try:
            self._carry_out(life, interrupted)
        except KeyboardInterrupt:
            self._carry_out(life, interrupted)

    def _carry_out(self, life: ReplayedLife, transport: Transport) -> None:
        with Ledger(life.folder / "batch.ledger", names=NAMES, clock=life.clock, now=life.clock.monotonic) as ledger:
            for again in (False, True):
                for key in self._ended(ledger, life, transport, again=again):
                    fate = ledger.fate(key)
                    assert fate is not None, "an outcome is told that is not written"
                    assert fate.fate not in ("planned", "in flight"), "an outcome is told that is not written"
                    life.point("an outcome was told")
                fates = {fate.key: fate for fate in ledger.fates()}
                for key in self._keys:
                    check(
                        key,
                        fates[key],
                        life.steps,
                        is_elsewhere=self._way == "elsewhere",
                        is_interrupted=self._interrupts,
                    )
                life.point("all was told")
            assert isinstance(ledger.verify(ledger.head), Verified)

    def _ended(self, ledger: Ledger, life: ReplayedLife, transport: Transport, *, again: bool) -> Iterator[str]:
        pairs = [(key, PROGRAMS[key]) for key in self._keys]
        outcomes: Iterator[tuple[str, Any]]
        if self._way == "pairs" and not again:
            outcomes = run_many(pairs, transport, 1, clock=life.clock, ledger=ledger)
        else:
            ledger.plan(pairs)
            life.point("planned")
            if self._way == "elsewhere":
                yield from self._elsewhere(ledger, life, transport, again=again)
                return
            outcomes = ledger.run(transport, 1, retry_failed=again)
        for key, _ in outcomes:
            yield key

    def _elsewhere(self, ledger: Ledger, life: ReplayedLife, transport: Transport, *, again: bool) -> Iterator[str]:
        for key, _ in ledger.to_do(retry_failed=again):
            program: Operation[Any] | None = ledger.begin(key)
            if program is not None:
                life.point("begun elsewhere")
                ledger.end(key, run(program, transport, clock=life.clock))
                yield key


def check(key: str, fate: Fate, steps: Sequence[LifeStep], *, is_elsewhere: bool, is_interrupted: bool) -> None:
    """What the ledger says of a key is what the service has done."""
    requests = [step for step in steps if step.kind == "send" and is_about(key, step)]
    unsafe = [step for step in requests if step.request is not None and step.request.method == "POST"]
    state = steps[-1].after
    known = [stored.body for name in state.responses if (stored := state.responses.get(name)) is not None]
    is_made = any(body["metadata"] == {"key": key} for body in known)
    acted = [step for step in unsafe if step.acted]
    assert fate.fate in ("done", "absent", "failed", "unknown"), f"{key} is lost: {fate}"
    assert len(acted) <= 1, f"{key} was done twice"
    if fate.fate == "unknown" and (is_elsewhere or is_interrupted):
        has_died = any(isinstance(step.mishap, Dies) for step in steps)
        assert has_died or is_interrupted or unsafe, (
            f"{key} is unknown, though nothing was sent that must not be repeated"
        )
    elif fate.fate == "unknown":
        assert unsafe, f"{key} is unknown, though nothing was sent that must not be repeated"
        assert may_have_been_acted_on(unsafe[-1].answer), f"{key} is unknown, though nothing is left open"
    if fate.fate == "failed":
        assert not (acted and fate.known.get("acknowledged") is None), f"{key} was done, and the ledger says it failed"
        is_unread = any(isinstance(step.mishap, Garbage) for step in acted)
        assert not is_unread, f"{key} was done, and nobody could read the answer"
    if fate.fate == "done":
        assert key not in DELETED or DELETED[key] not in state.responses, f"{key} is not done"
        assert bool(acted) == bool(unsafe), f"{key} is not done"
        assert is_made == (key in ("create", "retried create", "gathered", "gathered last")), f"{key} is not done"
    if fate.fate == "absent":
        assert key == "nowhere" or DELETED.get(key, "resp_made") not in state.responses, f"{key} is there"


def is_about(key: str, step: LifeStep) -> bool:
    """Whether a request is one of the program of this key."""
    request = step.request
    if request is None:
        return False
    if request.method == "POST":
        return bool(json.decode(request.body or b"{}")["metadata"]["key"] == key)
    return DELETED.get(key, "-") in request.path


def searched(batch: Batch, kinds: Sequence[AnyFault], faults: int) -> Replays:
    claims = (nothing_unsafe_twice(),)
    return replay_lives(batch, again=batch, state=sample_state(), kinds=kinds, faults=faults, claims=claims)


@pytest.mark.parametrize(
    ("key", "way", "kinds"),
    [
        ("gathered", "planned", (RateLimited(), Reset(acted=True))),
        ("gathered last", "planned", (Reset(), Garbage())),
        ("create", "planned", (Garbage(),)),
        ("both", "pairs", (Refused(403), Reset())),
        ("retried create", "elsewhere", (RateLimited(), Reset(acted=True))),
        ("both", "elsewhere", (Refused(403),)),
    ],
)
def test_what_a_ledger_says_is_what_was_done_whatever_goes_wrong(
    key: str, way: Way, kinds: tuple[AnyFault, ...]
) -> None:
    search = searched(Batch(key, way=way), kinds, 2)
    search.check()
    assert search.lives > 15


def test_a_batch_of_two_goes_on_wherever_its_process_dies() -> None:
    search = searched(Batch("delete", "create"), (), 2)
    search.check()
    assert search.lives > 40


def test_a_batch_that_is_interrupted_goes_on_the_next_time() -> None:
    search = searched(Batch("delete", "create", way="pairs", interrupts=True), (Reset(acted=True),), 1)
    search.check()
    assert search.lives > 50


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", ["planned", "pairs", "elsewhere"])
@pytest.mark.parametrize("key", [key for key in PROGRAMS if key not in ("read", "nowhere")])
def test_what_a_ledger_says_is_what_was_done_with_any_two_faults(key: str, way: Way) -> None:
    search = searched(Batch(key, way=way), (*EVERY_FAULT, Garbage()), 2)
    search.check()
    assert search.lives > 150


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_a_whole_batch_goes_on_after_any_fault() -> None:
    searched(Batch(*PROGRAMS), EVERY_FAULT, 1).check()
