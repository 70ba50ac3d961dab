"""Laws of the combinators of streams, over streams made of every kind of step.

What is the same is what a driver yields and collects: values, in order, and the error last. On plain lists the same is
done by Python's own means.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import accumulate, takewhile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from made_streams import LOST, Made, errors, made_streams, outside, rows, seen, service, split_otherwise, trace
from msgspec import Struct
from returns.pipeline import flow
from returns.result import Failure, Success

from puresponse.core import (
    END,
    Emit,
    Error,
    Operation,
    Perform,
    Stream,
    break_off,
    collect,
    concat,
    delay,
    fail,
    flat_map,
    followed_by,
    for_each,
    keep,
    lash_end,
    map_values,
    perform_each,
    scan,
    succeed,
    take,
    take_while,
)
from puresponse.transports import VirtualClock, run

counts = st.integers(0, 12)
sizes = st.integers(1, 5)


def twice(value: int) -> int:
    return value * 2


def odd(value: int) -> bool:
    return value % 2 == 1


def small(value: int) -> bool:
    return value < 200


def add(total: int, value: int) -> int:
    return total + value


class Streams(Struct, frozen=True):
    """A function from values to streams: one of `given`, with the value before it."""

    given: tuple[Made, ...]

    def of(self, value: int) -> Made:
        return self.given[value % len(self.given)]

    def __call__(self, value: int) -> Stream[int]:
        return Emit((value,), self.of(value).stream)

    def on(self, made: Made) -> Made:
        """What `flat_map` makes, on plain tuples."""
        values: list[int] = []
        for value in made.values:
            inner = self.of(value)
            values += (value, *inner.values)
            if inner.error is not None:
                return Made(END, tuple(values), inner.error)
        return Made(END, tuple(values), made.error)


functions = st.lists(made_streams, min_size=1, max_size=3).map(lambda given: Streams(tuple(given)))


@given(made_streams)
def test_what_was_made_is_what_is_seen(made: Made) -> None:
    assert seen(made.stream) == (made.values, made.error)


# --- map and filter -------------------------------------------------------------------------------


@given(made_streams)
def test_map_is_that_of_lists(made: Made) -> None:
    assert seen(made.stream.map(twice)) == (tuple(map(twice, made.values)), made.error)


@given(made_streams)
def test_to_map_the_identity_changes_nothing(made: Made) -> None:
    assert seen(made.stream.map(lambda value: value)) == seen(made.stream)
    assert trace(made.stream.map(lambda value: value)) == trace(made.stream)


@given(made_streams)
def test_to_map_one_function_after_another_is_to_map_both_at_once(made: Made) -> None:
    both = made.stream.map(lambda value: str(twice(value)))
    assert trace(made.stream.map(twice).map(str)) == trace(both)


@given(made_streams)
def test_filter_is_that_of_lists(made: Made) -> None:
    assert seen(made.stream.filter(odd)) == (tuple(filter(odd, made.values)), made.error)


@given(made_streams)
def test_to_filter_twice_is_to_filter_by_both(made: Made) -> None:
    both = made.stream.filter(lambda value: odd(value) and small(value))
    assert trace(made.stream.filter(odd).filter(small)) == trace(both)


@given(made_streams)
def test_to_filter_what_was_mapped_is_to_map_what_was_filtered(made: Made) -> None:
    assert trace(made.stream.map(twice).filter(small)) == trace(
        made.stream.filter(lambda value: small(twice(value))).map(twice)
    )


# --- the beginning --------------------------------------------------------------------------------


@given(made_streams, counts)
def test_take_is_a_prefix_and_ends_well_where_it_was_reached(made: Made, count: int) -> None:
    error = made.error if len(made.values) < count else None
    assert seen(made.stream.take(count)) == (made.values[:count], error)


@given(made_streams, counts)
def test_take_never_reads_on(made: Made, count: int) -> None:
    whole, taken = trace(made.stream), trace(made.stream.take(count))
    values = [index for index, (kind, _) in enumerate(whole) if kind == "value"]
    if count == 0:
        assert taken == [("close", None), ("end", None)]
    elif len(values) < count:
        assert taken == whole
    else:
        assert taken == [*whole[: values[count - 1] + 1], ("close", None), ("end", None)]


@given(made_streams, counts, counts)
def test_to_take_twice_is_to_take_the_fewer(made: Made, one: int, other: int) -> None:
    assert seen(made.stream.take(one).take(other)) == seen(made.stream.take(min(one, other)))
    assert outside(trace(made.stream.take(one).take(other))) == outside(trace(made.stream.take(min(one, other))))


@given(made_streams)
def test_take_while_is_a_prefix_and_never_reads_on(made: Made) -> None:
    prefix = tuple(takewhile(small, made.values))
    taken = made.stream.take_while(small)
    assert seen(taken) == (prefix, made.error if prefix == made.values else None)
    if prefix != made.values:  # what is asked for the value that ends it is all that is asked
        assert outside(trace(taken)) == outside(trace(made.stream.take(len(prefix) + 1)))[:-1]


# --- one stream after another ---------------------------------------------------------------------


def joined(*streams: Made) -> tuple[tuple[int, ...], Any]:
    """What `concat` makes, on plain tuples."""
    values: tuple[int, ...] = ()
    for made in streams:
        values += made.values
        if made.error is not None:
            return values, made.error
    return values, None


@given(st.lists(made_streams, max_size=4))
def test_concat_is_that_of_lists(streams: list[Made]) -> None:
    assert seen(concat(*[made.stream for made in streams])) == joined(*streams)


@given(made_streams, made_streams, made_streams)
def test_concat_is_associative(one: Made, two: Made, three: Made) -> None:
    left = one.stream.concat(two.stream).concat(three.stream)
    right = one.stream.concat(two.stream.concat(three.stream))
    assert seen(left) == seen(right) == seen(one.stream.concat(two.stream, three.stream))
    assert outside(trace(left)) == outside(trace(right))


@given(made_streams)
def test_the_end_is_the_unit_of_concat(made: Made) -> None:
    assert seen(END.concat(made.stream)) == seen(made.stream.concat(END)) == seen(made.stream)
    assert outside(trace(END.concat(made.stream))) == outside(trace(made.stream.concat(END)))


@given(made_streams, made_streams)
def test_lash_goes_on_from_an_error_and_from_nothing_else(made: Made, other: Made) -> None:
    lashed = seen(made.stream.lash(lambda _: other.stream))
    assert lashed == (seen(made.stream) if made.error is None else (made.values + other.values, other.error))


@given(made_streams)
def test_alt_maps_the_error_and_nothing_else(made: Made) -> None:
    changed = seen(made.stream.alt(lambda _: LOST))
    assert changed == (made.values, None if made.error is None else LOST)


# --- a stream for each value ----------------------------------------------------------------------


@given(made_streams, functions)
def test_flat_map_is_that_of_lists_whatever_bodies_are_open(made: Made, function: Streams) -> None:
    flat = function.on(made)
    assert seen(made.stream.flat_map(function)) == (flat.values, flat.error)


@given(st.integers(0, 9), functions)
def test_flat_map_of_one_value_is_its_stream(value: int, function: Streams) -> None:
    assert seen(Emit((value,), END).flat_map(function)) == seen(function(value))


@given(made_streams)
def test_flat_map_of_each_value_by_itself_is_the_stream(made: Made) -> None:
    assert seen(made.stream.flat_map(lambda value: Emit((value,), END))) == seen(made.stream)
    assert outside(trace(made.stream.flat_map(lambda value: Emit((value,), END)))) == outside(trace(made.stream))


@given(made_streams.filter(lambda made: len(made.values) < 6), functions, functions)
def test_flat_map_is_associative(made: Made, one: Streams, other: Streams) -> None:
    left = made.stream.flat_map(one).flat_map(other)
    right = made.stream.flat_map(lambda value: one(value).flat_map(other))
    assert seen(left) == seen(right)


@given(made_streams)
def test_for_each_is_the_result_of_each_operation_in_order(made: Made) -> None:
    def operation(value: int) -> Operation[str]:
        return delay(value / 8).map(lambda _: str(value)) if small(value) else fail(LOST)

    good = tuple(takewhile(small, made.values))
    error = made.error if good == made.values else LOST
    assert seen(for_each(made.stream, operation)) == (tuple(map(str, good)), error)


@given(made_streams)
def test_for_each_of_what_is_done_is_map(made: Made) -> None:
    def done(value: int) -> Operation[int]:
        return succeed(twice(value))

    assert trace(for_each(made.stream, done)) == trace(made.stream.map(twice))


# --- chunks, numbers and sums ---------------------------------------------------------------------


def parted(values: tuple[int, ...], size: int) -> tuple[tuple[int, ...], ...]:
    return tuple(values[start : start + size] for start in range(0, len(values), size))


@given(made_streams, sizes)
def test_chunks_are_of_one_size_and_all_of_them_are_the_values(made: Made, size: int) -> None:
    assert seen(made.stream.chunk(size)) == (parted(made.values, size), made.error)
    assert seen(made.stream.chunk(size).flat_map(lambda row: Emit(row, END))) == seen(made.stream)


@given(made_streams, st.integers(0, 3))
def test_values_are_numbered_from_a_start(made: Made, start: int) -> None:
    assert seen(made.stream.numbered(start)) == (tuple(enumerate(made.values, start)), made.error)


@given(made_streams)
def test_scan_is_that_of_lists(made: Made) -> None:
    running = tuple(accumulate(made.values, add, initial=7))[1:]
    assert seen(made.stream.scan(7, add)) == (running, made.error)


@given(made_streams)
def test_fold_is_the_last_of_scan(made: Made) -> None:
    folded = run(made.stream.fold(7, add), service(), clock=VirtualClock())
    if made.error is None:
        states = (7, *seen(made.stream.scan(7, add))[0])
        assert folded == Success(states[-1]) == Success(reduce(add, made.values, 7))
    else:
        assert folded == run(collect(made.stream), service(), clock=VirtualClock())


# --- for all of them ------------------------------------------------------------------------------

Combinator = Callable[[Stream[int]], Stream[Any]]


def pair(value: int) -> Stream[int]:
    return Perform(delay(1.0).map(lambda _: (value, -value)), EmitBoth())


def some(value: int) -> Stream[int]:
    return Emit((value,) * (value % 3), END)


class EmitBoth(Struct, frozen=True):
    """Emits two values."""

    def __call__(self, result: Any) -> Stream[int]:
        return Emit(result.unwrap(), END)


def sums_of_chunks(size: int) -> Combinator:
    def apply(stream: Stream[int]) -> Stream[Any]:
        return stream.chunk(size).map(sum)

    return apply


def sums_with_numbers(start: int) -> Combinator:
    def apply(stream: Stream[int]) -> Stream[Any]:
        return stream.numbered(start).map(sum)

    return apply


def after_a_wait(value: int) -> Operation[int]:
    return delay(1.0).map(lambda _: value)


def nothing(error: Error) -> Stream[int]:
    return END


ONE_AND_TWO: Stream[int] = Emit((1, 2), END)
APPLIED: list[Combinator] = [
    *(map_values(twice), keep(odd), take_while(small), scan(0, add)),
    *(flat_map(pair), flat_map(some), perform_each(after_a_wait)),
    *(lash_end(nothing), followed_by(ONE_AND_TWO)),
    *(take(count) for count in range(12)),
    *(sums_of_chunks(size) for size in range(1, 5)),
    *(sums_with_numbers(start) for start in range(3)),
]
rows_of_combinators = st.lists(st.sampled_from(APPLIED), max_size=4)


@given(rows_of_combinators, st.lists(st.integers(0, 99), max_size=8).map(tuple[int, ...]), st.lists(counts), errors)
def test_how_values_are_split_over_emits_makes_no_difference(
    applied: list[Combinator], values: tuple[int, ...], sizes: list[int], error: Any
) -> None:
    one = split_otherwise(values, [], error)
    other = split_otherwise(values, sizes, error)
    assert seen(flow(one, *applied)) == seen(flow(other, *applied))


@given(rows_of_combinators, made_streams)
def test_the_steps_that_a_stream_is_made_of_make_no_difference(applied: list[Combinator], made: Made) -> None:
    assert seen(flow(made.stream, *applied)) == seen(flow(split_otherwise(made.values, [], made.error), *applied))


@given(rows_of_combinators, rows)
def test_a_failure_is_the_last(applied: list[Combinator], values: tuple[int, ...]) -> None:
    noted = trace(flow(Emit(values, break_off(LOST)), *applied))
    assert [kind for kind, _ in noted].index("end") == len(noted) - 1
    assert not any(isinstance(value, Failure) for _, value in noted)
