"""What a layer adds to a call, and to a chunk of a body, in CPU time."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from benchmarking import cpu_per_call
from returns.result import Success

from puresponse.core import Answer, HttpRequest, HttpResponse
from puresponse.transports import (
    Layer,
    StreamedResponse,
    StreamingTransport,
    StubTransport,
    Transport,
    logging_exchanges,
    observing,
    pacing,
)

pytestmark = pytest.mark.benchmark

CALLS = 5_000
REQUEST = HttpRequest("DELETE", "/responses/resp_1")
HEADERS = (
    *((f"x-header-{number}", "value") for number in range(12)),
    ("x-request-id", "req_1"),
    ("x-ratelimit-limit-requests", "30000"),
    ("x-ratelimit-limit-tokens", "150000000"),
    ("x-ratelimit-remaining-requests", "29999"),
    ("x-ratelimit-remaining-tokens", "149999998"),
    ("x-ratelimit-reset-requests", "2ms"),
    ("x-ratelimit-reset-tokens", "0s"),
)
ANSWER: Answer = Success(HttpResponse(status=200, headers=HEADERS, body=b"{}"))


def answering(request: HttpRequest) -> Answer:
    return ANSWER


def ignore(*_told: object) -> None:
    pass


def logger_at(level: int) -> logging.Logger:
    logger = logging.Logger("test_layer_cost", level)
    logger.addHandler(logging.NullHandler())
    return logger


LAYERS: dict[str, tuple[Callable[[Transport], Transport], float]] = {
    "a layer that does nothing": (Layer(), 2.0),
    "observing": (lambda transport: observing(transport, before=ignore, after=ignore), 4.0),
    "logging that nobody asked for": (lambda transport: logging_exchanges(transport, logger=logger_at(30)), 4.0),
    "logging a line": (lambda transport: logging_exchanges(transport, logger=logger_at(20)), 30.0),
    "pacing": (pacing, 40.0),
    "pacing without heed": (lambda transport: pacing(transport, heed=False, concurrency=4), 15.0),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_adds_little_to_a_call(name: str) -> None:
    layer, bound = LAYERS[name]
    transport = layer(answering)
    bare = cpu_per_call(lambda: answering(REQUEST), calls=CALLS)
    added = (cpu_per_call(lambda: transport(REQUEST), calls=CALLS) - bare) * 1e6
    print(f"{name}: {added:.2f} us a call (at most {bound})")
    assert added <= bound


def test_observing_adds_little_to_a_chunk() -> None:
    stub = StubTransport(lambda request: StreamedResponse(status=200, chunks=(b"data: {}\n\n",) * 2_000))
    observed = observing(stub, after=ignore, ended=ignore)

    def read_all(transport: StreamingTransport) -> None:
        body = transport.open(REQUEST).unwrap()
        while body.read().unwrap():
            pass

    bare = cpu_per_call(lambda: read_all(stub), calls=3) / 2_000
    added = (cpu_per_call(lambda: read_all(observed), calls=3) / 2_000 - bare) * 1e6
    print(f"observing a chunk: {added:.2f} us (at most 3.0)")
    assert added <= 3.0
