"""Streams: values on the way, and an end; collected into an operation."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
    Answer,
    Done,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Open,
    Perform,
    Read,
    Stream,
    Wait,
    break_off,
    collect,
    fail,
    succeed,
)
from puresponse.transports import ForbiddenTransport, VirtualClock, iterate, run

LOST = NotSent("dns", "no such host")
BROKEN: End[Any] = break_off(LOST)


class Follow(Struct, frozen=True):
    """Goes on with `stream`, or ends with the failure that it is given."""

    stream: Stream[int]

    def __call__(self, result: Result[Any, Error]) -> Stream[int]:
        return break_off(result.failure()) if isinstance(result, Failure) else self.stream


class Pass(Struct, frozen=True):
    """Ends a wait."""

    def __call__(self, elapsed: float) -> Done[float]:
        return Done(Success(elapsed))


def stream_of(chunks: list[tuple[int, ...]], end: End[Any]) -> Stream[int]:
    """A stream that gives each chunk, and waits a second before each."""
    stream: Stream[int] = end
    for chunk in reversed(chunks):
        stream = Perform(Wait(1.0, 0.0, Pass()), Follow(Emit(chunk, stream)))
    return stream


chunks_of_numbers = st.lists(st.lists(st.integers(), max_size=5).map(tuple[int, ...]), max_size=30)


@given(chunks_of_numbers)
def test_collecting_gives_every_value_in_order(chunks: list[tuple[int, ...]]) -> None:
    clock = VirtualClock()
    result = run(collect(stream_of(chunks, END)), ForbiddenTransport(), clock=clock)
    assert result == Success(tuple(value for chunk in chunks for value in chunk))
    assert clock.slept == [1.0] * len(chunks)


@given(chunks_of_numbers)
def test_collecting_what_breaks_off_gives_the_error(chunks: list[tuple[int, ...]]) -> None:
    assert run(collect(stream_of(chunks, BROKEN)), ForbiddenTransport(), clock=VirtualClock()) == Failure(LOST)


@given(chunks_of_numbers, st.booleans())
def test_what_is_iterated_is_what_is_collected(chunks: list[tuple[int, ...]], breaks: bool) -> None:
    stream = stream_of(chunks, BROKEN if breaks else END)
    iterated = list(iterate(stream, ForbiddenTransport(), clock=VirtualClock(), results=True))
    collected = run(collect(stream), ForbiddenTransport(), clock=VirtualClock())
    assert collected == (Failure(LOST) if breaks else Success(tuple(iterated)))
    assert (iterated[-1:] == [Failure(LOST)]) == breaks


def test_a_stream_that_ends_at_once_is_collected_at_once() -> None:
    assert collect(END) == succeed(())
    assert collect(Emit((1, 2), Emit((), Emit((3,), END)))) == succeed((1, 2, 3))
    assert collect(BROKEN) == fail(LOST)


class Note(Struct, frozen=True):
    """Hands over what it is given, and goes on with `stream`."""

    stream: Stream[str]

    def __call__(self, given: object) -> Stream[str]:
        return Emit((str(given),), self.stream)


def reading(answer: Answer) -> list[str]:
    """What a stream that opens a body and reads it twice is given, collected."""
    stream: Stream[str] = Open(HttpRequest("GET", "/"), Note(Read(Note(Read(Note(END))))))
    return list(run(collect(stream), lambda _: answer).unwrap())


def test_collected_a_body_is_read_whole() -> None:
    told = reading(Success(HttpResponse(status=206, body=b"all of it")))
    assert told == ["<Success: HttpResponse(status=206)>", "<Success: b'all of it'>", "<Success: b''>"]


def test_collected_a_refusal_comes_whole_and_leaves_nothing_to_read() -> None:
    told = reading(Success(HttpResponse(status=404, body=b"no")))
    assert told == ["<Success: HttpResponse(status=404, body=b'no')>", "<Success: b''>", "<Success: b''>"]


def test_collected_what_could_not_be_opened_cannot_be_read() -> None:
    told = reading(Failure(LOST))
    assert told[0] == str(Failure(LOST))
    assert ["no body is open" in chunk for chunk in told] == [False, True, True]


def test_collected_a_body_stays_open_while_something_else_is_performed() -> None:
    stream: Stream[str] = Open(HttpRequest("GET", "/"), Note(Perform(Wait(1.0, 0.0, Pass()), Note(Read(Note(END))))))
    answer: Answer = Success(HttpResponse(status=200, body=b"all of it"))
    assert run(collect(stream), lambda _: answer, clock=VirtualClock()).unwrap()[-1] == "<Success: b'all of it'>"


def test_collected_what_was_received_before_a_break_is_read_and_then_the_break() -> None:
    for read in (b"", b"a part"):
        broken = Interrupted("reset", "cut off", partial=HttpResponse(status=200, body=read))
        told = reading(Failure(broken))
        assert told[0] == "<Success: HttpResponse(status=200)>"
        assert told[1:] == [*([f"<Success: {read!r}>"] if read else [str(Failure(broken))]), str(Failure(broken))]


def test_collected_a_break_is_still_one_after_something_else_was_performed() -> None:
    stream: Stream[str] = Open(
        HttpRequest("GET", "/"), Note(Read(Note(Perform(Wait(1.0, 0.0, Pass()), Note(Read(Note(END)))))))
    )
    broken = Interrupted("reset", "cut off", partial=HttpResponse(status=200, body=b"a part"))
    told = run(collect(stream), lambda _: Failure(broken), clock=VirtualClock()).unwrap()
    assert (told[1], told[-1]) == ("<Success: b'a part'>", str(Failure(broken)))


def test_collected_a_refusal_that_broke_off_cannot_be_read() -> None:
    broken = Interrupted("reset", "cut off", partial=HttpResponse(status=404, body=b"a part"))
    told = reading(Failure(broken))
    assert told[0] == str(Failure(broken))
    assert ["no body is open" in chunk for chunk in told] == [False, True, True]


def test_a_failure_inside_a_stream_is_the_streams_own_to_judge() -> None:
    class Carry(Struct, frozen=True):
        def __call__(self, result: Result[Any, Error]) -> Stream[str]:
            return Emit((str(result.failure()),), END)

    stream: Stream[str] = Perform(fail(Interrupted("reset", "cut off")), Carry())
    assert list(iterate(stream, ForbiddenTransport())) == ["interrupted (reset): cut off"]


def test_streams_are_values() -> None:
    chunks: list[tuple[int, ...]] = [(1, 2), (3,)]
    assert stream_of(chunks, END) == stream_of(chunks, END)
    assert stream_of(chunks, END) != stream_of(chunks, BROKEN)
    assert hash(stream_of(chunks, END)) == hash(stream_of(chunks, END))
    assert repr(Emit((1, 2), END)) == "Emit(values=(1, 2), rest=End(result=<Success: None>))"
