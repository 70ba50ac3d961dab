"""`puresponse serve --replay` answers from cassettes, in any number of files, and from nothing else."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from msgspec import json

from puresponse import (
    CassetteTransport,
    HttpRequest,
    HttpResponse,
    Interrupted,
    MemoryTransport,
    Reply,
    Urllib3Transport,
    serve,
)
from puresponse.cli.commands.serve import Served, start_server
from puresponse.cli.failures import ExitCode
from puresponse.cli.process import run_program
from puresponse.cli.streams import Process, Stopped
from puresponse.transports.serving.server import running

KEY = "sk-upstream-0123456789abcdefghijklmnop"
CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hello!"}')
OTHER = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Goodbye!"}')
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hello!","stream":true}')

BACKGROUND = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hello!","stream":true,"background":true}')


def cassette(file: Path, *requests: HttpRequest) -> tuple[str, list[HttpResponse]]:
    """A cassette with the answers to these requests, and the answers."""
    with CassetteTransport.recording(MemoryTransport(), file) as recorder:
        return str(file), [recorder(request).unwrap() for request in requests]


@contextmanager
def replayed(*files: str, **given: Any) -> Generator[Urllib3Transport]:
    with (
        running(start_server(Served(port=0, replay=files, **given), {})) as server,
        Urllib3Transport(api_key="any", base_url=f"{server.origin}/v1") as transport,
    ):
        yield transport


def stopped(*files: str, **given: Any) -> tuple[ExitCode, str]:
    with pytest.raises(Stopped) as caught:
        start_server(Served(port=0, replay=files, **given), {})
    return caught.value.code, str(caught.value.reason)


def test_the_recordings_of_several_files_are_as_those_of_one(tmp_path: Path) -> None:
    one, (first,) = cassette(tmp_path / "one.json", CREATE)
    two, (second, other) = cassette(tmp_path / "two.jsonl", CREATE, OTHER)
    with replayed(one, two) as transport:
        found = [transport(request).unwrap().body for request in (CREATE, OTHER, CREATE)]
    assert found == [first.body, other.body, second.body]


def test_a_miss_is_an_error_of_the_api_that_says_what_differs_and_what_to_do(tmp_path: Path) -> None:
    file, _ = cassette(tmp_path / "one.json", CREATE)
    with replayed(file) as transport:
        answers = [transport(request).unwrap() for request in (OTHER, STREAM, CREATE, CREATE)]
    assert [answer.status for answer in answers] == [422, 422, 200, 422]
    for answer in (answers[0], answers[1], answers[3]):
        assert json.decode(answer.body)["error"]["code"] == "no_recording"
        assert answer.header("x-should-retry") == "false"
    messages = [json.decode(answer.body)["error"].get("message") for answer in (answers[0], answers[3])]
    assert messages[0] == (
        "No recording of POST /responses; nearest is POST /responses: "
        'body $.input: asked "Goodbye!", recorded "Hello!"; '
        f"to record it: puresponse record --to {file} --mode new_episodes; "
        "to have the last answers repeated: --repeat-last."
    )
    assert "it was recorded once, and has been replayed as often" in messages[1]


def test_the_last_answer_may_be_repeated(tmp_path: Path) -> None:
    file, (answer,) = cassette(tmp_path / "one.json", CREATE)
    with replayed(file, repeat_last=True) as transport:
        assert {transport(CREATE).unwrap().body for _ in range(3)} == {answer.body}


def test_chunks_are_sent_in_the_times_that_were_recorded(tmp_path: Path) -> None:
    times = {"after": 0.01, "response": {"status": 200, "headers": {"content-type": "text/event-stream"}, "body": {
        "chunks": [{"text": "data: 1\n\n", "after": 0.2}, {"text": "data: 2\n\n"}]}}}  # fmt: skip
    request = {"method": "POST", "path": "/responses", "body": {"json": json.decode(STREAM.body or b"")}}
    file = tmp_path / "times.json"
    file.write_bytes(json.encode({"version": 1, "recordings": [{"request": request, **times}]}))
    with replayed(str(file)) as transport:
        body = transport.open(STREAM).unwrap()
        assert str(body.read(0.05).failure()).startswith("interrupted (read_timeout)")
    with replayed(str(file)) as transport:
        assert transport(STREAM).unwrap().body == b"data: 1\n\ndata: 2\n\n"


def test_the_options_of_the_server_hold(tmp_path: Path) -> None:
    file, _ = cassette(tmp_path / "one.json", CREATE)
    server = start_server(Served(port=0, replay=(file,), key_variable="K"), {"K": "sk-right"})
    with running(server), Urllib3Transport(api_key="sk-wrong", base_url=f"{server.origin}/v1") as transport:
        assert transport(CREATE).unwrap().status == 401


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"script": "a.json"}, "--script"),
        ({"faults": "a.json", "state": "b.json"}, "--faults, --state"),
        ({"control": True, "empty": True}, "--empty, --control"),
        ({"dialect": "vllm", "accept": "anything", "retention": "zdr"}, "--dialect, --accept, --retention"),
        ({"life": "queued=1", "models": "m", "refuse_unknown_models": True},
         "--life, --models, --refuse-unknown-models"),
    ],
)  # fmt: skip
def test_what_the_simulation_alone_can_do_is_refused_by_name(given: Any, names: str, tmp_path: Path) -> None:
    file, _ = cassette(tmp_path / "one.json", CREATE)
    reason = f"{names}: of no use with --replay, which answers from recordings alone"
    assert stopped(file, **given) == (ExitCode.USAGE, reason)


def test_to_repeat_is_of_no_use_without_recordings() -> None:
    assert stopped(repeat_last=True) == (ExitCode.USAGE, "--repeat-last: of no use without --replay")


def test_a_file_that_is_damaged_or_not_there_is_named_with_the_place(tmp_path: Path) -> None:
    whole, _ = cassette(tmp_path / "whole.json", CREATE)
    damaged = tmp_path / "damaged.json"
    damaged.write_text('{"version": 1, "recordings": [{"request": {"method": 1}}]}')
    code, reason = stopped(whole, str(damaged))
    assert code is ExitCode.USAGE
    assert reason.startswith(f"--replay: the cassette {damaged} is not a cassette, or is damaged: ")
    assert "$.recordings[0].request.method" in reason
    none = str(tmp_path / "none.json")
    assert stopped(none) == (ExitCode.LOCAL_IO, f"--replay: cannot read {none}: No such file or directory")


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["--replay", "a", "b", "c"], ["a", "b", "c"]),
        (["--replay", "a", "b", "--port", "0", "--replay", "c"], ["a", "b", "c"]),
        (["--replay=a", "b", "--empty"], ["a", "b"]),
    ],
)
def test_a_shell_may_name_many_files_after_the_option(arguments: list[str], files: list[str]) -> None:
    from puresponse.cli.commands.serve import serve as command

    with command.make_context("serve", arguments) as context:
        assert list(context.params["replay"]) == files


@pytest.mark.parametrize("arguments", [["--port", "0", "b"], ["--replay", "a", "--empty", "b"], ["b"]])
def test_what_follows_no_such_option_is_refused(arguments: list[str]) -> None:
    stderr = io.BytesIO()
    streams = Process(None, io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(stderr), {})
    assert run_program(["serve", *arguments], streams) == ExitCode.USAGE
    assert b"Got unexpected extra argument (b)" in stderr.getvalue()


# --- as a process ----------------------------------------------------------------------------------


@contextmanager
def recorder(file: Path, upstream: str) -> Generator[tuple[subprocess.Popen[bytes], Urllib3Transport]]:
    """The command, in a process of its own, and what asks it with the key that it prints."""
    command = [sys.executable, "-m", "puresponse", "record", "--to", str(file), "--port", "0", "--upstream", upstream]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"OPENAI_API_KEY": KEY}
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            token = told(process.stderr, r"puresponse: key for clients: (.+)")
            with Urllib3Transport(api_key=token, base_url=process.stdout.readline().decode().strip()) as transport:
                yield process, transport
        finally:
            process.kill()


def told(stream: IO[bytes], pattern: str) -> str:
    """What a line says that is told before the stream ends."""
    lines: list[bytes] = []
    for line in stream:
        if (found := re.fullmatch(pattern, line.decode().strip())) is not None:
            return found[1]
        lines.append(line)
    raise AssertionError(lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well_and_the_file_is_saved(number: signal.Signals, tmp_path: Path) -> None:
    file = tmp_path / "ended.json"
    with serve(MemoryTransport(), api_key=KEY) as upstream, recorder(file, upstream) as (process, transport):
        live = [transport(request).unwrap() for request in (CREATE, STREAM)]
        assert not file.exists()
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, b"")
    assert err.decode().splitlines()[-1] == f"puresponse: 2 recordings in {file}"
    assert KEY not in err.decode() + file.read_text()
    with replayed(str(file)) as transport:
        assert [transport(request).unwrap().body for request in (CREATE, STREAM)] == [one.body for one in live]
    assert [path.name for path in tmp_path.iterdir()] == ["ended.json"]


def test_a_stream_that_was_under_way_at_the_end_is_replayed_as_far_as_it_was_received(tmp_path: Path) -> None:
    file = tmp_path / "midst.json"
    memory = MemoryTransport(script=[Reply.text("Late.").lasting(queued=1000)])
    with serve(memory, api_key=KEY) as upstream, recorder(file, upstream) as (process, transport):
        body = transport.open(BACKGROUND).unwrap()
        live = body.read().unwrap()
        process.terminate()
        process.wait(20)
        body.close()
    assert process.returncode == 0
    with replayed(str(file)) as transport:
        body = transport.open(BACKGROUND).unwrap()
        received = b""
        while chunk := (last := body.read()).value_or(b""):
            received += chunk
    assert received.startswith(live)
    assert isinstance(last.failure(), Interrupted)


def test_a_process_that_is_killed_loses_nothing_that_had_ended(tmp_path: Path) -> None:
    file = tmp_path / "killed.json"
    with serve(MemoryTransport(), api_key=KEY) as upstream, recorder(file, upstream) as (process, transport):
        live = [transport(request).unwrap() for request in (CREATE, STREAM)]
        process.kill()
        process.wait(20)
    assert not file.exists()
    with replayed(f"{file}.partial") as transport:
        assert [transport(request).unwrap().body for request in (CREATE, STREAM)] == [one.body for one in live]
    assert KEY.encode() not in Path(f"{file}.partial").read_bytes()
