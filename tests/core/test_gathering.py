"""Many operations as one that may be carried out at once: each has its own result, in the order given."""

import pickle
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
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
    Interrupted,
    NotSent,
    Operation,
    Perform,
    RetryPolicy,
    Send,
    Wait,
    all_outcomes,
    collect,
    delay,
    fail,
    gather,
    gather_all,
    load_operation,
    retrying,
    save_checkpoint,
    sequence,
    sequentially,
    succeed,
)
from puresponse.transports import ForbiddenTransport, VirtualClock, run

LOST = NotSent("dns", "no such host")


class Tell(Struct, frozen=True):
    """Returns the path that was asked for, or fails where that is not found."""

    def __call__(self, answer: Answer) -> Operation[str]:
        if isinstance(answer, Failure):
            return Done(answer)
        response = answer.unwrap()
        path = response.body.decode()
        return fail(NotSent("dns", path)) if response.status == 404 else succeed(path)


class Again(Struct, frozen=True):
    """Asks for more."""

    def __call__(self, path: str) -> Operation[str]:
        return ask(f"{path}/more")


class Echo(Struct, frozen=True):
    """Returns what it is given."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[tuple[Result[Any, Error], ...]]:
        return succeed(results)


NAMES: dict[str, Any] = {"Tell": Tell, "Again": Again, "Echo": Echo}


def ask(path: str) -> Operation[str]:
    return Send(HttpRequest("GET", path, idempotent=True), Tell())


def answer(request: HttpRequest) -> Answer:
    status = 404 if request.path.startswith("/x") else 200
    return Success(HttpResponse(status=status, body=request.path.encode()))


def made(item: str) -> Operation[str]:
    """An operation that sends, waits, or is done already; one that begins with an x fails."""
    if item.endswith("s"):
        return ask(f"/{item}")
    done: Operation[str] = fail(NotSent("dns", f"/{item}")) if item.startswith("x") else succeed(f"/{item}")
    return delay(1.0).bind(lambda _: done) if item.endswith("w") else done


items = st.lists(st.sampled_from(["as", "aw", "ad", "xs", "xw", "xd"]), max_size=8)


def result_of(operation: Operation[Any]) -> Result[Any, Error]:
    return run(operation, answer, clock=VirtualClock())


# --- laws ----------------------------------------------------------------------------------------


@given(items)
def test_each_has_the_result_that_it_would_have_alone(items: list[str]) -> None:
    operations = [made(item) for item in items]
    assert result_of(gather_all(*operations)) == Success(tuple(result_of(operation) for operation in operations))


@given(items)
def test_of_all_results_the_values_or_the_first_failure_in_the_order_given(items: list[str]) -> None:
    operations = [made(item) for item in items]
    assert result_of(gather(*operations)) == result_of(sequence(operations))


@given(st.permutations(["as", "xs", "xw", "xd", "ad"]))
def test_the_first_failure_is_the_first_in_the_order_given_and_not_in_time(items: list[str]) -> None:
    bad = next(item for item in items if item.startswith("x"))
    assert result_of(gather(*map(made, items))) == Failure(NotSent("dns", f"/{bad}"))


def test_all_are_carried_out_to_their_end_whatever_fails() -> None:
    asked: list[str] = []

    def transport(request: HttpRequest) -> Answer:
        asked.append(request.path)
        return answer(request)

    operations = (ask("/x"), fail(LOST), ask("/a").bind(Again()))
    assert run(gather(*operations), transport) == Failure(NotSent("dns", "/x"))
    assert run(gather_all(*operations), transport).unwrap()[2] == Success("/a/more")
    assert asked == ["/x", "/a", "/a/more"] * 2


def test_it_is_one_step_with_the_very_operations_in_it() -> None:
    first, second = ask("/a"), delay(1.0)
    for step in (gather(first, second), gather_all(first, second)):
        assert isinstance(step, Fork)
        assert step.operations[0] is first
        assert step.operations[1] is second


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_results_are_joined_in_their_order_whichever_was_there_first(order: tuple[int, ...]) -> None:
    step = gather(ask("/0"), ask("/1"), ask("/2"))
    assert isinstance(step, Fork)
    results: list[Any] = [None] * 3
    for index in order:
        branch = step.operations[index]
        assert isinstance(branch, Send)
        end = branch.resume(answer(branch.request))
        assert isinstance(end, Done)
        results[index] = end.result
    assert step.resume(tuple(results)) == succeed(("/0", "/1", "/2"))


def test_of_none_and_of_what_is_done_already_no_step_is_made() -> None:
    assert gather() == gather_all() == succeed(())
    assert gather(succeed(1), succeed("two")) == succeed((1, "two"))
    assert gather(succeed(1), fail(LOST)) == fail(LOST)
    assert gather_all(succeed(1), fail(LOST)) == succeed((Success(1), Failure(LOST)))


def test_one_alone_goes_on_by_itself() -> None:
    one, all_of_one = gather(ask("/a")), gather_all(ask("/x"))
    assert isinstance(one, Send)
    assert isinstance(all_of_one, Send)
    assert result_of(one) == Success(("/a",))
    assert result_of(gather(ask("/x"))) == Failure(NotSent("dns", "/x"))
    assert result_of(all_of_one) == Success((Failure(NotSent("dns", "/x")),))
    assert isinstance(gather(delay(1.0)), Wait)


def test_what_follows_receives_what_was_gathered() -> None:
    both = gather(ask("/a"), ask("/b"))
    assert result_of(both.map("".join)) == Success("/a/b")
    assert result_of(both.bind(lambda values: ask(values[1] + values[0]))) == Success("/b/a")
    mended: Operation[Any] = gather(ask("/a"), ask("/x")).alt(lambda error: LOST)
    assert result_of(mended) == Failure(LOST)
    assert result_of(mended.lash(succeed)) == Success(LOST)


def test_a_fork_within_a_fork_is_joined_first() -> None:
    nested = gather(ask("/a"), gather(ask("/b"), gather_all(ask("/x"), ask("/c")).bind(lambda _: ask("/d"))))
    assert result_of(nested) == Success(("/a", ("/b", "/d")))


# --- data ----------------------------------------------------------------------------------------

PROGRAMS: dict[str, Callable[[], Operation[Any]]] = {
    "gather": lambda: gather(ask("/a"), ask("/b").bind(Again())),
    "gather_all": lambda: gather_all(ask("/a"), ask("/x")),
    "alone": lambda: gather(ask("/a")),
    "nested": lambda: gather(gather(ask("/a"), ask("/b")), delay(1.0)),
    "followed": lambda: gather(ask("/a"), ask("/b")).then(First()),
    "retried": lambda: retrying(gather(ask("/a"), gather_all(ask("/b"), ask("/c")))),
    "in order": lambda: sequentially(Fork((ask("/a"), ask("/b")), Echo())),
}


class First(Struct, frozen=True):
    """Returns the first of what was gathered."""

    def __call__(self, result: Result[tuple[str, ...], Error]) -> Operation[str]:
        return succeed(result.unwrap()[0])


NAMES["First"] = First
each_program = pytest.mark.parametrize("make", PROGRAMS.values(), ids=PROGRAMS)


@each_program
def test_a_program_compares_pickles_and_prints(make: Callable[[], Operation[Any]]) -> None:
    program = make()
    assert program == make()
    assert hash(program) == hash(make())
    assert pickle.loads(pickle.dumps(program)) == program
    assert "HttpRequest" in repr(program)
    assert program != gather(ask("/other"), ask("/b"))


@each_program
def test_a_program_is_saved_before_its_branches_begin(make: Callable[[], Operation[Any]]) -> None:
    program = make()
    loaded = load_operation(save_checkpoint(program, names=NAMES).unwrap(), names=NAMES).unwrap().program
    assert loaded == program
    assert result_of(loaded) == result_of(program)


def test_a_fork_is_saved_in_its_midst_as_its_branches_now_are() -> None:
    fork = gather(ask("/a").bind(Again()), ask("/b"), ask("/c"))
    assert isinstance(fork, Fork)
    begun, over, still = fork.operations
    assert isinstance(begun, Send)
    assert isinstance(over, Send)
    midst = Fork((begun.resume(answer(begun.request)), over.resume(answer(over.request)), still), fork.resume)
    loaded = load_operation(save_checkpoint(midst, names=NAMES).unwrap(), names=NAMES).unwrap().program
    assert loaded == midst
    asked: list[str] = []

    def transport(request: HttpRequest) -> Answer:
        asked.append(request.path)
        return answer(request)

    for concurrency in (1, 3):
        assert run(loaded, transport, concurrency=concurrency) == result_of(fork) == Success(("/a/more", "/b", "/c"))
    assert sorted(asked) == ["/a/more", "/a/more", "/c", "/c"]


# --- under other combinators -----------------------------------------------------------------------


class Flaky:
    """A transport that loses the first request for each path."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request.path)
        return answer(request) if self.asked.count(request.path) > 1 else Failure(Interrupted("reset", "gone"))


def test_each_branch_and_what_follows_is_retried_on_its_own() -> None:
    flaky, clock = Flaky(), VirtualClock()
    program: Operation[str] = gather(ask("/a"), gather(ask("/b"), ask("/c"))).bind(lambda _: ask("/d"))
    assert run(retrying(program, RetryPolicy(max_retries=1, jitter=0)), flaky, clock=clock) == Success("/d")
    assert [flaky.asked.count(path) for path in ("/a", "/b", "/c", "/d")] == [2, 2, 2, 2]
    assert clock.slept == [0.5] * 4
    assert isinstance(run(program, Flaky()), Failure)


def test_a_stream_that_performs_a_fork_is_collected() -> None:
    def emit(result: Result[tuple[str, str], Error]) -> Emit[str]:
        return Emit(result.unwrap(), END)

    stream: Perform[str] = Perform(gather(ask("/a"), ask("/b")), emit)
    assert result_of(collect(stream)) == Success(("/a", "/b"))
    flaky = Flaky()
    assert run(retrying(collect(stream)), flaky, clock=VirtualClock()) == Success(("/a", "/b"))
    assert flaky.asked == ["/a", "/a", "/b", "/b"]


def test_all_outcomes_one_after_another_and_at_once_are_the_same() -> None:
    operations = [ask("/a"), ask("/x"), fail(LOST)]
    assert result_of(gather_all(*operations)) == result_of(all_outcomes(operations))


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [gather, gather_all])
def test_what_is_no_operation_is_refused_by_its_place(together: Callable[..., Operation[Any]]) -> None:
    name = together.__name__
    with pytest.raises(TypeError, match=rf"^{name} takes operations, and operations\[1\] is an object of type int$"):
        together(ask("/a"), 5)
    with pytest.raises(TypeError, match=rf"operations\[0\] is an .* type list: {name}\(\*operations\) takes those of"):
        together([ask("/a"), ask("/b")])
    with pytest.raises(TypeError, match=r"operations\[0\] is a stream \(End\): .*collect makes an operation of one"):
        together(END)
    with pytest.raises(TypeError, match=r"operations\[0\] is the class Send: make an instance of it"):
        together(Send)


def test_nothing_is_sent_for_what_needs_nothing() -> None:
    assert run(gather(succeed(1), succeed(2)), ForbiddenTransport(), concurrency=4) == Success((1, 2))
