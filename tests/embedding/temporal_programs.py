"""The workflows of the tests. They run inside Temporal's sandbox: nothing here imports a transport."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from programs import PATIENT, PROGRAMS
from returns.result import Failure, Result
from temporal_host import Sending, give, iterate_in_workflow, json_value, run_in_workflow
from temporalio import workflow
from temporalio.common import RawValue

from puresponse.codecs import encode
from puresponse.core import (
    END,
    Done,
    Fork,
    HttpRequest,
    Operation,
    Send,
    Wait,
    cancel_response,
    create_response,
    delay,
    delete_response,
    retrieve_response,
    retrying,
    succeed,
)


def outcome(values: tuple[Any, ...], result: Result[Any, Any]) -> bytes:
    """All that came of a program, as JSON."""
    if isinstance(result, Failure):
        error = result.failure()
        return encode({"values": values, "error": type(error).__name__, "fields": error, "text": str(error)})
    return encode({"values": values, "value": result.unwrap()})


@workflow.defn
class RunProgram:
    """Runs a program of the catalogue, by its name."""

    @workflow.run
    async def run(self, name: str) -> RawValue:
        program = PROGRAMS[name]()
        if isinstance(program, Done | Send | Wait | Fork):
            return json_value(outcome((), await run_in_workflow(program)))
        values: list[Any] = [value async for value in iterate_in_workflow(program)]
        broken_off = values.pop() if values and isinstance(values[-1], Failure) else END.result
        return json_value(outcome(tuple(values), broken_off))


@workflow.defn
class Loaded:
    """Tells what modules of the library a workflow has, and which object one of them is."""

    @workflow.run
    async def run(self, module: str) -> dict[str, int]:
        await run_in_workflow(retrieve_response("resp_completed"))
        assert module in sys.modules
        return {name: id(loaded) for name, loaded in sys.modules.items() if name.startswith(("puresponse", "msgspec"))}


REACHES = "the clock", "the date", "a file", "chance", "the network", "the environment", "the operating system"


def reach(what: str) -> object:
    """Do what no workflow may do."""
    match what:
        case "the clock":
            return time.time()
        case "the date":
            return datetime.now()
        case "a file":
            with open("/etc/hostname") as file:
                return file.read()
        case "chance":
            return random.random()
        case "the network":
            return socket.socket()
        case "the environment":
            return os.environ["HOME"]
        case _:
            return os.getpid()


@workflow.defn
class Reaching:
    """Reaches out of the sandbox in the middle of an operation."""

    @workflow.run
    async def run(self, what: str) -> str:
        operation = retrieve_response("resp_completed").map(lambda _: reach(what))
        return str(await run_in_workflow(operation))


@workflow.defn
class Impure:
    """Gets around the sandbox, and does what a variable of the environment says."""

    @workflow.run
    async def run(self, response_id: str) -> RawValue:
        return give(await run_in_workflow(retrieve_response(response_id).bind(lambda _: self.next(response_id))))

    def next(self, response_id: str) -> Operation[Any]:
        """Delete or cancel."""
        with workflow.unsafe.sandbox_unrestricted():
            delete = os.environ["TEMPORAL_TEST"] == "delete"
        return delete_response(response_id) if delete else cancel_response(response_id)


@workflow.defn(name="Cleaning")
class Cleaning:
    """Deletes a response."""

    @workflow.run
    async def run(self, response_id: str) -> RawValue:
        return give(await run_in_workflow(retrying(delete_response(response_id), PATIENT)))


@workflow.defn(name="Cleaning")
class CleaningLater:
    """A new version of `Cleaning` that waits first, also where the old one has begun: which is wrong."""

    @workflow.run
    async def run(self, response_id: str) -> RawValue:
        operation = delay(60.0).bind(lambda _: delete_response(response_id))
        return give(await run_in_workflow(retrying(operation, PATIENT)))


@workflow.defn(name="Cleaning")
class CleaningAnother:
    """A new version of `Cleaning` that sends something else at the same place: which is wrong."""

    @workflow.run
    async def run(self, response_id: str) -> RawValue:
        return give(await run_in_workflow(retrying(cancel_response(response_id), PATIENT)))


@workflow.defn(name="Cleaning")
class CleaningPatched:
    """A new version of `Cleaning` that lets what has begun go on as it began."""

    @workflow.run
    async def run(self, response_id: str) -> RawValue:
        operation: Operation[Any] = delete_response(response_id)
        if workflow.patched("wait first"):
            operation = delay(60.0).bind(lambda _: delete_response(response_id))
        return give(await run_in_workflow(retrying(operation, PATIENT)))


@workflow.defn
class Creating:
    """Creates a response, which is not idempotent."""

    @workflow.run
    async def run(self, prompt: str) -> RawValue:
        operation = retrying(create_response(model="gpt-5-mini", input=prompt), PATIENT)
        return give(await run_in_workflow(operation, Sending(schedule_to_start_timeout=timedelta(seconds=30))))


@workflow.defn
class AtOnce:
    """Deletes several responses at once."""

    @workflow.run
    async def run(self, response_ids: list[str]) -> list[bool]:
        results = await asyncio.gather(
            *(run_in_workflow(retrying(delete_response(one), PATIENT)) for one in response_ids)
        )
        return [isinstance(result, Failure) for result in results]


@workflow.defn
class Forked:
    """Deletes several responses in one operation, at most so many at once."""

    @workflow.run
    async def run(self, concurrency: int) -> list[bool]:
        deleting = tuple(delete_response(f"resp_{number}") for number in range(5))
        results = await run_in_workflow(Fork(deleting, succeed), Sending(concurrency=concurrency))
        return [isinstance(result, Failure) for result in results.unwrap()]


@workflow.defn
class ForkedInTime:
    """Waits for a fork no longer than a second, and tells how that ended; then it sends."""

    @workflow.run
    async def run(self, what: str) -> str:
        branch: Operation[Any] = delay(60.0) if what == "wait" else retrieve_response("resp_completed")
        within: Operation[Any] = Fork((branch, delay(0.5).bind(lambda _: branch)), succeed)
        try:
            async with asyncio.timeout(1.0):
                return str(await run_in_workflow(Fork((within, delay(90.0)), succeed)))
        except TimeoutError:
            return str((await run_in_workflow(delete_response("resp_completed"))).unwrap().deleted)


@workflow.defn
class ForkedByMistake:
    """Has a bug in one of the operations of a fork, and goes on where that is raised."""

    @workflow.run
    async def run(self, text: str) -> str:
        buggy = retrieve_response("resp_completed").map(lambda _: int(text))
        fork: Operation[Any] = Fork(
            (delay(60.0), buggy, delete_response("resp_chat").bind(lambda _: delay(1.0))), succeed
        )
        try:
            return str(await run_in_workflow(fork))
        except ValueError:
            return "a bug"


@workflow.defn
class Hurried:
    """Waits for an operation no longer than a second, and tells how that ended."""

    @workflow.run
    async def run(self, what: str) -> str:
        operation: Operation[Any] = delay(60.0) if what == "wait" else retrieve_response("resp_completed")
        try:
            async with asyncio.timeout(1.0):
                return str(await run_in_workflow(operation))
        except TimeoutError:
            return "too late"


@workflow.defn
class Cancellable:
    """Waits, then sends; tells in its result when it is not cancelled."""

    @workflow.run
    async def run(self, response_id: str) -> str:
        operation = retrieve_response(response_id).bind(lambda _: delay(60.0)).bind(lambda _: succeed("not cancelled"))
        return (await run_in_workflow(operation)).unwrap()


@workflow.defn
class Unwritable:
    """Sends what no JSON can hold: half a surrogate pair."""

    @workflow.run
    async def run(self, text: str) -> RawValue:
        return give(await run_in_workflow(Send(HttpRequest("POST", "/responses", headers=(("x", text),)), Done)))


@workflow.defn
class TidyingUp:
    """Looks at a response and waits; when it is cancelled, it cancels the response."""

    @workflow.run
    async def run(self, response_id: str) -> None:
        try:
            await run_in_workflow(retrieve_response(response_id).bind(lambda _: delay(60.0)))
        except asyncio.CancelledError:
            (await run_in_workflow(retrying(cancel_response(response_id), PATIENT))).unwrap()
            raise
