"""What the program is given of its process, and the four things it does with it: read ids, write, ask, and stop.

Law: whatever happens to the streams of a process comes out of here as a `Stopped`, with the exit code for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

from .failures import ExitCode

if TYPE_CHECKING:
    from ..transports import Clock, Transport
    from .service import ServiceChoice

FROM_STDIN = "-"
"""The id that is replaced by the ids on standard input."""


class Process(NamedTuple):
    """The streams and the environment of a process, the way to a service, and the time.

    The last three are for tests; None is the real thing.
    """

    stdin: BinaryIO | None
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    connect: Callable[[ServiceChoice, int], AbstractContextManager[Transport]] | None = None
    clock: Clock | None = None
    answer: Callable[[str], str] | None = None


def with_output(process: Process, stdout: TextIO) -> Process:
    """The same process with another standard output."""
    stdin, _, stderr, environ, connect, clock, answer = process
    return Process(stdin, stdout, stderr, environ, connect, clock, answer)


class Stopped(Exception):
    """The process can do no more. `reason` is None where there is nobody left to read it.

    `kind` is what the JSON form says that it is: `Stopped` where its streams failed it.
    """

    def __init__(self, code: ExitCode, reason: str | None = None, kind: str = "Stopped") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.kind = kind


def write(stream: TextIO, text: str, encoding: str | None = None) -> None:
    """Write `text` at once, in `encoding` or else the stream's own."""
    try:
        stream.flush()
        pending = memoryview(text.encode(encoding or stream.encoding, "backslashreplace"))
        while pending:  # an unbuffered stream (PYTHONUNBUFFERED) may take less than it is given
            pending = pending[stream.buffer.write(pending) :]
        stream.buffer.flush()
    except BrokenPipeError:
        raise Stopped(ExitCode.BROKEN_PIPE) from None
    except OSError as error:
        raise cannot_write(error) from None


def cannot_write(error: OSError) -> Stopped:
    """The `Stopped` for an output that failed."""
    return Stopped(ExitCode.LOCAL_IO, f"cannot write: {error.strerror or error}")


_TERMINAL = "CONIN$" if sys.platform == "win32" else "/dev/tty"


@contextmanager
def person_at(process: Process, *, stdin_is_taken: bool) -> Generator[Callable[[str], str] | None, None, None]:
    """Who can be asked a question, and answers it, while the block runs: who sees standard error. None where nobody is.

    Where standard input is something else, such as the ids, the terminal itself is read.
    """

    def answer_from(lines: BinaryIO) -> Callable[[str], str]:
        def answer(question: str) -> str:
            write(process.stderr, question)
            return lines.readline().decode("utf-8", "replace")

        return answer

    if process.answer is not None:
        yield process.answer
    elif not process.stderr.isatty():
        yield None
    elif not stdin_is_taken and process.stdin is not None and process.stdin.isatty():
        yield answer_from(process.stdin)
    else:
        with ExitStack() as stack:
            lines: BinaryIO | None = None
            with suppress(OSError):
                lines = stack.enter_context(open(_TERMINAL, "rb"))
            yield None if lines is None else answer_from(lines)


def read_ids(arguments: Sequence[str], stdin: BinaryIO | None) -> Iterator[str]:
    """The ids that `arguments` name, in order, with those on standard input in the place of `-`.

    Lines are read as they are asked for. Blank ones are passed over. Bytes that are not UTF-8 become surrogates (PEP
    383), which no operation is made from.
    """
    for argument in arguments:
        if argument == FROM_STDIN:
            yield from _lines(stdin)
        else:
            yield argument


def _lines(stdin: BinaryIO | None) -> Iterator[str]:
    if stdin is None:
        raise Stopped(ExitCode.LOCAL_IO, "cannot read ids: standard input is closed")
    try:
        for line in stdin:
            response_id = line.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip()
            if response_id:
                yield response_id
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read ids: {error.strerror or error}") from None


def is_text(value: str) -> bool:
    """False for a string with bytes in it that were not UTF-8 (PEP 383), which nothing can be asked about."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
