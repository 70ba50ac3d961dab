"""What is given up, at any moment and whatever goes wrong besides: exchanges, batches, and runs with last words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from returns.result import Failure, Success

from puresponse.core import (
    HttpRequest,
    Interrupted,
    NotSent,
    Operation,
    WaitPolicy,
    cancel_response,
    create_response,
    delete_response,
    gather,
    is_failure,
    retrieve_response,
    retrying,
    wait_for_response,
)
from puresponse.transports import MemoryTransport, Unfinished, run, run_async, run_many, run_many_async
from puresponse.transports.batch.outcomes import OnStop
from puresponse.transports.contract import AsyncTransport
from puresponse.transports.memory.faults import Delay, RateLimited, Refused, Reset, Unsent
from puresponse.transports.memory.scripts.model_input import ModelInput
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.scripts.script import echo
from puresponse.transports.memory.service import sample_state
from puresponse.transports.testing.exploration.alternatives import EVERY_FAULT, AnyFault
from puresponse.transports.testing.exploration.repetitions import nothing_unsafe_twice
from puresponse.transports.testing.replays.life import ReplayedLife
from puresponse.transports.testing.replays.replaying import Replays, replay_lives

FEW: tuple[AnyFault, ...] = (Unsent(), RateLimited(), Reset(), Reset(acted=True))
CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two"}')
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two","stream":true}')


# An exchange


class GivesUpInTheMidst:
    """A script in which somebody else gives up the exchange, while the service makes its reply."""

    def __init__(self) -> None:
        self.exchange: Any = None

    def __call__(self, asked: ModelInput) -> Reply:
        if self.exchange is not None:
            self.exchange.give_up()
        return echo(asked)


@pytest.mark.parametrize("request_", [CREATE, STREAM], ids=["call", "open"])
def test_an_exchange_that_is_given_up_has_the_result_that_its_law_says(request_: HttpRequest) -> None:
    script = GivesUpInTheMidst()

    def body(life: ReplayedLife) -> None:
        moment = life.choose("give up", ("never", "before", "in the midst", "after"), free=True)
        script.exchange = None
        begin = life.transport.begin_open if request_ is STREAM else life.transport.begin
        exchange: Any = begin(request_)
        assert life.transport.requests == (), "nothing is sent by beginning"
        if moment == "before":
            exchange.give_up()
        script.exchange = exchange if moment == "in the midst" else None
        result = exchange.result()
        if moment == "after":
            exchange.give_up()
        assert exchange.result() is result, "the result is one"
        is_met = life.transport.state.replied > 0
        if moment == "before":
            assert (result.failure().kind, life.transport.requests) == ("given_up", ())
            assert isinstance(result.failure(), NotSent)
        elif moment == "in the midst" and is_met:
            assert isinstance(result.failure(), Interrupted)
            assert result.failure().kind == "given_up"
        elif request_ is STREAM and not is_failure(result) and hasattr(result.unwrap(), "read"):
            read = result.unwrap().read()
            assert (
                moment != "after" or read in (Success(b""), Failure(NotSent("invalid_request", ""))) or is_failure(read)
            )
        if is_failure(result) and isinstance(result.failure(), NotSent):
            assert len(life.transport.state.responses) == 0, "what is not sent is not acted upon"

    search = replay_lives(body, script=script, faults=1)
    search.check()
    assert search.lives > 70


# A batch


PROGRAMS: dict[str, Operation[Any]] = {
    "delete": retrying(delete_response("resp_chat")),
    "create": create_response(model="m", input="x", metadata={"key": "create"}),
    "both": gather(delete_response("resp_completed"), retrieve_response("resp_queued")),
}
PATHS = {"delete": ("resp_chat",), "create": (), "both": ("resp_completed", "resp_queued")}


def of(key: str, request: HttpRequest | None) -> bool:
    """Whether a request is one of the operation of this key."""
    if request is None:
        return False
    return request.method == "POST" if key == "create" else request.path.rpartition("/")[2] in PATHS[key]


class Told:
    """What a batch has taken, yielded and told of, until somebody stops it."""

    def __init__(self, life: ReplayedLife) -> None:
        self.life = life
        self.taken: list[str] = []
        self.yielded: list[str] = []
        self.unfinished: list[Unfinished[str, Any]] = []
        self.is_stopped = False
        self.asked = 0

    def pairs(self) -> Iterator[tuple[str, Operation[Any]]]:
        for key, operation in PROGRAMS.items():
            assert not self.is_stopped, "one more is taken after the end"
            self.taken.append(key)
            yield key, operation

    def stops(self, where: str) -> bool:
        """Whether somebody stops it here; once, and that costs nothing."""
        if self.is_stopped:
            return False
        self.is_stopped = self.life.choose(where, (False, True), free=True)
        return self.is_stopped

    def check(self) -> None:
        """Each that was taken was yielded or told of, and what is told of it is so."""
        steps = self.life.steps
        assert sorted([*self.yielded, *[one.key for one in self.unfinished]]) == sorted(self.taken)
        assert self.is_stopped or self.taken == list(PROGRAMS)
        for one in self.unfinished:
            answers = [step.answer for step in steps if of(one.key, step.request)]
            last = answers if one.key == "both" else answers[-1:]  # of two at once, either may be answered last
            if not one.sent and answers:
                assert any(is_failure(answer) and isinstance(answer.failure(), NotSent) for answer in last), one.key
        for key in self.yielded:
            assert key == "both" or any(of(key, step.request) for step in steps)


def in_turn(life: ReplayedLife, on_stop: OnStop) -> None:
    told = Told(life)

    def asked(request: HttpRequest) -> Any:
        if told.stops("interrupt before"):
            raise KeyboardInterrupt
        answer = life.transport(request)
        if told.stops("interrupt after"):
            raise KeyboardInterrupt
        return answer

    outcomes = run_many(told.pairs(), asked, 1, clock=life.clock, on_stop=on_stop, unfinished=told.unfinished.append)
    try:
        for key, _ in outcomes:
            told.yielded.append(key)
            if told.stops("leave"):
                outcomes.close()
                break
    except KeyboardInterrupt:
        assert told.is_stopped
    told.check()


def in_a_loop(life: ReplayedLife, on_stop: OnStop) -> None:
    told = Told(life)
    transport: AsyncTransport = life.transport.asynchronous()

    async def collect() -> None:
        task = asyncio.current_task()

        async def asked(request: HttpRequest) -> Any:
            if told.stops("cancel before") and task is not None:
                task.cancel()
                await asyncio.sleep(0)
            answer = await transport(request)
            if told.stops("cancel after") and task is not None:
                task.cancel()
                await asyncio.sleep(0)
            return answer

        outcomes = run_many_async(
            told.pairs(), asked, 2, clock=life.clock, on_stop=on_stop, unfinished=told.unfinished.append
        )
        try:
            async for key, _ in outcomes:
                told.yielded.append(key)
                if told.stops("leave"):
                    await outcomes.aclose()
                    break
        except asyncio.CancelledError:
            assert told.is_stopped

    asyncio.run(collect())
    told.check()
    if on_stop == "finish":
        assert all(one.result is not None for one in told.unfinished), "they are carried out to their end"


def batches(body: Any, on_stop: OnStop, kinds: tuple[AnyFault, ...], faults: int) -> Replays:
    def stopped(life: ReplayedLife) -> None:
        body(life, on_stop)

    return replay_lives(
        stopped, state=sample_state(), kinds=kinds, faults=faults, claims=(nothing_unsafe_twice(),), most_lives=200_000
    )


@pytest.mark.parametrize("on_stop", ["give_up", "finish"])
@pytest.mark.parametrize("body", [in_turn, in_a_loop])
def test_of_each_operation_of_a_batch_that_is_stopped_the_outcome_is_yielded_or_it_is_told(
    body: Any, on_stop: OnStop
) -> None:
    search = batches(body, on_stop, FEW, 1)
    search.check()
    assert search.lives > 120


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("on_stop", ["give_up", "finish"])
@pytest.mark.parametrize("body", [in_turn, in_a_loop])
def test_so_it_is_with_any_two_faults(body: Any, on_stop: OnStop) -> None:
    batches(body, on_stop, EVERY_FAULT, 2).check()


# A run with last words


CANCEL = retrying(cancel_response("resp_in_progress"))


def waiting(life: ReplayedLife) -> None:
    is_stopped = False

    def asked(request: HttpRequest) -> Any:
        nonlocal is_stopped
        answer = life.transport(request)
        if not is_stopped:
            is_stopped = life.choose("interrupt", (False, True), free=True)
            if is_stopped:
                raise KeyboardInterrupt
        return answer

    try:
        run(wait_for_response("resp_in_progress", WaitPolicy(deadline=3)), asked, clock=life.clock, on_cancel=CANCEL)
    except KeyboardInterrupt as interrupt:
        check_last_words(life, interrupt)
    else:
        assert not is_stopped


def waiting_in_a_loop(life: ReplayedLife) -> None:
    transport = life.transport.asynchronous()
    is_stopped = False

    async def wait() -> None:
        task = asyncio.current_task()

        async def asked(request: HttpRequest) -> Any:
            nonlocal is_stopped
            answer = await transport(request)
            if not is_stopped:
                is_stopped = life.choose("cancel", (False, True), free=True)
                if is_stopped and task is not None:
                    task.cancel()
                    await asyncio.sleep(0)
            return answer

        await run_async(
            wait_for_response("resp_in_progress", WaitPolicy(deadline=3)), asked, clock=life.clock, on_cancel=CANCEL
        )

    try:
        asyncio.run(wait())
    except asyncio.CancelledError as cancelled:
        check_last_words(life, cancelled)
    else:
        assert not is_stopped


def check_last_words(life: ReplayedLife, ended_by: BaseException) -> None:
    """What is not known to be cancelled is told in a note."""
    seen = MemoryTransport(life.transport.state, now=life.clock.monotonic)
    is_cancelled = run(retrieve_response("resp_in_progress"), seen).unwrap().status == "cancelled"
    notes = getattr(ended_by, "__notes__", [])
    assert is_cancelled or any("on_cancel" in note for note in notes), "nobody is told that it goes on"
    last = life.steps[-1]
    assert last.ended - min(step.began for step in life.steps if of_cancel(step.request)) < 5.01


def of_cancel(request: HttpRequest | None) -> bool:
    return request is not None and request.path.endswith("/cancel")


@pytest.mark.parametrize("body", [waiting, waiting_in_a_loop])
def test_a_run_that_is_interrupted_has_its_last_words_or_says_what_became_of_them(body: Any) -> None:
    kinds = (*FEW, Delay(20.0), Refused(403))
    search = replay_lives(body, state=sample_state(), kinds=kinds, faults=2)
    search.check()
    assert search.lives > 150
