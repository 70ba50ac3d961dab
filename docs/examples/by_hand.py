"""Step an operation by hand: what a new host has to do, in ten lines for operations and a dozen more for streams.

This is how the library runs where no I/O is allowed, or where I/O is somebody else's: a worker, a browser, a workflow
engine. A host promises to send each `Send` once, to wait at least `seconds` and at most `seconds + spread` at a `Wait`,
and to hand `resume` what came of it. Nothing else happens.
"""

from __future__ import annotations

from typing import Any, TypeVar

from returns.result import Result, Success

from puresponse.core import (
    Answer,
    Done,
    Emit,
    Error,
    HttpRequest,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    Wait,
    all_input_items,
    cancel_response,
    retrying,
)
from puresponse.transports import MemoryTransport

T = TypeVar("T")


class Host:
    """A host with its own ideas of sending and of time, which counts what it is asked to do."""

    def __init__(self) -> None:
        self.service = MemoryTransport()
        self.time = 0.0
        self.unread = b""

    def send(self, request: HttpRequest) -> Answer:
        """Send a request."""
        print(f"  send {request.method} {request.path}")
        return self.service(request)

    def run(self, operation: Operation[T]) -> Result[T, Error]:
        """Carry out an operation."""
        while True:
            match operation:
                case Send(request, resume):
                    operation = resume(self.send(request))
                case Wait(seconds, _, resume):
                    self.time += seconds
                    operation = resume(self.time)
                case Done(result):
                    return result

    def iterate(self, stream: Stream[Any]) -> Result[None, Error]:
        """Carry out a stream."""
        while True:
            match stream:
                case Emit(values, rest):
                    print(f"  emit {len(values)} values")
                    stream = rest
                case Perform(operation, resume):
                    stream = resume(self.run(operation))
                case Open(request, resume):
                    answer = self.send(request)
                    self.unread = answer.map(lambda response: response.body).value_or(b"")
                    stream = resume(answer)
                case Read(resume):
                    piece, self.unread = self.unread, b""
                    stream = resume(Success(piece))
                case Done(result):
                    return result


def main() -> None:
    """Step a cancellation and a stream of pages."""
    host = Host()
    print("cancel:")
    print(f"  done: {host.run(retrying(cancel_response('resp_in_progress'))).map(lambda response: response.status)}")
    print("all input items:")
    print(f"  done: {host.iterate(all_input_items('resp_long'))}")


if __name__ == "__main__":
    main()
