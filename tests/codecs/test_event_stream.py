"""Event streams as the WHATWG specification has them, cut anywhere."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from puresponse.codecs import DecodeError, EventStream, ServerSentEvent


def read(*chunks: bytes, limit: int = 1 << 26) -> tuple[EventStream, list[ServerSentEvent]]:
    stream = EventStream(limit=limit)
    events: list[ServerSentEvent] = []
    for chunk in chunks:
        stream, completed = stream.feed(chunk)
        events += completed
    return stream, events


def data(stream: bytes) -> list[bytes]:
    return [event.data for event in read(stream)[1]]


def test_an_event_has_data_a_name_and_an_id() -> None:
    _, events = read(b"event: ping\nid: 7\ndata: hello\n\n")
    assert events == [ServerSentEvent(data=b"hello", event="ping", id="7")]


def test_an_event_without_a_name_is_a_message() -> None:
    assert read(b"data: hello\n\n")[1] == [ServerSentEvent(data=b"hello")]
    assert read(b"event\ndata: hello\n\n")[1][0].event == "message"


def test_a_name_does_not_outlast_its_event() -> None:
    assert [event.event for event in read(b"event: a\ndata\n\ndata\n\nevent: b\n\ndata\n\n")[1]] == [
        "a",
        "message",
        "message",
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_end_in_any_of_three_ways(end: bytes) -> None:
    assert data(end.join([b"data: a", b"data: b", b"", b"data: c", b"", b""])) == [b"a\nb", b"c"]


def test_line_ends_can_be_mixed() -> None:
    assert data(b"data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r\ndata: e\n\n") == [b"a\nb\nc", b"d", b"e"]


def test_nothing_else_ends_a_line() -> None:
    assert data("data: a\x0b\x0c\x1c\x85\u2028b\n\n".encode()) == ["a\x0b\x0c\x1c\x85\u2028b".encode()]


def test_lines_of_data_are_joined_by_line_feeds() -> None:
    assert data(b"data: a\ndata\ndata: b\ndata:\n\n") == [b"a\n\nb\n"]


def test_one_space_after_the_colon_is_no_part_of_the_value() -> None:
    assert data(b"data:a\n\ndata: a\n\ndata:  a\n\ndata: a \n\n") == [b"a", b"a", b" a", b"a "]


def test_an_event_of_empty_data_is_an_event_and_one_without_data_is_none() -> None:
    assert data(b"data\n\ndata:\n\n\n\nevent: ping\n\nid: 1\n\n") == [b"", b""]


def test_comments_and_unknown_fields_are_ignored() -> None:
    assert data(b": keep-alive\n:\nother: x\ndataset: y\n data: z\ndata: a\n\n: b\n\n") == [b"a"]


@pytest.mark.parametrize("cut", range(5))
def test_a_byte_order_mark_at_the_start_is_ignored(cut: int) -> None:
    stream = b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n"
    assert [event.data for event in read(stream[:cut], stream[cut:])[1]] == [b"a"]


def test_half_a_byte_order_mark_is_none() -> None:
    assert data(b"\xef\xbbdata: a\n\ndata: b\n\n") == [b"b"]
    assert read(b"\xef", b"\xbb", b"\xbf", b"data: b\n\n")[1][0].data == b"b"


def test_an_id_lasts_until_another_comes() -> None:
    stream, events = read(b"id: 1\ndata\n\ndata\n\nid: 2\n\ndata\n\nid\ndata\n\n")
    assert [event.id for event in events] == ["1", "1", "2", ""]
    assert stream.last_event_id == ""


def test_the_last_event_id_is_that_of_the_last_whole_event() -> None:
    stream, _ = read(b"id: 1\ndata: a\n\nid: 2\ndata: b\n")
    assert stream.last_event_id == "1"
    assert stream.feed(b"\n")[0].last_event_id == "2"


def test_an_id_with_a_nul_is_ignored() -> None:
    assert [event.id for event in read(b"id: 1\ndata\n\nid: 2\0\ndata\n\n")[1]] == ["1", "1"]


@pytest.mark.parametrize(
    ("value", "retry"),
    [(b"1500", 1500), (b"0", 0), (b"", None), (b"1.5", None), (b"-1", None), ("²".encode(), None), (b"9" * 5000, None)],
)
def test_a_reconnection_time_is_digits(value: bytes, retry: int | None) -> None:
    assert read(b"retry: " + value + b"\n")[0].retry == retry


def test_the_last_reconnection_time_counts() -> None:
    assert read(b"retry: 1\nretry: 2\n\nretry: x\n")[0].retry == 2


def test_text_that_is_not_utf_8_is_replaced_in_names_and_left_in_data() -> None:
    (event,) = read(b"event: \xff\nid: \xff\ndata: \xff\n\n")[1]
    assert event == ServerSentEvent(event="\ufffd", id="\ufffd", data=b"\xff")


def test_an_event_that_the_stream_does_not_finish_does_not_count() -> None:
    assert data(b"data: a\n\ndata: b\n") == [b"a"]
    assert data(b"data: a\n\ndata: b") == [b"a"]


def test_nothing_changes_a_stream() -> None:
    stream, _ = read(b"data: a\nda")
    before = pickle.dumps(stream)
    assert stream.feed(b"ta: b\n\n")[1] == stream.feed(b"ta: b\n\n")[1] == (ServerSentEvent(data=b"a\nb"),)
    assert pickle.dumps(stream) == before
    assert stream.feed(b"") == (stream, ())


CHUNKS = st.sampled_from(
    [
        b"data: a",
        b"data:",
        b"data",
        b"event: x",
        b"id: 1",
        b"id",
        b"retry: 5",
        b": c",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\0",
        b"junk",
    ]
)
EVENTS = st.sampled_from(
    [b"event: x\ndata: a\n\n", b"event: \xff\ndata: \n\n", b"event: \ndata: b\n\n", b"event: y\ndata: a\ndata: b\n\n"]
)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n", b"\n\n"])
STREAM = st.lists(EVENTS | st.tuples(CHUNKS, ENDS).map(b"".join) | CHUNKS | ENDS, max_size=25).map(b"".join)


@st.composite
def cut(draw: st.DrawFn) -> list[bytes]:
    whole = draw(STREAM | st.binary(max_size=40))
    places = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    return [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]


def observed(stream: EventStream, events: list[ServerSentEvent]) -> tuple[object, ...]:
    return events, stream.error, stream.last_event_id, stream.retry


@settings(max_examples=500, deadline=None)
@given(chunks=cut(), limit=st.sampled_from([1, 2, 3, 7, 12, 20, 1 << 26]))
@example(chunks=[b"\r", b"\n", b"data: a\r", b"\n", b"\r", b"\n"], limit=100)
@example(chunks=[b"data: a\r", b"\ndata: b\r\n\r\n"], limit=100)
@example(chunks=[b"\xef", b"\xbb\xbf", b"data: 1"], limit=7)
def test_where_a_stream_is_cut_does_not_matter(chunks: list[bytes], limit: int) -> None:
    whole = b"".join(chunks)
    expected = observed(*read(whole, limit=limit))
    assert observed(*read(*chunks, limit=limit)) == expected
    assert observed(*read(*(whole[index : index + 1] for index in range(len(whole))), limit=limit)) == expected


@settings(max_examples=200, deadline=None)
@given(STREAM)
def test_a_stream_is_read_as_the_specification_reads_it(stream: bytes) -> None:
    assert [(event.event, event.data, event.id) for event in read(stream)[1]] == by_the_book(stream)


def by_the_book(stream: bytes) -> list[tuple[str, bytes, str]]:
    """The algorithm of the WHATWG specification, word by word."""
    text = stream.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    *lines, _ = text.split(b"\n")
    events: list[tuple[str, bytes, str]] = []
    buffer, event_type, last_id = b"", "", ""
    for line in lines:
        if not line:
            if buffer:
                events.append((event_type or "message", buffer.removesuffix(b"\n"), last_id))
            buffer, event_type = b"", ""
            continue
        if line.startswith(b":"):
            continue
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match field:
            case b"event":
                event_type = value.decode("utf-8", "replace")
            case b"data":
                buffer += value + b"\n"
            case b"id" if b"\0" not in value:
                last_id = value.decode("utf-8", "replace")
            case _:
                pass
    return events


def test_an_event_in_the_services_form_takes_the_id_that_came_before_it() -> None:
    stream, events = read(b"id: 5\n", b"event: x\ndata: a\n\nevent: y\ndata: b\n\n")
    assert [(event.event, event.data, event.id) for event in events] == [("x", b"a", "5"), ("y", b"b", "5")]
    assert stream.last_event_id == "5"


@pytest.mark.parametrize(
    ("begun", "data_"), [(b"data: a\n", b"a\nb"), (b"data: a", b"aevent: x\nb"), (b"event: z\n", b"b")]
)
def test_an_event_in_the_services_form_goes_on_with_one_that_was_begun(begun: bytes, data_: bytes) -> None:
    whole = begun + b"event: x\ndata: b\n\n"
    assert observed(*read(begun, b"event: x\ndata: b\n\n")) == observed(*read(whole))
    assert data(whole) == [data_]


@pytest.mark.parametrize("chunks", [[b"data: c\n\n"], [b"data", b": c\n", b"\n"]])
def test_a_name_that_was_begun_before_an_event_in_the_services_form_does_not_outlast_it(chunks: list[bytes]) -> None:
    _, events = read(b"event: z\n", b"event: x\ndata: b\n\n", *chunks)
    assert [(event.event, event.data) for event in events] == [("x", b"b"), ("message", b"c")]


def test_an_event_larger_than_the_limit_is_an_error_and_ends_the_reading() -> None:
    stream, events = read(b"id: 4\ndata: ok\n\nretry: 9\ndata: " + b"x" * 100 + b"\n\ndata: ok\n\n", limit=50)
    assert [event.data for event in events] == [b"ok"]
    assert stream.error == DecodeError(reason="expected events of at most 50 bytes, got a larger one")
    assert (stream.last_event_id, stream.retry) == ("4", 9)
    assert stream.feed(b"data: more\n\n") == (stream, ())


@pytest.mark.parametrize("endless", [b"data: x\n", b": comment without end", b"data: no end of line", b"event: x"])
def test_no_endless_event_takes_more_than_the_limit(endless: bytes) -> None:
    stream = EventStream(limit=1000)
    for _ in range(10_000):
        stream, _ = stream.feed(endless)
        assert sum(map(len, (*stream.line, *stream.data))) <= 1000
    assert stream.error is not None


def test_comments_may_come_for_ever() -> None:
    stream, events = read(*[b": keep-alive\n"] * 1000, b"data: a\n\n", limit=20)
    assert stream.error is None
    assert [event.data for event in events] == [b"a"]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_makes_no_sense_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=f"limit: expected at least 1 byte, got {limit}"):
        EventStream(limit=limit)


@pytest.mark.thread_unsafe(reason="it measures the time of the process, which all threads share")
@pytest.mark.parametrize("chunk", [b"x" * 64, b"data: %b\n" % (b"x" * 64)], ids=["one line", "many lines"])
def test_an_event_of_four_times_the_size_takes_about_four_times_as_long(chunk: bytes) -> None:
    def seconds(count: int) -> float:
        times: list[float] = []
        for _ in range(3):
            stream, _ = EventStream().feed(b"data: ")
            started = time.process_time()
            for _ in range(count):
                stream, _ = stream.feed(chunk)
            times.append(time.process_time() - started)
        return min(times)

    assert seconds(20_000) < 8 * seconds(5_000)


def test_a_stream_shows_where_it_stands() -> None:
    assert repr(EventStream()) == "EventStream()"
    assert repr(ServerSentEvent(data=b"a")) == "ServerSentEvent(data=b'a')"
