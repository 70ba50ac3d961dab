"""`puresponse export` and `puresponse import`: responses with their items into a file, and back."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest
from archived import read_back, sample, samples, written
from command_lines import run
from msgspec import json
from msgspec.structs import replace

from puresponse.codecs import encode
from puresponse.core import Answer, HttpRequest, audit_response
from puresponse.transports import ArchiveFormat, MemoryTransport, open_archive
from puresponse.transports import run as carry_out
from puresponse.transports.memory.service import State, stored
from puresponse.transports.memory.service.saved_state import load_state

MEMORY = {"PURESPONSE_MEMORY": "1"}
IDS = [audit.response.id for audit in samples()]
LONG, CHAT = sample("resp_long"), sample("resp_chat")

each_format = pytest.mark.parametrize("form", get_args(ArchiveFormat))


class Service:
    """The service in memory, and which responses it was asked for; each request goes through `change` first."""

    def __init__(self, change: Callable[[HttpRequest], HttpRequest] | None = None, state: State | None = None) -> None:
        self._service = MemoryTransport() if state is None else MemoryTransport(state)
        self._change = change
        self.asked: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request)
        return self._service(request if self._change is None else self._change(request))


# --- export ---------------------------------------------------------------------------------------


@each_format
def test_responses_are_exported_with_all_their_items(tmp_path: Path, form: ArchiveFormat) -> None:
    path = tmp_path / f"export.{form}"
    ran = run("export", *IDS, "--to", str(path), transport=Service())
    assert (ran.code, ran.values) == (
        0,
        [{"id": one["id"], "outcome": "exported", "input_items": one["input_items"]} for one in ran.values],
    )
    assert {one["id"]: one["input_items"] for one in ran.values} == {
        audit.response.id: len(audit.input_items) for audit in samples()
    }
    assert {audit.response.id: audit for audit in read_back(path)} == {audit.response.id: audit for audit in samples()}


def test_the_items_are_in_order_also_where_the_server_ignores_order(tmp_path: Path) -> None:
    def without_order(request: HttpRequest) -> HttpRequest:
        return replace(request, query=tuple(pair for pair in request.query if pair[0] != "order"))

    ran = run("export", "resp_long", "--to", str(tmp_path / "export.jsonl"), transport=Service(without_order))
    assert ran.code == 0
    assert read_back(tmp_path / "export.jsonl") == [LONG]


def test_what_failed_is_told_and_the_rest_is_exported(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    ran = run("export", "resp_chat", "resp_gone", "resp_long", "--to", str(path), transport=Service())
    assert ran.code == 6
    assert {one["id"]: one["outcome"] for one in ran.values}["resp_gone"] == "already_absent"
    assert sorted(audit.response.id for audit in read_back(path)) == ["resp_chat", "resp_long"]
    ran = run("export", "resp_gone", "resp_chat", "--to", str(path), "--resume", "--missing-ok", transport=Service())
    assert ran.code == 0


def test_what_is_to_be_included_is_asked_for(tmp_path: Path) -> None:
    service = Service()
    run("export", "resp_chat", "--to", str(tmp_path / "a.jsonl"), "--include", "reasoning.x", transport=service)
    assert [("include[]", "reasoning.x") in request.query for request in service.asked] == [True, True]


def test_ids_are_taken_from_a_file_and_chains_are_followed(tmp_path: Path) -> None:
    body = {"object": "response", "created_at": 1, "status": "completed", "model": "m"}
    state = State().having(stored({**body, "id": "resp_1"}))
    state = state.having(stored({**body, "id": "resp_2", "previous_response_id": "resp_1"}))
    ids, path = tmp_path / "ids.txt", tmp_path / "export.jsonl"
    ids.write_text("# those of today\nresp_2\n")
    ran = run("export", "--from", str(ids), "--follow-chain", "--to", str(path), transport=Service(state=state))
    assert ran.code == 0
    assert sorted(audit.response.id for audit in read_back(path)) == ["resp_1", "resp_2"]


# --- a file that is there -------------------------------------------------------------------------


@each_format
def test_resumed_it_asks_for_nothing_that_is_in_the_file(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(tmp_path / f"export.{form}", [LONG])
    service = Service()
    ran = run("export", "resp_long", "resp_chat", "--to", str(path), "--resume", transport=service)
    assert (ran.code, [one["id"] for one in ran.values]) == (0, ["resp_chat"])
    assert {"note": f"1 passed over: in {path} already"} in ran.problems
    assert all("resp_long" not in request.path for request in service.asked)
    assert read_back(path) == [LONG, CHAT]


def test_what_a_killed_export_left_torn_is_cut_off_told_and_exported_again(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", [LONG, CHAT])
    os.truncate(path, path.stat().st_size - 7)
    ran = run("export", "resp_long", "resp_chat", "--to", str(path), "--resume", transport=Service())
    assert ran.code == 0
    assert any("cut off" in str(problem) for problem in ran.problems)
    assert read_back(path) == [LONG, CHAT]


def test_a_file_that_is_there_is_neither_written_over_nor_added_to_unasked(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", [LONG])
    service = Service()
    ran = run("export", "resp_chat", "--to", str(path), transport=service)
    assert (ran.code, service.asked) == (2, [])
    assert b"--resume goes on with it, --replace begins anew" in ran.err
    assert read_back(path) == [LONG]
    assert run("export", "resp_chat", "--to", str(path), "--replace", transport=service).code == 0
    assert read_back(path) == [CHAT]
    assert run("export", "resp_chat", "--to", str(path), "--replace", "--resume", transport=service).code == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("export.txt", None, b"a name that ends in .jsonl"),
        ("export.jsonl", b"\x89PNG\r\n", b"it is none of the formats"),
        ("export.sqlite", b"\x89PNG\r\n", b"not an SQLite database"),
        ("export.parquet", b"PAR1 and no more", b"Parquet"),
        ("no/export.jsonl", None, b"its folder is not there"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_before_anything_is_sent(
    tmp_path: Path, name: str, content: bytes | None, reason: bytes
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    service = Service()
    ran = run("export", "resp_chat", "--to", str(path), "--resume", transport=service)
    assert (ran.code, service.asked) == (2, [])
    assert reason in b" ".join(ran.err.split())
    assert path.exists() is (content is not None)


@each_format
def test_a_dry_run_leaves_the_file_as_it_is(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(tmp_path / f"export.{form}", [LONG])
    if form == "jsonl":
        path.write_bytes(path.read_bytes() + b'{"respo')
    before, service = path.read_bytes(), Service()
    arguments = ("export", "resp_long", "resp_chat", "--resume", "--dry-run", "--to")
    ran = run(*arguments, str(path), transport=service)
    assert (ran.code, service.asked, path.read_bytes()) == (0, [], before)
    assert b"resp_chat" in ran.out
    assert b"resp_long" not in ran.out
    assert run(*arguments, str(tmp_path / f"new.{form}"), transport=service).code == 0
    assert sorted(tmp_path.iterdir()) == [path]


def test_an_id_that_is_given_twice_is_exported_once_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    ran = run("export", "resp_chat", "resp_chat", "resp_long", "--to", str(path), transport=Service())
    assert ran.code == 0
    assert {"note": "1 id was given before, and asked once"} in ran.problems
    assert len(read_back(path)) == 2


def test_without_a_key_no_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "export.sqlite"
    assert run("export", "resp_chat", "--to", str(path)).code == 14
    assert not path.exists()


def test_a_disk_that_is_full_ends_it_and_what_was_told_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from puresponse.transports.archive.json_lines import LinesWriter

    write = LinesWriter.write

    def full(self: LinesWriter, audit: Any) -> None:
        if audit.response.id == "resp_long":
            raise OSError(28, "No space left on device")
        write(self, audit)

    monkeypatch.setattr(LinesWriter, "write", full)
    path = tmp_path / "export.jsonl"
    ran = run("export", "resp_chat", "resp_long", "--concurrency", "1", "--to", str(path), transport=Service())
    assert ran.code == 74
    assert b"No space left on device" in ran.err
    assert read_back(path) == [CHAT]


@each_format
def test_interrupted_it_leaves_a_whole_file(tmp_path: Path, form: ArchiveFormat) -> None:
    def interrupt(request: HttpRequest) -> HttpRequest:
        if "resp_queued" in request.path:
            signal.raise_signal(signal.SIGINT)
        return request

    path = tmp_path / f"export.{form}"
    arguments = ("export", "resp_long", "resp_chat", "resp_queued", "--to", str(path))
    ran = run(*arguments, "--concurrency", "1", transport=Service(interrupt))
    assert ran.code == 130
    assert "the same command with --resume" in ran.err.decode()
    assert read_back(path) == [LONG, CHAT]
    assert sorted(tmp_path.iterdir()) == [path]
    assert run(*arguments, "--resume", transport=Service()).code == 0
    assert read_back(path) == [LONG, CHAT, sample("resp_queued")]


def test_a_table_has_what_was_exported() -> None:
    ran = run("export", "resp_long", "--to", os.devnull, "--format", "jsonl", "--table", transport=Service())
    assert ran.code == 0
    assert [line.split()[:3] for line in ran.out.decode().splitlines()] == [
        ["ID", "RESULT", "ITEMS"],
        ["resp_long", "exported", "250"],
    ]


# --- import ---------------------------------------------------------------------------------------


@each_format
def test_in_a_pipe_it_is_lines_of_json_from_any_format(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(tmp_path / f"export.{form}", samples())
    ran = run("import", str(path))
    assert (ran.code, ran.values) == (0, [json.decode(encode(audit)) for audit in samples()])
    assert ran.problems == [{"note": f"9 responses of {path}"}]


def test_on_a_terminal_it_is_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "export.db", [CHAT])
    ran = run("import", "export.db", "--table")
    assert [line.split()[:3] for line in ran.out.decode().splitlines()] == [
        ["ID", "STATUS", "ITEMS"],
        ["resp_chat", "completed", "5"],
    ]
    assert ran.err.decode() == "puresponse: 1 response of export.db\n"


def test_what_is_damaged_is_told_with_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", [LONG, CHAT])
    with path.open("a") as file:
        file.write('{"response":{"id":5},"input_items":[]}\n{"respo')
    ran = run("import", str(path))
    assert (ran.code, [value["response"]["id"] for value in ran.values]) == (10, ["resp_long", "resp_chat"])
    third, fourth = (problem["message"] for problem in ran.problems if "message" in problem)
    assert third == f"{path}, line 3: $.response.id: Expected `str`, got `int`"
    assert fourth.startswith(f"{path}, line 4: the file ends within the line")


@pytest.mark.parametrize("target", ["jsonl.gz", "sqlite", "parquet", "jsonl"])
def test_it_converts(tmp_path: Path, target: str) -> None:
    source = written(tmp_path / "source.jsonl", samples())
    path = tmp_path / f"target.{target}"
    ran = run("import", str(source), "--to", str(path))
    assert (ran.code, ran.out, read_back(path)) == (0, b"", samples())
    assert ran.problems == [{"note": f"9 responses of {source} are in {path}"}]


def test_what_it_writes_into_is_neither_the_file_itself_nor_there_unasked(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", [LONG])
    other = written(tmp_path / "other.jsonl", [CHAT])
    assert b"is the file that is read" in b" ".join(run("import", str(path), "--to", str(path)).err.split())
    ran = run("import", str(path), "--to", str(other))
    assert (ran.code, read_back(path), read_back(other)) == (2, [LONG], [CHAT])
    assert run("import", str(path), "--to", str(other), "--replace").code == 0
    assert read_back(other) == [LONG]
    assert run("import", str(path), "--replace").code == 2


def test_an_export_can_be_served(tmp_path: Path) -> None:
    path, state = written(tmp_path / "export.sqlite", [LONG, CHAT]), tmp_path / "state.json"
    ran = run("import", str(path), "--state", str(state))
    assert ran.problems == [{"note": f"2 responses of {path} are in {state}"}]
    service = MemoryTransport(load_state(state.read_bytes()))
    for audit in (LONG, CHAT):
        assert carry_out(audit_response(audit.response.id), service).unwrap() == audit
    run("import", str(written(tmp_path / "more.jsonl", [sample("resp_queued")])), "--state", str(state))
    assert len(load_state(state.read_bytes()).responses) == 3


def test_a_response_that_the_service_cannot_hold_is_told(tmp_path: Path) -> None:
    same = replace(CHAT, input_items=CHAT.input_items[:1] * 2)
    path, state = written(tmp_path / "export.jsonl", [same, LONG]), tmp_path / "state.json"
    ran = run("import", str(path), "--state", str(state))
    assert ran.code == 10
    assert f"{path}, response resp_chat: it cannot be served: input_items: the id" in ran.problems[0]["message"]
    assert list(load_state(state.read_bytes()).responses) == ["resp_long"]


def test_a_state_that_is_none_stays_as_it_is(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{}")
    assert run("import", str(written(tmp_path / "export.jsonl", [LONG])), "--state", str(state)).code == 2
    assert state.read_text() == "{}"


def test_help_says_what_import_does_not_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "--help").code == 0
    assert "It puts nothing back: no API can." in " ".join(capsys.readouterr().out.split())


def test_a_database_that_was_exported_answers_questions(tmp_path: Path) -> None:
    path = tmp_path / "export.db"
    assert run("export", *IDS, "--to", str(path), transport=Service()).code == 0
    with closing(sqlite3.connect(path)) as database:
        asked = "SELECT sum(input_item_count), count(*) FROM responses WHERE status = 'completed'"
        assert database.execute(asked).fetchone() == (257, 4)
        assert database.execute("SELECT count(*) FROM input_items").fetchone() == (262,)
    with open_archive(path) as archive:
        assert all(response_id in archive for response_id in IDS)


# --- the page -------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "export.md").read_text()
EXAMPLES = re.findall(r"^```console\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_what_the_page_shows_is_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    done = list[str]()
    for example in EXAMPLES:
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", example, re.MULTILINE):
            words = shlex.split(command.partition(" | ")[0])  # the other half has a test of its own
            if words[:2] not in (["puresponse", "export"], ["puresponse", "import"]) or "--from" in words:
                continue
            ran = run(*words[1:], terminal=True)
            assert ran.code == 0, command
            assert not shown or (ran.out + ran.err).decode() == shown, command
            done.append(words[1])
    assert done == ["export", "export", "import", "import", "import", "import"]
