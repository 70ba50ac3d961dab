"""5,000 deletes, 64 at once, against answers after 20 ms: `run_many` beside the official client, in the same run.

The official client is measured in each of its ways: the blocking one in 64 threads, the asynchronous one with httpx2
and with aiohttp in 64 tasks. Its retries are off, and its connections suffice for 64.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from figures import VARIABLE, note_figure
from openai import AsyncOpenAI, DefaultAioHttpClient, OpenAI
from test_async_cost import IN_FLIGHT, KEY, slow_service

from puresponse.core import delete_response
from puresponse.transports import AiohttpTransport, Progress, Urllib3Transport, run_many, run_many_async

pytestmark = pytest.mark.benchmark

CALLS = 5_000
ROUNDS = 3
BOUND = 2.7
"""Times the calls a second of the client's best way."""

CEILING = IN_FLIGHT / 0.020
"""Calls a second that 64 at once and answers after 20 ms admit: nobody does 2.7 times 1,770, which aiohttp has done."""

NEAR = 0.8
"""The share of the ceiling that is enough, where 2.7 times the client's best is beyond it."""

LIMITS = httpx2.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)


def client_in_threads(port: int) -> None:
    http_client = httpx2.Client(limits=LIMITS, trust_env=False)
    with (
        OpenAI(api_key=KEY, base_url=f"http://127.0.0.1:{port}/v1", max_retries=0, http_client=http_client) as client,
        ThreadPoolExecutor(IN_FLIGHT) as threads,
    ):
        for _ in threads.map(client.responses.delete, (f"resp_{number}" for number in range(CALLS))):
            pass


async def _client_in_tasks(client: AsyncOpenAI) -> None:
    numbers = iter(range(CALLS))

    async def work() -> None:
        for number in numbers:
            await client.responses.delete(f"resp_{number}")

    async with client:
        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))


def client_with_httpx2(port: int) -> None:
    async def main() -> None:
        http_client = httpx2.AsyncClient(limits=LIMITS, trust_env=False)
        url = f"http://127.0.0.1:{port}/v1"
        await _client_in_tasks(AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0, http_client=http_client))

    asyncio.run(main())


def client_with_aiohttp(port: int) -> None:
    async def main() -> None:
        http_client = DefaultAioHttpClient(limits=LIMITS, trust_env=False)
        url = f"http://127.0.0.1:{port}/v1"
        await _client_in_tasks(AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0, http_client=http_client))

    asyncio.run(main())


def ignored(progress: Progress) -> None:
    pass


def ours_in_threads(port: int) -> None:
    pairs = ((number, delete_response(f"resp_{number}")) for number in range(CALLS))
    with Urllib3Transport(base_url=f"http://127.0.0.1:{port}/v1", api_key=KEY, proxy="") as transport:
        outcomes = run_many(pairs, transport, IN_FLIGHT, progress=ignored, total=CALLS)
        assert sum(result.unwrap().deleted for _, result in outcomes) == CALLS


def ours_in_tasks(port: int) -> None:
    async def main() -> int:
        pairs = ((number, delete_response(f"resp_{number}")) for number in range(CALLS))
        async with AiohttpTransport(base_url=f"http://127.0.0.1:{port}/v1", api_key=KEY, proxy="") as transport:
            outcomes = run_many_async(pairs, transport, IN_FLIGHT, progress=ignored, total=CALLS)
            return sum([result.unwrap().deleted async for _, result in outcomes])

    assert asyncio.run(main()) == CALLS


CLIENTS = {
    "official client, 64 threads": client_in_threads,
    "official client, asyncio with httpx2": client_with_httpx2,
    "official client, asyncio with aiohttp": client_with_aiohttp,
}
OURS = {"run_many, 64 at once": ours_in_threads, "run_many_async, 64 at once": ours_in_tasks}


def rate(way: Callable[[int], None], port: int) -> float:
    """Calls a second."""
    began = time.perf_counter()
    way(port)
    return CALLS / (time.perf_counter() - began)


def test_deletes_are_2_7_times_as_fast_as_by_the_official_clients_best_or_as_fast_as_can_be(tmp_path: Path) -> None:
    best: dict[str, float] = {}
    with slow_service(tmp_path) as port:
        for _ in range(ROUNDS):
            for name, way in (CLIENTS | OURS).items():
                best[name] = max(best.get(name, 0.0), rate(way, port))
            if ours(best) >= enough(best) and VARIABLE not in os.environ:  # what is plotted is the best of all rounds
                break
    for name, calls in best.items():
        print(f"{CALLS} deletes, {IN_FLIGHT} at once, {name}: {calls:.0f}/s")
        note_figure("deletes", name, calls)
    ratios = ", ".join(f"{ours(best) / best[name]:.2f} of {name}" for name in CLIENTS)
    print(f"ours at best: {ours(best) / CEILING:.2f} of {CEILING:.0f}/s; {ratios} (enough is {enough(best):.0f}/s)")
    note_figure("deletes", "bound", enough(best))
    assert ours(best) >= enough(best)


def ours(best: dict[str, float]) -> float:
    """Our best way."""
    return max(best[name] for name in OURS)


def enough(best: dict[str, float]) -> float:
    """What it is held to."""
    return min(BOUND * max(best[name] for name in CLIENTS), NEAR * CEILING)
