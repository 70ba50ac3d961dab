"""Many operations as one, one after another: each once, in order, and what they return in that order."""

import pickle
from collections.abc import Callable, Iterator
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
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Send,
    Wait,
    all_outcomes,
    bind,
    delay,
    fail,
    gather_all,
    load_operation,
    map_,
    save_checkpoint,
    sequence,
    sequentially,
    succeed,
    traverse,
)
from puresponse.transports import ForbiddenTransport, VirtualClock, run

LOST = NotSent("dns", "no such host")


class Tell(Struct, frozen=True):
    """Returns the path that was asked for, or fails where that is not found."""

    def __call__(self, answer: Answer) -> Operation[str]:
        response = answer.unwrap()
        path = response.body.decode()
        return fail(NotSent("dns", path)) if response.status == 404 else succeed(path)


class Ask(Struct, frozen=True):
    """Asks for an item."""

    def __call__(self, item: str) -> Operation[str]:
        return Send(HttpRequest("GET", item), Tell())


ask = Ask()


class World:
    """A transport that notes what is asked for, and does not find what begins with an x."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request.path)
        status = 404 if request.path.startswith("x") else 200
        return Success(HttpResponse(status=status, body=request.path.encode()))


class Made(Struct, frozen=True):
    """Makes of an item an operation that sends, waits, or is done already; of one that begins with an x, that fails."""

    def __call__(self, item: str) -> Operation[str]:
        if item.endswith("s"):
            return ask(item)
        done: Operation[str] = fail(NotSent("dns", item)) if item.startswith("x") else succeed(item)
        return delay(1.0).bind(lambda _: done) if item.endswith("w") else done


made = Made()
items = st.lists(st.sampled_from(["as", "aw", "ad", "xs", "xw", "xd"]), max_size=8)
good_items = st.lists(st.sampled_from(["as", "aw", "ad", "bs"]), max_size=8)


def result_of(operation: Operation[Any]) -> Result[Any, Error]:
    return run(operation, World(), clock=VirtualClock())


# --- laws ----------------------------------------------------------------------------------------


@given(items)
def test_what_is_traversed_returns_the_values_in_order_or_the_first_failure(items: list[str]) -> None:
    bad = next((item for item in items if item.startswith("x")), None)
    expected: Result[Any, Error] = Success(tuple(items)) if bad is None else Failure(NotSent("dns", bad))
    assert result_of(traverse(items, made)) == expected


@given(items)
def test_a_sequence_is_what_is_traversed_as_it_is(items: list[str]) -> None:
    operations = [made(item) for item in items]
    assert result_of(sequence(operations)) == result_of(traverse(items, made))


@given(items)
def test_all_outcomes_are_those_that_each_would_have_alone(items: list[str]) -> None:
    operations = [made(item) for item in items]
    assert result_of(all_outcomes(operations)) == Success(tuple(result_of(operation) for operation in operations))


@given(items, items)
def test_two_in_a_row_are_one_of_both(first: list[str], second: list[str]) -> None:
    one: Operation[tuple[str, ...]] = traverse(first, made).bind(
        lambda before: traverse(second, made).map(lambda after: before + after)
    )
    assert result_of(one) == result_of(traverse(first + second, made))


@given(good_items)
def test_mapping_each_is_mapping_all(items: list[str]) -> None:
    each: Operation[tuple[str, ...]] = traverse(items, lambda item: made(item).map(str.upper))
    whole: Operation[tuple[str, ...]] = traverse(items, made).map(lambda values: tuple(map(str.upper, values)))
    assert result_of(each) == result_of(whole)


@given(items)
def test_what_a_fork_is_taken_apart_into_has_the_result_of_each(items: list[str]) -> None:
    operations = tuple(made(item) for item in items)
    fork: Fork[Any] = Fork(operations, succeed)
    assert result_of(sequentially(fork)) == result_of(all_outcomes(operations)) == result_of(gather_all(*operations))


# --- in order ------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [sequence, all_outcomes])
def test_requests_are_sent_one_after_another_in_order(together: Callable[..., Operation[Any]]) -> None:
    world = World()
    step = together([ask("a"), ask("b"), ask("c")])
    for path in "abc":
        assert isinstance(step, Send)
        assert step.request.path == path
        step = step.resume(world(step.request))
    assert isinstance(step, Done)


def test_after_a_failure_nothing_more_is_sent_and_no_function_called() -> None:
    world, called = World(), list[str]()

    def note(item: str) -> Operation[str]:
        called.append(item)
        return ask(item)

    assert run(traverse(["a", "x", "b"], note), world) == Failure(NotSent("dns", "x"))
    assert world.asked == called == ["a", "x"]
    assert run(sequence([ask("a"), fail(LOST), ask("b")]), world) == Failure(LOST)
    assert world.asked == ["a", "x", "a"]


def test_a_failure_among_all_outcomes_stops_none_of_the_others() -> None:
    world = World()
    assert run(all_outcomes([ask("x"), fail(LOST), ask("b")]), world) == Success(
        (Failure(NotSent("dns", "x")), Failure(LOST), Success("b"))
    )
    assert world.asked == ["x", "b"]


def test_a_function_is_called_when_it_is_the_turn_of_its_item() -> None:
    called: list[str] = []

    def note(item: str) -> Operation[str]:
        called.append(item)
        return ask(item)

    step = traverse("abc", note)
    assert called == ["a"]
    assert isinstance(step, Send)
    step.resume(World()(step.request))
    assert called == ["a", "b"]


def test_items_are_taken_once_and_at_once() -> None:
    taken: list[str] = []

    def few() -> Iterator[str]:
        for item in "ab":
            taken.append(item)
            yield item

    operation = traverse(few(), ask)
    assert taken == ["a", "b"]
    assert run(operation, World()) == run(operation, World()) == Success(("a", "b"))


def test_of_nothing_there_is_nothing() -> None:
    nothing: list[Operation[str]] = []
    for of_nothing in (sequence(nothing), traverse("", ask), all_outcomes(nothing)):
        assert of_nothing == succeed(())
    assert sequentially(Fork((), lambda results: succeed(len(results)))) == succeed(0)


def test_what_is_done_already_is_done_at_once() -> None:
    assert sequence([succeed(1), succeed(2)]) == succeed((1, 2))
    assert run(traverse([1, 2], succeed), ForbiddenTransport()) == Success((1, 2))


def test_they_are_frames_that_compare_pickle_print_and_are_saved() -> None:
    for program in (
        traverse(("/a", "/b"), ask),
        sequence((ask("/a"), ask("/b"))),
        all_outcomes([ask("/a"), ask("/b")]),
    ):
        assert isinstance(program, Send)
        assert pickle.loads(pickle.dumps(program)) == program
        assert hash(program) == hash(pickle.loads(pickle.dumps(program)))
        assert "Send" in repr(program)
        names = {"Ask": Ask, "Tell": Tell}
        midst = program.resume(World()(program.request))
        for step in (program, midst):
            loaded = load_operation(save_checkpoint(step, names=names).unwrap(), names=names).unwrap().program
            assert loaded == step
            assert run(loaded, World()) == run(step, World())


def test_they_go_with_the_functions_of_operations() -> None:
    assert run(bind(traverse_all)(map_(listed)(sequence([ask("a")]))), World()) == Success(1)


def listed(items: tuple[str, ...]) -> list[str]:
    return list(items)


def traverse_all(items: list[str]) -> Operation[int]:
    return traverse(items, ask).map(len)


# --- bad input -----------------------------------------------------------------------------------

WRONG: Any = 5


def returns_no_operation(item: str) -> Any:
    return item


def test_what_is_no_iterable_is_told_by_name() -> None:
    with pytest.raises(TypeError, match=r"^traverse takes an iterable of items, not an object of type int$"):
        traverse(WRONG, ask)
    single: Any = ask("a")
    for together in (sequence, all_outcomes):
        name = together.__name__
        with pytest.raises(TypeError, match=rf"^{name} takes an iterable of operations, not an object of type int$"):
            together(WRONG)
        with pytest.raises(
            TypeError, match=rf"^{name} takes .*, not an operation \(Send\): {name} takes a list of them$"
        ):
            together(single)


def test_what_is_no_operation_is_told_by_its_place() -> None:
    stream: Any = END
    for together in (sequence, all_outcomes):
        name = together.__name__
        with pytest.raises(
            TypeError, match=rf"^{name} takes operations, and operations\[1\] is an object of type int$"
        ):
            together([ask("a"), WRONG])
        with pytest.raises(
            TypeError, match=r"operations\[0\] is a stream \(End\): .*collect makes an operation of one"
        ):
            together([stream])


def test_what_is_no_function_or_makes_no_operation_is_told_by_name() -> None:
    with pytest.raises(TypeError, match=r"^traverse takes a function, not an object of type int$"):
        traverse(["a"], WRONG)
    with pytest.raises(
        TypeError, match=r"^the function of traverse is to return an operation; .*_operation returned an"
    ):
        traverse(["a"], returns_no_operation)


def test_what_the_items_raise_passes_through() -> None:
    def few() -> Iterator[str]:
        yield "a"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        traverse(few(), ask)


def test_waits_are_in_a_row_too() -> None:
    clock = VirtualClock()
    assert run(sequence([delay(5.0), delay(3.0)]), ForbiddenTransport(), clock=clock) == Success((5.0, 8.0))
    step = sequence([delay(5.0), delay(3.0)])
    assert isinstance(step, Wait)
    assert step.seconds == 5.0
