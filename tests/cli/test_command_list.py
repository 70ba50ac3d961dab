"""`puresponse list`: the responses that a server holds, and the servers that have no such list."""

from __future__ import annotations

import pytest
from command_lines import run
from msgspec.structs import replace

from puresponse.core import HttpResponse
from puresponse.transports.memory.service import OGX, sample_state
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import StubTransport, json_response

NEWEST_FIRST = [
    "resp_long",
    "resp_chat",
    "resp_incomplete",
    "resp_failed",
    "resp_cancelled",
    "resp_in_progress",
    "resp_queued",
    "resp_completed_background",
    "resp_completed",
]
KEY = {"OPENAI_API_KEY": "k"}


def ogx() -> MemoryTransport:
    return MemoryTransport(replace(sample_state(), dialect=OGX))


def test_a_page_is_a_line_of_json_for_each_response_and_a_note_where_there_are_more() -> None:
    ran = run("list", "--limit", "2", transport=ogx(), environ=KEY)
    assert (ran.code, [value["id"] for value in ran.values]) == (0, NEWEST_FIRST[:2])
    assert ran.problems == [
        {"note": "there are more responses: go on with --after resp_chat, or take them all with --all"}
    ]


def test_it_goes_on_after_a_response_in_either_order() -> None:
    ran = run("list", "--after", "resp_queued", "--order", "asc", transport=ogx(), environ=KEY)
    assert (ran.code, ran.err) == (0, b"")
    assert [value["id"] for value in ran.values] == NEWEST_FIRST[5::-1]


def test_all_pages_are_followed_to_the_end() -> None:
    transport = ogx()
    ran = run("list", "--all", "--limit", "4", transport=transport, environ=KEY)
    assert (ran.code, [value["id"] for value in ran.values]) == (0, NEWEST_FIRST)
    assert len(transport.requests) == 3
    assert dict(transport.requests[0].query)["limit"] == "4"


def test_a_table_has_what_the_other_commands_show_of_a_response() -> None:
    ran = run("list", "--limit", "3", "--table", transport=ogx(), environ=KEY)
    lines = ran.out.decode().splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ID", "STATUS"],
        ["resp_long", "completed"],
        ["resp_chat", "completed"],
        ["resp_incomplete", "incomplete"],
    ]


def test_what_is_asked_for_is_sent() -> None:
    stub = StubTransport.answering(json_response({"object": "list", "data": []}))
    ran = run("list", "--model", "m", "--conversation", "conv_1", transport=stub, environ=KEY)
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")
    assert dict(stub.requests[0].query) == {"limit": "20", "model": "m", "conversation_id": "conv_1"}
    run("list", "--all", transport=stub, environ=KEY)
    assert dict(stub.requests[1].query) == {"limit": "100"}


def test_a_server_without_the_list_is_an_error_about_no_response() -> None:
    ran = run("list", "--memory", "--all")
    assert (ran.code, ran.out) == (9, b"")
    (problem,) = ran.problems
    assert (problem["id"], problem["error"], problem["status"]) == (None, "ApiError", 405)
    ran = run("list", "--table", "--memory")
    assert ran.err.startswith(b"puresponse: HTTP 405")
    assert b"the server has no such route" in ran.err


def test_what_was_received_before_an_error_is_shown() -> None:
    body = sample_state().responses["resp_chat"].body
    first = json_response({"object": "list", "data": [body], "has_more": True})
    stub = StubTransport.answering(first, HttpResponse(status=400))
    ran = run("list", "--all", "--retries", "0", transport=stub, environ=KEY)
    assert [value["id"] for value in ran.values] == ["resp_chat"]
    assert (ran.code, ran.problems[0]["status"]) == (9, 400)


@pytest.mark.parametrize(("arguments", "parameter"), [(["--limit", "0"], "limit"), (["--model", ""], "model")], ids=str)
def test_what_makes_no_sense_is_an_invalid_argument(arguments: list[str], parameter: str) -> None:
    ran = run("list", *arguments, "--memory")
    assert (ran.code, ran.problems[0]["error"]) == (3, "InvalidArgument")
    assert ran.problems[0]["message"].startswith(f"{parameter}: given")
