"""The laws of hosts pass what keeps them, and catch what breaks one: each law is broken here at least once."""

from __future__ import annotations

import asyncio
import importlib.util
import pickle
import re
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, TypeAlias, TypeVar, get_args

import pytest
from catalogue import OPERATIONS, START, STREAMS, Program, service
from interpreters import printed_by
from msgspec.structs import replace
from places import ROOT
from returns.result import Failure, Result, Success

from puresponse.core import (
    Answer,
    DecodeError,
    Done,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Operation,
    Send,
    Stream,
    Wait,
    is_failure,
    sequentially,
)
from puresponse.transports import (
    AsyncStreamingTransport,
    AsyncTransport,
    Clock,
    StreamingTransport,
    SystemClock,
    Transport,
    VirtualClock,
    iterate,
    iterate_async,
    run,
    run_async,
)
from puresponse.transports.testing.contract import (
    AsyncHostContract,
    AsyncStreamHostContract,
    HostContract,
    RestartingHostContract,
    StreamHostContract,
    broken_laws,
)
from puresponse.transports.testing.contract.probe_world import ERRORS

T = TypeVar("T")


def laws_of(contract: type[HostContract]) -> set[str]:
    return {name for name in dir(contract) if name.startswith("test_")}


# --- the library's own drivers -------------------------------------------------------------------


class TestRun(HostContract):
    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock)


class TestRunAsync(AsyncHostContract):
    many = 10_000

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        return await run_async(operation, transport, clock=clock)


class TestIterate(StreamHostContract):
    many = 10_000

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return iterate(stream, transport, clock=clock, results=True)


class TestIterateOfWholeBodies(StreamHostContract):
    many = 3_000
    in_chunks = False

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return iterate(stream, _only_calling(transport), clock=clock, results=True)


def _only_calling(transport: StreamingTransport) -> Transport:
    def exchange(request: HttpRequest) -> Answer:
        return transport(request)

    return exchange


class TestIterateAsync(AsyncStreamHostContract):
    many = 10_000

    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        return iterate_async(stream, transport, clock=clock, results=True)


class TestRestartedRun(RestartingHostContract):
    many = 3_000

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        return run(operation, transport, clock=clock, elapsed=elapsed)


class TestRestartedRunAsync(RestartingHostContract):
    many = 3_000

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        async def exchange(request: HttpRequest) -> Answer:
            return transport(request)

        return asyncio.run(run_async(operation, exchange, clock=clock, elapsed=elapsed))


class TestRunByTheSystemsClock(HostContract):
    """A host that really waits can be checked as well; how late it wakes is the machine's to say."""

    many = 3_000
    second = 0.002
    slack = 5.0

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock)

    def make_clock(self, chance: float = 0.5) -> Clock:
        return SystemClock()


class TestIterateAsyncByTheSystemsClock(AsyncStreamHostContract):
    many = 3_000
    second = 0.002
    slack = 5.0

    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        return iterate_async(stream, transport, clock=clock, results=True)

    def make_clock(self, chance: float = 0.5) -> Clock:
        return SystemClock()


# --- the hosts of the example --------------------------------------------------------------------


def example() -> Any:
    """The module `docs/examples/by_hand.py`."""
    spec = importlib.util.spec_from_file_location("by_hand", ROOT / "docs" / "examples" / "by_hand.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BY_HAND = example()


class TestHostByHand(StreamHostContract):
    many = 3_000

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        result: Result[T, Error] = BY_HAND.Host(transport, clock.sleep, clock.monotonic).run(operation)
        return result

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        yield from BY_HAND.Host(transport, clock.sleep, clock.monotonic).iterate(stream)


class TestAsyncHostByHand(AsyncStreamHostContract):
    many = 3_000
    in_chunks = False

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        result: Result[T, Error] = await BY_HAND.AsyncHost(transport, clock.sleep_async, clock.monotonic).run(operation)
        return result

    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        values: AsyncGenerator[T | Failure[Error], None]
        values = BY_HAND.AsyncHost(transport, clock.sleep_async, clock.monotonic).iterate(stream)
        return values


class TestRestartedHostByHand(RestartingHostContract):
    many = 3_000

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        result: Result[T, Error] = BY_HAND.Host(transport, clock.sleep, clock.monotonic).run(operation, elapsed)
        return result


PROGRAMS: dict[str, Callable[[], Program]] = {**OPERATIONS, **STREAMS}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_of_the_library_comes_to_the_same_by_hand_as_by_its_drivers(name: str) -> None:
    one, other = VirtualClock(now=START), VirtualClock(now=START)
    known, unknown = service(one), service(other)
    program = PROGRAMS[name]()
    by_hand = BY_HAND.Host(unknown, other.sleep, other.monotonic)
    if name in STREAMS:
        stream: Any = program
        expected = list(iterate(stream, known, clock=one, results=True))
        assert list(by_hand.iterate(stream)) == expected
    else:
        operation: Any = program
        assert by_hand.run(operation) == run(operation, known, clock=one)
    assert other.slept == one.slept


class TestPickledAtEachStep(HostContract):
    """A host that keeps nothing but what it can store can be checked as well."""

    many = 100

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        started = clock.monotonic()
        while not isinstance(operation, Done):
            operation = pickle.loads(pickle.dumps(operation))
            if isinstance(operation, Send):
                operation = operation.resume(transport(operation.request))
            elif isinstance(operation, Wait):
                if operation.seconds:
                    clock.sleep(operation.seconds)
                operation = operation.resume(clock.monotonic() - started)
            elif isinstance(operation, Fork):
                operation = sequentially(operation)
        return operation.result


# --- the page that tells of the laws -------------------------------------------------------------


def test_the_page_of_embedding_names_every_law_of_hosts_and_no_other() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "guides" / "embedding.md").read_text()))
    assert named == laws_of(AsyncStreamHostContract) | laws_of(RestartingHostContract)


def test_the_laws_of_hosts_load_no_network() -> None:
    code = "import sys\nfrom puresponse.transports.testing.contract import hosts, hosts_restart, hosts_streams\n"
    code += "print([name for name in ('socket', 'ssl', 'asyncio', 'http.server', 'pytest') if name in sys.modules])"
    assert printed_by(code) == "[]"


def test_a_contract_is_checked_without_pytest_and_says_how_each_law_is_broken() -> None:
    class Breaking(HostContract):
        def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
            raise KeyError("a bug of the host")

    said = broken_laws(Breaking())
    assert set(said) == laws_of(HostContract)
    assert said[DONE] == "the host raised KeyError: 'a bug of the host'"
    assert all(said.values())


# --- a host with every defect --------------------------------------------------------------------


class Sound:
    """A host that keeps the laws, in parts that can be broken one by one."""

    def __init__(self) -> None:
        self.transport: Transport = _unset
        self.clock: Clock = SystemClock()
        self.started = 0.0

    def begin(self, transport: Transport, clock: Clock, elapsed: float = 0.0) -> Sound:
        """A host for one run."""
        host = type(self)()
        host.transport, host.clock, host.started = transport, clock, clock.monotonic() - elapsed
        return host

    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        while not isinstance(operation, Done):
            operation = self.step(operation)
        return operation.result

    def step(self, operation: Send[Any] | Wait[Any] | Fork[Any]) -> Operation[Any]:
        if isinstance(operation, Send):
            return self.resumed(operation, self.send(operation.request))
        if isinstance(operation, Fork):
            return self.resumed(operation, self.forked(operation.operations))
        seconds = self.drawn(operation)
        if seconds:
            self.clock.sleep(seconds)
        return self.resumed(operation, self.elapsed(seconds))

    def send(self, request: HttpRequest) -> Answer:
        return self.transport(request)

    def drawn(self, wait: Wait[Any]) -> float:
        return wait.seconds + wait.spread * self.clock.random()

    def elapsed(self, waited: float) -> float:
        return self.clock.monotonic() - self.started

    def forked(self, operations: tuple[Operation[Any], ...]) -> Any:
        return tuple([self.branch(operation) for operation in operations])

    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        return Sound.run(self, operation)

    def resumed(self, step: Send[Any] | Wait[Any] | Fork[Any], given: Any) -> Operation[Any]:
        return step.resume(given)


def _unset(request: HttpRequest) -> Answer:
    raise AssertionError("no run has begun")


class Of(HostContract):
    """Checks a host of that kind; of few steps, which are more than a stack holds."""

    many = 3_000

    def __init__(self, host: Sound) -> None:
        self._host = host

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return self._host.begin(transport, clock).run(operation)


class Greets(Sound):
    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        if isinstance(operation, Done):
            self.send(HttpRequest("GET", "/hello"))
        return super().run(operation)


class Reports(Sound):
    """Tells its own story of what went wrong before it began."""

    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        if isinstance(operation, Done) and is_failure(operation.result):
            return Failure(Interrupted("reset", str(operation.result.failure())))
        return super().run(operation)


class Tidies(Sound):
    def send(self, request: HttpRequest) -> Answer:
        return super().send(replace(request, headers=tuple(dict(request.headers).items())))


class Hurries(Sound):
    def send(self, request: HttpRequest) -> Answer:
        return super().send(replace(request, timeout=None))


class Remembers(Sound):
    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[HttpRequest, Answer] = {}

    def send(self, request: HttpRequest) -> Answer:
        if request not in self.answers:
            self.answers[request] = super().send(request)
        return self.answers[request]


class Judges(Sound):
    def send(self, request: HttpRequest) -> Answer:
        answer = super().send(request)
        response = answer.value_or(HttpResponse(status=200))
        return answer if response.status < 400 else Failure(Interrupted("status", f"HTTP {response.status}"))


class Follows(Sound):
    def send(self, request: HttpRequest) -> Answer:
        answer = super().send(request)
        location = answer.value_or(HttpResponse(status=200)).header("location")
        return answer if location is None else super().send(replace(request, path=location))


class Insists(Sound):
    """Repeats what met a passing fault, which `retrying` does already."""

    def send(self, request: HttpRequest) -> Answer:
        answer = super().send(request)
        return super().send(request) if answer.value_or(HttpResponse(status=200)).status == 503 else answer


class InsistsOnFailures(Sound):
    def send(self, request: HttpRequest) -> Answer:
        answer = super().send(request)
        return super().send(request) if is_failure(answer) else answer


class Simplifies(Sound):
    """Knows two failures, of seven."""

    def send(self, request: HttpRequest) -> Answer:
        answer = super().send(request)
        if is_failure(answer) and not isinstance(answer.failure(), NotSent | Interrupted):
            return Failure(Interrupted("reset", str(answer.failure())))
        return answer


class GivesUp(Sound):
    """Ends a run at its first failure."""

    def resumed(self, step: Send[Any] | Wait[Any] | Fork[Any], given: Any) -> Operation[Any]:
        if isinstance(given, float) or not is_failure(given):
            return super().resumed(step, given)
        return Done(given)


class Jitters(Sound):
    """Draws on both sides of the seconds."""

    def drawn(self, wait: Wait[Any]) -> float:
        return wait.seconds + wait.spread * (self.clock.random() - 0.5)


class Dawdles(Sound):
    def drawn(self, wait: Wait[Any]) -> float:
        return wait.seconds + 2 * wait.spread * self.clock.random()


class Yields(Sound):
    """Sleeps for no seconds, to be kind to others."""

    def drawn(self, wait: Wait[Any]) -> float:
        seconds = super().drawn(wait)
        if not seconds:
            self.clock.sleep(0.0)
        return seconds


class TellsTheTime(Sound):
    def elapsed(self, waited: float) -> float:
        return self.clock.monotonic()


class TellsTheWait(Sound):
    def elapsed(self, waited: float) -> float:
        return waited


class AddsUpWaits(Sound):
    """Knows only of the time that it slept."""

    slept = 0.0

    def elapsed(self, waited: float) -> float:
        self.slept += waited
        return self.slept


class Swallows(Sound):
    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        try:
            return super().run(operation)
        except Exception as error:
            return Failure(DecodeError(reason=repr(error)))


class CarriesOn(Sound):
    """Lets a bug out, but sends once more before that."""

    def resumed(self, step: Send[Any] | Wait[Any] | Fork[Any], given: Any) -> Operation[Any]:
        try:
            return super().resumed(step, given)
        except Exception:
            self.send(HttpRequest("GET", "/a"))
            self.send(HttpRequest("GET", "/a"))
            raise


class Rehearses(Sound):
    """Looks at what would come next before it goes on."""

    def resumed(self, step: Send[Any] | Wait[Any] | Fork[Any], given: Any) -> Operation[Any]:
        super().resumed(step, given)
        return super().resumed(step, given)


class CountsFromItsFirstRun(Sound):
    first: float | None = None

    def begin(self, transport: Transport, clock: Clock, elapsed: float = 0.0) -> Sound:
        host = super().begin(transport, clock, elapsed)
        if self.first is None:
            self.first = host.started
        host.started = self.first
        return host


class HoldsOneOperation(Sound):
    """Keeps what it is at in a place that all runs share."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Operation[Any]] = []

    def begin(self, transport: Transport, clock: Clock, elapsed: float = 0.0) -> Sound:
        host = super().begin(transport, clock, elapsed)
        assert isinstance(host, HoldsOneOperation)
        host.held = self.held
        return host

    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        self.held[:] = [operation]
        while True:
            step = self.held[0]
            if isinstance(step, Send):
                answer = self.send(step.request)
                now = self.held[0]
                self.held[0] = now.resume(answer) if isinstance(now, Send) else now
            elif isinstance(step, Done):
                return step.result
            else:
                self.held[0] = self.step(step)


class Recurses(Sound):
    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        return operation.result if isinstance(operation, Done) else self.run(self.step(operation))


class DoneFirst(Sound):
    """Has the results in the order in which they are there."""

    def forked(self, operations: tuple[Operation[Any], ...]) -> Any:
        return super().forked(tuple(sorted(operations, key=lambda operation: not isinstance(operation, Done))))


class GivesAList(Sound):
    def forked(self, operations: tuple[Operation[Any], ...]) -> Any:
        return [*super().forked(operations)]


class TakesTwinsForOne(Sound):
    def forked(self, operations: tuple[Operation[Any], ...]) -> Any:
        results = {operation: self.branch(operation) for operation in set(operations)}
        return tuple(results[operation] for operation in operations)


class StopsAtAFailure(Sound):
    """Does nothing of a fork after its first failure, and has that in its place."""

    def forked(self, operations: tuple[Operation[Any], ...]) -> Any:
        results: list[Result[Any, Error]] = []
        for operation in operations:
            stopped = bool(results) and is_failure(results[-1])
            results.append(results[-1] if stopped else self.branch(operation))
        return tuple(results)


class FailsAltogether(Sound):
    """Ends a run at the first failure in a fork."""

    def resumed(self, step: Send[Any] | Wait[Any] | Fork[Any], given: Any) -> Operation[Any]:
        failures = [result for result in given if is_failure(result)] if isinstance(step, Fork) else []
        return Done(failures[0]) if failures else super().resumed(step, given)


class HasFewSlots(Sound):
    """Holds one of 32 slots for each operation of a fork, also while that waits for others."""

    def __init__(self) -> None:
        super().__init__()
        self.free = 32

    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        if not self.free:
            raise RuntimeError("a real one would wait for ever")
        self.free -= 1
        result = super().branch(operation)
        self.free += 1
        return result


class CountsFromTheFork(Sound):
    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        began, self.started = self.started, self.clock.monotonic()
        result = super().branch(operation)
        self.started = began
        return result


class WaitsForNobody(Sound):
    """Does not sleep for the operations of a fork."""

    inside = False

    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        self.inside = True
        result = super().branch(operation)
        self.inside = False
        return result

    def drawn(self, wait: Wait[Any]) -> float:
        return 0.0 if self.inside else super().drawn(wait)


class GoesDeeper(Sound):
    """Goes on behind a fork by calling itself."""

    def resumed(self, step: Send[Any] | Wait[Any] | Fork[Any], given: Any) -> Operation[Any]:
        following = super().resumed(step, given)
        return Done(self.run(following)) if isinstance(step, Fork) else following


class SwallowsInForks(Sound):
    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        try:
            return super().branch(operation)
        except Exception as error:
            return Failure(DecodeError(reason=repr(error)))


class RaisesInGroups(Sound):
    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        try:
            return super().branch(operation)
        except Exception as error:
            raise ExceptionGroup("in a fork", [error]) from error


class RepeatsBranches(Sound):
    """Does the operations of a fork a second time, to be sure."""

    def branch(self, operation: Operation[Any]) -> Result[Any, Error]:
        super().branch(operation)
        return super().branch(operation)


ANY_STATUS = "test_any_status_is_given_as_received"
ANY_FAILURE = "test_any_failure_is_given_as_received"
REPEATED = "test_requests_are_repeated_as_often_as_the_operation_says"
TOLD = "test_a_wait_is_told_the_seconds_since_the_run_began"
AGAIN = "test_an_operation_can_be_run_again"
SENT = "test_each_request_is_sent_once_in_order_and_as_it_is"
DONE = "test_what_is_done_is_given_and_nothing_happens"
RAISED = "test_what_a_callers_function_raises_comes_out"
ONCE = "test_each_step_is_resumed_once"
LONG = "test_a_long_program_runs_in_constant_stack"
IN_ORDER = "test_a_fork_is_given_the_result_of_each_operation_in_order"
TO_THEIR_END = "test_all_operations_of_a_fork_run_to_their_end"
WITHIN_FORKS = "test_forks_within_forks_each_get_their_own_results"
FORK_WAITS = "test_the_waits_of_a_fork_count_from_the_beginning_of_the_run"
MANY_FORKS = "test_many_forks_run_in_constant_stack"
FORK_RAISED = "test_what_a_callers_function_raises_in_a_fork_comes_out"

DEFECTS: list[tuple[Sound, set[str]]] = [
    (Greets(), {DONE}),
    (Reports(), {DONE}),
    (Tidies(), {SENT}),
    (Hurries(), {SENT}),
    (Remembers(), {SENT, REPEATED, IN_ORDER, WITHIN_FORKS}),
    (Judges(), {ANY_STATUS}),
    (Follows(), {ANY_STATUS}),
    (Insists(), {ANY_STATUS, REPEATED}),
    (InsistsOnFailures(), {ANY_FAILURE, REPEATED}),
    (Simplifies(), {ANY_FAILURE}),
    (GivesUp(), {ANY_FAILURE, REPEATED}),
    (Jitters(), {"test_a_wait_lasts_at_least_its_seconds"}),
    (Dawdles(), {"test_a_wait_lasts_at_most_its_seconds_and_its_spread"}),
    (Yields(), {"test_a_wait_of_no_seconds_is_resumed_without_sleeping"}),
    (TellsTheTime(), {TOLD, AGAIN, FORK_WAITS}),
    (TellsTheWait(), {TOLD, AGAIN, FORK_WAITS}),
    (AddsUpWaits(), {TOLD, AGAIN}),
    (Swallows(), {RAISED, FORK_RAISED}),
    (CarriesOn(), {RAISED}),
    (Rehearses(), {ONCE}),
    (CountsFromItsFirstRun(), {AGAIN}),
    (HoldsOneOperation(), {"test_runs_at_once_do_not_mix"}),
    (Recurses(), {LONG, MANY_FORKS}),
    (DoneFirst(), {IN_ORDER}),
    (GivesAList(), {IN_ORDER, TO_THEIR_END, WITHIN_FORKS, MANY_FORKS}),
    (TakesTwinsForOne(), {IN_ORDER, WITHIN_FORKS}),
    (StopsAtAFailure(), {TO_THEIR_END, WITHIN_FORKS}),
    (FailsAltogether(), {TO_THEIR_END, WITHIN_FORKS}),
    (HasFewSlots(), {WITHIN_FORKS}),
    (CountsFromTheFork(), {FORK_WAITS}),
    (WaitsForNobody(), {FORK_WAITS}),
    (GoesDeeper(), {MANY_FORKS}),
    (SwallowsInForks(), {FORK_RAISED}),
    (RaisesInGroups(), {FORK_RAISED}),
    (RepeatsBranches(), {IN_ORDER, TO_THEIR_END, WITHIN_FORKS, FORK_WAITS, ONCE}),
]


def named(case: object) -> str:
    return type(case).__name__ if isinstance(case, Sound) else ""


@pytest.mark.parametrize(("host", "laws"), DEFECTS, ids=named)
def test_a_host_that_breaks_a_law_is_caught_by_that_law(host: Sound, laws: set[str]) -> None:
    assert set(broken_laws(Of(host))) == laws


def test_a_sound_host_breaks_no_law() -> None:
    assert broken_laws(Of(Sound())) == {}


def test_every_law_of_hosts_has_been_broken() -> None:
    assert {law for _, laws in DEFECTS for law in laws} == laws_of(HostContract)


def test_every_kind_of_error_is_given_to_a_host() -> None:
    assert {type(error) for error in ERRORS} == set(get_args(Error))


# --- a host that goes on -------------------------------------------------------------------------


class GoesOn(RestartingHostContract):
    many = 3_000

    def __init__(self, host: Sound, change: Callable[[float], float]) -> None:
        self._host = host
        self._change = change

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        return self._host.begin(transport, clock, self._change(elapsed)).run(operation)


SAVED = "test_a_saved_run_counts_from_when_it_first_began"
DEADLINE = "test_a_deadline_holds_across_a_restart"


class ForgetsAtTheFirstAnswer(Sound):
    """Has a time that was saved only as long as nothing is sent."""

    forgot = False

    def send(self, request: HttpRequest) -> Answer:
        if not self.forgot:
            self.started = max(self.started, self.clock.monotonic() - 5)
        self.forgot = True
        return super().send(request)


RESTARTS: list[tuple[Sound, Callable[[float], float], set[str]]] = [
    (Sound(), lambda elapsed: elapsed, set()),
    (Sound(), lambda elapsed: 0.0, {SAVED, DEADLINE}),
    (Sound(), lambda elapsed: -elapsed, {SAVED, DEADLINE}),
    (Sound(), lambda elapsed: min(elapsed, 60.0), {SAVED}),
    (ForgetsAtTheFirstAnswer(), lambda elapsed: elapsed, {DEADLINE}),
]


@pytest.mark.parametrize(("host", "change", "laws"), RESTARTS)
def test_a_host_that_breaks_a_law_of_restarts_is_caught(
    host: Sound, change: Callable[[float], float], laws: set[str]
) -> None:
    assert set(broken_laws(GoesOn(host, change))) == laws


def test_every_law_of_restarts_has_been_broken() -> None:
    assert {law for *_, laws in RESTARTS for law in laws} == laws_of(RestartingHostContract) - laws_of(HostContract)


# --- hosts in an event loop ----------------------------------------------------------------------

Sending: TypeAlias = Callable[[Coroutine[Any, Any, Answer]], Coroutine[Any, Any, Answer]]
Sleeping: TypeAlias = Callable[[Clock, float], Coroutine[Any, Any, None]]
Running: TypeAlias = Coroutine[Any, Any, Result[Any, Error]]
Forking: TypeAlias = Callable[[list[Running]], Coroutine[Any, Any, tuple[Result[Any, Error], ...]]]


async def one_by_one(runs: list[Running]) -> tuple[Result[Any, Error], ...]:
    try:
        return tuple([await run for run in runs])
    finally:
        for run in runs:
            run.close()


async def at_once(runs: list[Running]) -> tuple[Result[Any, Error], ...]:
    tasks = [asyncio.ensure_future(run) for run in runs]
    try:
        return tuple(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def abandons(runs: list[Running]) -> tuple[Result[Any, Error], ...]:
    """Goes on at the first that raises, and leaves the others to themselves."""
    return tuple(await asyncio.gather(*runs))


async def forgets_cancellation(runs: list[Running]) -> tuple[Result[Any, Error], ...]:
    """Cancels the others where one raises, and none where it is cancelled itself."""
    tasks = [asyncio.ensure_future(run) for run in runs]
    if tasks:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    raised = [task for task in tasks if task.done() and task.exception() is not None]
    if raised:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple([task.result() for task in [*raised, *tasks]])


class OfLoops(AsyncHostContract):
    """Checks a host in an event loop that sends and sleeps in given ways."""

    many = 3_000
    patience = 0.25

    def __init__(
        self,
        sending: Sending,
        sleeping: Sleeping,
        held: list[Operation[Any]] | None = None,
        forking: Forking = one_by_one,
    ) -> None:
        self._sending = sending
        self._sleeping = sleeping
        self._held = held
        self._forking = forking

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        held: list[Any] = [] if self._held is None else self._held
        return await self._run(operation, transport, clock, clock.monotonic(), held)

    async def _run(
        self, operation: Operation[T], transport: AsyncTransport, clock: Clock, started: float, held: list[Any]
    ) -> Result[T, Error]:
        async def exchange(request: HttpRequest) -> Answer:
            return await transport(request)

        held[:] = [operation]
        while True:
            step: Operation[Any] = held[0]
            if isinstance(step, Send):
                answer = await self._sending(exchange(step.request))
                now: Operation[Any] = held[0]
                held[0] = now.resume(answer) if isinstance(now, Send) else now
            elif isinstance(step, Wait):
                if step.seconds:
                    await self._sleeping(clock, step.seconds)
                held[0] = step.resume(clock.monotonic() - started)
            elif isinstance(step, Fork):
                runs: list[Running] = [self._run(each, transport, clock, started, []) for each in step.operations]
                held[0] = step.resume(await self._forking(runs))
            else:
                return step.result


async def awaits(exchange: Coroutine[Any, Any, Answer]) -> Answer:
    return await exchange


async def shields(exchange: Coroutine[Any, Any, Answer]) -> Answer:
    return await asyncio.shield(asyncio.ensure_future(exchange))


async def joins(exchange: Coroutine[Any, Any, Answer]) -> Answer:
    """Waits in its own thread for what another does."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(asyncio.run(exchange)))
    thread.start()
    thread.join()
    return answers[0]


async def makes_light_of_cancellation(exchange: Coroutine[Any, Any, Answer]) -> Answer:
    try:
        return await exchange
    except asyncio.CancelledError:
        return Failure(Interrupted("reset", "cancelled"))


async def sleeps(clock: Clock, seconds: float) -> None:
    await clock.sleep_async(seconds)


async def blocks(clock: Clock, seconds: float) -> None:
    clock.sleep(seconds)


async def wakes_at_cancellation(clock: Clock, seconds: float) -> None:
    try:
        await clock.sleep_async(seconds)
    except asyncio.CancelledError:
        return


ANSWER_AWAITED = "test_the_event_loop_goes_on_while_an_answer_is_awaited"
WAIT_LASTS = "test_the_event_loop_goes_on_while_a_wait_lasts"
CANCELS_EXCHANGE = "test_a_cancelled_run_cancels_its_exchange"
CANCELS_WAIT = "test_a_cancelled_run_cancels_its_wait"
CANCELS_FORK = "test_a_cancelled_run_cancels_all_operations_of_its_fork"
LEAVES_NOTHING = "test_what_raises_in_a_fork_leaves_nothing_running"

DEFECTS_IN_LOOPS: list[tuple[OfLoops, set[str]]] = [
    (OfLoops(awaits, sleeps), set()),
    (OfLoops(awaits, sleeps, forking=at_once), set()),
    (OfLoops(awaits, sleeps, forking=abandons), {LEAVES_NOTHING}),
    (OfLoops(awaits, sleeps, forking=forgets_cancellation), {CANCELS_FORK}),
    (OfLoops(joins, sleeps), {ANSWER_AWAITED, CANCELS_EXCHANGE, CANCELS_FORK}),
    (OfLoops(shields, sleeps), {CANCELS_EXCHANGE, CANCELS_FORK}),
    (OfLoops(makes_light_of_cancellation, sleeps), {CANCELS_EXCHANGE, CANCELS_FORK}),
    (OfLoops(awaits, blocks), {WAIT_LASTS, CANCELS_WAIT}),
    (OfLoops(awaits, wakes_at_cancellation), {CANCELS_WAIT}),
    (OfLoops(awaits, sleeps, []), {"test_runs_at_once_do_not_mix"}),
]


@pytest.mark.parametrize(("contract", "laws"), DEFECTS_IN_LOOPS)
def test_a_host_that_breaks_a_law_of_event_loops_is_caught(contract: OfLoops, laws: set[str]) -> None:
    assert set(broken_laws(contract)) == laws


def test_every_law_of_event_loops_has_been_broken() -> None:
    own = laws_of(AsyncHostContract) - laws_of(HostContract)
    assert {law for _, laws in DEFECTS_IN_LOOPS for law in laws} >= own


# --- contracts that are not filled in ------------------------------------------------------------


def test_a_contract_without_a_host_says_what_is_missing() -> None:
    clock = SystemClock()
    done: Operation[Any] = Done(Success(1))

    async def exchange(request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=200))

    runs: list[Callable[[], object]] = [
        lambda: HostContract().run(done, _unset, clock),
        lambda: asyncio.run(AsyncHostContract().run_async(done, exchange, clock)),
        lambda: RestartingHostContract().run_on(done, _unset, clock, 0.0),
        lambda: StreamHostContract().run(done, _unset, clock),
        lambda: AsyncStreamHostContract().run(done, _unset, clock),
    ]
    for each in runs:
        with pytest.raises(NotImplementedError, match=r"a subclass of .*HostContract says how the host"):
            each()
