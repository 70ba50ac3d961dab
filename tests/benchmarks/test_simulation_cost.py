"""What the service in memory costs: seconds for a hundred thousand operations, and bytes for a response it keeps."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from msgspec import json

from puresponse.core import HttpRequest
from puresponse.transports.memory.transport import MemoryTransport

pytestmark = pytest.mark.benchmark

OPERATIONS = 100_000
SECONDS = 5.0
"""CPU seconds, on one core."""
STORED = 10_000
BYTES = 5_000

CREATE = HttpRequest("POST", "/responses", body=b'{"model":"gpt-4o-mini","input":"Hello, model!","background":true}')
PLAIN = HttpRequest("POST", "/responses", body=b'{"model":"gpt-4o-mini","input":"Hello, model!"}')
STREAM = HttpRequest(
    "POST", "/responses", body=b'{"model":"gpt-4o-mini","input":"Hello, model!","background":true,"stream":true}'
)


def made(service: MemoryTransport) -> str:
    response_id: str = json.decode(service(CREATE).unwrap().body)["id"]
    return response_id


def lives(service: MemoryTransport, count: int) -> None:
    """Lead `count` lives of five operations each."""
    for _ in range(count):
        path = f"/responses/{made(service)}"
        service(HttpRequest("GET", path))
        service(HttpRequest("GET", f"{path}/input_items"))
        service(HttpRequest("POST", f"{path}/cancel", body=b""))
        assert service(HttpRequest("DELETE", path)).unwrap().status == 200


@pytest.mark.parametrize("held", [0, STORED])
def test_a_hundred_thousand_operations_take_a_few_seconds(held: int) -> None:
    service = MemoryTransport.empty(now=lambda: 1_750_000_000.0)
    for _ in range(held):
        made(service)
    lives(service, 100)
    started = time.process_time()
    lives(service, OPERATIONS // 5)
    seconds = time.process_time() - started
    print(f"{OPERATIONS} operations beside {held} responses: {seconds:.2f} s of CPU (at most {SECONDS} s)")
    assert len(service.state.responses) == held
    assert seconds < SECONDS


@pytest.mark.parametrize("request_", [PLAIN, CREATE, STREAM], ids=["plain", "background", "streamed"])
def test_a_response_that_is_kept_takes_a_few_kilobytes(request: pytest.FixtureRequest, request_: HttpRequest) -> None:
    service = MemoryTransport.empty(now=lambda: 1_750_000_000.0)
    service(request_)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(STORED):
            service(request_)
        each = (tracemalloc.get_traced_memory()[0] - before) / STORED
    finally:
        tracemalloc.stop()
    print(f"{request.node.name}: {each:.0f} bytes (at most {BYTES})")
    assert each < BYTES


def test_a_stream_of_ten_thousand_words_is_told_in_linear_time() -> None:
    def seconds(words: int) -> float:
        service = MemoryTransport.empty(now=lambda: 1_750_000_000.0, script="word " * words)
        started = time.process_time()
        assert service(STREAM).unwrap().body.count(b"output_text.delta\n") == words + 1
        return time.process_time() - started

    small, large = (min(seconds(words) for _ in range(3)) for words in (1_000, 10_000))
    print(f"10,000 words streamed: {large * 1e3:.0f} ms, {large / small:.1f} times what 1,000 take (at most 20)")
    assert large < small * 20
