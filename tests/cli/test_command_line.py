"""What the commands do and show, through the whole program in this process, against the service in memory and stubs."""

from __future__ import annotations

from functools import partial

import pytest
from command_lines import Ran, run
from msgspec import json

from puresponse.cli.tasks import AllPages, Values
from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent, all_input_items
from puresponse.transports import VirtualClock
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import StubTransport, json_response

UNKEYED = b"OPENAI_API_KEY is not set, and nothing was sent: "
COMMAND_LINES = [
    ["cancel", "resp_queued"],
    ["delete", "resp_chat", "resp_long"],
    ["delete", "-"],
    ["retrieve", "resp_chat"],
    ["input-items", "resp_long", "--all"],
    ["list"],
]
"""One of each command that asks a service."""


def test_cancel_shows_the_cancelled_response() -> None:
    ran = run("cancel", "resp_in_progress", "--memory")
    assert (ran.code, ran.err) == (0, b"")
    assert [(value["id"], value["status"]) for value in ran.values] == [("resp_in_progress", "cancelled")]


def test_delete_says_that_it_is_deleted() -> None:
    ran = run("delete", "resp_chat", "--memory")
    assert ran == Ran(0, b'{"id":"resp_chat","outcome":"deleted"}\n', b"")


def test_retrieve_shows_the_response_as_it_came() -> None:
    service = MemoryTransport()
    came = service(HttpRequest("GET", "/responses/resp_failed")).unwrap().body
    assert run("retrieve", "resp_failed", "--memory").values == [json.decode(came)]


def test_what_to_include_is_asked_for() -> None:
    stub = StubTransport.answering(json_response({"id": "r"}, status=404))
    run("retrieve", "resp_1", "--include", "a", "--include", "b", transport=stub)
    assert stub.requests[0].query == (("include[]", "a"), ("include[]", "b"))


def test_samples_shows_every_response_of_the_service_in_memory() -> None:
    ran = run("samples")
    assert (ran.code, ran.err) == (0, b"")
    ids = [value["id"] for value in ran.values]
    assert len(ids) == len(MemoryTransport().state.responses)
    assert {"resp_in_progress", "resp_chat", "resp_long"} <= set(ids)


def test_the_samples_are_listed_oldest_first() -> None:
    created = [value["created_at"] for value in run("samples").values]
    assert created == sorted(created)
    assert run("samples").values[0]["id"] == "resp_completed"


@pytest.mark.parametrize("arguments", COMMAND_LINES, ids=" ".join)
def test_without_a_key_nothing_is_sent_and_one_line_says_what_to_do(arguments: list[str]) -> None:
    stub = StubTransport.answering()
    ran = run(*arguments, "--table", stdin=b"resp_chat\n", transport=stub, environ={})
    assert (ran.code, ran.out, stub.requests) == (14, b"", ())
    assert ran.err.count(b"\n") == 1
    assert ran.err.startswith(b"puresponse: " + UNKEYED)
    assert all(word in ran.err for word in (b"--memory", b"--base-url"))


def test_without_a_key_a_pipe_is_given_an_object() -> None:
    ran = run("delete", "resp_chat")
    (problem,) = ran.problems
    assert (ran.code, ran.out, problem["id"], problem["error"]) == (14, b"", None, "NoKey")
    assert problem["message"].encode().startswith(UNKEYED)


@pytest.mark.parametrize("arguments", COMMAND_LINES[:1], ids=" ".join)
def test_a_setting_has_the_service_in_memory_answer(arguments: list[str]) -> None:
    ran = run(*arguments, environ={"PURESPONSE_MEMORY": "1"})
    assert (ran.code, ran.err) == (0, b"")
    assert run(*arguments, environ={"PURESPONSE_MEMORY": "0"}).code == 14


def test_an_error_is_a_line_that_names_the_response_and_has_its_code() -> None:
    ran = run("cancel", "resp_nowhere", "--memory", "--table")
    assert (ran.code, ran.out) == (6, b"")
    assert ran.err.startswith(b"puresponse: resp_nowhere: HTTP 404: Response with id 'resp_nowhere' not found.")
    assert ran.err.count(b"\n") == 1


def test_an_error_in_json_is_an_object() -> None:
    ran = run("retrieve", "resp_nowhere", "--memory")
    assert (ran.code, ran.out) == (6, b"")
    assert ran.problems == [
        {
            "id": "resp_nowhere",
            "error": "ApiError",
            "status": 404,
            "code": None,
            "message": "Response with id 'resp_nowhere' not found.",
            "request_id": "req_000001",
        }
    ]


def test_a_failure_stops_nothing_and_kinds_that_differ_give_1() -> None:
    ran = run("delete", "resp_nowhere", "resp_chat", "a/b", "resp_long", "--memory")
    assert ran.code == 1
    assert {value["id"]: value["outcome"] for value in ran.values} == {
        "resp_nowhere": "already_absent",
        "resp_chat": "deleted",
        "a/b": "failed",
        "resp_long": "deleted",
    }
    errors = {value["id"]: value["error"]["kind"] for value in ran.values if "error" in value}
    assert errors == {"resp_nowhere": "ApiError", "a/b": "InvalidArgument"}


def test_ids_come_from_standard_input_in_the_place_of_a_dash() -> None:
    lines = b"\xef\xbb\xbfresp_chat\r\n\n  \nresp_long  \nresp_failed"
    ran = run("delete", "resp_completed", "-", "resp_incomplete", "--memory", "--concurrency", "1", stdin=lines)
    assert ran.code == 0
    assert [value["id"] for value in ran.values] == [
        "resp_completed",
        "resp_chat",
        "resp_long",
        "resp_failed",
        "resp_incomplete",
    ]


def test_no_ids_on_standard_input_are_nothing_to_do() -> None:
    ran = run("delete", "-", "--memory", "--table")
    assert ran == Ran(0, b"", b"puresponse: nothing done\n")


def test_a_line_that_is_not_utf8_is_an_invalid_argument_and_stops_nothing() -> None:
    ran = run("delete", "-", "--memory", "--concurrency", "1", stdin=b"\xff\nresp_chat\n")
    assert ran.code == 3
    assert [(value["id"], value["outcome"]) for value in ran.values] == [
        ("standard input:1", "failed"),
        ("resp_chat", "deleted"),
    ]


def test_an_argument_that_is_not_utf8_is_a_usage_error() -> None:
    assert run("delete", "resp_\udcff") == Ran(2, b"", b"puresponse: argument 2 is not UTF-8\n")


def test_a_closed_standard_input_is_said() -> None:
    ran = run("delete", "-", "--memory", stdin=None)
    assert ran.code == 74
    assert ran.problems[0]["message"] == "cannot read ids: standard input is closed"
    assert ran.problems[0]["error"] == "Stopped"


def test_an_answer_of_deleted_false_is_no_success() -> None:
    stub = StubTransport.answering(json_response({"id": "resp_1", "object": "response", "deleted": False}))
    ran = run("delete", "resp_1", transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert (ran.code, ran.err) == (10, b"")
    assert "did not delete" in ran.values[0]["error"]["message"]


def gone_after(first: Interrupted | HttpResponse) -> StubTransport:
    """A service that deletes, and is cut off before it says so."""
    return StubTransport.answering(first, json_response({"error": {"message": "not found"}}, status=404))


@pytest.mark.parametrize("first", [Interrupted("reset", "connection reset"), HttpResponse(status=502)], ids=str)
def test_a_404_after_an_interrupted_attempt_is_a_deletion(first: Interrupted | HttpResponse) -> None:
    environ = {"OPENAI_API_KEY": "k"}
    ran = run("delete", "resp_1", transport=gone_after(first), environ=environ)
    assert (ran.code, ran.err) == (0, b"")
    assert ran.values == [{"id": "resp_1", "outcome": "deleted", "after_interruption": True}]
    assert run("delete", "resp_1", "--table", transport=gone_after(first), environ=environ) == Ran(
        0, b"ID      RESULT\nresp_1  gone after an interrupted attempt\n", b""
    )


@pytest.mark.parametrize("first", [Interrupted("reset", "connection reset"), HttpResponse(status=502)], ids=str)
def test_a_missing_route_after_an_interrupted_attempt_is_no_deletion(first: Interrupted | HttpResponse) -> None:
    stub = StubTransport.answering(first, HttpResponse(status=404, body=b"404 page not found"))
    ran = run("delete", "resp_1", transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert (ran.code, [value["outcome"] for value in ran.values]) == (9, ["failed"])


def test_a_404_at_once_is_an_error() -> None:
    assert run("delete", "resp_nowhere", "--memory").code == 6


@pytest.mark.parametrize("command", ["delete", "cancel", "retrieve", "input-items", "input-items --all"])
@pytest.mark.parametrize(("retries", "attempts"), [([], 3), (["--retries", "0"], 1), (["--retries", "4"], 5)])
def test_retries_are_as_many_as_asked_for(command: str, retries: list[str], attempts: int) -> None:
    stub = StubTransport(lambda request: NotSent("refused", "nobody listens"))
    ran = run(*command.split(), "resp_1", *retries, transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert ran.code == 4
    assert len(stub.requests) == attempts


def test_a_page_of_input_items_is_the_apis_default() -> None:
    ran = run("input-items", "resp_long", "--memory")
    assert ran.code == 0
    assert [value["id"] for value in ran.values] == [f"msg_long_{n}" for n in range(250, 230, -1)]


def test_more_items_are_pointed_out() -> None:
    ran = run("input-items", "resp_long", "--memory", "--limit", "2", "--after", "msg_long_100")
    assert [value["id"] for value in ran.values] == ["msg_long_099", "msg_long_098"]
    assert ran.problems == [
        {"note": "resp_long has more items: go on with --after msg_long_098, or take them all with --all"}
    ]


def test_more_items_than_can_be_gone_on_to_are_pointed_out() -> None:
    stub = StubTransport.answering(HttpResponse(status=200, body=b'{"object":"list","data":[],"has_more":true}'))
    ran = run("input-items", "resp_1", transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert (ran.code, ran.out) == (0, b"")
    assert ran.problems == [{"note": "resp_1 has more items: take them all with --all"}]


@pytest.mark.parametrize("limit", [[], ["--limit", "7"], ["--limit", "50"]])
def test_all_follows_every_page(limit: list[str]) -> None:
    ran = run("input-items", "resp_long", "--memory", "--all", "--order", "asc", *limit)
    assert (ran.code, ran.err) == (0, b"")
    assert [value["id"] for value in ran.values] == [f"msg_long_{n:03d}" for n in range(1, 251)]


def test_pages_are_shown_as_they_are_received() -> None:
    task = AllPages(partial(all_input_items, limit=100), ["resp_long"], 100)
    events = [event for event in task(MemoryTransport(), VirtualClock(), 1) if isinstance(event, Values)]
    assert [len(event.values) for event in events] == [100, 100, 50]


def test_all_pages_are_asked_for_with_the_given_parameters() -> None:
    stub = StubTransport.answering(HttpResponse(status=500))
    run("input-items", "r", "--all", "--include", "x", "--after", "m", "--retries", "0", transport=stub)
    assert stub.requests[0].query == (("include[]", "x"), ("limit", "100"), ("after", "m"))


def test_items_that_came_before_an_error_are_shown() -> None:
    page = {"object": "list", "data": [{"type": "hunch", "id": "i_1"}], "last_id": "i_1", "has_more": True}
    stub = StubTransport.answering(json_response(page), HttpResponse(status=403))
    ran = run("input-items", "resp_1", "--all", transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert ran.code == 7
    assert ran.values == [{"type": "hunch", "id": "i_1"}]
    assert [problem["id"] for problem in ran.problems] == ["resp_1"]


def test_a_page_that_cannot_be_had_is_an_error() -> None:
    ran = run("input-items", "resp_nowhere", "--memory")
    assert (ran.code, ran.out) == (6, b"")


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "101"], ["--after", ""], ["--include", ""]])
@pytest.mark.parametrize("everything", [[], ["--all"]])
def test_bad_parameters_are_refused_before_anything_is_sent(arguments: list[str], everything: list[str]) -> None:
    stub = StubTransport.answering()
    ran = run("input-items", "resp_1", *arguments, *everything, transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert (ran.code, ran.out, stub.requests) == (3, b"", ())
    assert ran.problems[0]["error"] == "InvalidArgument"


def test_the_one_id_of_input_items_may_come_from_standard_input() -> None:
    ran = run("input-items", "-", "--memory", stdin=b"resp_queued\n")
    assert [value["id"] for value in ran.values] == ["msg_hello"]


@pytest.mark.parametrize("lines", [b"", b"resp_chat\nresp_long\n", b"\xff"])
def test_input_items_takes_one_id_no_less_and_no_more(lines: bytes) -> None:
    ran = run("input-items", "-", "--memory", stdin=lines)
    assert (ran.code, ran.out) == (3, b"")


def test_a_table_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    ran = run("cancel", "resp_in_progress", "--memory", terminal=True)
    assert ran.out.decode().splitlines() == [
        "ID                RESULT            STATUS       CREATED           MODEL",
        "resp_in_progress  cancelled         cancelled    2025-06-15 15:09  gpt-4o-mini-…",
    ]


def test_json_lines_on_a_terminal_when_forced() -> None:
    assert run("delete", "resp_chat", "--memory", "--json", terminal=True).values[0]["outcome"] == "deleted"


def test_json_is_utf8_and_a_table_is_whatever_the_terminal_is() -> None:
    stub = StubTransport(lambda request: json_response({"id": "x", "deleted": True}))
    environ = {"OPENAI_API_KEY": "k"}
    ran = run("delete", "é", transport=stub, environ=environ, encoding="latin-1")
    assert ran.out == '{"id":"é","outcome":"deleted"}\n'.encode()
    ran = run("delete", "é", "--table", transport=stub, environ=environ, encoding="latin-1")
    assert ran.out == "ID  RESULT\né   deleted\n".encode("latin-1")
    ran = run("delete", "日", "--memory", encoding="latin-1")
    assert ran.values[0]["id"] == "日"


def test_options_stand_before_the_command_or_after_it() -> None:
    before = run("--memory", "--table", "delete", "resp_chat")
    assert before == run("delete", "--memory", "--table", "resp_chat")
    assert before.out == b"ID         RESULT\nresp_chat  deleted\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["delete"],
        ["bogus"],
        ["delete", "x", "--api-key", "sk-secret"],
        ["input-items", "x", "--order", "sideways"],
        ["input-items", "x", "--limit", "many"],
        ["delete", "x", "--json", "--table"],
        ["delete", "x", "--memory", "--timeout", "1"],
        ["delete", "x", "--memory", "--project", "p"],
        ["--concurrency", "2", "input-items", "x"],
        ["--timeout", "2", "samples"],
        ["samples", "--json", "--table"],
        ["input-items", "x", "--base-url", ""],
    ],
    ids=" ".join,
)
def test_a_command_line_that_makes_no_sense_is_a_usage_error(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert b"Usage: puresponse" in ran.err
    assert b"Error: " in ran.err
    assert b"secret" not in ran.err
    assert b"Traceback" not in ran.err
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "arguments", [["--concurrency", "0"], ["--concurrency", "1000"], ["--retries", "-1"]], ids=" ".join
)
def test_a_number_out_of_range_is_refused_before_anything_is_sent(arguments: list[str]) -> None:
    ran = run("delete", "resp_chat", "--memory", *arguments)
    assert (ran.code, ran.out) == (3, b"")
    assert [problem["id"] for problem in ran.problems] == [None]


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [(["--base-url", "ftp://host"], "base_url"), (["--base-url", "http://h", "--timeout", "nan"], "timeout")],
)
def test_a_setting_that_the_transport_refuses_is_an_invalid_argument(arguments: list[str], parameter: str) -> None:
    ran = run("delete", "resp_1", *arguments)
    assert (ran.code, ran.out) == (3, b"")
    assert parameter in ran.problems[0]["message"]
    ran = run("delete", "resp_1", "--table", *arguments)
    assert ran.err.startswith(b"puresponse: invalid argument '" + parameter.encode())


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["delete", "--help"], ["input-items", "--help"]])
def test_help_is_given(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments).code == 0
    assert "Usage: puresponse" in capfd.readouterr().out


def test_help_tells_the_exit_codes(capfd: pytest.CaptureFixture[str]) -> None:
    run("--help")
    assert "6 not found (404)" in capfd.readouterr().out


def test_a_command_line_without_a_command_is_a_usage_error(capfd: pytest.CaptureFixture[str]) -> None:
    assert run().code == 2
    assert "Usage: puresponse" in "".join(capfd.readouterr())
