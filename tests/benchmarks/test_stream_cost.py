"""What a stream of 20,000 events costs beside the same written by hand with urllib3 and msgspec, over loopback."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import pytest
import urllib3
from benchmarking import compare
from bodies import RESPONSE, RESPONSE_ID
from returns.result import Failure

from puresponse.core import Stream, stream_response
from puresponse.transports import Urllib3Transport, iterate

pytestmark = pytest.mark.benchmark

EVENTS = 20_000
BOUND = {"chunked": 0.80, "whole": 1.20}
"""By how the body is framed: chunked, as the service frames its streams, and announced by its length."""
FIRST_EVENT_BOUND = 1.25
MEMORY_BOUND = 2_000_000
"""Bytes. A chunk of 64 KiB, and its events."""


class Created(msgspec.Struct, tag_field="type", tag="response.created"):
    sequence_number: int
    response: dict[str, Any]


class TextDelta(msgspec.Struct, tag_field="type", tag="response.output_text.delta"):
    """The fields that the event holds, typed as one would for one's own use."""

    sequence_number: int
    item_id: str
    output_index: int
    content_index: int
    delta: str
    logprobs: list[dict[str, Any]]
    obfuscation: str | None = None


class Completed(msgspec.Struct, tag_field="type", tag="response.completed"):
    sequence_number: int
    response: dict[str, Any]


def sent(type_: str, number: int, **fields: object) -> bytes:
    data = msgspec.json.encode({"type": type_, "sequence_number": number, **fields})
    return b"event: " + type_.encode() + b"\ndata: " + data + b"\n\n"


def delta(number: int) -> bytes:
    return sent(
        "response.output_text.delta",
        number,
        item_id=RESPONSE_ID.replace("resp", "msg"),
        output_index=0,
        content_index=0,
        delta=" word",
        logprobs=[],
        obfuscation="Yx3PqQz9Wb",
    )


BODY = b"".join(
    [
        sent("response.created", 0, response={**RESPONSE, "status": "in_progress", "background": False}),
        *map(delta, range(1, EVENTS - 1)),
        sent("response.completed", EVENTS - 1, response={**RESPONSE, "status": "completed"}),
    ]
)


@contextmanager
def streaming(folder: Path) -> Generator[int, None, None]:
    """Serve the events from a process of its own; give the port."""
    body = folder / "body"
    body.write_bytes(BODY)
    script = Path(__file__).with_name("streaming_service.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(body)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with streaming(tmp_path_factory.mktemp("stream")) as port:
        yield port


def stream() -> Stream[Any]:
    return stream_response(model="gpt-4.1-mini", input="Tell me a story.")


def by_hand(port: int, framing: str) -> Callable[[], Generator[Created | TextDelta | Completed, None, None]]:
    """The loop that someone writes who wants these events and nothing else."""
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port)
    headers = {
        "Authorization": "Bearer sk-benchmark",
        "Accept": "text/event-stream",
        "Content-Type": "application/json",
        "User-Agent": "benchmark",
    }
    body = b'{"model":"gpt-4.1-mini","input":"Tell me a story.","stream":true}'
    timeout = urllib3.Timeout(connect=5.0, read=600.0)
    decode = msgspec.json.Decoder(Created | TextDelta | Completed).decode

    def events() -> Generator[Created | TextDelta | Completed, None, None]:
        response = pool.urlopen(
            "POST",
            f"/{framing}/responses",
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            timeout=timeout,
            preload_content=False,
        )
        if response.status != 200:
            raise RuntimeError(response.status)
        # What urllib3 has for each framing to give bytes as they come.
        chunks: Iterable[bytes] = (
            response.stream(65536) if framing != "whole" else iter(lambda: response.read1(65536), b"")
        )
        rest = b""
        try:
            for chunk in chunks:
                blocks = (rest + chunk).split(b"\n\n")
                rest = blocks.pop()
                for block in blocks:
                    for line in block.split(b"\n"):
                        if line.startswith(b"data: "):
                            yield decode(line[6:])
            response.release_conn()
        finally:
            response.close()

    return events


def read_all(events: Iterable[object]) -> None:
    count = 0
    for event in events:
        assert not isinstance(event, Failure), event
        count += 1
    assert count == EVENTS


@pytest.mark.parametrize("framing", ["chunked", "whole"])
def test_a_stream_costs_hardly_more_than_by_hand(port: int, framing: str) -> None:
    floor = by_hand(port, framing)
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/{framing}") as transport:
        found = compare(
            lambda: read_all(floor()),
            lambda: read_all(iterate(stream(), transport)),
            calls=1,
            rounds=15,
        )
    found.report(f"stream_response, {EVENTS} events, {framing}", BOUND[framing])
    assert found.ratio <= BOUND[framing]


def until_first(events: Generator[object, None, None]) -> float:
    started = time.perf_counter()
    event = next(events)
    took = time.perf_counter() - started
    assert not isinstance(event, Failure), event
    events.close()
    return took


def test_the_first_event_comes_as_soon_as_by_hand(port: int) -> None:
    floor = by_hand(port, "paused")
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/paused") as transport:
        for _ in range(5):
            until_first(floor())
            until_first(iterate(stream(), transport))
        pairs = [(until_first(floor()), until_first(iterate(stream(), transport))) for _ in range(100)]
    theirs, ours = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(mine / their for their, mine in pairs)
    print(
        f"first event: floor {theirs * 1e3:.2f} ms, ours {ours * 1e3:.2f} ms, "
        f"ratio {ratio:.3f} (at most {FIRST_EVENT_BOUND})"
    )
    assert ratio <= FIRST_EVENT_BOUND


def test_memory_stays_flat_over_20_000_events(port: int) -> None:
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/chunked") as transport:
        tracemalloc.start()
        try:
            seen = baseline = 0
            for event in iterate(stream(), transport):
                assert not isinstance(event, Failure), event
                seen += 1
                if seen == 1000:
                    tracemalloc.reset_peak()
                    baseline = tracemalloc.get_traced_memory()[0]
            growth = tracemalloc.get_traced_memory()[1] - baseline
        finally:
            tracemalloc.stop()
    print(f"{seen} events: memory grew by {growth / 1e6:.2f} MB at most (at most {MEMORY_BOUND / 1e6} MB)")
    assert seen == EVENTS
    assert growth < MEMORY_BOUND
