"""What combinators of streams cost over 20,000 events that are received in chunks of 64, beside the plain stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from benchmarking import compare

from puresponse.codecs import TextDeltaEvent, encode
from puresponse.core import Stream, resume_stream
from puresponse.transports import StreamedResponse, StubTransport, iterate

pytestmark = pytest.mark.benchmark

EVENTS = 20_000
PER_CHUNK = 64


def sent(type_: str, number: int, **fields: object) -> bytes:
    data = encode({"type": type_, "sequence_number": number, **fields})
    return b"event: " + type_.encode() + b"\ndata: " + data + b"\n\n"


def delta(number: int) -> bytes:
    return sent(
        "response.output_text.delta",
        number,
        item_id="msg_1",
        output_index=0,
        content_index=0,
        delta=" word",
        logprobs=[],
        obfuscation="Yx3PqQz9Wb",
    )


NOTHING: list[Any] = []
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "m",
    "output": NOTHING,
}
ALL = [*map(delta, range(EVENTS - 1)), sent("response.completed", EVENTS - 1, response=RESPONSE)]
CHUNKS = tuple(b"".join(ALL[start : start + PER_CHUNK]) for start in range(0, EVENTS, PER_CHUNK))
ANSWER = StreamedResponse(status=200, headers=(("content-type", "text/event-stream"),), chunks=CHUNKS)


def transport() -> StubTransport:
    return StubTransport(lambda _: ANSWER)


def events() -> Stream[Any]:
    return resume_stream("resp_1")


def read_all(values: Iterable[object], count: int) -> None:
    found = 0
    for _ in values:
        found += 1
    assert found == count


def is_text(event: Any) -> bool:
    return isinstance(event, TextDeltaEvent)


def text_of(event: Any) -> str:
    return str(event.sequence_number)


def by_hand() -> Iterable[str]:
    """As one would without combinators."""
    for event in iterate(events(), transport()):
        if is_text(event):
            yield text_of(event)


def under_ten(stream: Stream[Any]) -> Stream[Any]:
    for _ in range(10):
        stream = stream.take(EVENTS)
    return stream


def plain() -> Iterable[object]:
    return iterate(events(), transport())


def mapped() -> Iterable[object]:
    return iterate(events().filter(is_text).map(text_of), transport())


def taken() -> Iterable[object]:
    return iterate(events().take(EVENTS), transport())


def ten() -> Iterable[object]:
    return iterate(under_ten(events()), transport())


@pytest.mark.parametrize(
    ("name", "floor", "ours", "count", "bound"),
    [
        ("map and filter, beside a loop that does the same", by_hand, mapped, EVENTS - 1, 1.2),
        ("take, beside the plain stream", plain, taken, EVENTS, 1.2),
        ("ten rules over each other, beside the plain stream", plain, ten, EVENTS, 1.5),
    ],
)
def test_combinators_cost_hardly_more_than_what_they_do(
    name: str, floor: Callable[[], Iterable[object]], ours: Callable[[], Iterable[object]], count: int, bound: float
) -> None:
    found = compare(lambda: read_all(floor(), count), lambda: read_all(ours(), count), calls=1, rounds=9)
    found.report(f"{name}, {EVENTS} events", bound)
    assert found.ratio <= bound
