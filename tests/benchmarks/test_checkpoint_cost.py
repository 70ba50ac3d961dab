"""What it costs to save where a program stands and to load it again, beside plain JSON and beside pickle."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from benchmarking import compare
from msgspec import json

from puresponse.core import (
    Operation,
    Send,
    Wait,
    WaitPolicy,
    cancel_response,
    list_input_items,
    load_operation,
    retrying,
    save_checkpoint,
    succeed,
    wait_for_response,
)
from puresponse.transports import MemoryTransport, run

pytestmark = pytest.mark.benchmark

BOUND = 3.0
"""Times pickle, which can be neither read by people nor loaded without running whatever it says."""


def waiting() -> Operation[Any]:
    """A wait after its first look: it holds the response that was seen."""
    operation: Operation[Any] = wait_for_response("resp_in_progress", WaitPolicy(deadline=60.0))
    service = MemoryTransport()
    while not isinstance(operation, Wait) or operation.seconds == 0:
        assert isinstance(operation, (Send, Wait))
        operation = operation.resume(service(operation.request)) if isinstance(operation, Send) else operation.resume(1)
    return operation


def page() -> Operation[Any]:
    return succeed(run(list_input_items("resp_long", limit=100), MemoryTransport()).unwrap())


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a cancellation, retried", lambda: retrying(cancel_response("resp_1"))),
        ("a wait, with a response", waiting),
        ("a page of 100 items", page),
    ],
)
def test_a_checkpoint_costs_little_more_than_a_pickle(name: str, make: Callable[[], Operation[Any]]) -> None:
    operation = make()
    data = save_checkpoint(operation).unwrap()
    plain = json.decode(data)

    def ours() -> object:
        return load_operation(save_checkpoint(operation).unwrap())

    beside_json = compare(lambda: json.decode(json.encode(plain)), ours, calls=20, rounds=20)
    beside_pickle = compare(lambda: pickle.loads(pickle.dumps(operation)), ours, calls=20, rounds=20)
    print(f"{name}: {len(data)} bytes, {beside_json.ratio:.1f} x plain JSON")
    beside_pickle.report(f"{name}, saved and loaded", BOUND)
    assert beside_pickle.ratio <= BOUND
