"""Every program, saved, killed and resumed in another process at every step: the same steps and the same end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from catalogue import PROGRAMS, START, STREAMS, Host, Run, Step, service
from checkpoint_steps import Asked, Program, asked_by, stepped
from checkpoint_zygote import Task, load
from msgspec import json
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.core import NOT_OPEN, Done, Interrupted, is_failure, load_operation, load_stream, save_checkpoint
from puresponse.transports import MemoryTransport, VirtualClock, iterate
from puresponse.transports.contract import Body

HERE = Path(__file__).parent


class Zygote:
    """Where the processes come from that take one step each."""

    def __init__(self, *options: str, **environment: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
        self._process = subprocess.Popen(
            [sys.executable, *options, str(HERE / "checkpoint_zygote.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**inherited, **environment},
        )
        self.killed = 0

    def take(self, task: Task) -> bytes:
        """Let a process take one step; give the checkpoint that it leaves when it is killed."""
        self._write(json.encode(task))
        checkpoint = self._read()
        assert checkpoint.startswith(b'{"checkpoint":'), checkpoint
        self._write(b"kill")
        assert self._read() == b"killed"
        self.killed += 1
        return checkpoint

    def close(self) -> None:
        process = self._process
        process.communicate(timeout=10)

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()

    def _read(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip(b"\n")


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()


class Outside:
    """All that is not the program, and is not killed with it: the service, the time, the body that is open."""

    def __init__(self) -> None:
        self.clock = VirtualClock(now=START)
        self.service: MemoryTransport = service(self.clock)
        self.body: Body | None = None
        self.steps: list[Step] = []
        self.values: list[Any] = []

    @property
    def elapsed(self) -> float:
        return self.clock.now - START

    def give(self, asked: Asked) -> bytes:
        """Do what a program asks for, and give what came of it, saved."""
        return save_checkpoint(Done(self._given(asked))).unwrap()

    def _given(self, asked: Asked) -> Result[Any, Any]:
        match asked:
            case Asked("Send", request) if request is not None:
                self.steps.append(Step("Send", f"{request.method} {request.path}"))
                return self.service(request)
            case Asked("Open", request) if request is not None:
                self.steps.append(Step("Open", f"{request.method} {request.path}"))
                opened = self.service.open(request)
                self.body = None if is_failure(opened) else opened.unwrap()
                return opened.map(lambda body: body.answer)
            case Asked("Read", within=within):
                self.steps.append(Step("Read"))
                return NOT_OPEN if self.body is None else self.body.read(within)
            case Asked("Close", within=float(within)):
                self.steps.append(Step("Close", f"{within:g}"))
                if self.body is not None:
                    self.body.close(within)
                    self.body = None
            case Asked("Fork", values=(count,)):
                self.steps.append(Step("Fork", str(count)))
            case Asked("Wait", _, seconds, spread):
                self.steps.append(Step("Wait", f"{seconds:g} {spread:g}"))
                self.clock.now += seconds
            case Asked("Emit", values=values):
                self.steps.append(Step("Emit", str(len(values))))
                self.values.extend(values)
            case _:
                pass
        return Success(self.elapsed)


def seen_outside(run: Run) -> tuple[Step, ...]:
    """The steps of a run but for those that only the program itself knows of."""
    return tuple(step for step in run.steps if step.kind not in {"Perform", "Done", "End"})


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_killed_and_resumed_at_every_step_comes_to_the_same(name: str, zygote: Zygote) -> None:
    outside = Outside()
    killed_before = zygote.killed
    checkpoint = zygote.take(Task(name=name))
    while (asked := asked_by(load(checkpoint))).kind not in {"Done", "End"}:
        checkpoint = zygote.take(Task(checkpoint=checkpoint, given=outside.give(asked)))
    uninterrupted = Host().run(PROGRAMS[name]())
    assert asked.result == uninterrupted.result
    assert tuple(outside.values) == uninterrupted.values
    assert tuple(outside.steps) == seen_outside(uninterrupted)
    assert zygote.killed - killed_before > len(outside.steps)


def test_the_time_that_a_run_had_lasted_is_kept_in_the_checkpoint() -> None:
    data = save_checkpoint(PROGRAMS["wait_for_response that expires"](), elapsed=1.5).unwrap()
    assert load_operation(data).unwrap().elapsed == 1.5


# --- what is killed with the body that was open ---------------------------------------------------


def followed_until(name: str, reads: int) -> tuple[Outside, Program]:
    """Follow a stream until it is about to read for the time after `reads` of them; then all that was open is gone."""
    outside = Outside()
    program: Program = STREAMS[name]()
    while (asked := asked_by(program)).kind != "Read" or [step.kind for step in outside.steps].count("Read") < reads:
        given = load_operation(outside.give(asked)).unwrap().program
        assert isinstance(given, Done)
        program = stepped(program, given.result.unwrap() if asked.kind == "Wait" else given.result)
    outside.body = None
    return outside, program


def gone_on_with(outside: Outside, program: Program) -> list[Any]:
    data = save_checkpoint(program, elapsed=outside.elapsed).unwrap()
    loaded = load_stream(data).unwrap()
    return list(iterate(loaded.program, outside.service, clock=outside.clock, results=True))


@pytest.mark.parametrize("reads", range(1, 8))
def test_a_background_stream_goes_on_without_the_body_that_was_open(reads: int) -> None:
    name = "stream_response, cut and resumed"
    outside, program = followed_until(name, reads)
    assert (*outside.values, *gone_on_with(outside, program)) == Host().run(STREAMS[name]()).values


def test_any_other_stream_ends_where_its_body_is_gone() -> None:
    outside, program = followed_until("stream_response", 1)
    (ended,) = gone_on_with(outside, program)
    error = ended.failure()
    assert isinstance(error, Interrupted)
    assert Failure(replace(error, response_id=None)) == NOT_OPEN
    assert error.response_id is not None
