"""What it takes to record, save, load and match many exchanges: as long for each, however many there are."""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

import pytest
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import CassetteRecorder, CassetteTransport, StubTransport

pytestmark = pytest.mark.benchmark

FEW, MANY = 1_000, 10_000

BOUND = 2.0
"""How many times longer one of many may take than one of few."""

TEXT = "Hello! " * 10


def answer(request: HttpRequest) -> HttpResponse:
    part = {"type": "output_text", "text": TEXT, "annotations": list[str]()}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]}
    body = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "output": [message]}
    return HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=json.encode(body))


def seconds(path: Path, count: int) -> dict[str, float]:
    """Seconds of CPU for each exchange, by what was done."""
    requests = [HttpRequest("POST", "/responses", body=json.encode({"input": f"Hi {n}"})) for n in range(count)]
    times = [process_time()]
    recorder = CassetteRecorder(StubTransport(answer), path)
    for request in requests:
        recorder(request)
    times.append(process_time())
    recorder.close()
    times.append(process_time())
    cassette = CassetteTransport.replaying(path)
    times.append(process_time())
    for request in requests:
        cassette(request)
    times.append(process_time())
    assert cassette.unused == ()
    names = ("record", "save", "load", "match")
    return {name: (times[at + 1] - times[at]) / count for at, name in enumerate(names)}


def test_ten_thousand_exchanges_take_ten_times_as_long_as_a_thousand(tmp_path: Path) -> None:
    few, many = seconds(tmp_path / "few.json", FEW), seconds(tmp_path / "many.json", MANY)
    for name, each in many.items():
        sys.stdout.write(f"{name}: {each * MANY:.2f} s of CPU for {MANY}, {each / few[name]:.2f} times as long each\n")
    assert {name for name, each in many.items() if each > BOUND * few[name]} == set()
