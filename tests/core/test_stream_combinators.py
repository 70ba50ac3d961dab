"""Combinators of streams: what is asked of a transport and when, what is closed, what is refused, and what is saved."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from made_streams import (
    LOST,
    EmitBody,
    EmitThen,
    Opened,
    ReadChunks,
    Sent,
    Take,
    Waited,
    asking,
    put_together,
    seen,
    service,
    trace,
)
from msgspec import Struct
from returns.result import Failure, Success

from puresponse.core import (
    END,
    Close,
    Emit,
    Error,
    InvalidArgument,
    Open,
    Operation,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    all_input_items,
    alt_end,
    break_off,
    chunk,
    collect,
    concat,
    delay,
    delete_response,
    flat_map,
    fold_values,
    followed_by,
    for_each,
    keep,
    lash_end,
    load_operation,
    load_stream,
    map_values,
    numbered,
    perform_each,
    retrying,
    save_checkpoint,
    scan,
    succeed,
    take,
    take_while,
)
from puresponse.core.streams import LINGER
from puresponse.transports import (
    ForbiddenTransport,
    MemoryTransport,
    State,
    StubTransport,
    VirtualClock,
    iterate,
    run,
    stored,
)

ITEMS = [
    {"type": "message", "id": f"msg_{number}", "role": "user", "content": [{"type": "input_text", "text": str(number)}]}
    for number in range(250)
]
BODY: dict[str, Any] = {"object": "response", "created_at": 1, "status": "completed", "model": "m", "output": []}


def a_service() -> MemoryTransport:
    """One response of 250 items, and three to be deleted."""
    state = State().having(stored({**BODY, "id": "resp_long"}, tuple(ITEMS)))
    for number in (1, 2, 3):
        state = state.having(stored({**BODY, "id": f"resp_{number}"}))
    return MemoryTransport(state)


def asked(stream: Stream[Any], transport: MemoryTransport) -> tuple[int, int]:
    """How many values a stream yields, and how many requests it makes."""
    values = list(iterate(stream, transport, clock=VirtualClock()))
    return len(values), len(transport.requests)


def items() -> Stream[Any]:
    return all_input_items("resp_long", order="asc")


def id_of(item: Any) -> str:
    return str(item.id)


# --- no more than is asked for --------------------------------------------------------------------


def test_all_of_250_items_are_three_requests() -> None:
    assert asked(items(), a_service()) == (250, 3)


@pytest.mark.parametrize(
    "first",
    [
        items().take(3),
        items().map(id_of).take(3),
        items().take(3).map(id_of),
        items().filter(lambda item: id_of(item).endswith("7")).take(3),
        items().numbered().take(100),
        items().chunk(20).take(5),
        items().scan(0, lambda count, _: count + 1).take(3),
        items().flat_map(lambda item: Emit((item, item), END)).take(3),
        for_each(items(), succeed).take(3),
        items().take(3).concat(END),
        items().concat(items()).take(3),
        items().take_while(lambda item: id_of(item) != "msg_3"),
        items().take(3).chunk(2),
    ],
)
def test_the_first_of_250_items_are_one_request(first: Stream[Any]) -> None:
    transport = a_service()
    assert list(iterate(first, transport))
    assert len(transport.requests) == 1


def test_the_101st_item_is_in_the_second_request() -> None:
    assert asked(items().take(100), a_service()) == (100, 1)
    assert asked(items().take(101), a_service()) == (101, 2)


def test_to_take_nothing_sends_nothing() -> None:
    assert list(iterate(items().take(0), ForbiddenTransport())) == []
    assert items().take(0) == Close(END)


def test_with_the_last_value_that_is_taken_the_stream_ends() -> None:
    stream: Stream[int] = Emit((1, 2, 3), break_off(LOST))
    assert stream.take(2) == Emit((1, 2), Close(END))
    assert stream.take(3) == Emit((1, 2, 3), Close(END))
    assert seen(stream.take(4)) == ((1, 2, 3), LOST)
    assert stream.take_while(lambda value: value < 3) == Emit((1, 2), Close(END))


def test_an_operation_is_begun_when_its_value_is_asked_for() -> None:
    transport = a_service()
    stream: Stream[str] = Emit(("resp_1", "resp_2", "resp_3"), END)
    values = iterate(for_each(stream, delete_response), transport)
    assert not list(transport.requests)
    next(values)
    (request,) = transport.requests
    assert request.path == "/responses/resp_1"
    values.close()
    assert len(transport.requests) == 1


def test_the_first_operation_that_fails_ends_for_each() -> None:
    transport = a_service()
    stream: Stream[str] = Emit(("resp_1", "resp_none", "resp_2"), END)
    first, error = iterate(for_each(stream, delete_response), transport, results=True)
    assert not isinstance(first, Failure)
    assert first.id == "resp_1"
    assert isinstance(error, Failure)
    assert "404" in str(error.failure())
    assert [request.path for request in transport.requests] == ["/responses/resp_1", "/responses/resp_none"]


def test_for_each_collected_is_an_operation() -> None:
    ids: Stream[str] = Emit(("resp_1", "resp_2"), END)
    deleted = run(collect(for_each(ids, delete_response)), a_service()).unwrap()
    assert [response.id for response in deleted] == ["resp_1", "resp_2"]


def test_a_predicate_is_asked_no_further_than_the_first_that_does_not_hold() -> None:
    told: list[int] = []

    def holds(value: int) -> bool:
        told.append(value)
        return value < 2

    assert seen(Emit((1, 2, 3), END).take_while(holds)) == ((1,), None)
    assert told == [1, 2]


def test_of_a_row_of_emits_no_more_than_one_is_looked_at() -> None:
    told: list[int] = []
    stream: Stream[int] = Emit((1, 2), Emit((3,), Emit((4,), END)))
    mapped = stream.map(told.append)
    assert told == [1, 2]
    values = iterate(mapped, ForbiddenTransport())
    for _ in range(3):
        next(values)
    assert told == [1, 2, 3]


# --- bodies ---------------------------------------------------------------------------------------


def reading(*chunks: bytes, rest: Stream[int] = END) -> Stream[int]:
    return Open(asking(chunks), ReadChunks(rest))


def kinds(stream: Stream[Any]) -> list[str]:
    return [kind if kind != "value" else str(value) for kind, value in trace(stream)]


def test_where_one_stream_ends_its_body_is_closed_before_the_next_goes_on() -> None:
    both = reading(b"\x01").concat(reading(b"\x02"))
    assert kinds(both) == ["open", "read", "1", "read", "close", "open", "read", "2", "read", "end"]


def test_the_end_of_its_body_is_waited_for_as_long_as_drivers_do() -> None:
    assert END.concat(Emit((1,), END)) == Close(Emit((1,), END), LINGER)
    assert concat(Emit((1,), END), Emit((2,), END)) == Emit((1,), Close(Emit((2,), END), LINGER))
    assert concat() == END


def test_what_goes_on_from_an_error_has_no_body_open() -> None:
    lashed = reading(b"\x01", rest=break_off(LOST)).lash(lambda _: Emit((2,), END))
    assert kinds(lashed) == ["open", "read", "1", "read", "close", "2", "end"]


def inner(value: int) -> Stream[int]:
    return reading(bytes([value * 10]), bytes([value * 10 + 1]))


def test_while_the_outer_stream_has_a_body_open_inner_ones_are_read_whole() -> None:
    outer = reading(b"\x01", b"\x02")
    assert kinds(outer.flat_map(inner)) == [
        *("open", "read", "send", "10", "11"),
        *("read", "send", "20", "21"),
        *("read", "end"),
    ]


def test_where_the_outer_stream_has_none_open_inner_ones_are_read_live_and_closed() -> None:
    outer: Stream[int] = Emit((1, 2), END)
    live = ["open", "read", "10", "read", "11", "read", "close", "open", "read", "20", "read", "21", "read", "close"]
    assert kinds(outer.flat_map(inner)) == [*live, "end"]


def test_what_the_outer_stream_closed_is_open_no_more() -> None:
    outer = reading(b"\x01\xff", rest=Close(Emit((2,), END)))
    assert kinds(outer.flat_map(inner)) == [
        *("open", "read", "send", "10", "11", "close"),
        *("open", "read", "20", "read", "21", "read", "close", "end"),
    ]


def test_what_was_refused_is_not_open() -> None:
    outer: Stream[int] = Open(asking((), status=404), EmitThen((1,), END))
    assert kinds(outer.flat_map(inner)) == ["open", "open", "read", "10", "read", "11", "read", "close", "end"]


@pytest.mark.parametrize("emitted", [(), ((1,),), ((1,), (2,))])
def test_a_stream_in_its_midst_has_its_body_open(emitted: tuple[tuple[int, ...], ...]) -> None:
    outer: Stream[int] = Read(ReadChunks(END))
    for row in reversed(emitted):
        outer = Emit(row, outer)
    stream = outer.flat_map(inner)
    body = iter([Success(b"\x03"), Success(b"")])
    noted: list[str] = []
    while not stream.is_last:
        noted.append(type(stream).__name__)
        match stream:
            case Read(resume, _):
                stream = resume(next(body))
            case Perform(operation, resume):
                stream = resume(run(operation, service()))
            case Emit(_, rest):
                stream = rest
            case _:
                raise AssertionError(stream)
    assert noted.count("Emit") == len(emitted) + 1  # and neither `Open` nor `Close`


def test_values_of_the_outer_stream_do_not_depend_on_inner_bodies() -> None:
    outer = reading(b"\x01\x02", b"\x03", b"\x04")
    assert seen(outer.flat_map(lambda value: inner(value).take(1).concat(Emit((value,), END))))[0][1::2] == (1, 2, 3, 4)


# --- what is refused, and what passes through -----------------------------------------------------


NO_COUNT: Any = 1.0


@pytest.mark.parametrize(
    ("stream", "parameter", "allowed"),
    [
        (items().take(-1), "count", "0 or more"),
        (items().take(True), "count", "0 or more"),
        (items().take(NO_COUNT), "count", "0 or more"),
        (items().chunk(0), "size", "1 or more"),
        (items().chunk(False), "size", "1 or more"),
        (items().numbered(-1), "start", "0 or more"),
        (items().numbered(True), "start", "0 or more"),
    ],
)
def test_a_count_that_is_none_is_an_invalid_argument_and_nothing_is_sent(
    stream: Stream[Any], parameter: str, allowed: str
) -> None:
    error = run(collect(stream), ForbiddenTransport()).failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == parameter
    assert allowed in error.reason


def fails(*given: Any) -> Any:
    raise ZeroDivisionError(given)


@pytest.mark.parametrize(
    "apply",
    [
        map_values(fails),
        keep(fails),
        take_while(fails),
        scan(0, fails),
        flat_map(fails),
        perform_each(fails),
        fold_values(0, fails),
    ],
)
def test_what_a_function_raises_passes_through(apply: Callable[[Any], Any]) -> None:
    stream: Stream[int] = Perform(succeed(1), EmitThen((1, 2), END))
    with pytest.raises(ZeroDivisionError):
        seen(apply(stream))


@pytest.mark.parametrize("apply", [alt_end(fails), lash_end(fails)])
def test_what_a_function_of_the_error_raises_passes_through(apply: Callable[[Any], Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        apply(break_off(LOST))


DONE: Any = succeed(1)
SENT: Any = delete_response("resp_1")
ENDED: Any = END
FIVE: Any = 5


def wrong(value: Any) -> Any:
    return SENT


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: Emit((1,), END).flat_map(wrong), "the function of flat_map is to return a stream; .* an operation"),
        (lambda: break_off(LOST).lash(wrong), "the function of lash is to return a stream; .* an operation"),
        (lambda: END.concat(SENT), r"concat takes a stream, not an operation \(Send\)"),
        (lambda: concat(SENT, END), r"concat takes a stream, not an operation \(Send\)"),
        (lambda: alt_end(lost)(SENT), "alt_end takes a stream, not an operation"),
        (lambda: map_values(str)(SENT), "map_values takes a stream, not an operation"),
        (lambda: keep(bool)(DONE), "keep takes a stream, not an operation"),
        (lambda: take(1)(DONE), r"take takes a stream, not an operation \(Done\): run carries out operations"),
        (lambda: perform_each(later)(FIVE), "for_each takes a stream, not an object of type int"),
        (lambda: Emit((1,), END).for_each(lambda _: ENDED), "the function of for_each is to return an operation; "),
        (lambda: END.map(FIVE), "map takes a function, not an object of type int"),
        (lambda: END.filter(FIVE), "filter takes a function"),
        (lambda: END.take_while(FIVE), "take_while takes a function"),
        (lambda: END.flat_map(SENT), "flat_map takes a function, not an operation"),
        (lambda: END.for_each(SENT), "for_each takes a function, not an operation"),
        (lambda: END.scan(0, FIVE), "scan takes a function"),
        (lambda: END.fold(0, FIVE), "fold takes a function"),
        (lambda: END.alt(FIVE), "alt takes a function"),
        (lambda: END.lash(FIVE), "lash takes a function"),
    ],
)
def test_a_mistake_is_told_by_name(call: Callable[[], Any], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        call()


# --- values ---------------------------------------------------------------------------------------


def twice(value: int) -> int:
    return value * 2


def odd(value: int) -> bool:
    return value % 2 == 1


def add(total: int, value: int) -> int:
    return total + value


def later(value: int) -> Operation[int]:
    return delay(1.0).map(Return(value))


class Return(Struct, frozen=True):
    """Returns a value whatever it is given."""

    value: int

    def __call__(self, given: Any) -> int:
        return self.value


def lost(error: Error) -> Error:
    return LOST


def other(error: Error) -> Stream[int]:
    return reading(b"\x07", b"\x08")


NAMES: dict[str, Any] = {
    value.__name__: value
    for value in (
        twice,
        odd,
        add,
        later,
        lost,
        other,
        inner,
        Return,
        EmitBody,
        EmitThen,
        ReadChunks,
        Take,
        fails,
        range,
    )
}
LONG = put_together([Opened((b"\x01\x02", b"\x03"), cut=False, stops=False, closes=False), Waited((4, 5))], None).stream
CUT_OFF = put_together([Sent((b"\x01\x02",)), Opened((b"\x03\x05",), cut=True, stops=False, closes=False)], None).stream

PROGRAMS: dict[str, Stream[Any]] = {
    "map": LONG.map(twice),
    "filter": LONG.filter(odd),
    "take": LONG.take(4),
    "take_while": LONG.take_while(odd),
    "chunk": CUT_OFF.chunk(3),
    "numbered": CUT_OFF.numbered(5),
    "scan": LONG.scan(-7, add),
    "flat_map": LONG.flat_map(inner),
    "flat_map of nothing open": LONG.filter(odd).concat(Emit((1, 2), END)).flat_map(inner),
    "for_each": for_each(LONG, later),
    "concat": LONG.concat(LONG, END, CUT_OFF),
    "alt": CUT_OFF.alt(lost),
    "lash": CUT_OFF.lash(other),
    "all": concat(LONG.map(twice).filter(odd).lash(other), LONG.take(2)).flat_map(inner).numbered().chunk(2).take(3),
    "retried": retrying(LONG, RetryPolicy(max_retries=1)).flat_map(inner).map(twice),
    "of what is retried": retrying(LONG.flat_map(inner).scan(0, add).take(5), RetryPolicy(max_retries=1)),
}
each_program = pytest.mark.parametrize("name", PROGRAMS)


@each_program
def test_a_stream_that_is_saved_at_any_step_goes_on_to_the_same(name: str) -> None:
    steps = 0

    def through_a_checkpoint(stream: Stream[Any]) -> Stream[Any]:
        nonlocal steps
        steps += 1
        data = save_checkpoint(stream, names=NAMES).unwrap()
        loaded = load_stream(data, names=NAMES).unwrap().program
        assert loaded == stream
        assert hash(loaded) == hash(stream)
        assert repr(loaded) == repr(stream)
        return loaded

    stream = PROGRAMS[name]
    assert trace(stream, through_a_checkpoint) == trace(stream)
    assert steps > 3


@each_program
def test_a_stream_that_is_pickled_at_any_step_goes_on_to_the_same(name: str) -> None:
    def pickled(stream: Stream[Any]) -> Stream[Any]:
        copy = pickle.loads(pickle.dumps(stream))
        assert copy == stream
        loaded: Stream[Any] = copy
        return loaded

    assert trace(PROGRAMS[name], pickled) == trace(PROGRAMS[name])


def stepped(operation: Operation[Any], transport: StubTransport) -> Operation[Any]:
    """The next step of an operation that sends and waits."""
    match operation:
        case Send(request, resume):
            return resume(transport(request))
        case Wait(seconds, _, resume):
            return resume(seconds)
        case _:
            raise AssertionError(operation)


def test_a_fold_is_saved_with_what_it_has_reached() -> None:
    operation = PROGRAMS["for_each"].fold(-7, add)
    transport, steps = service(), 0
    while not operation.is_last:
        steps += 1
        data = save_checkpoint(operation, names=NAMES).unwrap()
        loaded = load_operation(data, names=NAMES).unwrap().program
        assert loaded == operation
        operation = stepped(loaded, transport)
    assert operation == succeed(8)
    assert steps == 7


def test_a_pipeline_is_a_value_too() -> None:
    parts = (map_values(twice), keep(odd), take(3), chunk(2), numbered(1), scan(0, add), flat_map(inner))
    more = (perform_each(later), followed_by(LONG), alt_end(lost), lash_end(other), fold_values(0, add))
    for part in (*parts, *more, take(0), take(-1)):
        assert pickle.loads(pickle.dumps(part)) == part
    bound = succeed(LONG).map(fold_values(0, add)).bind(twice_it)
    assert run(bound, service(), clock=VirtualClock()) == Success(30)


def twice_it(operation: Operation[int]) -> Operation[int]:
    return operation.map(twice)


def test_where_it_is_shows() -> None:
    stream = items().map(id_of).take(2)
    assert "Under(MapValues(function=<function id_of" in repr(stream)
    assert "Take(left=2)" in repr(stream)


def test_two_that_are_made_alike_are_equal_and_others_are_not() -> None:
    assert items().map(id_of).take(2) == items().map(id_of).take(2)
    assert items().map(id_of).take(2) != items().map(id_of).take(3)
    assert items().map(id_of).take(2) != items().take(2).map(id_of)
    assert items().map(id_of) != items().map(str)


# --- a fold in flat memory ------------------------------------------------------------------------


def test_a_fold_keeps_nothing_but_its_state() -> None:
    def longest(count: int) -> int:
        """Bytes of the longest of the steps, as a pickle."""
        operation, sizes = Countdown(count)(Success(0.0)).fold(0, add), [0]
        while not operation.is_last:
            sizes.append(len(pickle.dumps(operation)))
            operation = stepped(operation, service())
        assert operation == succeed(count)
        return max(sizes)

    assert longest(1_000) < longest(10) + 16


class Countdown(Struct, frozen=True):
    """Emits a value after each of some waits."""

    left: int

    def __call__(self, waited: Any) -> Stream[int]:
        return Perform(delay(1.0), EmitOne(self.left - 1)) if self.left else END


class EmitOne(Struct, frozen=True):
    """Emits a value, then goes on with the next wait."""

    left: int

    def __call__(self, waited: Any) -> Stream[int]:
        return Emit((1,), Countdown(self.left)(waited))
