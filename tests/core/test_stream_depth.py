"""A hundred thousand combinators of a stream in a row, and values in a row under them: linear time, constant stack.

What is counted is calls, and not seconds.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from made_streams import EmitThen, Take, asking, service
from msgspec import Struct
from returns.result import Result, Success
from test_depth import MANY, TENTH, calls_of, frames_left

from puresponse.core import (
    END,
    Emit,
    Error,
    Interrupted,
    Operation,
    Perform,
    RetryPolicy,
    Send,
    Stream,
    break_off,
    collect,
    concat,
    delay,
    load_stream,
    retrying,
    save_checkpoint,
    succeed,
)
from puresponse.transports import VirtualClock, iterate, run

pytestmark = pytest.mark.unmeasured
"""What is covered is covered by the first steps, and measuring it at each takes as long again as the steps."""

HUNDREDTH = MANY // 100


def up(value: int) -> int:
    return value + 1


def holds(value: int) -> bool:
    return True


def alone(value: int) -> Stream[int]:
    return Emit((value,), END)


def asked_for(value: int) -> Stream[int]:
    return Perform(Send(asking((b"\x01",)), Take()), EmitThen((value,), END))


def waited_for(value: int) -> Operation[int]:
    return delay(1.0).map(Return(value))


class Return(Struct, frozen=True):
    """Returns a value whatever it is given."""

    value: int

    def __call__(self, given: Any) -> int:
        return self.value


def add(total: int, value: int) -> int:
    return total + value


def same(error: Error) -> Error:
    return error


def broken(error: Error) -> Stream[int]:
    return break_off(error)


def by_emitting() -> Stream[int]:
    return Emit((0,), END)


def by_asking() -> Stream[int]:
    return Perform(Send(asking((b"\x01",)), Take()), EmitThen((0,), END))


def by_waiting() -> Stream[int]:
    return Perform(delay(1.0), EmitThen((0,), END))


NAMES: dict[str, Any] = {
    value.__name__: value
    for value in (up, holds, alone, asked_for, waited_for, add, same, broken, EmitThen, Take, Return)
}

Begin = Callable[[], Stream[int]]
Chain = Callable[[Begin, int], tuple[Stream[Any], tuple[Any, ...]]]
"""A stream of so many combinators, and the values that it emits."""


def mapped(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length):
        stream = stream.map(up)
    return stream, (length,)


def filtered(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length):
        stream = stream.filter(holds)
    return stream, (0,)


def flat_mapped(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length):
        stream = stream.flat_map(alone)
    return stream, (0,)


def taken(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length):
        stream = stream.take(2)
    return stream, (0,)


def mixed(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length // 5):
        stream = stream.map(up).filter(holds).scan(0, add).take(2).take_while(holds)
    return stream, (length // 5,)


def ended(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin().concat(break_off(Interrupted("reset", "")))
    for _ in range(length // 2):
        stream = stream.alt(same).lash(broken)
    return stream.lash(instead), (0, 7)


def instead(error: Error) -> Stream[int]:
    return Emit((7,), END)


NAMES["instead"] = instead


def one_after_another(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length - 1):
        stream = stream.concat(begin())
    return stream, (0,) * length


def at_once(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    return concat(*[begin() for _ in range(length)]), (0,) * length


def of_nothing(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length):
        stream = stream.concat(END)
    return concat(*[END] * length, stream), (0,)


def to_the_right(begin: Begin, length: int) -> tuple[Stream[Any], tuple[Any, ...]]:
    stream = begin()
    for _ in range(length - 1):
        stream = begin().concat(stream)
    return stream, (0,) * length


BEGINNINGS: list[Begin] = [by_emitting, by_asking, by_waiting]
BUILT_TO_THE_LEFT: list[Chain] = [
    *(mapped, filtered, flat_mapped, taken, mixed, ended),
    *(one_after_another, at_once, of_nothing),
]
each_beginning = pytest.mark.parametrize("begin", BEGINNINGS)
emitting_or_asking = pytest.mark.parametrize("begin", [by_emitting, by_asking])
each_chain = pytest.mark.parametrize("chain", [*BUILT_TO_THE_LEFT, to_the_right])
each_to_the_left = pytest.mark.parametrize("chain", BUILT_TO_THE_LEFT)


def values_of(stream: Stream[Any]) -> tuple[Any, ...]:
    return tuple(iterate(stream, service(), clock=VirtualClock()))


@each_chain
@each_beginning
@pytest.mark.parametrize("length", [TENTH, pytest.param(MANY, marks=pytest.mark.deep)])
def test_many_combinators_in_a_row_are_iterated_to_their_end(length: int, chain: Chain, begin: Begin) -> None:
    with frames_left(60):
        stream, values = chain(begin, length)
        found = values_of(stream)
    assert found == values


@each_chain
@emitting_or_asking
def test_they_are_collected_on_a_shallow_stack(chain: Chain, begin: Begin) -> None:
    stream, values = chain(begin, TENTH)
    with frames_left(60):
        result = run(collect(stream), service(), clock=VirtualClock())
    assert result == Success(values)


@each_chain
@emitting_or_asking
def test_ten_times_the_combinators_take_ten_times_the_calls(chain: Chain, begin: Begin) -> None:
    few = calls_of(lambda: values_of(chain(begin, HUNDREDTH)[0]))
    many = calls_of(lambda: values_of(chain(begin, TENTH)[0]))
    assert many < 10.5 * few


@each_to_the_left
@emitting_or_asking
def test_they_are_compared_hashed_pickled_printed_and_saved_on_a_shallow_stack(chain: Chain, begin: Begin) -> None:
    few = TENTH // 4
    (stream, values), (twin, _), (longer, _) = (chain(begin, length) for length in (few, few, few + 10))
    with frames_left(120):
        assert stream == twin
        assert hash(stream) == hash(twin)
        assert pickle.loads(pickle.dumps(stream)) == stream
        assert len(repr(stream)) < 5_000 or chain is at_once  # whose streams are in one tuple
        data = save_checkpoint(stream, names=NAMES).unwrap()
        loaded = load_stream(data, names=NAMES).unwrap().program
        assert loaded == stream
        # What was emitted is applied at once, and nothing is left of it to tell how often.
        assert (stream == longer) == (begin is by_emitting and values == chain(begin, few + 10)[1])
    assert values_of(loaded) == values


def test_to_compare_and_save_ten_times_as_many_takes_ten_times_the_calls() -> None:
    def compared(length: int) -> Callable[[], object]:
        stream, twin = mapped(by_asking, length)[0], mapped(by_asking, length)[0]
        return lambda: (stream == twin, save_checkpoint(stream, names=NAMES).unwrap())

    assert calls_of(compared(TENTH)) < 10.5 * calls_of(compared(HUNDREDTH))


# --- values in a row ------------------------------------------------------------------------------


def in_a_row(count: int) -> Stream[int]:
    stream: Stream[int] = END
    for _ in range(count):
        stream = Emit((1,), stream)
    return stream


class EmitNext(Struct, frozen=True):
    """Emits a value, then waits for the next."""

    left: int

    def __call__(self, result: Any) -> Stream[int]:
        return Emit((1,), Perform(delay(1.0), EmitNext(self.left - 1)) if self.left > 1 else END)


def waiting(count: int) -> Stream[int]:
    return Perform(delay(1.0), EmitNext(count))


def done(value: int) -> Operation[int]:
    return succeed(value)


def never(value: int) -> bool:
    return False


Apply = Callable[[Stream[int]], Stream[Any]]
APPLIED: dict[str, tuple[Apply, Callable[[int], int]]] = {
    "map": (lambda stream: stream.map(up), lambda count: count),
    "filter": (lambda stream: stream.filter(holds), lambda count: count),
    "filter of none": (lambda stream: stream.filter(never), lambda _: 0),
    "take": (lambda stream: stream.take(MANY), lambda count: count),
    "take_while": (lambda stream: stream.take_while(holds), lambda count: count),
    "chunk": (lambda stream: stream.chunk(10), lambda count: count // 10),
    "chunk of all": (lambda stream: stream.chunk(MANY), lambda _: 1),
    "numbered": (lambda stream: stream.numbered(), lambda count: count),
    "scan": (lambda stream: stream.scan(0, add), lambda count: count),
    "flat_map": (lambda stream: stream.flat_map(alone), lambda count: count),
    "flat_map of nothing": (lambda stream: stream.flat_map(lambda _: END), lambda _: 0),
    "flat_map that asks": (lambda stream: stream.flat_map(asked_for), lambda count: count),
    "for_each": (lambda stream: stream.for_each(waited_for), lambda count: count),
    "for_each of what is done": (lambda stream: stream.for_each(done), lambda count: count),
    "concat": (lambda stream: stream.concat(stream), lambda count: 2 * count),
    "several": (lambda stream: stream.map(up).filter(holds).scan(0, add).flat_map(alone), lambda count: count),
}
each_applied = pytest.mark.parametrize("name", APPLIED)
each_source = pytest.mark.parametrize("source", [in_a_row, waiting])


@each_applied
@each_source
def test_many_values_go_through_on_a_shallow_stack(name: str, source: Callable[[int], Stream[int]]) -> None:
    apply, count = APPLIED[name]
    stream = source(TENTH)
    with frames_left(60):
        found = values_of(apply(stream))
        collected: Result[tuple[Any, ...], Error] = run(collect(apply(stream)), service(), clock=VirtualClock())
    assert len(found) == count(TENTH)
    assert collected == Success(found)


@each_applied
@each_source
def test_ten_times_the_values_take_ten_times_the_calls(name: str, source: Callable[[int], Stream[int]]) -> None:
    apply, _ = APPLIED[name]
    few = calls_of(lambda: values_of(apply(source(HUNDREDTH))))
    many = calls_of(lambda: values_of(apply(source(TENTH))))
    assert many < 10.5 * few


@each_source
def test_a_fold_of_many_values_needs_no_stack(source: Callable[[int], Stream[int]]) -> None:
    stream = source(TENTH)
    with frames_left(60):
        result = run(stream.fold(0, add), service(), clock=VirtualClock())
    assert result == Success(TENTH)


# --- rules over rules -----------------------------------------------------------------------------


def test_rules_over_rules_are_a_thousand_deep() -> None:
    def built(depth: int) -> Stream[int]:
        stream = by_asking().concat(by_waiting())
        for _ in range(depth):
            stream = retrying(stream.map(up).filter(holds), RetryPolicy(max_retries=1)).take(2)
        return stream

    with frames_left(80):
        stream, twin = built(1_000), built(1_000)
        assert values_of(stream) == (1_000, 1_000)
        assert stream == twin
        assert pickle.loads(pickle.dumps(stream)) == stream
        data = save_checkpoint(stream, names=NAMES).unwrap()
        assert load_stream(data, names=NAMES).unwrap().program == stream
    # A request is retried by each of them: there are as many layers of attempts as rules.
    few = calls_of(lambda: values_of(built(100)))
    many = calls_of(lambda: values_of(built(1_000)))
    assert many < 10.5 * few
