"""A line for each request that a server answered: what it says, and that it says how each ended."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import httpx2
import pytest
from msgspec import json
from msgspec.structs import replace

from puresponse.transports import FaultPlan, MemoryTransport, Reply, Reset, Rule, Truncated
from puresponse.transports.serving.asgi import AsgiApplication
from puresponse.transports.serving.logged import Logged
from puresponse.transports.serving.received import Received
from puresponse.transports.serving.request_log import LogEntry
from puresponse.transports.serving.server import listen, running

ENTRY = LogEntry(
    at=1_750_000_000.25,
    method="GET",
    path="/v1/responses/resp_1",
    query=(("limit", "2"), ("sig", "hush"), ("after", "a b")),
    status=200,
    seconds=0.01234,
    sent=120,
    ended="complete",
    request_id="req_1",
)


def test_a_line_to_read() -> None:
    target = "/v1/responses/resp_1?limit=2&sig=[redacted]&after=a%20b"
    assert ENTRY.as_text() == f"2025-06-15 15:06:40Z GET {target} 200 12.3 ms 120 B req_1"


def test_a_line_of_json() -> None:
    assert json.decode(ENTRY.as_json()) == {
        "time": "2025-06-15T15:06:40.250Z",
        "method": "GET",
        "path": "/v1/responses/resp_1?limit=2&sig=[redacted]&after=a%20b",
        "status": 200,
        "ms": 12.3,
        "bytes": 120,
        "ended": "complete",
        "request_id": "req_1",
        "scope": None,
    }


def test_what_did_not_end_well_and_whose_it_was_is_said() -> None:
    entry = replace(ENTRY, query=(), status=None, ended="broke off", request_id=None, scope="mine")
    assert entry.as_text().endswith(" GET /v1/responses/resp_1 - 12.3 ms 120 B scope mine (broke off)")
    assert json.decode(entry.as_json())["scope"] == "mine"


@pytest.mark.parametrize("sneaked", ["\n", "\r", "\x1b[2J", "\x9b", "\u2028", "\u202e"])
def test_a_client_writes_neither_lines_nor_escape_sequences(sneaked: str) -> None:
    entry = replace(ENTRY, path=f"/a{sneaked}b", method=f"G{sneaked}T", request_id=sneaked, scope=sneaked)
    assert all(character.isprintable() for character in entry.as_text())
    assert "\n" not in entry.as_json()


# --- behind a server -------------------------------------------------------------------------------


@contextmanager
def logging_server(memory: MemoryTransport, **options: Any) -> Generator[tuple[httpx2.Client, Queue[LogEntry]]]:
    entries: Queue[LogEntry] = Queue()
    application = Logged(AsgiApplication(memory, **options), entries.put, scope_of=scope_of)
    with running(listen(application)) as server, httpx2.Client(base_url=server.origin, timeout=20) as client:
        yield client, entries


def scope_of(received: Received) -> str | None:
    return received.header("x-scope")


def shown(entry: LogEntry) -> tuple[Any, ...]:
    assert 0 <= entry.seconds < 60
    assert entry.at > 1_750_000_000
    return entry.method, entry.path, entry.status, entry.ended


def test_each_request_is_logged_with_what_became_of_it() -> None:
    with logging_server(MemoryTransport(), api_key="sk-right") as (client, entries):
        right = {"authorization": "Bearer sk-right", "x-scope": "mine"}
        answer = client.get("/v1/responses/resp_chat?sig=hush", headers=right)
        chat = entries.get(timeout=10)
        assert shown(chat) == ("GET", "/v1/responses/resp_chat", 200, "complete")
        assert (chat.sent, chat.request_id, chat.scope) == (len(answer.content), "req_000001", "mine")
        for method, path, status in (("GET", "/v1/models", 401), ("HEAD", "/health", 200), ("GET", "/a%0Ab", 404)):
            client.request(method, path)
            entry = entries.get(timeout=10)
            assert shown(entry) == (method, path, status, "complete")
            assert (entry.sent > 0, entry.scope) == (method != "HEAD", None)
    assert "hush" not in chat.as_text() + chat.as_json()
    assert "sk-right" not in repr(chat)


STREAM = {"model": "m", "input": "x", "stream": True}


def test_a_stream_is_logged_when_it_ends() -> None:
    memory = MemoryTransport.empty(script=["Hi", Reply.text("Hi there, how are you?").lasting(answering=60)])
    with logging_server(memory) as (client, entries):
        whole = client.post("/v1/responses", json=STREAM)
        entry = entries.get(timeout=10)
        assert shown(entry) == ("POST", "/v1/responses", 200, "complete")
        assert entry.sent == len(whole.content)
        with client.stream("POST", "/v1/responses", json=STREAM) as left:
            chunks = left.iter_raw()
            assert next(chunks).startswith(b"event: response.created")
            assert entries.empty()
        entry = entries.get(timeout=10)
        assert shown(entry) == ("POST", "/v1/responses", 200, "client left")
        assert 0 < entry.sent < len(whole.content)


def test_what_breaks_off_is_logged_so() -> None:
    plan = FaultPlan((Rule(Reset(), numbers=(1,)), Rule(Truncated(17), numbers=(2,))))
    with logging_server(MemoryTransport(faults=plan)) as (client, entries):
        for status, sent in ((None, 0), (200, 17)):
            with pytest.raises(httpx2.RemoteProtocolError):
                client.get("/v1/responses/resp_chat")
            entry = entries.get(timeout=10)
            assert shown(entry) == ("GET", "/v1/responses/resp_chat", status, "broke off")
            assert entry.sent == sent
