"""What Temporal's server writes down of a run of a workflow: the history that a worker works from, and replays.

Law: an event is appended, numbered and timed, and never changed. What a worker tells of its own logic (the flags) is
kept with the task that it completed, since a replay goes by it.
"""

from __future__ import annotations

from temporalio.api.common.v1 import ActivityType, Payload, Payloads, WorkflowType
from temporalio.api.enums.v1 import EventType, RetryState
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import (
    ActivityTaskCancelRequestedEventAttributes,
    ActivityTaskCompletedEventAttributes,
    ActivityTaskFailedEventAttributes,
    ActivityTaskScheduledEventAttributes,
    ActivityTaskStartedEventAttributes,
    ActivityTaskTimedOutEventAttributes,
    HistoryEvent,
    MarkerRecordedEventAttributes,
    TimerCanceledEventAttributes,
    TimerFiredEventAttributes,
    TimerStartedEventAttributes,
    WorkflowExecutionCanceledEventAttributes,
    WorkflowExecutionCancelRequestedEventAttributes,
    WorkflowExecutionCompletedEventAttributes,
    WorkflowExecutionFailedEventAttributes,
    WorkflowExecutionStartedEventAttributes,
    WorkflowTaskCompletedEventAttributes,
    WorkflowTaskScheduledEventAttributes,
    WorkflowTaskStartedEventAttributes,
)
from temporalio.api.sdk.v1 import WorkflowTaskCompletedMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.bridge.proto.workflow_commands import ScheduleActivity, StartTimer, WorkflowCommand
from temporalio.client import WorkflowHistory

from puresponse.transports import VirtualClock

WORKFLOW_ID = "the-workflow"
RUN_ID = "11111111-1111-1111-1111-111111111111"
"""The run's chance is drawn from this."""

_QUEUE = TaskQueue(name="replay-None")
_CORE_FLAGS = (1, 3)
"""Check an activity's id and type; let a workflow's last command be the last (sdk-core, `internal_flags.rs`)."""


class History:
    """The events of a run, by the time of `clock`."""

    def __init__(self, clock: VirtualClock, workflow_type: str, argument: Payload) -> None:
        self._clock = clock
        self.events: list[HistoryEvent] = []
        self.has_ended = False
        self._completed = 0
        self._flags: set[int] = set()
        started = WorkflowExecutionStartedEventAttributes(
            workflow_type=WorkflowType(name=workflow_type),
            task_queue=_QUEUE,
            input=Payloads(payloads=[argument]),
            original_execution_run_id=RUN_ID,
            first_execution_run_id=RUN_ID,
            attempt=1,
        )
        self._add("WORKFLOW_EXECUTION_STARTED", HistoryEvent(workflow_execution_started_event_attributes=started))

    def as_client_sees_it(self) -> WorkflowHistory:
        """The history as a client would fetch it: through JSON, as files and Temporal's own tools hold it."""
        return WorkflowHistory.from_json(WORKFLOW_ID, WorkflowHistory(WORKFLOW_ID, self.events).to_json())

    def task_started(self) -> None:
        """A worker is asked what is to be done next."""
        scheduled = self._add(
            "WORKFLOW_TASK_SCHEDULED",
            HistoryEvent(
                workflow_task_scheduled_event_attributes=WorkflowTaskScheduledEventAttributes(
                    task_queue=_QUEUE, attempt=1
                )
            ),
        )
        started = WorkflowTaskStartedEventAttributes(scheduled_event_id=scheduled)
        self._add("WORKFLOW_TASK_STARTED", HistoryEvent(workflow_task_started_event_attributes=started))

    def task_completed(self, flags: set[int]) -> None:
        """A worker has said what is to be done next, by logic that `flags` names."""
        started = len(self.events)
        metadata = WorkflowTaskCompletedMetadata(
            core_used_flags=() if self._completed else _CORE_FLAGS, lang_used_flags=sorted(flags - self._flags)
        )
        self._flags |= flags
        attributes = WorkflowTaskCompletedEventAttributes(
            scheduled_event_id=started - 1, started_event_id=started, sdk_metadata=metadata
        )
        self._completed = self._add(
            "WORKFLOW_TASK_COMPLETED", HistoryEvent(workflow_task_completed_event_attributes=attributes)
        )

    def activity_scheduled(self, command: ScheduleActivity) -> int:
        """An activity is to be done."""
        attributes = ActivityTaskScheduledEventAttributes(
            activity_id=command.activity_id,
            activity_type=ActivityType(name=command.activity_type),
            task_queue=_QUEUE,
            input=Payloads(payloads=command.arguments),
            start_to_close_timeout=command.start_to_close_timeout,
            retry_policy=command.retry_policy,
            workflow_task_completed_event_id=self._completed,
        )
        return self._add("ACTIVITY_TASK_SCHEDULED", HistoryEvent(activity_task_scheduled_event_attributes=attributes))

    def activity_completed(self, scheduled: int, result: Payload) -> None:
        """A worker took the activity that was scheduled in event number `scheduled`, and gave a result."""
        attributes = ActivityTaskCompletedEventAttributes(
            scheduled_event_id=scheduled,
            started_event_id=self._activity_started(scheduled),
            result=Payloads(payloads=[result]),
        )
        self._add("ACTIVITY_TASK_COMPLETED", HistoryEvent(activity_task_completed_event_attributes=attributes))

    def activity_failed(self, scheduled: int, failure: Failure) -> None:
        """A worker took the activity, and gave a failure."""
        attributes = ActivityTaskFailedEventAttributes(
            scheduled_event_id=scheduled,
            started_event_id=self._activity_started(scheduled),
            failure=failure,
            retry_state=RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED,
        )
        self._add("ACTIVITY_TASK_FAILED", HistoryEvent(activity_task_failed_event_attributes=attributes))

    def activity_timed_out(self, scheduled: int, failure: Failure, *, started: bool) -> None:
        """Time ran out for the activity, which a worker had `started` or not."""
        attributes = ActivityTaskTimedOutEventAttributes(
            scheduled_event_id=scheduled,
            started_event_id=self._activity_started(scheduled) if started else 0,
            failure=failure,
            retry_state=RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED,
        )
        self._add("ACTIVITY_TASK_TIMED_OUT", HistoryEvent(activity_task_timed_out_event_attributes=attributes))

    def activity_cancel_requested(self, scheduled: int) -> None:
        """The workflow no longer waits for the activity."""
        attributes = ActivityTaskCancelRequestedEventAttributes(
            scheduled_event_id=scheduled, workflow_task_completed_event_id=self._completed
        )
        self._add(
            "ACTIVITY_TASK_CANCEL_REQUESTED", HistoryEvent(activity_task_cancel_requested_event_attributes=attributes)
        )

    def timer_started(self, command: StartTimer) -> int:
        """A timer runs."""
        attributes = TimerStartedEventAttributes(
            timer_id=str(command.seq),
            start_to_fire_timeout=command.start_to_fire_timeout,
            workflow_task_completed_event_id=self._completed,
        )
        return self._add("TIMER_STARTED", HistoryEvent(timer_started_event_attributes=attributes))

    def timer_fired(self, started: int, seq: int) -> None:
        """The timer of event number `started` has run its time."""
        attributes = TimerFiredEventAttributes(timer_id=str(seq), started_event_id=started)
        self._add("TIMER_FIRED", HistoryEvent(timer_fired_event_attributes=attributes))

    def timer_canceled(self, started: int, seq: int) -> None:
        """The workflow no longer waits for the timer."""
        attributes = TimerCanceledEventAttributes(
            timer_id=str(seq), started_event_id=started, workflow_task_completed_event_id=self._completed
        )
        self._add("TIMER_CANCELED", HistoryEvent(timer_canceled_event_attributes=attributes))

    def patch_marked(self, patch_id: str) -> None:
        """The workflow takes the new way at a patch."""
        details = Payload(
            metadata={"encoding": b"json/plain"}, data=b'{"id":"%s","deprecated":false}' % patch_id.encode()
        )
        attributes = MarkerRecordedEventAttributes(
            marker_name="core_patch",
            details={"patch-data": Payloads(payloads=[details])},
            workflow_task_completed_event_id=self._completed,
        )
        self._add("MARKER_RECORDED", HistoryEvent(marker_recorded_event_attributes=attributes))

    def cancel_requested(self) -> None:
        """Somebody wants the workflow to stop."""
        attributes = WorkflowExecutionCancelRequestedEventAttributes(cause="the test")
        self._add(
            "WORKFLOW_EXECUTION_CANCEL_REQUESTED",
            HistoryEvent(workflow_execution_cancel_requested_event_attributes=attributes),
        )

    def ended(self, command: WorkflowCommand) -> None:
        """The workflow has a result, has failed, or is cancelled."""
        self.has_ended = True
        completed = self._completed
        if command.HasField("complete_workflow_execution"):
            result = Payloads(payloads=[command.complete_workflow_execution.result])
            self._add(
                "WORKFLOW_EXECUTION_COMPLETED",
                HistoryEvent(
                    workflow_execution_completed_event_attributes=WorkflowExecutionCompletedEventAttributes(
                        result=result, workflow_task_completed_event_id=completed
                    )
                ),
            )
        elif command.HasField("fail_workflow_execution"):
            self._add(
                "WORKFLOW_EXECUTION_FAILED",
                HistoryEvent(
                    workflow_execution_failed_event_attributes=WorkflowExecutionFailedEventAttributes(
                        failure=command.fail_workflow_execution.failure, workflow_task_completed_event_id=completed
                    )
                ),
            )
        else:
            self._add(
                "WORKFLOW_EXECUTION_CANCELED",
                HistoryEvent(
                    workflow_execution_canceled_event_attributes=WorkflowExecutionCanceledEventAttributes(
                        workflow_task_completed_event_id=completed
                    )
                ),
            )

    def _activity_started(self, scheduled: int) -> int:
        attributes = ActivityTaskStartedEventAttributes(scheduled_event_id=scheduled, attempt=1)
        return self._add("ACTIVITY_TASK_STARTED", HistoryEvent(activity_task_started_event_attributes=attributes))

    def _add(self, event_type: str, event: HistoryEvent) -> int:
        event.event_id = len(self.events) + 1
        event.event_type = EventType.Value(f"EVENT_TYPE_{event_type}")
        event.event_time.FromNanoseconds(round(self._clock.now * 512) * 1_953_125)
        self.events.append(event)
        return event.event_id
