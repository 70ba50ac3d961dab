"""The command line, run in this process: with the real way to a service, or a transport in its place."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct, json

from puresponse.cli.process import run_program
from puresponse.cli.service import ServiceChoice
from puresponse.cli.streams import Process
from puresponse.transports import Transport, VirtualClock

KEYED = {"OPENAI_API_KEY": "sk-1"}


class Stream(io.TextIOWrapper):
    """A stream of a process: a terminal, or not."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


class Ran(Struct):
    """What a command line gave."""

    code: int
    out: bytes
    err: bytes

    @property
    def values(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.decode(line) for line in self.out.splitlines()]

    @property
    def problems(self) -> list[Any]:
        """Standard error as JSON lines."""
        return [json.decode(line) for line in self.err.splitlines()]


def run(
    *arguments: str,
    stdin: bytes | None = b"",
    encoding: str = "utf-8",
    environ: dict[str, str] | None = None,
    terminal: bool = False,
    transport: Transport | None = None,
    answer: Callable[[str], str] | None = None,
) -> Ran:
    """Run a command line: with the real way to a service, or with `transport` in its place, and then with a key."""
    out, err = io.BytesIO(), io.BytesIO()
    stdout = Stream(out, encoding=encoding, write_through=True)
    stdout.terminal = terminal
    stderr = Stream(err, encoding=encoding, write_through=True)

    @contextmanager
    def connect(service: ServiceChoice, concurrency: int) -> Generator[Transport, None, None]:
        assert transport is not None
        yield transport

    process = Process(
        stdin=None if stdin is None else io.BytesIO(stdin),
        stdout=stdout,
        stderr=stderr,
        environ=KEYED if environ is None and transport is not None else environ or {},
        connect=None if transport is None else connect,
        clock=VirtualClock(),
        answer=answer,
    )
    code = run_program(arguments, process)
    return Ran(code, out.getvalue(), err.getvalue())
