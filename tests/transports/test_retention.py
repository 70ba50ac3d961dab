"""What the service keeps and for how long, and responses that take hours: all in virtual time."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.core import (
    ApiError,
    HttpRequest,
    HttpResponse,
    WaitExpired,
    WaitPolicy,
    cancel_response,
    compact_response,
    create_response,
    fold,
    retrieve_response,
    wait_for_response,
)
from puresponse.transports import VirtualClock, run
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import Dialect
from puresponse.transports.memory.transport import MemoryTransport

START = 1_750_000_000.0
DAY = 86_400.0
HOUR = 3_600.0
MODEL = "gpt-5-mini"
ZDR = Dialect(retention="zdr")
MAM = Dialect(retention="mam")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(now=START)


def made(transport: MemoryTransport, **given: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.decode(answered(transport, **given).body)
    return body


def answered(transport: MemoryTransport, **given: Any) -> HttpResponse:
    body = json.encode({"model": MODEL, "input": "Hi", **given})
    return transport(HttpRequest("POST", "/responses", body=body)).unwrap()


def status(transport: MemoryTransport, response_id: str) -> str:
    found = run(retrieve_response(response_id), transport)
    return fold(found, lambda response: str(response.status), lambda _: "gone")


def refusal(answer: HttpResponse) -> dict[str, Any]:
    assert answer.status == 400, answer.body
    error: dict[str, Any] = json.decode(answer.body)["error"]
    return error


# What is kept


@pytest.mark.parametrize("background", [False, True])
def test_what_is_stored_is_kept_for_thirty_days(clock: VirtualClock, background: bool) -> None:
    transport = MemoryTransport.empty(clock=clock)
    response_id = made(transport, background=background)["id"]
    clock.sleep(30 * DAY - 1)
    assert status(transport, response_id) == "completed"
    clock.sleep(1)
    assert status(transport, response_id) == "gone"


def test_a_dialect_may_keep_it_for_ever(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(dialect=Dialect(kept_for=None), clock=clock)
    response_id = made(transport)["id"]
    clock.sleep(3_000 * DAY)
    assert status(transport, response_id) == "completed"


@pytest.mark.parametrize("store", [{}, {"store": True}, {"store": False}], ids=str)
def test_with_zero_data_retention_nothing_is_stored_whatever_is_asked_for(
    clock: VirtualClock, store: dict[str, bool]
) -> None:
    transport = MemoryTransport.empty(dialect=ZDR, clock=clock)
    body = made(transport, **store)
    assert (body["status"], body["store"]) == ("completed", False)
    assert status(transport, body["id"]) == "gone"
    refused = refusal(answered(transport, previous_response_id=body["id"]))
    assert refused["code"] == "previous_response_not_found"


@pytest.mark.parametrize("store", [{}, {"store": True}, {"store": False}], ids=str)
def test_with_zero_data_retention_the_background_is_polled_for_ten_minutes_after_its_end(
    clock: VirtualClock, store: dict[str, bool]
) -> None:
    transport = MemoryTransport.empty(dialect=ZDR, clock=clock)
    body = made(transport, background=True, **store)
    assert (body["status"], body["store"]) == ("queued", False)
    seen: list[str] = []
    for seconds in (1, 2, 599, 1):
        clock.sleep(seconds)
        seen.append(status(transport, body["id"]))
    assert seen == ["in_progress", "completed", "completed", "gone"]


def test_what_is_kept_for_polling_is_not_gone_on_from(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(dialect=ZDR, clock=clock)
    response_id = made(transport, background=True)["id"]
    clock.sleep(3)
    assert status(transport, response_id) == "completed"
    refused = refusal(answered(transport, previous_response_id=response_id))
    assert refused["code"] == "previous_response_not_found"
    compacting = run(compact_response(model=MODEL, previous_response_id=response_id), transport).failure()
    assert isinstance(compacting, ApiError)


def test_reasoning_goes_on_without_storage_by_its_encrypted_content(clock: VirtualClock) -> None:
    script = [Reply.reasoning("Hm.", encrypted_content="sealed") + Reply.text("42"), Reply.text("43")]
    transport = MemoryTransport(dialect_state(ZDR), script=script, clock=clock)
    first = made(transport, include=["reasoning.encrypted_content"])
    assert first["output"][0]["encrypted_content"] == "sealed"
    again = made(transport, input=[*first["output"], {"role": "user", "content": "And now?"}])
    assert again["output"][0]["content"][0]["text"] == "43"


def dialect_state(dialect: Dialect) -> Any:
    return MemoryTransport.empty(dialect=dialect).state


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({}, True),
        ({"store": True}, True),
        ({"store": False}, False),
        ({"background": True}, False),
        ({"background": True, "store": True}, True),
    ],
    ids=str,
)
def test_with_modified_abuse_monitoring_the_background_is_stored_only_where_that_is_asked_for(
    clock: VirtualClock, given: dict[str, bool], stored: bool
) -> None:
    transport = MemoryTransport.empty(dialect=MAM, clock=clock)
    body = made(transport, **given)
    assert body["store"] is stored
    clock.sleep(HOUR)
    assert status(transport, body["id"]) == ("completed" if stored else "gone")


def test_with_modified_abuse_monitoring_the_background_without_storage_is_refused_as_ever() -> None:
    for dialect in (MAM, Dialect()):
        transport = MemoryTransport.empty(dialect=dialect)
        refused = refusal(answered(transport, background=True, store=False))
        assert (refused["code"], refused["param"]) == ("unsupported_parameter", "background")


def test_what_never_ends_is_kept_until_ten_minutes_after_its_cancellation(clock: VirtualClock) -> None:
    script = Reply.text("Never").lasting(queued=None)
    transport = MemoryTransport(dialect_state(ZDR), script=script, clock=clock)
    response_id = made(transport, background=True)["id"]
    clock.sleep(100 * HOUR)
    assert status(transport, response_id) == "queued"
    run(cancel_response(response_id), transport)
    seen: list[str] = []
    for seconds in (599, 1):
        clock.sleep(seconds)
        seen.append(status(transport, response_id))
    assert seen == ["cancelled", "gone"]


# Windows of hours


@pytest.mark.parametrize(("window", "hours"), [("2h", 1), ("8h", 4)])
def test_what_has_hours_waits_for_half_of_them(clock: VirtualClock, window: str, hours: int) -> None:
    transport = MemoryTransport.empty(clock=clock)
    options = {"completion_window": window, "continuation_id": "job-1"}
    body = made(transport, background=True, background_options=options)
    seen = [body["status"]]
    for seconds in (hours * HOUR - 1, 1, 2):
        clock.sleep(seconds)
        seen.append(status(transport, body["id"]))
    assert seen == ["queued", "queued", "in_progress", "completed"]


def test_the_soonest_window_changes_nothing(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(clock=clock)
    response_id = made(transport, background=True, background_options={"completion_window": "soonest"})["id"]
    clock.sleep(3)
    assert status(transport, response_id) == "completed"


def test_a_life_of_its_own_is_what_a_reply_has_within_any_window(clock: VirtualClock) -> None:
    transport = MemoryTransport(script=Reply.text("Soon").lasting(queued=5.0, running=5.0), clock=clock)
    response_id = made(transport, background=True, background_options={"completion_window": "8h"})["id"]
    clock.sleep(10)
    assert status(transport, response_id) == "completed"


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({}, "background=true"),
        ({"background": False}, "background=true"),
        ({"background": True, "stream": True}, "stream=false"),
        ({"background": True, "service_tier": "flex"}, "service_tier=default"),
        ({"background": True, "service_tier": "priority"}, "service_tier=default"),
    ],
    ids=str,
)
def test_hours_are_for_the_background_without_a_stream_at_the_usual_price(given: dict[str, Any], needed: str) -> None:
    for window in ("2h", "8h"):
        options = {"completion_window": window}
        refused = refusal(answered(MemoryTransport(), background_options=options, **given))
        assert refused["param"] == "background_options.completion_window"
        assert f"of '{window}' requires {needed}" in refused["message"]
    assert answered(MemoryTransport(), background_options={"completion_window": "soonest"}, **given).status == 200
    lenient = MemoryTransport.empty(dialect=Dialect(accept="anything"), now=lambda: START)
    assert answered(lenient, background_options={"completion_window": "2h"}, **given).status == 200


@pytest.mark.parametrize("tier", ["auto", "default"])
def test_the_usual_tiers_may_take_hours(tier: str) -> None:
    options = {"completion_window": "2h"}
    body = made(MemoryTransport(), background=True, stream=False, service_tier=tier, background_options=options)
    assert body["status"] == "queued"


@pytest.mark.parametrize(("window", "polls"), [("2h", 160), ("8h", 200)])
def test_a_wait_of_hours_polls_ever_more_rarely_and_sees_the_end(clock: VirtualClock, window: Any, polls: int) -> None:
    transport = MemoryTransport.empty(clock=clock)
    creation = create_response(
        model=MODEL, input="Hi", background=True, background_options={"completion_window": window}
    )
    waiting = creation.bind(lambda body: wait_for_response(body.id, WaitPolicy(deadline=10 * HOUR)))
    assert run(waiting, transport, clock=clock).unwrap().status == "completed"
    hours = (clock.now - START) / HOUR
    half = {"2h": 1.0, "8h": 4.0}[window]
    assert half < hours < half * 1.06
    assert polls / 2 < len(transport.requests) <= polls * 1.5


def test_a_wait_that_is_too_short_for_it_expires_and_leaves_it_running(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(clock=clock)
    response_id = made(transport, background=True, background_options={"completion_window": "8h"})["id"]
    error = run(wait_for_response(response_id, WaitPolicy(deadline=HOUR)), transport, clock=clock).failure()
    assert isinstance(error, WaitExpired)
    assert HOUR <= error.elapsed < HOUR + 60
    assert error.last.status == "queued"
    clock.sleep(4 * HOUR)
    assert status(transport, response_id) == "completed"


def test_what_took_hours_and_is_not_stored_can_still_be_polled_when_it_ends(clock: VirtualClock) -> None:
    transport = MemoryTransport.empty(dialect=ZDR, clock=clock)
    response_id = made(transport, background=True, background_options={"completion_window": "8h"})["id"]
    waiting = wait_for_response(response_id, WaitPolicy(deadline=10 * HOUR))
    assert run(waiting, transport, clock=clock).unwrap().status == "completed"
    clock.sleep(600)
    assert status(transport, response_id) == "gone"
