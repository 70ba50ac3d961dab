"""`puresponse cassette`: recordings are shown, checked, compared, cleaned, converted and listed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from command_lines import Ran, run
from msgspec import json

from puresponse import (
    CassetteTransport,
    HttpRequest,
    HttpResponse,
    Interrupted,
    MemoryTransport,
    NotSent,
    Recording,
    Reply,
    Scripted,
    StreamedResponse,
    all_input_items,
    collect,
    create_response,
    delete_response,
    export_recordings,
    iterate,
    retrieve_response,
    stream_response,
)
from puresponse import run as run_operation
from puresponse.cli.failures import ExitCode

KEY = "sk-proj-0123456789abcdefghijkl"
MODEL = "gpt-4o-mini"
SCRIPT = Scripted.of(
    Reply.reasoning("Think.") + Reply.tool_call("get_weather", {"city": "Lyon"}, call_id="call_1"),
    default="Sunny\nand warm.",
)


def cassette(*arguments: str) -> Ran:
    return run("cassette", *arguments)


def people(*arguments: str) -> tuple[int, list[str], list[str]]:
    ran = run("cassette", *arguments, "--table")
    return ran.code, ran.out.decode().splitlines(), ran.err.decode().splitlines()


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    """A cassette of a tool loop, a stream, a list, an error and a delete."""
    path = tmp_path / "loop.json"
    memory = MemoryTransport(script=SCRIPT)
    with CassetteTransport.recording(memory, path, now=lambda: 1_750_000_000.0) as recorder:
        first = run_operation(create_response(model=MODEL, input="Weather?", instructions="Brief."), recorder).unwrap()
        output: Any = {"type": "function_call_output", "call_id": "call_1", "output": "19 C"}
        asked = create_response(model=MODEL, input=[output], previous_response_id=first.id)
        run_operation(asked, recorder)
        list(iterate(stream_response(model=MODEL, input="And now?"), recorder))
        run_operation(collect(all_input_items("resp_chat", limit=2)), recorder)
        run_operation(retrieve_response("resp_nowhere"), recorder)
        run_operation(delete_response("resp_chat"), recorder)
    return str(path)


def written(path: Path, *recordings: Recording, form: Any = "cassette") -> str:
    path.write_bytes(export_recordings(recordings, form).data)
    return str(path)


def exchange(text: str = "Hi", answer: Any = None, path: str = "/responses", **body: Any) -> Recording:
    whole = json.encode({"input": text, **body})
    return Recording(HttpRequest("POST", path, body=whole), answer or HttpResponse(status=200, body=b'{"id":"a"}'))


# --- show ------------------------------------------------------------------------------------------


def test_a_transcript_has_what_was_said_streamed_text_joined(recorded: str) -> None:
    code, lines, _ = people("show", recorded)
    assert code == 0
    assert lines[0] == f"{recorded}: 8 recordings"
    assert lines[1:8] == [
        "1  POST /responses",
        "   asked: model gpt-4o-mini",
        "   instructions: Brief.",
        "   user: Weather?",
        lines[5],
        "   reasoning: Think.",
        '   call: get_weather({"city":"Lyon"}) as call_1',
    ]
    assert lines[5].startswith("   status: 200 (request req_000001): resp_")
    assert "   output: call_1: 19 C" in lines
    assert lines[lines.index("   assistant: Sunny") + 1] == "              and warm."
    (streamed,) = [line for line in lines if "events" in line]
    assert "events in" in streamed
    assert "completed" in streamed
    assert "   error: Response with id 'resp_nowhere' not found." in [
        line.replace("invalid_request_error: ", "") for line in lines
    ]
    assert any(line.startswith("   status: 200") and line.endswith("resp_chat, deleted") for line in lines)


def test_a_stream_that_broke_off_shows_what_was_received_of_it(tmp_path: Path) -> None:
    deltas = [
        b'data: {"type":"response.output_text.delta","item_id":"m","delta":"Hel"}\n\n',
        b'data: {"type":"response.output_text.delta","item_id":"m","delta":"lo"}\n\n',
    ]
    cut = StreamedResponse(status=200, chunks=tuple(deltas), error=Interrupted("reset", "gone"))
    path = written(tmp_path / "a.json", exchange(answer=cut, stream=True), exchange(answer=NotSent("dns", "none")))
    _, lines, _ = people("show", path)
    assert lines[1:] == [
        "1  POST /responses",
        "   asked: stream",
        "   user: Hi",
        "   status: 200, 2 events in 2 chunks",
        "   assistant: Hello",
        "   failure: interrupted (reset): gone",
        "2  POST /responses",
        "   user: Hi",
        "   failure: not sent (dns): none",
    ]


def test_the_same_as_json_lines_in_a_pipe(recorded: str) -> None:
    values = cassette("show", recorded).values
    assert [value["recording"] for value in values] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert values[0]["file"] == recorded
    assert (values[0]["method"], values[0]["path"], values[0]["status"]) == ("POST", "/responses", 200)
    assert {"who": "user", "text": "Weather?"} in values[0]["lines"]


def test_what_a_file_says_does_not_control_the_terminal(tmp_path: Path) -> None:
    _, lines, _ = people("show", written(tmp_path / "a.json", exchange("\x1b[2J\u202eevil")))
    assert "   user: \\x1b[2J\\u202eevil" in lines


def test_bodies_that_are_not_of_the_api_are_shown_shortened(tmp_path: Path) -> None:
    odd = [
        Recording(
            HttpRequest("POST", "/files", (("a", "b c"),), body=b"\xff\xfe"), HttpResponse(status=500, body=b"x" * 900)
        ),
        Recording(HttpRequest("GET", "/x"), HttpResponse(status=200, body=b'{"a":[1]}')),
        exchange(
            "Hi", HttpResponse(status=200, body=b'{"output":[7,{"type":"hunch","x":1},{"role":"user","content":"y"}]}')
        ),
    ]
    _, lines, _ = people("show", written(tmp_path / "a.json", *odd))
    assert lines[1:5] == [
        "1  POST /files?a=b c",
        "   body: [2 bytes]",
        "   status: 500",
        f"   body: {'x' * 400}… (900 characters)",
    ]
    assert lines[5:8] == ["2  GET /x", "   status: 200", '   body: {"a":[1]}']
    assert lines[-3:] == ["   item: 7", '   hunch: {"x":1}', "   user: y"]


# --- check -----------------------------------------------------------------------------------------


def test_a_folder_of_good_cassettes_is_all_well(recorded: str, tmp_path: Path) -> None:
    written(tmp_path / "deeper.har", exchange(), form="har")
    (tmp_path / "notes.txt").write_text("no cassette")
    assert people("check", str(tmp_path)) == (0, ["2 files, all well"], [])
    assert [value["problems"] for value in cassette("check", str(tmp_path)).values] == [[], []]


def checked(path: Path | str, *arguments: str) -> list[str]:
    """The problems of the one file of which there are any."""
    ran = cassette("check", str(path), *arguments)
    assert ran.code == ExitCode.CASSETTE
    assert KEY.encode() not in ran.out
    return [problem for value in ran.values for problem in value["problems"]]


def test_a_damaged_file_is_a_problem_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    written(path, exchange())
    path.write_bytes(path.read_bytes()[:-20])
    (problem,) = checked(path)
    assert problem.startswith("is not a cassette, or is damaged: ")


def test_a_secret_is_a_problem_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", exchange(f"use {KEY}"))
    assert checked(path)[0] == "recording 1: request body $.input holds what looks like a key or a token"
    assert cassette("check", path, "--harmless", KEY).code == 0


def test_a_credential_that_was_put_in_by_hand_is_a_problem(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "a.json", exchange()))
    text = path.read_text().replace('"path":', '"headers": {"x-api-key": "hunter2"},\n"path":')
    path.write_text(text)
    assert checked(path) == ["recording 1: request header x-api-key holds a credential"]


def test_the_key_in_a_cassette_of_vcr_is_a_problem(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "a.yaml", exchange(), form="vcr"))
    path.write_text(path.read_text().replace("headers: {}", f"headers: {{authorization: [Bearer {KEY}]}}", 1))
    assert checked(path) == ["line 4 holds what looks like a key or a token"]


def test_what_a_recorder_left_is_a_problem(recorded: str, tmp_path: Path) -> None:
    Path(f"{recorded}.partial").write_text("{}\n")
    assert checked(recorded) == [f"a recorder that was not closed left {os.path.realpath(recorded)}.partial"]
    assert len(checked(tmp_path)) == 2


# --- diff ------------------------------------------------------------------------------------------


def compared(tmp_path: Path, old: list[Recording], new: list[Recording], *arguments: str) -> Ran:
    paths = [written(tmp_path / f"{name}.json", *several) for name, several in (("old", old), ("new", new))]
    return cassette("diff", *paths, *arguments)


def test_the_same_traffic_does_not_differ_however_it_is_written(recorded: str, tmp_path: Path) -> None:
    other = str(tmp_path / "other.jsonl")
    assert cassette("convert", recorded, other).code == 0
    assert cassette("diff", recorded, other) == Ran(0, b"", b"")


def test_what_was_added_removed_and_changed_is_told_path_by_path(tmp_path: Path) -> None:
    answer = HttpResponse(status=200, body=b'{"output":[1,2],"usage":{"a":1}}')
    other = HttpResponse(status=201, body=b'{"output":[1,3,4],"usage":{"a":1}}')
    old = [exchange("a"), exchange("b", answer), exchange("c", path="/gone")]
    new = [exchange("new", path="/new"), exchange("b", other), exchange("a", temperature=1)]
    ran = compared(tmp_path, old, new)
    assert ran.code == ExitCode.CASSETTE
    assert ran.values == [
        {
            "change": "changed",
            "method": "POST",
            "path": "/responses",
            "old": 1,
            "new": 3,
            "differences": [{"path": "request.body.temperature", "old": "absent", "new": 1}],
        },
        {
            "change": "changed",
            "method": "POST",
            "path": "/responses",
            "old": 2,
            "new": 2,
            "differences": [
                {"path": "response.status", "old": 200, "new": 201},
                {"path": "response.body.output[1]", "old": 2, "new": 3},
                {"path": "response.body.output[2]", "old": "absent", "new": 4},
            ],
        },
        {"change": "removed", "method": "POST", "path": "/gone", "old": 3, "new": None, "differences": []},
        {"change": "added", "method": "POST", "path": "/new", "old": None, "new": 1, "differences": []},
    ]
    _, lines, _ = people("diff", str(tmp_path / "old.json"), str(tmp_path / "new.json"))
    assert lines[:4] == [
        "~ 1 -> 3  POST /responses",
        "    request.body.temperature: absent -> 1",
        "~ 2 -> 2  POST /responses",
        "    response.status: 200 -> 201",
    ]
    assert lines[-2:] == ["- 3  POST /gone", "+ 1  POST /new"]


def test_the_same_request_asked_twice_is_compared_in_turn(tmp_path: Path) -> None:
    first, second = (HttpResponse(status=200, body=body) for body in (b"1", b"2"))
    twice = [exchange(answer=first), exchange(answer=second)]
    assert compared(tmp_path, twice, twice).code == 0
    assert [value["old"] for value in compared(tmp_path, twice, twice[::-1]).values] == [1, 2]


def test_streams_are_compared_as_their_texts(tmp_path: Path) -> None:
    def stream(*deltas: str) -> StreamedResponse:
        events = [{"type": "response.output_text.delta", "delta": one, "sequence_number": 3} for one in deltas]
        return StreamedResponse(status=200, chunks=tuple(b"data: " + json.encode(one) + b"\n\n" for one in events))

    (same,) = compared(tmp_path, [exchange(answer=stream("ab", "c"))], [exchange(answer=stream("a", "bc"))]).values
    assert [one["path"] for one in same["differences"]] == ["response.body"]
    (other,) = compared(tmp_path, [exchange(answer=stream("ab", "c"))], [exchange(answer=stream("ab", "d"))]).values
    assert other["differences"] == [{"path": "response.body.events[0].delta", "old": "abc", "new": "abd"}]


def test_failures_are_compared_too(tmp_path: Path) -> None:
    (value,) = compared(tmp_path, [exchange()], [exchange(answer=NotSent("dns", "none"))]).values
    assert [one["path"] for one in value["differences"]] == ["response", "failure"]


def test_what_differs_from_run_to_run_can_be_left_out(tmp_path: Path) -> None:
    def answer(ending: str, limit: str) -> HttpResponse:
        body = json.encode(
            {"id": f"resp_68c9ef3acb74819590c9bfdd9025e9{ending}", "created_at": 1_750_000_000 + int(limit)}
        )
        return HttpResponse(status=200, headers=(("x-ratelimit-remaining-tokens", limit),), body=body)

    old, new = [exchange(answer=answer("69", "1"))], [exchange(answer=answer("70", "2"))]
    assert compared(tmp_path, old, new).code == ExitCode.CASSETTE
    assert compared(tmp_path, old, new, "--normalise").code == 0


# --- scrub -----------------------------------------------------------------------------------------


def test_scrubbing_takes_out_what_the_rules_say_and_keeps_all_else(recorded: str) -> None:
    before = Path(recorded).read_bytes()
    os.chmod(recorded, 0o640)
    (value,) = cassette("scrub", recorded, "--pattern", "Sun+y", "--member", "instructions").values
    after = Path(recorded).read_bytes()
    assert value["changed"]
    assert "recordings[0].request" in value["places"]
    assert b"Sunny" in before
    assert b"Sunny" not in after
    assert b"Brief." not in after
    assert before.splitlines()[:3] == after.splitlines()[:3]  # the date stays
    assert os.stat(recorded).st_mode & 0o777 == 0o640


def test_a_stream_is_scrubbed_across_its_deltas(recorded: str) -> None:
    assert cassette("scrub", recorded, "--pattern", r"nny\nand").code == 0
    assert all("Sunny" not in line["text"] for value in cassette("show", recorded).values for line in value["lines"])


def test_nothing_to_take_out_leaves_the_file_alone(recorded: str) -> None:
    before = os.stat(recorded)
    assert people("scrub", recorded)[1] == [f"{recorded}: nothing to take out"]
    assert os.stat(recorded) == before or os.stat(recorded).st_ino == before.st_ino


def test_a_secret_that_no_rule_takes_out_is_refused_and_the_file_is_as_it_was(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "a.json", exchange(f"use {KEY}")))
    before = path.read_bytes()
    ran = cassette("scrub", str(path))
    assert (ran.code, path.read_bytes()) == (ExitCode.CASSETTE, before)
    assert KEY.encode() not in ran.err
    assert b"request body $.input" in ran.err
    assert cassette("scrub", str(path), "--pattern", r"sk-[\w-]+").code == 0
    assert KEY not in path.read_text()
    assert cassette("check", str(path)).code == 0


def test_a_file_of_another_program_is_not_scrubbed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yaml", exchange(), form="vcr")
    assert b"convert it" in cassette("scrub", path).err


def test_a_pattern_that_is_none_is_a_usage_error(recorded: str) -> None:
    ran = cassette("scrub", recorded, "--pattern", "(")
    assert (ran.code, b"--pattern: redact: pattern '('" in ran.err) == (ExitCode.USAGE, True)


# --- convert ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "form"), [("yaml", "vcr"), ("har", "har"), ("jsonl", "cassette-lines")])
def test_converting_is_by_suffix_and_lists_what_is_not_carried_over(
    recorded: str, tmp_path: Path, suffix: str, form: str
) -> None:
    target = str(tmp_path / f"new.{suffix}")
    (value,) = cassette("convert", recorded, target).values
    assert (value["path"], value["from"], value["to"], value["recordings"]) == (target, "cassette", form, 8)
    places = {one["place"] for one in value["not_carried"]}
    assert ("recordings[2].response.body.chunks" in places) == (form != "cassette-lines")
    again = str(tmp_path / "again.json")
    assert cassette("convert", target, again).code == 0
    changed = [one["path"] for value in cassette("diff", recorded, again).values for one in value["differences"]]
    assert set(changed) <= {"response.body"}  # where chunks begin


def test_what_is_not_carried_over_is_said_in_few_lines(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "a.yaml", exchange("a"), exchange("b"), form="vcr"))
    headers = "headers: {authorization: [Bearer x], user-agent: [me], host: [h]}"
    path.write_text(path.read_text().replace("headers: {}", headers))
    target = str(tmp_path / "a.json")
    code, lines, notes = people("convert", str(path), target)
    assert (code, lines) == (0, [f"{target}: 2 recordings, from vcr to cassette"])
    assert notes == [
        "puresponse: not carried over: interactions[0].request.uri: a cassette has no server: this one is "
        "https://api.openai.com/v1",
        "puresponse: not carried over: credentials: authorization",
        "puresponse: not carried over: headers that are not among those kept: user-agent, host",
    ]
    assert b"Bearer" not in Path(target).read_bytes()
    assert cassette("convert", str(path), target, "--force", "--keep-header", "user-agent").code == 0
    assert b'"user-agent": "me"' in Path(target).read_bytes()


def test_what_is_alike_is_said_once_with_how_often_it_is(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "a.yaml", exchange("a"), exchange("b"), form="vcr"))
    path.write_text(path.read_text().replace("  response:", "    took: 5\n  response:"))
    _, _, notes = people("convert", str(path), str(tmp_path / "a.json"))
    alike = "puresponse: not carried over: interactions[*].request.took (2 times): a cassette has no place for it"
    assert alike in notes


def test_a_target_that_is_there_is_not_written_over(recorded: str, tmp_path: Path) -> None:
    target = tmp_path / "there.yaml"
    target.write_text("mine")
    ran = cassette("convert", recorded, str(target))
    assert (ran.code, target.read_text()) == (ExitCode.USAGE, "mine")
    assert cassette("convert", recorded, str(target), "--force").code == 0
    assert target.read_text() != "mine"


def test_the_base_url_is_where_the_requests_are_to_go(recorded: str, tmp_path: Path) -> None:
    target = tmp_path / "a.out"
    code = cassette("convert", recorded, str(target), "--to", "vcr", "--base-url", "http://localhost:8080/v1").code
    assert (code, target.read_text().count("uri: http://localhost:8080/v1/responses")) == (0, 8)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["a.wav"], ExitCode.USAGE, b"its suffix names no format"),
        (["a.json", "--from", "har"], ExitCode.CASSETTE, b"is not a HAR file, or is damaged"),
        (["a.json", "--to", "aimock"], ExitCode.USAGE, b"'aimock' is not one of"),
        (["a.har", "--base-url", "ftp://h"], ExitCode.CASSETTE, b"base_url: 'ftp://h' is no URL"),
    ],
)
def test_what_cannot_be_converted_is_said(
    recorded: str, tmp_path: Path, arguments: list[str], code: int, said: bytes
) -> None:
    ran = cassette("convert", recorded, str(tmp_path / arguments[0]), *arguments[1:])
    assert (ran.code, said in ran.err) == (code, True)
    assert not (tmp_path / arguments[0]).exists()


def test_a_secret_is_not_converted(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yaml", exchange(f"use {KEY}"), form="vcr")
    target = tmp_path / "a.json"
    ran = cassette("convert", path, str(target))
    assert (ran.code, target.exists(), KEY.encode() in ran.err) == (ExitCode.CASSETTE, False, False)
    assert cassette("convert", path, str(target), "--pattern", r"sk-[\w-]+").code == 0
    assert KEY not in target.read_text()


def test_a_place_that_cannot_be_written_to_is_said(recorded: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = cassette("convert", recorded, str(tmp_path / "file" / "a.har"))
    assert ran.code == ExitCode.LOCAL_IO


# --- list ------------------------------------------------------------------------------------------


def test_files_are_listed_with_count_date_size_and_format(recorded: str, tmp_path: Path) -> None:
    vcr = written(tmp_path / "other.yaml", exchange(), form="vcr")
    (tmp_path / "broken.json").write_text("{")
    values = {value["path"]: value for value in cassette("list", str(tmp_path)).values}
    assert values[recorded] == {
        "path": recorded,
        "recordings": 8,
        "recorded": 1_750_000_000.0,
        "bytes": os.path.getsize(recorded),
        "format": "cassette",
        "error": None,
    }
    assert (values[vcr]["recordings"], values[vcr]["format"]) == (1, "vcr")
    assert values[str(tmp_path / "broken.json")]["error"].startswith("is not a cassette, or is damaged")
    code, lines, _ = people("list", str(tmp_path))
    assert code == 0
    assert lines[0].split() == ["PATH", "RECORDINGS", "RECORDED", "BYTES", "FORMAT"]
    assert any(line.split()[1:4] == ["8", "2025-06-15", "15:06"] for line in lines[1:])


def test_a_file_that_is_not_there_is_a_usage_error() -> None:
    for name in ("show", "check", "list", "scrub"):
        assert cassette(name, "nowhere.json").code == ExitCode.USAGE


def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    ran = cassette("list", str(tmp_path))
    assert (ran.code, b"is no file" in ran.err) == (ExitCode.LOCAL_IO, True)


# --- verify --------------------------------------------------------------------------------------


def test_what_is_answered_as_it_was_has_not_drifted(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        run_operation(retrieve_response("resp_chat"), recorder).unwrap()
        run_operation(delete_response("resp_chat"), recorder).unwrap()
    ran = run("cassette", "verify", str(path), transport=MemoryTransport(), environ={"OPENAI_API_KEY": KEY})
    assert (ran.code, ran.err) == (ExitCode.OK, b"")
    found = json.decode(ran.out)
    assert (found["path"], found["verified"], found["drifts"]) == (str(path), 1, [])
    assert [missed["recording"] for missed in found["not_verified"]] == [2], "nobody's response is deleted"


def test_what_is_answered_otherwise_is_told_with_its_place_and_a_code_for_ci(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        run_operation(retrieve_response("resp_chat"), recorder).unwrap()
    gone = run("cassette", "verify", str(path), transport=MemoryTransport.empty(), environ={"OPENAI_API_KEY": KEY})
    assert gone.code is ExitCode.CASSETTE
    assert json.decode(gone.out)["drifts"] == [{"recording": 1, "path": "status", "recorded": "200", "live": "404"}]
    lines = run(
        "cassette", "verify", str(path), "--table", transport=MemoryTransport.empty(), environ={"OPENAI_API_KEY": KEY}
    )
    told = "recording 1 (GET /responses/resp_chat): status: recorded 200, now 404"
    assert lines.out.decode() == f"{path}: 1 verified, 1 drifts, 0 not verified\n{path}: {told}\n"


def test_the_values_of_fields_are_compared_where_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        run_operation(create_response(model="gpt-4o", input="Hi"), recorder).unwrap()
    written = path.read_text()
    asked, answered = written.split('"response": {')
    assert answered.count('"model": "gpt-4o"') == 1
    path.write_text(asked + '"response": {' + answered.replace('"model": "gpt-4o"', '"model": "gpt-4o-mini"'))
    assert cassette("verify", str(path), "--memory").code is ExitCode.OK
    ran = cassette("verify", str(path), "--memory", "--field", "model")
    assert ran.code is ExitCode.CASSETTE
    assert [drift["path"] for drift in json.decode(ran.out)["drifts"]] == ["$.model"]


def test_without_a_key_nothing_is_verified(recorded: str) -> None:
    ran = cassette("verify", recorded)
    assert (ran.code, ran.out) == (ExitCode.NO_KEY, b"")
    assert b"OPENAI_API_KEY is not set" in ran.err


def test_recordings_of_other_programs_are_to_be_converted_first(tmp_path: Path) -> None:
    path = tmp_path / "vcr.yaml"
    path.write_text("interactions: []\nversion: 1\n")
    ran = cassette("verify", str(path), "--memory")
    assert ran.code is ExitCode.CASSETTE
    assert b"puresponse cassette convert" in ran.err
