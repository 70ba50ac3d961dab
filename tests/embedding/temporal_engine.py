"""Temporal in process: the workflows run in its real sandbox and are replayed by its real core; the server is this.

A server is asked for three things only: it writes the history, has the activities done, and lets the timers fire, in
virtual time. What is to be done next it is told by a worker (`temporal_workers`).
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from catalogue import START
from temporal_history import History
from temporal_workers import Task
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_commands import ScheduleActivity, WorkflowCommand
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter
from temporalio.exceptions import TimeoutError, TimeoutType

from puresponse.transports import VirtualClock

TICK = 1 / 512
"""Seconds. The server's timers are no finer; a binary fraction, so that virtual time is exact."""

Activity: TypeAlias = Callable[[ScheduleActivity], Payload]
"""Does an activity, and gives its result; raises what the worker would report."""


Worker: TypeAlias = Callable[[History], Awaitable[Task]]


def ticked(seconds: float) -> float:
    """How long a timer of so many seconds takes."""
    return math.ceil(round(seconds, 6) / TICK) * TICK


class Server:
    """Runs a workflow to its end: has its activities done in the order in which it wanted them, then its timers fire.

    `cancel_after` is the number of tasks after which somebody cancels the workflow. Activities take no time, or, where
    they are `slow`, longer than any timer.
    """

    def __init__(
        self, activity: Activity, *, clock: VirtualClock, cancel_after: int | None = None, slow: bool = False
    ) -> None:
        self._activity = activity
        self._slow = slow
        self._clock = clock
        self._cancel_after = cancel_after
        self._activities: dict[int, tuple[ScheduleActivity, int]] = {}
        self._timers: dict[int, tuple[float, int]] = {}
        self.waits: list[float] = []
        self.commands: list[WorkflowCommand] = []
        self.tasks = 0

    @property
    def seconds(self) -> float:
        """How long the workflow has run."""
        return self._clock.now - START

    def begin(self, workflow_type: str, argument: object) -> History:
        """Start a workflow."""
        assert self._clock.now == START
        return History(self._clock, workflow_type, DefaultPayloadConverter().to_payload(argument))

    async def run(self, workflow_type: str, argument: object, worker: Worker) -> History:
        """Start a workflow and see it through. Its last event says how it ended."""
        return await self.go_on(self.begin(workflow_type, argument), worker)

    async def go_on(self, history: History, worker: Worker, *, tasks: int = 10_000) -> History:
        """Have `worker` do so many more tasks of a workflow, or all that are left."""
        for _ in range(tasks):
            if history.has_ended:
                break
            history.task_started()
            task = await worker(history)
            history.task_completed(task.flags)
            self.tasks += 1
            self.commands += task.commands
            for command in task.commands:
                self._obey(command, history)
            if not history.has_ended:
                self._let_something_happen(history)
        return history

    def _obey(self, command: WorkflowCommand, history: History) -> None:
        """Do as the workflow says."""
        match command.WhichOneof("variant"):
            case "schedule_activity":
                scheduled = command.schedule_activity
                self._activities[scheduled.seq] = scheduled, history.activity_scheduled(scheduled)
            case "start_timer":
                seconds = command.start_timer.start_to_fire_timeout.ToNanoseconds() / 1e9
                self.waits.append(seconds)
                due = self._clock.now + ticked(seconds)
                self._timers[command.start_timer.seq] = due, history.timer_started(command.start_timer)
            case "request_cancel_activity":
                history.activity_cancel_requested(self._activities.pop(command.request_cancel_activity.seq)[1])
            case "cancel_timer":
                seq = command.cancel_timer.seq
                history.timer_canceled(self._timers.pop(seq)[1], seq)
            case "set_patch_marker":
                history.patch_marked(command.set_patch_marker.patch_id)
            case "complete_workflow_execution" | "fail_workflow_execution" | "cancel_workflow_execution":
                history.ended(command)
            case other:
                raise AssertionError(f"the tests' server knows no {other}")

    def _let_something_happen(self, history: History) -> None:
        if self.tasks == self._cancel_after:
            history.cancel_requested()
        elif self._activities and not (self._slow and self._timers):
            seq = min(self._activities)
            command, scheduled = self._activities.pop(seq)
            self._do(command, scheduled, history)
        else:
            seq = min(self._timers, key=lambda seq: self._timers[seq])
            self._clock.now, started = self._timers.pop(seq)
            history.timer_fired(started, seq)

    def _do(self, command: ScheduleActivity, scheduled: int, history: History) -> None:
        try:
            history.activity_completed(scheduled, self._activity(command))
        except Exception as error:
            failure = Failure()
            DefaultFailureConverter().to_failure(error, DefaultPayloadConverter(), failure)
            if isinstance(error, TimeoutError):
                started = error.type is not TimeoutType.SCHEDULE_TO_START
                history.activity_timed_out(scheduled, failure, started=started)
            else:
                history.activity_failed(scheduled, failure)
