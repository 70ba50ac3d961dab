"""What an operation costs on top of decoding its answer: build, send to a stub, resume."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from benchmarking import cpu_per_call
from bodies import DELETED_BODY, PAGE_BODY, RESPONSE_BODY, RESPONSE_ID
from returns.result import Success

from puresponse.codecs import decode_deleted_response, decode_input_items, decode_response
from puresponse.core import (
    Answer,
    HttpRequest,
    HttpResponse,
    Operation,
    cancel_response,
    delete_response,
    list_input_items,
    retrying,
)
from puresponse.transports import Transport, run

pytestmark = pytest.mark.benchmark

BOUND = 12e-6
"""Seconds."""


def stub(body: bytes) -> Transport:
    answer: Answer = Success(HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=body))

    def transport(request: HttpRequest) -> Answer:
        return answer

    return transport


@pytest.mark.parametrize(
    ("name", "build", "body", "decode"),
    [
        ("cancel_response", lambda: cancel_response(RESPONSE_ID), RESPONSE_BODY, decode_response),
        ("delete_response", lambda: delete_response(RESPONSE_ID), DELETED_BODY, decode_deleted_response),
        (
            "list_input_items, 100 items",
            lambda: list_input_items(RESPONSE_ID, limit=100),
            PAGE_BODY,
            decode_input_items,
        ),
        ("retrying cancel_response", lambda: retrying(cancel_response(RESPONSE_ID)), RESPONSE_BODY, decode_response),
    ],
)
def test_a_step_costs_a_few_microseconds_on_top_of_the_decoding(
    name: str, build: Callable[[], Operation[object]], body: bytes, decode: Callable[[bytes], object]
) -> None:
    transport = stub(body)
    whole = cpu_per_call(lambda: run(build(), transport), calls=500)
    decoding = cpu_per_call(lambda: decode(body), calls=500)
    step = whole - decoding
    print(f"{name}: decoding {decoding * 1e6:.1f} us, step {step * 1e6:.1f} us (at most {BOUND * 1e6:.0f} us)")
    assert step <= BOUND
