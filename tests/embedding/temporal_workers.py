"""Workers: what a server asks, task by task, what a workflow wants done next.

- `LiveWorker` keeps the workflow in the sandbox, and activates it with what has happened since.
- `RestartingWorker` keeps nothing: each time, Temporal's own core replays the history so far, into a new sandbox.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from msgspec import Struct
from temporal_history import RUN_ID, WORKFLOW_ID, History
from temporal_host import SEND_REQUEST
from temporal_replay import PASSED_THROUGH, SANDBOXED, Exchange, commands_of, replay
from temporalio.api.common.v1 import ActivityType
from temporalio.api.enums.v1 import EventType, RetryState
from temporalio.api.failure.v1 import ActivityFailureInfo, CanceledFailureInfo, Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.bridge.proto.activity_result import ActivityResolution, Cancellation, Success
from temporalio.bridge.proto.activity_result import Failure as ActivityFailure
from temporalio.bridge.proto.workflow_activation import (
    CancelWorkflow,
    FireTimer,
    InitializeWorkflow,
    RemoveFromCache,
    ResolveActivity,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions


class Task(Struct, frozen=True):
    """What a worker says is to be done next, and the flags of the logic by which it came to that."""

    commands: list[WorkflowCommand]
    flags: set[int]


class WorkflowTaskFailed(Exception):
    """A workflow did what no workflow may do: Temporal would try the task again, and again."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.application_failure_info.type}: {failure.message}")


class LiveWorker:
    """Runs a workflow in one sandbox, from activation to activation.

    How the sandbox is set up, and what it is told first, is what Temporal's core says for a run of this workflow.
    """

    def __init__(self, workflow: type, restrictions: SandboxRestrictions = SANDBOXED) -> None:
        self._workflow = workflow
        self._sandbox = SandboxedWorkflowRunner(restrictions=restrictions)
        self._instance: WorkflowInstance | None = None
        self._seqs: dict[str, int] = {}
        self._first: _First | None = None
        self._seen = 0
        self.exchanges: list[Exchange] = []

    async def __call__(self, history: History) -> Task:
        """Activate the workflow with what has happened, and with what comes of its commands at once."""
        if self._instance is None:
            self._first = await _first(self._workflow, history)
            self._instance = self._new_instance()
        jobs = [job for event in history.events[self._seen :] for job in self._jobs(event, history)]
        self._seen = len(history.events)
        commands: list[WorkflowCommand] = []
        flags: set[int] = set()
        while jobs:
            last = history.events[-1]
            activation = WorkflowActivation(run_id=RUN_ID, jobs=jobs, history_length=last.event_id)
            activation.timestamp.CopyFrom(last.event_time)
            completion = await self._activate(activation)
            if completion.HasField("failed"):
                raise WorkflowTaskFailed(completion.failed.failure)
            commands += completion.successful.commands
            flags |= set(completion.successful.used_internal_flags)
            jobs = [job for command in completion.successful.commands for job in self._at_once(command)]
        return Task(commands, flags)

    async def restart(self) -> None:
        """Lose the sandbox, as when a worker stops, and come to the same point in a new one, by replay."""
        await self.evict()
        lost, self.exchanges = self.exchanges, []
        self._instance = self._new_instance()
        for exchange in lost:
            activation = WorkflowActivation()
            activation.CopyFrom(exchange.activation)
            activation.is_replaying = True
            activation.available_internal_flags.extend(
                sorted({flag for kept in lost for flag in kept.completion.successful.used_internal_flags})
            )
            completion = await self._activate(activation)
            assert list(completion.successful.commands) == list(exchange.completion.successful.commands)

    async def evict(self) -> None:
        """Throw the workflow out of the sandbox, as a worker does that stops or needs the room."""
        if self._instance is not None:
            remove = WorkflowActivationJob(remove_from_cache=RemoveFromCache(message="evicted"))
            await asyncio.to_thread(self._instance.activate, WorkflowActivation(run_id=RUN_ID, jobs=[remove]))
            self._instance = None

    @property
    def seed(self) -> int:
        """Where the chance of the run comes from."""
        return self._details().randomness_seed

    def _new_instance(self) -> WorkflowInstance:
        # pytest would compile all modules anew, with assertions of its own in them.
        finders = sys.meta_path.copy()
        sys.meta_path[:] = [finder for finder in finders if not type(finder).__module__.startswith("_pytest")]
        try:
            return self._sandbox.create_instance(self._details())
        finally:
            sys.meta_path[:] = finders

    def _details(self) -> WorkflowInstanceDetails:
        assert self._first is not None, "the workflow has begun"
        return self._first.details

    async def _activate(self, activation: WorkflowActivation) -> WorkflowActivationCompletion:
        assert self._instance is not None
        completion = await asyncio.to_thread(self._instance.activate, activation)
        self.exchanges.append(Exchange(activation, completion))
        return completion

    def _jobs(self, event: HistoryEvent, history: History) -> list[WorkflowActivationJob]:
        """What a workflow is told of an event, as Temporal's core tells it."""
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                assert self._first is not None
                return [WorkflowActivationJob(initialize_workflow=self._first.job)]
            case EventType.EVENT_TYPE_TIMER_FIRED:
                return [
                    WorkflowActivationJob(fire_timer=FireTimer(seq=int(event.timer_fired_event_attributes.timer_id)))
                ]
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED:
                cause = event.workflow_execution_cancel_requested_event_attributes.cause
                return [WorkflowActivationJob(cancel_workflow=CancelWorkflow(reason=cause))]
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                completed = event.activity_task_completed_event_attributes
                success = Success(result=completed.result.payloads[0])
                return [self._resolved(completed.scheduled_event_id, history, ActivityResolution(completed=success))]
            case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
                failed = event.activity_task_failed_event_attributes
                return [self._failed("Activity task failed", failed, history)]
            case EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT:
                timed_out = event.activity_task_timed_out_event_attributes
                return [self._failed("Activity task timed out", timed_out, history)]
            case _:
                return []

    def _failed(self, message: str, attributes: Any, history: History) -> WorkflowActivationJob:
        scheduled: int = attributes.scheduled_event_id
        info = _activity_info(history.events[scheduled - 1], attributes.started_event_id, attributes.retry_state)
        failure = Failure(message=message, cause=attributes.failure, activity_failure_info=info)
        return self._resolved(scheduled, history, ActivityResolution(failed=ActivityFailure(failure=failure)))

    def _resolved(self, scheduled: int, history: History, result: ActivityResolution) -> WorkflowActivationJob:
        activity_id = history.events[scheduled - 1].activity_task_scheduled_event_attributes.activity_id
        return WorkflowActivationJob(resolve_activity=ResolveActivity(seq=self._seqs[activity_id], result=result))

    def _at_once(self, command: WorkflowCommand) -> list[WorkflowActivationJob]:
        """What the core answers to a command by itself: an activity that is no longer wanted is over."""
        if command.HasField("schedule_activity"):
            self._seqs[command.schedule_activity.activity_id] = command.schedule_activity.seq
        if not command.HasField("request_cancel_activity"):
            return []
        ids = {seq: activity_id for activity_id, seq in self._seqs.items()}
        seq = command.request_cancel_activity.seq
        failure = Failure(
            message="Activity cancelled",
            cause=Failure(canceled_failure_info=CanceledFailureInfo()),
            activity_failure_info=ActivityFailureInfo(
                activity_type=ActivityType(name=SEND_REQUEST),
                activity_id=ids[seq],
                retry_state=RetryState.RETRY_STATE_CANCEL_REQUESTED,
            ),
        )
        resolution = ActivityResolution(cancelled=Cancellation(failure=failure))
        return [WorkflowActivationJob(resolve_activity=ResolveActivity(seq=seq, result=resolution))]


def _activity_info(scheduled: HistoryEvent, started: int, retry_state: RetryState.ValueType) -> ActivityFailureInfo:
    attributes = scheduled.activity_task_scheduled_event_attributes
    return ActivityFailureInfo(
        scheduled_event_id=scheduled.event_id,
        started_event_id=started,
        activity_type=ActivityType(name=attributes.activity_type.name),
        activity_id=attributes.activity_id,
        retry_state=retry_state,
    )


class _First(Struct, frozen=True):
    """What a worker knows of a run when it begins."""

    details: WorkflowInstanceDetails
    job: InitializeWorkflow


_FIRSTS: dict[type, _First] = {}


async def _first(workflow: type, history: History) -> _First:
    """What Temporal's core says of the beginning of a run, with the argument of this one."""
    if workflow not in _FIRSTS:
        recorded = await replay(workflow, WorkflowHistory(WORKFLOW_ID, history.events[:3]))
        job = recorded.exchanges[0].activation.jobs[0].initialize_workflow
        _FIRSTS[workflow] = _First(recorded.details[-1], job)
    first = _FIRSTS[workflow]
    job = InitializeWorkflow()
    job.CopyFrom(first.job)
    del job.arguments[:]
    job.arguments.extend(history.events[0].workflow_execution_started_event_attributes.input.payloads)
    return _First(first.details, job)


class RestartingWorker:
    """Forgets the workflow after each task: Temporal's core replays the history so far, and goes one task further."""

    def __init__(self, workflow: type, restrictions: SandboxRestrictions = PASSED_THROUGH) -> None:
        self._workflow = workflow
        self._restrictions = restrictions

    async def __call__(self, history: History) -> Task:
        """Replay, and say what is to be done next."""
        recorded = await replay(self._workflow, history.as_client_sees_it(), self._restrictions)
        new = [exchange for exchange in recorded.exchanges if not exchange.activation.is_replaying]
        flags = {flag for exchange in new for flag in exchange.completion.successful.used_internal_flags}
        return Task(commands_of(new), flags)
