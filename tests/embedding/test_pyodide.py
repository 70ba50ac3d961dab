"""The real Pyodide, under Node.js: the core alone, stepped by hand, and the whole library over the service in memory.

What comes of a program there must be what comes of it here.
"""

from __future__ import annotations

import asyncio
from typing import Any

import catalogue
import pyodide_programs
import pytest
from msgspec import json
from pyodide_drivers import EVERYDAY, driven, driven_async
from pyodide_runtime import EMBEDDING, run_in_pyodide

from puresponse.core import Answer, HttpRequest, encode_answer, encode_request
from puresponse.transports import MemoryTransport, VirtualClock

FORBIDDEN = {"urllib3", "socket", "ssl", "threading", "concurrent", "asyncio", "http", "email", "selectors"}
"""What the core does without: the first words of modules."""


SAVED = [
    json.encode(checkpoint).decode()
    for checkpoint in json.decode((EMBEDDING.parent / "core" / "checkpoints" / "format-1.json").read_bytes())[
        "checkpoints"
    ]
]
"""Checkpoints that CPython wrote."""


def recording(exchanges: list[tuple[str, str]], service: MemoryTransport) -> Any:
    """A transport to `service` that keeps what was asked and answered, as JSON."""

    def send(request: HttpRequest) -> Answer:
        answer = service(request)
        exchanges.append((encode_request(request).unwrap().decode(), encode_answer(answer).unwrap().decode()))
        return answer

    return send


@pytest.fixture(scope="module")
def here() -> dict[str, tuple[list[tuple[str, str]], list[str]]]:
    """By program: the exchanges of a run in this process, and what it came to."""
    runs: dict[str, tuple[list[tuple[str, str]], list[str]]] = {}
    for name, program in pyodide_programs.PROGRAMS.items():
        clock = VirtualClock(now=catalogue.START)
        exchanges: list[tuple[str, str]] = []
        send = recording(exchanges, catalogue.service(clock))
        runs[name] = exchanges, pyodide_programs.stepped(program(), send, clock.sleep)
    return runs


@pytest.fixture(scope="module")
def by_hand(here: dict[str, tuple[list[tuple[str, str]], list[str]]]) -> Any:
    recorded = {name: exchanges for name, (exchanges, _) in here.items()}
    return run_in_pyodide(
        "core_alone.py", layers=("codecs", "core"), modules=[EMBEDDING / "pyodide_programs.py"], recorded=recorded
    )


@pytest.fixture(scope="module")
def in_memory() -> Any:
    modules = [EMBEDDING / name for name in ("programs.py", "catalogue.py", "pyodide_drivers.py")]
    return run_in_pyodide("in_memory.py", modules=modules, saved=SAVED)


def test_it_is_the_python_of_pyodide(by_hand: Any) -> None:
    assert (by_hand["platform"], by_hand["python"]) == ("emscripten", [3, 14])


def test_the_core_and_the_codecs_come_without_transports_and_load_nothing_of_the_network(by_hand: Any) -> None:
    assert not by_hand["has transports"]
    assert {"puresponse.core", "puresponse.codecs", "msgspec"} <= set(by_hand["loaded"])
    assert {module.split(".")[0] for module in by_hand["loaded"]} & FORBIDDEN == set()
    assert [module for module in by_hand["loaded"] if module.startswith("puresponse.transports")] == []


@pytest.mark.parametrize("name", pyodide_programs.PROGRAMS)
def test_the_core_alone_steps_a_program_to_the_same_end(
    by_hand: Any, here: dict[str, tuple[list[tuple[str, str]], list[str]]], name: str
) -> None:
    exchanges, shown = here[name]
    assert by_hand["shown"][name] == shown
    assert len(exchanges) > (name in {"retry", "wait", "paging"})


@pytest.mark.parametrize("name", catalogue.PROGRAMS)
def test_a_program_of_the_catalogue_takes_the_same_steps_to_the_same_end(in_memory: Any, name: str) -> None:
    assert in_memory["catalogue"][name] == repr(catalogue.Host().run(catalogue.PROGRAMS[name]()))


@pytest.mark.parametrize("name", EVERYDAY)
def test_the_drivers_give_what_they_give_here(in_memory: Any, name: str) -> None:
    clock = VirtualClock(now=catalogue.START)
    expected = driven(name, catalogue.service(clock), clock)
    assert in_memory["blocking"][name] == expected

    async def send(request: HttpRequest) -> Answer:
        return service(request)

    clock = VirtualClock(now=catalogue.START)
    service = catalogue.service(clock)
    assert in_memory["awaited"][name] == asyncio.run(driven_async(name, send, clock))


def test_what_was_saved_here_is_loaded_there_and_saved_the_same(in_memory: Any) -> None:
    assert len(SAVED) > 200
    assert in_memory["saved again"] == SAVED
