"""The host's end of the pipes: what the sandbox says comes as a program like any other.

So the host of the catalogue steps it as it steps the program itself, and what comes of the two can be compared: each
`resume` sends the answer through the pipe, and reads the step that comes back.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import kernel_protocol as told
from msgspec import Raw
from programs import Program
from returns.result import Result

from puresponse import core
from puresponse.core import Answer, Chunk, HttpResponse, decode_request, encode_answer

HERE = Path(__file__).parent
START = "import sys; sys.path.append({here!r}); from kernel_sandbox import main; main(preloads={preloads})"


class Ended(Exception):
    """The sandbox is no more. Says at which program, after which step, and what it died of."""

    def __init__(self, program: str, last: str, code: int, words: str) -> None:
        self.program = program
        self.last = last
        self.signal = signal.Signals(-code) if code < 0 else None
        of = self.signal.name if self.signal else f"exit code {code}"
        super().__init__(f"the sandbox ended at {program!r}, after {last}: {of} {words}".rstrip())


class Sandbox:
    """A process that has closed its door. It has no environment, and no working directory to speak of.

    One that does not preload is there to show why one should.
    """

    def __init__(self, *, preloads: bool = True) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", START.format(here=str(HERE), preloads=preloads)],
            env={},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._program = "start-up"
        self._last = "nothing"
        ready = self._hear()
        assert isinstance(ready, told.Ready)
        self.ready = ready

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> int:
        """Ask for no more, and give the exit code."""
        with self._process as process:
            if process.stdin:
                process.stdin.close()
            return process.wait(timeout=10)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def program(self, name: str) -> Program:
        """The program of that name, which is built and stepped in the sandbox."""
        self._program = name
        return self._after(told.written(name))

    def _after(self, line: bytes) -> Program:
        """The step that the sandbox takes after `line`."""
        assert self._process.stdin
        self._process.stdin.write(line)
        self._process.stdin.flush()
        return self._next()

    def _next(self) -> Program:
        match self._hear():
            case told.Send(request):
                return core.Send(_read(request), self._answered)
            case told.Wait(seconds, spread):
                return core.Wait(seconds, spread, self._resumed)
            case told.Emit(values):
                rest: Any = self._next()
                return core.Emit(pickle.loads(values), rest)
            case told.Perform():
                operation: Any = self._next()
                return core.Perform(operation, self._performed)
            case told.Open(request):
                return core.Open(_read(request), self._answered)
            case told.Read(within):
                return core.Read(self._given, within)
            case told.Fork(count):
                operations: list[Any] = [self._next() for _ in range(count)]
                return core.Fork(tuple(operations), self._joined)
            case told.Close(within):
                following: Any = self._next()
                return core.Close(following, within)
            case told.Done(result):
                return core.Done(pickle.loads(result))
            case told.End(result):
                return core.End(pickle.loads(result))
            case told.Ready() as again:
                raise AssertionError(again)

    def _answered(self, answer: Answer) -> Any:
        return self._after(encode_answer(answer).unwrap() + b"\n")

    def _given(self, chunk: Chunk) -> Any:
        return self._answered(chunk.map(_as_answer))

    def _resumed(self, elapsed: float) -> Any:
        return self._after(told.written(elapsed))

    def _performed(self, result: Result[Any, core.Error]) -> Any:
        return self._after(told.written(None))

    def _joined(self, results: tuple[Result[Any, core.Error], ...]) -> Any:
        return self._after(told.written(None))

    def _hear(self) -> told.Line:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            assert self._process.stderr
            words = self._process.stderr.read().decode()
            raise Ended(self._program, self._last, self._process.wait(timeout=10), words)
        said: told.Line = told.read_line(line)
        self._last = type(said).__name__
        return said


def _read(request: Raw) -> core.HttpRequest:
    return decode_request(bytes(request)).unwrap()


def _as_answer(chunk: bytes) -> HttpResponse:
    return HttpResponse(status=200, body=chunk)
