"""`--dry-run` shows what would be sent, and sends nothing; `--output` puts what is shown into a file."""

from __future__ import annotations

import io
import shlex
from pathlib import Path

import pytest
from command_lines import Ran, run
from msgspec import json

from puresponse.cli.output_file import LateFile
from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports.testing.stub import StubTransport, json_response

API = "https://api.openai.com/v1"


def dry(*arguments: str, stdin: bytes = b"", environ: dict[str, str] | None = None) -> Ran:
    """A dry run, which is given a service that must not be asked."""
    stub = StubTransport.answering()
    ran = run(*arguments, "--dry-run", stdin=stdin, transport=stub, environ=environ or {})
    assert stub.requests == ()
    return ran


def test_each_request_is_an_object_with_method_url_query_and_body_and_no_key_is_needed() -> None:
    ran = dry("delete", "resp_1", "-", stdin=b"resp_2\n")
    assert (ran.code, ran.err) == (0, b"")
    assert [value["id"] for value in ran.values] == ["resp_1", "resp_2"]
    assert ran.values[0] == {
        "id": "resp_1",
        "method": "DELETE",
        "url": f"{API}/responses/resp_1",
        "query": [],
        "headers": [],
        "body": None,
    }
    (shown,) = dry("retrieve", "resp_1", "--include", "a b", "--base-url", "http://x:8/v1").values
    assert (shown["url"], shown["query"]) == ("http://x:8/v1/responses/resp_1", [["include[]", "a b"]])


def test_people_are_shown_a_line_for_each() -> None:
    ran = dry("retrieve", "resp_1", "--include", "a b", "--table")
    assert ran == Ran(0, f"GET {API}/responses/resp_1?include%5B%5D=a%20b\n".encode(), b"")
    assert dry("delete", "resp_1", "--table", "--memory").out == b"DELETE /responses/resp_1\n"


def test_curl_lines_have_the_name_of_the_variable_with_the_key_and_nothing_secret(tmp_path: Path) -> None:
    ran = dry("cancel", "resp_1", "--curl", environ={"OPENAI_API_KEY": "sk-secret"})
    words = shlex.split(ran.out.decode().replace("\\\n", " "))
    assert words[:4] == ["curl", "--request", "POST", f"{API}/responses/resp_1/cancel"]
    assert "Authorization: Bearer $OPENAI_API_KEY" in words
    assert b"secret" not in ran.out
    file = tmp_path / "config.toml"
    file.write_text(
        "[services.a]\nbase_url = 'http://a/v1'\nkey_variable = 'A_KEY'\n[services.b]\nbase_url = 'http://b'"
    )
    of_a = dry("delete", "resp_1", "--curl", "--config", str(file), "--service", "a").out.decode()
    assert of_a == (
        "curl --request DELETE http://a/v1/responses/resp_1 \\\n"
        '  --header "Authorization: Bearer $A_KEY" \\\n'
        "  --header 'Accept: application/json'\n"
    )
    of_b = dry("delete", "resp_1", "--curl", "--config", str(file), "--service", "b").out.decode()
    assert of_b == of_a.replace("http://a/v1", "http://b").replace('  --header "Authorization: Bearer $A_KEY" \\\n', "")


@pytest.mark.parametrize(
    ("arguments", "requests"),
    [
        (["input-items", "resp_1", "--all"], ["GET /responses/resp_1/input_items"]),
        (["input-items", "resp_1"], ["GET /responses/resp_1/input_items"]),
        (["list"], ["GET /responses"]),
        (["list", "--all"], ["GET /responses"]),
        (["delete", "resp_1", "resp_2", "--follow-chain"], ["GET /responses/resp_1", "GET /responses/resp_2"]),
        (["retrieve", "resp_1", "--follow-chain"], ["GET /responses/resp_1"]),
    ],
    ids=str,
)
def test_every_command_shows_its_first_requests(arguments: list[str], requests: list[str]) -> None:
    ran = dry(*arguments, "--table")
    assert (ran.code, ran.err) == (0, b"")
    assert [line.partition("?")[0].replace(API, "") for line in ran.out.decode().splitlines()] == requests


@pytest.mark.parametrize(
    "line",
    [
        "cancel a b",
        "wait a b",
        "audit a",
        "export a --to written.jsonl",
        "show a --html written.html",
        "create hello --model m",
        "stream hello --model m",
        "stream --from a",
        "compact hello --model m",
        "count-tokens hello --model m",
        "models",
        "models a",
        "conversations create",
        "conversations delete a b",
        "conversations items a",
        "conversations delete-item a b",
    ],
)
def test_whatever_the_command_nothing_is_sent_and_nothing_written(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = dry(*line.split())
    assert (ran.code, ran.err) == (0, b"")
    assert API.encode() in ran.out
    assert list(tmp_path.iterdir()) == []


def test_what_would_not_be_sent_is_said() -> None:
    ran = dry("delete", "a/b", "resp_1", "-", stdin=b"two words\n")
    assert ran.code == 3
    assert [value["id"] for value in ran.values] == ["resp_1"]
    assert [problem["id"] for problem in ran.problems] == ["a/b", "standard input:1"]
    assert dry("delete", "resp_1", "--concurrency", "0").code == 3
    assert dry("delete", "resp_1", "--base-url", "ftp://x").code == 3


def test_a_ledger_is_left_alone(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    assert dry("delete", "resp_1", "resp_2", "--ledger", str(ledger)).code == 0
    assert not ledger.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--curl"], "--curl: of no use without --dry-run"),
        (["--dry-run", "--curl", "--json"], "--curl and --json exclude each other"),
        (["--dry-run", "--curl", "--memory"], "--curl: of no use with --memory"),
        (["--force"], "--force: of no use without --output FILE"),
    ],
)
def test_options_that_contradict_each_other_are_a_usage_error(arguments: list[str], said: str) -> None:
    ran = run("delete", "resp_1", *arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert said.encode() in ran.err


# --- the file ----------------------------------------------------------------------------------------


def test_results_go_to_a_file_and_all_else_where_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    ran = run("retrieve", "resp_chat", "resp_nowhere", "--memory", "--output", str(file), terminal=True)
    assert (ran.code, ran.out) == (6, b"")
    assert [json.decode(line)["id"] for line in file.read_bytes().splitlines()] == ["resp_chat"]
    assert b"resp_nowhere" in ran.err
    table = tmp_path / "out.txt"
    run("delete", "resp_chat", "--memory", "--table", "--output", str(table))
    assert table.read_text().split() == ["ID", "RESULT", "resp_chat", "deleted"]


def test_a_file_that_is_there_is_replaced_only_where_that_was_asked_for_and_then_late(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("mine\n")
    ran = run("delete", "resp_chat", "--memory", "--output", str(file))
    assert ran.code == 2
    assert b"is there already: --force replaces it" in ran.err
    assert run("delete", "resp_chat", "--force", "--output", str(file)).code == 14
    assert file.read_text() == "mine\n"
    assert run("delete", "resp_chat", "--memory", "--force", "--output", str(file)).code == 0
    assert json.decode(file.read_bytes())["id"] == "resp_chat"


def test_a_run_that_goes_on_adds_to_the_file_after_what_was_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_bytes(b'{"id":"a"}\n{"id":')
    for text in (b'{"id":"b"}\n', b'{"id":"c"}\n'):
        with io.BufferedWriter(LateFile(str(file), resume=True)) as stream:
            stream.write(text)
    assert file.read_bytes() == b'{"id":"a"}\n{"id":\n{"id":"b"}\n{"id":"c"}\n'


def test_lines_are_in_the_file_as_soon_as_they_are_known(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    seen: list[bytes] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(file.read_bytes() if file.exists() else b"")
        return json_response({"id": "x", "deleted": True})

    stub = StubTransport(answer)
    run("delete", "a", "b", "--yes", "--concurrency", "1", "--output", str(file), transport=stub)
    assert seen[0] == b""
    assert json.decode(seen[1])["id"] == "a"


def test_the_ids_are_not_overwritten_before_they_are_read(tmp_path: Path) -> None:
    file = tmp_path / "ids"
    file.write_text("resp_chat\n")
    ran = run("retrieve", "--from", str(file), "--memory", "--force", "--output", str(file))
    assert ran.code == 2
    assert b"is what the ids are read from" in ran.err
    assert file.read_text() == "resp_chat\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "is a folder"), ("none/out", "there is no folder")],
)
def test_a_place_that_cannot_be_written_to_is_said_before_anything_is_sent(
    name: str, said: str, tmp_path: Path
) -> None:
    ran = run("retrieve", "resp_chat", "--memory", "--output", str(tmp_path / name))
    assert (ran.code, ran.out) == (2, b"")
    assert said.encode() in b" ".join(ran.err.split())
