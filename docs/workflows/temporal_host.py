"""Operations inside a Temporal workflow: a `Send` is an activity, a `Wait` a timer, and a replay takes the same steps.

Law: what happens next depends on the operation, on what the activities returned, and on the workflow's own time and
chance. Temporal replays all of these, so a worker that restarts goes on where another one stopped. A request is sent by
one activity, once: whether to send it again is for `retrying` to say, which knows what may be repeated. The operations
of a `Fork` are tasks of the workflow's own event loop, whose order a replay repeats: so their activities are at workers
at once, and the history is the same every time.

This is the workflow's side: it imports the core, and no transport. `temporal_activity` is the other side.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, TimeoutError, TimeoutType

from puresponse import (
    NOT_OPEN,
    Answer,
    Chunk,
    Close,
    Emit,
    Error,
    Fork,
    HttpRequest,
    Interrupted,
    NotSent,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    Wait,
    decode_answer,
    encode,
    encode_request,
    is_failure,
    preload,
    to_plain,
)

T = TypeVar("T")

SEND_REQUEST = "puresponse.send_request"
"""The name of the activity that sends a request."""

preload()  # the sandbox wants a workflow's modules to be there before it runs

_ONCE = RetryPolicy(maximum_attempts=1)

_SHOWN = 200
"""Characters of a path in an activity's id, which has 1000 at most."""

_ENDED_BY_TEMPORAL = frozenset(
    {"ActivityPause", "ActivityReset", "CancelledError", "PayloadsTooLarge", "WorkerShutdown"}
)
"""The types of the errors by which a worker says that it stopped an activity, or cannot hand over what it returned."""


class Sending(Struct, frozen=True, kw_only=True):
    """How the activities that send are scheduled.

    `start_to_close_timeout` is how long one exchange may take. It should be longer than the transport's own limits, so
    that the transport can say what happened; when it runs out, the answer is `Interrupted`. A request that no worker
    takes for `schedule_to_start_timeout` is `NotSent`; None waits for a worker. `task_queue` is the queue of the
    workers that hold the key; None is the workflow's own. `concurrency`, 1 or more, is how many activities of one run
    are under way at once, those of all its forks together: Temporal lets a workflow have 2,000.
    """

    start_to_close_timeout: timedelta = timedelta(minutes=15)
    schedule_to_start_timeout: timedelta | None = None
    task_queue: str | None = None
    concurrency: int = 100


DEFAULT_SENDING = Sending()


class _Run(Struct, frozen=True):
    """What the parts of one run share: how they send, when it began, and the room for activities that are under way."""

    sending: Sending
    started: int
    room: asyncio.Semaphore


async def run_in_workflow(operation: Operation[T], sending: Sending = DEFAULT_SENDING) -> Result[T, Error]:
    """Carry out `operation` in the workflow that is running, and return its result.

    Raises:
        asyncio.CancelledError: When the workflow, or the part of it that runs this, is cancelled: so is the activity or
            the timer that it waits for. Whether the server acted on the request is then not known.
    """
    return await _run(operation, _begun(sending))


async def iterate_in_workflow(
    stream: Stream[T], sending: Sending = DEFAULT_SENDING
) -> AsyncGenerator[T | Failure[Error], None]:
    """Carry out `stream` in the workflow that is running, and yield its values as they arrive.

    A stream that breaks off yields its `Failure` as the last value, one that ends well yields none. An activity hands
    over an answer whole, so a body that the stream would read in chunks comes in one, and no read has to wait.
    """
    run = _begun(sending)
    chunks: list[Chunk] | None = None
    while True:
        if isinstance(stream, Emit):
            for value in stream.values:
                yield value
            stream = stream.rest
        elif isinstance(stream, Read):
            stream = stream.resume(_next_of(chunks))
        elif isinstance(stream, Perform):
            stream = stream.resume(await _run(stream.operation, run))
        elif isinstance(stream, Open):
            answer, chunks = _opened(await _send(stream.request, run))
            stream = stream.resume(answer)
        elif isinstance(stream, Close):
            chunks, stream = None, stream.rest
        else:
            if is_failure(stream.result):
                yield stream.result
            return


def give(result: Result[Any, Error]) -> RawValue:
    """Give a result out of the workflow: a value as its JSON, an error as the failure of the workflow.

    Raises:
        ApplicationError: For a `Failure`. Its type is the error's name, its one detail the error's fields. It is
            retryable only where the server certainly did not act: a workflow that creates must not create twice.
    """
    if is_failure(result):
        error = result.failure()
        once = error.may_have_acted or not error.retryable
        raise ApplicationError(str(error), to_plain(error), type=type(error).__name__, non_retryable=once)
    return json_value(encode(result.unwrap()))


def json_value(data: bytes) -> RawValue:
    """JSON as what a workflow or an activity takes or returns: it is in the history as it is."""
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))


def _begun(sending: Sending) -> _Run:
    return _Run(sending, workflow.time_ns(), asyncio.Semaphore(sending.concurrency))


async def _run(operation: Operation[T], run: _Run) -> Result[T, Error]:
    while True:
        if isinstance(operation, Send):
            operation = operation.resume(await _send(operation.request, run))
        elif isinstance(operation, Wait):
            seconds = _drawn(operation)
            if seconds > 0:
                await workflow.sleep(seconds)
            operation = operation.resume((workflow.time_ns() - run.started) / 1e9)
        elif isinstance(operation, Fork):
            operation = operation.resume(await _at_once(operation.operations, run))
        else:
            return operation.result


async def _at_once(operations: tuple[Operation[Any], ...], run: _Run) -> tuple[Result[Any, Error], ...]:
    """Carry out the operations of a fork, each as a task, to their end; what is raised or cancelled ends them all."""
    tasks = [asyncio.create_task(_run(operation, run)) for operation in operations]
    try:
        return tuple(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(request: HttpRequest, run: _Run) -> Answer:
    encoded = encode_request(request)
    if is_failure(encoded):
        return encoded
    async with run.room:
        return await _sent(request, json_value(encoded.unwrap()), run.sending)


async def _sent(request: HttpRequest, written: RawValue, sending: Sending) -> Answer:
    cancelled = _times_cancelled()
    try:
        answer = await workflow.execute_activity(
            SEND_REQUEST,
            written,
            result_type=RawValue,
            activity_id=_id_for(request),
            task_queue=sending.task_queue,
            schedule_to_start_timeout=sending.schedule_to_start_timeout,
            start_to_close_timeout=sending.start_to_close_timeout,
            retry_policy=_ONCE,
        )
    except ActivityError as error:
        if _times_cancelled() > cancelled:
            raise asyncio.CancelledError(str(error)) from error
        return _unanswered(error)
    return decode_answer(answer.payload.data)


def _id_for(request: HttpRequest) -> str:
    """Name the activity after what it does, and no other like it.

    To Temporal all sends are one kind of activity. Its replay compares their ids: so that it also notices when a
    changed program asks for something else, at the same place.
    """
    return f"{request.method} {request.path[:_SHOWN]} {workflow.random().getrandbits(32):08x}"


def _unanswered(error: ActivityError) -> Answer:
    """What it means that an activity failed: its own exception is a bug and stays one, the rest is Temporal's doing."""
    cause = error.cause
    if isinstance(cause, TimeoutError) and cause.type == TimeoutType.SCHEDULE_TO_START:
        return Failure(NotSent("unreachable", "no worker took the activity in time"))
    if isinstance(cause, ApplicationError) and cause.type not in _ENDED_BY_TEMPORAL:
        raise error
    reason = f"the activity ended without an answer: {cause}"
    return Failure(Interrupted("read_timeout" if isinstance(cause, TimeoutError) else "reset", reason))


def _times_cancelled() -> int:
    """How often the workflow, or the part of it that runs here, was asked to stop."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()


def _opened(answer: Answer) -> tuple[Answer, list[Chunk] | None]:
    """What opening returns where an answer is received whole, and what reading will: the end first, which stays.

    Of a body that broke off, what was received is its one chunk, and the error its end.
    """
    end: Chunk = Success(b"")
    if is_failure(answer):
        error = answer.failure()
        if not isinstance(error, Interrupted) or error.partial is None or not error.partial.is_success:
            return answer, None
        received, end = error.partial, Failure(replace(error, partial=None))
    else:
        received = answer.unwrap()
    if not received.is_success:
        return answer, [end]
    return Success(replace(received, body=b"")), [end, Success(received.body)] if received.body else [end]


def _next_of(chunks: list[Chunk] | None) -> Chunk:
    if chunks is None:
        return NOT_OPEN
    return chunks.pop() if len(chunks) > 1 else chunks[0]


def _drawn(wait: Wait[Any]) -> float:
    """Draw the length of a wait, in seconds."""
    return wait.seconds + wait.spread * workflow.random().random() if wait.spread else wait.seconds
