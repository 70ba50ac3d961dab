"""Retries: what is repeated, how often and after how long; in virtual time."""

import json
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success
from stubs import SlowNetwork, in_turn

from puresponse.codecs import DeletedResponse
from puresponse.core import (
    END,
    Answer,
    ApiError,
    DecodeError,
    Done,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    Open,
    Operation,
    Pairs,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    WaitExpired,
    all_input_items,
    break_off,
    cancel_response,
    collect,
    create_response,
    delay,
    delete_response,
    fail,
    list_input_items,
    load_operation,
    retrieve_response,
    retrying,
    save_checkpoint,
    stream_response,
    succeed,
)
from puresponse.transports import VirtualClock, iterate, run

DELETED = Success(HttpResponse(status=200, body=b'{"id": "resp_1", "deleted": true}'))
UNSENT: Answer = Failure(NotSent("refused", "nobody listens"))
CUT: Answer = Failure(Interrupted("reset", "cut off"))
NO_JITTER = RetryPolicy(jitter=0)


def status(code: int, *headers: tuple[str, str], body: bytes = b"") -> Answer:
    return Success(HttpResponse(status=code, headers=headers, body=body))


def attempts(
    *answers: Answer,
    operation: Operation[Any] | None = None,
    policy: RetryPolicy | None = None,
    chance: float = 0.0,
) -> tuple[Result[Any, Error], int, list[float]]:
    """Run an operation with retries: its result, how many requests it took and how long it slept between."""
    script, clock = in_turn(*answers), VirtualClock(chance=chance)
    result = run(retrying(operation or delete_response("resp_1"), policy or RetryPolicy()), script, clock=clock)
    assert len(set(script.requests)) == 1, "every attempt sends the same request"
    return result, len(script.requests), clock.slept


def api_error(result: Result[Any, Error]) -> ApiError:
    assert isinstance(result, Failure), result
    error = result.failure()
    assert isinstance(error, ApiError)
    return error


class Once(Struct, frozen=True):
    """Receives the answer to a request that must not be repeated."""

    def __call__(self, answer: Answer) -> Operation[int]:
        return Done(answer.map(_status))


def _status(response: HttpResponse) -> int:
    return response.status


SHOULD = ("x-should-retry", "true")
SHOULD_NOT = ("x-should-retry", "false")
CREATE: Operation[int] = Send(HttpRequest("POST", "/responses", body=b"{}", idempotent=False), Once())
ABSENT = b'{"error": {"message": "Response with id \'resp_1\' not found."}}'


# --- the schedule --------------------------------------------------------------------------------


def test_what_succeeds_at_once_is_not_repeated() -> None:
    assert attempts(DELETED) == (Success(DeletedResponse(id="resp_1", deleted=True)), 1, [])


@pytest.mark.parametrize(
    ("chance", "slept"), [(0.0, [0.375, 0.75]), (0.5, [0.4375, 0.875]), (1.0, [0.5, 1.0])], ids=["least", "mid", "most"]
)
def test_two_retries_wait_half_a_second_and_one_less_a_quarter_by_chance(chance: float, slept: list[float]) -> None:
    result, requests, waits = attempts(UNSENT, UNSENT, DELETED, chance=chance)
    assert result == Success(DeletedResponse(id="resp_1", deleted=True))
    assert (requests, waits) == (3, slept)


def test_after_two_retries_the_last_error_is_the_result() -> None:
    first, second, third = (Failure(NotSent("dns", word)) for word in ("one", "two", "three"))
    assert attempts(first, second, third) == (third, 3, [0.375, 0.75])


def test_delays_double_up_to_eight_seconds() -> None:
    _, requests, slept = attempts(UNSENT, policy=RetryPolicy(max_retries=8), chance=1.0)
    assert slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    assert requests == 9


def test_a_wait_says_its_range_and_leaves_the_draw_to_the_driver() -> None:
    operation = retrying(delete_response("resp_1"))
    assert isinstance(operation, Send)
    waiting = operation.resume(UNSENT)
    assert isinstance(waiting, Wait)
    assert (waiting.seconds, waiting.spread) == (0.375, 0.125)
    again = waiting.resume(0.4)
    assert isinstance(again, Send)
    assert again.request == operation.request
    longer = again.resume(UNSENT)
    assert isinstance(longer, Wait)
    assert (longer.seconds, longer.spread) == (0.75, 0.25)


def test_every_part_of_a_policy_counts() -> None:
    policy = RetryPolicy(max_retries=4, initial_delay=1.0, max_delay=3.0, jitter=0.5)
    assert attempts(UNSENT, policy=policy, chance=0.0)[1:] == (5, [0.5, 1.0, 1.5, 1.5])
    assert attempts(UNSENT, policy=policy, chance=1.0)[1:] == (5, [1.0, 2.0, 3.0, 3.0])


def test_without_retries_there_are_none() -> None:
    assert attempts(UNSENT, policy=RetryPolicy(max_retries=0)) == (UNSENT, 1, [])


def test_without_delays_there_is_no_sleep() -> None:
    assert attempts(UNSENT, policy=RetryPolicy(initial_delay=0)) == (UNSENT, 3, [])


def test_a_very_long_run_of_retries_stays_within_the_longest_delay() -> None:
    _, requests, slept = attempts(UNSENT, policy=RetryPolicy(max_retries=2_000, jitter=0))
    assert (requests, max(slept)) == (2_001, 8.0)


# --- which errors --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [408, 409, 429, 500, 501, 502, 503, 504, 529, 599])
def test_a_passing_status_is_retried(code: int) -> None:
    assert attempts(status(code), DELETED)[1:] == (2, [0.375])
    error = api_error(attempts(status(code))[0])
    assert (error.status, error.retryable) == (code, True)


@pytest.mark.parametrize("code", [300, 304, 400, 401, 403, 404, 405, 410, 413, 422, 425, 428, 431])
def test_a_final_status_is_not_retried(code: int) -> None:
    result, requests, _ = attempts(status(code))
    error = api_error(result)
    assert (error.status, error.retryable, requests) == (code, False, 1)


def test_what_is_not_understood_is_not_retried() -> None:
    result, requests, _ = attempts(status(200, body=b"?"))
    assert isinstance(result, Failure)
    assert isinstance(result.failure(), DecodeError)
    assert requests == 1


@pytest.mark.parametrize("kind", ["dns", "refused", "tls", "connect_timeout", "proxy", "unreachable"])
@pytest.mark.parametrize("operation", [delete_response("resp_1"), CREATE], ids=["idempotent", "not idempotent"])
def test_what_was_not_sent_is_always_retried(kind: Any, operation: Operation[Any]) -> None:
    assert attempts(Failure(NotSent(kind, "?")), operation=operation)[1] == 3


def test_what_cannot_be_sent_is_not_retried() -> None:
    assert attempts(Failure(NotSent("invalid_request", "?")))[1:] == (1, [])


@pytest.mark.parametrize("kind", ["read_timeout", "reset", "truncated", "protocol", "tls"])
def test_what_was_interrupted_is_retried_where_that_does_no_harm(kind: Any) -> None:
    cut: Answer = Failure(Interrupted(kind, "?"))
    assert attempts(cut, DELETED)[1] == 2
    assert attempts(cut, operation=CREATE) == (cut, 1, [])


@pytest.mark.parametrize(
    "operation",
    [delete_response("r"), cancel_response("r"), retrieve_response("r"), list_input_items("r")],
    ids=["delete", "cancel", "retrieve", "list"],
)
def test_every_operation_on_a_stored_response_can_be_repeated_after_an_interruption(operation: Operation[Any]) -> None:
    assert attempts(CUT, operation=operation) == (CUT, 3, [0.375, 0.75])


@pytest.mark.parametrize(
    "error",
    [
        NoRecording(request=HttpRequest("GET", "/")),
        InvalidArgument("x", "y"),
        WaitExpired(elapsed=1.0, polls=1),
        DecodeError(reason="?"),
        ApiError(status=503),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_other_error_of_a_transport_is_retried(error: Error) -> None:
    assert attempts(Failure(error)) == (Failure(error), 1, [])


def test_a_creation_is_not_sent_again_where_the_server_may_have_acted() -> None:
    create = create_response(model="m", input="Hello!")
    for code in (408, 500, 502, 503, 504):
        result, requests, _ = attempts(status(code), operation=create)
        assert (api_error(result).status, requests) == (code, 1)
        keyed = create_response(model="m", input="Hello!", idempotency_key="k")
        assert attempts(status(code), operation=keyed)[1] == 3


def test_a_creation_is_sent_again_where_the_server_says_that_it_did_not_act() -> None:
    for first in (status(429), status(409), status(503, SHOULD), status(400, SHOULD), UNSENT):
        assert attempts(first, status(200), operation=CREATE)[:2] == (Success(200), 2)


def test_what_the_server_says_that_it_did_not_do_is_not_left_open() -> None:
    assert not ApiError(status=503, headers=(SHOULD,)).may_have_acted
    assert ApiError(status=503, headers=(SHOULD_NOT,)).may_have_acted
    assert not api_error(attempts(status(503, SHOULD), status(404))[0]).after_interruption


def test_what_was_repeated_at_the_callers_risk_is_told_to_have_been_left_open() -> None:
    unsafe = RetryPolicy(repeat_unsafe=True)
    for first in (CUT, status(502)):
        result, requests, _ = attempts(
            first, status(404), operation=create_response(model="m", input="x"), policy=unsafe
        )
        assert (api_error(result).after_interruption, requests) == (True, 2)


# --- the law, as a table -------------------------------------------------------------------------

FINAL = [300, 400, 401, 403, 404, 410, 413, 422]
WITHOUT_QUOTA = b'{"error": {"code": "insufficient_quota"}}'
ROWS: dict[str, list[Answer]] = {
    "`NotSent`": [Failure(NotSent(kind, "?")) for kind in ("dns", "refused", "tls", "connect_timeout", "proxy")],
    "`NotSent`, `invalid_request` or `given_up`": [
        Failure(NotSent("invalid_request", "?")),
        Failure(NotSent("given_up", "?")),
    ],
    "`Interrupted`": [Failure(Interrupted(kind, "?")) for kind in ("read_timeout", "reset", "truncated", "protocol")],
    "`Interrupted`, `limit` or `given_up`": [Failure(Interrupted("limit", "?")), Failure(Interrupted("given_up", "?"))],
    "409, 429": [status(409), status(429)],
    "408, 5xx": [status(code) for code in (408, 500, 502, 503, 504, 529, 599)],
    "any other status": [status(code) for code in FINAL],
    "any of these with `x-should-retry: true`": [
        status(code, SHOULD) for code in (408, 409, 429, 500, 502, 503, 504, *FINAL)
    ],
    "408, 5xx with `x-should-retry: false`": [status(code, SHOULD_NOT) for code in (408, 500, 502, 503, 504)],
    "any other status with `x-should-retry: false`": [status(code, SHOULD_NOT) for code in (409, 429, *FINAL)],
    "429 with `insufficient_quota`": [
        status(429, *said, body=WITHOUT_QUOTA) for said in ((), (SHOULD,), (SHOULD_NOT,))
    ],
    "408, 5xx with `insufficient_quota`": [
        status(code, *said, body=WITHOUT_QUOTA) for code in (408, 503) for said in ((), (SHOULD_NOT,))
    ],
}
"""What the first column of the table stands for."""


def table_in(text: str) -> list[str]:
    """The lines of the one table in a text that says what is repeated."""
    lines = [line.strip() for line in text.splitlines()]
    start = next(index for index, line in enumerate(lines) if line.startswith("| answer |"))
    return list(takewhile(lambda line: line.startswith("|"), lines[start:]))


LAW = [[cell.strip() for cell in line.strip("|").split("|")] for line in table_in(retrying.__doc__ or "")[2:]]


def test_the_table_says_all_that_can_come() -> None:
    assert [row[0] for row in LAW] == list(ROWS)


def test_the_docs_show_the_same_table() -> None:
    root = Path(__file__).parents[2]
    assert table_in((root / "docs/guides/patterns.md").read_text(encoding="utf-8")) == table_in(retrying.__doc__ or "")


@pytest.mark.parametrize("row", LAW, ids=lambda row: row[0])
def test_what_is_repeated_and_what_is_left_open_is_as_the_table_says(row: list[str]) -> None:
    name, *repeated, left_open = row
    safe, unsafe = RetryPolicy(), RetryPolicy(repeat_unsafe=True)
    for answer in ROWS[name]:
        ways = ((delete_response("resp_1"), safe), (CREATE, safe), (CREATE, unsafe))
        for (operation, policy), wanted in zip(ways, repeated, strict=True):
            requests = attempts(answer, operation=operation, policy=policy)[1]
            assert {"repeated": 3, "-": 1}[wanted] == requests, (answer, operation)
        error = (
            answer.failure() if isinstance(answer, Failure) else run(delete_response("r"), in_turn(answer)).failure()
        )
        assert error.may_have_acted is {"yes": True, "no": False}[left_open], answer
        assert error.retryable is (repeated[0] == "repeated"), answer


@pytest.mark.parametrize("row", LAW, ids=lambda row: row[0])
def test_opening_a_stream_keeps_to_the_same_table(row: list[str]) -> None:
    name, _, repeated, *_ = row
    for answer in ROWS[name]:
        script = in_turn(answer)
        list(iterate(retrying(stream_response(model="m", input="x")), script, clock=VirtualClock(), results=True))
        assert len(script.requests) == {"repeated": 3, "-": 1}[repeated], answer


# --- a total time --------------------------------------------------------------------------------


class Judge(Struct, frozen=True):
    """Receives an answer, and fails with what is no success."""

    def __call__(self, answer: Answer) -> Operation[int]:
        if isinstance(answer, Failure):
            return Done(answer)
        response = answer.unwrap()
        if response.is_success:
            return succeed(response.status)
        return fail(ApiError(status=response.status, after_interruption=response.after_interruption))


def limited(total: float) -> Operation[int]:
    return Send(HttpRequest("DELETE", "/responses/resp_1", idempotent=True, total=total), Judge())


def test_each_attempt_bears_what_is_left_of_the_total_time() -> None:
    slow = SlowNetwork((1.0, status(503)), (2.0, status(503)), (0.0, status(200)))
    assert run(retrying(limited(10.0), NO_JITTER), slow, clock=slow.clock) == Success(200)
    assert slow.allowed == [(0.0, 10.0), (1.5, 8.5), (4.5, 5.5)]


def test_the_total_time_counts_from_the_first_attempt_and_not_from_the_run() -> None:
    slow = SlowNetwork((1.0, status(503)), (0.0, status(200)))
    operation = delay(100.0).bind(lambda _: limited(10.0))
    assert run(retrying(operation, NO_JITTER), slow, clock=slow.clock) == Success(200)
    assert slow.allowed == [(100.0, 10.0), (101.5, 8.5)]


@pytest.mark.parametrize("hint", [(), (("retry-after", "4"),)], ids=["by the schedule", "as the server asks"])
def test_what_is_left_is_not_slept_away_where_no_attempt_could_follow(hint: Pairs) -> None:
    slow = SlowNetwork((1.0, status(503, *hint)))
    policy = RetryPolicy(initial_delay=4.0, jitter=0)
    error = api_error(run(retrying(limited(5.0), policy), slow, clock=slow.clock))
    assert (error.status, slow.clock.now, slow.clock.slept) == (503, 1.0, [])
    longer = SlowNetwork((1.0, status(503, *hint)), (0.0, status(200)))
    assert run(retrying(limited(5.01), policy), longer, clock=longer.clock) == Success(200)
    assert [list(asked) for asked in longer.allowed[1:]] == [pytest.approx([5.0, 0.01])]


def test_chance_adds_no_more_to_a_pause_than_the_total_time_leaves() -> None:
    slow = SlowNetwork((0.0, UNSENT), (0.0, status(200)), chance=1.0)
    policy = RetryPolicy(initial_delay=4.0, jitter=0.5)
    assert run(retrying(limited(3.0), policy), slow, clock=slow.clock) == Success(200)
    assert slow.clock.slept == [pytest.approx(2.99)]


def test_an_attempt_that_took_all_the_time_is_the_last() -> None:
    slow = SlowNetwork((300.0, status(200)))
    result = run(retrying(limited(5.0)), slow, clock=slow.clock)
    assert result == Failure(Interrupted("read_timeout", "the total time is over"))
    assert (slow.allowed, slow.clock.now) == ([(0.0, 5.0)], 5.0)


def test_what_is_given_up_for_lack_of_time_tells_what_an_earlier_attempt_left_open() -> None:
    slow = SlowNetwork((0.0, CUT), (0.0, status(429, ("retry-after", "100"))))
    assert api_error(run(retrying(limited(5.0)), slow, clock=slow.clock)).after_interruption


def test_the_total_time_of_an_opening_counts_too() -> None:
    opening: Stream[str] = Open(HttpRequest("GET", "/responses/resp_1", idempotent=True, total=5.0), ReadAll())
    slow = SlowNetwork((1.0, status(503)), (2.0, status(200, body=b"events")))
    assert list(iterate(retrying(opening, NO_JITTER), slow, clock=slow.clock)) == ["HTTP 200", "events"]
    assert slow.allowed == [(0.0, 5.0), (1.5, 3.5)]
    late = SlowNetwork((3.0, status(503, ("retry-after", "3"))))
    assert list(iterate(retrying(opening, NO_JITTER), late, clock=late.clock)) == ["HTTP 503"]
    assert late.clock.now == 3.0


def test_a_request_without_a_total_time_asks_for_no_time() -> None:
    assert isinstance(retrying(delete_response("resp_1")), Send)
    assert isinstance(retrying(limited(5.0)), Wait)


def test_retrying_twice_keeps_within_the_total_time() -> None:
    slow = SlowNetwork((1.0, status(503)))
    patient = RetryPolicy(max_retries=50)
    run(retrying(retrying(limited(9.0), patient), patient), slow, clock=slow.clock)
    assert slow.clock.now <= 9.0
    assert all(total is not None and at + total <= 9.0 + 1e-9 for at, total in slow.allowed)


def test_a_retry_remembers_what_one_within_it_has_left_open() -> None:
    once = RetryPolicy(max_retries=1, jitter=0)
    slow = SlowNetwork((0.0, CUT), (0.0, status(503, ("x-should-retry", "true"))), (0.0, status(404)))
    result = run(retrying(retrying(delete_response("resp_1"), once), once), slow, clock=slow.clock)
    assert api_error(result).after_interruption


# --- what the server says ------------------------------------------------------------------------


def quota(**fields: str) -> bytes:
    return json.dumps({"error": {"message": "You exceeded your current quota", **fields}}).encode()


def test_a_quota_that_is_used_up_is_not_retried() -> None:
    body = quota(type="insufficient_quota", code="insufficient_quota")
    result, requests, _ = attempts(status(429, body=body))
    assert (api_error(result).code, api_error(result).retryable, requests) == ("insufficient_quota", False, 1)


def test_a_quota_that_is_used_up_is_not_retried_even_if_asked_to() -> None:
    body = quota(type="insufficient_quota", code="insufficient_quota")
    assert attempts(status(429, ("x-should-retry", "true"), ("retry-after", "1"), body=body))[1] == 1


def test_a_quota_that_is_used_up_is_told_by_its_type_too() -> None:
    result, requests, _ = attempts(status(429, body=quota(type="insufficient_quota")))
    assert (requests, api_error(result).retryable) == (1, False)


def test_a_rate_limit_is_retried() -> None:
    body = b'{"error": {"code": "rate_limit_exceeded", "type": "requests"}}'
    assert attempts(status(429, body=body), DELETED)[1] == 2


@pytest.mark.parametrize("code", [400, 404, 418])
def test_a_server_may_ask_for_a_retry_of_any_error(code: int) -> None:
    result, requests, _ = attempts(status(code, ("X-Should-Retry", "true")))
    assert (requests, api_error(result).retryable) == (3, True)


@pytest.mark.parametrize("code", [408, 409, 429, 500, 503])
def test_a_server_may_forbid_any_retry(code: int) -> None:
    result, requests, _ = attempts(status(code, ("x-should-retry", "false")))
    assert (requests, api_error(result).retryable) == (1, False)


@pytest.mark.parametrize("said", ["", "maybe", "1", "TRUE,FALSE"])
def test_what_else_stands_in_x_should_retry_leaves_it_to_the_status(said: str) -> None:
    assert attempts(status(503, ("x-should-retry", said)))[1] == 3
    assert attempts(status(400, ("x-should-retry", said)))[1] == 1


def test_x_should_retry_on_a_success_means_nothing() -> None:
    success = Success(HttpResponse(status=200, headers=(("x-should-retry", "true"),), body=DELETED.unwrap().body))
    assert attempts(success)[1:] == (1, [])


# --- the delay that the server asks for ----------------------------------------------------------

DATE = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("retry-after", "3")], 3.0),
        ([("Retry-After", "1.5")], 1.5),
        ([("retry-after", " 2 ")], 2.0),
        ([("retry-after-ms", "250")], 0.25),
        ([("retry-after-ms", "0.5")], 0.0005),
        ([("Retry-After-MS", "1500"), ("retry-after", "60")], 1.5),
        ([("retry-after-ms", "soon"), ("retry-after", "7")], 7.0),
        ([("retry-after", "120")], 120.0),
        ([("retry-after-ms", "120000")], 120.0),
        ([DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")], 10.0),
        ([("date", "Sun, 02 Aug 2026 23:59:59 GMT"), ("retry-after", "Monday, 03-Aug-26 00:00:59 GMT")], 60.0),
        ([DATE, ("retry-after", "Sun Nov  6 08:49:38 1994")], 1.0),
        ([("date", "Sun Nov  6 08:49:38 1994"), ("retry-after", "Sun, 06 Nov 1994 08:49:48 GMT")], 10.0),
        ([("date", "Sat, 31 Dec 2033 23:59:59 GMT"), ("retry-after", "Sun, 01 Jan 2034 00:00:09 GMT")], 10.0),
    ],
)
def test_the_delay_that_the_server_asks_for_is_kept_exactly(headers: list[tuple[str, str]], seconds: float) -> None:
    result, requests, slept = attempts(status(429, *headers), DELETED, chance=1.0)
    assert (slept, requests) == ([seconds], 2)
    assert result == Success(DeletedResponse(id="resp_1", deleted=True))
    assert api_error(attempts(status(400, *headers))[0]).retry_after == seconds


def test_the_delay_that_the_server_asks_for_is_a_wait_without_spread() -> None:
    operation = retrying(delete_response("resp_1"))
    assert isinstance(operation, Send)
    waiting = operation.resume(status(503, ("retry-after", "9")))
    assert isinstance(waiting, Wait)
    assert (waiting.seconds, waiting.spread) == (9.0, 0.0)


@pytest.mark.parametrize(
    "headers",
    [
        [("retry-after", "120.001")],
        [("retry-after", "121")],
        [("retry-after", "999999999999999")],
        [("retry-after-ms", "120001")],
        [("retry-after-ms", "3600000"), ("retry-after", "1")],
        [DATE, ("retry-after", "Sun, 06 Nov 1994 08:51:38 GMT")],
    ],
)
def test_a_delay_of_more_than_two_minutes_means_no_retry(headers: list[tuple[str, str]]) -> None:
    result, requests, slept = attempts(status(503, *headers), DELETED)
    assert (api_error(result).status, requests, slept) == (503, 1, [])


@pytest.mark.parametrize(
    "headers",
    [
        [("retry-after", "0")],
        [("retry-after", "-1")],
        [("retry-after-ms", "0")],
        [("retry-after-ms", "-250"), ("retry-after", "7")],
        [DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")],
        [DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:27 GMT")],
        [("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")],
        [("retry-after", "soon")],
        [("retry-after", "")],
        [("retry-after", "nan")],
        [("retry-after", "inf")],
        [("retry-after", "1e9")],
        [("retry-after", "1_0")],
        [("retry-after", "\u0661")],
        [("retry-after", "9" * 400)],
        [DATE, ("retry-after", "Sun, 31 Feb 1994 08:49:47 GMT")],
        [DATE, ("retry-after", "Sun, 06 Nov 1994 25:49:47 GMT")],
        [DATE, ("retry-after", "Sun, 06 Foo 1994 08:49:47 GMT")],
        [DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:47 CET")],
        [("date", "today"), ("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")],
    ],
)
def test_a_delay_that_is_not_ahead_or_makes_no_sense_leaves_the_schedule(headers: list[tuple[str, str]]) -> None:
    assert attempts(status(503, *headers), DELETED)[1:] == (2, [0.375])


def test_no_error_asks_for_a_delay_below_zero() -> None:
    for headers in ([("retry-after", "-5")], [DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:27 GMT")]):
        said = api_error(attempts(status(400, *headers))[0]).retry_after
        assert said is None or said >= 0


def test_the_longest_delay_that_a_server_may_ask_for_is_the_policys() -> None:
    policy = RetryPolicy(max_server_delay=5)
    assert attempts(status(503, ("retry-after", "5")), DELETED, policy=policy)[1:] == (2, [5.0])
    assert attempts(status(503, ("retry-after", "5.1")), DELETED, policy=policy)[1:] == (1, [])


def test_the_servers_delay_may_be_longer_than_the_schedules_longest() -> None:
    assert attempts(status(503, ("retry-after", "100")), DELETED)[2] == [100.0]


def test_a_delay_from_the_server_does_not_move_the_schedule() -> None:
    _, _, slept = attempts(status(503, ("retry-after", "3")), status(503), status(503), policy=NO_JITTER)
    assert slept == [3.0, 1.0]


# --- after an interruption -----------------------------------------------------------------------


def test_a_404_after_an_interrupted_delete_is_told_from_one_that_was_never_there() -> None:
    never = api_error(attempts(status(404, body=ABSENT))[0])
    gone = api_error(attempts(CUT, status(404, body=ABSENT))[0])
    assert (never.status, never.after_interruption) == (404, False)
    assert (gone.status, gone.after_interruption) == (404, True)
    assert "after an interrupted attempt" in str(gone)


@pytest.mark.parametrize("code", [408, 500, 502, 503, 504])
def test_an_answer_that_leaves_open_what_was_done_is_an_interruption_too(code: int) -> None:
    assert api_error(attempts(status(code), status(404))[0]).after_interruption


@pytest.mark.parametrize("first", [status(429), status(409), UNSENT], ids=["429", "409", "not sent"])
def test_an_attempt_that_was_certainly_not_acted_upon_leaves_no_mark(first: Answer) -> None:
    assert not api_error(attempts(first, status(404))[0]).after_interruption


def test_the_mark_stays_whatever_comes_after_the_interruption() -> None:
    assert api_error(attempts(CUT, UNSENT, status(404))[0]).after_interruption
    assert api_error(attempts(CUT, status(429), status(404))[0]).after_interruption


def test_an_error_after_an_interruption_may_have_been_acted_upon() -> None:
    assert api_error(attempts(CUT, status(404))[0]).may_have_acted
    assert api_error(attempts(status(503), status(429), status(429))[0]).may_have_acted
    assert not api_error(attempts(status(429), status(429), status(429))[0]).may_have_acted


def test_not_sent_after_an_interruption_is_an_interruption() -> None:
    result, requests, _ = attempts(CUT, UNSENT)
    assert isinstance(result, Failure)
    error = result.failure()
    assert isinstance(error, Interrupted)
    assert (error.kind, requests) == ("reset", 3)
    assert error.reason == "cut off; the last attempt was not sent (refused): nobody listens"


def test_what_had_come_before_an_interruption_is_not_lost_by_what_was_not_sent_after_it() -> None:
    cut = Interrupted("truncated", "cut off", partial=HttpResponse(status=200, body=b"half"))
    error = attempts(Failure(cut), UNSENT)[0].failure()
    assert isinstance(error, Interrupted)
    assert error.partial == cut.partial


def test_not_sent_after_an_answer_that_leaves_it_open_is_an_interruption() -> None:
    result, _, _ = attempts(status(502), UNSENT)
    assert isinstance(result, Failure)
    assert result.failure() == Interrupted(
        "status", "HTTP 502; the last attempt was not sent (refused): nobody listens"
    )


def test_not_sent_on_every_attempt_stays_not_sent() -> None:
    assert attempts(UNSENT)[0] == UNSENT


def test_a_success_after_an_interruption_is_a_success() -> None:
    assert attempts(CUT, DELETED)[0] == Success(DeletedResponse(id="resp_1", deleted=True))


def test_an_interruption_marks_its_own_request_only() -> None:
    operation = delete_response("resp_1").bind(lambda _: delete_response("resp_2"))
    script = in_turn(CUT, DELETED, status(404))
    error = api_error(run(retrying(operation), script, clock=VirtualClock()))
    assert not error.after_interruption
    assert [request.path for request in script.requests] == [
        "/responses/resp_1",
        "/responses/resp_1",
        "/responses/resp_2",
    ]


# --- more than one request -----------------------------------------------------------------------


def test_each_request_of_a_bound_operation_has_its_own_retries() -> None:
    operation = delete_response("resp_1").bind(lambda _: delete_response("resp_2"))
    script, clock = in_turn(UNSENT, UNSENT, DELETED, UNSENT, UNSENT, DELETED), VirtualClock(chance=1.0)
    assert run(retrying(operation), script, clock=clock).unwrap().deleted
    assert clock.slept == [0.5, 1.0, 0.5, 1.0]
    assert [request.path[-1] for request in script.requests] == ["1", "1", "1", "2", "2", "2"]


def test_what_is_bound_after_retrying_is_not_retried() -> None:
    operation = retrying(delete_response("resp_1")).bind(lambda _: delete_response("resp_2"))
    script = in_turn(UNSENT, DELETED, UNSENT)
    assert run(operation, script, clock=VirtualClock()) == UNSENT
    assert len(script.requests) == 3


def test_what_a_program_recovers_with_is_retried_too() -> None:
    operation = delete_response("resp_1").lash(lambda _: delete_response("resp_2"))
    script = in_turn(status(404), UNSENT, DELETED)
    assert run(retrying(operation), script, clock=VirtualClock()).unwrap().deleted


def test_a_programs_own_waits_are_kept() -> None:
    class Asking(Struct, frozen=True):
        def __call__(self, elapsed: float) -> Operation[DeletedResponse]:
            return delete_response(f"resp_{elapsed:g}")

    waiting: Operation[DeletedResponse] = Wait(5.0, 0.0, Asking())
    script, clock = in_turn(UNSENT, DELETED), VirtualClock()
    assert run(retrying(waiting), script, clock=clock).unwrap().deleted
    assert clock.slept == [5.0, 0.375]
    assert [request.path for request in script.requests] == ["/responses/resp_5", "/responses/resp_5"]


def test_a_finished_operation_stays_as_it_is() -> None:
    assert retrying(succeed(1)) == succeed(1)


def listing(item_id: str, more: bool) -> Answer:
    item: dict[str, Any] = {"type": "message", "id": item_id, "role": "user", "content": []}
    return status(200, body=json.dumps({"data": [item], "last_id": item_id, "has_more": more}).encode())


def test_each_page_of_a_stream_has_its_own_retries() -> None:
    script = in_turn(UNSENT, CUT, listing("m1", True), status(503), status(429), listing("m2", False))
    clock = VirtualClock(chance=1.0)
    values = list(iterate(retrying(all_input_items("resp_1")), script, clock=clock, results=True))
    assert [getattr(value, "id", value) for value in values] == ["m1", "m2"]
    assert clock.slept == [0.5, 1.0, 0.5, 1.0]
    assert [dict(request.query).get("after") for request in script.requests] == [None] * 3 + ["m1"] * 3


def test_a_stream_whose_retries_are_used_up_breaks_off() -> None:
    script = in_turn(listing("m1", True), UNSENT)
    values = list(iterate(retrying(all_input_items("resp_1")), script, clock=VirtualClock(), results=True))
    assert values[1:] == [UNSENT]
    assert len(script.requests) == 4


def test_collecting_before_or_after_retrying_comes_to_the_same() -> None:
    def observed(operation: Operation[Any]) -> tuple[Any, tuple[HttpRequest, ...], list[float]]:
        script = in_turn(UNSENT, listing("m1", True), CUT, listing("m2", False))
        clock = VirtualClock()
        return run(operation, script, clock=clock), script.requests, clock.slept

    stream = all_input_items("resp_1")
    assert observed(collect(retrying(stream))) == observed(retrying(collect(stream)))


def test_a_stream_that_emits_first_is_retried_after_it() -> None:
    class Ended(Struct, frozen=True):
        def __call__(self, result: Result[Any, Error]) -> Emit[str]:
            return Emit((str(result.unwrap().deleted),), END)

    stream: Emit[str] = Emit(("a",), Emit(("b",), Perform(delete_response("resp_1"), Ended())))
    script, clock = in_turn(UNSENT, DELETED), VirtualClock()
    assert list(iterate(retrying(stream), script, clock=clock)) == ["a", "b", "True"]
    assert clock.slept == [0.375]


@pytest.mark.unmeasured
def test_a_stream_that_has_much_to_emit_first_is_retried_after_it() -> None:
    stream: Emit[int] | End[Any] = END
    for number in range(10_000):
        stream = Emit((number,), stream)
    assert sum(1 for _ in iterate(retrying(stream), in_turn(UNSENT))) == 10_000


class ReadAll(Struct, frozen=True):
    """Receives an answer or a chunk, and hands over what it is given until nothing more comes."""

    def __call__(self, given: Result[Any, Error]) -> Stream[str]:
        if isinstance(given, Failure):
            return break_off(given.failure())
        value = given.unwrap()
        if value == b"":
            return END
        told = f"HTTP {value.status}" if isinstance(value, HttpResponse) else value.decode()
        return Emit((told,), Read(ReadAll()))


OPENING: Stream[str] = Open(HttpRequest("GET", "/responses/resp_1", idempotent=True), ReadAll())


def test_opening_a_body_is_retried_as_any_request_is() -> None:
    script = in_turn(UNSENT, status(503, ("retry-after", "3")), status(200, body=b"events"))
    clock = VirtualClock()
    assert list(iterate(retrying(OPENING), script, clock=clock)) == ["HTTP 200", "events"]
    assert clock.slept == [0.375, 3.0]
    assert len(set(script.requests)) == 1


def test_opening_a_body_fails_after_the_last_retry() -> None:
    clock = VirtualClock()
    assert list(iterate(retrying(OPENING), in_turn(UNSENT), clock=clock, results=True)) == [UNSENT]
    assert clock.slept == [0.375, 0.75]


def test_an_interruption_marks_the_answer_that_opens_a_body() -> None:
    class Tell(Struct, frozen=True):
        def __call__(self, answer: Answer) -> Stream[bool]:
            return Emit((answer.unwrap().after_interruption,), END)

    stream: Stream[bool] = Open(HttpRequest("POST", "/responses", idempotent=True), Tell())
    assert list(iterate(retrying(stream), in_turn(CUT, status(404)), clock=VirtualClock())) == [True]
    assert list(iterate(retrying(stream), in_turn(UNSENT, status(404)), clock=VirtualClock())) == [False]


def test_a_request_that_only_reads_leaves_nothing_to_be_acted_upon() -> None:
    assert not api_error(attempts(CUT, status(404), operation=retrieve_response("resp_1"))[0]).after_interruption
    assert attempts(CUT, UNSENT, operation=retrieve_response("resp_1"))[0] == UNSENT


def test_a_request_after_a_body_was_read_has_its_own_retries() -> None:
    class Next(Struct, frozen=True):
        def __call__(self, chunk: Result[bytes, Error]) -> Stream[str]:
            return Perform(delete_response("resp_1"), Ended())

    class Ended(Struct, frozen=True):
        def __call__(self, result: Result[Any, Error]) -> Stream[str]:
            return Emit((str(result.unwrap().deleted),), END)

    class ReadOnce(Struct, frozen=True):
        def __call__(self, answer: Answer) -> Stream[str]:
            return Read(Next())

    stream: Stream[str] = Open(HttpRequest("GET", "/", idempotent=True), ReadOnce())
    script, clock = in_turn(status(200), UNSENT, CUT, DELETED), VirtualClock()
    assert list(iterate(retrying(stream), script, clock=clock)) == ["True"]
    assert clock.slept == [0.375, 0.75]


def test_collecting_a_retried_opening_comes_to_the_same_as_retrying_the_collected() -> None:
    answers = (UNSENT, CUT, status(200, body=b"events"))
    for operation in (collect(retrying(OPENING)), retrying(collect(OPENING))):
        clock = VirtualClock()
        assert run(operation, in_turn(*answers), clock=clock) == Success(("HTTP 200", "events"))
        assert clock.slept == [0.375, 0.75]


def test_retrying_twice_multiplies() -> None:
    assert attempts(UNSENT, operation=retrying(delete_response("resp_1")))[1] == 9


# --- policies that make no sense -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "forged"),
    [
        ('"max_retries":7', '"max_retries":-1'),
        ('"max_retries":7', '"max_retries":true'),
        ('"max_retries":7', '"max_retries":7,"jitter":1.5'),
        ('"max_retries":7', '"max_retries":7,"max_delay":{"$":"float","text":"inf"}'),
    ],
)
def test_a_forged_policy_in_a_checkpoint_is_the_checkpoints_decode_error(was: str, forged: str) -> None:
    operation = retrying(delete_response("resp_1"), RetryPolicy(max_retries=7))
    saved = save_checkpoint(operation).unwrap().decode()
    assert load_operation(saved.encode()).unwrap().program == operation
    assert saved.count(was) == 2  # in the attempt that is made, and in the rule for those to come
    result = load_operation(saved.replace(was, forged).encode())
    assert isinstance(result, Failure)
    error = result.failure()
    assert isinstance(error, DecodeError)
    assert error.reason.startswith("RetryPolicy: ")


# --- bounds --------------------------------------------------------------------------------------

seconds = st.floats(0, 1_000)
policies = st.builds(
    RetryPolicy,
    max_retries=st.integers(0, 6),
    initial_delay=seconds,
    max_delay=seconds,
    jitter=st.floats(0, 1),
    max_server_delay=seconds,
)
hints: st.SearchStrategy[Pairs] = st.one_of(
    st.just(()),
    st.floats(-10, 2_000).map(lambda delay: (("retry-after", f"{delay:.3f}"),)),
    st.integers(-10, 2_000_000).map(lambda delay: (("retry-after-ms", str(delay)),)),
)
answers = st.one_of(
    st.sampled_from([DELETED, UNSENT, CUT, status(404), status(429)]),
    hints.map(lambda headers: status(503, *headers)),
)


@settings(deadline=None)
@given(policies, st.lists(answers, min_size=1, max_size=8), st.floats(0, 1))
def test_requests_and_waits_are_bounded_by_the_policy(policy: RetryPolicy, script: list[Answer], chance: float) -> None:
    _, requests, slept = attempts(*script, policy=policy, chance=chance)
    longest = max(policy.max_delay, policy.max_server_delay)
    assert 1 <= requests <= policy.max_retries + 1
    assert len(slept) <= requests - 1
    assert all(0 < wait <= longest * (1 + 1e-9) for wait in slept)
    assert sum(slept) <= policy.max_retries * longest * (1 + 1e-9)


@settings(deadline=None)
@given(policies, st.floats(0, 1))
def test_every_wait_of_the_schedule_lies_within_its_jitter(policy: RetryPolicy, chance: float) -> None:
    _, requests, slept = attempts(UNSENT, policy=policy, chance=chance)
    assert requests == policy.max_retries + 1
    wanted = [min(policy.initial_delay * 2**number, policy.max_delay) for number in range(policy.max_retries)]
    positive = [delay for delay in wanted if delay * (1 - policy.jitter) + delay * policy.jitter * chance > 0]
    assert len(slept) == len(positive)
    for longest, wait in zip(positive, slept, strict=True):
        assert longest * (1 - policy.jitter) * (1 - 1e-9) <= wait <= longest * (1 + 1e-9)


@pytest.mark.parametrize("final", [DELETED, status(404), status(400), status(200, body=b"?")])
def test_an_answer_that_is_final_is_the_same_with_retries_as_without(final: Answer) -> None:
    assert attempts(final)[0] == run(delete_response("resp_1"), in_turn(final))


@settings(deadline=None, max_examples=300)
@given(
    policies,
    st.lists(st.tuples(st.floats(0, 30), answers), min_size=1, max_size=8),
    st.floats(0, 1),
    st.floats(0.01, 300),
    st.floats(0, 1000),
)
def test_a_total_time_is_kept_whatever_is_answered(
    policy: RetryPolicy, script: list[tuple[float, Answer]], chance: float, total: float, began: float
) -> None:
    hair = 1e-6
    slow = SlowNetwork(*script, chance=chance)
    operation = delay(began).bind(lambda _: limited(total))
    result = run(retrying(operation, policy), slow, clock=slow.clock)
    again = SlowNetwork(*script, chance=chance)
    assert run(retrying(operation, policy), again, clock=again.clock) == result
    assert again.allowed == slow.allowed
    assert slow.clock.now - began <= total + hair
    assert len(slow.allowed) <= policy.max_retries + 1
    for at, left in slow.allowed:
        assert left is not None
        assert 0 < left <= total + hair
        assert at - began + left <= total + hair
