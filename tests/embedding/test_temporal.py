"""Operations and streams inside Temporal's workflow sandbox, and replayed by its core."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import temporal_example
import temporal_programs as programs
from catalogue import START, service, state
from markdown_it import MarkdownIt
from programs import PROGRAMS, STREAMS
from returns.result import Failure
from temporal_engine import Server, ticked
from temporal_programs import RunProgram, outcome
from temporal_replay import PASSED_THROUGH, SANDBOXED, commands_of
from temporal_runs import ActivityWorker, Expected, Ran, at_once
from temporal_workers import RestartingWorker, WorkflowTaskFailed
from temporalio.api.enums.v1 import EventType
from temporalio.exceptions import ApplicationError, CancelledError, ServerError, TimeoutError, TimeoutType
from temporalio.worker.workflow_sandbox import SandboxRestrictions
from temporalio.workflow import NondeterminismError

from puresponse.core import END
from puresponse.transports import MemoryTransport, VirtualClock, iterate

pytestmark = pytest.mark.unmeasured
"""Each sandbox imports the library anew: that covers nothing new, and takes twice as long where it is measured."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_gives_the_same_in_the_sandbox_as_outside(name: str) -> None:
    ran = Ran(RunProgram, name, restrictions=SANDBOXED)
    expected = Expected(PROGRAMS[name](), ran.live.seed)
    *kinds, last = ran.kinds
    assert last == "complete_workflow_execution"
    waits: list[float] = ran.server.waits
    if expected.forks:
        assert sorted(kinds) == sorted(expected.steps)
        assert sorted(map(repr, ran.worker.requests)) == sorted(map(repr, expected.requests))
        waits = sorted(waits)
    else:
        assert kinds == expected.steps
        assert ran.worker.requests == expected.requests
    for waited, (least, most) in zip(waits, sorted(expected.waits) if expected.forks else expected.waits, strict=True):
        assert least - 1e-6 <= waited <= most + 1e-6
    assert ran.result_json == outcome(expected.run.values, expected.run.result)

    # The core replays the history, tells the workflow what the tests' server told it, and hears the same commands.
    replayed = ran.replayed()
    assert commands_of(replayed.exchanges) == ran.server.commands
    told = [list(exchange.activation.jobs) for exchange in replayed.exchanges]
    assert told == [list(exchange.activation.jobs) for exchange in ran.live.exchanges]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_worker_that_restarts_in_the_middle_goes_on_as_if_it_had_not(name: str) -> None:
    unbroken = Ran(RunProgram, name)
    broken = Ran(RunProgram, name, restart_after=(unbroken.server.tasks + 1) // 2)
    assert broken.history.events == unbroken.history.events
    assert broken.worker.requests == unbroken.worker.requests
    assert len(broken.live.exchanges) == len(unbroken.live.exchanges)


@pytest.mark.parametrize(
    "name",
    [
        "cancel_and_wait",
        "retrying",
        "audit_response",
        "delete_response_chain",
        "stream_response, cut and resumed",
        "retrying a stream",
        "Fork",
        "Fork of forks",
        "retrying a fork",
        "Close",
    ],
)
def test_a_worker_that_restarts_before_every_task_goes_on_as_if_it_had_not(name: str) -> None:
    unbroken = Ran(RunProgram, name)
    clock = VirtualClock(now=START)
    server = Server(ActivityWorker(service(clock)), clock=clock)
    history = at_once(server.run("RunProgram", name, RestartingWorker(RunProgram)))
    assert server.tasks >= 2
    assert history.events == unbroken.history.events


def calm(clock: VirtualClock) -> MemoryTransport:
    """A service that answers every request, and cuts no stream."""
    return MemoryTransport(state(), clock=clock)


@pytest.mark.parametrize("name", ["stream_response", "stream_response, cut and resumed"])
def test_a_stream_of_events_gives_from_a_whole_body_what_it_gives_from_chunks(name: str) -> None:
    ran = Ran(RunProgram, name, serving=calm)
    clock = VirtualClock(now=START)
    events: list[Any] = list(iterate(STREAMS[name](), calm(clock), clock=clock, results=True))
    assert len(events) > 5
    ending = events.pop() if isinstance(events[-1], Failure) else END.result
    assert ran.result_json == outcome(tuple(events), ending)


def test_a_program_that_does_nothing_starts_nothing() -> None:
    # A wait of no seconds asks only to be resumed: a timer would cost two events, and another task of the workflow.
    for name in ("elapsed", "succeed", "fail"):
        assert Ran(RunProgram, name).kinds == ["complete_workflow_execution"]


# The sandbox


@pytest.mark.parametrize("restrictions", [SANDBOXED, PASSED_THROUGH], ids=["imported anew", "passed through"])
@pytest.mark.parametrize("what", programs.REACHES)
def test_the_sandbox_is_on(what: str, restrictions: SandboxRestrictions) -> None:
    with pytest.raises(WorkflowTaskFailed, match="RestrictedWorkflowAccessError: Cannot access"):
        Ran(programs.Reaching, what, restrictions=restrictions)


@pytest.mark.parametrize("module", ["puresponse.core.steps", "puresponse.codecs.types.response"])
def test_core_and_codecs_are_imported_anew_under_the_restrictions_and_no_transport_is(module: str) -> None:
    loaded = Ran(programs.Loaded, module, restrictions=SANDBOXED).result
    assert loaded[module] != id(sys.modules[module])
    assert {name.split(".")[1] for name in loaded if name.startswith("puresponse.")} == {"codecs", "core"}
    assert Ran(programs.Loaded, module, restrictions=PASSED_THROUGH).result[module] == id(sys.modules[module])


# Replay


def test_replay_notices_a_program_that_waits_where_it_sent() -> None:
    with pytest.raises(NondeterminismError):
        Ran(programs.Cleaning, "resp_flaky").replayed(programs.CleaningLater)


def test_replay_notices_a_program_that_sends_something_else() -> None:
    with pytest.raises(NondeterminismError, match="DELETE /responses/resp_flaky"):
        Ran(programs.Cleaning, "resp_flaky").replayed(programs.CleaningAnother)


def test_replay_notices_a_function_that_is_not_deterministic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_TEST", "delete")
    ran = Ran(programs.Impure, "resp_completed")
    ran.replayed()
    monkeypatch.setenv("TEMPORAL_TEST", "cancel")
    with pytest.raises(NondeterminismError, match="DELETE /responses/resp_completed"):
        ran.replayed()


def test_a_patched_workflow_goes_on_as_it_began_and_begins_in_the_new_way() -> None:
    old = Ran(programs.Cleaning, "resp_flaky")
    again = commands_of(old.replayed(programs.CleaningPatched).exchanges)
    # The failure with which both end tells the lines of the program that it came from.
    assert again[:-1] == old.server.commands[:-1]
    assert again[-1].fail_workflow_execution.failure.message == old.failure.message
    new = Ran(programs.CleaningPatched, "resp_flaky")
    assert new.server.waits[0] == 60.0
    assert new.kinds[:3] == ["set_patch_marker", "start_timer", "schedule_activity"]
    assert commands_of(new.replayed().exchanges) == new.server.commands


def test_the_clock_of_a_run_counts_from_its_beginning_also_after_a_restart() -> None:
    ran = Ran(RunProgram, "delay", restart_after=1)
    assert ran.result["value"] == ticked(ran.server.waits[0]) >= 2.0


# What goes in and out


def test_requests_answers_and_results_stand_in_the_history_as_json() -> None:
    ran = Ran(programs.Cleaning, "resp_completed")
    assert ran.result == {"id": "resp_completed", "object": "response.deleted", "deleted": True}
    (scheduled,) = [event for event in ran.history.events if event.HasField("activity_task_scheduled_event_attributes")]
    (request,) = scheduled.activity_task_scheduled_event_attributes.input.payloads
    assert request.metadata["encoding"] == b"json/plain"
    assert json.loads(request.data)["path"] == "/responses/resp_completed"
    assert scheduled.activity_task_scheduled_event_attributes.retry_policy.maximum_attempts == 1
    (answer,) = ran.worker.answers
    assert json.loads(answer)["status"] == 200


def test_an_error_is_the_failure_of_the_workflow_by_its_name() -> None:
    failure = Ran(programs.Cleaning, "resp_unheard_of").failure
    assert failure.application_failure_info.type == "ApiError"
    assert failure.application_failure_info.non_retryable
    assert failure.message.startswith("HTTP 404: Response with id 'resp_unheard_of' not found.")
    (detail,) = failure.application_failure_info.details.payloads
    assert json.loads(detail.data)["status"] == 404


def test_an_error_that_may_pass_and_left_nothing_done_leaves_the_workflow_to_be_retried() -> None:
    untaken = tuple(timed_out(TimeoutType.SCHEDULE_TO_START) for _ in range(4))
    failure = Ran(programs.Creating, "Once only.", errors=untaken).failure
    assert failure.application_failure_info.type == "NotSent"
    assert not failure.application_failure_info.non_retryable


def test_an_error_that_left_open_what_was_done_does_not() -> None:
    failure = Ran(programs.Cleaning, "resp_broken").failure
    assert failure.message.startswith("HTTP 500")
    assert failure.application_failure_info.non_retryable


def test_a_request_that_json_cannot_hold_is_never_sent() -> None:
    ran = Ran(programs.Unwritable, "\ud800")
    assert ran.kinds == ["fail_workflow_execution"]
    assert ran.failure.application_failure_info.type == "InvalidArgument"


def test_operations_run_side_by_side() -> None:
    ran = Ran(programs.AtOnce, ["resp_flaky", "resp_completed", "resp_unheard_of", "resp_flaky"])
    assert ran.kinds[:4] == ["schedule_activity"] * 4
    assert ran.result == [True, False, True, True]
    assert commands_of(ran.replayed().exchanges) == ran.server.commands


# Forks


def deletions(ran: Ran) -> list[str]:
    return [request.path for request in ran.worker.requests]


def test_the_operations_of_a_fork_are_at_workers_at_once() -> None:
    ran = Ran(programs.Forked, 100)
    assert ran.kinds == [*["schedule_activity"] * 5, "complete_workflow_execution"]
    assert [len(exchange.completion.successful.commands) for exchange in ran.live.exchanges] == [5, 0, 0, 0, 0, 1]
    assert ran.result == [True] * 5
    assert commands_of(ran.replayed().exchanges) == ran.server.commands


@pytest.mark.parametrize("concurrency", [1, 2, 4])
def test_no_more_of_them_than_is_said(concurrency: int) -> None:
    ran = Ran(programs.Forked, concurrency)
    commands = [len(exchange.completion.successful.commands) for exchange in ran.live.exchanges]
    assert commands == [concurrency, *[1] * (5 - concurrency), *[0] * (concurrency - 1), 1]
    assert deletions(ran) == [f"/responses/resp_{number}" for number in range(5)]
    assert commands_of(ran.replayed().exchanges) == ran.server.commands


def test_the_waits_of_a_fork_run_side_by_side() -> None:
    ran = Ran(RunProgram, "Fork of waits")
    assert ran.kinds[:2] == ["start_timer", "start_timer"]
    assert sorted(ran.server.waits) == [0.5, 2.0]
    assert ran.server.seconds == ticked(2.0)


@pytest.mark.parametrize(
    ("what", "ends"),
    [("wait", {"cancel_timer": 3, "request_cancel_activity": 0}), ("send", {"request_cancel_activity": 2})],
    ids=["while they wait", "while they send"],
)
def test_a_fork_that_is_cancelled_ends_with_all_its_forks(what: str, ends: dict[str, int]) -> None:
    ran = Ran(programs.ForkedInTime, what, slow=True)
    assert ran.result == "True"
    assert {kind: ran.kinds.count(kind) for kind in ends} == ends
    *_, last, end = ran.kinds
    assert (last, end) == ("schedule_activity", "complete_workflow_execution")
    assert commands_of(ran.replayed().exchanges) == ran.server.commands


def test_what_raises_in_a_fork_ends_the_others() -> None:
    ran = Ran(programs.ForkedByMistake, "no number")
    assert ran.result == "a bug"
    assert ran.kinds.count("cancel_timer") + ran.kinds.count("request_cancel_activity") == 2
    assert commands_of(ran.replayed().exchanges) == ran.server.commands


# Activities that end without an answer


def timed_out(kind: TimeoutType) -> TimeoutError:
    return TimeoutError("activity timeout", type=kind, last_heartbeat_details=[])


STOPPED = {
    "its time ran out": timed_out(TimeoutType.START_TO_CLOSE),
    "its worker was lost": timed_out(TimeoutType.HEARTBEAT),
    "its worker stopped its thread": CancelledError("worker is shutting down"),
    "its worker stopped its task": ApplicationError("", type="CancelledError"),
    "its worker did not wait for it": ApplicationError("worker is shutting down", type="WorkerShutdown"),
    "its answer was too long for the worker": ApplicationError("3 MB", type="PayloadsTooLarge"),
    "its answer was too long for the server": ServerError("complete result exceeds size limit", non_retryable=True),
    "somebody paused it": ApplicationError("paused", type="ActivityPause"),
    "somebody reset it": ApplicationError("reset", type="ActivityReset"),
}


@pytest.mark.parametrize("how", STOPPED)
def test_an_activity_that_temporal_ended_is_repeated_where_the_request_may_be(how: str) -> None:
    ran = Ran(programs.Cleaning, "resp_completed", errors=(STOPPED[how],))
    assert [request.method for request in ran.worker.requests] == ["DELETE", "DELETE"]
    assert ran.failure.message.startswith("HTTP 404, after an interrupted attempt")
    replayed = ran.replayed()
    assert commands_of(replayed.exchanges) == ran.server.commands
    told = [list(exchange.activation.jobs) for exchange in replayed.exchanges]
    assert told == [list(exchange.activation.jobs) for exchange in ran.live.exchanges]


@pytest.mark.parametrize("how", STOPPED)
def test_it_is_not_repeated_where_the_request_may_not_be(how: str) -> None:
    ran = Ran(programs.Creating, "Once only.", errors=(STOPPED[how],))
    assert len(ran.worker.requests) == 1
    assert ran.failure.application_failure_info.type == "Interrupted"
    assert ran.failure.application_failure_info.non_retryable
    assert "the activity ended without an answer" in ran.failure.message


def test_an_activity_that_no_worker_took_was_certainly_not_sent() -> None:
    ran = Ran(programs.Creating, "Once only.", errors=(timed_out(TimeoutType.SCHEDULE_TO_START),))
    assert ran.kinds == ["schedule_activity", "start_timer", "schedule_activity", "complete_workflow_execution"]


def test_a_bug_in_an_activity_is_no_answer() -> None:
    ran = Ran(programs.Cleaning, "resp_completed", errors=(ZeroDivisionError("a bug"),))
    assert ran.kinds == ["schedule_activity", "fail_workflow_execution"]
    assert ran.failure.cause.application_failure_info.type == "ZeroDivisionError"


# Cancellation


@pytest.mark.parametrize(
    ("tasks", "kinds"),
    [
        (1, ["schedule_activity", "request_cancel_activity", "cancel_workflow_execution"]),
        (2, ["schedule_activity", "start_timer", "cancel_timer", "cancel_workflow_execution"]),
    ],
    ids=["while it sends", "while it waits"],
)
def test_a_workflow_that_is_cancelled_stops_at_once(tasks: int, kinds: list[str]) -> None:
    ran = Ran(programs.Cancellable, "resp_completed", cancel_after=tasks)
    assert ran.kinds == kinds
    assert ran.last.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED
    replayed = ran.replayed()
    assert commands_of(replayed.exchanges) == ran.server.commands
    told = [list(exchange.activation.jobs) for exchange in replayed.exchanges]
    assert told == [list(exchange.activation.jobs) for exchange in ran.live.exchanges]


def test_a_part_of_a_workflow_can_be_cancelled_and_the_rest_go_on() -> None:
    waits = Ran(programs.Hurried, "wait")
    assert waits.result == "too late"
    assert waits.kinds == ["start_timer", "start_timer", "cancel_timer", "complete_workflow_execution"]
    assert commands_of(waits.replayed().exchanges) == waits.server.commands
    sends = Ran(programs.Hurried, "send", slow=True)
    assert sends.result == "too late"
    assert sends.kinds == ["start_timer", "schedule_activity", "request_cancel_activity", "complete_workflow_execution"]
    assert commands_of(sends.replayed().exchanges) == sends.server.commands


def test_what_a_cancelled_workflow_does_at_the_end_is_an_operation_like_any_other() -> None:
    lost = timed_out(TimeoutType.START_TO_CLOSE)
    ran = Ran(programs.TidyingUp, "resp_in_progress", cancel_after=2, errors=(lost,), errors_from=1)
    assert ran.kinds == [
        "schedule_activity",
        "start_timer",
        "cancel_timer",
        "schedule_activity",
        "start_timer",
        "schedule_activity",
        "cancel_workflow_execution",
    ]
    assert [request.method for request in ran.worker.requests] == ["GET", "POST", "POST"]
    assert commands_of(ran.replayed().exchanges) == ran.server.commands


# The page and its examples


def test_the_examples_do_what_they_say() -> None:
    ended = Ran(temporal_example.EndAndDelete, "resp_in_progress", restrictions=SANDBOXED)
    cancelling, *looking, deleting = [request.method for request in ended.worker.requests]
    assert (cancelling, {*looking}, deleting) == ("POST", {"GET"}, "DELETE")
    assert ended.result == {"id": "resp_in_progress", "object": "response.deleted", "deleted": True}
    assert Ran(temporal_example.CountInput, "resp_long", restrictions=SANDBOXED).result == 250
    assert Ran(temporal_example.CountInput, "resp_none").failure.application_failure_info.type == "ApiError"


def test_what_the_page_quotes_of_the_host_is_there() -> None:
    folder = Path(__file__).parents[2] / "docs"
    programs = "".join(path.read_text() for path in sorted((folder / "workflows").glob("*.py")))
    quoted = [
        token.content
        for token in MarkdownIt().parse((folder / "guides" / "workflows.md").read_text())
        if token.content.startswith("# From ")
    ]
    assert len(quoted) == 2
    assert [text for text in quoted if text.partition("\n")[2] not in programs] == []
