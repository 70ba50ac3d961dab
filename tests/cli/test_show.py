"""`puresponse show`: responses as people read them, from a service and from files, as text and as a page."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from command_lines import run
from msgspec import json
from returns.result import Result, Success
from shown_example import AUDIT, RESPONSE

from puresponse.cli.failures import ExitCode
from puresponse.codecs import to_html, to_text
from puresponse.core import Error, HttpRequest, HttpResponse, audit_response
from puresponse.transports import MemoryTransport, open_archive
from puresponse.transports import run as run_operation

CHAT = to_text(run_operation(audit_response("resp_chat"), MemoryTransport()).unwrap())
LINE = json.encode(AUDIT) + b"\n"
XTERM = {"TERM": "xterm"}


def test_responses_are_shown_with_what_they_were_made_from_and_in_order() -> None:
    ran = run("show", "--memory", "resp_completed", "resp_nope", "resp_chat")
    assert ran.code == ExitCode.NOT_FOUND
    told = ran.out.decode()
    assert told.startswith("Response resp_completed\n")
    assert told.endswith(f"\n\n{CHAT}")
    assert ran.err.decode().startswith("puresponse: resp_nope: HTTP 404")
    assert "What is the weather" in told
    alone = run("show", "--memory", "resp_chat", "--no-input")
    assert (alone.code, b"What is the weather" in alone.out, b"Nineteen degrees" in alone.out) == (0, False, True)


def test_what_is_answered_first_waits_for_those_before_it() -> None:
    service, answered = MemoryTransport(), threading.Event()

    def late(request: HttpRequest) -> Result[HttpResponse, Error]:
        if "resp_chat" in request.path:
            assert answered.wait(30)
        answer = service(request)
        if request.path.endswith("resp_completed/input_items"):
            answered.set()
        return answer

    told = run("show", "resp_chat", "resp_completed", "--concurrency", "2", transport=late).out.decode()
    assert told.startswith(f"{CHAT}\nResponse resp_completed\n")


def test_ids_are_taken_from_standard_input() -> None:
    assert run("show", "--memory", "-", stdin=b"resp_chat\n").out.decode() == CHAT


def test_a_server_without_input_items_is_told_of_what_to_do() -> None:
    def server(request: HttpRequest) -> Success[HttpResponse]:
        if request.path.endswith("/input_items"):
            return Success(HttpResponse(status=404, body=b"404 page not found"))
        return Success(HttpResponse(status=200, body=json.encode(RESPONSE)))

    ran = run("show", "resp_0a41f2", "--retries", "0", transport=server)
    assert (ran.code, ran.out) == (ExitCode.API_ERROR, b"")
    assert b"--no-input" in ran.err
    assert run("show", "resp_0a41f2", "--no-input", transport=server).code == 0


def test_a_refused_key_ends_it_with_what_to_do() -> None:
    asked: list[str] = []

    def server(request: HttpRequest) -> Success[HttpResponse]:
        asked.append(request.path)
        return Success(HttpResponse(status=401, body=b'{"error":{"message":"no","type":"x","code":"invalid_api_key"}}'))

    ran = run("show", *(f"resp_{number}" for number in range(500)), "--concurrency", "2", transport=server)
    assert ran.code == ExitCode.REFUSED_KEY
    assert len(asked) < 50
    assert b"set another" in ran.err


def test_nothing_is_sent_where_that_is_asked_for() -> None:
    assert run("show", "resp_1", "--memory", "--dry-run").out == b"GET /responses/resp_1\n"


def test_a_terminal_has_colours_and_lines_of_its_width_and_a_pipe_has_neither() -> None:
    shown = run("show", "--in", "-", stdin=LINE).out.decode()
    assert shown == to_text(AUDIT)
    coloured = run("show", "--in", "-", "--width", "40", stdin=LINE, terminal=True, environ=XTERM).out.decode()
    assert coloured == to_text(AUDIT, width=40, colour=True)
    for environ in ({**XTERM, "NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = run("show", "--in", "-", "--width", "40", stdin=LINE, terminal=True, environ=environ).out.decode()
        assert plain == to_text(AUDIT, width=40)
    assert run("show", "--in", "-", "--color", "always", stdin=LINE).out.decode() == to_text(AUDIT, colour=True)


def test_nothing_that_a_server_says_controls_the_terminal() -> None:
    hostile = {"type": "message", "role": "assistant", "content": "\x1b]0;gone\x07\x1b[2J\u202e\r\n\x9bm"}
    ran = run("show", "--in", "-", stdin=json.encode({"output": [hostile]}), terminal=True, environ=XTERM)
    told = ran.out.decode()
    assert "\x1b[1;32mAssistant" in told
    for sequence in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;32m"):
        told = told.replace(sequence, "")
    assert {one for one in told if not one.isprintable()} == {"\n"}


# --- from files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        LINE,
        b"\xef\xbb\xbf\r\n" + LINE,
        json.format(LINE, indent=4),
        json.format(LINE, indent=4).replace(b"\n", b"\r\n"),
    ],
    ids=["a line", "after a mark", "indented", "of another system"],
)
def test_one_value_is_shown_however_it_is_written(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "one").write_bytes(written)
    assert run("show", "--in", str(tmp_path / "one")).out.decode() == to_text(AUDIT)
    assert run("show", "--in", "-", stdin=written).out.decode() == to_text(AUDIT)


def test_lines_are_shown_one_after_another_and_what_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    other = json.encode({"id": "resp_2", "output": []})
    (tmp_path / "export.jsonl").write_bytes(LINE + b"\n{torn\n" + other)
    path = str(tmp_path / "export.jsonl")
    ran = run("show", "--in", path)
    assert ran.code == ExitCode.NOT_UNDERSTOOD
    assert ran.out.decode() == f"{to_text(AUDIT)}\n{to_text({'id': 'resp_2', 'output': []})}"
    assert f"puresponse: {path}:3: ".encode() in ran.err
    only = run("show", "resp_2", "resp_3", "--in", path)
    assert (only.code, only.out.decode()) == (ExitCode.SEVERAL, to_text({"id": "resp_2", "output": []}))
    assert f"resp_3: not in {path}".encode() in only.err
    assert run("show", "resp_0a41f2", "--no-input", "--in", path).out.decode() == to_text(RESPONSE)


def test_what_other_commands_write_is_shown_again() -> None:
    values = run("retrieve", "--memory", "resp_chat", "resp_completed").out
    told = run("show", "--in", "-", stdin=values).out.decode()
    assert "Response resp_chat" in told
    assert "Response resp_completed" in told
    items = run("input-items", "--memory", "resp_chat").out
    assert "What is the weather" in run("show", "--in", "-", stdin=items).out.decode()


def test_what_is_no_json_or_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"no JSON\nat all")
    assert run("show", "--in", str(tmp_path / "bad")).code == ExitCode.NOT_UNDERSTOOD
    assert run("show", "--in", str(tmp_path / "none")).code == ExitCode.LOCAL_IO
    assert run("show", "--in", str(tmp_path)).code == ExitCode.LOCAL_IO
    assert run("show", "--in", "-", stdin=None).code == ExitCode.LOCAL_IO
    empty = run("show", "--in", "-", stdin=b"\n")
    assert (empty.code, empty.out) == (0, b"")


@pytest.mark.parametrize("name", ["export.jsonl", "export.jsonl.gz", "export.sqlite"])
def test_an_export_is_shown_in_whichever_format_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with open_archive(path) as archive:
        for response_id in ("resp_completed", "resp_chat"):
            archive.write(run_operation(audit_response(response_id), MemoryTransport()).unwrap())
    told = run("show", "--in", str(path)).out.decode()
    assert told.startswith("Response resp_completed\n")
    assert sorted(told[told.index("Response resp_chat") :]) == sorted(CHAT)
    assert sorted(run("show", "resp_chat", "--in", str(path)).out.decode()) == sorted(CHAT)
    alone = run("show", "resp_chat", "--no-input", "--in", str(path)).out
    assert (b"What is the weather" in alone, b"Nineteen degrees" in alone) == (False, True)
    if name.endswith(".gz"):
        path.write_bytes(path.read_bytes()[:-20])
        assert run("show", "--in", str(path)).code == ExitCode.NOT_UNDERSTOOD


# --- pages --------------------------------------------------------------------------------------


def test_a_page_is_written_into_a_file_or_to_standard_output(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    ran = run("show", "--in", "-", "--html", str(target), stdin=LINE)
    assert (ran.code, ran.out) == (0, b"")
    assert target.read_text(encoding="utf-8") == to_html(AUDIT)
    assert str(target).encode() in ran.err
    assert run("show", "--in", "-", "--html", "-", stdin=LINE, encoding="ascii").out.decode() == to_html(AUDIT)
    both = run("show", "--memory", "resp_chat", "resp_completed", "--html", "-").out.decode()
    assert both.count("<h2>Response resp_") == 2


def test_a_page_takes_the_place_of_a_page_and_of_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "export.jsonl"
    target.write_bytes(LINE)
    ran = run("show", "--in", "-", "--html", str(target), stdin=LINE)
    assert (ran.code, b"no page of HTML" in ran.err, target.read_bytes()) == (ExitCode.USAGE, True, LINE)
    target.write_text(to_html([]), encoding="utf-8")
    assert run("show", "--in", "-", "--html", str(target), stdin=LINE).code == 0
    assert target.read_text(encoding="utf-8") == to_html(AUDIT)


def test_a_page_that_cannot_be_written_or_has_nothing_is_no_page(tmp_path: Path) -> None:
    ran = run("show", "--in", "-", "--html", str(tmp_path / "none" / "page.html"), stdin=LINE)
    assert (ran.code, b"cannot write" in ran.err) == (ExitCode.LOCAL_IO, True)
    assert run("show", "--memory", "resp_nope", "--html", str(tmp_path / "page.html")).code == ExitCode.NOT_FOUND
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'ID'"),
        (("--in", "-", "--memory"), "--memory: of no use with --in"),
        (("--in", "-", "--include", "x"), "--include: of no use with --in"),
        (("--in", "-", "--from", "x", "--follow-chain"), "--from, --follow-chain: of no use with --in"),
        (("--html", "x", "--output", "y", "resp_1"), "--output: of no use with --html"),
        (("--html", "x", "--width", "40", "resp_1"), "--width: of no use with --html"),
        (("--width", "19", "resp_1"), "19"),
        (("--json", "resp_1"), "--json"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(arguments: tuple[str, ...], said: str) -> None:
    ran = run("show", *arguments)
    assert (ran.code, said in ran.err.decode()) == (ExitCode.USAGE, True)
