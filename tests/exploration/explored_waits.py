"""Waits and cancellations that are explored, with the policies of docs/guides/waiting.md."""

from __future__ import annotations

from explored import FOREGROUND, LONG_RUNNING, REVIVED, RUNNING, STUCK, Explored, hidden, running
from promises import (
    BelievesTheEnd,
    LastIsTheResult,
    PollsApart,
    TooLateIsNoFailure,
    always_succeeds,
    error_names,
    expires_last,
    has_ended_then,
    not_found_is_gone,
    returned_as_it_is,
    returned_as_it_stays,
)

from puresponse import (
    AZURE_AGENT_SERVER,
    EVERY_FAULT,
    USUAL_CLAIMS,
    CancelUndone,
    Claim,
    Rule,
    State,
    WaitPolicy,
    cancel_and_wait,
    cancel_if_running,
    delete_response,
    ends_in_time,
    every_life_ends,
    gather,
    gather_all,
    nothing_unsafe_twice,
    retrying,
    wait_for_response,
    watch_response,
    within,
)

PATIENT = WaitPolicy(deadline=600)
SHORT = WaitPolicy(deadline=5)
SHORTEST = WaitPolicy(deadline=2)
AT_LAST = WaitPolicy(deadline=2, at_deadline="cancel")
BELIEVING = WaitPolicy(deadline=60, grace=0)
STEADY = WaitPolicy(deadline=600, jitter=0)
MINUTE = WaitPolicy(deadline=60)
LAST_MINUTE = WaitPolicy(deadline=60, at_deadline="cancel")
CANCELLING = WaitPolicy(deadline=10)

UNDONE = (*EVERY_FAULT, Rule(CancelUndone(2.0), path="/responses/*/cancel"))
"""A cancellation may turn out to have come too late."""


def _wait(policy: WaitPolicy, *more: Claim) -> tuple[Claim, ...]:
    """What is claimed of a wait for `resp_run`."""
    return (
        *USUAL_CLAIMS,
        ends_in_time(policy),
        PollsApart(),
        has_ended_then(),
        returned_as_it_is(),
        expires_last(),
        error_names("resp_run"),
        *more,
    )


_BELIEVED = "a 404 is believed only where the response is gone"

WAITS = (
    Explored(
        name="wait",
        program=retrying(wait_for_response("resp_run", PATIENT)),
        state=LONG_RUNNING,
        claims=_wait(PATIENT, not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait, not retried",
        program=wait_for_response("resp_run", PATIENT),
        state=RUNNING,
        claims=_wait(PATIENT, not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait, five seconds",
        program=retrying(wait_for_response("resp_run", SHORT)),
        state=RUNNING,
        faults=1,
        claims=_wait(SHORT, not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait, not long enough",
        program=retrying(wait_for_response("resp_run", SHORTEST)),
        state=STUCK,
        claims=_wait(SHORTEST, not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait, cancel at the deadline",
        program=retrying(wait_for_response("resp_run", AT_LAST)),
        state=LONG_RUNNING,
        claims=_wait(AT_LAST, not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait for what is not shown",
        program=retrying(wait_for_response("resp_run", WaitPolicy(deadline=60, grace=2))),
        state=hidden(RUNNING, 1.5),
        claims=_wait(WaitPolicy(deadline=60, grace=2), not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait, believe the first 404",
        program=retrying(wait_for_response("resp_run", BELIEVING)),
        state=hidden(RUNNING, 1.5),
        claims=_wait(BELIEVING, not_found_is_gone("resp_run")),
        refuted=(_BELIEVED,),
    ),
    Explored(
        name="wait for what is not there",
        program=retrying(wait_for_response("resp_run", WaitPolicy(deadline=3, grace=1))),
        claims=_wait(WaitPolicy(deadline=3), not_found_is_gone("resp_run")),
    ),
    Explored(
        name="wait, settle",
        program=retrying(wait_for_response("resp_run", WaitPolicy(deadline=60), settle=2)),
        state=REVIVED,
        claims=_wait(WaitPolicy(deadline=60), returned_as_it_stays(60)),
    ),
    Explored(
        name="wait, do not settle",
        program=retrying(wait_for_response("resp_run", SHORT)),
        state=running((1.0, "cancelled")),
        claims=_wait(SHORT, BelievesTheEnd()),
    ),
    Explored(
        name="watch",
        program=retrying(watch_response("resp_run", STEADY)),
        state=RUNNING,
        claims=(*USUAL_CLAIMS, ends_in_time(STEADY), PollsApart(), error_names("resp_run"), LastIsTheResult()),
    ),
    Explored(
        name="wait, a minute in vain",
        program=retrying(wait_for_response("resp_run", MINUTE)),
        state=STUCK,
        claims=_wait(MINUTE, not_found_is_gone("resp_run")),
        faults=0,
    ),
    Explored(
        name="wait, a minute, then cancel",
        program=retrying(wait_for_response("resp_run", LAST_MINUTE)),
        state=STUCK,
        claims=_wait(LAST_MINUTE, not_found_is_gone("resp_run")),
        faults=0,
    ),
    Explored(
        name="wait, nine seconds, for what is not there",
        program=retrying(wait_for_response("resp_run", WaitPolicy(deadline=9))),
        claims=_wait(WaitPolicy(deadline=9), not_found_is_gone("resp_run")),
        faults=1,
    ),
    Explored(
        name="wait, within a limit",
        program=within(retrying(wait_for_response("resp_run", PATIENT)), 5),
        state=RUNNING,
        faults=1,
        claims=(*USUAL_CLAIMS, ends_in_time(5.0), has_ended_then(), returned_as_it_is()),
    ),
    Explored(
        name="wait for what somebody deletes",
        program=gather_all(
            wait_for_response("resp_run", WaitPolicy(deadline=5, grace=0.5)), retrying(delete_response("resp_run"))
        ),
        state=running((1.0, "completed")),
        faults=1,
        claims=(every_life_ends(), nothing_unsafe_twice(), always_succeeds("each has its result")),
    ),
    Explored(
        name="two who wait",
        program=gather(*[wait_for_response("resp_run", WaitPolicy(deadline=3, initial_delay=3)) for _ in range(2)]),
        state=running((1.0, "completed")),
        faults=1,
        claims=USUAL_CLAIMS,
    ),
)

_OF_A_CANCELLATION = (
    *USUAL_CLAIMS,
    has_ended_then(),
    returned_as_it_is(),
    error_names("resp_run"),
    TooLateIsNoFailure(),
)

CANCELLATIONS = (
    Explored(
        name="cancel if running",
        program=retrying(cancel_if_running("resp_run")),
        state=RUNNING,
        claims=_OF_A_CANCELLATION,
    ),
    Explored(
        name="cancel if running, with a refusal",
        program=retrying(cancel_if_running("resp_run")),
        state=State(responses=RUNNING.responses, dialect=AZURE_AGENT_SERVER),
        claims=_OF_A_CANCELLATION,
    ),
    Explored(
        name="cancel if running, in the foreground",
        program=retrying(cancel_if_running("resp_run")),
        state=FOREGROUND,
        claims=(*USUAL_CLAIMS, returned_as_it_is(), error_names("resp_run")),
    ),
    Explored(
        name="cancel and wait",
        program=retrying(cancel_and_wait("resp_run", CANCELLING, settle=3)),
        state=LONG_RUNNING,
        kinds=UNDONE,
        claims=(
            *USUAL_CLAIMS,
            ends_in_time(CANCELLING),
            PollsApart(),
            has_ended_then(),
            returned_as_it_stays(CANCELLING.deadline),
            expires_last(),
            TooLateIsNoFailure(),
            error_names("resp_run"),
        ),
    ),
    Explored(
        name="cancel and wait, settle for two minutes",
        program=retrying(cancel_and_wait("resp_run", PATIENT, settle=120)),
        state=STUCK,
        kinds=UNDONE,
        claims=(*USUAL_CLAIMS, ends_in_time(PATIENT), has_ended_then(), returned_as_it_stays(PATIENT.deadline)),
        faults=0,
    ),
    Explored(
        name="cancel and wait, slowly",
        program=cancel_and_wait("resp_run", CANCELLING, settle=1),
        state=RUNNING,
        kinds=(),
        claims=(*USUAL_CLAIMS, always_succeeds("a death and slow waits do no harm")),
    ),
)
