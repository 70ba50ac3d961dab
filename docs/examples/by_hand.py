"""Step programs by hand: what a new host has to do, blocking and in an event loop.

This is how the library runs where no I/O is allowed, or where I/O is somebody else's: a worker, a browser, a workflow
engine. The first host reads bodies in chunks, as they arrive; the second sends where the first opens, and hands over a
body in one chunk. What both promise, and how it is checked, is in docs/guides/embedding.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import TypeVar

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse import (
    NOT_OPEN,
    Answer,
    AsyncTransport,
    Body,
    Done,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    MemoryTransport,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    StreamingTransport,
    Wait,
    all_input_items,
    cancel_response,
    delete_response,
    is_failure,
    retrying,
    sequentially,
    stream_response,
)

T = TypeVar("T")


class Host:
    """A blocking host, with whatever idea of sending and of time it is given."""

    def __init__(
        self,
        transport: StreamingTransport,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.transport = transport
        self.sleep = sleep
        self.now = now

    def run(self, operation: Operation[T], elapsed: float = 0.0) -> Result[T, Error]:
        """Carry out an operation, or what is left of one that had lasted `elapsed` seconds."""
        started = self.now() - elapsed
        while not isinstance(operation, Done):
            if isinstance(operation, Send):
                operation = operation.resume(self.transport(operation.request))
            elif isinstance(operation, Wait):
                if operation.seconds:
                    self.sleep(operation.seconds)
                operation = operation.resume(self.now() - started)
            else:
                operation = sequentially(operation)
        return operation.result

    def iterate(self, stream: Stream[T]) -> Generator[T | Failure[Error], None, None]:
        """Yield the values of a stream as they arrive, then the `Failure` that broke it off, if any."""
        started = self.now()
        body: Body | None = None
        try:
            while not isinstance(stream, End):
                if isinstance(stream, Emit):
                    yield from stream.values
                    stream = stream.rest
                elif isinstance(stream, Perform):
                    stream = stream.resume(self.run(stream.operation, self.now() - started))
                elif isinstance(stream, Open):
                    if body is not None:
                        body.close()
                    opened = self.transport.open(stream.request)
                    body = None if is_failure(opened) else opened.unwrap()
                    stream = stream.resume(opened.map(answer_of))
                elif isinstance(stream, Read):
                    stream = stream.resume(NOT_OPEN if body is None else body.read(stream.within))
                else:
                    if body is not None:
                        body.close(stream.within)
                    body, stream = None, stream.rest
            if is_failure(stream.result):
                yield stream.result
        finally:
            if body is not None:
                body.close()


class AsyncHost:
    """A host in an event loop, which hands over every body in one chunk."""

    def __init__(
        self,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.transport = transport
        self.sleep = sleep
        self.now = now

    async def run(self, operation: Operation[T], elapsed: float = 0.0) -> Result[T, Error]:
        """Carry out an operation, or what is left of one that had lasted `elapsed` seconds."""
        started = self.now() - elapsed
        while not isinstance(operation, Done):
            if isinstance(operation, Send):
                operation = operation.resume(await self.transport(operation.request))
            elif isinstance(operation, Wait):
                if operation.seconds:
                    await self.sleep(operation.seconds)
                operation = operation.resume(self.now() - started)
            else:
                operation = sequentially(operation)
        return operation.result

    async def iterate(self, stream: Stream[T]) -> AsyncGenerator[T | Failure[Error], None]:
        """Yield the values of a stream as they arrive, then the `Failure` that broke it off, if any."""
        started = self.now()
        unread: bytes | None = None
        while not isinstance(stream, End):
            if isinstance(stream, Emit):
                for value in stream.values:
                    yield value
                stream = stream.rest
            elif isinstance(stream, Perform):
                stream = stream.resume(await self.run(stream.operation, self.now() - started))
            elif isinstance(stream, Open):
                answer, unread = opened_whole(await self.transport(stream.request))
                stream = stream.resume(answer)
            elif isinstance(stream, Read):
                chunk = NOT_OPEN if unread is None else Success(unread)
                unread = None if unread is None else b""
                stream = stream.resume(chunk)
            else:
                unread, stream = None, stream.rest
        if is_failure(stream.result):
            yield stream.result


def answer_of(body: Body) -> HttpResponse:
    """The status and the headers of a body that was opened."""
    return body.answer


def opened_whole(answer: Answer) -> tuple[Answer, bytes | None]:
    """Take an answer that was received whole as if it had been opened: the answer, and the body that is to be read."""
    if is_failure(answer):
        return answer, None
    response = answer.unwrap()
    if not response.is_success:
        return answer, b""
    return Success(replace(response, body=b"")), response.body


class Telling:
    """The service in memory, which prints what it is asked."""

    def __init__(self) -> None:
        self.service = MemoryTransport()

    def __call__(self, request: HttpRequest) -> Answer:
        print(f"  send {request.method} {request.path}")
        return self.service(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin an exchange whose answer is read in chunks."""
        print(f"  open {request.method} {request.path}")
        return self.service.open(request)

    async def later(self, request: HttpRequest) -> Answer:
        """The same as a call, for an event loop."""
        await asyncio.sleep(0)
        return self(request)


async def in_a_loop() -> None:
    """Delete two responses at once, and take a stream of events."""
    host = AsyncHost(Telling().later)
    print("delete two at once:")
    deleted = await asyncio.gather(host.run(delete_response("resp_chat")), host.run(delete_response("resp_completed")))
    print(f"  done: {[result.map(lambda response: response.deleted) for result in deleted]}")
    print("events, of a body in one chunk:")
    print(f"  done: {len([event async for event in host.iterate(greeting())])} events")


def greeting() -> Stream[object]:
    """Ask for a few words, as they are written."""
    return stream_response(model="gpt-5-mini", input="Say this is a test")


def main() -> None:
    """Step an operation, a stream of pages and a stream of events, and do so in an event loop."""
    host = Host(Telling())
    print("cancel:")
    print(f"  done: {host.run(retrying(cancel_response('resp_in_progress'))).map(lambda response: response.status)}")
    print("all input items:")
    print(f"  done: {len(list(host.iterate(all_input_items('resp_long'))))} items")
    print("events, of a body in chunks:")
    print(f"  done: {len(list(host.iterate(greeting())))} events")
    asyncio.run(in_a_loop())


if __name__ == "__main__":
    main()
