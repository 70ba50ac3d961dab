"""A life is told so that a person sees what went wrong: step, request, fault, answer, what changed, how it ended."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from lived import lived, violation
from msgspec import json
from msgspec.structs import replace
from returns.result import Failure, Success

from puresponse.core import (
    HttpRequest,
    HttpResponse,
    Send,
    WaitPolicy,
    audit_response,
    create_response,
    delete_response,
    fail,
    gather,
    retrieve_response,
    retrying,
    stream_response,
    succeed,
    wait_for_response,
)
from puresponse.core.errors import InvalidArgument, NotSent
from puresponse.transports import State, sample_state
from puresponse.transports.memory.faults import (
    CutStream,
    Delay,
    Garbage,
    QuotaUsedUp,
    RateLimited,
    Refused,
    Reset,
    ServerError,
    SlowStream,
    Truncated,
    Unsent,
)
from puresponse.transports.memory.service import CancelUndone, LateConsistency
from puresponse.transports.testing.lives.fault_words import in_words, said_of
from puresponse.transports.testing.lives.findings import Exploration
from puresponse.transports.testing.lives.lives import Dies, Kind, LifeStep, Mishap, OtherWait
from puresponse.transports.testing.lives.story import story_of

STATE = sample_state()
CREATE = create_response(model="gpt-5-mini", input="Hello")


def told(program: Any, mishaps: dict[int, Mishap] | None = None, **about: Any) -> list[str]:
    return story_of(violation(lived(program, STATE, mishaps), **about)).split("\n")


def test_a_story_has_the_claim_a_line_for_each_step_and_the_end() -> None:
    story = told(
        retrying(delete_response("resp_chat")),
        {1: Reset(acted=True), 3: ServerError(503)},
        claim="what is gone is reported as gone",
        why="resp_chat is gone, and the result says that it never was",
    )
    assert story == [
        "Does not hold: what is gone is reported as gone",
        "  resp_chat is gone, and the result says that it never was",
        "  1  0.0 s  DELETE /responses/resp_chat  -> the connection is reset, after the service acted; "
        "resp_chat is gone",
        "  2  0.0 s  waited 0.4 s",
        "  3  0.4 s  DELETE /responses/resp_chat  -> 503, before the service acted",
        "  4  0.4 s  waited 0.8 s",
        "  5  1.1 s  DELETE /responses/resp_chat  -> 404: Response with id 'resp_chat' not found",
        "end  1.1 s  it fails: HTTP 404, after an interrupted attempt: Response with id 'resp_chat' not found. "
        "(request req_000003)",
    ]


def test_a_claim_that_says_no_more_is_told_once() -> None:
    assert told(CREATE, claim="all is well", why="all is well")[:2] == [
        "Does not hold: all is well",
        '  1  0.0 s  POST /responses {"model":"gpt-5-mini","input":"Hello"}  -> 200, resp_000001, completed; '
        "the service now has resp_000001 (completed)",
    ]


def test_a_life_that_has_not_ended_says_where_it_was_left() -> None:
    life = lived(CREATE, STATE)
    left = (*life[:-1], replace(life[-1], result=None))
    assert story_of(violation(left)).endswith("\nend  0.0 s  here it does not hold")


def test_polls_that_say_the_same_are_one_line() -> None:
    story = told(wait_for_response("resp_queued", WaitPolicy(deadline=50)))
    assert story[2:] == [
        "2-38   0.0 s  GET /responses/resp_queued  -> 200, resp_queued, queued  (13 times in 50.0 s)",
        " end  50.0 s  it fails: the wait expired after 50.0 s and 13 polls (response resp_queued)",
    ]


def test_what_is_done_twice_is_never_drawn_together() -> None:
    refused = Send(HttpRequest("POST", "/responses", body=b"{}"), _over)
    for program in (CREATE.bind(_again), refused.bind(lambda _: refused)):
        assert [line.count("POST /responses") for line in told(program)[2:]] == [1, 1, 0]


def test_chunks_are_drawn_together_and_say_what_they_brought() -> None:
    story = told(stream_response(model="gpt-5-mini", input="One two three", background=True), {4: CutStream()})
    assert len(story) == 9
    assert story[3].endswith("read 2 chunks; emitted: response.created (number 0), response.queued (number 1)")
    assert story[4].endswith("reading on  -> the body breaks off within a chunk")
    assert "GET /responses/resp_000001?stream=true&starting_after=1  -> 200, its body can be read" in story[6]
    assert story[7].endswith("read 10 chunks; emitted: 10 events, numbers 2 to 11")
    assert story[8].endswith("it ends well")


def test_branches_are_named_only_where_there_are_any() -> None:
    program = gather(delete_response("resp_chat"), retrieve_response("resp_long"))
    story = told(program, {1: Dies(acted=True)})
    assert story[2:5] == [
        "  1  0.0 s  [branch 1] DELETE /responses/resp_chat  -> the process dies after the service acted, "
        "and another goes on from its checkpoint; resp_chat is gone",
        "  2  0.0 s  [branch 1] DELETE /responses/resp_chat  -> 404: Response with id 'resp_chat' not found",
        "  3  0.0 s  [branch 2] GET /responses/resp_long  -> 200, resp_long, completed",
    ]


def test_other_waits_and_odd_answers_are_told() -> None:
    story = told(retrying(CREATE), {1: Unsent("dns"), 2: OtherWait(), 3: Garbage()})
    assert [line.split("s  ", 1)[1] for line in story[2:5]] == [
        'POST /responses {"model":"gpt-5-mini","input":"Hello"}  -> the request is never sent: '
        "the server's name is not found",
        "waited 0.5 s (the longest where the others are the shortest, or the reverse)",
        'POST /responses {"model":"gpt-5-mini","input":"Hello"}  -> 200, text/html, 44 bytes (after the service acted)'
        "; the service now has resp_000001 (completed)",
    ]


def test_a_program_that_asks_for_nothing_has_a_story() -> None:
    assert told(succeed("all"))[2:] == ["end  0.0 s  it succeeds: 'all'"]
    assert told(fail(InvalidArgument("model", "given none")))[2:] == [
        "end  0.0 s  it fails: invalid argument 'model': given none"
    ]


def test_credentials_are_not_told_and_what_is_long_is_cut() -> None:
    request = HttpRequest(
        "POST",
        "/responses",
        query=(("api_key", "sk-query"), ("limit", "2")),
        headers=(("Authorization", "Bearer sk-header"),),
        body=json.encode({"authorization": "sk-body", "tools": [{"headers": {"api-key": "sk-deep"}}], "of": "x" * 999}),
    )
    story = told(Send(request, _over))
    assert "sk-" not in "\n".join(story)
    assert 'POST /responses?api_key=[redacted]&limit=2 {"authorization":"[redacted]","tools"' in story[2]
    assert max(map(len, story)) < 250


def test_a_line_is_one_line_whatever_it_tells_of() -> None:
    hostile = HttpRequest("GET", "/responses/\x1b[2J\u202e\n-> 200", body=b"\n\xff\n")
    story = story_of(
        violation((_begin(), _step("send", hostile, Success(HttpResponse(status=200, body=b"\n\n")))), "\n")
    )
    assert story.replace("\n", "").isprintable()
    assert len(story.split("\n")) == 4


def test_a_story_without_end_leaves_out_its_middle() -> None:
    steps = [_step("send", HttpRequest("DELETE", f"/responses/{number}"), OK) for number in range(1000)]
    story = story_of(violation((_begin(), *steps))).split("\n")
    assert len(story) < 70
    assert any("(940 more lines)" in line for line in story)
    assert "/responses/0 " in story[2]
    assert "/responses/999 " in story[-2]


# --- the table --------------------------------------------------------------------------------------

OK = Success(HttpResponse(status=200, body=b"{}"))
MISHAPS: dict[Mishap, str] = {
    Delay(20.0): "a slow answer, 20 s late",
    RateLimited(): "429, too many requests a minute: to be asked again after 1 s",
    QuotaUsedUp(): "429, the quota is used up",
    ServerError(503, acted=True): "503, after the service acted",
    ServerError(
        500, headers=(("x-should-retry", "false"),)
    ): "500, before the service acted (says that no retry helps)",
    Refused(409, "Locked"): "409: Locked, before the service acted",
    Refused(400, "No", headers=(("x-should-retry", "true"),)): "400: No, before the service acted (asks for a retry)",
    Reset(): "the connection is reset, before the service acted",
    Reset(acted=True): "the connection is reset, after the service acted",
    Unsent(): "the request is never sent: the connection is refused",
    Truncated(): "the answer breaks off, after the service acted",
    Garbage(): "something else in place of the answer, after the service acted",
    SlowStream(2.0): "a slow stream, each event takes 2 s more",
    CutStream(3): "a stream that is cut, it breaks off after 3 events",
    LateConsistency(5.0, "created"): "a late index, what was made is a 404 for 5 s at first",
    LateConsistency(5.0): "a late index, what was made is a 404 for 5 s once it has ended",
    CancelUndone(): "a cancel without effect, what is cancelled turns completed after 120 s",
    Dies(): "the process dies before the service acted, and another goes on from its checkpoint",
    OtherWait(): "another wait, the longest where the others are the shortest, or the reverse",
}


@pytest.mark.parametrize("mishap", MISHAPS, ids=str)
def test_every_fault_has_plain_words(mishap: Mishap) -> None:
    assert in_words(mishap, "send") == MISHAPS[mishap]


def test_the_table_has_all_that_may_go_wrong() -> None:
    assert {type(mishap) for mishap in MISHAPS} == set(get_args(Mishap))
    for mishap in MISHAPS:
        assert said_of(mishap, "read").what[0] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # no name of a type


@pytest.mark.parametrize("kind", ["read", "wait"])
def test_a_process_that_dies_between_requests_has_asked_for_nothing(kind: Kind) -> None:
    assert in_words(Dies(), kind) == "the process dies, and another goes on from its checkpoint"


def test_a_value_that_is_about_a_response_is_called_by_that() -> None:
    story = story_of(violation(lived(audit_response("resp_chat"), sample_state()))).splitlines()
    assert story[-1] == "end  0.0 s  it succeeds: ResponseAudit resp_chat (completed)"


# --- the report -------------------------------------------------------------------------------------


def test_a_report_says_what_was_searched_what_does_not_hold_and_what_was_left_out() -> None:
    found = violation(lived(CREATE, STATE))
    exploration = Exploration(
        faults=2,
        states=1234,
        steps=5678,
        seconds=0.42,
        violations=(found, found),
        limit="there are more than 1,234 states",
        opaque=("<function <lambda> at 0x1>",),
    )
    with pytest.raises(AssertionError) as raised:
        exploration.check()
    report = str(raised.value)
    first, *_ = report.split("\n")
    assert first == "2 claims do not hold: 1,234 states, 5,678 steps, up to 2 faults in a life, 0.4 s"
    assert report.count(found.story) == 2
    assert "\n\nNot all was searched: there are more than 1,234 states\n\nNo data, so that" in report
    assert report.endswith("<function <lambda> at 0x1>")


def test_what_was_not_searched_fails_too() -> None:
    with pytest.raises(AssertionError, match=r"^All claims held as far as was searched: 1 states") as raised:
        Exploration(faults=1, states=1, steps=0, seconds=0.0, limit="too many").check()
    assert str(raised.value).endswith("up to 1 fault in a life, 0.0 s\n\nNot all was searched: too many")
    Exploration(faults=1, states=1, steps=0, seconds=0.0).check()


def test_what_was_found_prints_as_its_report_and_is_short_where_a_test_shows_it() -> None:
    found = violation(lived(CREATE, STATE))
    exploration = Exploration(faults=1, states=2, steps=1, seconds=0.0, violations=(found,))
    assert str(found) == found.story
    assert str(exploration).endswith(found.story)
    searched = "2 states, 1 steps, up to 1 fault in a life, 0.0 s"
    assert repr(exploration) == f"<Exploration: 1 claim does not hold: {searched}>"
    assert repr(found) == f"<Violation: {found.claim}; a life of {len(found.life) - 1} steps>"
    assert str(Exploration(faults=2, states=1, steps=0, seconds=0.0)).startswith("All claims hold: 1 states")


def _again(response: Any) -> Any:
    return CREATE


def _over(answer: Any) -> Any:
    return succeed(None)


def _begin() -> LifeStep:
    return LifeStep(kind="begin", before=State(), after=State())


def _step(kind: Kind, request: HttpRequest, answer: Any) -> LifeStep:
    return LifeStep(kind=kind, request=request, answer=answer, acted=True, before=State(), after=State())


def test_an_answer_that_was_not_foreseen_is_told_all_the_same() -> None:
    other = (_begin(), _step("send", HttpRequest("GET", "/models"), Failure(NotSent("given_up", "stopped"))))
    assert "GET /models  -> not sent (given_up)" in story_of(violation(other))
