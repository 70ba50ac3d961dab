"""How memory grows while a long list goes by."""

from __future__ import annotations

import tracemalloc

import pytest
from bodies import page
from msgspec import json
from returns.result import Failure, Success

from puresponse.core import Answer, HttpRequest, HttpResponse, all_input_items
from puresponse.transports import iterate

pytestmark = pytest.mark.benchmark

ITEMS = 100_000
BOUND = 5_000_000
"""Bytes."""


def endless_pages(request: HttpRequest) -> Answer:
    """The page of 100 items after the one that is asked for, up to `ITEMS` in all."""
    after = dict(request.query).get("after")
    start = int(after[-8:], 16) + 1 if after else 0
    body = json.encode(page(start, has_more=start + 100 < ITEMS))
    return Success(HttpResponse(status=200, body=body))


def test_memory_stays_flat_over_100_000_streamed_items() -> None:
    tracemalloc.start()
    try:
        seen = 0
        baseline = peak = 0
        for item in iterate(all_input_items("resp_long"), endless_pages):
            assert not isinstance(item, Failure)
            seen += 1
            if seen == 1000:
                tracemalloc.reset_peak()
                baseline = tracemalloc.get_traced_memory()[0]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    print(f"{seen} items streamed: memory grew by {(peak - baseline) / 1e6:.2f} MB at most (at most {BOUND / 1e6} MB)")
    assert seen == ITEMS
    assert peak - baseline < BOUND
