"""What `map`, `bind`, `alt` and `lash` promise: the laws that they have on a `Result`, for exchanges and waits too."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.pipeline import flow, pipe
from returns.result import Failure, Result, Success

from puresponse.core import (
    Answer,
    Done,
    Error,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Send,
    Wait,
    alt,
    bind,
    fail,
    fold,
    lash,
    map_,
    succeed,
)
from puresponse.core.frame_trees import Then
from puresponse.core.steps import Map
from puresponse.transports import VirtualClock, run

Function = Callable[[int], int]
Continuation = Callable[[int], Operation[int]]
Recovery = Callable[[Error], Operation[int]]
Observed = tuple[Result[int, Error], list[HttpRequest], list[float]]

law = settings(deadline=None)


class Add(Struct, frozen=True):
    """A plain function."""

    addend: int

    def __call__(self, number: int) -> int:
        return number + self.addend


class Rename(Struct, frozen=True):
    """A plain function of an error."""

    suffix: str

    def __call__(self, error: Error) -> Error:
        return NotSent("dns", f"{error}{self.suffix}")


class Read(Struct, frozen=True):
    """Receives an answer."""

    def __call__(self, answer: Answer) -> Operation[int]:
        return Done(answer.map(_status))


class Ask(Struct, frozen=True):
    """Asks the transport."""

    name: str

    def __call__(self, number: int) -> Operation[int]:
        return Send(HttpRequest("GET", f"/{self.name}/{number}"), Read())


class Elapsed(Struct, frozen=True):
    """Receives the time that has passed."""

    def __call__(self, elapsed: float) -> Operation[int]:
        return succeed(int(elapsed * 8))


class Rest(Struct, frozen=True):
    """Waits, and gives how long the run has taken by then."""

    eighths: int

    def __call__(self, number: int) -> Operation[int]:
        return Wait(self.eighths / 8, number % 3, Elapsed())


class Give(Struct, frozen=True):
    """Succeeds at once."""

    addend: int

    def __call__(self, number: int) -> Operation[int]:
        return succeed(number + self.addend)


class Refuse(Struct, frozen=True):
    """Fails at once."""

    reason: str

    def __call__(self, number: int) -> Operation[int]:
        return fail(NotSent("refused", f"{self.reason}{number}"))


class OfError(Struct, frozen=True):
    """Goes on from an error as `continuation` goes on from a number."""

    continuation: Continuation

    def __call__(self, error: Error) -> Operation[int]:
        return self.continuation(len(str(error)))


class BindTwo(Struct, frozen=True):
    """The composition of two continuations, nested to the right."""

    first: Continuation
    second: Continuation

    def __call__(self, number: int) -> Operation[int]:
        return self.first(number).bind(self.second)


class LashTwo(Struct, frozen=True):
    """The composition of two recoveries, nested to the right."""

    first: Recovery
    second: Recovery

    def __call__(self, error: Error) -> Operation[int]:
        return self.first(error).lash(self.second)


def _status(response: HttpResponse) -> int:
    return response.status


def _identity(number: int) -> int:
    return number


def _same_error(error: Error) -> Error:
    return error


small = st.integers(-9, 9)
words = st.sampled_from(["a", "b", "c", "d"])
functions: st.SearchStrategy[Function] = st.builds(Add, small)
renamings = st.builds(Rename, words)
results: st.SearchStrategy[Result[int, Error]] = st.one_of(
    st.builds(Success[int], small), st.builds(Refuse, words).map(lambda refuse: Failure(NotSent("dns", refuse.reason)))
)
leaves: st.SearchStrategy[Continuation] = st.one_of(
    st.builds(Ask, words), st.builds(Rest, st.integers(0, 9)), st.builds(Give, small), st.builds(Refuse, words)
)
continuations: st.SearchStrategy[Continuation] = st.recursive(
    leaves, lambda inner: st.builds(BindTwo, inner, inner), max_leaves=4
)
recoveries: st.SearchStrategy[Recovery] = st.builds(OfError, continuations)


@st.composite
def _chained(draw: st.DrawFn, inner: st.SearchStrategy[Operation[int]]) -> Operation[int]:
    operation = draw(inner)
    match draw(st.sampled_from(["map", "bind", "alt", "lash"])):
        case "map":
            return operation.map(draw(functions))
        case "bind":
            return operation.bind(draw(continuations))
        case "alt":
            return operation.alt(draw(renamings))
        case _:
            return operation.lash(draw(recoveries))


def _begun(continuation: Continuation, number: int) -> Operation[int]:
    return continuation(number)


operations: st.SearchStrategy[Operation[int]] = st.recursive(
    st.builds(_begun, continuations, small), _chained, max_leaves=4
)


def observe(operation: Operation[int]) -> Observed:
    """Run `operation`: its result, what it asked and how long it slept."""
    asked: list[HttpRequest] = []

    def transport(request: HttpRequest) -> Answer:
        asked.append(request)
        number = sum(request.path.encode()) % 5
        return Success(HttpResponse(status=200 + number)) if number else Failure(NotSent("dns", request.path))

    clock = VirtualClock(chance=0.5)
    return run(operation, transport, clock=clock), asked, clock.slept


# --- functor --------------------------------------------------------------------------------------


@law
@given(operations)
def test_mapping_the_identity_changes_nothing(operation: Operation[int]) -> None:
    assert observe(operation.map(_identity)) == observe(operation)


@law
@given(operations, functions, functions)
def test_mapping_two_functions_is_mapping_their_composition(
    operation: Operation[int], first: Function, second: Function
) -> None:
    assert observe(operation.map(first).map(second)) == observe(operation.map(lambda number: second(first(number))))


# --- monad ----------------------------------------------------------------------------------------


@law
@given(small, continuations)
def test_binding_a_success_is_calling_the_function(number: int, continuation: Continuation) -> None:
    assert succeed(number).bind(continuation) == continuation(number)


@law
@given(operations)
def test_binding_succeed_changes_nothing(operation: Operation[int]) -> None:
    assert observe(operation.bind(succeed)) == observe(operation)


@law
@given(operations, continuations, continuations)
def test_binds_nested_left_and_right_do_the_same(
    operation: Operation[int], first: Continuation, second: Continuation
) -> None:
    assert observe(operation.bind(first).bind(second)) == observe(operation.bind(BindTwo(first, second)))


@law
@given(operations, functions)
def test_map_is_a_bind_that_succeeds(operation: Operation[int], function: Function) -> None:
    assert observe(operation.map(function)) == observe(operation.bind(lambda number: succeed(function(number))))


@law
@given(words, continuations)
def test_bind_and_map_pass_a_failure_by(reason: str, continuation: Continuation) -> None:
    failed: Operation[int] = fail(NotSent("dns", reason))
    assert failed.bind(continuation) == failed
    assert failed.map(_identity) == failed


# --- the duals: alt is the map of errors, lash their bind -----------------------------------------


@law
@given(operations)
def test_alting_the_identity_changes_nothing(operation: Operation[int]) -> None:
    assert observe(operation.alt(_same_error)) == observe(operation)


@law
@given(operations, renamings, renamings)
def test_alting_two_functions_is_alting_their_composition(
    operation: Operation[int], first: Rename, second: Rename
) -> None:
    assert observe(operation.alt(first).alt(second)) == observe(operation.alt(lambda error: second(first(error))))


@law
@given(words, recoveries)
def test_lashing_a_failure_is_calling_the_function(reason: str, recovery: Recovery) -> None:
    error = NotSent("dns", reason)
    assert fail(error).lash(recovery) == recovery(error)


@law
@given(operations)
def test_lashing_fail_changes_nothing(operation: Operation[int]) -> None:
    assert observe(operation.lash(fail)) == observe(operation)


@law
@given(operations, recoveries, recoveries)
def test_lashes_nested_left_and_right_do_the_same(operation: Operation[int], first: Recovery, second: Recovery) -> None:
    assert observe(operation.lash(first).lash(second)) == observe(operation.lash(LashTwo(first, second)))


@law
@given(small, recoveries, renamings)
def test_lash_and_alt_pass_a_success_by(number: int, recovery: Recovery, renaming: Rename) -> None:
    assert succeed(number).lash(recovery) == succeed(number)
    assert succeed(number).alt(renaming) == succeed(number)


# --- as on a Result -------------------------------------------------------------------------------


@law
@given(results, functions, renamings)
def test_map_and_alt_on_done_are_those_of_the_result(
    result: Result[int, Error], function: Function, renaming: Rename
) -> None:
    assert Done(result).map(function) == Done(result.map(function))
    assert Done(result).alt(renaming) == Done(result.alt(renaming))


@law
@given(results, results)
def test_bind_and_lash_on_done_are_those_of_the_result(
    result: Result[int, Error], following: Result[int, Error]
) -> None:
    untyped: Any = result  # pyright does not understand the types that `returns` gives to these two

    def follow(_: object) -> Result[int, Error]:
        return following

    assert Done(result).bind(lambda _: Done(following)) == Done(untyped.bind(follow))
    assert Done(result).lash(lambda _: Done(following)) == Done(untyped.lash(follow))


@law
@given(operations)
def test_then_receives_the_result_whatever_it_is(operation: Operation[int]) -> None:
    seen: list[Result[int, Error]] = []

    def look(result: Result[int, Error]) -> Operation[str]:
        seen.append(result)
        return succeed("seen")

    result, asked, slept = observe(operation)
    assert observe(operation.then(look).map(len)) == (Success(4), asked, slept)
    assert seen == [result]


# --- as functions ---------------------------------------------------------------------------------


@law
@given(operations, functions, continuations, renamings, recoveries)
def test_the_function_forms_give_what_the_methods_give(
    operation: Operation[int], function: Function, continuation: Continuation, renaming: Rename, recovery: Recovery
) -> None:
    assert map_(function)(operation) == operation.map(function)
    assert bind(continuation)(operation) == operation.bind(continuation)
    assert alt(renaming)(operation) == operation.alt(renaming)
    assert lash(recovery)(operation) == operation.lash(recovery)


def test_the_function_forms_stand_in_flow_and_pipe() -> None:
    by_methods = Ask("a")(1).map(Add(1)).bind(Give(2)).alt(Rename("!")).lash(OfError(Give(3)))
    by_flow: Operation[int] = flow(Ask("a")(1), map_(Add(1)), bind(Give(2)), alt(Rename("!")), lash(OfError(Give(3))))
    untyped: Any = pipe  # without the plugin of `returns` for mypy, its type is not known
    pipeline = untyped(Ask("a"), map_(Add(1)), bind(Give(2)), alt(Rename("!")), lash(OfError(Give(3))))
    assert by_flow == by_methods
    assert pipeline(1) == by_methods


def test_pipelines_of_like_parts_are_equal() -> None:
    assert map_(Add(1)) == map_(Add(1))
    assert bind(Ask("a")) == bind(Ask("a")) != bind(Ask("b"))


# --- what a step does -----------------------------------------------------------------------------


def test_nothing_is_called_before_the_operation_is_carried_out() -> None:
    called: list[str] = []

    def note(number: int) -> int:
        called.append("called")
        return number

    operation = Ask("b")(1).map(note)
    assert called == []
    observe(operation)
    assert called == ["called"]


def test_a_program_is_stepped_by_hand() -> None:
    operation = Ask("first")(1).bind(Rest(8)).bind(Ask("second"))
    match operation:
        case Send(request, resume):
            assert request.path == "/first/1"
            waiting = resume(Success(HttpResponse(status=204)))
        case _:
            pytest.fail("the first step sends")
    match waiting:
        case Wait(seconds, spread, go_on):
            assert (seconds, spread) == (1.0, 0)
            asking = go_on(2.5)
        case _:
            pytest.fail("the second step waits")
    match asking:
        case Send(request, resume):
            assert request.path == "/second/20"
            assert resume(Failure(NotSent("tls", "no"))) == fail(NotSent("tls", "no"))
        case _:
            pytest.fail("the third step sends")


def test_a_step_can_be_resumed_more_than_once_with_different_answers() -> None:
    operation = Ask("a")(1).map(Add(1))
    assert isinstance(operation, Send)
    assert operation.resume(Success(HttpResponse(status=200))) == succeed(201)
    assert operation.resume(Success(HttpResponse(status=404))) == succeed(405)
    assert operation.resume(Success(HttpResponse(status=200))) == succeed(201)


@law
@given(operations)
def test_running_an_operation_twice_is_running_two_like_operations(operation: Operation[int]) -> None:
    assert observe(operation) == observe(operation)


def test_an_error_becomes_a_value_and_a_value_an_error() -> None:
    mended = fail(NotSent("dns", "?")).lash(lambda error: succeed(str(error)))
    broken = succeed(3).bind(lambda number: fail(NotSent("dns", str(number))))
    assert fold(observe(mended.map(len))[0], str, str) == "17"
    assert fold(observe(broken)[0], str, str) == "not sent (dns): 3"


def test_what_a_callers_own_function_raises_comes_out_of_the_run() -> None:
    def broken(number: int) -> int:
        raise KeyError(number)

    with pytest.raises(KeyError):
        observe(Ask("b")(1).map(broken))


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (2, "Then(Read(), Map(function=Add(addend=1)))"),
        (4, "Then(Read(), Map(function=Add(addend=1)), Map(function=Add(addend=2)), Map(function=Add(addend=3)))"),
        (5, "Map(function=Add(addend=3)), Map(function=Add(addend=4)))"),
        (6, "Map(function=Add(addend=3)), Map(function=Add(addend=4)), … 1 more)"),
        (7, "Map(function=Add(addend=3)), Map(function=Add(addend=4)), … 2 more)"),
        (2_005, "Map(function=Add(addend=3)), Map(function=Add(addend=4)), … 2,000 more)"),
    ],
)
def test_frames_in_a_row_show_the_first_five_and_how_many_more_there_are(count: int, shown: str) -> None:
    operation = Ask("a")(1)
    for addend in range(1, count):
        operation = operation.map(Add(addend))
    assert isinstance(operation, Send)
    printed = repr(operation.resume)
    assert printed.startswith("Then(Read(), Map(function=Add(addend=1))")
    assert printed.endswith(shown)


# --- a chain that is deeper than any stack is a value like any other ------------------------------------


def chained(count: int, last: int = 0) -> Operation[int]:
    operation = Ask("a")(1)
    for _ in range(count):
        operation = operation.map(Add(1))
    return operation.map(Add(last))


@pytest.mark.unmeasured
def test_a_chain_of_a_hundred_thousand_frames_compares_hashes_pickles_and_copies() -> None:
    operation = chained(100_000)
    twin = pickle.loads(pickle.dumps(operation))
    assert twin == operation
    assert hash(twin) == hash(operation)
    assert operation != chained(100_000, 1)
    assert copy.copy(operation) == operation
    assert copy.deepcopy(chained(10_000)) == chained(10_000)


@pytest.mark.deep
def test_a_chain_of_a_million_frames_is_hashed_and_freed() -> None:
    # By calls within calls, this would exhaust the stack of the process, which is no exception.
    assert hash(chained(1_000_000)) == hash(chained(1_000_000))


def test_frames_in_another_tree_are_another_value() -> None:
    first, second, third = Map(Add(1)), Map(Add(2)), Map(Add(3))
    left, right = Then(Then(first, second), third), Then(first, Then(second, third))
    assert left != right
    assert left == Then(Then(Map(Add(1)), second), third)
    assert len({left, right, Then(first, Then(second, Map(Add(3))))}) == 2
    assert left != first
    assert first != left
    assert left != "Then"
    for tree in (left, right, Then(left, right)):
        assert pickle.loads(pickle.dumps(tree)) == tree
        assert copy.deepcopy(tree) == tree


@law
@given(operations)
def test_every_operation_pickles_and_equals_its_copies(operation: Operation[int]) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(operation, protocol)) == operation
    assert hash(copy.deepcopy(operation)) == hash(operation)
