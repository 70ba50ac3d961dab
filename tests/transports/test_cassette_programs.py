"""Whole programs on cassettes: replayed they end as they did live, over each driver, and where they were killed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from catalogue import OPERATIONS, START, STREAMS, service

from puresponse.core import Send, Wait, load_operation, save_checkpoint
from puresponse.transports import (
    AsyncCassetteRecorder,
    AsyncCassetteTransport,
    CassetteRecorder,
    CassetteTransport,
    VirtualClock,
    in_threads,
    iterate,
    iterate_async,
    run,
    run_async,
    use_cassette,
)

ALL = {**OPERATIONS, **STREAMS}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.json"


def ended(name: str, program: Any, transport: Any, clock: VirtualClock) -> object:
    """What comes of a program: its result, or the values of a stream and how it ended."""
    if name in OPERATIONS:
        return run(program, transport, clock=clock)
    return list(iterate(program, transport, clock=clock, results=True))


async def ended_async(name: str, program: Any, transport: Any, clock: VirtualClock) -> object:
    if name in OPERATIONS:
        return await run_async(program, transport, clock=clock)
    return [value async for value in iterate_async(program, transport, clock=clock, results=True)]


@pytest.mark.parametrize("name", ALL)
def test_a_program_ends_on_replay_as_it_did_on_record(path: Path, name: str) -> None:
    program, clock = ALL[name](), VirtualClock(now=START)
    plain = ended(name, program, service(clock), clock)
    clock = VirtualClock(now=START)
    with CassetteRecorder(service(clock), path, clock=clock) as recorder:
        assert ended(name, program, recorder, clock) == plain
    cassette = CassetteTransport.replaying(path)
    assert ended(name, program, cassette, VirtualClock(now=START)) == plain
    assert (cassette.unused, cassette.misses) == ((), ())


@pytest.mark.parametrize("name", ALL)
def test_a_program_ends_on_replay_as_on_record_in_an_event_loop(path: Path, name: str) -> None:
    program = ALL[name]()

    async def live_and_replayed() -> tuple[object, object]:
        clock = VirtualClock(now=START)
        async with AsyncCassetteRecorder(in_threads(service(clock)), path) as recorder:
            live = await ended_async(name, program, recorder, clock)
        cassette = AsyncCassetteTransport.replaying(path)
        replayed = await ended_async(name, program, cassette, VirtualClock(now=START))
        assert (cassette.unused, cassette.misses) == ((), ())
        return live, replayed

    live, replayed = asyncio.run(live_and_replayed())
    assert live == replayed


KILLED = "wait_for_response"


def saved_after(steps: int, transport: Any, clock: VirtualClock) -> bytes:
    """Carry out so many steps of an operation, and save where it is."""
    program: Any = OPERATIONS[KILLED]()
    for _ in range(steps):
        if isinstance(program, Send):
            program = program.resume(transport(program.request))
        elif isinstance(program, Wait):
            clock.sleep(program.seconds)
            program = program.resume(clock.now - START)
    return save_checkpoint(program, elapsed=clock.now - START).unwrap()


@pytest.mark.parametrize("steps", range(6))
def test_a_program_that_was_killed_and_resumed_is_replayed(path: Path, steps: int) -> None:
    """The first process ends after so many steps; the second goes on from the checkpoint, and adds to the cassette."""
    clock = VirtualClock(now=START)
    living = service(clock)
    with use_cassette(path, living, mode="new_episodes") as first:
        saved = saved_after(steps, first, clock)
    resumed = load_operation(saved).unwrap()
    with use_cassette(path, living, mode="new_episodes") as second:
        result = run(resumed.program, second, clock=clock, elapsed=resumed.elapsed)
    again = VirtualClock(now=START)
    assert run(OPERATIONS[KILLED](), CassetteTransport.replaying(path), clock=again) == result
    replayed = CassetteTransport.replaying(path)
    saved = saved_after(steps, replayed, VirtualClock(now=START))
    assert run(load_operation(saved).unwrap().program, replayed, clock=VirtualClock(now=START)) == result
    assert replayed.misses == ()
