"""Branches of a fork at once: the same results under every driver, no more in flight than was asked for, none left."""

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
    Answer,
    Done,
    Emit,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    NotSent,
    Operation,
    Perform,
    Send,
    Stream,
    Wait,
    delay,
    delete_response,
    elapsed,
    fail,
    gather,
    gather_all,
    sequence,
    sequentially,
    succeed,
    traverse,
)
from puresponse.transports import (
    Clock,
    ForbiddenTransport,
    SystemClock,
    Urllib3Transport,
    VirtualClock,
    in_threads,
    iterate,
    iterate_async,
    run,
    run_async,
    run_many,
    run_many_async,
)
from puresponse.transports.testing.loopback import serving

T = TypeVar("T")
PATIENCE = 10.0


class Tell(Struct, frozen=True):
    """Returns the path that was asked for, or fails where that is not found."""

    def __call__(self, answer: Answer) -> Operation[str]:
        response = answer.unwrap()
        path = response.body.decode()
        return fail(NotSent("dns", path)) if response.status == 404 else succeed(path)


def ask(path: str) -> Operation[str]:
    return Send(HttpRequest("GET", path), Tell())


def answer(request: HttpRequest) -> Answer:
    status = 404 if request.path.startswith("/x") else 200
    return Success(HttpResponse(status=status, body=request.path.encode()))


async def answer_later(request: HttpRequest) -> Answer:
    await asyncio.sleep(0)
    return answer(request)


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


# --- the same under every driver -----------------------------------------------------------------


def by_hand(operation: Operation[T]) -> Result[T, Error]:
    """What a host does that does one thing at a time, and lets no time pass."""
    while True:
        match operation:
            case Send(request, resume):
                operation = resume(answer(request))
            case Wait(_, _, resume):
                operation = resume(0.0)
            case Fork():
                operation = sequentially(operation)
            case Done(result):
                return result


DRIVERS: dict[str, Callable[[Operation[Any]], Result[Any, Error]]] = {
    "run(1)": lambda operation: run(operation, answer, clock=VirtualClock()),
    "run(2)": lambda operation: run(operation, answer, clock=VirtualClock(), concurrency=2),
    "run(8)": lambda operation: run(operation, answer, clock=VirtualClock(), concurrency=8),
    "run_async(1)": lambda operation: within(run_async(operation, answer_later, clock=VirtualClock(), concurrency=1)),
    "run_async(3)": lambda operation: within(run_async(operation, answer_later, clock=VirtualClock(), concurrency=3)),
    "run_async": lambda operation: within(run_async(operation, answer_later, clock=VirtualClock())),
    "by hand": by_hand,
}
each_driver = pytest.mark.parametrize("driver", DRIVERS.values(), ids=DRIVERS)


def slept(seconds: float) -> str:
    return "slept"


def failed(reason: str) -> Operation[Any]:
    return fail(NotSent("dns", reason))


def louder(error: Error) -> Error:
    return NotSent("dns", f"{error}!")


leaves: st.SearchStrategy[Operation[Any]] = st.one_of(
    st.sampled_from(["/a", "/b", "/x", "/x2"]).map(ask),
    st.sampled_from([0.0, 1.0, 2.5]).map(lambda seconds: delay(seconds).map(slept)),
    st.sampled_from(["done", "already"]).map(succeed),
    st.sampled_from(["one", "other"]).map(failed),
)


class Pair(Struct, frozen=True):
    """Goes on with `other`, and returns its value beside the one before."""

    other: Operation[Any]

    def __call__(self, value: object) -> Operation[Any]:
        return self.other.map(partial(paired, value))


def paired(value: object, more: object) -> object:
    return value, more


class Beside(Struct, frozen=True):
    """Carries out `other` at the same time."""

    other: Operation[Any]

    def __call__(self, operation: Operation[Any]) -> Operation[Any]:
        return gather(operation, self.other)


class Instead(Struct, frozen=True):
    """Goes on with `other` after an error."""

    other: Operation[Any]

    def __call__(self, error: Error) -> Operation[Any]:
        return self.other


def joined(children: st.SearchStrategy[Operation[Any]]) -> st.SearchStrategy[Operation[Any]]:
    many = st.lists(children, max_size=4)
    pairs = st.tuples(children, children)
    return st.one_of(
        many.map(lambda operations: gather(*operations)),
        many.map(lambda operations: gather_all(*operations)),
        many.map(sequence),
        st.tuples(many, children).map(lambda pair: traverse(pair[0], Beside(pair[1]))),
        pairs.map(lambda pair: pair[0].bind(Pair(pair[1]))),
        pairs.map(lambda pair: pair[0].lash(Instead(pair[1]))),
        children.map(lambda operation: operation.alt(louder)),
    )


trees = st.recursive(leaves, joined, max_leaves=25)


@settings(deadline=None)
@given(trees)
def test_all_drivers_and_a_host_that_does_one_thing_at_a_time_come_to_the_same(tree: Operation[Any]) -> None:
    results = {name: driver(tree) for name, driver in DRIVERS.items()}
    assert results == dict.fromkeys(DRIVERS, by_hand(tree))


@each_driver
def test_a_fork_of_nothing_goes_on_with_nothing(driver: Callable[[Operation[Any]], Result[Any, Error]]) -> None:
    nothing: Fork[int] = Fork((), lambda results: succeed(len(results)))
    assert driver(nothing) == Success(0)
    assert driver(gather(nothing, nothing)) == Success((0, 0))


@each_driver
@pytest.mark.parametrize("pairs", [5_000, pytest.param(50_000, marks=pytest.mark.deep)])
def test_many_branches(pairs: int, driver: Callable[[Operation[Any]], Result[Any, Error]]) -> None:
    branches = [ask("/a") if number % 2 else succeed("done") for number in range(2 * pairs)]
    assert driver(gather(*branches)) == Success(("done", "/a") * pairs)


@each_driver
def test_a_thousand_forks_within_each_other(driver: Callable[[Operation[Any]], Result[Any, Error]]) -> None:
    tree: Operation[Any] = ask("/a")
    for _ in range(1_000):
        tree = gather(tree, ask("/b")).map(lambda pair: pair[0] + pair[1][-1])
    assert driver(tree) == Success("/a" + "b" * 1_000)


@each_driver
def test_a_branch_that_forks_a_thousand_times_in_a_row(driver: Callable[[Operation[Any]], Result[Any, Error]]) -> None:
    branch: Operation[Any] = ask("/a")
    for _ in range(1_000):
        branch = branch.bind(lambda _: gather(ask("/b"), ask("/c")))
    assert driver(gather(branch, ask("/d"))) == Success((("/b", "/c"), "/d"))


# --- how many in flight ----------------------------------------------------------------------------


class Counting:
    """A transport that counts how many requests are in flight, and answers none for a leaf before `least` are."""

    def __init__(self, least: int = 1) -> None:
        self.most = 0
        self.asked = 0
        self.threads = set[int]()
        self._least = least
        self._running = 0
        self._changed = threading.Condition()

    def __call__(self, request: HttpRequest) -> Answer:
        with self._changed:
            self.asked += 1
            self._running += 1
            self.most = max(self.most, self._running)
            self.threads.add(threading.get_ident())
            self._changed.notify_all()
            if request.path == "/leaf":
                assert self._changed.wait_for(lambda: self.most >= self._least, PATIENCE)
            self._running -= 1
        return answer(request)

    async def later(self, request: HttpRequest) -> Answer:
        """The same, for an event loop."""
        self.asked += 1
        self._running += 1
        self.most = max(self.most, self._running)
        for _ in range(20):  # as long as it takes for more tasks to begin, if there may be more
            await asyncio.sleep(0)
        while request.path == "/leaf" and self.most < self._least:
            await asyncio.sleep(0)
        self._running -= 1
        return answer(request)


def a_tree(width: int, depth: int) -> Operation[Any]:
    """Forks within forks within forks, whose branches send before and after they fork."""
    if not depth:
        return ask("/leaf")
    below = [a_tree(width, depth - 1) for _ in range(width)]
    return ask("/before").bind(lambda _: gather(*below)).bind(lambda _: ask("/after"))


@pytest.mark.parametrize("concurrency", [1, 2, 3, 8])
def test_as_many_requests_are_in_flight_as_were_asked_for_and_no_more(concurrency: int) -> None:
    counting = Counting(concurrency)
    result = run(gather(*[a_tree(3, 3) for _ in range(3)]), counting, concurrency=concurrency)
    assert isinstance(result, Success)
    assert counting.asked == 3 * (27 + 2 * (9 + 3 + 1))
    assert counting.most == concurrency
    assert len(counting.threads) <= concurrency


@pytest.mark.parametrize("concurrency", [1, 2, 3, 8])
def test_in_an_event_loop_as_many_are_in_flight_as_were_asked_for_and_no_more(concurrency: int) -> None:
    counting = Counting(concurrency)
    tree = gather(*[a_tree(3, 3) for _ in range(3)])
    assert isinstance(within(run_async(tree, counting.later, concurrency=concurrency)), Success)
    assert counting.most == concurrency


def test_one_at_a_time_by_default_and_sixteen_in_an_event_loop() -> None:
    counting, here = Counting(), {threading.get_ident()}
    run(gather(*[ask("/leaf") for _ in range(50)]), counting)
    assert (counting.most, counting.threads) == (1, here)
    counting = Counting(16)
    within(run_async(gather(*[ask("/leaf") for _ in range(50)]), counting.later))
    assert counting.most == 16


def test_a_branch_that_waits_takes_no_room() -> None:
    clock = VirtualClock()
    waits = [delay(100.0) for _ in range(50)]
    assert isinstance(run(gather(*waits, a_tree(2, 3)), answer, clock=clock, concurrency=2), Success)
    assert clock.now == 100.0
    clock = VirtualClock()
    assert isinstance(
        within(run_async(gather(*waits, a_tree(2, 3)), answer_later, clock=clock, concurrency=2)), Success
    )
    assert clock.now == 100.0


def test_it_also_counts_where_requests_are_in_flight_in_threads_of_an_event_loop() -> None:
    counting = Counting(4)
    tree = gather(*[ask("/leaf") for _ in range(20)])
    assert isinstance(within(run_async(tree, in_threads(counting), concurrency=4)), Success)
    assert counting.most == 4


# --- threads and tasks -----------------------------------------------------------------------------


@contextmanager
def no_thread_left() -> Generator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def test_threads_are_begun_as_they_are_needed_and_none_is_left() -> None:
    counting = Counting(3)
    with no_thread_left():
        run(gather(*[ask("/leaf") for _ in range(3)]), counting, concurrency=100)
    assert len(counting.threads) == 3
    assert threading.get_ident() in counting.threads


def test_one_branch_that_is_not_done_needs_no_thread() -> None:
    counting = Counting()
    run(gather(ask("/leaf").bind(lambda _: ask("/b")), succeed(1)), counting, concurrency=8)
    assert counting.asked == 2
    assert counting.threads == {threading.get_ident()}


def test_one_at_a_time_loads_no_threads_in_a_fresh_process() -> None:
    code = """
import sys
from returns.result import Success
from puresponse.core import HttpRequest, HttpResponse, Send, delay, gather, succeed
from puresponse.transports import run
def answer(request):
    return Success(HttpResponse(status=200))
def ask():
    return Send(HttpRequest("GET", "/a"), lambda answer: succeed(answer.unwrap().status))
assert run(gather(ask(), ask()), answer) == Success((200, 200))
loaded = {"threading", "asyncio", "queue", "concurrent.futures", "heapq"} & set(sys.modules)
assert not loaded, loaded
assert run(gather(ask(), ask(), delay(0.01)), answer, concurrency=3).unwrap()[:2] == (200, 200)
import threading
assert threading.active_count() == 1
assert "asyncio" not in sys.modules
"""
    subprocess.run([sys.executable, "-I", "-c", code], check=True, timeout=60)


def test_a_system_that_gives_no_thread_is_served_by_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr("puresponse.transports.workers.Thread", Refused)
    counting = Counting()
    assert run(gather(*[ask("/leaf") for _ in range(9)]), counting, concurrency=4) == Success(("/leaf",) * 9)
    assert counting.threads == {threading.get_ident()}


def test_threads_have_the_context_of_the_caller() -> None:
    from contextvars import ContextVar

    variable: ContextVar[str] = ContextVar("variable", default="none")
    counting, seen = Counting(3), list[str]()

    def transport(request: HttpRequest) -> Answer:
        seen.append(variable.get())
        return counting(request)

    token = variable.set("the caller's")
    try:
        run(gather(*[ask("/leaf") for _ in range(3)]), transport, concurrency=3)
    finally:
        variable.reset(token)
    assert seen == ["the caller's"] * 3


# --- time ------------------------------------------------------------------------------------------


def clocks() -> list[Clock]:
    return [VirtualClock(), SystemClock(), Plain()]


class Plain:
    """A clock of somebody's own, which can only sleep; a hundred times as fast as the machine's."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return SystemClock().monotonic() * 100

    def random(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        SystemClock().sleep(seconds / 100)

    async def sleep_async(self, seconds: float) -> None:
        self.slept.append(seconds)
        await SystemClock().sleep_async(seconds / 100)


WAITS: dict[str, Callable[[Operation[Any], Clock], Result[Any, Error]]] = {
    "run": lambda operation, clock: run(operation, answer, clock=clock, concurrency=4),
    "run_async": lambda operation, clock: within(run_async(operation, answer_later, clock=clock, concurrency=4)),
}
each_way = pytest.mark.parametrize("way", WAITS.values(), ids=WAITS)


@each_way
@pytest.mark.parametrize("clock", clocks(), ids=lambda clock: type(clock).__name__)
def test_waits_overlap_by_any_clock(way: Callable[[Operation[Any], Clock], Result[Any, Error]], clock: Clock) -> None:
    with no_thread_left():
        before = clock.monotonic()
        first, second, third = way(gather(delay(0.05), delay(0.03), ask("/a")), clock).unwrap()
        lasted = clock.monotonic() - before
    assert third == "/a"
    assert first >= 0.05
    assert second >= 0.03
    assert first <= lasted
    if isinstance(clock, VirtualClock):
        assert (first, second) == (0.05, 0.03)
    if isinstance(clock, Plain):
        assert {0.05, 0.03} <= set(clock.slept)


@each_way
def test_a_clock_that_only_sleeps_serves_more_waits_than_there_is_room(
    way: Callable[[Operation[Any], Clock], Result[Any, Error]],
) -> None:
    clock = Plain()
    with no_thread_left():
        assert len(way(gather(*[delay(1.0) for _ in range(40)]), clock).unwrap()) == 40
    assert clock.slept == [1.0] * 40


@each_way
def test_what_a_clock_raises_passes_through(way: Callable[[Operation[Any], Clock], Result[Any, Error]]) -> None:
    class Broken(Plain):
        def sleep(self, seconds: float) -> None:
            raise ZeroDivisionError

        async def sleep_async(self, seconds: float) -> None:
            raise ZeroDivisionError

    with no_thread_left(), pytest.raises(ZeroDivisionError):
        way(gather(delay(1.0), delay(2.0)), Broken())


@each_way
def test_waits_in_branches_are_told_the_seconds_of_the_whole_run(
    way: Callable[[Operation[Any], Clock], Result[Any, Error]],
) -> None:
    clock = VirtualClock(now=100.0)
    program: Operation[Any] = delay(2.0).bind(lambda _: gather(delay(3.0).bind(lambda _: elapsed()), elapsed()))
    assert way(program, clock) == Success((5.0, 2.0))
    assert run(program, answer, clock=VirtualClock(), elapsed=10.0, concurrency=2) == Success((15.0, 12.0))


# --- what is raised --------------------------------------------------------------------------------


def broken(value: object) -> Any:
    raise ZeroDivisionError(value)


@pytest.mark.parametrize("concurrency", [1, 2, 8])
def test_what_a_function_raises_passes_through(concurrency: int) -> None:
    tree = gather(*[ask("/a") for _ in range(5)], gather(ask("/b"), ask("/c").map(broken)))
    with no_thread_left(), pytest.raises(ZeroDivisionError, match="/c"):
        run(tree, answer, concurrency=concurrency)
    with pytest.raises(ZeroDivisionError, match="/c"):
        within(run_async(tree, answer_later, concurrency=concurrency))


def test_what_has_not_begun_is_given_up_and_what_is_in_flight_ends() -> None:
    together, asked, ended = threading.Barrier(2), list[str](), list[str]()
    failed = threading.Event()

    def transport(request: HttpRequest) -> Answer:
        asked.append(request.path)
        together.wait(PATIENCE)
        if request.path == "/bad":
            failed.set()
            raise ZeroDivisionError
        assert failed.wait(PATIENCE)
        ended.append(request.path)
        return answer(request)

    good = ask("/good").bind(lambda _: ask("/never"))
    with no_thread_left(), pytest.raises(ZeroDivisionError):
        run(gather(good, ask("/bad"), *[ask("/never") for _ in range(10)], delay(1e6)), transport, concurrency=2)
    assert sorted(asked) == ["/bad", "/good"]
    assert ended == ["/good"]


def test_in_an_event_loop_too_what_is_in_flight_is_given_up() -> None:
    asked, cancelled = list[str](), list[str]()

    async def transport(request: HttpRequest) -> Answer:
        asked.append(request.path)
        if request.path == "/bad":
            await asyncio.sleep(0)
            raise ZeroDivisionError
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(request.path)
        raise AssertionError

    good = ask("/good").bind(lambda _: ask("/never"))
    tree = gather(good, ask("/bad"), *[ask("/never") for _ in range(10)], delay(1e6))
    with pytest.raises(ZeroDivisionError):
        within(run_async(tree, transport, concurrency=2))
    assert asked == ["/good", "/bad"]
    assert cancelled == ["/good"]


@each_way
def test_a_clock_serves_again_after_something_has_raised(
    way: Callable[[Operation[Any], Clock], Result[Any, Error]],
) -> None:
    clock = VirtualClock()
    with pytest.raises(ZeroDivisionError):
        way(gather(delay(5.0).map(broken), delay(100.0)), clock)
    assert clock.now == 5.0
    assert way(gather(delay(1.0), delay(2.0)), clock) == Success((1.0, 2.0))
    assert clock.now == 7.0


def test_who_is_cancelled_cancels_the_branches() -> None:
    begun, cancelled = list[str](), list[str]()

    async def hanging(request: HttpRequest) -> Answer:
        begun.append(request.path)
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(request.path)
        raise AssertionError

    async def scene() -> None:
        tree = gather(*[ask(f"/{number}") for number in range(5)], gather(ask("/5"), ask("/6")), delay(1e6))
        before = asyncio.all_tasks()
        task = asyncio.create_task(run_async(tree, hanging, concurrency=3))
        while len(begun) < 3:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == before
        clock = VirtualClock()
        task = asyncio.create_task(run_async(tree, hanging, clock=clock))
        await asyncio.sleep(0)  # the first of its branches begins, and the task of the second does not
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == before
        assert await run_async(gather(delay(5.0), delay(3.0)), hanging, clock=clock) == Success((5.0, 3.0))

    within(scene())
    assert len(begun) == 4
    assert sorted(cancelled) == sorted(begun)


# --- bad input -------------------------------------------------------------------------------------

BAD: list[Any] = [0, -1, 1.0, "4", True, None, [4]]


@pytest.mark.parametrize("concurrency", BAD, ids=repr)
def test_a_concurrency_that_makes_no_sense_is_an_invalid_argument_and_nothing_is_sent(concurrency: Any) -> None:
    result = run(ask("/a"), ForbiddenTransport(), concurrency=concurrency)
    error = result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "concurrency"
    assert "allowed is an integer of 1 or more" in error.reason
    assert within(run_async(ask("/a"), answer_later, concurrency=concurrency)) == result


def test_each_branch_is_carried_out_once() -> None:
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def transport(request: HttpRequest) -> Answer:
        with lock:
            seen[request.path] += 1
        return answer(request)

    paths = [f"/{number}" for number in range(3_000)]
    assert run(gather(*map(ask, paths)), transport, concurrency=16) == Success(tuple(paths))
    assert set(seen.values()) == {1}
    assert len(seen) == 3_000


def test_a_failure_is_a_result_like_any_other() -> None:
    results = run(gather_all(ask("/x"), ask("/a")), answer, concurrency=2)
    assert results == Success((Failure(NotSent("dns", "/x")), Success("/a")))


# --- over a socket ---------------------------------------------------------------------------------

DELETED = b'{"id": "resp_1", "object": "response", "deleted": true}'


class Service:
    """A service over HTTP that counts the requests in flight, and answers when there are `least`, until there were."""

    def __init__(self, least: int) -> None:
        self.most = 0
        self._least = least
        self._running = 0
        self._changed = threading.Condition()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._changed:
            self._running += 1
            self.most = max(self.most, self._running)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self.most >= self._least, PATIENCE)
            self._running -= 1
        return HttpResponse(status=200, headers=(("Content-Type", "application/json"),), body=DELETED)


def over_http(operation: Operation[T], service: Service, concurrency: int, *, in_a_loop: bool) -> Result[T, Error]:
    with serving(service) as url, Urllib3Transport(base_url=url, api_key="sk-none") as transport:
        if not in_a_loop:
            return run(operation, transport, concurrency=concurrency)
        return within(run_async(operation, in_threads(transport), concurrency=concurrency))


@pytest.mark.parametrize("in_a_loop", [False, True], ids=["run", "run_async"])
@pytest.mark.parametrize("concurrency", [1, 2, 7])
def test_a_server_sees_as_many_requests_at_once_as_were_asked_for(concurrency: int, in_a_loop: bool) -> None:
    deletions = [delete_response(f"resp_{number}") for number in range(20)]
    nested = gather(*deletions[:5], gather(*deletions[5:12], gather(*deletions[12:])))
    service = Service(concurrency)
    result = over_http(nested, service, concurrency, in_a_loop=in_a_loop)
    assert len(result.unwrap()) == 6
    assert service.most == concurrency


@pytest.mark.parametrize("concurrency", [2, 5])
def test_many_operations_share_their_room_with_the_forks_within_them(concurrency: int) -> None:
    service = Service(concurrency)
    forks = [gather(*[delete_response(f"resp_{one}_{other}") for other in range(6)]) for one in range(6)]
    with serving(service) as url, Urllib3Transport(base_url=url, api_key="sk-none") as transport:
        outcomes = list(run_many(forks, transport, concurrency))
    assert [len(result.unwrap()) for _, result in outcomes] == [6] * 6
    assert service.most == concurrency


def test_in_an_event_loop_many_operations_share_their_room_with_the_forks_within_them() -> None:
    counting = Counting(5)
    forks = [gather(*[ask("/leaf") for _ in range(6)]) for _ in range(6)]

    async def scene() -> list[Any]:
        return [result async for _, result in run_many_async(forks, counting.later, 5)]

    assert within(scene()) == [Success(("/leaf",) * 6)] * 6
    assert counting.most == 5


# --- in a stream -----------------------------------------------------------------------------------


class EmitAll(Struct, frozen=True):
    """Emits what was gathered."""

    def __call__(self, result: Result[tuple[str, ...], Error]) -> Stream[str]:
        return Emit(result.unwrap(), END)


def a_stream(length: int) -> Stream[str]:
    return Perform(gather(*[ask("/leaf") for _ in range(length)]), EmitAll())


def test_the_forks_of_a_stream_are_carried_out_at_once_too() -> None:
    counting = Counting(4)
    with no_thread_left():
        assert list(iterate(a_stream(12), counting, concurrency=4)) == ["/leaf"] * 12
    assert counting.most == 4
    counting = Counting()
    assert list(iterate(a_stream(12), counting)) == ["/leaf"] * 12
    assert (counting.most, counting.threads) == (1, {threading.get_ident()})


@pytest.mark.parametrize(("more", "expected"), [({}, 16), ({"concurrency": 3}, 3), ({"concurrency": 1}, 1)])
def test_in_an_event_loop_the_forks_of_a_stream_are_carried_out_at_once_too(more: Any, expected: int) -> None:
    counting = Counting(expected)

    async def scene() -> list[Any]:
        return [value async for value in iterate_async(a_stream(40), counting.later, **more)]

    assert within(scene()) == ["/leaf"] * 40
    assert counting.most == expected


@pytest.mark.parametrize("concurrency", BAD, ids=repr)
def test_a_stream_takes_no_concurrency_that_makes_no_sense(concurrency: Any) -> None:
    async def scene() -> list[Any]:
        values = iterate_async(a_stream(1), answer_later, concurrency=concurrency, results=True)
        return [value async for value in values]

    told = list(iterate(a_stream(1), ForbiddenTransport(), concurrency=concurrency, results=True))
    assert told == within(scene()) == [run(ask("/a"), ForbiddenTransport(), concurrency=concurrency)]
