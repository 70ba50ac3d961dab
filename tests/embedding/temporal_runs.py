"""Workflows that are run to their end in one sandbox, and what the same programs do outside of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

from catalogue import START, Host, service
from msgspec import structs
from programs import Program
from temporal_activity import Sender
from temporal_engine import Server, ticked
from temporal_history import History
from temporal_replay import PASSED_THROUGH, Recording, name_of, replay
from temporal_workers import LiveWorker
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.bridge.proto.workflow_commands import ScheduleActivity
from temporalio.common import RawValue
from temporalio.testing import ActivityEnvironment
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from puresponse.core import HttpRequest, Open, Send, Wait, decode_request
from puresponse.transports import Transport, VirtualClock

T = TypeVar("T")


class ActivityWorker:
    """Does the activities that send, by the real activity function, and keeps the requests."""

    def __init__(self, transport: Transport) -> None:
        self._sender = Sender(transport)
        self.requests: list[HttpRequest] = []
        self.answers: list[bytes] = []

    def __call__(self, scheduled: ScheduleActivity) -> Payload:
        """Do an activity."""
        assert scheduled.activity_type == "puresponse.send_request"
        (argument,) = scheduled.arguments
        self.requests.append(decode_request(argument.data).unwrap())
        answer = ActivityEnvironment().run(self._sender.send_request, RawValue(argument)).payload
        self.answers.append(answer.data)
        return answer


class Failing(ActivityWorker):
    """Raises `errors`, one by one, in place of answers, from answer number `errors_from` on. The requests are sent."""

    def __init__(self, transport: Transport, *errors: Exception, errors_from: int = 0) -> None:
        super().__init__(transport)
        self._errors = list(errors)
        self._errors_from = errors_from

    def __call__(self, scheduled: ScheduleActivity) -> Payload:
        """Do an activity, and lose its answer."""
        answer = super().__call__(scheduled)
        if self._errors and len(self.requests) > self._errors_from:
            raise self._errors.pop(0)
        return answer


class Ran:
    """A workflow that was run to its end, live in one sandbox."""

    def __init__(
        self,
        workflow: type,
        argument: object,
        *,
        restrictions: SandboxRestrictions = PASSED_THROUGH,
        errors: tuple[Exception, ...] = (),
        errors_from: int = 0,
        cancel_after: int | None = None,
        restart_after: int | None = None,
        slow: bool = False,
        serving: Callable[[VirtualClock], Transport] = service,
    ) -> None:
        clock = VirtualClock(now=START)
        self.workflow = workflow
        self.argument = argument
        self.worker = Failing(serving(clock), *errors, errors_from=errors_from)
        self.server = Server(self.worker, clock=clock, cancel_after=cancel_after, slow=slow)
        self._restart_after = restart_after
        self.live = LiveWorker(workflow, restrictions)
        self.history = at_once(self._run())

    @property
    def last(self) -> HistoryEvent:
        """How it ended."""
        return self.history.events[-1]

    @property
    def result(self) -> Any:
        """The result, out of its JSON."""
        return json.loads(self.result_json)

    @property
    def result_json(self) -> bytes:
        """The result, as it stands in the history."""
        assert self.last.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, self.last
        return self.last.workflow_execution_completed_event_attributes.result.payloads[0].data

    @property
    def failure(self) -> Any:
        """What the workflow failed with."""
        assert self.last.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, self.last
        return self.last.workflow_execution_failed_event_attributes.failure

    @property
    def kinds(self) -> list[str]:
        """What the workflow wanted done, in order."""
        return [str(command.WhichOneof("variant")) for command in self.server.commands]

    def replayed(self, workflow: type | None = None) -> Recording:
        """Let the core replay the history with its own workflow, or another."""
        return at_once(replay(workflow or self.workflow, self.history.as_client_sees_it()))

    async def _run(self) -> History:
        history = self.server.begin(name_of(self.workflow), self.argument)
        try:
            if self._restart_after is not None:
                await self.server.go_on(history, self.live, tasks=self._restart_after)
                await self.live.restart()
            return await self.server.go_on(history, self.live)
        finally:
            await self.live.evict()


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(coroutine)


class Expected:
    """The same program, run by the tests' own host with the same chance and the same fineness of timers."""

    def __init__(self, program: Program, seed: int) -> None:
        self._random = Random(seed)
        self.requests: list[HttpRequest] = []
        self.waits: list[tuple[float, float]] = []
        self.run = Host(self._drawn, chunks=False).run(program)

    @property
    def forks(self) -> bool:
        """Whether operations are carried out at once, where the order of their steps is the host's own."""
        return any(step.kind == "Fork" for step in self.run.steps)

    @property
    def steps(self) -> list[str]:
        """What reaches the outside: the requests, and the waits that take time."""
        kinds = {"Send": "schedule_activity", "Open": "schedule_activity", "Wait": "start_timer"}
        return [kinds[step.kind] for step in self.run.steps if step.kind in kinds and step.detail != "0 0"]

    def _drawn(self, program: Program, elapsed: float) -> Program:
        if isinstance(program, Send | Open):
            self.requests.append(program.request)
            self._random.getrandbits(32)
        if not isinstance(program, Wait) or program.seconds + program.spread == 0:
            return program
        self.waits.append((program.seconds, program.seconds + program.spread))
        chance = self._random.random() if program.spread else 0.0
        return structs.replace(program, seconds=ticked(program.seconds + program.spread * chance), spread=0.0)
