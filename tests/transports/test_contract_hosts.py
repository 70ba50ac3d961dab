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
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Operation,
    Send,
    Stream,
    Wait,
    is_failure,
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
        return operation.result


# --- the page that tells of the laws -------------------------------------------------------------


def test_the_page_of_embedding_names_every_law_of_hosts_and_no_other() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "embedding.md").read_text()))
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

    def step(self, operation: Send[Any] | Wait[Any]) -> Operation[Any]:
        if isinstance(operation, Send):
            return self.resumed(operation, self.send(operation.request))
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

    def resumed(self, step: Send[Any] | Wait[Any], given: Any) -> Operation[Any]:
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

    def resumed(self, step: Send[Any] | Wait[Any], given: Any) -> Operation[Any]:
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

    def resumed(self, step: Send[Any] | Wait[Any], given: Any) -> Operation[Any]:
        try:
            return super().resumed(step, given)
        except Exception:
            self.send(HttpRequest("GET", "/a"))
            self.send(HttpRequest("GET", "/a"))
            raise


class Rehearses(Sound):
    """Looks at what would come next before it goes on."""

    def resumed(self, step: Send[Any] | Wait[Any], given: Any) -> Operation[Any]:
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
            elif isinstance(step, Wait):
                self.held[0] = self.step(step)
            else:
                return step.result


class Recurses(Sound):
    def run(self, operation: Operation[Any]) -> Result[Any, Error]:
        return operation.result if isinstance(operation, Done) else self.run(self.step(operation))


ANY_STATUS = "test_any_status_is_given_as_received"
ANY_FAILURE = "test_any_failure_is_given_as_received"
REPEATED = "test_requests_are_repeated_as_often_as_the_operation_says"
TOLD = "test_a_wait_is_told_the_seconds_since_the_run_began"
AGAIN = "test_an_operation_can_be_run_again"
SENT = "test_each_request_is_sent_once_in_order_and_as_it_is"
DONE = "test_what_is_done_is_given_and_nothing_happens"
RAISED = "test_what_a_callers_function_raises_comes_out"

DEFECTS: list[tuple[Sound, set[str]]] = [
    (Greets(), {DONE}),
    (Reports(), {DONE}),
    (Tidies(), {SENT}),
    (Hurries(), {SENT}),
    (Remembers(), {SENT, REPEATED}),
    (Judges(), {ANY_STATUS}),
    (Follows(), {ANY_STATUS}),
    (Insists(), {ANY_STATUS, REPEATED}),
    (InsistsOnFailures(), {ANY_FAILURE, REPEATED}),
    (Simplifies(), {ANY_FAILURE}),
    (GivesUp(), {ANY_FAILURE, REPEATED}),
    (Jitters(), {"test_a_wait_lasts_at_least_its_seconds"}),
    (Dawdles(), {"test_a_wait_lasts_at_most_its_seconds_and_its_spread"}),
    (Yields(), {"test_a_wait_of_no_seconds_is_resumed_without_sleeping"}),
    (TellsTheTime(), {TOLD, AGAIN}),
    (TellsTheWait(), {TOLD, AGAIN}),
    (AddsUpWaits(), {TOLD, AGAIN}),
    (Swallows(), {RAISED}),
    (CarriesOn(), {RAISED}),
    (Rehearses(), {"test_each_step_is_resumed_once"}),
    (CountsFromItsFirstRun(), {AGAIN}),
    (HoldsOneOperation(), {"test_runs_at_once_do_not_mix"}),
    (Recurses(), {"test_a_long_program_runs_in_constant_stack"}),
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


class OfLoops(AsyncHostContract):
    """Checks a host in an event loop that sends and sleeps in given ways."""

    many = 3_000
    patience = 0.25

    def __init__(self, sending: Sending, sleeping: Sleeping, held: list[Operation[Any]] | None = None) -> None:
        self._sending = sending
        self._sleeping = sleeping
        self._held = held

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        async def exchange(request: HttpRequest) -> Answer:
            return await transport(request)

        started = clock.monotonic()
        held: list[Any] = [] if self._held is None else self._held
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

DEFECTS_IN_LOOPS: list[tuple[OfLoops, set[str]]] = [
    (OfLoops(awaits, sleeps), set()),
    (OfLoops(joins, sleeps), {ANSWER_AWAITED, CANCELS_EXCHANGE}),
    (OfLoops(shields, sleeps), {CANCELS_EXCHANGE}),
    (OfLoops(makes_light_of_cancellation, sleeps), {CANCELS_EXCHANGE}),
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
