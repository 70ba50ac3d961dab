"""Every mistake that is told by name, made once: run by `test_mistakes`, in a process where warnings are errors.

Prints, as JSON, what each is told, and how often the transport was asked by then.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import json
from collections.abc import Callable
from typing import Any

from returns.result import Failure, Success

from puresponse.core import (
    END,
    Answer,
    Done,
    Emit,
    HttpRequest,
    HttpResponse,
    NotSent,
    Open,
    Perform,
    Send,
    all_input_items,
    bind,
    collect,
    delete_response,
    gather,
    loop,
    retrying,
    succeed,
    traverse,
)
from puresponse.transports import (
    MemoryTransport,
    Urllib3Transport,
    in_threads,
    iterate,
    iterate_async,
    run,
    run_async,
    run_many,
    run_many_async,
)

SECRET = "sk-a-secret-of-the-caller"
ANSWER: Answer = Success(HttpResponse(status=200))
REQUEST = HttpRequest("GET", "/x")
DELETE = delete_response("resp_1")
ITEMS = all_input_items("resp_1")
ERROR = NotSent("dns", "no such host")
FORK = gather(DELETE, DELETE)
OPENING: Any = Open(REQUEST, lambda _: END)
asked: list[str] = []

# What takes anything, and so can be mistaken.
any_run: Any = run
any_run_async: Any = run_async
any_run_many: Any = run_many
any_run_many_async: Any = run_many_async
any_iterate: Any = iterate
any_iterate_async: Any = iterate_async
any_retrying: Any = retrying
any_collect: Any = collect
any_traverse: Any = traverse
any_loop: Any = loop
any_delete: Any = DELETE
step: Any = Send


def untyped(value: Any) -> Any:
    """The value, as one that may be anything."""
    return value


def stub(request: HttpRequest) -> Answer:
    asked.append(request.path)
    return ANSWER


async def stub_async(request: HttpRequest) -> Answer:
    return stub(request)


class Called:
    """An asynchronous transport that is told by its call."""

    async def __call__(self, request: HttpRequest) -> Answer:
        return stub(request)


class Opening:
    """A blocking transport that opens bodies."""

    def __call__(self, request: HttpRequest) -> Answer:
        return stub(request)

    def open(self, request: HttpRequest) -> Any:
        return stub(request)


class OpeningAsync(Called):
    """An asynchronous one."""

    async def open(self, request: HttpRequest) -> Any:
        return stub(request)


def tasks(request: HttpRequest) -> Any:
    """An asynchronous transport that nothing tells from a blocking one before it is called."""
    return asyncio.ensure_future(stub_async(request))


def raw(request: HttpRequest) -> Any:
    """Returns no Result."""
    return HttpResponse(status=200, body=SECRET.encode())


async def raw_async(request: HttpRequest) -> Any:
    """Returns no Result, later."""
    return HttpResponse(status=200, body=SECRET.encode())


def secret(value: object) -> Any:
    """Returns no operation, and no stream."""
    return SECRET


def a_stream(value: object) -> Any:
    return ITEMS


def an_operation(value: object) -> Any:
    return DELETE


def uncalled(value: object) -> Any:
    return delete_response


def broken_off(value: object) -> Any:
    return Done(Failure(ERROR))


def nothing(value: object) -> Any:
    return None


def later(program: Callable[[], Any]) -> Callable[[], Any]:
    """`program`, awaited in an event loop; or all that it yields."""

    async def scene() -> Any:
        made = program()
        if hasattr(made, "__aiter__"):
            return [value async for value in made]
        return await made

    return lambda: asyncio.run(scene())


async def in_a_loop(program: Callable[[], Any]) -> Any:
    """`program`, which blocks, in an event loop; then whatever it has begun goes on."""
    try:
        return program()
    finally:
        for _ in range(3):
            await asyncio.sleep(0)


CALLS: dict[str, Callable[[], Any]] = {
    # a program
    "run a stream": lambda: any_run(ITEMS, stub),
    "run an end": lambda: any_run(END, stub),
    "run swapped": lambda: any_run(stub, DELETE),
    "run swapped, an object": lambda: any_run(MemoryTransport(), DELETE),
    "run a result": lambda: any_run(ANSWER, stub),
    "run a function": lambda: any_run(delete_response, stub),
    "run a lambda": lambda: any_run(lambda: DELETE, stub),
    "run a class": lambda: any_run(Send, stub),
    "run a list": lambda: any_run([DELETE], stub),
    "run a value": lambda: any_run(SECRET, stub),
    "run nothing": lambda: any_run(None, stub),
    "run_async a stream": later(lambda: any_run_async(ITEMS, stub_async)),
    "run_async swapped": later(lambda: any_run_async(stub_async, DELETE)),
    "iterate an operation": lambda: any_iterate(DELETE, stub),
    "iterate swapped": lambda: any_iterate(stub, ITEMS),
    "iterate a function": lambda: any_iterate(all_input_items, stub),
    "iterate a value": lambda: any_iterate(SECRET, stub),
    "iterate_async an operation": lambda: any_iterate_async(DELETE, stub_async),
    "run_many one operation": lambda: any_run_many(DELETE, stub),
    "run_many one operation in order": lambda: any_run_many(DELETE, stub, 1),
    "run_many a stream": lambda: any_run_many(ITEMS, stub),
    "run_many swapped": lambda: any_run_many(stub, [DELETE]),
    "run_many of streams": lambda: list(any_run_many([ITEMS], stub)),
    "run_many_async one operation": lambda: any_run_many_async(DELETE, stub_async),
    "run_many_async of streams": later(lambda: any_run_many_async([ITEMS], stub_async)),
    "retrying": lambda: any_retrying(5),
    "retrying a function": lambda: any_retrying(delete_response),
    "collect an operation": lambda: any_collect(DELETE),
    "collect what is done": lambda: any_collect(succeed(1)),
    "collect a value": lambda: any_collect(5),
    # a function
    "bind a value": lambda: any_run(any_delete.bind(secret), stub),
    "bind a value at once": lambda: succeed(1).bind(secret),
    "bind nothing": lambda: any_run(any_delete.bind(nothing), stub),
    "bind a stream": lambda: any_run(any_delete.bind(a_stream), stub),
    "bind a result": lambda: succeed(1).bind(untyped(Success)),
    "bind a function": lambda: succeed(1).bind(uncalled),
    "bind an operation": lambda: any_delete.bind(DELETE),
    "map an operation": lambda: any_delete.map(DELETE),
    "alt a value": lambda: any_delete.alt(SECRET),
    "lash an operation": lambda: any_delete.lash(DELETE),
    "bind by a function": lambda: bind(untyped(DELETE))(DELETE),
    "lash": lambda: any_run(any_delete.bind(broken_off).lash(secret), stub),
    "then": lambda: any_run(any_delete.then(secret), stub),
    "then at once": lambda: any_run(succeed(1).then(secret), stub),
    "then, and more": lambda: any_run(any_delete.then(nothing).map(str), stub),
    "then a value, and more": lambda: any_run(any_delete.then(secret).map(str), stub),
    "then a stream": lambda: any_run(any_delete.then(a_stream), stub),
    "then of a stream": lambda: list(any_iterate(Emit((1,), END).then(secret), stub)),
    "then of a stream, an operation": lambda: END.then(an_operation),
    "traverse": lambda: any_traverse([1], secret),
    "loop": lambda: any_loop(1, secret),
    "loop without a verdict": lambda: any_loop(1, succeed),
    "resume": lambda: any_run(step(REQUEST, secret), stub),
    "resume of a stream": lambda: list(any_iterate(Perform(DELETE, secret), stub)),
    "retrying what binds nothing": lambda: any_run(any_retrying(any_delete.bind(nothing)), stub),
    "retrying what resumes to nothing": lambda: any_run(any_retrying(step(REQUEST, nothing)), stub),
    # a transport
    "run over a class": lambda: any_run(DELETE, MemoryTransport),
    "run over another class": lambda: any_run(DELETE, Urllib3Transport),
    "run over none": lambda: any_run(DELETE, None),
    "run_async over a class": later(lambda: any_run_async(DELETE, Called)),
    "run_async over none": later(lambda: any_run_async(DELETE, None)),
    "iterate over a class": lambda: any_iterate(ITEMS, MemoryTransport),
    "run_many over a class": lambda: any_run_many([DELETE], MemoryTransport),
    "run over an async function": lambda: any_run(DELETE, stub_async),
    "run over an async object": lambda: any_run(DELETE, Called()),
    "run over threads": lambda: any_run(DELETE, in_threads(MemoryTransport())),
    "run over a partial": lambda: any_run(DELETE, functools.partial(stub_async)),
    "run over a task": lambda: asyncio.run(in_a_loop(lambda: any_run(DELETE, tasks))),
    "iterate over an async function": lambda: list(any_iterate(ITEMS, stub_async)),
    "iterate over an async object": lambda: list(any_iterate(OPENING, OpeningAsync())),
    "run_many over an async function": lambda: list(any_run_many([DELETE], stub_async)),
    "a fork over an async function": lambda: any_run(FORK, stub_async, concurrency=2),
    "run_async over memory": later(lambda: any_run_async(DELETE, MemoryTransport())),
    "run_async over urllib3": later(lambda: any_run_async(DELETE, Urllib3Transport(api_key=SECRET))),
    "run_async over what opens": later(lambda: any_run_async(DELETE, Opening())),
    "iterate_async over what opens": later(lambda: any_iterate_async(ITEMS, Opening())),
    "run_many_async over what opens": later(lambda: any_run_many_async([DELETE], Opening())),
    "run_async over a function": later(lambda: any_run_async(DELETE, stub)),
    "iterate_async over a function": later(lambda: any_iterate_async(OPENING, stub)),
    "a fork over a blocking function": later(lambda: any_run_async(FORK, stub)),
    "run over no Result": lambda: any_run(DELETE, raw),
    "run_async over no Result": later(lambda: any_run_async(DELETE, raw_async)),
    "run_async over no awaitable": later(lambda: any_run_async(DELETE, raw)),
    "iterate over no Result": lambda: list(any_iterate(OPENING, raw)),
    "a fork over no Result": lambda: any_run(FORK, raw, concurrency=2),
}

if __name__ == "__main__":
    told: dict[str, Any] = {}
    for name, call in CALLS.items():
        asked.clear()
        try:
            told[name] = ["", repr(call())]
        except Exception as error:
            told[name] = [type(error).__name__, str(error), len(asked)]
        gc.collect()
    print(json.dumps(told))
