"""What a call and a stream cost beside the official client, and beside the same by hand, over loopback, in CPU time.

All are measured in turns in one process, which shares one processor with the server (`test_call_cost.py` says why). The
client uses no proxy and makes no retries, as ours makes none; its answers and events are typed, as ours are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import httpx2
import pytest
from benchmarking import loopback_service, on_one_processor
from bodies import DELETED_BODY, PAGE_BODY, RESPONSE_BODY, RESPONSE_ID
from figures import note_figure
from openai import OpenAI
from test_call_cost import HandWrittenDeleted, HandWrittenPage, HandWrittenResponse, plain
from test_call_cost import by_hand as called_by_hand
from test_stream_cost import EVENTS, read_all, stream, streaming
from test_stream_cost import by_hand as streamed_by_hand

from puresponse.core import cancel_response, delete_response, list_input_items, value_or_raise
from puresponse.transports import Urllib3Transport, iterate, run

pytestmark = pytest.mark.benchmark

BOUNDS = {"a delete": 0.15, "a cancel": 0.12, "a page of 100 items": 0.05, "an event": 0.05}
"""How many times the CPU time of the official client each may take."""

HAND, OURS, CLIENT = "by hand with urllib3 and msgspec", "puresponse", "official client"
KEY = "sk-benchmark"


@pytest.fixture(scope="module", autouse=True)
def _one_processor() -> Iterator[None]:
    with on_one_processor():
        yield


def official(port: int, first: str) -> OpenAI:
    url = f"http://127.0.0.1:{port}/{first}"
    http_client = httpx2.Client(trust_env=False)
    return OpenAI(api_key=KEY, base_url=url, max_retries=0, http_client=http_client)


def beside(
    plot: str, what: str, ways: dict[str, Callable[[], object]], *, calls: int, rounds: int, of: int = 1
) -> None:
    """Measure the ways in turns, note the best of each in microseconds, and hold ours to the bound."""
    for way in ways.values():
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name in list(ways)[:: 1 if number % 2 else -1]:
            started = time.process_time()
            for _ in range(calls):
                ways[name]()
            times[name].append((time.process_time() - started) / calls / of)
    ratio = median(ours / theirs for ours, theirs in zip(times[OURS], times[CLIENT], strict=True))
    for name, taken in times.items():
        print(f"{what}, {name}: {min(taken) * 1e6:.1f} us of CPU")
        note_figure(plot, f"{what}, {name}", min(taken) * 1e6)
    print(f"{what}: {ratio:.3f} x that of the official client (at most {BOUNDS[what]})")
    assert ratio <= BOUNDS[what]


def test_a_call_costs_a_fraction_of_one_by_the_official_client(tmp_path: Path) -> None:
    with loopback_service(tmp_path, delete=DELETED_BODY, cancel=RESPONSE_BODY, page=PAGE_BODY) as port:

        def ours(first: str) -> Urllib3Transport:
            return Urllib3Transport(api_key=KEY, base_url=f"http://127.0.0.1:{port}/{first}")

        with ours("delete") as transport, official(port, "delete") as client:
            by_hand = called_by_hand(
                plain(port), "DELETE", f"/delete/responses/{RESPONSE_ID}", None, HandWrittenDeleted
            )
            ways: dict[str, Callable[[], object]] = {
                HAND: by_hand,
                OURS: lambda: value_or_raise(run(delete_response(RESPONSE_ID), transport)),
                CLIENT: lambda: client.responses.delete(RESPONSE_ID),
            }
            beside("calls", "a delete", ways, calls=20, rounds=10)
        with ours("cancel") as transport, official(port, "cancel") as client:
            by_hand = called_by_hand(
                plain(port), "POST", f"/cancel/responses/{RESPONSE_ID}/cancel", b"", HandWrittenResponse
            )
            ways = {
                HAND: by_hand,
                OURS: lambda: value_or_raise(run(cancel_response(RESPONSE_ID), transport)),
                CLIENT: lambda: client.responses.cancel(RESPONSE_ID),
            }
            beside("calls", "a cancel", ways, calls=20, rounds=10)
        with ours("page") as transport, official(port, "page") as client:
            by_hand = called_by_hand(
                plain(port), "GET", f"/page/responses/{RESPONSE_ID}/input_items?limit=100", None, HandWrittenPage
            )
            ways = {
                HAND: by_hand,
                OURS: lambda: value_or_raise(run(list_input_items(RESPONSE_ID, limit=100), transport)),
                CLIENT: lambda: client.responses.input_items.list(RESPONSE_ID, limit=100),
            }
            beside("page", "a page of 100 items", ways, calls=5, rounds=10)


def test_an_event_costs_a_fraction_of_one_by_the_official_client(tmp_path: Path) -> None:
    with (
        streaming(tmp_path) as port,
        Urllib3Transport(api_key=KEY, base_url=f"http://127.0.0.1:{port}/chunked") as transport,
        official(port, "chunked") as client,
    ):
        by_hand = streamed_by_hand(port, "chunked")
        ways: dict[str, Callable[[], object]] = {
            HAND: lambda: read_all(by_hand()),
            OURS: lambda: read_all(iterate(stream(), transport)),
            CLIENT: lambda: read_all(
                client.responses.create(model="gpt-4.1-mini", input="Tell me a story.", stream=True)
            ),
        }
        beside("stream", "an event", ways, calls=1, rounds=4, of=EVENTS)
