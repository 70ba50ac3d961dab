"""What commands that are given many say of each response, and of the run: in this process, by a stub or in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_lines import Ran, run
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse, Interrupted, create_response
from puresponse.transports import Ledger
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import StubTransport, json_response

OF_SERVICE = {"OPENAI_API_KEY": "k"}


def outcomes(ran: Ran) -> dict[str, str]:
    return {value["id"]: value["outcome"] for value in ran.values}


def summary(ran: Ran) -> dict[str, Any]:
    found: list[dict[str, Any]] = [problem["summary"] for problem in ran.problems if "summary" in problem]
    assert len(found) == 1
    return found[0]


def refusing(status: int, code: str | None = None) -> StubTransport:
    return StubTransport(lambda request: json_response({"error": {"message": "No.", "code": code}}, status=status))


# --- outcomes ------------------------------------------------------------------------------------


def test_cancelling_what_has_ended_is_no_failure_and_says_how_it_ended() -> None:
    ran = run("cancel", "resp_completed", "resp_queued", "resp_failed", "resp_nowhere", "--memory")
    assert ran.code == 6
    assert outcomes(ran) == {
        "resp_completed": "already_terminal",
        "resp_queued": "cancelled",
        "resp_failed": "already_terminal",
        "resp_nowhere": "already_absent",
    }
    assert {value["id"]: value.get("status") for value in ran.values} == {
        "resp_completed": "completed",
        "resp_queued": "cancelled",
        "resp_failed": "failed",
        "resp_nowhere": None,
    }


def test_a_cancellation_that_the_server_only_begins_is_not_called_cancelled() -> None:
    running = MemoryTransport()(HttpRequest("GET", "/responses/resp_in_progress"))
    stub = StubTransport(lambda request: running.unwrap())
    ran = run("cancel", "resp_1", transport=stub, environ=OF_SERVICE)
    assert outcomes(ran) == {"resp_1": "cancelling"}


def test_a_response_is_shown_as_it_was_received_in_the_outcome_of_its_end() -> None:
    ran = run("wait", "resp_chat", "--memory")
    received = MemoryTransport()(HttpRequest("GET", "/responses/resp_chat")).unwrap().body
    assert (ran.code, ran.values[0]["outcome"]) == (0, "ended")
    assert ran.values[0]["response"] == json.decode(received)


def test_a_wait_that_expires_is_a_failure_and_with_cancel_a_cancellation() -> None:
    ran = run("wait", "resp_queued", "--memory", "--deadline", "2")
    assert (ran.code, ran.values[0]["error"]["kind"]) == (11, "WaitExpired")
    ran = run("wait", "resp_queued", "--memory", "--deadline", "2", "--cancel")
    assert (ran.code, ran.values[0]["status"]) == (0, "cancelled")


def test_a_deadline_that_is_none_is_refused_before_anything_is_sent() -> None:
    stub = StubTransport.answering()
    ran = run("wait", "resp_1", "--deadline", "nan", transport=stub, environ=OF_SERVICE)
    assert (ran.code, stub.requests) == (2, ())


@pytest.mark.parametrize("command", ["delete", "cancel", "wait --deadline 60", "retrieve", "audit"])
def test_a_missing_response_is_a_failure_unless_that_is_all_right(command: str) -> None:
    words = [*command.split(), "resp_nowhere", "resp_nothing", "--memory"]
    assert run(*words).code == 6
    ran = run(*words, "--missing-ok")
    assert (ran.code, summary(ran)["outcomes"]) == (0, {"already_absent": 2})


def test_a_missing_route_is_a_failure_also_where_missing_responses_are_all_right() -> None:
    stub = StubTransport(lambda request: HttpResponse(status=404, body=b"404 page not found"))
    ran = run("delete", "resp_1", "--missing-ok", transport=stub, environ=OF_SERVICE)
    assert (ran.code, outcomes(ran)) == (9, {"resp_1": "failed"})


def test_an_audit_has_the_items_in_order_and_a_table_their_number() -> None:
    ran = run("audit", "resp_long", "--memory")
    assert [item["id"] for item in ran.values[0]["input_items"]] == [f"msg_long_{n:03d}" for n in range(1, 251)]
    assert run("audit", "resp_long", "--memory", "--table").out.split()[5:8] == [b"resp_long", b"completed", b"250"]


def test_a_deletion_is_proven_by_the_404_that_follows() -> None:
    ran = run("delete", "resp_chat", "--prove", "--memory")
    receipt = ran.values[0]["receipt"]
    assert (ran.code, outcomes(ran)) == (0, {"resp_chat": "deleted"})
    assert receipt["acknowledged"] == {"id": "resp_chat", "object": "response.deleted", "deleted": True}
    assert (receipt["absence"]["status"], receipt["absence"]["request_id"]) == (404, "req_000002")
    assert b"deleted, and proven so" in run("delete", "resp_chat", "--prove", "--memory", "--table").out


def test_a_404_after_an_interrupted_attempt_is_a_deletion_without_an_acknowledgement() -> None:
    gone = json_response({"error": {"message": "not found"}}, status=404)
    stub = StubTransport.answering(Interrupted("reset", "reset"), gone)
    ran = run("delete", "resp_1", "--prove", transport=stub, environ=OF_SERVICE)
    assert (ran.code, ran.values[0]["receipt"]["acknowledged"]) == (0, None)


# --- the summary ---------------------------------------------------------------------------------


def test_the_summary_says_what_became_of_all_and_sums_the_tokens() -> None:
    ran = run("retrieve", "resp_chat", "resp_long", "resp_nowhere", "--memory")
    found = summary(ran)
    assert found["outcomes"] == {"retrieved": 2, "already_absent": 1}
    assert found["failures"] == {"ApiError 404 invalid_request_error": 1}
    assert (found["left"], found["stopped"], found["go_on"]) == (0, None, None)
    assert found["usage"]["total_tokens"] == sum(value["usage"]["total_tokens"] for value in ran.values)
    assert found["latency"].keys() == {"p50", "p95", "p99"}


def test_in_a_pipe_it_is_one_line_of_text_where_the_form_is_text() -> None:
    ran = run("delete", "resp_chat", "resp_long", "--memory", "--table")
    assert ran.err == b"puresponse: 2 deleted\n"


def test_one_response_has_no_summary() -> None:
    assert run("delete", "resp_chat", "--memory").err == b""


# --- the end before the end ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "ended", "advice"),
    [
        (401, "invalid_api_key", 7, "the server refuses the key"),
        (429, "insufficient_quota", 8, "the quota is used up"),
        (404, None, 9, "this server cannot"),
    ],
)
def test_what_all_would_meet_ends_the_run_and_says_what_to_do(
    status: int, code: str | None, ended: int, advice: str
) -> None:
    stub = refusing(status, code)
    if status == 404:
        stub = StubTransport(lambda request: HttpResponse(status=404, body=b"404 page not found"))
    ids = [f"resp_{number}" for number in range(50)]
    ran = run("delete", "--yes", *ids, "--concurrency", "3", transport=stub, environ=OF_SERVICE)
    assert (ran.code, summary(ran)["stopped"]) == (ended, "hopeless")
    assert summary(ran)["advice"].startswith(advice)
    assert len(stub.requests) <= 3
    assert summary(ran)["left"] == 50 - len(stub.requests)


def test_a_single_response_has_the_advice_too() -> None:
    ran = run("delete", "resp_1", transport=refusing(401), environ=OF_SERVICE)
    assert ran.problems == [{"note": "the server refuses the key: set another, or that of the right project"}]


def test_after_so_many_failures_no_more_are_begun() -> None:
    stub = refusing(400)
    ids = [f"resp_{number}" for number in range(50)]
    words = ["delete", "--yes", *ids, "--concurrency", "1", "--max-failures", "4"]
    ran = run(*words, transport=stub, environ=OF_SERVICE)
    assert (ran.code, summary(ran)["stopped"], summary(ran)["left"]) == (9, "max_failures", 46)
    assert len(stub.requests) == 4


def test_a_missing_response_that_is_all_right_is_none_of_these_failures() -> None:
    ids = [f"resp_{number}" for number in range(9)]
    ran = run("retrieve", *ids, "--memory", "--missing-ok", "--max-failures", "1", "--concurrency", "1")
    assert (ran.code, summary(ran)["outcomes"]) == (0, {"already_absent": 9})


def test_a_rate_is_kept() -> None:
    ran = run("retrieve", *["resp_chat", "resp_long", "resp_failed"], "--memory", "--rate", "0.5", "--concurrency", "1")
    assert (ran.code, summary(ran)["seconds"]) == (0, 4.0)


# --- the ledger ----------------------------------------------------------------------------------


def failing(*numbers: str) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response_id = request.path.rpartition("/")[2]
        if response_id in numbers:
            return json_response({"error": {"message": "Not now."}}, status=400)
        return json_response({"id": response_id, "deleted": True})

    return answer


def ledgered(tmp_path: Path, *words: str, transport: StubTransport) -> Ran:
    ledger = ["--ledger", str(tmp_path / "run.db"), "--concurrency", "1"]
    return run("delete", "--yes", *words, *ledger, transport=transport, environ=OF_SERVICE)


def test_what_is_left_in_a_ledger_is_gone_on_with_and_what_failed_where_that_is_said(tmp_path: Path) -> None:
    first = ledgered(tmp_path, "r1", "r2", "r3", "r4", "--max-failures", "1", transport=StubTransport(failing("r2")))
    assert (outcomes(first), summary(first)["left"]) == ({"r1": "deleted", "r2": "failed"}, 2)
    assert summary(first)["go_on"] == (
        f"puresponse delete --yes --max-failures 1 --concurrency 1 --ledger {tmp_path / 'run.db'} --resume"
    )
    assert outcomes(ledgered(tmp_path, "--resume", transport=StubTransport(failing()))) == {
        "r3": "deleted",
        "r4": "deleted",
    }
    last = ledgered(tmp_path, "--resume", "--retry-failed", transport=StubTransport(failing()))
    assert (last.code, outcomes(last)) == (0, {"r2": "deleted"})


def test_what_is_in_the_ledger_is_not_done_again_and_that_is_said(tmp_path: Path) -> None:
    ledgered(tmp_path, "r1", "r2", transport=StubTransport(failing()))
    again = ledgered(tmp_path, "r1", "r2", "r3", transport=StubTransport(failing()))
    assert outcomes(again) == {"r3": "deleted"}
    assert {"note": "2 of the ids are in the ledger already, and not done again"} in again.problems


def test_what_an_earlier_run_left_is_not_gone_on_with_by_chance(tmp_path: Path) -> None:
    ledgered(tmp_path, "r1", "r2", "r3", "--max-failures", "1", transport=StubTransport(failing("r1")))
    ran = ledgered(tmp_path, "r4", transport=(stub := StubTransport(failing())))
    assert (ran.code, stub.requests) == (16, ())
    assert "has 2 left of an earlier run" in ran.problems[0]["message"]


def test_what_nobody_knows_is_left_to_a_person(tmp_path: Path) -> None:
    file = str(tmp_path / "run.db")
    with Ledger(file) as ledger:
        ledger.begin("r1", create_response(model="gpt-4o-mini", input="Hello"))
    ran = ledgered(tmp_path, "--resume", transport=(stub := StubTransport(failing())))
    assert (ran.code, stub.requests) == (0, ())
    assert summary(ran)["advice"] == (
        f"nobody knows whether 1 of the ledger were done: settle them (puresponse ledger list {file} --fate unknown)"
    )


@pytest.mark.parametrize("command", ["retrieve", "audit", "cancel", "wait"])
def test_a_ledger_is_carried_out_by_no_other_command(tmp_path: Path, command: str) -> None:
    ledgered(tmp_path, "r1", "r2", "r3", "--max-failures", "1", transport=StubTransport(failing("r1")))
    stub = StubTransport(failing())
    ran = run(command, "--resume", "--ledger", str(tmp_path / "run.db"), transport=stub, environ=OF_SERVICE)
    assert (ran.code, stub.requests) == (16, ())
    assert "is the ledger of another command: it would DELETE /responses/r2" in ran.problems[0]["message"]


def test_two_commands_that_read_are_told_apart_too(tmp_path: Path) -> None:
    ledger = ["--ledger", str(tmp_path / "run.db")]
    stub = refusing(400)
    run("audit", "r1", "r2", "--concurrency", "1", "--max-failures", "1", *ledger, transport=stub, environ=OF_SERVICE)
    assert run("retrieve", "--resume", *ledger, transport=stub, environ=OF_SERVICE).code == 16


def test_a_file_that_is_no_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "run.db").write_bytes(b"a photograph")
    ran = ledgered(tmp_path, "r1", "r2", transport=(stub := StubTransport(failing())))
    assert (ran.code, stub.requests, (tmp_path / "run.db").read_bytes()) == (16, (), b"a photograph")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--resume"], "--resume: of no use without --ledger FILE"),
        (["--ledger", "run.db", "--retry-failed"], "--retry-failed: of no use without --resume"),
        (["--ledger", "/nowhere/run.db", "--resume"], "--resume: there is no ledger /nowhere/run.db"),
    ],
)
def test_options_of_a_ledger_that_make_no_sense_are_usage_errors(words: list[str], said: str) -> None:
    ran = run("retrieve", "resp_chat", "--memory", *words)
    assert (ran.code, ran.out) == (2, b"")
    assert said.encode() in ran.err


# --- `puresponse ledger` -------------------------------------------------------------------------


def test_a_ledger_is_shown_listed_settled_proven_and_gives_receipts(tmp_path: Path) -> None:
    file = str(tmp_path / "run.db")
    first = ledgered(tmp_path, "r1", "r2", "r3", transport=StubTransport(failing("r2")))
    head = summary(first)["ledger"]["head"]
    (shown,) = run("ledger", "show", file).values
    assert (shown["head"], shown["fates"]["done"], shown["fates"]["failed"]) == (head, 2, 1)
    assert b"done       2" in run("ledger", "show", file, "--table").out
    (failed,) = run("ledger", "list", file, "--fate", "failed").values
    assert (failed["key"], failed["known"]["status"]) == ("r2", 400)
    (receipt,) = run("ledger", "receipt", file, "r1").values
    assert (receipt["fate"], receipt["acknowledged"]["status"], receipt["head"]) == ("done", 200, head)
    assert b"acknowledged: DELETE /responses/r1 200" in run("ledger", "receipt", file, "r1", "--table").err
    (settled,) = run("ledger", "settle", file, "r2", "done").values
    assert (settled["key"], settled["fate"]) == ("r2", "done")
    (proven,) = run("ledger", "verify", file, "--head", head).values
    assert proven["events"] == proven["covered"] + 1


@pytest.mark.parametrize("words", [["verify", "--head", "abc"], ["receipt", "r9"], ["settle", "r1", "retry"]])
def test_what_a_ledger_refuses_is_said_with_its_own_exit_code(tmp_path: Path, words: list[str]) -> None:
    ledgered(tmp_path, "r1", "r2", transport=StubTransport(failing()))
    ran = run("ledger", words[0], str(tmp_path / "run.db"), *words[1:])
    assert (ran.code, ran.out, ran.problems[0]["error"]) == (16, b"", "Ledger")
